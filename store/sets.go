package store

import (
	"bytes"
	"cmp"
	"container/list"
	"context"
	"database/sql"
	"math"
	"slices"
	"strconv"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"clusterwire/store/query"
)

// sets answers which articles match, all of them, as bitmaps: one for each
// leaf of a query tree (a word, a phrase, a filter, a number), combined as the
// tree says. Bitmaps of leaves are kept, and caught up with what was written
// since: from the index rows of the articles touched, where they are few.
type sets struct {
	codec    *codec
	prepared statements
	extents  extents

	mu    sync.Mutex
	docs  *docs
	kept  map[string]*list.Element // of *leaf, by key
	age   list.List                // most recently used first
	held  list.List                // of *leaf, see frequent.go
	words []string                 // whose sets are held, in order
	size  uint64
	ahead uint64 // of it what is held
	fresh freshRows

	gatherings sync.Pool // of *gathering
}

// leaf is the kept set of one leaf. Whoever holds mu brings it up to date, and
// the others wait rather than do the same; the bitmap itself never changes.
type leaf struct {
	key   string
	held  bool  // see frequent.go
	of    *docs // whose numbers it holds
	mu    sync.Mutex
	write int64
	bits  *roaring.Bitmap // nil until it was read
	bytes uint64
}

// setsBytes bounds the bitmaps kept; one of a common word in a million
// articles takes 125 KB.
const setsBytes = 96 << 20

// leaf returns the kept leaf of a key, a new one if there is none.
func (c *sets) leaf(key string, of *docs) *leaf {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.kept[key]; ok && e.Value.(*leaf).of == of {
		c.age.MoveToFront(e)
		return e.Value.(*leaf)
	} else if ok {
		c.drop(e)
	}
	if c.kept == nil {
		c.kept = map[string]*list.Element{}
	}
	l := &leaf{key: key, of: of}
	c.kept[key] = c.age.PushFront(l)
	return l
}

// weigh takes note of the size of a leaf, and lets go of the least used.
func (c *sets) weigh(l *leaf, bytes uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.kept[l.key]; !ok || e.Value != l {
		return
	}
	c.size += bytes - l.bytes
	if l.held {
		c.ahead += bytes - l.bytes
	}
	l.bytes = bytes
	for c.size > setsBytes && c.age.Len() > 1 {
		c.drop(c.age.Back())
	}
}

func (c *sets) drop(e *list.Element) {
	l := e.Value.(*leaf)
	if delete(c.kept, l.key); l.held {
		c.held.Remove(e)
		c.ahead -= l.bytes
	} else {
		c.age.Remove(e)
	}
	c.size -= l.bytes
}

// current returns the copy in memory, numbered anew when so many came late.
func (c *sets) current(late int) *docs {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.docs == nil {
		c.docs = &docs{}
	}
	if c.docs.manyLate(late) {
		c.docs = c.docs.renumbered()
	}
	return c.docs
}

// used reports whether the copy in memory is there, or is being read.
func (c *sets) used() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.docs != nil
}

// matching returns the set of what matches a node under the conditions of a
// plan. All sets of one plan hold the numbers of p.docs.
func (c *sets) matching(ctx context.Context, s *sql.Tx, p *plan, n *query.Node) (*roaring.Bitmap, error) {
	if p.docs == nil {
		p.docs = c.current(lateMost)
	}
	if err := p.docs.catchUp(ctx, s, p.write, c.row); err != nil {
		return nil, err
	}
	e := c.evaluation(ctx, s, p.docs, p.write)
	e.root = n
	if p.since != 0 || p.until != 0 {
		e.span = p.docs.between(p.since, p.until)
	}
	return e.node(n)
}

// evaluation computes sets within one snapshot.
type evaluation struct {
	ctx   context.Context
	s     *sql.Tx
	c     *sets
	docs  *docs
	index func() (*postings, error) // opened once
	write int64                     // the last write that the snapshot shows
	root  *query.Node
	span  *roaring.Bitmap // what the root is confined to, nil for all

	since, until int64 // ids between which sets are read, see near; until is 0 for all
}

// evaluation makes ready for the sets of a snapshot.
func (c *sets) evaluation(ctx context.Context, s *sql.Tx, docs *docs, write int64) evaluation {
	index := sync.OnceValues(func() (*postings, error) { return openPostings(ctx, s, c.prepared) })
	return evaluation{ctx: ctx, s: s, c: c, docs: docs, index: index, write: write}
}

// node returns the set of a node; the caller must not change it.
func (e evaluation) node(n *query.Node) (*roaring.Bitmap, error) {
	switch n.Op {
	case query.OpPhrase, query.OpNumber:
		return e.leaf(n)
	case query.OpDate:
		var since, until int64
		if !n.Since.IsZero() {
			since = idFloor(n.Since)
		}
		if !n.Until.IsZero() {
			until = idFloor(n.Until)
		}
		return e.docs.between(since, until), nil
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
		parts, err := e.nodes(n.Kids, false)
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
	slices.SortStableFunc(yes, func(a, b *query.Node) int { return cmp.Compare(phrases(a), phrases(b)) }) // they take longest
	parts, err := e.nodes(yes, true)
	if err != nil {
		return nil, err
	}
	if n == e.root && e.span != nil {
		parts = append(parts, e.span)
	}
	if len(parts) == 0 {
		parts = append(parts, e.docs.between(0, 0))
	}
	all, own := and(parts), len(parts) > 1 // else it is a set that is kept
	parts, err = e.nodes(no, false)
	for _, b := range parts {
		if own {
			all.AndNot(b)
		} else {
			all, own = roaring.AndNot(all, b), true
		}
	}
	return all, err
}

// nodes returns the set of each node; of those to be intersected none after one
// that is empty.
func (e evaluation) nodes(list []*query.Node, intersected bool) ([]*roaring.Bitmap, error) {
	var out []*roaring.Bitmap
	for _, n := range list {
		b, err := e.node(n)
		if err != nil {
			return nil, err
		}
		if out = append(out, b); intersected && b.IsEmpty() {
			break
		}
	}
	return out, nil
}

// phrases counts those of several words in a node.
func phrases(n *query.Node) (count int) {
	if len(n.Terms) > 1 {
		count++
	}
	for _, k := range n.Kids {
		count += phrases(k)
	}
	return count
}

func or(parts []*roaring.Bitmap) *roaring.Bitmap {
	if len(parts) == 1 {
		return parts[0]
	}
	return roaring.FastOr(parts...)
}

// and intersects sets, the smallest first, so that what is made is small.
func and(parts []*roaring.Bitmap) *roaring.Bitmap {
	if len(parts) == 1 {
		return parts[0]
	}
	slices.SortFunc(parts, func(a, b *roaring.Bitmap) int { return cmp.Compare(a.GetCardinality(), b.GetCardinality()) })
	out := roaring.And(parts[0], parts[1])
	for _, b := range parts[2:] {
		out.And(b)
	}
	return out
}

// leaf returns the set of a word, phrase, number or filter token: as kept,
// caught up, or read anew.
func (e evaluation) leaf(n *query.Node) (*roaring.Bitmap, error) {
	if e.until != 0 && n.Op == query.OpPhrase && !e.knows(n.Key()) {
		seldom, err := e.seldom(n)
		if err != nil {
			return nil, err
		}
		if !seldom { // a part is read, and not kept
			return e.read(n)
		}
		e.since, e.until = 0, 0
	}
	l := e.c.leaf(n.Key(), e.docs)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.bits == nil {
		l.bits, l.write = e.docs.seeded(l.key)
	}
	if l.bits != nil && l.write >= e.write {
		return l.bits, nil
	}
	var bits *roaring.Bitmap
	var err error
	if l.bits != nil {
		bits, err = e.caughtUp(l, n)
	}
	if bits == nil && err == nil {
		if bits, err = e.read(n); err == nil {
			bits.RunOptimize()
		}
	}
	if err != nil {
		return nil, err
	}
	if bits != l.bits {
		l.bits = bits
		e.c.weigh(l, bits.GetSizeInBytes()+256)
	}
	l.write = e.write
	return bits, nil
}

// catchUpSpan is up to how many of the newest articles the engine is asked
// again to bring a set up to date; beyond, the set is read anew.
const catchUpSpan = 20_000

// caughtUp returns the set of a leaf with the articles that were touched
// since, nil if it has to be read anew.
func (e evaluation) caughtUp(l *leaf, n *query.Node) (*roaring.Bitmap, error) {
	touched, whole := e.docs.since(l.write)
	if !whole {
		return nil, nil
	}
	var yes, no []uint32
	rows, first := true, int64(math.MaxInt64)
	for _, t := range touched {
		rows, first = rows && t.row != nil, min(first, t.id)
	}
	switch {
	case n.Op == query.OpNumber:
		return e.numbersAgain(l.bits, n.Number, touched)
	case rows:
		for _, t := range touched {
			if t.row.has(n) {
				yes = append(yes, t.number)
			} else {
				no = append(no, t.number)
			}
		}
		return with(l.bits, yes, no), nil
	case e.docs.after(first) > catchUpSpan:
		return nil, nil
	}
	bits := l.bits.Clone()
	for _, t := range touched {
		bits.Remove(t.number)
	}
	return e.ask(bits, n.Expr(), first)
}

// with returns a set with some numbers added and others taken out, the set
// itself if that changes nothing.
func with(bits *roaring.Bitmap, yes, no []uint32) *roaring.Bitmap {
	out := bits
	change := func(n uint32, in bool) {
		if bits.Contains(n) == in {
			return
		}
		if out == bits {
			out = bits.Clone()
		}
		if in {
			out.Add(n)
		} else {
			out.Remove(n)
		}
	}
	for _, n := range yes {
		change(n, true)
	}
	for _, n := range no {
		change(n, false)
	}
	return out
}

// askedAtOnce bounds how many ids the engine gives in one piece of memory.
const askedAtOnce = 1 << 16

// ask adds to a set what the engine finds from an id on.
func (e evaluation) ask(bits *roaring.Bitmap, expr string, from int64) (*roaring.Bitmap, error) {
	for {
		last, n, err := e.addIDs(bits, "SELECT rowid AS id FROM search WHERE search MATCH ? AND rowid >= ? ORDER BY rowid LIMIT ?", expr, from, askedAtOnce)
		if err != nil || n < askedAtOnce {
			return bits, err
		}
		from = last + 1
	}
}

// addIDs adds the ids that a query gives, all in one text: a row for each would
// cost more than to find it. It returns the greatest of them, and how many there
// are.
func (e evaluation) addIDs(bits *roaring.Bitmap, text string, args ...any) (last int64, n int, err error) {
	var list sql.RawBytes
	rows, err := e.s.QueryContext(e.ctx, "SELECT coalesce(group_concat(id, ' '), '') FROM ("+text+")", args...)
	var ids []int64
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
		if err := scan(&list); err != nil {
			return err
		}
		for text := range bytes.FieldsSeq(list) {
			id, err := strconv.ParseInt(string(text), 10, 64)
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	if len(ids) > 0 {
		slices.Sort(ids)
		last = ids[len(ids)-1]
		bits.AddMany(e.numbers(nil, ids, nil))
	}
	return last, len(ids), err
}

// numbers adds to a list the numbers of rows, in order.
func (e evaluation) numbers(list []uint32, rows []int64, gone map[int64]bool) []uint32 {
	e.docs.mu.RLock()
	defer e.docs.mu.RUnlock()
	return e.docs.numbers(list, rows, gone)
}
