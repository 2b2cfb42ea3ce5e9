package claim

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"clusterwire/feeds/news"
)

var update = flag.Bool("update", false, "rewrite testdata/claims.golden")

// labelled is a text of testdata/claims with the claims it makes. A file is
// named by its language ("it.txt", "it-news.txt"); a text ends at an empty line; each line after it that
// begins with "= " is a claim: metric; value or lo..hi or words; chip or
// currency; modality. The last two may be left out and are then not compared,
// but a chip or currency that is left out means that there is none.
type labelled struct {
	lang, text string
	claims     []label
}

type label struct {
	metric   news.Metric
	lo, hi   float64
	text     string
	of       string // chip or currency
	modality news.Modality
}

func readLabelled(t *testing.T) []labelled {
	t.Helper()
	files, err := filepath.Glob("testdata/claims/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no labelled texts: %v", err)
	}
	var all []labelled
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range strings.Split(strings.TrimSpace(string(b)), "\n\n") {
			lines := strings.Split(strings.TrimSpace(block), "\n")
			l := labelled{lang: filepath.Base(file)[:2], text: lines[0]}
			for _, line := range lines[1:] {
				l.claims = append(l.claims, parseLabel(t, line))
			}
			all = append(all, l)
		}
	}
	return all
}

func parseLabel(t *testing.T, line string) label {
	t.Helper()
	body, ok := strings.CutPrefix(line, "= ")
	if !ok {
		t.Fatalf("line %q is no claim", line)
	}
	fields := strings.Split(body, ";")
	for len(fields) < 4 {
		fields = append(fields, "")
	}
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	l := label{metric: news.Metric(fields[0]), of: fields[2], modality: news.Modality(fields[3])}
	if !slices.Contains(news.Metrics(), l.metric) {
		t.Fatalf("%q has no metric", line)
	}
	if l.metric == news.MetricLocation || l.metric == news.MetricOnlineDate {
		l.text = fields[1]
		return l
	}
	lo, hi, ranged := strings.Cut(fields[1], "..")
	if !ranged {
		hi = lo
	}
	var errLo, errHi error
	l.lo, errLo = strconv.ParseFloat(lo, 64)
	l.hi, errHi = strconv.ParseFloat(hi, 64)
	if errLo != nil || errHi != nil {
		t.Fatalf("%q has no value", line)
	}
	return l
}

// labelOf writes a claim as a label.
func labelOf(c news.Claim) label {
	l := label{metric: c.Metric, text: c.ValueText, of: c.Chip + c.Currency, modality: c.Modality}
	if c.ValueLo != nil {
		l.lo, l.hi, l.text = *c.ValueLo, *c.ValueHi, ""
	}
	return l
}

func (l label) same(o label) bool {
	close := func(a, b float64) bool { return math.Abs(a-b) <= 0.001*math.Max(a, b) }
	return l.metric == o.metric && l.text == o.text && l.of == o.of && close(l.lo, o.lo) && close(l.hi, o.hi)
}

func (l label) String() string {
	value := l.text
	if value == "" {
		value = strconv.FormatFloat(l.lo, 'f', -1, 64)
		if l.hi != l.lo {
			value += ".." + strconv.FormatFloat(l.hi, 'f', -1, 64)
		}
	}
	return fmt.Sprintf("%s; %s; %s; %s", l.metric, value, l.of, l.modality)
}

// tally counts what was right, invented and missed.
type tally struct{ tp, fp, fn int }

// TestLabelled judges the reader on our labelled texts. Every mismatch stands
// in claims.golden, so that a change of rules shows what it changes there;
// -update rewrites it.
func TestLabelled(t *testing.T) {
	r := reader(t)
	byLang, byMetric := map[string]*tally{}, map[string]*tally{}
	var all tally
	var golden strings.Builder
	texts, negatives, modal, modalRight := 0, 0, 0, 0
	for _, l := range readLabelled(t) {
		texts++
		if len(l.claims) == 0 {
			negatives++
		}
		text := news.Text{Body: l.text, Language: l.lang}
		_, claims := r.Read(text, nil)
		wrong := judge(t, r, text, l, claims, func(metric news.Metric, one tally) {
			for _, sum := range []*tally{&all, at(byLang, l.lang), at(byMetric, string(metric))} {
				sum.tp, sum.fp, sum.fn = sum.tp+one.tp, sum.fp+one.fp, sum.fn+one.fn
			}
		}, func(right bool) {
			modal++
			if right {
				modalRight++
			}
		})
		if wrong != "" {
			fmt.Fprintf(&golden, "%s: %s\n%s", l.lang, l.text, wrong)
		}
	}
	if texts < 400 || negatives*3 < texts {
		t.Errorf("%d texts, %d of them without a claim: want 400, and a third", texts, negatives)
	}
	report(t, "language", byLang)
	report(t, "metric", byMetric)
	score := f1(all.tp, all.fp, all.fn)
	invented := float64(all.fp) / float64(all.tp+all.fp)
	t.Logf("%d texts, %d without a claim: F1 %.3f, invented %.3f, modality %.3f of %d", texts, negatives, score, invented, float64(modalRight)/float64(modal), modal)
	if score < 0.97 || invented > 0.02 || float64(modalRight) < 0.95*float64(modal) {
		t.Errorf("F1 %.3f below 0.97, or invented %.3f above 0.02, or modality %d of %d below 0.95", score, invented, modalRight, modal)
	}
	compareGolden(t, golden.String())
}

func at(m map[string]*tally, key string) *tally {
	if m[key] == nil {
		m[key] = &tally{}
	}
	return m[key]
}

// judge compares claims with what l expects and returns the mismatches.
func judge(t *testing.T, r *Reader, text news.Text, l labelled, claims []news.Claim, count func(news.Metric, tally), modality func(bool)) string {
	var wrong strings.Builder
	left := slices.Clone(l.claims)
	for _, c := range claims {
		if err := r.Verify(text, c); err != nil {
			t.Errorf("%s: %v", l.text, err)
		}
		got := labelOf(c)
		i := slices.IndexFunc(left, got.same)
		if i < 0 {
			count(c.Metric, tally{fp: 1})
			fmt.Fprintf(&wrong, "  invented %s\n", got)
			continue
		}
		count(c.Metric, tally{tp: 1})
		if want := left[i]; want.modality != "" {
			modality(want.modality == got.modality)
			if want.modality != got.modality {
				fmt.Fprintf(&wrong, "  %s, should be %s\n", got, want.modality)
			}
		}
		left = slices.Delete(left, i, i+1)
	}
	for _, m := range left {
		count(m.metric, tally{fn: 1})
		fmt.Fprintf(&wrong, "  missed %s\n", m)
	}
	return wrong.String()
}

func report(t *testing.T, what string, sums map[string]*tally) {
	var keys []string
	for k := range sums {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		s := sums[k]
		t.Logf("%s %s: F1 %.3f (%d right, %d invented, %d missed)", what, k, f1(s.tp, s.fp, s.fn), s.tp, s.fp, s.fn)
	}
}

func compareGolden(t *testing.T, got string) {
	t.Helper()
	const file = "testdata/claims.golden"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the mismatches changed: look at them, then run go test -run TestLabelled -update\n%s", got)
	}
}
