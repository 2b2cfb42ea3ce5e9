package store

import (
	"context"
	"database/sql"
	"math"

	"github.com/RoaringBitmap/roaring/v2"

	"clusterwire/store/query"
)

// A page of the newest that match needs no more than the next few of them, and
// the engine finds these without looking at the others. For one word its set is
// found about as quickly, but the set of a phrase of frequent words takes a
// second with a million articles: both lists have to be read with all places.
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
	if terms, known := e.terms(p.tiers[0]); len(p.tiers) > 1 || known || terms > nearAll {
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

// terms counts the terms of a node, and reports whether the sets of all are
// known. What is not in the index counts as too many, and so do prefixes: the
// engine would have to merge the lists of all their words.
func (e evaluation) terms(n *query.Node) (count int, known bool) {
	switch n.Op {
	case query.OpNumber, query.OpDate:
		return nearAll + 1, true
	case query.OpPhrase:
		if n.Prefix {
			return nearAll + 1, true
		}
		return len(n.Terms), e.knows(n.Key())
	case query.OpFilter:
		return len(n.Tokens), true
	}
	known = true
	for _, k := range n.Kids {
		more, all := e.terms(k)
		count, known = count+more, known && all
	}
	return count, known
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
