package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"time"

	"clusterwire/feeds/news"
)

// microsADay divides instants into days of UTC.
const microsADay = 24 * 60 * 60 * 1_000_000

// Arrivals returns the articles of the archive by the UTC day on which each was
// first seen, earliest day first, within a day in the order of their ids. It
// reads through all articles once and holds a number for each.
func (d *DB) Arrivals(ctx context.Context) ([]news.Arrivals, error) {
	type day struct {
		ids       []int64
		last, all int64
	}
	days := map[int64]*day{}
	err := d.each(ctx, "SELECT id, coalesce(first_seen, (id >> ?) * 1000000) / ?, touched, hidden FROM article ORDER BY id", []any{seqBits, microsADay},
		func(scan func(dest ...any) error) error {
			var id, n, touched int64
			var hidden bool
			if err := scan(&id, &n, &touched, &hidden); err != nil {
				return err
			}
			if days[n] == nil {
				days[n] = &day{}
			}
			x := days[n]
			x.all, x.last = x.all+1, max(x.last, touched)
			if !hidden {
				x.ids = append(x.ids, id)
			}
			return nil
		})
	out := make([]news.Arrivals, 0, len(days))
	for n, x := range days {
		if len(x.ids) > 0 {
			mark := strconv.FormatInt(x.last, 36) + "." + strconv.FormatInt(x.all, 36)
			out = append(out, news.Arrivals{Day: time.Unix(n*24*60*60, 0).UTC(), Articles: x.ids, Mark: mark})
		}
	}
	slices.SortFunc(out, func(a, b news.Arrivals) int { return a.Day.Compare(b.Day) })
	return out, err
}

// Listed returns articles as lists show them, in the order of their ids given.
// Those that are hidden, or not there, are left out.
func (d *DB) Listed(ctx context.Context, ids []int64) ([]news.Hit, error) {
	in, err := toJSON(ids)
	if err != nil {
		return nil, err
	}
	var list []news.Hit
	err = d.snapshot(ctx, func(s *sql.Tx) error {
		rows, err := s.QueryContext(ctx, "SELECT a.id FROM json_each(?) j CROSS JOIN article a ON a.id = j.value WHERE a.hidden = 0", in)
		shown, err := scanIDs(rows, err)
		if err != nil {
			return err
		}
		list, err = d.hits(ctx, s, shown)
		return err
	})
	return list, err
}
