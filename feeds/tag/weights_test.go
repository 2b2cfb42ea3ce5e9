package tag

import (
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"clusterwire/feeds/eval"
)

// The weights of data/verdict.txt are fitted to the labelled texts by logistic
// regression, drawn towards the weights that were expected. What is wanted are
// weights that are right for texts to come, whose words the rules may lack, and
// so each text is weighed without the words that stand in no other file of the
// set: what one batch taught can't vouch for itself.
const (
	drawn     = 1.0  // towards what was expected: the precision of a normal prior
	biasDrawn = 0.01 // the same of the bias
	maxStep   = 0.5
	fitRounds = 100  // at most
	fitted    = 1e-4 // a round that moves no weight further ends the fit
)

// sample is a labelled text as its terms: one for the bias, then the amount of
// each class and of each pair.
type sample struct {
	file     string
	relevant bool
	terms    []float64
}

// samples weighs the labelled texts, with all words and without those that stand
// in no other file.
func samples(t *testing.T, tagger *Tagger) (whole, crossed []sample) {
	t.Helper()
	type seen struct {
		file     string
		relevant bool
		scan     *scanned
	}
	var texts []seen
	files := map[*pattern]map[string]bool{} // in which each word stands
	byFile := labelled(t)
	for _, name := range slices.Sorted(maps.Keys(byFile)) {
		for _, l := range byFile[name] {
			s := tagger.scan(l.Text)
			texts = append(texts, seen{name, l.Relevant, s})
			for _, h := range s.hits[useClass] {
				if files[h.pattern] == nil {
					files[h.pattern] = map[string]bool{}
				}
				files[h.pattern][name] = true
			}
		}
	}
	for _, text := range texts {
		mentions := tagger.mentions(text.scan)
		amounts, _ := tagger.amounts(text.scan, mentions)
		whole = append(whole, sample{text.file, text.relevant, tagger.terms(amounts)})
		text.scan.hits[useClass] = slices.DeleteFunc(text.scan.hits[useClass], func(h hit) bool { return len(files[h.pattern]) == 1 })
		amounts, _ = tagger.amounts(text.scan, mentions)
		crossed = append(crossed, sample{text.file, text.relevant, tagger.terms(amounts)})
	}
	return whole, crossed
}

func (t *Tagger) terms(amounts []float64) []float64 {
	out := append([]float64{1}, amounts...)
	for _, p := range t.pairs {
		out = append(out, min(amounts[p.a], amounts[p.b], 1))
	}
	return out
}

// fit finds the weights under which the labels are most likely, one weight
// after the other by Newton's method.
func fit(all []sample, expected []float64) []float64 {
	weights := slices.Clone(expected)
	sums := make([]float64, len(all))
	with := make([][]int, len(expected)) // the samples that have each term
	for i, s := range all {
		sums[i] = s.sum(weights)
		for j, v := range s.terms {
			if v != 0 {
				with[j] = append(with[j], i)
			}
		}
	}
	for range fitRounds {
		moved := 0.0
		for j := range weights {
			pull := drawn
			if j == 0 {
				pull = biasDrawn
			}
			slope, bend := pull*(weights[j]-expected[j]), pull
			for _, i := range with[j] {
				p, v := logistic(sums[i]), all[i].terms[j]
				label := 0.0
				if all[i].relevant {
					label = 1
				}
				slope += (p - label) * v
				bend += p * (1 - p) * v * v
			}
			step := max(-maxStep, min(maxStep, -slope/bend))
			weights[j] += step
			moved = max(moved, math.Abs(step))
			for _, i := range with[j] {
				sums[i] += step * all[i].terms[j]
			}
		}
		if moved < fitted {
			break
		}
	}
	return weights
}

func (s sample) sum(weights []float64) float64 {
	sum := 0.0
	for j, v := range s.terms {
		sum += v * weights[j]
	}
	return sum
}

func logistic(sum float64) float64 { return 1 / (1 + math.Exp(-sum)) }

// TestVerdictUnseen estimates the verdict on batches of texts that neither the
// weights nor, in the second figure, the words have seen: each batch is judged by
// weights that were fitted to all other files.
func TestVerdictUnseen(t *testing.T) {
	tagger := load(t)
	expected, _ := tagger.weights()
	whole, crossed := samples(t, tagger)
	var seenWords, unseenWords eval.Score
	for _, batch := range slices.Sorted(maps.Keys(labelled(t))) {
		if !strings.HasPrefix(batch, "batch-") {
			continue
		}
		others := slices.DeleteFunc(slices.Clone(crossed), func(s sample) bool { return s.file == batch })
		weights := fit(others, expected)
		for i := range whole {
			if whole[i].file == batch {
				seenWords = seenWords.Plus(eval.Binary(whole[i].relevant, whole[i].sum(weights) >= 0))
				unseenWords = unseenWords.Plus(eval.Binary(crossed[i].relevant, crossed[i].sum(weights) >= 0))
			}
		}
	}
	t.Logf("verdict of batches by weights of the others: %v", seenWords)
	t.Logf("the same without words of that batch alone:  %v", unseenWords)
	if seenWords.F1() < .98 || unseenWords.F1() < .97 {
		t.Errorf("F1 %.3f and %.3f, want .98 and .97", seenWords.F1(), unseenWords.F1())
	}
}

// TestVerdictWeights writes the weights of data/verdict.txt anew where
// UPDATE_WEIGHTS=1 asks for it, and otherwise checks that no weight of the data
// is far from what the labelled texts say today.
func TestVerdictWeights(t *testing.T) {
	tagger := load(t)
	expected, now := tagger.weights()
	_, crossed := samples(t, tagger)
	weights := fit(crossed, expected)
	if os.Getenv("UPDATE_WEIGHTS") != "" {
		writeWeights(t, weights)
		return
	}
	const far = 0.5
	for j, w := range weights {
		if math.Abs(w-now[j]) > far {
			t.Errorf("weight %d of data/verdict.txt is %.1f, the labelled texts say %.1f: run with UPDATE_WEIGHTS=1", j, now[j], w)
		}
	}
}

// weights lists the expected weights and those in force, in the order of terms.
func (t *Tagger) weights() (expected, inForce []float64) {
	all := []weight{t.bias}
	for _, c := range t.classes {
		all = append(all, c.weight)
	}
	for _, p := range t.pairs {
		all = append(all, p.weight)
	}
	for _, w := range all {
		expected, inForce = append(expected, w.expected), append(inForce, w.points)
	}
	return expected, inForce
}

// writeWeights puts fitted weights into the data, at the ends of their lines.
func writeWeights(t *testing.T, weights []float64) {
	t.Helper()
	const path = "data/verdict.txt"
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	heads := map[string]int{"bias": 0, "class": 1, "pair": 1 + strings.Count(string(file), "\nclass ")}
	for line := range strings.Lines(string(file)) {
		fields := strings.Fields(line)
		if len(fields) > 0 {
			if j, ok := heads[fields[0]]; ok {
				line = fmt.Sprintf("%s %.1f\n", strings.Join(fields[:len(fields)-1], " "), weights[j])
				heads[fields[0]]++
			}
		}
		out.WriteString(line)
	}
	if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
