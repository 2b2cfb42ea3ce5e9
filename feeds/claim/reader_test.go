package claim

import (
	"os"
	"sync"
	"testing"

	"clusterwire/feeds/eval/corpus"
	"clusterwire/feeds/news"
)

var newReader = sync.OnceValues(func() (*Reader, error) { return New() })

func reader(t testing.TB) *Reader {
	t.Helper()
	r, err := newReader()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// wanted is a claim that a text must yield; zero fields are not compared.
type wanted struct {
	metric   news.Metric
	value    float64
	text     string
	chip     string
	modality news.Modality
	currency string
	speaker  string
	date     string
}

func (w wanted) is(c news.Claim) bool {
	switch {
	case c.Metric != w.metric, w.text != c.ValueText, w.chip != c.Chip:
		return false
	case w.value != 0 && (c.ValueHi == nil || *c.ValueHi != w.value):
		return false
	case w.modality != "" && c.Modality != w.modality, w.currency != c.Currency:
		return false
	case w.speaker != "" && c.Speaker != w.speaker, w.date != "" && c.Date != w.date:
		return false
	}
	return true
}

// foundingClaims is what the article that the project was founded on says, and
// all that it says: the 1,000 billion that Tesla could earn is none of it.
var foundingClaims = []wanted{
	{metric: news.MetricChips, value: 100000, chip: "H100", modality: news.Operational, speaker: "Elon Musk", date: "2024-09-02"},
	{metric: news.MetricBuildDays, value: 122, speaker: "Elon Musk", date: "2024-09-02"},
	{metric: news.MetricChips, value: 200000, modality: news.Planned, speaker: "Elon Musk", date: "2024-09-02"},
	{metric: news.MetricChips, value: 50000, chip: "H200", modality: news.Planned, speaker: "Elon Musk", date: "2024-09-02"},
	{metric: news.MetricChips, value: 100000, chip: "H100", modality: news.Operational},
	{metric: news.MetricBuildDays, value: 122},
	{metric: news.MetricCost, value: 3e9, currency: "USD"},
	{metric: news.MetricChips, value: 50000, chip: "H200", modality: news.Planned},
	{metric: news.MetricLocation, text: "Memphis"},
}

func checkFounding(t *testing.T, body string) {
	t.Helper()
	r := reader(t)
	text := news.Text{Body: body, Language: "it"}
	tags, claims := r.Read(text, nil)
	if len(tags) != 1 || tags[0].Cluster != "colossus" {
		t.Errorf("clusters %v, want colossus alone", tags)
	}
	if len(claims) != len(foundingClaims) {
		t.Errorf("%d claims, want %d", len(claims), len(foundingClaims))
	}
	for i, c := range claims {
		if err := r.Verify(text, c); err != nil {
			t.Error(err)
		}
		if i < len(foundingClaims) && !foundingClaims[i].is(c) {
			t.Errorf("claim %d: %+v, want %+v", i, c, foundingClaims[i])
		}
		if c.Cluster != "colossus" || c.Org != "xai" || c.OrgRole != news.OrgOperator {
			t.Errorf("claim %q is of %q by %q as %q", c.Quote, c.Cluster, c.Org, c.OrgRole)
		}
	}
}

func TestFoundingArticle(t *testing.T) {
	b, err := os.ReadFile(corpus.Path(t, "seed/colossus-it.txt"))
	if err != nil {
		t.Fatal(err)
	}
	checkFounding(t, string(b))
}

// TestFoundingFacts reads the same facts in words of our own.
func TestFoundingFacts(t *testing.T) {
	b, err := os.ReadFile("testdata/founding-it.txt")
	if err != nil {
		t.Fatal(err)
	}
	checkFounding(t, string(b))
}
