package store

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
)

// docs are what of every article is kept in memory, for exact totals and
// facets: about 45 bytes each. An article is known by its number; bitmaps are
// sets of these numbers. At first the numbers follow the ids; those that come
// later are numbered as they come.
//
// It is a copy of what the index says, read by Warm or at the first use and
// caught up from the rows that were touched since, so that it needs no hook in
// the writer and a crash can't leave it behind.
type docs struct {
	mu      sync.RWMutex
	loaded  bool
	write   int64     // the last write that is in here
	ids     []int64   // by number
	base    int       // numbers below this are in order of ids
	places  directory // of these
	late    []uint32  // the others, in order of their ids
	columns columns
	seeds   map[string]*roaring.Bitmap // of filters, by key, as they were when all was read
	log     []touch                    // the last touched numbers, oldest first
	from    int64                      // the log is whole after this write
	first   int64                      // the write that was the last when all was read
}

// columns hold the facets of each article by number.
type columns struct {
	source, language, company numbering
	facts                     []facts
	further                   map[uint32][]uint16 // companies after the first four
}

// facts are the facets of one article, side by side because they are counted
// together.
type facts struct {
	source, language uint16
	month            uint16    // since 1970-01
	topics           uint16    // bits in the order of news.Topics
	companies        [4]uint16 // the first four; 0 is none
}

// name notes that an article names a company.
func (c *columns) name(n uint32, company uint16) {
	for i, have := range c.facts[n].companies {
		if have == 0 {
			c.facts[n].companies[i] = company
			return
		}
	}
	if c.further == nil {
		c.further = map[uint32][]uint16{}
	}
	c.further[n] = append(c.further[n], company)
}

// numbering numbers strings.
type numbering struct {
	names []string
	at    map[string]uint16
}

func (d *numbering) number(name string) uint16 {
	if n, ok := d.at[name]; ok {
		return n
	}
	if d.at == nil {
		d.at = map[string]uint16{}
	}
	n := uint16(len(d.names))
	d.at[name] = n
	d.names = append(d.names, name)
	return n
}

// touch is an article that a write changed.
type touch struct {
	write  int64
	number uint32
	id     int64
	row    *indexRow // what the index holds of it; nil if that was not kept
}

const (
	logLength = 1 << 16 // bounds the log of touches
	rowsKept  = 4000    // how many of the last have their index row, 3 KB each
	lateMost  = 1 << 14 // from how many late articles on all are numbered anew
)

// renumbered returns a copy whose numbers follow the ids again. Sets of the
// old numbers don't fit it.
func (m *docs) renumbered() *docs {
	m.mu.RLock()
	defer m.mu.RUnlock()
	n := &docs{loaded: true, write: m.write, from: m.write, base: len(m.ids)}
	order := make([]uint32, 0, len(m.ids))
	late := m.late
	for number := range m.base {
		for len(late) > 0 && m.ids[late[0]] < m.ids[number] {
			order, late = append(order, late[0]), late[1:]
		}
		order = append(order, uint32(number))
	}
	order = append(order, late...)
	c, was := &n.columns, &m.columns
	c.source, c.language, c.company = was.source.clone(), was.language.clone(), was.company.clone()
	n.ids, c.facts = permuted(m.ids, order), permuted(was.facts, order)
	n.places = newDirectory(n.ids)
	c.further = make(map[uint32][]uint16, len(was.further))
	for number, old := range order {
		if list, ok := was.further[old]; ok {
			c.further[uint32(number)] = slices.Clone(list)
		}
	}
	return n
}

func permuted[T any](list []T, order []uint32) []T {
	out := make([]T, len(order))
	for i, n := range order {
		out[i] = list[n]
	}
	return out
}

func (d *numbering) clone() numbering { return numbering{slices.Clone(d.names), maps.Clone(d.at)} }

// numbers adds to a list the number of each row, rows being in order. Rows that
// are not known, or gone, are passed over.
func (m *docs) numbers(list []uint32, rows []int64, gone map[int64]bool) []uint32 {
	list = slices.Grow(list, len(rows))
	for _, id := range rows {
		at, ok := m.places.look(id)
		if !ok {
			at, ok = m.numberOf(id)
		}
		if ok && (len(gone) == 0 || !gone[id]) {
			list = append(list, at)
		}
	}
	return list
}

// numberOf returns the number of an article.
func (m *docs) numberOf(id int64) (uint32, bool) {
	ids := m.ids[:m.base]
	if at := m.places.find(ids, id); at < len(ids) && ids[at] == id {
		return uint32(at), true
	}
	return m.lateNumber(id)
}

func (m *docs) lateNumber(id int64) (uint32, bool) {
	at, ok := m.findLate(id)
	if !ok {
		return 0, false
	}
	return m.late[at], true
}

func (m *docs) findLate(id int64) (int, bool) {
	return slices.BinarySearchFunc(m.late, id, func(n uint32, id int64) int { return cmp.Compare(m.ids[n], id) })
}

// between returns the articles between two ids, 0 for an open end.
func (m *docs) between(since, until int64) *roaring.Bitmap {
	m.mu.RLock()
	defer m.mu.RUnlock()
	lo, hi, from, to := 0, m.base, 0, len(m.late)
	if since > 0 {
		lo, _ = slices.BinarySearch(m.ids[:m.base], since)
		from, _ = m.findLate(since)
	}
	if until > 0 {
		hi, _ = slices.BinarySearch(m.ids[:m.base], until)
		to, _ = m.findLate(until)
	}
	b := roaring.New()
	if lo < hi {
		b.AddRange(uint64(lo), uint64(hi))
	}
	if from < to {
		b.AddMany(m.late[from:to])
	}
	return b
}

// manyLate reports whether so many came late.
func (m *docs) manyLate(most int) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return len(m.late) >= most
}

// since returns the articles touched after a write, each once, as it was touched
// last; whole is false if the log does not reach back that far.
func (m *docs) since(write int64) (list []touch, whole bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if write < m.from {
		return nil, false
	}
	seen := map[uint32]bool{}
	for at := len(m.log) - 1; at >= 0 && m.log[at].write > write; at-- {
		if t := m.log[at]; !seen[t.number] {
			seen[t.number] = true
			list = append(list, t)
		}
	}
	return list, true
}

// after counts the articles from an id on.
func (m *docs) after(id int64) int {
	m.mu.RLock()
	defer m.mu.RUnlock()
	early, _ := slices.BinarySearch(m.ids[:m.base], id)
	late, _ := m.findLate(id)
	return m.base - early + len(m.late) - late
}
