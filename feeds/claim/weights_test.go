package claim

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"clusterwire/feeds/eval"
	"clusterwire/feeds/news"
	"clusterwire/feeds/tag"
)

// The weights of data/evidence.txt are fitted to the figures of the labelled texts
// by logistic regression: a figure is right if a label of its text has it. Each
// piece of evidence has a weight that all metrics share, drawn towards zero, and
// each group of metrics one of its own beside it, drawn harder; a metric's own name
// is drawn little.
const (
	drawnShared = 0.5 // the precision of a normal prior
	drawnGroup  = 1.0
	drawnMetric = 0.05
	maxStep     = 0.5
	fitRounds   = 60   // at most
	fitted      = 1e-3 // a round that moves no weight further ends the fit
)

// labelledText is a text of a batch, with the companies that are found in it.
type labelledText struct {
	batch    string
	labels   eval.LabelledClaims
	mentions []news.Mention
}

// batches reads the fresh texts, and those of testdata/claims.
func batches(t *testing.T) (all []labelledText) {
	t.Helper()
	tagger, err := tag.New()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/fresh/*/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no labelled texts: %v", err)
	}
	for _, file := range files {
		for _, l := range labelledIn(t, file) {
			all = append(all, labelledText{filepath.Base(filepath.Dir(file)), l, tagger.Read(l.Text).Mentions})
		}
	}
	for _, l := range readLabelled(t) {
		all = append(all, labelledText{"claims", l, nil})
	}
	return all
}

// example is a figure of a labelled text: which weights add up for it, and whether
// it is right.
type example struct {
	batch string
	right bool
	terms []int
}

// term is a weight that is fitted: of a piece of evidence, for a group or, where it
// is -1, for all.
type term struct {
	name  string
	group int
}

// table numbers terms.
type table struct {
	number map[term]int
	terms  []term
}

func (t *table) of(name string, group int) int {
	key := term{name, group}
	if i, ok := t.number[key]; ok {
		return i
	}
	t.number[key] = len(t.terms)
	t.terms = append(t.terms, key)
	return t.number[key]
}

// examples lists the figures of texts, read as if those before each were published
// where they are right, so that they depend on no weight.
func examples(r *Reader, texts []labelledText, t *table) (all []example) {
	for _, text := range texts {
		r.readWith(text.labels.Text, text.mentions, func(w Weighed) bool {
			right := slices.ContainsFunc(text.labels.Claims, eval.LabelOf(w.Claim).Same)
			all = append(all, t.example(text.batch, w, right))
			return right
		})
	}
	return all
}

func (t *table) example(batch string, w Weighed, right bool) example {
	x := example{batch: batch, right: right}
	for _, name := range w.evidence {
		if name != string(w.Claim.Metric) {
			x.terms = append(x.terms, t.of(name, -1))
		}
		x.terms = append(x.terms, t.of(name, groupOf(w.Claim.Metric)))
	}
	return x
}

// figureOf names a figure, whatever is said of it.
func figureOf(c news.Claim) string {
	l := eval.LabelOf(c)
	l.Modality = ""
	return l.String()
}

// articleExamples lists the figures of the whole articles that are labelled. Their
// labels are of clusters of the registry alone: a figure without a label is wrong
// where it is given to one of them, and unknown elsewhere.
func articleExamples(t *testing.T, r *Reader, tab *table) (all []example) {
	t.Helper()
	tagger, err := tag.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range longSets {
		articles, err := eval.ReadArticles(os.DirFS(set.articles))
		if err != nil {
			t.Fatal(err)
		}
		labels := readArticleLabels(t, r, set.name)
		for _, key := range slices.Sorted(maps.Keys(articles)) {
			text := articles[key]
			mentions := tagger.Read(text).Mentions
			right := map[string]bool{}
			for _, c := range r.readWith(text, mentions, func(Weighed) bool { return true }).Claims {
				is := slices.ContainsFunc(labels[key], func(l eval.ArticleLabel) bool {
					same, tally := c, eval.ArticleTally{}
					same.Cluster = l.Cluster
					tally.Add([]news.Claim{same}, []eval.ArticleLabel{l})
					return tally.Right > 0
				})
				if figure := figureOf(c); is || c.Cluster != "" {
					right[figure] = right[figure] || is
				}
			}
			r.readWith(text, mentions, func(w Weighed) bool {
				is, known := right[figureOf(w.Claim)]
				if known {
					all = append(all, tab.example(set.name, w, is))
				}
				return is
			})
		}
	}
	return all
}

func (t *table) pull(i int) float64 {
	switch {
	case t.terms[i].group < 0:
		return drawnShared
	case slices.Contains(news.Metrics(), news.Metric(t.terms[i].name)):
		return drawnMetric
	}
	return drawnGroup
}

// fit finds the weights under which the labels are most likely, one weight after
// the other by Newton's method.
func fit(all []example, t *table) []float64 {
	w, sums, with := make([]float64, len(t.terms)), make([]float64, len(all)), make([][]int, len(t.terms))
	for i, x := range all {
		for _, j := range x.terms {
			with[j] = append(with[j], i)
		}
	}
	for range fitRounds {
		moved := 0.0
		for j := range w {
			slope, bend := t.pull(j)*w[j], t.pull(j)
			for _, i := range with[j] {
				p, right := 1/(1+math.Exp(-sums[i])), 0.0
				if all[i].right {
					right = 1
				}
				slope += p - right
				bend += p * (1 - p)
			}
			step := max(-maxStep, min(maxStep, -slope/bend))
			w[j] += step
			moved = max(moved, math.Abs(step))
			for _, i := range with[j] {
				sums[i] += step
			}
		}
		if moved < fitted {
			break
		}
	}
	return w
}

// inForce turns fitted weights into those that a reader adds up.
func (t *table) inForce(w []float64) weights {
	out := weights{}
	for i, key := range t.terms {
		if out[key.name] == nil {
			out[key.name] = &[groups]float64{}
		}
		for g := range groups {
			if key.group < 0 || key.group == g {
				out[key.name][g] += w[i]
			}
		}
	}
	for _, row := range out {
		for g := range row {
			row[g] = math.Round(row[g]*100) / 100
		}
	}
	return out
}

// numbers are the scores of all claims, and of those with a number.
type numbers struct{ all, numbers eval.Score }

func (n *numbers) add(r *Reader, text labelledText) {
	_, claims := r.Read(text.labels.Text, text.mentions)
	var tally eval.ClaimTally
	tally.Add(text.labels, claims)
	n.all = n.all.Plus(tally.Micro())
	for m, score := range tally.ByMetric {
		if m != news.MetricLocation && m != news.MetricOnlineDate {
			n.numbers = n.numbers.Plus(score)
		}
	}
}

// unseenBatches are those that the weights are judged on without having seen them.
var unseenBatches = []string{"11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31"}

// TestWeightsUnseen judges each batch by weights that were fitted to all others.
func TestWeightsUnseen(t *testing.T) {
	r, texts := *reader(t), batches(t)
	tab := &table{number: map[term]int{}}
	all := append(examples(&r, texts, tab), articleExamples(t, &r, tab)...)
	var sum numbers
	for _, batch := range unseenBatches {
		var others []example
		for _, x := range all {
			if x.batch != batch {
				others = append(others, x)
			}
		}
		r.weights = tab.inForce(fit(others, tab))
		var n numbers
		for _, text := range texts {
			if text.batch == batch {
				n.add(&r, text)
			}
		}
		t.Logf("batch %s by weights of the others: %v; numbers %v", batch, n.all, n.numbers)
		sum.all, sum.numbers = sum.all.Plus(n.all), sum.numbers.Plus(n.numbers)
	}
	t.Logf("all: %v; numbers %v", sum.all, sum.numbers)
	if sum.all.F1() < .925 || 1-sum.numbers.Precision() > .02 {
		t.Errorf("F1 %.3f, invented numbers %.3f", sum.all.F1(), 1-sum.numbers.Precision())
	}
}

// TestWeights writes the weights of data/evidence.txt anew where UPDATE_WEIGHTS=1
// asks for it, and otherwise checks that no weight of the data is far from what the
// labelled texts say today.
func TestWeights(t *testing.T) {
	r := reader(t)
	tab := &table{number: map[term]int{}}
	all := append(examples(r, batches(t), tab), articleExamples(t, r, tab)...)
	want := tab.inForce(fit(all, tab))
	if os.Getenv("UPDATE_WEIGHTS") != "" {
		writeWeights(t, want)
		return
	}
	const far = 0.3
	for name, row := range want {
		have := r.weights[name]
		if have == nil {
			have = &[groups]float64{}
		}
		for g := range row {
			if math.Abs(row[g]-have[g]) > far {
				t.Errorf("the weight of %q in group %d is %.2f, the labelled texts say %.2f: run with UPDATE_WEIGHTS=1", name, g, have[g], row[g])
			}
		}
	}
	for name := range r.weights {
		if want[name] == nil {
			t.Errorf("%q is evidence of no labelled figure", name)
		}
	}
}

func writeWeights(t *testing.T, all weights) {
	t.Helper()
	const path = "data/evidence.txt"
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for line := range strings.Lines(string(file)) {
		if strings.HasPrefix(line, "#") {
			out.WriteString(line)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if *all[name] == [groups]float64{} {
			continue
		}
		out.WriteString(name)
		for _, v := range all[name] {
			fmt.Fprintf(&out, "\t%.2f", v)
		}
		out.WriteString("\n")
	}
	if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
