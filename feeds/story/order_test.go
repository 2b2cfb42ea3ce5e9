package story

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"clusterwire/feeds/eval"
	"clusterwire/feeds/eval/corpus"
	"clusterwire/feeds/news"
)

// arrivals places articles one by one as the line does: each is compared with
// those before it that share most of its telling terms.
type arrivals struct {
	m      *Matcher
	set    []Features
	byTerm map[string][]int
	story  map[int]int64 // article -> story, from 1
}

// The line's bounds, see package feeds.
const (
	tellingTerms  = 12
	mostNeighbour = 24
	mostStories   = 8
	perStory      = 24
)

// oneByOne places the articles in an order and returns the story of each.
func oneByOne(m *Matcher, set []Features, order []int) []int64 {
	a := &arrivals{m: m, set: set, byTerm: map[string][]int{}, story: map[int]int64{}}
	for _, i := range order {
		a.place(i)
	}
	out := make([]int64, len(set))
	for i := range set {
		out[i] = a.story[i]
	}
	return out
}

func (a *arrivals) place(i int) {
	d := a.m.Decide(a.set[i], a.around(i))
	if d.Story == 0 {
		d.Story = int64(i + 1)
	}
	a.story[i] = d.Story
	for j, s := range a.story {
		if slices.Contains(d.Merge, s) {
			a.story[j] = d.Story
		}
	}
	for _, t := range a.set[i].Telling(tellingTerms) {
		a.byTerm[t] = append(a.byTerm[t], i)
	}
}

// around are the neighbours of an article among those that are placed.
func (a *arrivals) around(i int) []Candidate {
	shared := map[int]int{}
	for _, t := range a.set[i].Telling(tellingTerms) {
		for _, j := range a.byTerm[t] {
			if gap := a.set[i].Published.Sub(a.set[j].Published); gap <= Reach && gap >= -Reach {
				shared[j]++
			}
		}
	}
	var found []int
	for j := range shared {
		found = append(found, j)
	}
	slices.SortFunc(found, func(x, y int) int { return cmp.Or(cmp.Compare(shared[y], shared[x]), cmp.Compare(x, y)) })
	found = found[:min(mostNeighbour, len(found))]
	var stories []int64
	for _, j := range found {
		if !slices.Contains(stories, a.story[j]) {
			stories = append(stories, a.story[j])
		}
	}
	for _, s := range stories[:min(mostStories, len(stories))] {
		found = append(found, a.others(i, s, found)...)
	}
	out := make([]Candidate, len(found))
	for k, j := range found {
		out[k] = Candidate{Story: a.story[j], Features: a.set[j]}
	}
	return out
}

// others are the articles of a story that are nearest in time to one, without
// those that were found already.
func (a *arrivals) others(i int, story int64, found []int) []int {
	var out []int
	for j, s := range a.story {
		if s == story && !slices.Contains(found, j) {
			out = append(out, j)
		}
	}
	gap := func(j int) time.Duration { return a.set[j].Published.Sub(a.set[i].Published).Abs() }
	slices.SortFunc(out, func(x, y int) int { return cmp.Or(cmp.Compare(gap(x), gap(y)), cmp.Compare(x, y)) })
	return out[:min(perStory, len(out))]
}

// TestOrderOfArrival places our own set in many orders, as late and back-filled
// articles would arrive, and bounds how far the stories differ from those in
// order of date.
func TestOrderOfArrival(t *testing.T) {
	set := readEvents(t)
	fs, _ := grouped(t, set)
	m := matcher(t)
	want := make([]string, len(set))
	byDate := make([]int, len(set))
	for i, x := range set {
		want[i], byDate[i] = x.event, i
	}
	slices.SortStableFunc(byDate, func(a, b int) int { return fs[a].Published.Compare(fs[b].Published) })
	reversed := slices.Clone(byDate)
	slices.Reverse(reversed)
	orders := [][]int{reversed}
	for seed := range uint64(6) {
		orders = append(orders, rand.New(rand.NewPCG(seed, 3)).Perm(len(set)))
	}
	first := oneByOne(m, fs, byDate)
	_, _, f1 := eval.BCubed(want, first)
	t.Logf("in order of date: B-cubed F1 %.3f", f1)
	least, alike := f1, 1.0
	for _, order := range orders {
		got := oneByOne(m, fs, order)
		_, _, f1 := eval.BCubed(want, got)
		_, _, same := eval.BCubed(first, got)
		least, alike = min(least, f1), min(alike, same)
	}
	t.Logf("in %d other orders: F1 at least %.3f, and at least %.3f against the order of date", len(orders), least, alike)
	if least < 0.98 || alike < 0.98 {
		t.Error("the stories depend on the order of arrival by more than the bound")
	}
}

// TestOrderOfDenseArrival does so where thousands of articles come within two
// days, whose stories share words: half of the stories of the UCI headlines.
func TestOrderOfDenseArrival(t *testing.T) {
	m := matcher(t)
	half := map[string]bool{}
	var want []string
	var fs []Features
	for _, f := range readTable(t, corpus.Path(t, "stories/uci_news_aggregator.tsv"), 8)[1:] {
		if _, known := half[f[5]]; !known {
			half[f[5]] = len(half)%2 == 0
		}
		ms, err := strconv.ParseInt(f[7], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if half[f[5]] {
			fs = append(fs, m.Featurize(news.Text{Title: f[1], Language: "en", Published: time.UnixMilli(ms).UTC()}, news.Reading{}))
			want = append(want, f[5])
		}
	}
	byDate := make([]int, len(fs))
	for i := range byDate {
		byDate[i] = i
	}
	slices.SortStableFunc(byDate, func(a, b int) int { return fs[a].Published.Compare(fs[b].Published) })
	first := oneByOne(m, fs, byDate)
	second := oneByOne(m, fs, rand.New(rand.NewPCG(1, 1)).Perm(len(fs)))
	p, r, f1 := eval.BCubed(want, first)
	_, _, shuffled := eval.BCubed(want, second)
	_, _, alike := eval.BCubed(first, second)
	t.Logf("%d articles: in order of date B-cubed P %.3f R %.3f F1 %.3f; in another F1 %.3f; against each other %.3f", len(fs), p, r, f1, shuffled, alike)
	if f1 < 0.85 || shuffled < 0.87 || alike < 0.9 || p < 0.9 {
		t.Error("worse than the floors")
	}
}
