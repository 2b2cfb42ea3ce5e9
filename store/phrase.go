package store

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"clusterwire/store/query"
)

// Whether words that an article has stand side by side, the places say that the
// index keeps with each. So a phrase is looked for where all of its words are,
// some thousand articles at a time, and of the lists no more is read than these
// are in. The engine, which walks the lists row by row, takes eight times as
// long for two frequent words.

// together is how many articles are looked through at a time: it bounds the
// memory that their places take.
const together = 1 << 15

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
	found := roaring.New()
	for some := range slices.Chunk(ids, together) {
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
		r.places = func(row int64, places []byte) {
			if !r.gone[row] {
				s.meet(row, places, i > 0)
			}
		}
		if err := p.each(r, spans); err != nil {
			return nil, err
		}
		s.step()
	}
	return s.found(), nil
}

// sides are the places at which the words of a phrase that were read so far end
// in some articles.
type sides struct {
	ids   []int64
	title bool
	at    int // the article that was met last

	before, now       []run // by article: of the words before, and with the one at hand
	places, placesNow []uint32
	decoded           []uint32
}

// run is a part of a list.
type run struct{ from, to uint32 }

// columnShift leaves room for the places within a column: texts are cut long
// before they have so many words.
const columnShift = 30

// meet takes note of where the word at hand stands in an article, after the
// words before where there are some.
func (s *sides) meet(row int64, places []byte, after bool) {
	if s.at >= len(s.ids) || s.ids[s.at] > row { // another list, or segment
		s.at = 0
	}
	if s.at = gallop(s.ids, s.at, row); s.at == len(s.ids) || s.ids[s.at] != row {
		return
	}
	was := s.before[s.at]
	if after && was.from == was.to {
		return
	}
	s.decoded = decodePlaces(s.decoded[:0], places)
	if s.title {
		s.decoded = slices.DeleteFunc(s.decoded, func(at uint32) bool { return at>>columnShift != titleColumn })
	}
	from := uint32(len(s.placesNow))
	if after {
		s.placesNow = following(s.placesNow, s.places[was.from:was.to], s.decoded)
	} else {
		s.placesNow = append(s.placesNow, s.decoded...)
	}
	if to := uint32(len(s.placesNow)); to > from { // of several words with a prefix, one is enough
		s.now[s.at] = run{from, to}
	}
}

// step makes ready for the next word.
func (s *sides) step() {
	s.before, s.now = s.now, s.before
	s.places, s.placesNow = s.placesNow, s.places[:0]
	clear(s.now)
	s.at = 0
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
// those before. All are in order.
func following(list, before, places []uint32) []uint32 {
	i := 0
	for _, at := range places {
		for i < len(before) && before[i]+1 < at {
			i++
		}
		if i == len(before) {
			break
		}
		if before[i]+1 == at {
			list = append(list, at)
		}
	}
	return list
}

// decodePlaces adds to a list the places of a row as the index has them: the
// distance to the place before and two, and a one before the number of a column.
func decodePlaces(list []uint32, b []byte) []uint32 {
	column, at := uint32(0), uint32(0)
	for len(b) > 0 {
		v, n := varint(b)
		if n == 0 {
			return list
		}
		if b = b[n:]; v != newColumn {
			at += uint32(v) - 2
			list = append(list, column<<columnShift|at)
			continue
		}
		if v, n = varint(b); n == 0 {
			return list
		}
		b, column, at = b[n:], uint32(v), 0
	}
	return list
}

// gallop returns the place of the first id that is not less than another, from
// a place on that is mostly near.
func gallop(ids []int64, from int, id int64) int {
	step := 1
	for from+step < len(ids) && ids[from+step] < id {
		from, step = from+step, step*2
	}
	at, _ := slices.BinarySearch(ids[from:min(from+step+1, len(ids))], id)
	return from + at
}
