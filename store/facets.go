package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	mathbits "math/bits"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"clusterwire/feeds/news"
)

// Facets returns the exact counts of everything that matches q.
func (d *DB) Facets(ctx context.Context, q news.Query) (news.Facets, error) {
	var f news.Facets
	q.Cursor = ""
	err := d.snapshot(ctx, func(s *sql.Tx) error {
		p, err := d.plan(ctx, s, q)
		if err != nil {
			return err
		}
		counted := q
		counted.Order, counted.Limit, counted.Uncounted = "", 0, false
		key, err := toJSON(counted)
		if err != nil {
			return err
		}
		known := false
		if f, known = d.counted.facets(key, p); known {
			return nil
		}
		bits, err := d.sets.matching(ctx, s, p, p.tree.Whole(p.filters...))
		if err == nil {
			f = p.docs.facets(bits, p.lists)
			d.counted.keep(key, p, f)
		}
		return err
	})
	return f, err
}

// counted keeps facets until the next write: every page that browses asks for
// those of the whole archive, which take as long to count as it is large.
type counted struct {
	mu    sync.Mutex
	write int64  // the last that is counted
	lists *lists // whose names stand in them
	kept  map[string]news.Facets
	size  int // counts in all of them
}

// countedMost bounds how many counts are kept, of some fifty bytes each.
const countedMost = 1 << 17

// facets returns those kept for a key, if they are of what the plan's snapshot
// shows.
func (c *counted) facets(key string, p *plan) (f news.Facets, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.write != p.write || c.lists != p.lists {
		return f, false
	}
	f, ok = c.kept[key]
	return f.Clone(), ok
}

// keep keeps facets, unless newer ones are.
func (c *counted) keep(key string, p *plan, f news.Facets) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p.write < c.write {
		return
	}
	if c.write != p.write || c.lists != p.lists || c.size > countedMost {
		c.write, c.lists, c.kept, c.size = p.write, p.lists, map[string]news.Facets{}, 0
	}
	if _, ok := c.kept[key]; !ok {
		c.kept[key] = f.Clone()
		c.size += len(f.Companies) + len(f.Topics) + len(f.Sources) + len(f.Languages) + len(f.Months)
	}
}

// facets counts a set by every dimension.
func (m *docs) facets(bits *roaring.Bitmap, lists *lists) news.Facets {
	m.mu.RLock()
	defer m.mu.RUnlock()
	c := &m.columns
	companies, sources, languages := make([]int, len(c.company.names)), make([]int, len(c.source.names)), make([]int, len(c.language.names))
	var places [4][]int // companies by place, so that a count need not wait for the one before it
	for i := range places {
		places[i] = make([]int, len(companies))
	}
	var months [maxMonths]int
	var sets [1 << topicBits]uint32 // by set of topics
	buffer := make([]uint32, 4096)
	for it := bits.ManyIterator(); ; {
		n := it.NextMany(buffer)
		if n == 0 {
			break
		}
		for _, at := range buffer[:n] {
			f := &c.facts[at]
			sources[f.source]++
			languages[f.language]++
			months[f.month]++
			sets[f.topics%(1<<topicBits)]++
			for i, company := range f.companies {
				places[i][company]++
			}
		}
	}
	for i := range companies {
		companies[i] = places[0][i] + places[1][i] + places[2][i] + places[3][i]
	}
	var topics [topicBits]int
	for set, n := range sets {
		for t := uint(set); n > 0 && t != 0; t &= t - 1 {
			topics[mathbits.TrailingZeros(t)] += int(n)
		}
	}
	for at, list := range c.further {
		if bits.Contains(at) {
			for _, company := range list {
				companies[company]++
			}
		}
	}
	return news.Facets{
		Total:     int(bits.GetCardinality()),
		Companies: counts(c.company.names, companies, func(k string) string { return lists.companies[k].Name }),
		Topics:    counts(strs(news.Topics()), topics[:], func(k string) string { return k }),
		Sources:   counts(c.source.names, sources, func(k string) string { return lists.sources[k].Name }),
		Languages: counts(c.language.names, languages, func(k string) string { return k }),
		Months:    monthly(months[:]),
	}
}

// topicBits is the number of topics at most, which a test compares with those
// there are.
const topicBits = 14

// maxMonths is how many months there are until the latest id.
const maxMonths = (2243 - 1970) * 12

// counts makes a facet of a tally, most first.
func counts(names []string, tally []int, label func(string) string) []news.Count {
	out := []news.Count{}
	for i, k := range names {
		if k != "" && tally[i] > 0 {
			out = append(out, news.Count{Key: k, Label: cmp.Or(label(k), k), N: tally[i]})
		}
	}
	slices.SortFunc(out, func(a, b news.Count) int { return cmp.Or(b.N-a.N, cmp.Compare(a.Key, b.Key)) })
	return out
}

// monthly makes a histogram of a tally by month, from the first month that has
// an article to the last.
func monthly(tally []int) []news.Count {
	out := []news.Count{}
	first, last := -1, -1
	for m, n := range tally {
		if n > 0 {
			if last = m; first < 0 {
				first = m
			}
		}
	}
	for m := first; m >= 0 && m <= last; m++ {
		key := fmt.Sprintf("%04d-%02d", 1970+m/12, m%12+1)
		out = append(out, news.Count{Key: key, Label: key, N: tally[m]})
	}
	return out
}
