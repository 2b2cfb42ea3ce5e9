package store

import (
	"context"
	"database/sql"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"clusterwire/feeds/news"
)

// place is where an article stands in an ordered result.
type place struct {
	tier int
	id   int64
}

// page returns the ids of one page and sets the cursors of its neighbours.
func (d *DB) page(ctx context.Context, s *sql.Tx, p *plan, res *news.Results) ([]int64, error) {
	places, err := d.walk(ctx, s, p, p.cursor, p.limit+1)
	if err != nil {
		return nil, err
	}
	more := len(places) > p.limit
	if more {
		places = places[:p.limit]
	}
	if p.cursor.back {
		if !more { // the first page, which may have grown
			p.cursor = cursor{}
			return d.page(ctx, s, p, res)
		}
		slices.Reverse(places)
	}
	if len(places) == 0 {
		return nil, nil
	}
	if more || p.cursor.back {
		res.Next = cursor{order: p.order, place: places[len(places)-1], set: true}.String()
	}
	if p.cursor.set {
		res.Prev = cursor{order: p.order, place: places[0], set: true, back: true}.String()
	}
	ids := make([]int64, len(places))
	for i, at := range places {
		ids[i] = at.id
	}
	return ids, nil
}

// walk returns up to n places after a cursor, or before it in reverse.
func (d *DB) walk(ctx context.Context, s *sql.Tx, p *plan, from cursor, n int) ([]place, error) {
	var out []place
	tier, step, end := 0, 1, len(p.tiers)
	if from.set {
		tier = from.place.tier
	}
	if from.back {
		step, end = -1, -1
	}
	descending := p.oldest == from.back
	stream := p.stream
	if p.tree.HasPrefix() {
		stream = func(ctx context.Context, s *sql.Tx, tier int, after int64, descending bool, n int) ([]int64, error) {
			return d.sets.stream(ctx, s, p, tier, after, descending, n)
		}
	}
	for ; tier != end && len(out) < n; tier += step {
		after := int64(0)
		if from.set && tier == from.place.tier {
			after = from.place.id
		}
		ids, err := stream(ctx, s, tier, after, descending, n-len(out))
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			out = append(out, place{tier, id})
		}
	}
	return out, nil
}

// stream reads the next ids of a tier from the index, after an id (0: from the
// start), which it yields in their order.
func (p *plan) stream(ctx context.Context, s *sql.Tx, tier int, after int64, descending bool, n int) ([]int64, error) {
	text, args := "SELECT rowid FROM search WHERE search MATCH ?"+p.where, append([]any{p.tiers[tier].Expr()}, p.args...)
	if after != 0 {
		if descending {
			text += " AND rowid < ?"
		} else {
			text += " AND rowid > ?"
		}
		args = append(args, after)
	}
	if descending {
		text += " ORDER BY rowid DESC LIMIT ?"
	} else {
		text += " ORDER BY rowid LIMIT ?"
	}
	var out []int64
	rows, err := s.QueryContext(ctx, text, append(args, n)...)
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
		var id int64
		err := scan(&id)
		out = append(out, id)
		return err
	})
	return out, err
}

// stream is plan.stream for what the engine can't yield in order without
// reading all of it first: words of which only the beginning is given.
func (c *sets) stream(ctx context.Context, s *sql.Tx, p *plan, tier int, after int64, descending bool, n int) ([]int64, error) {
	bits, err := c.matching(ctx, s, p, p.tiers[tier])
	if err != nil {
		return nil, err
	}
	m := &c.docs
	m.mu.RLock()
	defer m.mu.RUnlock()
	if bits.GetCardinality() < sparse {
		return m.sorted(bits, after, descending, n), nil
	}
	return m.dense(bits, after, descending, n), nil
}

// sparse is below how many articles a set is sorted rather than the archive
// walked through.
const sparse = 4096

func (m *docs) sorted(bits *roaring.Bitmap, after int64, descending bool, n int) []int64 {
	var ids []int64
	bits.Iterate(func(number uint32) bool {
		if id := m.ids[number]; after == 0 || descending && id < after || !descending && id > after {
			ids = append(ids, id)
		}
		return true
	})
	slices.Sort(ids)
	if descending {
		slices.Reverse(ids)
	}
	return ids[:min(n, len(ids))]
}

func (m *docs) dense(bits *roaring.Bitmap, after int64, descending bool, n int) []int64 {
	at, step := 0, 1
	switch {
	case descending && after == 0:
		after = math.MaxInt64
		fallthrough
	case descending:
		at, _ = m.find(after)
		at, step = at-1, -1
	case after != 0:
		at, _ = m.find(after + 1)
	}
	var ids []int64
	for ; at >= 0 && at < len(m.order) && len(ids) < n; at += step {
		if bits.Contains(m.order[at]) {
			ids = append(ids, m.ids[m.order[at]])
		}
	}
	return ids
}
