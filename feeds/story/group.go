package story

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Grouped is where an article belongs among others.
type Grouped struct {
	Story  int     // index of the story's first article in order of date
	Score  float64 // likeness to the rest of its story, 0 where it is alone
	Reason string
}

// rounds is how often stories are merged and every article is asked again
// where it belongs; after three little moves.
const rounds = 3

// Group finds the stories of many articles at once. The result does not
// depend on their order: they are taken by date, title's words and address,
// and each is asked again once all are known.
func (m *Matcher) Group(fs []Features) []Grouped {
	g := newGrouping(fs)
	g.first()
	g.settle()
	g.sharpen()
	g.settle()
	return g.result()
}

// grouping is the state of Group. Articles of one address are one unit.
type grouping struct {
	words   *vocabulary
	in      []Features
	order   []int // units, by date, words and address
	unitOf  []int // article -> unit
	vectors []vector
	stories []*profile
	at      []int             // unit -> story
	posting [][]int32         // term -> stories that have had it
	posted  map[[2]int32]bool // term, story
	sums    []float64         // scratch: story -> products of all terms
	neutral []float64         // scratch: of neutral terms
	touched []int32
}

func newGrouping(fs []Features) *grouping {
	g := &grouping{words: newVocabulary(), in: fs, unitOf: make([]int, len(fs)), posted: map[[2]int32]bool{}}
	sorted := make([]int, len(fs))
	keys := make([]string, len(fs))
	for i := range fs {
		sorted[i] = i
		keys[i] = sortKey(fs[i])
	}
	slices.SortStableFunc(sorted, func(a, b int) int {
		return cmp.Or(fs[a].Published.Compare(fs[b].Published), strings.Compare(keys[a], keys[b]))
	})
	byAddress := map[string]int{}
	for _, i := range sorted {
		if c := fs[i].Canonical; c != "" {
			if unit, known := byAddress[c]; known {
				g.unitOf[i] = unit
				continue
			}
			byAddress[c] = i
		}
		g.unitOf[i] = i
		g.order = append(g.order, i)
	}
	g.vectors = make([]vector, len(fs))
	for i := range fs {
		g.vectors[i] = g.words.vector(fs[i])
	}
	g.posting = make([][]int32, len(g.words.keys))
	g.at = make([]int, len(fs))
	return g
}

func sortKey(f Features) string {
	var b strings.Builder
	for _, t := range f.Terms {
		b.WriteString(t.Key)
		b.WriteByte(' ')
	}
	b.WriteString(f.Canonical)
	return b.String()
}

// first gives each article the best story so far, or one of its own.
func (g *grouping) first() {
	for _, i := range g.order {
		s, _ := g.best(g.vectors[i], -1, threshold)
		if s < 0 {
			s = g.open()
		}
		g.put(i, s)
	}
}

func (g *grouping) open() int {
	g.stories = append(g.stories, newProfile(g.words))
	g.sums, g.neutral = append(g.sums, 0), append(g.neutral, 0)
	return len(g.stories) - 1
}

func (g *grouping) put(i, story int) {
	g.stories[story].add(g.vectors[i], 1)
	g.post(g.vectors[i].ids, story)
	g.at[i] = story
}

func (g *grouping) post(ids []int32, story int) {
	for _, id := range ids {
		key := [2]int32{id, int32(story)}
		if !g.posted[key] {
			g.posted[key] = true
			g.posting[id] = append(g.posting[id], int32(story))
		}
	}
}

// best is the story that x is nearest to, of those that it is near enough to
// by the rule, and its likeness; -1 if there is none.
func (g *grouping) best(x vector, except int, enough func(n int) float64) (int, float64) {
	g.touched = g.touched[:0]
	for i, id := range x.ids {
		for _, s := range g.posting[id] {
			if g.stories[s].n == 0 || int(s) == except {
				continue
			}
			if g.sums[s] == 0 {
				g.touched = append(g.touched, s)
			}
			product := x.weights[i] * g.stories[s].sum[id]
			g.sums[s] += product
			if g.words.neutral[id] {
				g.neutral[s] += product
			}
		}
	}
	found, like := -1, 0.0
	for _, s := range g.touched {
		p := g.stories[s]
		l := p.likeness(x, g.sums[s], g.neutral[s])
		if l >= enough(p.n) && (l > like || l == like && int(s) < found) {
			found, like = int(s), l
		}
		g.sums[s], g.neutral[s] = 0, 0
	}
	return found, like
}

// settle merges stories and asks every article again, until rounds are over.
func (g *grouping) settle() {
	for range rounds {
		g.merge()
		g.compact()
		for _, i := range g.order {
			g.ask(i)
		}
	}
}

// compact forgets the postings of terms that a story no longer has.
func (g *grouping) compact() {
	for id, list := range g.posting {
		kept := list[:0]
		for _, s := range list {
			if _, has := g.stories[s].sum[int32(id)]; has {
				kept = append(kept, s)
			} else {
				delete(g.posted, [2]int32{int32(id), s})
			}
		}
		g.posting[id] = kept
	}
}

// ask takes an article out of its story and puts it where it is nearest.
func (g *grouping) ask(i int) {
	was := g.at[i]
	g.stories[was].add(g.vectors[i], -1)
	s, _ := g.best(g.vectors[i], -1, threshold)
	if s < 0 {
		if s = was; g.stories[was].n > 0 {
			s = g.open()
		}
	}
	g.put(i, s)
}

// merge joins stories that are one, the smaller into the larger.
func (g *grouping) merge() {
	var standing []int
	for s, p := range g.stories {
		if p.n > 0 {
			standing = append(standing, s)
		}
	}
	slices.SortStableFunc(standing, func(a, b int) int { return cmp.Compare(g.stories[a].n, g.stories[b].n) })
	into := map[int]int{}
	for _, s := range standing {
		p := g.stories[s]
		x := p.vector()
		t, _ := g.best(x, s, func(int) float64 { return mergeAt })
		if t < 0 {
			continue
		}
		g.stories[t].absorb(p)
		g.post(x.ids, t)
		g.stories[s] = newProfile(g.words)
		into[s] = t
	}
	for _, i := range g.order {
		for t, merged := into[g.at[i]]; merged; t, merged = into[g.at[i]] {
			g.at[i] = t
		}
	}
}

// sharpen makes less of the terms that several stories of this very window
// share, whatever the background table says of them: by the square root of
// the number of stories among which a term is spread (inverse Simpson index).
func (g *grouping) sharpen() {
	const few = 3 // articles of a story that counts
	counts := make([]map[int]int, len(g.words.keys))
	for _, i := range g.order {
		if g.stories[g.at[i]].n < few {
			continue
		}
		for _, id := range g.vectors[i].ids {
			if counts[id] == nil {
				counts[id] = map[int]int{}
			}
			counts[id][g.at[i]]++
		}
	}
	factor := make([]float64, len(counts))
	for id, by := range counts {
		var n, squares int
		for _, c := range by {
			n += c
			squares += c * c
		}
		factor[id] = 1
		if n > 0 {
			factor[id] = math.Sqrt(float64(squares)) / float64(n)
		}
	}
	for s := range g.stories {
		g.stories[s] = newProfile(g.words)
	}
	for _, i := range g.order {
		g.vectors[i].sharpen(factor, g.words)
		g.put(i, g.at[i])
	}
}

// sharpen multiplies the weights and restores unit length.
func (x *vector) sharpen(factor []float64, v *vocabulary) {
	var all, neutral float64
	for i, id := range x.ids {
		x.weights[i] *= factor[id]
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

// result names each story by its first article and says why each article is
// where it is.
func (g *grouping) result() []Grouped {
	first := map[int]int{}
	for _, i := range g.order {
		if _, known := first[g.at[i]]; !known {
			first[g.at[i]] = i
		}
	}
	out := make([]Grouped, len(g.in))
	for i, unit := range g.unitOf {
		s := g.at[unit]
		out[i] = Grouped{Story: first[s]}
		switch p := g.stories[s]; {
		case unit != i:
			out[i].Score, out[i].Reason = 1, "same address as another article"
		case p.n == 1:
			out[i].Reason = "no other article is near enough"
		default:
			p.add(g.vectors[i], -1)
			out[i].Score, out[i].Reason = p.explain(g.vectors[i])
			p.add(g.vectors[i], 1)
		}
	}
	return out
}
