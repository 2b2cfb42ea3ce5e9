package store

import (
	"context"
	"database/sql"
	"math"

	"github.com/RoaringBitmap/roaring/v2"

	"clusterwire/store/query"
)

// A page of the newest that match needs no more than the next few of them, and
// the engine finds these without looking at the others. That is quicker than to
// find the set where a phrase is asked for, whose words' lists have to be read
// with all places, a second with a million articles; or a single word. Two words
// that are not among the most frequent are seldom together: then the engine
// looks long, and their sets are found soon.
//
// How far the engine has to look for a page it can't tell, and neither can we.
// So it looks among as many articles as nearest, then, if it found some there,
// among as many as further, and then all are found after all.
const (
	nearest = 20_000
	further = 160_000
	nearAll = 12 // terms of a query that the engine is asked for
)

// near returns what a page of a plan shows, one more, and what may lie between;
// nil if it is better to find all: all that is needed for it is known, or what is
// asked for is not in the index, or too little of it is near.
func (d *DB) near(ctx context.Context, s *sql.Tx, p *plan) ([]*roaring.Bitmap, error) {
	e, err := d.ready(ctx, s, lateMost)
	if err != nil {
		return nil, err
	}
	p.docs = e.docs
	if len(p.tiers) > 1 || !e.lacks(p.tiers[0]).better(p) {
		return nil, nil
	}
	descending := p.oldest == p.cursor.back
	for _, width := range d.widths {
		since, until, all := e.docs.window(p, descending, width)
		ids, err := e.next(p.tiers[0].Expr(), since, until, descending, p.limit+1)
		if err != nil {
			return nil, err
		}
		if len(ids) > p.limit || all && !p.cursor.back {
			return []*roaring.Bitmap{e.docs.set(ids)}, nil
		}
		if len(ids)*(further/nearest) <= p.limit {
			break
		}
	}
	return nil, nil
}

// lack is what of a query has to be found.
type lack struct {
	terms   int // that the engine is to look for, known or not
	words   int // whose sets are not known, and which have to be there
	phrases int // whose sets are not known
	others  int // words not known that may be there or must not
}

// better reports whether to ask the engine for a page. Where time is bounded it
// finds words no sooner than all of them are read.
func (l lack) better(p *plan) bool {
	bounded := p.since != 0 || p.until != 0
	return l.terms <= nearAll && (l.phrases > 0 || l.words < 2 && l.words+l.others > 0 && !bounded)
}

// lacks says what of a node has to be found. What is not in the index counts as
// too much to look for, and so do prefixes: the engine would have to merge the
// lists of all their words.
func (e evaluation) lacks(n *query.Node) (l lack) {
	switch n.Op {
	case query.OpNumber, query.OpDate:
		return lack{terms: nearAll + 1}
	case query.OpFilter:
		return lack{terms: len(n.Tokens)}
	case query.OpPhrase:
		l.terms = len(n.Terms)
		switch {
		case n.Prefix:
			l.terms = nearAll + 1
		case e.knows(n.Key()):
		case len(n.Terms) > 1:
			l.phrases = 1
		default:
			l.words = 1
		}
		return l
	}
	for _, k := range n.Kids {
		x := e.lacks(k)
		if n.Op != query.OpAnd {
			x.others, x.words = x.others+x.words, 0
		}
		l = lack{l.terms + x.terms, l.words + x.words, l.phrases + x.phrases, l.others + x.others}
	}
	return l
}

// knows reports whether a set was read before.
func (e evaluation) knows(key string) bool {
	e.c.mu.Lock()
	defer e.c.mu.Unlock()
	have, ok := e.c.kept[key]
	return ok && have.Value.(*leaf).of == e.docs && have.Value.(*leaf).bytes > 0
}

// next asks the engine for the next n that match between two ids, the second
// not included.
func (e evaluation) next(expr string, since, until int64, descending bool, n int) ([]int64, error) {
	order := "ASC"
	if descending {
		order = "DESC"
	}
	rows, err := e.s.QueryContext(e.ctx, "SELECT rowid FROM search WHERE search MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid "+order+" LIMIT ?", expr, since, until, n)
	return scanIDs(rows, err)
}

// window returns the ids between which the next width articles of a plan stand,
// the second not included, and whether these are all that follow.
func (m *docs) window(p *plan, descending bool, width int) (since, until int64, all bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	since, until = p.since, p.until
	if until == 0 {
		until = math.MaxInt64
	}
	after := p.cursor.place.id // 0: from the start
	ids := m.ids[:m.base]
	if descending {
		if after > 0 {
			until = min(until, after)
		}
		if at := m.places.find(ids, until) - width; at > 0 && ids[at] > since {
			return ids[at], until, false
		}
		return since, until, true
	}
	if after > 0 {
		since = max(since, after+1)
	}
	if at := m.places.find(ids, since) + width; at < len(ids) && ids[at] < until {
		return since, ids[at], false
	}
	return since, until, true
}

// set returns the set of some articles.
func (m *docs) set(ids []int64) *roaring.Bitmap {
	m.mu.RLock()
	defer m.mu.RUnlock()
	bits := roaring.New()
	for _, id := range ids {
		if n, ok := m.numberOf(id); ok {
			bits.Add(n)
		}
	}
	return bits
}
