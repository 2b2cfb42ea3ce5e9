package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"clusterwire/feeds/news"
	"clusterwire/store/query"
)

// catchUp brings the copy up to what the snapshot shows, which ends with a
// write.
func (m *docs) catchUp(ctx context.Context, s *sql.Tx, write int64, rows rowSource) error {
	m.mu.RLock()
	current := m.loaded && m.write >= write
	m.mu.RUnlock()
	if current {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.loaded {
		if err := m.load(ctx, s); err != nil {
			return err
		}
		m.loaded, m.write, m.from, m.first = true, write, write, write
		for _, b := range m.seeds {
			b.RunOptimize()
		}
		return nil
	}
	if m.write >= write {
		return nil
	}
	err := m.follow(ctx, s, rows)
	if err == nil {
		m.write = write
	}
	return err
}

// load reads all articles and their facets from the filter tokens of the index.
func (m *docs) load(ctx context.Context, s *sql.Tx) error {
	p, err := openPostings(ctx, s, nil)
	if err != nil {
		return err
	}
	return m.read(p)
}

// read reads all articles and their facets.
func (m *docs) read(p *postings) error {
	m.ids, m.late, m.columns, m.log, m.seeds = nil, nil, columns{}, nil, nil
	if err := m.loadIDs(p); err != nil {
		return err
	}
	m.grow()
	for n, id := range m.ids {
		m.columns.facts[n].month = month(id)
	}
	topics, c := news.Topics(), &m.columns
	for kind, set := range map[string]func(value string) func(n uint32){
		query.FilterSource: func(value string) func(uint32) {
			v := c.source.number(value)
			return func(n uint32) { c.facts[n].source = v }
		},
		query.FilterLanguage: func(value string) func(uint32) {
			v := c.language.number(value)
			return func(n uint32) { c.facts[n].language = v }
		},
		query.FilterCompany: func(value string) func(uint32) {
			v := c.company.number(value)
			return func(n uint32) { c.name(n, v) }
		},
		query.FilterTopic: func(value string) func(uint32) {
			bit := uint16(1) << max(0, slices.Index(topics, news.Topic(value)))
			return func(n uint32) { c.facts[n].topics |= bit }
		},
		query.FilterSubject: func(string) func(uint32) { return func(uint32) {} },
	} {
		if err := m.loadKind(p, kind, set); err != nil {
			return err
		}
	}
	return nil
}

func (m *docs) loadIDs(p *postings) error {
	visible := map[string][]int64{}
	err := eachToken(p, query.FilterVisible, func(value string, rows []int64, gone map[int64]bool) {
		for _, id := range rows {
			if !gone[id] {
				visible[value] = append(visible[value], id)
			}
		}
	})
	if err != nil {
		return err
	}
	for _, ids := range visible {
		m.ids = append(m.ids, ids...)
	}
	slices.Sort(m.ids)
	m.ids = slices.Compact(m.ids)
	m.base, m.places = len(m.ids), newDirectory(m.ids)
	for value, ids := range visible {
		slices.Sort(ids)
		m.seed(query.FilterVisible, value, ids, nil, func(uint32) {})
	}
	return nil
}

// loadKind reads the filter tokens of a kind: their values into the columns,
// and their sets, which would else be read again when they are asked for.
func (m *docs) loadKind(p *postings, kind string, set func(value string) func(n uint32)) error {
	return eachToken(p, kind, func(value string, rows []int64, gone map[int64]bool) {
		m.seed(kind, value, rows, gone, set(value))
	})
}

func (m *docs) seed(kind, value string, rows []int64, gone map[int64]bool, put func(n uint32)) {
	key := (&query.Node{Op: query.OpFilter, Tokens: []string{kind + "=" + value}}).Key()
	if m.seeds == nil {
		m.seeds = map[string]*roaring.Bitmap{}
	}
	bits, ok := m.seeds[key]
	if !ok {
		bits = roaring.New()
		m.seeds[key] = bits
	}
	numbers := m.numbers(make([]uint32, 0, len(rows)), rows, gone)
	for _, n := range numbers {
		put(n)
	}
	bits.AddMany(numbers)
}

// grow makes room in the columns for every number.
func (m *docs) grow() {
	c, n := &m.columns, len(m.ids)
	if len(c.source.names) == 0 { // number 0 means none
		c.source.number("")
		c.language.number("")
		c.company.number("")
	}
	c.facts = append(c.facts, make([]facts, n-len(c.facts))...)
}

// eachToken calls f with rows of every filter token of a kind, in order for
// each token and segment.
func eachToken(p *postings, kind string, f func(value string, rows []int64, gone map[int64]bool)) error {
	prefix := kind + "="
	var value string
	r := &reader{}
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
	spans, err := p.spans(prefix, prefix+lastRune)
	if err != nil {
		return err
	}
	return p.each(r, spans)
}

// follow takes over the rows that were touched since the last write known.
func (m *docs) follow(ctx context.Context, s *sql.Tx, kept rowSource) error {
	rows, err := s.QueryContext(ctx, "SELECT id, touched, source, language, marks FROM article WHERE touched > ? ORDER BY touched", m.write)
	topics, before := news.Topics(), len(m.log)
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
		n, c := m.meet(id), &m.columns
		f := &c.facts[n]
		*f = facts{source: c.source.number(tokenValue(source)), language: c.language.number(tokenValue(language)), month: month(id)}
		delete(c.further, n)
		for _, t := range x.Topics {
			if i := slices.Index(topics, t); i >= 0 {
				f.topics |= 1 << i
			}
		}
		for _, v := range unique(x.Mentions) {
			c.name(n, c.company.number(tokenValue(v.Company)))
		}
		m.log = append(m.log, touch{write: write, number: n, id: id})
		return nil
	})
	if err != nil {
		return err
	}
	if err := m.keepRows(ctx, s, kept, before); err != nil {
		return err
	}
	if extra := len(m.log) - logLength; extra > 0 {
		m.from = m.log[extra-1].write
		m.log = slices.Clone(m.log[extra:])
	}
	return nil
}

// seeded returns what was read of a leaf with all the others, nil if nothing
// was, and the write that it shows.
func (m *docs) seeded(key string) (*roaring.Bitmap, int64) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.seeds[key], m.first
}

// meet returns the number of an article, a new one if it is not known.
func (m *docs) meet(id int64) uint32 {
	if n, ok := m.numberOf(id); ok {
		return n
	}
	n := uint32(len(m.ids))
	at, _ := m.findLate(id)
	m.ids = append(m.ids, id)
	m.late = slices.Insert(m.late, at, n)
	m.grow()
	return n
}

// rowSource gives the index row of an article as a write left it.
type rowSource func(ctx context.Context, s *sql.Tx, id, write int64) (*indexRow, error)

// keepRows adds their index rows to the touches from a place in the log on, if
// they are few, and lets go of those of older ones.
func (m *docs) keepRows(ctx context.Context, s *sql.Tx, kept rowSource, first int) error {
	if len(m.log)-first <= rowsKept/2 {
		for i := first; i < len(m.log); i++ {
			var err error
			if m.log[i].row, err = kept(ctx, s, m.log[i].id, m.log[i].write); err != nil {
				return err
			}
		}
	}
	for i := len(m.log) - rowsKept - 1; i >= 0 && i >= first-rowsKept-1; i-- {
		m.log[i].row = nil
	}
	return nil
}

// tokenValue is a value as it stands in a filter token.
func tokenValue(value string) string { return query.FilterToken("", value)[1:] }

// month counts the months from 1970 to the publication of an id.
func month(id int64) uint16 {
	t := time.Unix(id>>seqBits, 0).UTC()
	return uint16((t.Year()-1970)*12 + int(t.Month()) - 1)
}
