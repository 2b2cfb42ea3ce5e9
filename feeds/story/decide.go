package story

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// Reach is how far from an article's date its neighbours are looked for: ten
// half-lives leave a thousandth of any likeness.
const Reach = 5 * 24 * time.Hour

// linked is what a link from one article to another multiplies likeness by.
const linked = 1.5

// Candidate is an article that is in a story already.
type Candidate struct {
	Story    int64
	Features Features
}

// Decision is where an article belongs.
type Decision struct {
	Story  int64   // 0: a story of its own
	Merge  []int64 // stories that turn out to be the same as Story
	Score  float64
	Reason string
}

// Decide finds the story of an article among its neighbours' stories. Stories
// that it belongs to as well, and that are alike, are to be merged, and so are
// those that draw each other's articles now that the article is known. Of a
// large story only the articles nearest to this one are known, so that it seems
// more like it than it is: many of them ask for no less than one does.
func (m *Matcher) Decide(a Features, neighbours []Candidate) Decision {
	v := newVocabulary()
	x := v.vector(a)
	v.spell(a, x)
	vectors := make([]vector, len(neighbours))
	members := map[int64][]int{}
	links := map[int64]bool{}
	for i, c := range neighbours {
		if a.Canonical != "" && a.Canonical == c.Features.Canonical {
			return Decision{Story: c.Story, Score: 1, Reason: "same address as another article"}
		}
		vectors[i] = v.vector(c.Features)
		members[c.Story] = append(members[c.Story], i)
		links[c.Story] = links[c.Story] || a.linksTo(c.Features) || c.Features.linksTo(a)
	}
	sums := make([]float64, len(v.keys))
	var near []Decision
	for id, of := range members {
		score, why := v.outline(vectors, of, x, sums), ""
		if links[id] {
			score, why = min(1, linked*score), "; one links to the other"
		}
		if score >= joinAlone {
			near = append(near, Decision{Story: id, Score: score, Reason: why})
		}
	}
	if len(near) == 0 {
		return Decision{Reason: "no other article is near enough"}
	}
	slices.SortFunc(near, func(a, b Decision) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Story, b.Story))
	})
	best := near[0]
	home := v.story(vectors, members[best.Story])
	best.Reason = home.reason(x) + best.Reason
	alike := func(id int64) bool {
		asked := slices.ContainsFunc(near, func(d Decision) bool { return d.Story == id })
		return asked && home.score(v.story(vectors, members[id]).vector()) >= mergeAt
	}
	own := append(members[best.Story], len(vectors))
	vectors = append(vectors, x)
	grown := v.story(vectors, own)
	for _, id := range slices.Sorted(maps.Keys(members)) {
		if id != best.Story && (alike(id) || v.drawn(vectors, grown, own, members[id])) {
			best.Merge = append(best.Merge, id)
		}
	}
	return best
}

// drawn reports whether two stories draw the articles of each other as they would
// one that arrives now: all of the smaller, and three in four of the larger. It is
// asked whenever one of them grew, since the articles of both were asked when less
// was known.
func (v *vocabulary) drawn(vectors []vector, grown *profile, own, of []int) bool {
	draws := func(p *profile, articles []int, larger bool) bool {
		spare := 0
		if larger {
			spare = len(articles) / 4
		}
		for _, i := range articles {
			if p.score(vectors[i]) < joinAlone {
				spare--
			}
			if spare < 0 {
				return false
			}
		}
		return true
	}
	return draws(grown, of, len(of) > len(own)) && draws(v.story(vectors, of), own, len(own) >= len(of))
}

// Telling are the terms by which the neighbours of an article are found: the n
// that tell most.
func (f Features) Telling(n int) []string {
	ts := slices.Clone(f.Terms)
	slices.SortFunc(ts, func(a, b Term) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), strings.Compare(a.Key, b.Key))
	})
	out := make([]string, 0, n)
	for _, t := range ts[:min(n, len(ts))] {
		out = append(out, t.Key)
	}
	return out
}
