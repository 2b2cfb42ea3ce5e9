package story

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"clusterwire/feeds/eval"
	"clusterwire/feeds/eval/corpus"
	"clusterwire/feeds/news"
)

// uciTitles are the UCI headlines without their dates, and the story of each.
func uciTitles(t *testing.T) (fs []Features, want []string) {
	m := matcher(t)
	for _, f := range readTable(t, corpus.Path(t, "stories/uci_news_aggregator.tsv"), 8)[1:] {
		fs = append(fs, m.Featurize(news.Text{Title: f[1], Language: "en"}, news.Reading{}))
		want = append(want, f[5])
	}
	return fs, want
}

// TestUCIHalves groups halves of the stories, drawn anew several times: how far
// one set's figure lies from another's shows which change of the rules is more
// than chance. Fewer stories are easier to tell apart.
func TestUCIHalves(t *testing.T) {
	const draws = 3
	fs, want := uciTitles(t)
	names := slices.Compact(slices.Sorted(slices.Values(want)))
	var figures []float64
	for draw := range uint64(draws) {
		first := map[string]bool{}
		for n, i := range rand.New(rand.NewPCG(draw, 0)).Perm(len(names)) {
			first[names[i]] = n%2 == 0
		}
		for _, half := range []bool{true, false} {
			var some []Features
			var of []string
			for i, f := range fs {
				if first[want[i]] == half {
					some, of = append(some, f), append(of, want[i])
				}
			}
			_, _, f1 := eval.BCubed(of, stories(matcher(t).Group(some)))
			figures = append(figures, f1)
		}
	}
	var mean, square float64
	for _, f1 := range figures {
		mean += f1 / float64(len(figures))
	}
	for _, f1 := range figures {
		square += (f1 - mean) * (f1 - mean) / float64(len(figures)-1)
	}
	t.Logf("%d halves of the UCI stories, titles alone: B-cubed F1 %.3f on average, standard deviation %.3f, from %.3f to %.3f", len(figures), mean, math.Sqrt(square), slices.Min(figures), slices.Max(figures))
	if mean < 0.86 || slices.Min(figures) < 0.82 {
		t.Errorf("B-cubed F1 %.3f on average, and at least %.3f, is below the floor", mean, slices.Min(figures))
	}
}

// TestUCILabelledNeighbours holds grouping, which knows no story, against what
// the same features say when the stories of all other headlines are known: each
// headline is given the story of its twenty nearest. What even they get wrong
// the titles don't tell.
func TestUCILabelledNeighbours(t *testing.T) {
	fs, want := uciTitles(t)
	g := newGrouping(fs)
	told := make([]string, len(fs))
	right := 0
	for i := range fs {
		if told[i] = g.labelledNeighbours(i, want); told[i] == want[i] {
			right++
		}
	}
	_, _, known := eval.BCubed(want, told)
	_, _, found := eval.BCubed(want, stories(matcher(t).Group(fs)))
	t.Logf("UCI headlines, titles alone: B-cubed F1 %.3f where neighbours' stories are known, %.3f of them right; %.3f where none is", known, float64(right)/float64(len(fs)), found)
	if found < known-0.03 {
		t.Errorf("B-cubed F1 %.3f is far from the %.3f that labelled neighbours give", found, known)
	}
}

// labelledNeighbours is the story that the twenty articles nearest to another
// speak for, each with the third power of its cosine, which does best of the
// first three.
func (g *grouping) labelledNeighbours(i int, want []string) string {
	const nearest = 20
	x := g.own[g.unitOf[i]]
	likes := map[int32]float64{}
	for k, id := range x.ids {
		for _, e := range g.index.posting[id] {
			likes[e.unit] += x.weights[k] * e.weight
		}
	}
	delete(likes, int32(g.unitOf[i]))
	var by []near
	for u, like := range likes {
		by = append(by, near{u, like})
	}
	slices.SortFunc(by, func(a, b near) int { return cmp.Or(cmp.Compare(b.like, a.like), cmp.Compare(a.unit, b.unit)) })
	votes := map[string]float64{}
	best := ""
	for _, n := range by[:min(nearest, len(by))] {
		votes[want[g.article[n.unit]]] += n.like * n.like * n.like
	}
	for story, n := range votes {
		if n > votes[best] || n == votes[best] && story < best {
			best = story
		}
	}
	return best
}
