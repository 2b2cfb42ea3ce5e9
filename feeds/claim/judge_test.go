package claim

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"clusterwire/feeds/eval"
)

func readLabelled(t *testing.T) []eval.LabelledClaims {
	t.Helper()
	files, err := fs.Glob(Labelled(), "*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no labelled texts: %v", err)
	}
	var all []eval.LabelledClaims
	for _, file := range files {
		f, err := Labelled().Open(file)
		if err != nil {
			t.Fatal(err)
		}
		texts, err := eval.ReadClaims(f, file[:2])
		f.Close()
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, texts...)
	}
	return all
}

// TestLabelled judges the reader on our labelled texts. Every mismatch stands
// in claims.golden, so that a change of rules shows what it changes there;
// UPDATE_GOLDEN=1 rewrites it.
func TestLabelled(t *testing.T) {
	r := reader(t)
	var tally eval.ClaimTally
	var golden strings.Builder
	texts, negatives := 0, 0
	for _, l := range readLabelled(t) {
		texts++
		if len(l.Claims) == 0 {
			negatives++
		}
		_, claims := r.Read(l.Text, nil)
		for _, c := range claims {
			if err := r.Verify(l.Text, c); err != nil {
				t.Errorf("%s: %v", l.Text.Body, err)
			}
		}
		if wrong := tally.Add(l, claims); len(wrong) > 0 {
			fmt.Fprintf(&golden, "%s: %s\n  %s\n", l.Text.Language, l.Text.Body, strings.Join(wrong, "\n  "))
		}
	}
	if texts < 540 || negatives*3 < texts {
		t.Errorf("%d texts, %d of them without a claim: want 540, and a third", texts, negatives)
	}
	for language, score := range tally.ByLanguage {
		t.Logf("language %s: %v", language, score)
	}
	for metric, score := range tally.ByMetric {
		t.Logf("metric %s: %v", metric, score)
	}
	all := tally.Micro()
	invented, modality := 1-all.Precision(), tally.Modality.Accuracy()
	t.Logf("%d texts, %d without a claim: %v, invented %.3f, modality %.3f", texts, negatives, all, invented, modality)
	if all.F1() < 0.99 || invented > 0.01 || modality < 0.97 {
		t.Errorf("F1 %.3f below 0.99, or invented %.3f above 0.01, or modality %.3f below 0.97", all.F1(), invented, modality)
	}
	compareGolden(t, golden.String())
}

func compareGolden(t *testing.T, got string) {
	t.Helper()
	const file = "testdata/claims.golden"
	if os.Getenv("UPDATE_GOLDEN") != "" {
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
		t.Errorf("the mismatches changed: look at them, then run with UPDATE_GOLDEN=1\n%s", eval.Diff(string(want), got))
	}
}
