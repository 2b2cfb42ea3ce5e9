package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	"clusterwire/feeds/news"
)

// Unplaced returns up to limit articles whose story is to be found or left,
// those that changed first first. Nothing is written for it when an article is
// stored: articles know the write that touched them, and the archive knows the
// write before which all are placed, which Place moves on.
func (d *DB) Unplaced(ctx context.Context, limit int) ([]news.Unplaced, error) {
	var out []news.Unplaced
	err := d.each(ctx, `SELECT a.id, a.revision, a.published, NOT a.hidden, a.touched FROM article a LEFT JOIN story_article m ON m.article = a.id
		WHERE a.touched >= (SELECT value FROM state WHERE key = 'stories')
			AND iif(a.hidden, m.article IS NOT NULL, m.revision IS NOT a.revision) ORDER BY a.touched, a.id LIMIT ?`,
		[]any{limit}, func(scan func(dest ...any) error) error {
			var u news.Unplaced
			var published instant
			err := scan(&u.Article, &u.Revision, &published, &u.Relevant, &u.Touched)
			u.Published = published.t
			out = append(out, u)
			return err
		})
	return out, err
}

// Opened returns a stored article with its reading, but not its item.
func (d *DB) Opened(ctx context.Context, article int64) (o news.Opened, err error) {
	if o.Article, _, err = d.article(ctx, article, false); err != nil {
		return o, err
	}
	o.Reading, err = d.reading(ctx, article)
	return o, err
}

// ids reads a column of ids.
func (d *DB) ids(ctx context.Context, text string, args ...any) ([]int64, error) {
	rows, err := d.r.QueryContext(ctx, text, args...)
	return scanIDs(rows, err)
}

// Place puts articles into stories or takes them out, merges stories that
// turned out to be one, and logs each joining and leaving, in one transaction.
// decide is called for each arrival that is not gone, with its neighbours.
func (d *DB) Place(ctx context.Context, arrivals []news.Arrival, limit int, decide news.Decide) error {
	if len(arrivals) == 0 {
		return nil
	}
	return d.write(ctx, func(t *tx) error {
		for i, a := range arrivals {
			if err := t.arrive(i, a, limit, d.codec, decide); err != nil {
				return fmt.Errorf("story of article %d: %w", a.Article, err)
			}
		}
		// What was touched before the first of them had been placed already.
		if _, err := t.exec("UPDATE state SET value = max(value, ?) WHERE key = 'stories'", arrivals[0].Touched); err != nil {
			return err
		}
		return t.visible()
	})
}

// placed is what is stored of an article that is in a story: zero if it is in none.
type placed struct {
	story int64
	terms []byte
}

func (t *tx) arrive(i int, a news.Arrival, limit int, c *codec, decide news.Decide) error {
	var was placed
	if _, err := t.row("SELECT story, terms FROM story_article WHERE article = ?", []any{a.Article}, &was.story, &was.terms); err != nil {
		return err
	}
	if a.Gone {
		return t.leave(a.Article, was, "judged off the topic")
	}
	around, err := t.neighbours(a, limit, c)
	if err != nil {
		return err
	}
	p, err := decide(i, around)
	if err != nil {
		return err
	}
	return t.place(a, p, was)
}

func (t *tx) place(a news.Arrival, p news.Placement, was placed) error {
	left := "changed, and is nearer to another story"
	if p.Story == 0 {
		left = "changed, and is near to no other article"
	}
	if err := t.keepAlone(&p, &was); err != nil {
		return err
	}
	story, err := t.survivor(p)
	if err != nil {
		return err
	}
	if was.story != 0 {
		if was.story, err = t.standing(was.story); err != nil {
			return err
		}
		if was.story != story {
			err = t.leave(a.Article, was, left)
		} else {
			err = t.dropTerms(a.Article, was.terms)
		}
		if err != nil {
			return err
		}
	}
	_, err = t.exec(`INSERT OR REPLACE INTO story_article (article, story, revision, score, reason, terms, features) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		a.Article, story, a.Revision, p.Score, p.Reason, packTerms(a.Terms), plain(a.Features))
	if err != nil {
		return err
	}
	for _, term := range a.Terms {
		if _, err := t.exec("INSERT OR IGNORE INTO story_term VALUES (?, ?)", termHash(term), a.Article); err != nil {
			return err
		}
	}
	if was.story == story {
		return t.due(story)
	}
	if err := t.log(story, a.Article, false, p.Score, p.Reason); err != nil {
		return err
	}
	if _, err := t.exec("UPDATE article SET story = ? WHERE id = ?", story, a.Article); err != nil {
		return err
	}
	_, err = t.exec(`UPDATE story SET articles = articles + 1, first = min(coalesce(first, ?1), ?1), last = max(coalesce(last, ?1), ?1), due = 1, changed = ?2 WHERE id = ?3`,
		a.Article, t.now, story)
	return err
}

// keepAlone keeps the id of a story whose only article is placed anew: the
// story goes on, or merges into the one that the article belongs to now.
func (t *tx) keepAlone(p *news.Placement, was *placed) error {
	if was.story == 0 {
		return nil
	}
	var err error
	if was.story, err = t.standing(was.story); err != nil {
		return err
	}
	var articles int
	if _, err := t.row("SELECT articles FROM story WHERE id = ?", []any{was.story}, &articles); err != nil || articles != 1 {
		return err
	}
	if p.Story == 0 {
		p.Story = was.story
	} else {
		p.Merge = append(slices.Clone(p.Merge), was.story)
	}
	return nil
}

// survivor is the story that a placement names, after merging those that it
// names besides: the one with the earliest article stays.
func (t *tx) survivor(p news.Placement) (int64, error) {
	if p.Story == 0 {
		return t.insert("INSERT INTO story (changed) VALUES (?)", t.now)
	}
	var all []int64
	for _, s := range append([]int64{p.Story}, p.Merge...) {
		s, err := t.standing(s)
		if err != nil {
			return 0, err
		}
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	stays, earliest := int64(0), int64(0)
	for _, s := range all {
		var first *int64
		if _, err := t.row("SELECT first FROM story WHERE id = ?", []any{s}, &first); err != nil {
			return 0, err
		}
		if first != nil && (stays == 0 || *first < earliest) {
			stays, earliest = s, *first
		}
	}
	if stays == 0 {
		stays = all[0]
	}
	for _, s := range all {
		if s != stays {
			if err := t.mergeStory(s, stays); err != nil {
				return 0, err
			}
		}
	}
	return stays, nil
}

// standing follows a story that was merged away to the survivor.
func (t *tx) standing(story int64) (int64, error) {
	for {
		var into int64
		found, err := t.row("SELECT into_story FROM story WHERE id = ?", []any{story}, &into)
		if err != nil {
			return 0, err
		}
		if !found {
			return 0, fmt.Errorf("story %d: %w", story, news.ErrNotFound)
		}
		if into == 0 {
			return story, nil
		}
		story = into
	}
}

func (t *tx) mergeStory(from, into int64) error {
	reason := fmt.Sprintf("story %d is the same event as story %d", from, into)
	for _, step := range []struct {
		text string
		args []any
	}{
		{"INSERT INTO story_log (story, article, gone, score, reason, at) SELECT story, article, 1, score, ?, ? FROM story_article WHERE story = ?", []any{reason, t.now, from}},
		{"INSERT INTO story_log (story, article, gone, score, reason, at) SELECT ?, article, 0, score, ?, ? FROM story_article WHERE story = ?", []any{into, reason, t.now, from}},
		{"UPDATE article SET story = ? WHERE id IN (SELECT article FROM story_article WHERE story = ?)", []any{into, from}},
		{"UPDATE story_article SET story = ? WHERE story = ?", []any{into, from}},
		{"UPDATE story SET into_story = ?, articles = 0, due = 0, changed = ? WHERE id = ?", []any{into, t.now, from}},
	} {
		if _, err := t.exec(step.text, step.args...); err != nil {
			return err
		}
	}
	return t.recountStory(into)
}

// leave takes an article out of its story.
func (t *tx) leave(article int64, was placed, reason string) error {
	if was.story == 0 {
		return nil
	}
	if err := t.dropTerms(article, was.terms); err != nil {
		return err
	}
	if _, err := t.exec("DELETE FROM story_article WHERE article = ?", article); err != nil {
		return err
	}
	if _, err := t.exec("UPDATE article SET story = 0 WHERE id = ?", article); err != nil {
		return err
	}
	if err := t.log(was.story, article, true, 0, reason); err != nil {
		return err
	}
	return t.recountStory(was.story)
}

func (t *tx) dropTerms(article int64, packed []byte) error {
	for ; len(packed) >= 4; packed = packed[4:] {
		if _, err := t.exec("DELETE FROM story_term WHERE term = ? AND article = ?", int64(binary.BigEndian.Uint32(packed)), article); err != nil {
			return err
		}
	}
	return nil
}

// packTerms are the hashes of terms, four bytes each.
func packTerms(terms []string) []byte {
	out := make([]byte, 0, 4*len(terms))
	for _, term := range terms {
		out = binary.BigEndian.AppendUint32(out, uint32(termHash(term)))
	}
	return out
}

func (t *tx) log(story, article int64, gone bool, score float64, reason string) error {
	_, err := t.exec("INSERT INTO story_log (story, article, gone, score, reason, at) VALUES (?, ?, ?, ?, ?, ?)", story, article, gone, score, reason, t.now)
	return err
}

// due has a story weighed again.
func (t *tx) due(story int64) error {
	_, err := t.exec("UPDATE story SET due = 1, changed = ? WHERE id = ?", t.now, story)
	return err
}

// recountStory brings a story's counts up to date and has it weighed.
func (t *tx) recountStory(story int64) error {
	_, err := t.exec(`UPDATE story SET (articles, first, last) = (SELECT count(*), min(article), max(article) FROM story_article WHERE story = ?1),
		due = 1, changed = ?2 WHERE id = ?1`, story, t.now)
	return err
}
