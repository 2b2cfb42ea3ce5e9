package bench

import (
	"strings"
	"testing"
)

func TestCorpusIsTheSameEachTime(t *testing.T) {
	a, b := NewCorpus(100).Next(50), NewCorpus(100).Next(50)
	for i := range a {
		if a[i].Article.Text != b[i].Article.Text || a[i].Article.Title != b[i].Article.Title || !a[i].Article.Published.Equal(b[i].Article.Published) {
			t.Fatalf("article %d differs", i)
		}
		if n := len(strings.Fields(a[i].Article.Text)); n < 400 || n > 402 {
			t.Errorf("article %d has %d words", i, n)
		}
	}
}

// TestRun measures a small corpus: every class has to be asked and answered.
func TestRun(t *testing.T) {
	var out strings.Builder
	if err := measureAll(t.Context(), &out, t.TempDir(), 1200, 100, nil); err != nil {
		t.Fatalf("%v after:\n%s", err, out.String())
	}
	for _, want := range []string{"rows per CPU second", "newest first: phrase, first time", "company page, deep", "plain: prefix", "50 articles a second", "disk"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no line has %q:\n%s", want, out.String())
		}
	}
}
