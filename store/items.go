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

// A source gets as many of the items that are opened at a time as would leave
// room for four times as many sources, but at least two: the next page of a slow
// publisher is at hand when it has rested.
const (
	spare     = 4
	leastTurn = 2
)

// DueItems returns items to be opened that are not in taken, those that are
// being opened, at most limit with them. Sources take turns, those first of
// which the fewest items were had before, and what is taken counts as turns of
// its source; within a source those longest due come first.
// An attempt absurdly far ahead was set by a wrong clock, and is due. Article is
// 0 in all of them, also where an edited item is to be opened again.
func (d *DB) DueItems(ctx context.Context, now time.Time, limit int, taken map[int64]bool, had map[string]int) ([]news.Item, error) {
	if len(taken) >= limit {
		return nil, nil
	}
	sources, err := d.dueSources(ctx, now)
	if err != nil || len(sources) == 0 {
		return nil, err
	}
	slices.SortStableFunc(sources, func(a, b string) int { return had[a] - had[b] })
	turns, err := d.dueTurns(ctx, sources, now, max(limit/spare/len(sources), leastTurn))
	if err != nil {
		return nil, err
	}
	return d.items(ctx, takeTurns(turns, limit-len(taken), taken))
}

// items reads items by their ids, in their order.
func (d *DB) items(ctx context.Context, ids []int64) ([]news.Item, error) {
	in, err := toJSON(ids)
	if err != nil {
		return nil, err
	}
	place := make(map[int64]int, len(ids))
	for i, id := range ids {
		place[id] = i
	}
	list := make([]news.Item, 0, len(ids))
	err = d.each(ctx, "SELECT "+itemColumns+" FROM (SELECT value AS wanted FROM json_each(?)) CROSS JOIN item ON id = wanted", []any{in},
		func(scan func(dest ...any) error) error {
			it, err := d.scanItem(scan)
			it.Article = 0
			list = append(list, it)
			return err
		})
	slices.SortFunc(list, func(a, b news.Item) int { return place[a.ID] - place[b.ID] })
	return list, err
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
func (d *DB) dueTurns(ctx context.Context, sources []string, now time.Time, share int) ([][]int64, error) {
	in, err := toJSON(sources)
	if err != nil {
		return nil, err
	}
	turns := make([][]int64, len(sources))
	err = d.each(ctx, `SELECT j.key, i.id FROM json_each(?) AS j CROSS JOIN item i ON i.id IN (
			SELECT id FROM item WHERE source = j.value AND due IS NOT NULL AND (due <= ? OR due > ?) ORDER BY due, id LIMIT ?)
		ORDER BY j.key, i.due, i.id`,
		[]any{in, now.UnixMicro(), now.Add(farthest).UnixMicro(), share}, func(scan func(dest ...any) error) error {
			var i int
			var id int64
			err := scan(&i, &id)
			turns[i] = append(turns[i], id)
			return err
		})
	return turns, err
}

// takeTurns merges lists by taking one of each in turn, but for those that are
// taken already.
func takeTurns(turns [][]int64, limit int, taken map[int64]bool) []int64 {
	var out []int64
	for i, more := 0, true; more; i++ {
		more = false
		for _, ids := range turns {
			if i >= len(ids) {
				continue
			}
			if more = true; !taken[ids[i]] {
				out = append(out, ids[i])
			}
			if len(out) == limit {
				return out
			}
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
