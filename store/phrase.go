package store

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"clusterwire/store/query"
)

// Whether words that an article has stand side by side, the places say that the
// index keeps with each. So a phrase is looked for where all of its words are,
// and of the lists no more is read than these articles are in. The engine, which
// walks the lists row by row, takes several times as long for two frequent words.

// together is how many articles are looked through at a time: it bounds the
// memory that their places take, some twenty bytes each for a frequent word.
const together = 1 << 18

// phrase reads the set of articles in which some words stand side by side. The
// last may be a prefix.
func (e evaluation) phrase(n *query.Node) (*roaring.Bitmap, error) {
	var parts []*roaring.Bitmap
	for i, w := range n.Terms {
		bits, err := e.leaf(&query.Node{Op: query.OpPhrase, Terms: []string{w}, Title: n.Title, Prefix: n.Prefix && i == len(n.Terms)-1})
		if err != nil {
			return nil, err
		}
		parts = append(parts, bits)
	}
	if e.until != 0 {
		parts = append(parts, e.docs.between(e.since, e.until))
	}
	ids := e.docs.idsOf(and(parts))
	found, size := roaring.New(), together
	if n.Prefix { // all lists of its words are read each time
		size = max(size, len(ids))
	}
	for some := range slices.Chunk(ids, size) {
		x := e
		x.since, x.until = some[0], some[len(some)-1]+1
		ids, err := x.sideBySide(n, some)
		if err != nil {
			return nil, err
		}
		found.AddMany(e.numbers(nil, ids, nil))
	}
	return found, nil
}

// sideBySide returns those of some articles, in the order of their ids, in
// which the words of a phrase stand side by side.
func (e evaluation) sideBySide(n *query.Node, ids []int64) ([]int64, error) {
	p, err := e.postings()
	if err != nil {
		return nil, err
	}
	s := &sides{ids: ids, title: n.Title, before: make([]run, len(ids)), now: make([]run, len(ids))}
	for i, from := range n.Terms {
		to := from
		if n.Prefix && i == len(n.Terms)-1 {
			to += lastRune
		}
		spans, err := p.spans(from, to)
		if err != nil {
			return nil, err
		}
		r := &reader{choose: words(from, to, nil)}
		s.last = i == len(n.Terms)-1
		r.places = func(row int64, places []byte) {
			if s.find(row) && (len(r.gone) == 0 || !r.gone[row]) {
				s.meet(places, i == 0)
			}
		}
		if err := p.each(r, spans); err != nil {
			return nil, err
		}
		if s.step(); len(s.places) == 0 {
			break
		}
	}
	return s.found(), nil
}

// sides are the places at which the words of a phrase that were read so far end
// in some articles, written as the index does.
type sides struct {
	ids   []int64
	title bool
	last  bool  // of the word at hand it is enough to know whether it follows
	at    int   // of the articles the first that is not before the row met last
	row   int64 // that row

	before, now       []run // by article: of the words before, and with the one at hand
	places, placesNow []byte
}

// run is a part of a list.
type run struct{ from, to uint32 }

// find goes to a row, and reports whether it is one of the articles looked
// through.
func (s *sides) find(row int64) bool {
	if row < s.row { // another list, or segment
		s.at = 0
	}
	s.row = row
	if s.at < len(s.ids) && s.ids[s.at] < row {
		s.at = gallop(s.ids, s.at+1, row)
	}
	return s.at < len(s.ids) && s.ids[s.at] == row
}

// meet takes note of where the word at hand stands in the article found: the
// first word anywhere, another after the words before.
func (s *sides) meet(places []byte, first bool) {
	was, from := s.before[s.at], uint32(len(s.placesNow))
	switch before := s.places[was.from:was.to]; {
	case first:
		s.placesNow = append(s.placesNow, places...)
	case len(before) == 0 || s.last && s.now[s.at].to > 0: // of several words with a prefix, one is enough
		return
	default:
		s.placesNow = following(s.placesNow, before, places, s.title, s.last)
	}
	if to := uint32(len(s.placesNow)); to > from {
		s.now[s.at] = run{from, to}
	}
}

// step makes ready for the next word.
func (s *sides) step() {
	s.before, s.now = s.now, s.before
	s.places, s.placesNow = s.placesNow, s.places[:0]
	clear(s.now)
	s.at, s.row = 0, 0
}

// found returns the articles that are left.
func (s *sides) found() []int64 {
	var out []int64
	for i, r := range s.before {
		if r.to > r.from {
			out = append(out, s.ids[i])
		}
	}
	return out
}

// following adds to a list those of some places that come right after one of
// those before, in the headline if asked, and one alone if that is enough.
func following(list, before, b []byte, title, one bool) []byte {
	p, q, out := places{b: before}, places{b: b}, uint32(0)
	if !p.next() {
		return list
	}
	for q.next() {
		for p.at+1 < q.at {
			if !p.next() {
				return list
			}
		}
		if p.at+1 == q.at && (!title || q.at>>columnShift == titleColumn) {
			if list, out = appendPlace(list, out, q.at), q.at; one {
				return list
			}
		}
	}
	return list
}

// columnShift leaves room for the places within a column: texts are cut long
// before they have so many words.
const columnShift = 30

// appendPlace writes a place after another, see places.
func appendPlace(list []byte, before, at uint32) []byte {
	if column := at >> columnShift; column != before>>columnShift {
		list = append(list, newColumn, byte(column))
		before = column << columnShift
	}
	v := at - before + 2
	for shift := 28; shift > 0; shift -= 7 {
		if v>>shift != 0 {
			list = append(list, byte(v>>shift)|0x80)
		}
	}
	return append(list, byte(v)&0x7f)
}

// places walks the places of a row as the index has them: the distance to the
// place before and two, and a one before the number of a column.
type places struct {
	b  []byte
	at uint32 // column << columnShift + place
}

// next goes to the next place, if there is one.
func (p *places) next() bool {
	for len(p.b) > 0 {
		v, n := uint64(p.b[0]), 1
		if v >= 0x80 {
			if v, n = varint(p.b); n == 0 {
				return false
			}
		}
		if p.b = p.b[n:]; v != newColumn {
			p.at += uint32(v) - 2
			return true
		}
		if v, n = varint(p.b); n == 0 {
			return false
		}
		p.b, p.at = p.b[n:], uint32(v)<<columnShift
	}
	return false
}

// gallop returns the place of the first id that is not less than another, from
// a place on that is mostly near.
func gallop(ids []int64, from int, id int64) int {
	step := 1
	for from+step <= len(ids) && ids[from+step-1] < id {
		from, step = from+step, step*2
	}
	at, _ := slices.BinarySearch(ids[from:min(from+step, len(ids))], id)
	return from + at
}
