package eval

import (
	"slices"
	"strings"
	"testing"

	"clusterwire/feeds/news"
)

const labelledClaims = `The hall holds 4,000 H100 and draws 10 to 12 MW.
= chips; 4000; H100; operational
= power_mw; 10..12

Nothing is claimed here.


It stands in Memphis.
= location; Memphis; ; planned
`

func TestReadClaims(t *testing.T) {
	got, err := ReadClaims(strings.NewReader(labelledClaims), "en")
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[0].Line != 1 || got[2].Line != 8 || got[1].Text.Language != "en" || len(got[1].Claims) != 0 {
		t.Fatalf("%+v", got)
	}
	var lines []string
	for _, l := range got {
		for _, c := range l.Claims {
			lines = append(lines, c.String())
		}
	}
	want := []string{"chips; 4000; H100; operational", "power_mw; 10..12; ; ", "location; Memphis; ; planned"}
	if !slices.Equal(lines, want) {
		t.Errorf("got %q, want %q", lines, want)
	}
	for _, bad := range []string{"text\nchips; 1", "text\n= lamps; 1", "text\n= chips; many"} {
		if _, err := ReadClaims(strings.NewReader(bad), "en"); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestClaimTally(t *testing.T) {
	texts, err := ReadClaims(strings.NewReader(labelledClaims), "en")
	if err != nil {
		t.Fatal(err)
	}
	chips, mw := 4001.0, 10.0 // a thousandth is allowed, half a range is not
	claims := []news.Claim{
		{Metric: news.MetricChips, ValueLo: &chips, ValueHi: &chips, Chip: "H100", Modality: news.Planned},
		{Metric: news.MetricPower, ValueLo: &mw, ValueHi: &mw},
	}
	var tally ClaimTally
	got := tally.Add(texts[0], claims)
	want := []string{"chips; 4001; H100; planned, modality \"planned\" should be operational", "invented power_mw; 10; ; ", "missed power_mw; 10..12; ; "}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if tally.Micro() != (Score{1, 1, 1}) || tally.ByMetric[news.MetricPower] != (Score{0, 1, 1}) || tally.ByLanguage["en"] != (Score{1, 1, 1}) {
		t.Errorf("%+v", tally)
	}
	if right, all := tally.Modality.Counts(); right != 0 || all != 1 {
		t.Errorf("modality %d of %d", right, all)
	}
}

func TestQuotes(t *testing.T) {
	quotes, err := ReadQuotes(strings.NewReader(`{"id":"a","text":"x","chip_type":"NVIDIA H100 SXM5","chip_quantity":4000,"chip_type_2":"NVIDIA H200","chip_quantity_2":50,"verbatim_in_quote":["chip_quantity","chip_type","chip_quantity_2","chip_type_2"]}
{"id":"b","text":"y","chip_quantity":7,"verbatim_in_quote":[]}
`))
	if err != nil || len(quotes) != 2 {
		t.Fatal(quotes, err)
	}
	claim := func(n float64, chip string) news.Claim {
		return news.Claim{Metric: news.MetricChips, ValueLo: &n, ValueHi: &n, Chip: chip}
	}
	count, withChip, wrong := quotes[0].Compare([]news.Claim{claim(4000, "A100"), claim(9, ""), claim(50, "H200")})
	if count != (Score{2, 1, 0}) || withChip != (Score{1, 2, 1}) || len(wrong) != 2 {
		t.Errorf("%v %v %q", count, withChip, wrong)
	}
	if count, _, _ := quotes[1].Compare([]news.Claim{claim(7, "")}); count != (Score{}) {
		t.Errorf("a row without verbatim counts is scored %v", count)
	}
	if _, err := ReadQuotes(strings.NewReader("{")); err == nil {
		t.Error("no JSON was read")
	}
}

func TestReadEvents(t *testing.T) {
	got, err := ReadEvents(strings.NewReader("# comment\n@ opening 2024-09-20\nen desk o A hall opens | It is large.\nde blatt e Halle eröffnet\n"))
	if err != nil || len(got) != 2 {
		t.Fatal(got, err)
	}
	a, b := got[0], got[1]
	if a.Event != "opening" || a.Echo || a.Source != "desk" || a.Text.Title != "A hall opens" || a.Text.Body != "It is large." || a.Text.Published.Day() != 20 {
		t.Errorf("%+v", a)
	}
	if b.Event != "opening" || !b.Echo || b.Text.Language != "de" || b.Text.Body != "" || b.Text.URL == a.Text.URL {
		t.Errorf("%+v", b)
	}
	for _, bad := range []string{"en desk o no event", "@ opening soon", "@ x 2024-01-01\nen desk x role"} {
		if _, err := ReadEvents(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}
