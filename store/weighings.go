package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"clusterwire/feeds/news"
)

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
	err := d.each(ctx, `SELECT m.article, m.features, a.published, a.claims,
			a.source, coalesce(s.name, a.source), coalesce(s.site, ''), coalesce(s.kind, ''), coalesce(s.language, ''), coalesce(s.country, ''), coalesce(s.trust, 0), coalesce(s.note, '')
		FROM story_article m JOIN article a ON a.id = m.article LEFT JOIN source s ON s.slug = a.source WHERE m.story = ? ORDER BY m.article LIMIT ?`,
		[]any{story, limit}, func(scan func(dest ...any) error) error {
			var x news.Member
			var published instant
			var packed []byte
			err := scan(append([]any{&x.Article, &packed, &published, &x.Claims}, sourceFields(&x.Source)...)...)
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

// Weigh stores what stories are worth, in one transaction. A story that
// changed since the moment of its Members is weighed again.
func (d *DB) Weigh(ctx context.Context, weighings []news.Weighing) error {
	return d.write(ctx, func(t *tx) error {
		for _, w := range weighings {
			if err := t.weigh(w); err != nil {
				return fmt.Errorf("story %d: %w", w.Story, err)
			}
		}
		return t.visible()
	})
}

func (t *tx) weigh(w news.Weighing) error {
	for _, s := range w.Standings {
		_, err := t.exec("UPDATE story_article SET origin = ?1, standing = ?2 WHERE article = ?3 AND story = ?4 AND (origin <> ?1 OR standing <> ?2)",
			s.Origin, s.Why, s.Article, w.Story)
		if err != nil {
			return err
		}
	}
	if err := t.split(w.Story, w.Apart); err != nil {
		return err
	}
	_, err := t.exec(`UPDATE story SET lead = ?, lead_rule = ?, independent = ?, rank = ?, reason = ?, due = iif(changed = ?, 0, 1) WHERE id = ?`,
		w.Lead, w.LeadRule, w.Independent, w.Rank, w.Reason, w.Changed.UnixMicro(), w.Story)
	return err
}

// split makes a story of articles that turned out not to belong to another.
// Both are weighed again.
func (t *tx) split(from int64, articles []int64) error {
	if len(articles) == 0 {
		return nil
	}
	into, err := t.insert("INSERT INTO story (changed) VALUES (?)", t.now)
	if err != nil {
		return err
	}
	left := fmt.Sprintf("reports another event than story %d, which becomes story %d", from, into)
	joined := fmt.Sprintf("came from story %d, which turned out to be two events", from)
	for _, article := range articles {
		res, err := t.exec("UPDATE story_article SET story = ? WHERE article = ? AND story = ?", into, article, from)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil {
			return err
		} else if n == 0 {
			continue // it left meanwhile
		}
		if _, err := t.exec("UPDATE article SET story = ? WHERE id = ?", into, article); err != nil {
			return err
		}
		if err := errors.Join(t.log(from, article, true, 0, left), t.log(into, article, false, 0, joined)); err != nil {
			return err
		}
	}
	return errors.Join(t.recountStory(from), t.recountStory(into))
}
