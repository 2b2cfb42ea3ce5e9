package store

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"clusterwire/store/query"
)

// A page of the newest that match needs no more than the next few of them. So
// where a set would have to be read, it is read for the nearest articles first:
// most words are found often enough among these. How far one has to look can't
// be told before, but from what was found how much further; where that is a
// good part of the archive, all are found after all.
const (
	nearest  = 8_000 // articles that are looked through first
	furthest = 4     // part of all articles up to which more are
)

// near returns what a page of a plan shows, one more, and what may lie between;
// nil if it is better to find all, since too little of it is near. Sets that are
// known are looked through once: to intersect all of two takes as long as twenty
// windows.
func (d *DB) near(ctx context.Context, s *sql.Tx, p *plan) ([]*roaring.Bitmap, error) {
	e, err := d.ready(ctx, s, lateMost)
	if err != nil {
		return nil, err
	}
	p.docs = e.docs
	words, phrases := e.unread(p.tiers[0])
	known := words+phrases == 0
	if len(p.tiers) > 1 || known && alternatives(p.tiers[0]) {
		return nil, nil
	}
	e.root = p.tiers[0]
	descending := p.oldest == p.cursor.back
	width := d.nearest
	if phrases > 0 { // the lists of their words are read with all places
		width /= 8
	}
	found := roaring.New()
	for after, looked := p.cursor.place.id, 0; looked+width <= max(e.docs.count()/furthest, d.nearest); {
		since, until, all := e.docs.window(p, descending, after, width)
		e.since, e.until, e.span = since, until, e.docs.between(since, until)
		bits, err := e.node(e.root)
		if err != nil {
			return nil, err
		}
		found.Or(bits)
		n := int(found.GetCardinality())
		switch {
		case n > p.limit || all && !p.cursor.back:
			return []*roaring.Bitmap{found}, nil
		case all || known || n == 0 && phrases == 0: // what is that rare is read soon
			return nil, nil
		}
		looked += width
		width = further(looked, n, p.limit)
		if after = since; !descending {
			after = until - 1
		}
	}
	return nil, nil
}

// further returns how many more articles to look through after n were found in
// some, where more than a limit are looked for.
func further(looked, n, limit int) int {
	const widest = 15 // times what was looked through before
	if n*widest < limit {
		return looked * widest
	}
	return max(looked*(limit+1-n)*5/(n*4), looked/2)
}

// alternatives reports whether sets have to be joined for a node, all of them
// however few articles are looked through.
func alternatives(n *query.Node) bool {
	return n.Op == query.OpOr || len(n.Tokens) > 1 || slices.ContainsFunc(n.Kids, alternatives)
}

// unread returns how many words of a node have sets that have to be read, and
// how many phrases.
func (e evaluation) unread(n *query.Node) (words, phrases int) {
	switch {
	case n.Op != query.OpPhrase || e.knows(n.Key()):
	case len(n.Terms) == 1:
		words++
	default:
		phrases++
	}
	for _, k := range n.Kids {
		w, p := e.unread(k)
		words, phrases = words+w, phrases+p
	}
	return words, phrases
}

// seldom reports whether a word is in few articles, so that to read its list
// takes no longer whole than in part: where the largest segment has it on few
// pages.
func (e evaluation) seldom(n *query.Node) (bool, error) {
	if len(n.Terms) > 1 || n.Prefix {
		return false, nil
	}
	p, err := e.index()
	if err != nil || len(p.segments) == 0 {
		return false, err
	}
	largest := slices.MaxFunc(p.segments, func(a, b segment) int { return cmp.Compare(a.last-a.first, b.last-b.first) })
	spans, err := p.only(largest).spans(n.Terms[0], n.Terms[0])
	return err == nil && (len(spans) == 0 || spans[0].to-spans[0].from < short), err
}

// knows reports whether a set was read before.
func (e evaluation) knows(key string) bool {
	e.c.mu.Lock()
	defer e.c.mu.Unlock()
	have, ok := e.c.kept[key]
	return ok && have.Value.(*leaf).of == e.docs && have.Value.(*leaf).bytes > 0
}

// window returns the ids between which the next width articles of a plan stand
// after one of them, 0 for the first, the second not included, and whether these
// are all that follow.
func (m *docs) window(p *plan, descending bool, after int64, width int) (since, until int64, all bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	since, until = p.since, p.until
	if until == 0 {
		until = math.MaxInt64
	}
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

// count returns how many articles there are.
func (m *docs) count() int {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return len(m.ids)
}

// idsOf returns the ids of a set, in order.
func (m *docs) idsOf(bits *roaring.Bitmap) []int64 {
	m.mu.RLock()
	defer m.mu.RUnlock()
	ids, sorted := make([]int64, 0, bits.GetCardinality()), true
	for it := bits.Iterator(); it.HasNext(); {
		n := it.Next()
		ids = append(ids, m.ids[n])
		sorted = sorted && int(n) < m.base
	}
	if !sorted {
		slices.Sort(ids)
	}
	return ids
}
