package story

import (
	"cmp"
	"slices"
)

// nothingShared is a likeness of two articles, their dates aside, that a unit
// and a few frequent words make: half of what one article needs to join
// another. Articles of one event share more, if not each with each.
const nothingShared = joinAlone / 2

// apart returns, of a story that turns out to be two, the articles that leave:
// a group of at least two, of which none is near to any of the others. A story
// comes apart when the article that held it together changed or left. The
// group with most articles stays, of two alike the one that reported first.
// Reports are in order of date.
func apart(reports []Report) []int64 {
	groups := connected(reports)
	if len(groups) < 2 {
		return nil
	}
	slices.SortStableFunc(groups, func(a, b []int) int { return cmp.Compare(len(b), len(a)) })
	var out []int64
	if leaving := groups[1]; len(leaving) > 1 {
		for _, i := range leaving {
			out = append(out, reports[i].Article)
		}
	}
	return out
}

// connected divides reports into groups that nothing connects, in the order of
// their first reports.
func connected(reports []Report) [][]int {
	v := newVocabulary()
	xs, alone := make([]vector, len(reports)), make([]*profile, len(reports)) // each as an article, and as a story of its own
	for i, r := range reports {
		xs[i] = v.vector(r.Features)
	}
	for i, x := range xs {
		alone[i] = newProfile(v)
		alone[i].add(x, 1)
	}
	connects := func(i, j int) bool {
		a, b := reports[i].Features, reports[j].Features
		return a.Canonical != "" && a.Canonical == b.Canonical || a.linksTo(b) || b.linksTo(a) || alone[j].speaksFor(xs[i])
	}
	var groups [][]int
	for i := range reports {
		joined := []int{i}
		apart := groups[:0]
		for _, g := range groups {
			if slices.ContainsFunc(g, func(j int) bool { return connects(i, j) }) {
				joined = append(joined, g...)
			} else {
				apart = append(apart, g)
			}
		}
		slices.Sort(joined)
		groups = append(apart, joined)
	}
	slices.SortFunc(groups, func(a, b []int) int { return cmp.Compare(a[0], b[0]) })
	return groups
}

// speaksFor reports whether what an article says speaks for its being of the
// event of a story of one article, whenever either said it. What Decide joins
// must be held together; between languages it goes by names and figures alone,
// of which two events share half as much by chance.
func (p *profile) speaksFor(x vector) bool {
	all, neutral := p.products(x)
	return all > nothingShared || p.timeless(x, all, neutral) >= joinAlone
}
