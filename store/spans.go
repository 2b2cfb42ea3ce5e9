package store

import (
	"database/sql"
	"encoding/binary"
	"fmt"
)

// This file finds the pages of the index that hold the lists of some terms, and
// reads them. All segments are asked at once: an archive has twenty of them, and
// a statement costs as much as many pages.

// span is a run of leaf pages of one segment.
type span struct {
	segment  segment
	from, to int64 // pages, both included
	inside   bool  // the first page is in the middle of the list that is wanted
	likely   bool  // the list that is wanted ends on the first of two pages, most likely
}

// leaf returns the rowid of a leaf page.
func (g segment) leaf(page int64) int64 { return g.id<<segmentShift + page }

// lastRune is greater than every rune of a term: it is no character.
const lastRune = "\U0010ffff"

// The page on which a term stands, if anywhere: the last that does not begin
// with a greater one; and the page after all of its list: the first that begins
// with a greater one. That page may hold the end of the list.
const aroundText = `SELECT s.key, t.key,
	coalesce((SELECT pgno >> 1 FROM search_idx WHERE segid = s.value AND term <= CAST('0' || t.value AS BLOB) ORDER BY term DESC LIMIT 1), 0),
	coalesce((SELECT pgno >> 1 FROM search_idx WHERE segid = s.value AND term > CAST('0' || t.value AS BLOB) ORDER BY term LIMIT 1), 1 << 36)
	FROM json_each(?) s CROSS JOIN json_each(?) t`

// spans returns the pages of every segment that hold terms from one to another,
// both included, but not those that hold nothing but a part of the list of one
// of the terms to pass over, which are in order. Of a single term's list no more
// is read than is looked for, see between.
func (p *postings) spans(from, to string, over ...string) ([]span, error) {
	var out []span
	gaps, err := p.around(over)
	if err == nil {
		gaps, err = p.certain(gaps, over)
	}
	if err != nil {
		return nil, err
	}
	ends := []string{from, to}
	places, err := p.around(ends)
	for i := 0; i < len(places); i += len(ends) {
		first, last := places[i], places[i+1]
		x := span{segment: first.segment, from: max(first.on, first.segment.first), to: min(last.after, last.segment.last)}
		for _, gap := range gaps {
			if gap.segment.id == x.segment.id && gap.on >= x.from && gap.after <= x.to {
				out = append(out, span{segment: x.segment, from: x.from, to: gap.on})
				x.from = gap.after
			}
		}
		if from == to && err == nil {
			x, err = p.narrowed(x, from)
		}
		if x.likely = from == to && x.to == x.from+1; x.from <= x.to {
			out = append(out, x)
		}
	}
	return out, err
}

// short is how many pages are read rather than looked through: a page of the
// file holds four.
const short = 8

// narrowed cuts a run of pages, that of a single term's list, to what is looked
// for.
func (p *postings) narrowed(x span, term string) (span, error) {
	if p.until == 0 || x.to-x.from < short {
		return x, nil
	}
	block, err := p.block(x.segment.leaf(x.from))
	if err != nil {
		return x, err
	}
	if last, err := lastTerm(block); err != nil || last != term { // its list ends on the page
		x.to = x.from
		return x, err
	}
	out, ids := x, p.extents[x.segment]
	if p.since > ids.first {
		if out.from, _, err = p.pageOf(x, p.since); err != nil {
			return x, err
		}
		out.inside = out.from > x.from
	}
	if p.until <= ids.last {
		_, out.to, err = p.pageOf(x, p.until)
	}
	return out, err
}

// pageOf returns the last page of a list that begins with an id or a smaller
// one, and the first that begins with a greater one. No term begins between the
// first page and the last, and a page on which no row begins is passed over.
//
// The rows of a list lie about evenly among the ids, so a page is looked for
// where it should be (interpolation search), and every other time in the middle,
// should they not.
func (p *postings) pageOf(x span, id int64) (on, after int64, err error) {
	on, after = x.from, x.to
	ids := p.extents[x.segment]
	for low, high, even := x.from, x.to, true; high-low > 1; even = !even {
		page := aim(low, high, id, ids, even)
		at, first, err := p.firstRow(x.segment, low, page)
		switch {
		case err != nil:
			return on, after, err
		case at == low: // none begins in between
			low = page
		case first <= id:
			low, on, ids.first = page, at, first
		default:
			high, after, ids.last = at, at, first
		}
	}
	return on, after, nil
}

// aim returns a page between two on which to look for an id: where it should be
// if even, else the one in the middle.
func aim(low, high, id int64, ids extent, even bool) int64 {
	if !even || id < ids.first || ids.first >= ids.last {
		return (low + high) / 2
	}
	share := (float64(id) - float64(ids.first)) / (float64(ids.last) - float64(ids.first))
	return min(max(low+int64(share*float64(high-low)), low+1), high-1)
}

// firstRow returns the first row that begins on a page, or on one before it if
// none does, but after a page low; low itself if there is none.
func (p *postings) firstRow(g segment, low, page int64) (at, id int64, err error) {
	for at = page; at > low; at-- {
		block, err := p.block(g.leaf(at))
		if err != nil {
			return at, 0, err
		}
		if len(block) < leafHeader {
			return at, 0, errFormat
		}
		if row := int(binary.BigEndian.Uint16(block)); row > 0 {
			first := varints{b: block[min(row, len(block)):]}
			id = int64(first.next())
			if first.bad {
				err = errFormat
			}
			return at, id, err
		}
	}
	return low, 0, nil
}

// around is where a segment has a term, if it has it.
type around struct {
	segment   segment
	term      int   // its place among those asked for
	on, after int64 // pages, see aroundText
}

// around finds terms in every segment, one after the other.
func (p *postings) around(terms []string) ([]around, error) {
	if len(terms) == 0 {
		return nil, nil
	}
	segments := make([]int64, len(p.segments))
	for i, g := range p.segments {
		segments[i] = g.id
	}
	in, err := toJSON(segments)
	if err != nil {
		return nil, err
	}
	list, err := toJSON(terms)
	if err != nil {
		return nil, err
	}
	out := make([]around, 0, len(segments)*len(terms))
	rows, err := p.prepared.query(p.ctx, p.s, aroundText, in, list)
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
		var at int
		var x around
		if err := scan(&at, &x.term, &x.on, &x.after); err != nil {
			return err
		}
		if at != len(out)/len(terms) || x.term != len(out)%len(terms) {
			return errFormat
		}
		x.segment = p.segments[at]
		out = append(out, x)
		return nil
	})
	return out, err
}

// certain returns those places whose term has a list of more pages than two:
// where a segment lacks a term, they are of the term before.
func (p *postings) certain(places []around, terms []string) ([]around, error) {
	var long []around
	var pages []int64
	for _, x := range places {
		x.on, x.after = max(x.on, x.segment.first), min(x.after, x.segment.last)
		if x.after > x.on+1 {
			long, pages = append(long, x), append(pages, x.segment.leaf(x.on))
		}
	}
	in, err := toJSON(pages)
	if err != nil || len(pages) == 0 {
		return nil, err
	}
	var out []around
	n := 0
	rows, err := p.prepared.query(p.ctx, p.s, pagesText, in)
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
		var id int64
		var block sql.RawBytes
		if err := scan(&id, &block); err != nil {
			return err
		}
		if n == len(pages) || id != pages[n] {
			return errFormat
		}
		term, err := lastTerm(block)
		if term == terms[long[n].term] {
			out = append(out, long[n])
		}
		n++
		return err
	})
	return out, err
}

// pagesText reads pages, leafsText runs of pages, one after the other.
const (
	pagesText = "SELECT d.id, d.block FROM json_each(?) j CROSS JOIN search_data d ON d.id = j.value"
	leafsText = "SELECT d.id, d.block FROM json_each(?) j CROSS JOIN search_data d ON d.id BETWEEN j.value ->> 0 AND j.value ->> 1"
)

// each reads the lists on some pages.
func (p *postings) each(r *reader, spans []span) error {
	gone := map[int64]map[int64]bool{}
	for _, x := range spans {
		if _, ok := gone[x.segment.id]; !ok {
			var err error
			if gone[x.segment.id], err = p.deleted(x.segment); err != nil {
				return err
			}
		}
	}
	again, err := p.run(r, spans, gone)
	if err == nil && len(again) > 0 {
		_, err = p.run(r, again, gone)
	}
	return err
}

// run reads the lists on some pages, but of two pages the second only if that
// is certain to be needed. It returns those of which it is.
func (p *postings) run(r *reader, spans []span, gone map[int64]map[int64]bool) (again []span, err error) {
	ids := make([][2]int64, len(spans))
	for i, x := range spans {
		if ids[i] = [2]int64{x.segment.leaf(x.from), x.segment.leaf(x.to)}; x.likely {
			ids[i][1] = ids[i][0]
		}
	}
	in, err := toJSON(ids)
	if err != nil {
		return nil, err
	}
	at, over, segment := 0, false, int64(-1)
	rows, err := p.prepared.query(p.ctx, p.s, leafsText, in)
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
		var id int64
		var block sql.RawBytes
		if err := scan(&id, &block); err != nil {
			return err
		}
		for at < len(ids) && (id < ids[at][0] || id > ids[at][1]) {
			at++
		}
		if at == len(ids) {
			return errFormat
		}
		if g := spans[at].segment.id; g != segment {
			r.finish()
			segment, over = g, false
			r.begin(gone[g], spans[at].inside)
		}
		if over {
			return nil
		}
		more, err := r.page(block)
		switch {
		case err != nil:
			return fmt.Errorf("segment %d: %w", segment, err)
		case spans[at].likely && more && r.taken: // it goes on
			x := spans[at]
			x.likely, over = false, true
			again = append(again, x)
			r.drop()
		case more:
			r.flush()
		default:
			over = true
		}
		return nil
	})
	r.finish()
	return again, err
}
