package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// Stories returns one page of the stories that have an article that matches.
// Without filters they come by rank or by their latest article; with filters
// by the latest article that matches.
func (d *DB) Stories(ctx context.Context, q news.StoryQuery) (news.StoryResults, error) {
	var res news.StoryResults
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	limit = min(limit, maxLimit)
	if q.Order != "" && q.Order != news.StoriesTop && q.Order != news.StoriesNewest && q.Order != news.StoriesByID {
		return res, &news.BadInputError{Field: "order", Reason: "is none of top, newest, id"}
	}
	err := d.snapshot(ctx, func(s *sql.Tx) error {
		var ids []int64
		var err error
		if narrowed(q.Query) {
			ids, err = d.matchingStories(ctx, s, q, limit, &res)
		} else {
			ids, err = orderedStories(ctx, s, q, limit, &res)
		}
		if err != nil {
			return err
		}
		res.Stories, err = d.storyRows(ctx, s, ids)
		return err
	})
	return res, err
}

// narrowed reports whether a query leaves out any article.
func narrowed(q news.Query) bool {
	return strings.TrimSpace(q.Text) != "" || !q.Since.IsZero() || !q.Until.IsZero() ||
		len(q.Companies)+len(q.Sources)+len(q.Kinds)+len(q.Languages)+len(q.Countries)+len(q.Topics)+len(q.Clusters) > 0
}

// orderedStories pages through all stories.
func orderedStories(ctx context.Context, s *sql.Tx, q news.StoryQuery, limit int, res *news.StoryResults) ([]int64, error) {
	column := "rank"
	switch q.Order {
	case news.StoriesNewest:
		column = "last"
	case news.StoriesByID:
		column = "id"
	}
	at, id, err := readStoryCursor(q.Cursor)
	if err != nil {
		return nil, err
	}
	way := ""
	if few, err := fewChanged(ctx, s, q.Changed); err != nil {
		return nil, err
	} else if few {
		way = "INDEXED BY story_changed"
	}
	text := fmt.Sprintf("SELECT id, %[1]s FROM story %[2]s WHERE articles > 0 AND changed >= ? AND (%[1]s, id) < (?, ?) ORDER BY %[1]s DESC, id DESC LIMIT ?", column, way)
	rows, err := s.QueryContext(ctx, text, since(q.Changed), at, id, limit+1)
	var ids []int64
	var values []float64
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
		var id int64
		var v float64
		err := scan(&id, &v)
		ids, values = append(ids, id), append(values, v)
		return err
	})
	if err == nil && len(ids) > limit {
		ids = ids[:limit]
		res.Next = storyCursor(values[limit-1], ids[limit-1])
	}
	return ids, err
}

// mostSorted is up to how many stories that changed are sorted for a page.
// Among more, walking all in their order soon meets enough of them; among fewer
// it goes through most of the archive for the few that a client asks for who
// comes every minute.
const mostSorted = 5000

// fewChanged reports whether few stories changed since.
func fewChanged(ctx context.Context, s *sql.Tx, t time.Time) (bool, error) {
	if t.IsZero() {
		return false, nil
	}
	var n int
	err := s.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM story WHERE changed >= ? LIMIT ?)", since(t), mostSorted+1).Scan(&n)
	return n <= mostSorted, err
}

func since(t time.Time) int64 {
	if t.IsZero() {
		return math.MinInt64
	}
	return t.UnixMicro()
}

// storyCursor is where a page ended: the value of its order, and the id.
func storyCursor(at float64, id int64) string {
	return strconv.FormatFloat(at, 'g', -1, 64) + "_" + strconv.FormatInt(id, 10)
}

func readStoryCursor(text string) (at float64, id int64, err error) {
	if text == "" {
		return math.MaxFloat64, math.MaxInt64, nil
	}
	value, number, _ := strings.Cut(text, "_")
	at, errAt := strconv.ParseFloat(value, 64)
	id, errID := strconv.ParseInt(number, 10, 64)
	if errors.Join(errAt, errID) != nil || math.IsNaN(at) {
		return 0, 0, &news.BadInputError{Field: "cursor", Reason: "is none that this list gave"}
	}
	return at, id, nil
}

// matchingStories walks the articles that match, newest first, and takes each
// story at the newest of its articles that does.
func (d *DB) matchingStories(ctx context.Context, s *sql.Tx, q news.StoryQuery, limit int, res *news.StoryResults) ([]int64, error) {
	_, after, err := readStoryCursor(q.Cursor)
	if err != nil {
		return nil, err
	}
	inner := q.Query
	inner.Cursor, inner.Order = "", news.OrderNewest
	p, err := d.plan(ctx, s, inner)
	if err != nil {
		return nil, err
	}
	res.Warnings = p.warnings
	bits, err := d.sets.matching(ctx, s, p, p.tiers[0])
	if err != nil {
		return nil, err
	}
	p.found = append(p.found, bits)
	var out []int64
	newest := map[int64]int64{}
	for seen := 0; seen < mostWalked; seen += stretch {
		from := cursor{order: p.order, place: place{id: after}, set: true}
		places := d.walk(p, from, stretch)
		for _, at := range places {
			after = at.id
			story, err := d.heads(ctx, s, p, newest, at.id, since(q.Changed))
			if err != nil {
				return nil, err
			}
			if story == 0 {
				continue
			}
			if len(out) == limit {
				res.Next = storyCursor(0, after+1)
				return out, nil
			}
			out = append(out, story)
		}
		if len(places) < stretch {
			return out, nil
		}
	}
	res.Next = storyCursor(0, after)
	return out, nil
}

// A page of stories comes of at most so many matching articles, taken a stretch
// at a time: where few stories changed since, it may be short and have a next.
const (
	mostWalked = 20_000
	stretch    = 200
)

// heads returns the story of an article if no newer article of it matches and
// it changed since, else 0. newest is filled with the newest matching article
// of each story that is met.
func (d *DB) heads(ctx context.Context, s *sql.Tx, p *plan, newest map[int64]int64, article, changed int64) (int64, error) {
	var story int64
	err := s.QueryRowContext(ctx, "SELECT s.id FROM story_article m JOIN story s ON s.id = m.story WHERE m.article = ? AND s.changed >= ?", article, changed).Scan(&story)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if _, known := newest[story]; !known {
		if newest[story], err = d.newestMatch(ctx, s, p, story); err != nil {
			return 0, err
		}
	}
	if newest[story] != article {
		return 0, nil
	}
	return story, nil
}

// newestMatch is the newest article of a story that matches.
func (d *DB) newestMatch(ctx context.Context, s *sql.Tx, p *plan, story int64) (int64, error) {
	rows, err := s.QueryContext(ctx, "SELECT article FROM story_article WHERE story = ? ORDER BY article DESC", story)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return 0, err
		}
		if at := d.walk(p, cursor{order: p.order, place: place{id: id + 1}, set: true}, 1); len(at) == 1 && at[0].id == id {
			return id, nil
		}
	}
	return 0, rows.Err()
}

func scanIDs(rows *sql.Rows, err error) ([]int64, error) {
	var ids []int64
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
		var id int64
		err := scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// storyRows reads the list rows of stories, in the order of their ids given.
func (d *DB) storyRows(ctx context.Context, s *sql.Tx, ids []int64) ([]news.Story, error) {
	out := make([]news.Story, 0, len(ids))
	for _, id := range ids {
		x, _, err := d.storyRow(ctx, s, id, 3*news.StoryAlso)
		if err != nil {
			return nil, fmt.Errorf("story %d: %w", id, err)
		}
		out = append(out, x)
	}
	return out, nil
}

// storyRow reads a story and up to limit of its articles, those that report
// themselves first.
func (d *DB) storyRow(ctx context.Context, s *sql.Tx, id int64, limit int) (news.Story, []news.StoryArticle, error) {
	var x news.Story
	var first, last sql.NullInt64
	var lead int64
	var changed instant
	err := s.QueryRowContext(ctx, `SELECT id, into_story, articles, independent, first, last, lead, lead_rule, reason, rank, changed,
			(SELECT coalesce(sum(a.claims), 0) FROM story_article m JOIN article a ON a.id = m.article WHERE m.story = story.id)
		FROM story WHERE id = ?`, id).
		Scan(&x.ID, &x.Into, &x.Articles, &x.Independent, &first, &last, &lead, &x.LeadRule, &x.Reason, &x.Rank, &changed, &x.Claims)
	if errors.Is(err, sql.ErrNoRows) {
		return x, nil, news.ErrNotFound
	}
	if err != nil {
		return x, nil, err
	}
	x.Changed = changed.t
	if first.Valid {
		x.First, x.Last = timeOfID(first.Int64), timeOfID(last.Int64)
	}
	members, err := d.storyArticles(ctx, s, id, limit)
	if err != nil || len(members) == 0 {
		return x, nil, err
	}
	at := max(slices.IndexFunc(members, func(m news.StoryArticle) bool { return m.ID == lead }), 0)
	x.Lead = members[at].Hit
	fillStory(&x, members)
	return x, members, nil
}

// fillStory adds what a list shows of a story's articles besides the lead: one
// of each other source, companies by how many articles name them, languages.
func fillStory(x *news.Story, members []news.StoryArticle) {
	sources := map[string]bool{x.Lead.Source.Slug: true}
	named := map[string]int{}
	for _, m := range members {
		if !sources[m.Source.Slug] && len(x.Also) < news.StoryAlso {
			sources[m.Source.Slug] = true
			x.Also = append(x.Also, m.Hit)
		}
		for _, c := range m.Mentions {
			if named[c.Company]++; c.Role == news.RoleSubject {
				named[c.Company]++
			}
		}
		if m.Language != "" && !slices.Contains(x.Languages, m.Language) {
			x.Languages = append(x.Languages, m.Language)
		}
	}
	for c := range named {
		x.Companies = append(x.Companies, c)
	}
	slices.SortFunc(x.Companies, func(a, b string) int {
		return cmp.Or(cmp.Compare(named[b], named[a]), strings.Compare(a, b))
	})
}

// timeOfID is when the article of an id was published, to the second.
func timeOfID(id int64) time.Time { return time.Unix(id>>seqBits, 0).UTC() }

// storyArticles reads articles of a story: the lead first, then those that
// report themselves, each oldest first.
func (d *DB) storyArticles(ctx context.Context, s *sql.Tx, story int64, limit int) ([]news.StoryArticle, error) {
	rows, err := s.QueryContext(ctx, `SELECT m.article, m.score, m.reason, m.origin, m.standing FROM story_article m JOIN story s ON s.id = m.story
		WHERE m.story = ? ORDER BY m.article <> s.lead, m.origin <> 0, m.article LIMIT ?`, story, limit)
	var out []news.StoryArticle
	var ids []int64
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
		var x news.StoryArticle
		err := scan(&x.ID, &x.Score, &x.Why, &x.Origin, &x.Standing)
		out, ids = append(out, x), append(ids, x.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	hits, err := d.hits(ctx, s, ids)
	for i := range hits {
		out[i].Hit = hits[i]
	}
	return out, err
}
