package claim

import (
	"testing"

	"clusterwire/feeds/news"
)

// TestModalityOfClause: what another clause says will be is not said of the
// figure before it, unless it goes on with the same verb.
func TestModalityOfClause(t *testing.T) {
	for _, x := range []struct {
		lang, text string
		want       news.Modality
	}{
		{"it", "Il data center di Bologna non supera i nove megawatt, e l'acqua calda di scarto finirà nel teleriscaldamento.", ""},
		{"en", "The data center in Bristol uses nine megawatts, and its waste heat will warm the district.", news.Operational},
		{"it", "Il data center di Bologna arriverà a nove megawatt, e l'acqua calda finirà nel teleriscaldamento.", news.Planned},
		{"en", "The data center with 90 megawatts will open in Bristol.", news.Planned},
	} {
		_, claims := reader(t).Read(news.Text{Body: x.text, Language: x.lang}, nil)
		found := false
		for _, c := range claims {
			if c.Metric == news.MetricPower {
				if found = true; c.Modality != x.want {
					t.Errorf("%s: %q, want %q", x.text, c.Modality, x.want)
				}
			}
		}
		if !found {
			t.Errorf("%s: no figure of power", x.text)
		}
	}
}
