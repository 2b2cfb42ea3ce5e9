package eval

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"clusterwire/feeds/news"
)

const articleLabels = `# a comment
## paper/hall
power_mw; 10..12; -; -; planned; hall; 10 to 12 MW
cost; 3G; USD; total; *; hall; $3 billion
? location; Hull|Kingston; -; *; *; hall; Hull

## paper/none
`

func TestArticles(t *testing.T) {
	labels, err := ReadArticleLabels(strings.NewReader(articleLabels))
	if err != nil || len(labels) != 2 || len(labels["paper/hall"]) != 3 || !labels["paper/hall"][2].Optional {
		t.Fatalf("%+v, %v", labels, err)
	}
	for _, bad := range []string{"power_mw; 1", "lamps; 1; -; -; -; hall; x", "power_mw; -; -; -; -; hall; x", "area_m2; 1 mile; -; -; -; hall; x"} {
		if _, err := ReadArticleLabels(strings.NewReader("## a/b\n" + bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
	ten, twelve, cost := 10.0, 12.0, 2.0e9
	var tally ArticleTally
	got := tally.Add([]news.Claim{
		{Metric: news.MetricPower, ValueLo: &ten, ValueHi: &twelve, Cluster: "hall", Modality: news.Operational},
		{Metric: news.MetricCost, ValueLo: &cost, ValueHi: &cost, Currency: "USD", Cluster: "hall"},
		{Metric: news.MetricCost, ValueLo: &cost, ValueHi: &cost, Currency: "USD"}, // of no cluster
	}, labels["paper/hall"])
	if len(got) != 3 || !strings.HasPrefix(got[0], "power_mw; 10..12") || !strings.HasPrefix(got[1], "invented cost") || !strings.HasPrefix(got[2], "missed cost") {
		t.Errorf("%q", got)
	}
	if tally.All() != (Rates{.5, .5}) || tally.All().F1() != .5 || tally.Modality() != (Rates{}) || tally.Modality().F1() != 0 {
		t.Errorf("%+v", tally)
	}
}

func TestReadArticles(t *testing.T) {
	files := fstest.MapFS{"paper.txt": {Data: []byte("host: paper.example\nlanguage: en\n\n=== hall\ntitle: A hall\ndate: 2025-01-02T03:04:05Z\nsummary: It opens.\n\nThe [hall](other) opens.\n- One.\n--- 2025-01-03T00:00:00Z The hall\n> It is [large](https://a.example).\n")},
		"silent.txt": {Data: []byte("host: silent.example\nlanguage: en\n")}}
	got, err := ReadArticles(files)
	if err != nil {
		t.Fatal(err)
	}
	want := news.Text{Title: "The hall", Body: "It opens.\n\nIt is large.", Language: "en", Published: got["paper/hall"].Published}
	if len(got) != 1 || got["paper/hall"] != want || want.Published.Day() != 2 {
		t.Errorf("%+v", got)
	}
	files["paper.txt"].Data = []byte(strings.Replace(string(files["paper.txt"].Data), "2025-01-02T", "soon", 1))
	if _, err := ReadArticles(files); err == nil || !slices.Contains(strings.Fields(err.Error()), "hall:") {
		t.Errorf("a date that is none: %v", err)
	}
}
