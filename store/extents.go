package store

import (
	"math"
	"sync"

	"clusterwire/store/query"
)

// Parts of the index are written one after the other and merged with their
// neighbours, and most articles are stored soon after they were published. So a
// part holds mostly what is of one time, and what is looked for between two ids
// is to be looked for in few of them.

// extent says between which ids a segment has articles, both included.
type extent struct{ first, last int64 }

// extents knows those of the segments of an index. A segment never changes, but
// its number is given to another when it has been merged; what else stands in a
// segment tells them apart.
type extents struct {
	mu    sync.Mutex
	known map[segment]extent
}

// of returns the extents of the segments of an index, and reads those that are
// not known: every article has a token that says whether it is hidden. A
// segment without, which is half merged, may have any.
func (x *extents) of(p *postings) (map[segment]extent, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.all(p.segments) {
		return x.known, nil
	}
	now := make(map[segment]extent, len(p.segments))
	for _, g := range p.segments {
		e, ok := x.known[g]
		if !ok {
			var err error
			if e, err = p.only(g).extent(); err != nil {
				return nil, err
			}
		}
		now[g] = e
	}
	x.known = now
	return now, nil
}

// all reports whether the extents of some segments are known, and no others.
func (x *extents) all(segments []segment) bool {
	for _, g := range segments {
		if _, ok := x.known[g]; !ok {
			return false
		}
	}
	return len(segments) == len(x.known)
}

// only is the index as if it had no other segment.
func (p *postings) only(g segment) *postings {
	one := *p
	one.segments = []segment{g}
	return &one
}

// extent reads the extent of a single segment.
func (p *postings) extent() (extent, error) {
	e := extent{math.MaxInt64, math.MinInt64}
	from, to := query.FilterToken(query.FilterVisible, "0"), query.FilterToken(query.FilterVisible, "1")
	spans, err := p.spans(from, to)
	if err != nil {
		return e, err
	}
	r := &reader{choose: fromTo(from, to)}
	r.out = func(rows []int64) {
		e.first, e.last = min(e.first, rows[0]), max(e.last, rows[len(rows)-1])
	}
	if err = p.each(r, spans); e.first > e.last {
		e = extent{math.MinInt64, math.MaxInt64}
	}
	return e, err
}

// between is the index as if it held no more than the ids from one to another,
// the second not included.
func (p *postings) between(x *extents, since, until int64) (*postings, error) {
	known, err := x.of(p)
	if err != nil {
		return nil, err
	}
	near := *p
	near.since, near.until, near.extents, near.segments = since, until, known, make([]segment, 0, len(p.segments))
	for _, g := range p.segments {
		if e := known[g]; e.first < until && e.last >= since {
			near.segments = append(near.segments, g)
		}
	}
	return &near, nil
}

// fromTo takes the terms from one to another, both included.
func fromTo(from, to string) func(term []byte) choice {
	return func(term []byte) choice {
		switch {
		case string(term) > to:
			return stop
		case string(term) < from:
			return skip
		}
		return take
	}
}
