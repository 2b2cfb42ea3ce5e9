package store

import (
	"database/sql"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"clusterwire/feeds/news"
)

// termHash is how a term is stored. Two terms that share a hash cost a
// comparison of articles that have nothing else in common.
func termHash(term string) int64 {
	h := fnv.New32a()
	h.Write([]byte(term)) // a hash never fails
	return int64(h.Sum32())
}

const (
	mostTerms = 12 // of an article by which its neighbours are looked up
	perTerm   = 16 // articles before and after it that one term brings to a comparison

	mostStories = 8  // of its neighbours that are looked at as a whole
	perStory    = 24 // articles nearest in time that are the whole of a story
)

// neighboursOf finds articles that share terms with the article ?1, dated from
// ?2 until ?3: those with most terms in common, then the nearest in time. The
// terms are ?5 and on. Each term brings the nearest articles before and after,
// which the order of story_term makes two short walks.
var neighboursOf = func() string {
	var walks []string
	for i := range mostTerms {
		for _, side := range []string{"article < ?1 AND article >= ?2 ORDER BY article DESC", "article > ?1 AND article < ?3 ORDER BY article"} {
			walks = append(walks, fmt.Sprintf("SELECT * FROM (SELECT article FROM story_term WHERE term = ?%d AND %s LIMIT %d)", 5+i, side, perTerm))
		}
	}
	return `SELECT m.article, m.story, m.features FROM (
		SELECT article, count(*) AS shared FROM (` + strings.Join(walks, " UNION ALL ") + `)
		GROUP BY article ORDER BY shared DESC, abs(article - ?1), article LIMIT ?4) n
		CROSS JOIN story_article m ON m.article = n.article ORDER BY n.shared DESC, abs(m.article - ?1), m.article`
}()

// othersOf finds the articles of the story ?1 that are nearest in time to the
// article ?2.
var othersOf = fmt.Sprintf(`SELECT m.article, m.story, m.features FROM (
	SELECT article FROM (
		SELECT * FROM (SELECT article FROM story_article WHERE story = ?1 AND article < ?2 ORDER BY article DESC LIMIT %[1]d) UNION ALL
		SELECT * FROM (SELECT article FROM story_article WHERE story = ?1 AND article > ?2 ORDER BY article LIMIT %[1]d))
	ORDER BY abs(article - ?2), article LIMIT %[1]d) n
	CROSS JOIN story_article m ON m.article = n.article ORDER BY abs(m.article - ?2), m.article`, perStory)

// neighbours returns up to limit articles that share a term with an arrival,
// and others of their stories, so that a story is not judged by those of its
// articles alone that share most.
func (t *tx) neighbours(a news.Arrival, limit int, c *codec) ([]news.Neighbour, error) {
	args := []any{a.Article, idFloor(a.From), idFloor(a.Until), limit}
	for _, term := range a.Terms[:min(mostTerms, len(a.Terms))] {
		args = append(args, termHash(term))
	}
	for len(args) < 4+mostTerms {
		args = append(args, -1) // no hash is negative
	}
	var out []news.Neighbour
	found := map[int64]bool{}
	add := func(scan func(dest ...any) error) error {
		var x news.Neighbour
		var packed sql.RawBytes // unpack copies it
		err := scan(&x.Article, &x.Story, &packed)
		if err != nil || found[x.Article] {
			return err
		}
		found[x.Article] = true
		x.Features, err = c.unpack(packed)
		out = append(out, x)
		return err
	}
	if err := t.each(neighboursOf, args, add); err != nil {
		return nil, err
	}
	var stories []int64
	for _, x := range out {
		if !slices.Contains(stories, x.Story) {
			stories = append(stories, x.Story)
		}
	}
	for _, story := range stories[:min(mostStories, len(stories))] {
		if err := t.each(othersOf, []any{story, a.Article}, add); err != nil {
			return nil, err
		}
	}
	return out, nil
}
