package claim

import (
	"math"
	"strings"
	"testing"

	"clusterwire/feeds/news"
)

// TestFigures: each figure that was weighed has its score and its reason, published or
// refused, and what is published is what Read gives.
func TestFigures(t *testing.T) {
	r := reader(t)
	text := news.Text{Language: "en", Body: "The data center near Tulsa will draw 300 MW. Wind farms of the state have a capacity of 900 MW."}
	found := r.Figures(text, nil)
	if len(found) != 2 || !found[0].Published || found[1].Published {
		t.Fatalf("figures %+v, want the first of two published", found)
	}
	least := math.Round(1000/(1+math.Exp(-enough))) / 1000
	for _, w := range found {
		if w.Published != (w.Score >= least) || strings.Count(w.Reason, ", ") < reasonSize-1 {
			t.Errorf("%v: published %v with score %.3f by %q", *w.Claim.ValueLo, w.Published, w.Score, w.Reason)
		}
	}
}
