package eval

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestScore(t *testing.T) {
	s := Score{TP: 6, FP: 2, FN: 4}
	if !near(s.Precision(), .75) || !near(s.Recall(), .6) || !near(s.F1(), 2*.75*.6/1.35) {
		t.Errorf("%v", s)
	}
	if empty := (Score{}); empty.F1() != 1 || empty.Precision() != 1 || empty.Recall() != 1 {
		t.Errorf("nothing to find and nothing found is %v, want 1", empty)
	}
	var sum Score
	for _, c := range []struct{ want, got bool }{{true, true}, {true, false}, {false, true}, {false, false}} {
		sum = sum.Plus(Binary(c.want, c.got))
	}
	if sum != (Score{1, 1, 1}) {
		t.Errorf("binary %v", sum)
	}
}

func TestTally(t *testing.T) {
	var tally Tally
	missing, extra := tally.Add([]string{"xai", "nvidia", "xai"}, []string{"xai", "meta"})
	if !slices.Equal(missing, []string{"nvidia"}) || !slices.Equal(extra, []string{"meta"}) {
		t.Errorf("missing %v, extra %v", missing, extra)
	}
	tally.Add(nil, nil)
	tally.Add([]string{"meta"}, []string{"meta"})
	if got := tally.Micro(); got != (Score{2, 1, 1}) {
		t.Errorf("micro %v", got)
	}
	if got := tally.Of("meta", "meta", "nobody"); got != (Score{1, 1, 0}) {
		t.Errorf("meta %v", got)
	}
	if !strings.Contains(tally.Report(), "nvidia") {
		t.Errorf("report\n%s", tally.Report())
	}
}

func TestConfusion(t *testing.T) {
	var c Confusion
	if c.Accuracy() != 1 {
		t.Error("without answers none is wrong")
	}
	for _, a := range [][2]string{{"it", "it"}, {"it", "es"}, {"it", "es"}, {"fr", "en"}} {
		c.Add(a[0], a[1])
	}
	if want := "it taken for es: 2\nfr taken for en: 1\n"; c.Report() != want || !near(c.Accuracy(), .25) {
		t.Errorf("accuracy %v, report %q", c.Accuracy(), c.Report())
	}
}

// The groupings are those of Amigó et al., "A comparison of extrinsic
// clustering evaluation metrics" in spirit: small enough to count by hand.
func TestGroupings(t *testing.T) {
	want := []string{"a", "a", "a", "b", "b", "c"}
	for _, c := range []struct {
		name      string
		got       []int
		p, r      float64
		pairScore Score
	}{
		{"perfect", []int{1, 1, 1, 2, 2, 3}, 1, 1, Score{4, 0, 0}},
		{"all apart", []int{1, 2, 3, 4, 5, 6}, 1, (3*1./3 + 2*1./2 + 1) / 6, Score{0, 0, 4}},
		{"all together", []int{1, 1, 1, 1, 1, 1}, (3*3./6 + 2*2./6 + 1./6) / 6, 1, Score{4, 11, 0}},
		{"one astray", []int{1, 1, 2, 2, 2, 3}, (1 + 1 + 1./3 + 2./3 + 2./3 + 1) / 6, (2./3 + 2./3 + 1./3 + 1 + 1 + 1) / 6, Score{2, 2, 2}},
	} {
		p, r, f1 := BCubed(want, c.got)
		if !near(p, c.p) || !near(r, c.r) || !near(f1, 2*c.p*c.r/(c.p+c.r)) {
			t.Errorf("%s: B-cubed %v %v %v, want %v %v", c.name, p, r, f1, c.p, c.r)
		}
		if got := Pairs(want, c.got); got != c.pairScore {
			t.Errorf("%s: pairs %v, want %v", c.name, got, c.pairScore)
		}
	}
	if p, r, f1 := BCubed([]int{}, []int{}); p != 1 || r != 1 || f1 != 1 {
		t.Error("no items: want all 1")
	}
}

func TestReadTexts(t *testing.T) {
	got, err := ReadTexts(strings.NewReader("# comment\n\n+ xai nvidia / power :: A title: with colon || And a body\n[de] - :: Nur Titel\n"), "en")
	if err != nil {
		t.Fatal(err)
	}
	want := []LabelledText{
		{Line: 3, Relevant: true, Companies: []string{"xai", "nvidia"}, Topics: []string{"power"}},
		{Line: 4, Companies: []string{}},
	}
	want[0].Text.Title, want[0].Text.Body, want[0].Text.Language = "A title: with colon", "And a body", "en"
	want[1].Text.Title, want[1].Text.Language = "Nur Titel", "de"
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	for _, bad := range []string{"+ no title", "xai :: no verdict", "[de + :: x"} {
		if _, err := ReadTexts(strings.NewReader(bad), "en"); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestGolden(t *testing.T) {
	var g Golden
	if g.String() != "" {
		t.Error("nothing noted is not empty")
	}
	g.Add("en:1", "companies", nil, nil, "right")
	g.Add("en:2", "companies", []string{"xai"}, nil, "a title\nin two lines")
	g.Note("en:3", "verdict %v", true)
	want := "en:2 companies missing [xai] extra []: a title in two lines\nen:3 verdict true\n"
	if g.String() != want {
		t.Errorf("got %q, want %q", g.String(), want)
	}
	if d := Diff(want, "en:3 verdict true\nen:4 new\n"); d != "- en:2 companies missing [xai] extra []: a title in two lines\n+ en:4 new" {
		t.Errorf("diff %q", d)
	}
	if Diff(want, want) != "" {
		t.Error("a diff with itself")
	}
}

func TestWorst(t *testing.T) {
	want := []string{"a", "a", "a", "a", "b", "b", "c"}
	got := []int{1, 1, 1, 2, 1, 3, 4}
	losses := Worst(want, got, 2)
	// a: three of four in a part of four, and one alone; b: one with three others, one alone.
	if len(losses) != 2 || losses[0].Group != "a" || losses[1].Group != "b" {
		t.Fatalf("%+v", losses)
	}
	a, b := losses[0], losses[1]
	if !slices.Equal(a.Parts, []int{3, 1}) || a.Strangers != 1 || a.Items != 4 || !near(a.Lost, (3*(.25+.25)+.75)/2) {
		t.Errorf("%+v", a)
	}
	if !slices.Equal(b.Parts, []int{1, 1}) || b.Strangers != 3 || !near(b.Lost, (.75+.5+.5)/2) {
		t.Errorf("%+v", b)
	}
}

func TestReadFirstRuns(t *testing.T) {
	runs, err := ReadFirstRuns(strings.NewReader("# of what\n\nbatch-1\tnames of all\t9\t1\t2\n"))
	if err != nil || len(runs) != 1 || runs[0] != (FirstRun{"batch-1", "names of all", Score{TP: 9, FP: 1, FN: 2}}) {
		t.Errorf("got %+v, %v", runs, err)
	}
	for _, bad := range []string{"batch-1\tverdict\t9\t1\n", "batch-1\tverdict\t9\tone\t2\n"} {
		if _, err := ReadFirstRuns(strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%q: %v, want an error of line 1", bad, err)
		}
	}
}
