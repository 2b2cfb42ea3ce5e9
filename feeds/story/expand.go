package story

import (
	"cmp"
	"math"
	"slices"
)

// How much an article takes from its nearest neighbours in a batch: what
// Rocchio (1971) does to a query with the documents that it finds first.
const (
	neighbours    = 10   // that are taken from,
	neighbourLike = 0.1  // if they are at least so like,
	neighbourGain = 0.15 // so much of each, times its likeness
	addedTerms    = 20   // more terms than it has an article keeps: those of most weight
)

// near is an article that is like another.
type near struct {
	unit int32
	like float64
}

// expand adds to each article what its nearest neighbours say, damped, so that
// reports meet that share no word but have neighbours in common. Where an
// article has few neighbours, or none that is much like it, little is added.
func (g *grouping) expand() {
	single := make([]int32, len(g.own))
	for u := range single {
		single[u] = int32(u)
	}
	out := make([]vector, len(g.own))
	sum := make([]float64, len(g.words.keys))
	for u, x := range g.own {
		out[u] = g.expanded(x, g.nearest(u, single), sum)
	}
	g.index = newIndex(g.words, out)
}

// nearest finds the neighbours of an article, the most like first.
func (g *grouping) nearest(unit int, single []int32) []near {
	x := g.own[unit]
	g.index.gather(x, single)
	var found []near
	for _, t := range g.index.touched {
		all, _ := g.index.take(t)
		if all < neighbourLike || int(t) == unit {
			continue
		}
		if like := all * x.nearness(g.own[t]); like >= neighbourLike {
			found = append(found, near{t, like})
		}
	}
	slices.SortFunc(found, func(a, b near) int { return cmp.Or(cmp.Compare(b.like, a.like), cmp.Compare(a.unit, b.unit)) })
	return found[:min(neighbours, len(found))]
}

// expanded is an article with what its neighbours say, of unit length. sum is
// scratch: a zero for each term of the vocabulary.
func (g *grouping) expanded(x vector, by []near, sum []float64) vector {
	if len(by) == 0 {
		return x
	}
	var ids []int32
	add := func(y vector, times float64) {
		for i, id := range y.ids {
			if sum[id] == 0 {
				ids = append(ids, id)
			}
			sum[id] += times * y.weights[i]
		}
	}
	add(x, 1)
	for _, n := range by {
		add(g.own[n.unit], neighbourGain*n.like)
	}
	slices.SortFunc(ids, func(a, b int32) int { return cmp.Or(cmp.Compare(sum[b], sum[a]), cmp.Compare(a, b)) })
	kept := ids[:min(len(x.ids)+addedTerms, len(ids))]
	out := x
	out.ids, out.weights = slices.Clone(kept), make([]float64, len(kept))
	for i, id := range kept {
		out.weights[i] = sum[id]
	}
	for _, id := range ids {
		sum[id] = 0
	}
	out.unit(g.words)
	return out
}

// times is x with each weight multiplied by its term's factor, of unit length.
func (x vector) times(factor []float64, v *vocabulary) vector {
	weights := make([]float64, len(x.weights))
	for i, id := range x.ids {
		weights[i] = x.weights[i] * factor[id]
	}
	x.weights = weights
	x.unit(v)
	return x
}

// unit scales x to unit length, if it has any.
func (x *vector) unit(v *vocabulary) {
	var all, neutral float64
	for i, id := range x.ids {
		all += x.weights[i] * x.weights[i]
		if v.neutral[id] {
			neutral += x.weights[i] * x.weights[i]
		}
	}
	if all == 0 {
		return
	}
	for i := range x.weights {
		x.weights[i] /= math.Sqrt(all)
	}
	x.neutral = math.Sqrt(neutral / all)
}
