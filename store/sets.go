package store

import (
	"container/list"
	"context"
	"database/sql"
	"math"
	"strings"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"clusterwire/store/query"
)

// sets answers which articles match, all of them, as bitmaps: one for each
// leaf of a query tree (a word, a phrase, a filter), combined as the tree says.
// Bitmaps of leaves are kept, and caught up with what was written since.
type sets struct {
	docs docs
	mu   sync.Mutex
	kept map[string]*list.Element // of *leaf, by expression
	age  list.List                // most recently used first
	size uint64
}

// leaf is the kept set of one leaf. The bitmap is never changed once it is here.
type leaf struct {
	expr  string
	write int64
	bits  *roaring.Bitmap
	bytes uint64
}

// setsBytes bounds the bitmaps kept; one of a common word in a million
// articles takes 125 KB.
const setsBytes = 128 << 20

func (c *sets) get(expr string) *leaf {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.kept[expr]
	if !ok {
		return nil
	}
	c.age.MoveToFront(e)
	return e.Value.(*leaf)
}

func (c *sets) put(l *leaf) {
	l.bytes = l.bits.GetSizeInBytes() + 256
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil {
		c.kept = map[string]*list.Element{}
	}
	if e, ok := c.kept[l.expr]; ok {
		c.size -= e.Value.(*leaf).bytes
		c.age.Remove(e)
	}
	c.kept[l.expr] = c.age.PushFront(l)
	for c.size += l.bytes; c.size > setsBytes && c.age.Len() > 1; {
		old := c.age.Remove(c.age.Back()).(*leaf)
		delete(c.kept, old.expr)
		c.size -= old.bytes
	}
}

// matching returns the set of what matches a node under the conditions of a plan.
func (c *sets) matching(ctx context.Context, s *sql.Tx, p *plan, n *query.Node) (*roaring.Bitmap, error) {
	write, err := c.docs.catchUp(ctx, s)
	if err != nil {
		return nil, err
	}
	e := evaluation{ctx, s, c, write}
	all, err := e.node(n)
	if err != nil {
		return nil, err
	}
	all = e.between(all, p.since, p.until)
	for _, n := range p.tree.Numbers {
		if all, err = e.number(all, n); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// evaluation computes sets within one snapshot.
type evaluation struct {
	ctx   context.Context
	s     *sql.Tx
	c     *sets
	write int64 // the last write that the snapshot shows
}

// node returns the set of a node; the caller must not change it.
func (e evaluation) node(n *query.Node) (*roaring.Bitmap, error) {
	switch n.Op {
	case query.OpPhrase:
		return e.leaf(n)
	case query.OpFilter:
		var parts []*roaring.Bitmap
		for _, t := range n.Tokens {
			b, err := e.leaf(&query.Node{Op: query.OpFilter, Tokens: []string{t}})
			if err != nil {
				return nil, err
			}
			parts = append(parts, b)
		}
		return or(parts), nil
	case query.OpOr:
		parts, err := e.nodes(n.Kids)
		return or(parts), err
	case query.OpNot:
		return e.node(&query.Node{Op: query.OpAnd, Kids: []*query.Node{n}})
	}
	var yes, no []*query.Node
	for _, k := range n.Kids {
		if k.Op == query.OpNot {
			no = append(no, k.Kids[0])
		} else {
			yes = append(yes, k)
		}
	}
	var all *roaring.Bitmap
	if len(yes) == 0 {
		all = e.everything()
	} else {
		parts, err := e.nodes(yes)
		if err != nil {
			return nil, err
		}
		all = and(parts)
	}
	parts, err := e.nodes(no)
	for _, b := range parts {
		all = roaring.AndNot(all, b)
	}
	return all, err
}

func (e evaluation) nodes(list []*query.Node) ([]*roaring.Bitmap, error) {
	var out []*roaring.Bitmap
	for _, n := range list {
		b, err := e.node(n)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

func or(parts []*roaring.Bitmap) *roaring.Bitmap {
	if len(parts) == 1 {
		return parts[0]
	}
	return roaring.FastOr(parts...)
}

func and(parts []*roaring.Bitmap) *roaring.Bitmap {
	if len(parts) == 1 {
		return parts[0]
	}
	return roaring.FastAnd(parts...)
}

func (e evaluation) everything() *roaring.Bitmap {
	e.c.docs.mu.RLock()
	defer e.c.docs.mu.RUnlock()
	b := roaring.New()
	b.AddRange(0, uint64(len(e.c.docs.ids)))
	return b
}

// between keeps what was published between two ids, 0 for an open end.
func (e evaluation) between(b *roaring.Bitmap, since, until int64) *roaring.Bitmap {
	if since == 0 && until == 0 {
		return b
	}
	m := &e.c.docs
	m.mu.RLock()
	defer m.mu.RUnlock()
	lo, hi := 0, len(m.order)
	if since > 0 {
		lo, _ = m.find(since)
	}
	if until > 0 {
		hi, _ = m.find(until)
	}
	span := roaring.New()
	if lo < hi {
		span.AddMany(m.order[lo:hi])
	}
	span.And(b)
	return span
}

// number keeps the articles with a claim in a range.
func (e evaluation) number(b *roaring.Bitmap, n query.Number) (*roaring.Bitmap, error) {
	text, args := claimsWith(n)
	with := roaring.New()
	m := &e.c.docs
	m.mu.RLock()
	defer m.mu.RUnlock()
	rows, err := e.s.QueryContext(e.ctx, text, args...)
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
		var id int64
		err := scan(&id)
		if at, ok := m.numberOf(id); ok {
			with.Add(at)
		}
		return err
	})
	if n.Not {
		return roaring.AndNot(b, with), err
	}
	return roaring.And(b, with), err
}

// claimsWith is the query for the articles with a claim in a range.
func claimsWith(n query.Number) (string, []any) {
	var text strings.Builder
	text.WriteString("SELECT article FROM claim WHERE withdrawn IS NULL AND hi IS NOT NULL AND metric IN (?" + strings.Repeat(", ?", len(n.Metrics)-1) + ")")
	var args []any
	for _, m := range n.Metrics {
		args = append(args, string(m))
	}
	if !math.IsInf(n.Lo, 0) {
		text.WriteString(" AND hi >= ?")
		args = append(args, n.Lo)
	}
	if !math.IsInf(n.Hi, 0) {
		text.WriteString(" AND lo <= ?")
		args = append(args, n.Hi)
	}
	if n.Currency != "" {
		text.WriteString(" AND currency = ?")
		args = append(args, n.Currency)
	}
	return text.String(), args
}

// leaf returns the set of a word, phrase or filter token: as kept, caught up,
// or read anew.
func (e evaluation) leaf(n *query.Node) (*roaring.Bitmap, error) {
	expr := n.Expr()
	kept := e.c.get(expr)
	if kept != nil && kept.write >= e.write {
		return kept.bits, nil
	}
	if kept != nil {
		bits, ok, err := e.caughtUp(kept)
		if err != nil {
			return nil, err
		}
		if ok {
			e.c.put(&leaf{expr: expr, write: e.write, bits: bits})
			return bits, nil
		}
	}
	var bits *roaring.Bitmap
	var err error
	if n.Op == query.OpPhrase && len(n.Terms) > 1 {
		bits, err = e.ask(roaring.New(), expr, 0)
	} else {
		bits, err = e.read(n)
	}
	if err != nil {
		return nil, err
	}
	bits.RunOptimize()
	e.c.put(&leaf{expr: expr, write: e.write, bits: bits})
	return bits, nil
}

// catchUpSpan is up to how many of the newest articles the engine is asked
// again to bring a set up to date; beyond, the set is read anew.
const catchUpSpan = 20_000

// caughtUp returns a kept set with the articles that were touched since.
func (e evaluation) caughtUp(l *leaf) (bits *roaring.Bitmap, ok bool, err error) {
	m := &e.c.docs
	m.mu.RLock()
	if l.write < m.from {
		m.mu.RUnlock()
		return nil, false, nil
	}
	first := int64(math.MaxInt64)
	bits = l.bits.Clone()
	for i := len(m.log) - 1; i >= 0 && m.log[i].write > l.write; i-- {
		bits.Remove(m.log[i].number)
		first = min(first, m.log[i].id)
	}
	at, _ := m.find(first)
	span := len(m.order) - at
	m.mu.RUnlock()
	if span > catchUpSpan {
		return nil, false, nil
	}
	bits, err = e.ask(bits, l.expr, first)
	return bits, err == nil, err
}

// ask adds to a set what the engine finds from an id on.
func (e evaluation) ask(bits *roaring.Bitmap, expr string, from int64) (*roaring.Bitmap, error) {
	var ids []int64
	rows, err := e.s.QueryContext(e.ctx, "SELECT rowid FROM search WHERE search MATCH ? AND rowid >= ? ORDER BY rowid", expr, from)
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
		var id int64
		err := scan(&id)
		ids = append(ids, id)
		return err
	})
	e.add(bits, ids, nil)
	return bits, err
}

// add adds rows, in order, to a set.
func (e evaluation) add(bits *roaring.Bitmap, rows []int64, gone map[int64]bool) {
	numbers := make([]uint32, 0, len(rows))
	m := &e.c.docs
	m.mu.RLock()
	m.numbers(rows, gone, func(n uint32) { numbers = append(numbers, n) })
	m.mu.RUnlock()
	bits.AddMany(numbers)
}

// read reads the set of one term, or of all terms with a prefix, from the
// posting lists.
func (e evaluation) read(n *query.Node) (*roaring.Bitmap, error) {
	term, prefix := "", false
	if n.Op == query.OpFilter {
		term = n.Tokens[0]
	} else {
		term, prefix = n.Terms[0], n.Prefix
	}
	segments, err := readSegments(e.ctx, e.s)
	if err != nil {
		return nil, err
	}
	bits := roaring.New()
	for _, g := range segments {
		r := reader{title: n.Title}
		r.choose = func(t []byte) choice {
			switch {
			case prefix && strings.HasPrefix(string(t), term):
				if strings.IndexByte(string(t), '=') >= 0 { // a filter token
					return skip
				}
				return take
			case string(t) == term:
				return take
			case string(t) < term:
				return skip
			}
			return stop
		}
		r.out = func(rows []int64) { e.add(bits, rows, r.gone) }
		if err := r.scan(e.ctx, e.s, g, term); err != nil {
			return nil, err
		}
	}
	return bits, nil
}
