package store

import (
	"fmt"
	"hash/fnv"
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
	perTerm   = 32 // articles before and after it that one term brings to a comparison
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

// neighbours returns up to limit articles that share a term with an arrival,
// with their features as they are stored.
func (t *tx) neighbours(a news.Arrival, limit int) ([]news.Neighbour, error) {
	args := []any{a.Article, idFloor(a.From), idFloor(a.Until), limit}
	for _, term := range a.Terms[:min(mostTerms, len(a.Terms))] {
		args = append(args, termHash(term))
	}
	for len(args) < 4+mostTerms {
		args = append(args, -1) // no hash is negative
	}
	out := make([]news.Neighbour, 0, limit)
	err := t.each(neighboursOf, args, func(scan func(dest ...any) error) error {
		var x news.Neighbour
		err := scan(&x.Article, &x.Story, &x.Features)
		out = append(out, x)
		return err
	})
	return out, err
}
