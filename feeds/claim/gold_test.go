package claim

import (
	"os"
	"testing"

	"clusterwire/feeds/eval"
	"clusterwire/feeds/eval/corpus"
	"clusterwire/feeds/news"
)

// TestEpochQuotes measures the counts read from Epoch AI's quotes.
func TestEpochQuotes(t *testing.T) {
	r := reader(t)
	f, err := os.Open(corpus.Path(t, "epoch/gold.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	quotes, err := eval.ReadQuotes(f)
	if err != nil {
		t.Fatal(err)
	}
	var count, withChip eval.Score
	for _, q := range quotes {
		text := news.Text{Body: q.Text}
		_, claims := r.Read(text, nil)
		for _, c := range claims {
			if err := r.Verify(text, c); err != nil {
				t.Errorf("%s: %v", q.ID, err)
			}
		}
		one, two, wrong := q.Compare(claims)
		count, withChip = count.Plus(one), withChip.Plus(two)
		for _, w := range wrong {
			t.Logf("%s: %s in %q", q.ID, w, q.Text)
		}
	}
	t.Logf("counts: %v; with the right chip: %v", count, withChip)
	if count.F1() < 0.93 || withChip.F1() < 0.92 {
		t.Errorf("F1 of counts %.3f, with chip %.3f: below 0.93 or 0.92", count.F1(), withChip.F1())
	}
}
