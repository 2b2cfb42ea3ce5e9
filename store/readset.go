package store

import (
	"bytes"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"clusterwire/store/query"
)

// This file reads the set of a leaf from the index: all of it, or what lies
// between two ids.

// read reads the set of a leaf anew.
func (e evaluation) read(n *query.Node) (*roaring.Bitmap, error) {
	switch {
	case n.Op == query.OpNumber:
		text, args := claimsWith(n.Number)
		bits := roaring.New()
		_, _, err := e.addIDs(bits, text, args...)
		return bits, err
	case n.Op == query.OpFilter:
		return e.readTerm(n.Tokens[0], false)
	case len(n.Terms) > 1:
		return e.phrase(n)
	case n.Prefix:
		return e.prefixed(n.Terms[0], n.Title)
	}
	return e.readTerm(n.Terms[0], n.Title)
}

// readTerm reads the set of one term.
func (e evaluation) readTerm(term string, title bool) (*roaring.Bitmap, error) {
	return e.readLists(term, term, nil, title)
}

// readLists reads the set of all terms from one to another, both included, but
// those to pass over, which are in order.
func (e evaluation) readLists(from, to string, over []string, title bool) (*roaring.Bitmap, error) {
	p, err := e.postings()
	if err != nil {
		return nil, err
	}
	spans, err := p.spans(from, to, over...)
	if err != nil {
		return nil, err
	}
	found := e.gathering()
	defer e.c.gatherings.Put(found)
	r := &reader{title: title}
	r.choose = words(from, to, over)
	r.out = e.into(found, r)
	err = p.each(r, spans)
	return found.bitmap(), err
}

// words takes the terms from one to another, both included, but those to pass
// over, which are in order. Where they are several, a filter is no word.
func words(from, to string, over []string) func(term []byte) choice {
	within := fromTo(from, to)
	return func(t []byte) choice {
		if c := within(t); c != take || from == to {
			return c
		}
		if _, ok := slices.BinarySearch(over, string(t)); ok || bytes.IndexByte(t, '=') >= 0 {
			return skip
		}
		return take
	}
}

// postings opens the index between the ids that sets are read between.
func (e evaluation) postings() (*postings, error) {
	p, err := e.index()
	if err == nil && e.until != 0 {
		return p.between(&e.c.extents, e.since, e.until)
	}
	return p, err
}

func (e evaluation) gathering() *gathering {
	if g, ok := e.c.gatherings.Get().(*gathering); ok {
		return g
	}
	return &gathering{}
}

// into gathers the numbers of the rows that a reader hands out.
func (e evaluation) into(g *gathering, r *reader) func(rows []int64) {
	var numbers []uint32
	return func(rows []int64) {
		if e.until != 0 {
			from, _ := slices.BinarySearch(rows, e.since)
			to, _ := slices.BinarySearch(rows, e.until)
			rows = rows[min(from, to):to]
		}
		numbers = e.numbers(numbers[:0], rows, r.gone)
		g.add(numbers)
	}
}
