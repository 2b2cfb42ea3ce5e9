package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"clusterwire/feeds/news"
)

const itemColumns = "id, feed, source, key, title, hash, published, seen, due, failures, class, error, since, coalesce(article, 0), body"

func (d *DB) scanItem(scan func(dest ...any) error) (it news.Item, err error) {
	var published, seen, due, since instant
	var rest []byte
	err = scan(&it.ID, &it.Feed, &it.Source, &it.Key, &it.Title, &it.Hash, &published, &seen, &due,
		&it.Attempt.Failures, &it.Attempt.Class, &it.Attempt.Error, &since, &it.Article, &rest)
	if err != nil {
		return it, err
	}
	it.Published, it.Seen, it.Attempt.Next, it.Attempt.Since = published.t, seen.t, due.t, since.t
	var r itemRest
	if err := d.codec.unpackJSON(rest, &r); err != nil {
		return it, fmt.Errorf("item %d: %w", it.ID, err)
	}
	it.GUID, it.URL, it.Authors, it.Categories, it.Summary = r.GUID, r.URL, r.Authors, r.Categories, r.Summary
	it.ContentHTML, it.ContentText, it.Language, it.Enclosures = r.ContentHTML, r.ContentText, r.Language, r.Enclosures
	if r.Updated != nil {
		it.Updated = r.Updated.UTC()
	}
	return it, nil
}

// DueItems returns up to limit items to be opened, taking turns between
// sources, those longest due first within each; an attempt absurdly far ahead
// was set by a wrong clock, and is due. Article is 0 in all of them,
// also where an edited item is to be opened again.
func (d *DB) DueItems(ctx context.Context, now time.Time, limit int) ([]news.Item, error) {
	sources, err := d.dueSources(ctx, now)
	if err != nil || len(sources) == 0 || limit <= 0 {
		return nil, err
	}
	// An equal share of each; if that leaves room, as much of each as may be used.
	share := (limit + len(sources) - 1) / len(sources)
	turns, total, err := d.dueTurns(ctx, sources, now, share)
	if err == nil && total < limit && share < limit {
		turns, _, err = d.dueTurns(ctx, sources, now, limit)
	}
	if err != nil {
		return nil, err
	}
	ids := takeTurns(turns, limit)
	list := make([]news.Item, 0, len(ids))
	for _, id := range ids {
		it, err := d.scanItem(d.r.QueryRowContext(ctx, "SELECT "+itemColumns+" FROM item WHERE id = ?", id).Scan)
		if err != nil {
			return nil, err
		}
		it.Article = 0
		list = append(list, it)
	}
	return list, nil
}

// dueSources lists the sources that have an item to open, longest due first.
// It jumps through the index from source to source.
func (d *DB) dueSources(ctx context.Context, now time.Time) ([]string, error) {
	type due struct {
		source string
		at     int64
		far    int64 // the latest
	}
	var list []due
	err := d.each(ctx, `WITH RECURSIVE s (slug) AS (
			SELECT min(source) FROM item WHERE due IS NOT NULL
			UNION ALL SELECT (SELECT min(source) FROM item WHERE due IS NOT NULL AND source > slug) FROM s WHERE slug IS NOT NULL)
		SELECT slug, (SELECT min(due) FROM item WHERE source = slug AND due IS NOT NULL), (SELECT max(due) FROM item WHERE source = slug AND due IS NOT NULL)
		FROM s WHERE slug IS NOT NULL`, nil,
		func(scan func(dest ...any) error) error {
			var x due
			err := scan(&x.source, &x.at, &x.far)
			if x.at <= now.UnixMicro() || x.far > now.Add(farthest).UnixMicro() {
				list = append(list, x)
			}
			return err
		})
	slices.SortStableFunc(list, func(a, b due) int { return int(min(max(a.at-b.at, -1), 1)) })
	sources := make([]string, len(list))
	for i, x := range list {
		sources[i] = x.source
	}
	return sources, err
}

// dueTurns lists the due items of each source, longest due first.
func (d *DB) dueTurns(ctx context.Context, sources []string, now time.Time, share int) (turns [][]int64, total int, err error) {
	for _, source := range sources {
		ids, err := d.ids(ctx, "SELECT id FROM item WHERE source = ? AND due IS NOT NULL AND (due <= ? OR due > ?) ORDER BY due, id LIMIT ?",
			source, now.UnixMicro(), now.Add(farthest).UnixMicro(), share)
		if err != nil {
			return nil, 0, err
		}
		turns = append(turns, ids)
		total += len(ids)
	}
	return turns, total, nil
}

// takeTurns merges lists by taking one of each in turn.
func takeTurns(turns [][]int64, limit int) []int64 {
	var out []int64
	for i := 0; len(out) < limit; i++ {
		more := false
		for _, ids := range turns {
			if i < len(ids) && len(out) < limit {
				out, more = append(out, ids[i]), true
			}
		}
		if !more {
			break
		}
	}
	return out
}

// SaveAttempt records that opening an item failed and when to try again.
func (d *DB) SaveAttempt(ctx context.Context, item int64, a news.Attempt) error {
	return d.write(ctx, func(t *tx) error {
		next := micros(a.Next)
		if next == nil {
			next = t.now // an item that failed stays to be opened
		}
		res, err := t.exec("UPDATE item SET due = ?, failures = ?, class = ?, error = ?, since = ? WHERE id = ?",
			next, a.Failures, a.Class, a.Error, micros(a.Since), item)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return fmt.Errorf("item %d: %w", item, news.ErrNotFound)
		}
		return nil
	})
}
