package story

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// How alike two texts or titles are of which one repeats the other.
const (
	repeatsText  = 0.35 // share of runs of words
	repeatsTitle = 0.92 // cosine of features, where a text is missing
)

// Report is an article of a story, to be weighed.
type Report struct {
	Article   int64
	Source    news.Source
	Published time.Time
	Claims    int
	Features  Features
}

// Weigh tells origin from echo and picks the lead of a story. An article is an
// echo if its text is another's, if it links to an earlier report of the
// story, or if it says that it repeats an outlet whose report is in the story
// or that an earlier article repeats already. Independent are the sources with
// a report of their own.
//
// The lead is, of the articles that are no echo, the one of the most trusted
// source, aggregators last; then the one with most claims; then the longest;
// then the earliest.
//
// Where the articles turn out to report two events, Apart are those that leave.
//
// The rank is a moment in days since 1970, that of the newest report, moved by
// the logarithm of the story's weight to base 2: twice the weight is worth one
// day. The weight is 1, and 0.5 for each grade of trust of each independent
// source, and 0.1 for each claim up to 10: figures may weigh as much as one more
// source, and a round-up of many sites no more than that.
func (m *Matcher) Weigh(reports []Report) news.Weighing {
	if len(reports) == 0 {
		return news.Weighing{LeadRule: "no article is left"}
	}
	reports = slices.Clone(reports)
	slices.SortFunc(reports, func(a, b Report) int {
		return cmp.Or(a.Published.Compare(b.Published), cmp.Compare(a.Article, b.Article))
	})
	var w news.Weighing
	w.Standings = m.cites.standings(reports)
	w.Apart = apart(reports)
	var own []Report
	for i, s := range w.Standings {
		if s.Origin == 0 {
			own = append(own, reports[i])
		}
	}
	trust := map[string]news.Trust{}
	claims, newest := 0, time.Time{}
	for _, r := range own {
		trust[r.Source.Slug] = r.Source.Trust
		claims = max(claims, r.Claims)
		if r.Published.After(newest) {
			newest = r.Published
		}
	}
	w.Independent = len(trust)
	weight := 1 + 0.1*float64(min(claims, 10))
	for _, t := range trust {
		weight += 0.5 * float64(max(t, 1))
	}
	w.Rank = float64(newest.Unix())/86400 + math.Log2(weight)
	lead := slices.MinFunc(own, before)
	w.Lead, w.LeadRule = lead.Article, leadRule(lead, len(own))
	w.Reason = common(reports)
	return w
}

// before orders reports by which should lead.
func before(a, b Report) int {
	class := func(r Report) int {
		if r.Source.Kind == news.KindAggregator {
			return 0
		}
		return int(r.Source.Trust)
	}
	return cmp.Or(cmp.Compare(class(b), class(a)), cmp.Compare(b.Claims, a.Claims), cmp.Compare(b.Features.Length, a.Features.Length),
		a.Published.Compare(b.Published), cmp.Compare(a.Article, b.Article))
}

func leadRule(r Report, of int) string {
	if of == 1 {
		return "the only article that repeats no other"
	}
	return fmt.Sprintf("of %d articles that repeat no other: trust of the source (%d), then claims (%d), then length, then date", of, r.Source.Trust, r.Claims)
}

// standings says of each report, in order of date, whether it repeats another.
func (c *citations) standings(reports []Report) []news.Standing {
	out := make([]news.Standing, len(reports))
	root := func(i int) int64 { // what an echo of i repeats in the end
		return cmp.Or(out[i].Origin, reports[i].Article)
	}
	release := slices.IndexFunc(reports, func(r Report) bool { return r.Source.Kind == news.KindCompany })
	for i, r := range reports {
		out[i] = news.Standing{Article: r.Article, Why: "its own report"}
		// A company's own release is the origin of its copies, also of one
		// that another site dated earlier.
		if release > i && overlap(r.Features.Sketch, reports[release].Features.Sketch) >= repeatsText {
			out[i].Origin, out[i].Why = reports[release].Article, "has the text of the company's release"
			continue
		}
		if i == release {
			out[i].Why = "the company's own release"
			continue
		}
		for j := range i {
			if why := c.repeats(r, reports[j]); why != "" {
				out[i].Origin, out[i].Why = root(j), why
				break
			}
		}
	}
	return out
}

// repeats says why b is taken for the origin of a, "" if it is not.
func (c *citations) repeats(a, b Report) string {
	fa, fb := a.Features, b.Features
	if share := overlap(fa.Sketch, fb.Sketch); share >= repeatsText {
		return fmt.Sprintf("%.0f%% of its runs of words are those of %s", 100*share, b.Source.Name)
	}
	if (fa.Sketch == nil || fb.Sketch == nil) && fa.Language == fb.Language && len(fa.Terms) > 3 && dot(fa.Terms, fb.Terms) >= repeatsTitle {
		return "has the words of " + b.Source.Name
	}
	if a.Source.Slug == b.Source.Slug {
		return ""
	}
	if fa.linksTo(fb) {
		return "links to " + b.Source.Name
	}
	for _, o := range fa.Cites {
		switch {
		case c.outletOf(a.Source) == o:
		case c.outletOf(b.Source) == o:
			return "says that it repeats " + b.Source.Name
		case slices.Contains(fb.Cites, o):
			return "says that it repeats " + o + ", as " + b.Source.Name + " does"
		}
	}
	return ""
}

// dot is the sum of products of the terms that two articles share.
func dot(a, b []Term) float64 {
	var sum float64
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch c := strings.Compare(a[i].Key, b[j].Key); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			sum += a[i].Weight * b[j].Weight
			i++
			j++
		}
	}
	return sum
}

// common says what the articles of a story share, "" for a single one.
func common(reports []Report) string {
	if len(reports) < 2 {
		return ""
	}
	v := newVocabulary()
	var xs []vector
	for _, r := range reports {
		x := v.vector(r.Features)
		v.spell(r.Features, x)
		xs = append(xs, x)
	}
	p := newProfile(v)
	shared := map[int32]int{}
	for _, x := range xs {
		p.add(x, 1)
		for _, id := range x.ids {
			shared[id]++
		}
	}
	var ids []int32
	for _, id := range p.ids() {
		if 2*shared[id] > len(reports) || len(reports) == 2 && shared[id] == 2 {
			ids = append(ids, id)
		}
	}
	slices.SortStableFunc(ids, func(a, b int32) int { return cmp.Compare(p.sum[b], p.sum[a]) })
	if len(ids) == 0 {
		return "each is near to the others, though no word stands in most of them"
	}
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = v.word(id)
	}
	return "most of them share " + strings.Join(firstShown(words), ", ")
}
