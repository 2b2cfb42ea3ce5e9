package story

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// When articles of a batch are one event. Here stories are known whole, and a
// larger one has a clearer direction. Chosen on half of the stories of the UCI
// headlines and checked on the other half; neighbouring values do about as well.
const (
	batchAlone = 0.23 // likeness that an article needs to join a single article,
	batchEase  = 0.03 // by which each e-fold of the story lowers it,
	batchLeast = 0.06 // down to this
	batchMerge = 0.25 // likeness at which two stories are one
	oneWord    = 0.3  // see breadth
	rounds     = 3    // how often stories are merged and every article is asked again where it belongs; after three little moves
)

// threshold is the likeness that an article needs to join a story of n.
func threshold(n int) float64 {
	return math.Max(batchLeast, batchAlone-batchEase*math.Log(float64(n)))
}

// Grouped is where an article belongs among others.
type Grouped struct {
	Story  int     // index of the story's first article in order of date
	Score  float64 // likeness to the rest of its story, 0 where it is alone
	Reason string
}

// Group finds the stories of many articles at once. The result does not
// depend on their order: they are taken by date, title's words and address,
// and each is asked again once all are known. Each is compared by what its
// nearest neighbours say as well, so that two reports without a word in common
// meet where a third has words of both.
func (m *Matcher) Group(fs []Features) []Grouped {
	g := newGrouping(fs)
	g.expand()
	g.first()
	g.settle()
	g.sharpen()
	g.settle()
	return g.result()
}

// grouping is the state of Group. Articles of one address are one unit; units
// are numbered by date, words and address.
type grouping struct {
	unitOf  []int // article -> unit
	article []int // unit -> its first article
	words   *vocabulary
	own     []vector // of each unit: what it says itself
	index   *index   // what it and its neighbours say
	stories []*profile
	at      []int32 // unit -> story, none before it has one
}

// none is the story of a unit that has none.
const none = -1

func newGrouping(fs []Features) *grouping {
	g := &grouping{unitOf: make([]int, len(fs)), words: newVocabulary()}
	byAddress := map[string]int{}
	for _, i := range inOrder(fs) {
		unit, known := byAddress[fs[i].Canonical]
		if !known || fs[i].Canonical == "" {
			unit = len(g.article)
			byAddress[fs[i].Canonical] = unit
			g.article = append(g.article, i)
			x := g.words.vector(fs[i])
			g.words.spell(fs[i], x)
			g.own = append(g.own, x)
			g.at = append(g.at, none)
		}
		g.unitOf[i] = unit
	}
	g.index = newIndex(g.words, g.own)
	return g
}

// inOrder sorts articles by what they say of themselves.
func inOrder(fs []Features) []int {
	order := make([]int, len(fs))
	keys := make([]string, len(fs))
	for i, f := range fs {
		order[i] = i
		var b strings.Builder
		for _, t := range f.Terms {
			b.WriteString(t.Key)
			b.WriteByte(' ')
		}
		b.WriteString(f.Canonical)
		keys[i] = b.String()
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(fs[a].Published.Compare(fs[b].Published), strings.Compare(keys[a], keys[b]))
	})
	return order
}

// first gives each article the best story so far, or one of its own.
func (g *grouping) first() {
	for u := range g.at {
		s := g.best(g.index.vectors[u], 1, none, threshold)
		if s == none {
			s = g.open()
		}
		g.put(u, s)
	}
}

func (g *grouping) open() int32 {
	g.stories = append(g.stories, newProfile(g.words))
	g.index.room(len(g.stories))
	return int32(len(g.stories) - 1)
}

func (g *grouping) put(unit int, story int32) {
	g.stories[story].add(g.index.vectors[unit], 1)
	g.at[unit] = story
}

// best is the story that x, the direction of n articles, is nearest to, of those
// that it is near enough to by the rule; none if there is none.
func (g *grouping) best(x vector, n int, except int32, enough func(n int) float64) int32 {
	left := g.index.gather(x, g.at)
	found, like := int32(none), 0.0
	for _, s := range g.index.touched {
		all, neutral := g.index.take(s)
		p := g.stories[s]
		if s == except || !p.promises(x, all, neutral, enough(p.n)) {
			continue
		}
		all, neutral = g.index.complete(x, left, p, all, neutral)
		l := p.likeness(x, all, neutral)
		if l >= enough(p.n) {
			l *= p.breadth(x, min(n, p.n))
		}
		if l >= enough(p.n) && (l > like || l == like && s < found) {
			found, like = s, l
		}
	}
	return found
}

// settle merges stories and asks every article again, until rounds are over.
func (g *grouping) settle() {
	for range rounds {
		g.merge()
		for u := range g.at {
			g.ask(u)
		}
	}
}

// ask takes an article out of its story and puts it where it is nearest.
func (g *grouping) ask(unit int) {
	was := g.at[unit]
	g.stories[was].add(g.index.vectors[unit], -1)
	g.at[unit] = none
	s := g.best(g.index.vectors[unit], 1, none, threshold)
	if s == none {
		if s = was; g.stories[was].n > 0 {
			s = g.open()
		}
	}
	g.put(unit, s)
}

// merge joins stories that are one, the smaller into the larger.
func (g *grouping) merge() {
	members := make([][]int, len(g.stories))
	for u, s := range g.at {
		members[s] = append(members[s], u)
	}
	var standing []int32
	for s := range members {
		if len(members[s]) > 0 {
			standing = append(standing, int32(s))
		}
	}
	slices.SortStableFunc(standing, func(a, b int32) int { return cmp.Compare(len(members[a]), len(members[b])) })
	for _, s := range standing {
		t := g.best(g.stories[s].vector(), g.stories[s].n, s, func(int) float64 { return batchMerge })
		if t == none {
			continue
		}
		g.stories[t].absorb(g.stories[s])
		g.stories[s] = newProfile(g.words)
		for _, u := range members[s] {
			g.at[u] = t
		}
		members[t], members[s] = append(members[t], members[s]...), nil
	}
}

// sharpen makes less of the terms that several stories of this very batch
// share, whatever the background table says of them: by a root of the number
// of stories among which a term is spread (inverse Simpson index).
func (g *grouping) sharpen() {
	const few = 5 // articles of a story that counts
	const root = 0.35
	counts := make([]map[int32]int, len(g.words.keys))
	for u, x := range g.index.vectors {
		if g.stories[g.at[u]].n < few {
			continue
		}
		for _, id := range x.ids {
			if counts[id] == nil {
				counts[id] = map[int32]int{}
			}
			counts[id][g.at[u]]++
		}
	}
	factor := make([]float64, len(counts))
	for id, by := range counts {
		var n, squares float64
		for _, c := range by {
			n += float64(c)
			squares += float64(c * c)
		}
		factor[id] = 1
		if n > 0 {
			factor[id] = math.Pow(squares/(n*n), root)
		}
	}
	for s := range g.stories {
		g.stories[s] = newProfile(g.words)
	}
	sharp := make([]vector, len(g.at))
	for u, x := range g.index.vectors {
		sharp[u] = x.times(factor, g.words)
	}
	g.index = newIndex(g.words, sharp)
	g.index.room(len(g.stories))
	for u, s := range g.at {
		g.put(u, s)
	}
}

// result names each story by its first article and says why each article is
// where it is.
func (g *grouping) result() []Grouped {
	first := make([]int, len(g.stories))
	for u := len(g.at) - 1; u >= 0; u-- {
		first[g.at[u]] = g.article[u]
	}
	out := make([]Grouped, len(g.unitOf))
	for i, u := range g.unitOf {
		out[i] = Grouped{Story: first[g.at[u]]}
		switch p := g.stories[g.at[u]]; {
		case g.article[u] != i:
			out[i].Score, out[i].Reason = 1, "same address as another article"
		case p.n == 1:
			out[i].Reason = "no other article is near enough"
		default:
			x := g.index.vectors[u]
			p.add(x, -1)
			out[i].Score, out[i].Reason = p.score(x), p.because(g.own[u], x)
			p.add(x, 1)
		}
	}
	return out
}
