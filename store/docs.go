package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync"
	"time"

	"clusterwire/feeds/news"
	"clusterwire/store/query"
)

// docs are what of every article is kept in memory, for exact totals and
// facets: about 40 bytes each. An article is known by its number, given in the
// order in which it was met; bitmaps are sets of these numbers.
//
// It is a copy of what the index says, read at the first use and caught up
// from the rows that were touched since, so that it needs no hook in the
// writer and a crash can't leave it behind.
type docs struct {
	mu      sync.RWMutex
	loaded  bool
	write   int64    // the last write that is in here
	ids     []int64  // by number
	order   []uint32 // numbers in order of ids
	columns columns
	log     []touch // the last touched numbers, oldest first
	from    int64   // the log is whole after this write
}

// columns hold the facets of each article by number.
type columns struct {
	source, language numbering
	company          numbering
	sources          []uint16
	languages        []uint16
	months           []uint16    // since 1970-01
	topics           []uint16    // bits in the order of news.Topics
	companies        [][4]uint16 // the first four; 0 is none
	further          map[uint32][]uint16
}

// name notes that an article names a company.
func (c *columns) name(n uint32, company uint16) {
	for i, have := range c.companies[n] {
		if have == 0 {
			c.companies[n][i] = company
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
}

// logLength bounds the log of touches.
const logLength = 1 << 16

// catchUp brings the copy up to what the snapshot shows. It returns the number
// of the write that the snapshot ends with.
func (m *docs) catchUp(ctx context.Context, s *sql.Tx) (write int64, err error) {
	if err := s.QueryRowContext(ctx, "SELECT value FROM state WHERE key = 'write'").Scan(&write); err != nil {
		return 0, err
	}
	m.mu.RLock()
	current := m.loaded && m.write >= write
	m.mu.RUnlock()
	if current {
		return write, nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.loaded {
		if err := m.load(ctx, s); err != nil {
			return 0, err
		}
		m.loaded, m.write, m.from = true, write, write
		return write, nil
	}
	if m.write >= write {
		return write, nil
	}
	err = m.follow(ctx, s)
	if err == nil {
		m.write = write
	}
	return write, err
}

// load reads all articles and their facets from the filter tokens of the index.
func (m *docs) load(ctx context.Context, s *sql.Tx) error {
	segments, err := readSegments(ctx, s)
	if err != nil {
		return err
	}
	m.ids, m.order, m.columns, m.log = nil, nil, columns{}, nil
	if err := m.loadIDs(ctx, s, segments); err != nil {
		return err
	}
	m.grow()
	for n, id := range m.ids {
		m.columns.months[n] = month(id)
	}
	topics := news.Topics()
	kinds := map[string]func(value string) func(n uint32){
		query.FilterSource: func(value string) func(uint32) {
			v := m.columns.source.number(value)
			return func(n uint32) { m.columns.sources[n] = v }
		},
		query.FilterLanguage: func(value string) func(uint32) {
			v := m.columns.language.number(value)
			return func(n uint32) { m.columns.languages[n] = v }
		},
		query.FilterCompany: func(value string) func(uint32) {
			v := m.columns.company.number(value)
			return func(n uint32) { m.columns.name(n, v) }
		},
		query.FilterTopic: func(value string) func(uint32) {
			bit := uint16(1) << max(0, slices.Index(topics, news.Topic(value)))
			return func(n uint32) { m.columns.topics[n] |= bit }
		},
	}
	for kind, set := range kinds {
		if err := m.loadKind(ctx, s, segments, kind, set); err != nil {
			return err
		}
	}
	return nil
}

func (m *docs) loadIDs(ctx context.Context, s *sql.Tx, segments []segment) error {
	err := eachToken(ctx, s, segments, query.FilterVisible, func(_ string, rows []int64, gone map[int64]bool) {
		for _, id := range rows {
			if !gone[id] {
				m.ids = append(m.ids, id)
			}
		}
	})
	if err != nil {
		return err
	}
	slices.Sort(m.ids)
	m.ids = slices.Compact(m.ids)
	m.order = make([]uint32, len(m.ids))
	for i := range m.order {
		m.order[i] = uint32(i)
	}
	return nil
}

// grow makes room in the columns for every number.
func (m *docs) grow() {
	c, n := &m.columns, len(m.ids)
	if len(c.source.names) == 0 { // number 0 means none
		c.source.number("")
		c.language.number("")
		c.company.number("")
	}
	c.sources, c.languages = grown(c.sources, n), grown(c.languages, n)
	c.months, c.topics = grown(c.months, n), grown(c.topics, n)
	c.companies = grown(c.companies, n)
}

func grown[T any](list []T, n int) []T { return append(list, make([]T, n-len(list))...) }

func (m *docs) loadKind(ctx context.Context, s *sql.Tx, segments []segment, kind string, set func(value string) func(n uint32)) error {
	return eachToken(ctx, s, segments, kind, func(value string, rows []int64, gone map[int64]bool) {
		put := set(value)
		m.numbers(rows, gone, put)
	})
}

// eachToken calls f with the rows of every filter token of a kind.
func eachToken(ctx context.Context, s *sql.Tx, segments []segment, kind string, f func(value string, rows []int64, gone map[int64]bool)) error {
	prefix := kind + "="
	for _, g := range segments {
		var r reader
		var value string
		r.choose = func(term []byte) choice {
			switch {
			case strings.HasPrefix(string(term), prefix):
				value = string(term[len(prefix):])
				return take
			case string(term) < prefix:
				return skip
			}
			return stop
		}
		r.out = func(rows []int64) { f(value, rows, r.gone) }
		if err := r.scan(ctx, s, g, prefix); err != nil {
			return err
		}
	}
	return nil
}

// numbers calls f with the number of each row, rows being in order. Rows that
// are not known, or gone, are passed over.
func (m *docs) numbers(rows []int64, gone map[int64]bool, f func(n uint32)) {
	at := 0
	for _, id := range rows {
		// Lists are dense or sparse: look near first, then by halves.
		step := 1
		for at+step < len(m.order) && m.ids[m.order[at+step]] < id {
			at += step
			step *= 2
		}
		lo, hi := at, min(at+step+1, len(m.order))
		for lo < hi {
			mid := int(uint(lo+hi) >> 1)
			if m.ids[m.order[mid]] < id {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		if at = lo; at == len(m.order) {
			return
		}
		if n := m.order[at]; m.ids[n] == id && (gone == nil || !gone[id]) {
			f(n)
		}
	}
}

// numberOf returns the number of an article.
func (m *docs) numberOf(id int64) (uint32, bool) {
	at, ok := m.find(id)
	if !ok {
		return 0, false
	}
	return m.order[at], true
}

func (m *docs) find(id int64) (int, bool) {
	return slices.BinarySearchFunc(m.order, id, func(n uint32, id int64) int { return cmp.Compare(m.ids[n], id) })
}

// follow takes over the rows that were touched since the last write known.
func (m *docs) follow(ctx context.Context, s *sql.Tx) error {
	rows, err := s.QueryContext(ctx, "SELECT id, touched, source, language, marks FROM article WHERE touched > ? ORDER BY touched", m.write)
	topics := news.Topics()
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
		var id, write int64
		var source, language string
		var text []byte
		if err := scan(&id, &write, &source, &language, &text); err != nil {
			return err
		}
		x, err := readMarks(text)
		if err != nil {
			return err
		}
		at, known := m.find(id)
		if !known {
			m.ids = append(m.ids, id)
			m.order = slices.Insert(m.order, at, uint32(len(m.ids)-1))
			m.grow()
		}
		n, c := m.order[at], &m.columns
		c.sources[n], c.languages[n], c.months[n] = c.source.number(tokenValue(source)), c.language.number(tokenValue(language)), month(id)
		c.topics[n], c.companies[n] = 0, [4]uint16{}
		delete(c.further, n)
		for _, t := range x.Topics {
			if i := slices.Index(topics, t); i >= 0 {
				c.topics[n] |= 1 << i
			}
		}
		for _, v := range unique(x.Mentions) {
			c.name(n, c.company.number(tokenValue(v.Company)))
		}
		m.log = append(m.log, touch{write, n, id})
		return nil
	})
	if extra := len(m.log) - logLength; extra > 0 {
		m.from = m.log[extra-1].write
		m.log = slices.Clone(m.log[extra:])
	}
	return err
}

// tokenValue is a value as it stands in a filter token.
func tokenValue(value string) string { return query.FilterToken("", value)[1:] }

// month counts the months from 1970 to the publication of an id.
func month(id int64) uint16 {
	t := time.Unix(id>>seqBits, 0).UTC()
	return uint16((t.Year()-1970)*12 + int(t.Month()) - 1)
}
