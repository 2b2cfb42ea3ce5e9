package story

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// index finds the articles that share terms with another, and sums what they
// share, article by article or story by story.
type index struct {
	words   *vocabulary
	vectors []vector
	posting [][]entry // term -> units that have it, in order
	sums    []float64 // scratch: of the products of all terms,
	neutral []float64 // and of neutral ones, by article or story
	touched []int32   // those with a sum
}

type entry struct {
	unit   int32
	weight float64
}

// telling is the share of an article's squared length that finds others: the
// rest is words that find many and say little.
const telling = 0.95

// wide is the number of articles near in date above which a term finds none,
// unless it is the rarest: where articles have no dates, a batch would cost the
// square of its size.
const wide = 1500

func newIndex(words *vocabulary, vectors []vector) *index {
	ix := &index{words: words, vectors: vectors, posting: make([][]entry, len(words.keys))}
	for u, x := range vectors {
		for i, id := range x.ids {
			ix.posting[id] = append(ix.posting[id], entry{int32(u), x.weights[i]})
		}
	}
	ix.room(len(vectors))
	return ix
}

// room makes place for the sums of n articles or stories.
func (ix *index) room(n int) {
	for len(ix.sums) < n {
		ix.sums, ix.neutral = append(ix.sums, 0), append(ix.neutral, 0)
	}
}

// gather sums the products of x with the articles that are in a group, by
// group. It returns the terms of x that it left out, as places in x. Each of
// touched must be taken after it.
func (ix *index) gather(x vector, group []int32) (left []int) {
	ix.touched = ix.touched[:0]
	find, left := x.telling()
	lists := ix.within(x, find)
	fewest := math.MaxInt
	for _, list := range lists {
		fewest = min(fewest, len(list))
	}
	for n, i := range find {
		if len(lists[n]) > max(wide, fewest) {
			left = append(left, i)
			continue
		}
		neutral := ix.words.neutral[x.ids[i]]
		for _, e := range lists[n] {
			s := group[e.unit]
			if s == none {
				continue
			}
			if ix.sums[s] == 0 {
				ix.touched = append(ix.touched, s)
			}
			product := x.weights[i] * e.weight
			ix.sums[s] += product
			if neutral {
				ix.neutral[s] += product
			}
		}
	}
	return left
}

// within are the entries of some terms of x that are near enough in date.
func (ix *index) within(x vector, places []int) [][]entry {
	from, to := ix.window(x)
	lists := make([][]entry, len(places))
	for n, i := range places {
		posting := ix.posting[x.ids[i]]
		lists[n] = posting[after(posting, from):after(posting, to)]
	}
	return lists
}

// window is the range of units whose dates are near enough to x to be like it,
// which keeps the cost of a batch in proportion to its size: units are in
// order of date. What has no date is near to all.
func (ix *index) window(x vector) (from, to int32) {
	n := len(ix.vectors)
	if !x.dated || n > 0 && !ix.vectors[0].dated {
		return 0, int32(n)
	}
	reach := Reach.Seconds()
	lo := sort.Search(n, func(u int) bool { return ix.vectors[u].date >= x.date-reach })
	hi := sort.Search(n, func(u int) bool { return ix.vectors[u].date > x.date+reach })
	return int32(lo), int32(hi)
}

// after is the place of the first entry of a unit or a later one.
func after(posting []entry, unit int32) int {
	return sort.Search(len(posting), func(i int) bool { return posting[i].unit >= unit })
}

// telling are the places of the terms of x that find others, and the rest.
func (x vector) telling() (find, rest []int) {
	places := make([]int, len(x.ids))
	var all, sum float64
	for i, w := range x.weights {
		places[i] = i
		all += w * w
	}
	slices.SortFunc(places, func(a, b int) int {
		return cmp.Or(cmp.Compare(x.weights[b], x.weights[a]), cmp.Compare(x.ids[a], x.ids[b]))
	})
	n := 0
	for n < len(places) && (sum < telling*all || x.weights[places[n]] == x.weights[places[n-1]]) {
		sum += x.weights[places[n]] * x.weights[places[n]]
		n++
	}
	return places[:n], slices.Clone(places[n:])
}

// take gives the sums of a group and clears them.
func (ix *index) take(s int32) (all, neutral float64) {
	all, neutral = ix.sums[s], ix.neutral[s]
	ix.sums[s], ix.neutral[s] = 0, 0
	return all, neutral
}

// complete adds the terms that gather left out.
func (ix *index) complete(x vector, left []int, p *profile, all, neutral float64) (float64, float64) {
	for _, i := range left {
		product := x.weights[i] * p.sum[x.ids[i]]
		all += product
		if ix.words.neutral[x.ids[i]] {
			neutral += product
		}
	}
	return all, neutral
}
