package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
)

// This file reads the posting lists of the index where FTS5 keeps them, in the
// table search_data. A list of half a million articles takes the engine 400 ms
// to hand out row by row, and this reader 10 ms, which is what exact totals
// and facets need. It only reads, within the snapshot of its caller.
//
// The format is described at the top of fts5_index.c of SQLite ("CONTENTS OF
// %_data TABLE"), and has been stable since 3.43. TestPostings compares the
// reader with the engine.

// segment is one part of the index. None is changed, but its number is given to
// another when it is gone.
type segment struct {
	id, first, last int64     // number, first and last leaf page
	tombstones      int64     // pages that name deleted rows
	origins         [2]uint64 // of the writes that it holds, first and last
}

// Numbers of the format.
const (
	structureRow = 10
	segmentShift = 37 // rowid of a leaf: segment << 37 + page
	tombstoneBit = 1 << 16
	leafHeader   = 4
	mainPrefix   = '0' // first byte of every term of the main index
	newColumn    = 1   // in a position list: the next number is a column
	titleColumn  = 1   // the second column of the index
	maxPositions = 1 << 30
)

var errFormat = errors.New("the index has a format that this program does not read")

// postings reads the index within one snapshot.
type postings struct {
	ctx          context.Context
	s            *sql.Tx
	prepared     statements
	segments     []segment
	since, until int64              // ids that are looked for, the second not included; until is 0 for all, see between
	extents      map[segment]extent // with until
}

// Texts that the index is read with.
const (
	blockText = "SELECT block FROM search_data WHERE id = ?"
	goneText  = "SELECT block FROM search_data WHERE id BETWEEN ? AND ?"
)

// openPostings reads the list of segments.
func openPostings(ctx context.Context, s *sql.Tx, prepared statements) (p *postings, err error) {
	p = &postings{ctx: ctx, s: s, prepared: prepared}
	block, err := p.block(structureRow)
	if err == nil {
		p.segments, err = readSegments(block)
	}
	return p, err
}

// block reads a row of the index. It is an error if there is none.
func (p *postings) block(id int64) (block []byte, err error) {
	err = errFormat
	rows, failed := p.prepared.query(p.ctx, p.s, blockText, id)
	if failed = eachRow(rows, failed, func(scan func(dest ...any) error) error {
		err = nil
		return scan(&block)
	}); failed != nil {
		return nil, failed
	}
	return block, err
}

// readSegments reads the list of segments.
func readSegments(block []byte) ([]segment, error) {
	if len(block) < 4 {
		return nil, errFormat
	}
	r := varints{b: block[4:]}
	v2 := bytes.HasPrefix(r.b, []byte{0xff, 0, 0, 1})
	if v2 {
		r.b = r.b[4:]
	}
	levels, total := r.next(), r.next()
	r.next() // write counter
	var out []segment
	for range levels {
		r.next() // segments being merged
		for n := r.next(); n > 0 && !r.bad; n-- {
			g := segment{id: int64(r.next()), first: int64(r.next()), last: int64(r.next())}
			if v2 {
				g.origins = [2]uint64{r.next(), r.next()}
				g.tombstones = int64(r.next())
				r.next() // counts
				r.next()
			}
			if g.first > 0 { // else all of it has been merged into another
				out = append(out, g)
			} else {
				total--
			}
		}
	}
	if r.bad || uint64(len(out)) != total {
		return nil, errFormat
	}
	return out, nil
}

// varints reads the engine's variable-length numbers: seven bits a byte, high
// first, the ninth byte whole.
type varints struct {
	b   []byte
	bad bool
}

func (r *varints) next() uint64 {
	v, n := varint(r.b)
	if n == 0 {
		r.bad = true
		return 0
	}
	r.b = r.b[n:]
	return v
}

func varint(b []byte) (v uint64, n int) {
	for i := 0; i < len(b) && i < 8; i++ {
		v = v<<7 | uint64(b[i]&0x7f)
		if b[i] < 0x80 {
			return v, i + 1
		}
	}
	if len(b) < 9 {
		return 0, 0
	}
	return v<<8 | uint64(b[8]), 9
}

// deleted returns the deleted rows of a segment.
func (p *postings) deleted(g segment) (map[int64]bool, error) {
	if g.tombstones == 0 {
		return nil, nil
	}
	gone := map[int64]bool{}
	base := (g.id + tombstoneBit) << segmentShift
	rows, err := p.prepared.query(p.ctx, p.s, goneText, base, base+g.tombstones-1)
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
		var b sql.RawBytes
		if err := scan(&b); err != nil {
			return err
		}
		if len(b) < 8 {
			return errFormat
		}
		size := 8
		if b[0] == 4 {
			size = 4
		}
		for at := 8; at+size <= len(b); at += size {
			var id int64
			if size == 4 {
				id = int64(binary.BigEndian.Uint32(b[at:]))
			} else {
				id = int64(binary.BigEndian.Uint64(b[at:]))
			}
			if id != 0 {
				gone[id] = true
			}
		}
		return nil
	})
	return gone, err
}

// choice says what to do with a term of the index.
type choice int

const (
	skip choice = iota
	take
	stop
)

// reader walks the terms of one segment in order.
type reader struct {
	choose func(term []byte) choice
	title  bool                           // only rows whose headline holds the term
	out    func([]int64)                  // called with rows of a term taken, ascending, once or more for each term
	every  func([]int64)                  // with title, and not nil: called with all rows of the term beside
	places func(row int64, places []byte) // if not nil, called in place of out with each row and where the term stands in it
	gone   map[int64]bool

	term   []byte
	taken  bool // the list at hand is wanted
	inside bool // the page to come is not the first of the list at hand, which is wanted
	rowid  int64
	left   int    // bytes of a position list that go on on the next page
	held   []byte // its bytes so far, for places
	in     columnScan
	rows   []int64
	all    []int64 // for every
}

// begin makes ready for a run of pages: of another segment, or of the same but
// further on. inside says that it begins in the middle of a list that is wanted.
func (r *reader) begin(gone map[int64]bool, inside bool) {
	r.term, r.taken, r.inside, r.left, r.rows, r.all, r.gone = nil, inside, inside, 0, r.rows[:0], r.all[:0], gone
}

// flush hands out the rows that are certain, so that a list of many pages is
// never held whole.
func (r *reader) flush() {
	n := len(r.rows)
	if r.title && r.left > 0 { // the last may not stand in a headline
		n--
	}
	if r.taken && n > 0 {
		r.out(r.rows[:n])
		r.rows = append(r.rows[:0], r.rows[n:]...)
	}
	r.beside()
}

// drop forgets the rows that were not handed out.
func (r *reader) drop() {
	r.rows, r.all, r.taken, r.left = r.rows[:0], r.all[:0], false, 0
}

// beside hands out all rows of the term at hand.
func (r *reader) beside() {
	if len(r.all) > 0 {
		r.every(r.all)
		r.all = r.all[:0]
	}
}

// finish hands out the rows of the term at hand.
func (r *reader) finish() {
	if r.taken && len(r.rows) > 0 {
		r.out(r.rows)
	}
	r.rows, r.taken = r.rows[:0], false
	r.beside()
}

// page reads one leaf: what is left of the list of the page before, then terms
// each with its list. more is false once a term was refused for good.
func (r *reader) page(b []byte) (more bool, err error) {
	if len(b) < leafHeader {
		return false, errFormat
	}
	firstRow, size := int(binary.BigEndian.Uint16(b)), int(binary.BigEndian.Uint16(b[2:]))
	if size > len(b) {
		return false, errFormat
	}
	index := varints{b: b[size:]}
	at, end := leafHeader, size
	next := func() bool { // the next term of the page
		if len(index.b) == 0 {
			return false
		}
		end += int(index.next())
		return true
	}
	end = 0
	more = next()
	if !more {
		end = size
	}
	if r.inside { // what is left of the row before is not wanted
		if at, r.inside, r.rowid = firstRow, false, 0; at == 0 {
			return false, errFormat
		}
	}
	if r.taken {
		if err := r.list(b[:end], at, firstRow); err != nil {
			return false, err
		}
	}
	for first := true; more; first = false {
		r.finish()
		at = end
		if more = next(); !more {
			end = size
		}
		if at, err = r.readTerm(b[:end], at, first); err != nil {
			return false, err
		}
		if r.left = 0; len(r.term) == 0 || r.term[0] != mainPrefix {
			return false, nil // the main index is over
		}
		switch r.choose(r.term[1:]) {
		case stop:
			return false, nil
		case take:
			r.taken, r.rowid = true, 0
			if err := r.list(b[:end], at, at); err != nil {
				return false, err
			}
		}
	}
	return true, nil
}

func (r *reader) readTerm(b []byte, at int, first bool) (int, error) {
	v := varints{b: b[at:]}
	keep := 0
	if !first {
		keep = int(v.next())
	}
	n := int(v.next())
	if v.bad || keep > len(r.term) || n > len(v.b) {
		return 0, errFormat
	}
	r.term = append(r.term[:keep], v.b[:n]...)
	return len(b) - len(v.b) + n, nil
}

// list reads the part of a list that ends with b, from at on. The rowid at
// firstRow is absolute, the others are distances.
func (r *reader) list(b []byte, at, firstRow int) error {
	if r.left > 0 {
		rest := b[at:min(at+r.left, len(b))]
		if r.title {
			r.in.read(rest)
		}
		if r.places != nil {
			r.held = append(r.held, rest...)
		}
		at += len(rest)
		if r.left -= len(rest); r.left > 0 {
			return nil
		}
		r.settle()
	}
	rows, rowid := r.rows, r.rowid
	for at < len(b) {
		if at == firstRow {
			rowid = 0
		}
		v, n := uint64(b[at]), 1
		switch {
		case v < 0x80:
		case at+2 < len(b) && b[at+1] < 0x80: // most are of two bytes or three
			v, n = v&0x7f<<7|uint64(b[at+1]), 2
		case at+2 < len(b) && b[at+2] < 0x80:
			v, n = v&0x7f<<14|uint64(b[at+1]&0x7f)<<7|uint64(b[at+2]), 3
		default:
			if v, n = varint(b[at:]); n == 0 {
				return errFormat
			}
		}
		at += n
		rowid += int64(v)
		if at >= len(b) {
			return errFormat
		}
		size := uint64(b[at])
		if n = 1; size >= 0x80 {
			if size, n = varint(b[at:]); n == 0 {
				return errFormat
			}
		}
		if size > maxPositions {
			return errFormat
		}
		at += n
		if size&1 == 1 { // the entry deletes a row: not in an index without content
			at += int(size >> 1)
			continue
		}
		if r.every != nil {
			r.all = append(r.all, rowid)
		}
		positions := int(size >> 1)
		switch end := at + positions; {
		case r.places != nil && end > len(b):
			r.held = append(r.held[:0], b[at:]...)
		case r.places != nil:
			r.places(rowid, b[at:end])
		case !r.title:
			rows = append(rows, rowid)
		case end > len(b):
			rows, r.in = append(rows, rowid), columnScan{}
			r.in.read(b[at:])
		case bytes.IndexByte(b[at:end], newColumn) >= 0 && inTitle(b[at:end]):
			rows = append(rows, rowid)
		}
		at += positions
	}
	r.left = at - len(b)
	r.rows, r.rowid = rows, rowid
	return nil
}

// settle hands out the last row with its positions, now all read, or drops it
// if they are none of the headline.
func (r *reader) settle() {
	if r.places != nil {
		r.places(r.rowid, r.held)
	} else if r.title && !r.in.title {
		r.rows = r.rows[:len(r.rows)-1]
	}
}

// columnScan looks for positions in the headline among those of one row. They
// may come in pieces.
type columnScan struct {
	title  bool // there is one
	inside bool // the number at hand goes on
	column bool // the next number is a column
}

// inTitle reports whether positions, all of one row, name the headline.
func inTitle(b []byte) bool {
	var c columnScan
	c.read(b)
	return c.title
}

func (c *columnScan) read(b []byte) {
	for _, v := range b {
		switch {
		case c.inside:
			c.inside = v >= 0x80
		case c.column:
			c.title, c.column = c.title || v == titleColumn, false
		case v == newColumn:
			c.column = true
		default:
			c.inside = v >= 0x80
		}
	}
}
