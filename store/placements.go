package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"clusterwire/feeds/news"
)

// Unplaced returns up to limit articles whose story is to be found or left,
// those that changed first first. Nothing is written for it when an article is
// stored: articles know the write that touched them, and the archive knows the
// write up to which all are placed.
func (d *DB) Unplaced(ctx context.Context, limit int) ([]news.Unplaced, error) {
	var number, upto int64
	err := d.r.QueryRowContext(ctx, "SELECT w.value, s.value FROM state w, state s WHERE w.key = 'write' AND s.key = 'stories'").Scan(&number, &upto)
	if err != nil {
		return nil, err
	}
	var ids []int64
	var done int64
	err = d.each(ctx, `SELECT a.id, a.touched FROM article a LEFT JOIN story_article m ON m.article = a.id
		WHERE a.touched >= ? AND iif(a.hidden, m.article IS NOT NULL, m.revision IS NOT a.revision) ORDER BY a.touched, a.id LIMIT ?`,
		[]any{upto, limit}, func(scan func(dest ...any) error) error {
			var id, touched int64
			err := scan(&id, &touched)
			if ids = append(ids, id); done == 0 {
				done = touched
			}
			return err
		})
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		done = number
	}
	if done > upto {
		if err := d.placedUpTo(ctx, done); err != nil {
			return nil, err
		}
	}
	out := make([]news.Unplaced, len(ids))
	for i, id := range ids {
		if out[i].Article, err = d.article(ctx, id, false); err != nil {
			return nil, err
		}
		if out[i].Reading, err = d.reading(ctx, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// placedUpTo notes that all articles touched before a write are placed.
func (d *DB) placedUpTo(ctx context.Context, number int64) error {
	return d.write(ctx, func(t *tx) error {
		_, err := t.exec("UPDATE state SET value = max(value, ?) WHERE key = 'stories'", number)
		return err
	})
}

// ids reads a column of ids.
func (d *DB) ids(ctx context.Context, text string, args ...any) ([]int64, error) {
	var out []int64
	err := d.each(ctx, text, args, func(scan func(dest ...any) error) error {
		var id int64
		err := scan(&id)
		out = append(out, id)
		return err
	})
	return out, err
}

// termHash is how a term is stored. Two terms that share a hash cost a
// comparison of articles that have nothing else in common.
func termHash(term string) int64 {
	h := fnv.New32a()
	h.Write([]byte(term)) // a hash never fails
	return int64(h.Sum32())
}

// perTerm bounds how many articles one term brings to a comparison.
const perTerm = 200

// Neighbours returns articles that share a term with one, those with most
// terms in common first, then the nearest in time.
func (d *DB) Neighbours(ctx context.Context, n news.Neighbourhood) ([]news.Neighbour, error) {
	const (
		before = "SELECT article FROM story_term WHERE term = ? AND article < ? AND article >= ? ORDER BY article DESC LIMIT ?"
		after  = "SELECT article FROM story_term WHERE term = ? AND article > ? AND article < ? ORDER BY article LIMIT ?"
	)
	shared := map[int64]int{}
	count := func(text, term string, end time.Time) error {
		ids, err := d.ids(ctx, text, termHash(term), n.Article, idFloor(end), perTerm)
		for _, id := range ids {
			shared[id]++
		}
		return err
	}
	for _, term := range n.Terms {
		if err := errors.Join(count(before, term, n.From), count(after, term, n.Until)); err != nil {
			return nil, err
		}
	}
	ids := make([]int64, 0, len(shared))
	for id := range shared {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b int64) int {
		return cmp.Or(cmp.Compare(shared[b], shared[a]), cmp.Compare(distance(a, n.Article), distance(b, n.Article)), cmp.Compare(a, b))
	})
	return d.neighbours(ctx, ids[:min(n.Limit, len(ids))])
}

func distance(a, b int64) int64 { return max(a-b, b-a) }

func (d *DB) neighbours(ctx context.Context, ids []int64) ([]news.Neighbour, error) {
	out := make([]news.Neighbour, 0, len(ids))
	for _, id := range ids {
		err := d.each(ctx, "SELECT story, features FROM story_article WHERE article = ?", []any{id}, func(scan func(dest ...any) error) error {
			x := news.Neighbour{Article: id}
			var packed []byte
			if err := scan(&x.Story, &packed); err != nil {
				return err
			}
			var err error
			x.Features, err = d.codec.unpack(packed)
			out = append(out, x)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Place puts an article into a story, or takes it out, merges stories that
// turned out to be one, and logs each joining and leaving, in one transaction.
// It returns the id of the article's story.
func (d *DB) Place(ctx context.Context, p news.Placement) (int64, error) {
	features := d.codec.pack(p.Features)
	var story int64
	err := d.write(ctx, func(t *tx) (err error) {
		if story, err = t.place(p, features); err != nil {
			return err
		}
		return t.visible()
	})
	return story, err
}

func (t *tx) place(p news.Placement, features []byte) (int64, error) {
	var was int64
	var terms []byte
	if _, err := t.row("SELECT story, terms FROM story_article WHERE article = ?", []any{p.Article}, &was, &terms); err != nil {
		return 0, err
	}
	if p.Gone {
		return 0, t.leave(p.Article, was, terms, p.Reason)
	}
	story, err := t.survivor(p)
	if err != nil {
		return 0, err
	}
	if was != 0 {
		if was, err = t.standing(was); err != nil {
			return 0, err
		}
		if was != story {
			if err := t.leave(p.Article, was, terms, "changed, and is nearer to another story"); err != nil {
				return 0, err
			}
		} else if err := t.dropTerms(p.Article, terms); err != nil {
			return 0, err
		}
	}
	_, err = t.exec(`INSERT OR REPLACE INTO story_article (article, story, revision, score, reason, terms, features)
		VALUES (?1, ?2, (SELECT revision FROM article WHERE id = ?1), ?3, ?4, ?5, ?6)`, p.Article, story, p.Score, p.Reason, packTerms(p.Terms), features)
	if err != nil {
		return 0, err
	}
	for _, term := range p.Terms {
		if _, err := t.exec("INSERT OR IGNORE INTO story_term VALUES (?, ?)", termHash(term), p.Article); err != nil {
			return 0, err
		}
	}
	if was != story {
		if err := t.log(story, p.Article, false, p.Score, p.Reason); err != nil {
			return 0, err
		}
	}
	if _, err := t.exec("UPDATE article SET story = ? WHERE id = ?", story, p.Article); err != nil {
		return 0, err
	}
	return story, t.recountStory(story)
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
func (t *tx) leave(article, story int64, terms []byte, reason string) error {
	if story == 0 {
		return nil
	}
	if err := t.dropTerms(article, terms); err != nil {
		return err
	}
	if _, err := t.exec("DELETE FROM story_article WHERE article = ?", article); err != nil {
		return err
	}
	if _, err := t.exec("UPDATE article SET story = 0 WHERE id = ?", article); err != nil {
		return err
	}
	if err := t.log(story, article, true, 0, reason); err != nil {
		return err
	}
	return t.recountStory(story)
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

// recountStory brings a story's counts up to date and has it weighed.
func (t *tx) recountStory(story int64) error {
	_, err := t.exec(`UPDATE story SET (articles, first, last) = (SELECT count(*), min(article), max(article) FROM story_article WHERE story = ?1),
		due = 1, changed = ?2 WHERE id = ?1`, story, t.now)
	return err
}

// Unweighed returns up to limit stories whose articles changed since they were weighed.
func (d *DB) Unweighed(ctx context.Context, limit int) ([]int64, error) {
	return d.ids(ctx, "SELECT id FROM story WHERE due = 1 ORDER BY id LIMIT ?", limit)
}

// Members returns up to limit articles of a story, oldest first, and the
// moment to be given back with what came of weighing them.
func (d *DB) Members(ctx context.Context, story int64, limit int) ([]news.Member, time.Time, error) {
	var changed instant
	if err := d.r.QueryRowContext(ctx, "SELECT changed FROM story WHERE id = ?", story).Scan(&changed); err != nil {
		return nil, changed.t, err
	}
	var out []news.Member
	err := d.each(ctx, `SELECT m.article, m.score, m.reason, m.features, a.published, a.language, a.claims,
			a.source, coalesce(s.name, a.source), coalesce(s.site, ''), coalesce(s.kind, ''), coalesce(s.language, ''), coalesce(s.country, ''), coalesce(s.trust, 0), coalesce(s.note, '')
		FROM story_article m JOIN article a ON a.id = m.article LEFT JOIN source s ON s.slug = a.source WHERE m.story = ? ORDER BY m.article LIMIT ?`,
		[]any{story, limit}, func(scan func(dest ...any) error) error {
			var x news.Member
			var published instant
			var packed []byte
			err := scan(append([]any{&x.Article, &x.Score, &x.Reason, &packed, &published, &x.Language, &x.Claims}, sourceFields(&x.Source)...)...)
			if err != nil {
				return err
			}
			x.Published = published.t
			x.Features, err = d.codec.unpack(packed)
			out = append(out, x)
			return err
		})
	return out, changed.t, err
}

// Weigh stores what a story is worth. A story that changed since the moment of
// its Members is weighed again.
func (d *DB) Weigh(ctx context.Context, w news.Weighing, at time.Time) error {
	return d.write(ctx, func(t *tx) error {
		for _, s := range w.Standings {
			if _, err := t.exec("UPDATE story_article SET origin = ?, standing = ? WHERE article = ? AND story = ?", s.Origin, s.Why, s.Article, w.Story); err != nil {
				return err
			}
		}
		_, err := t.exec(`UPDATE story SET lead = ?, lead_rule = ?, independent = ?, rank = ?, reason = ?, due = iif(changed = ?, 0, 1) WHERE id = ?`,
			w.Lead, w.LeadRule, w.Independent, w.Rank, w.Reason, at.UnixMicro(), w.Story)
		if err != nil {
			return err
		}
		return t.visible()
	})
}
