package claim

import (
	"testing"

	"clusterwire/feeds/news"
)

// TestOrdinalDates reads dates whose day is an ordinal, which its full stop
// must not tear off.
func TestOrdinalDates(t *testing.T) {
	for text, want := range map[string]string{
		"Das Rechenzentrum in Lugano wurde am 14. September 2024 eingeweiht.":                   "2024-09-14",
		"Das Rechenzentrum in Lugano zählt zu den Top 10. September 2024 wurde es eingeweiht.":  "2024-09",
		"Das Rechenzentrum in Lugano soll im 2. Quartal 2027 ans Netz gehen.":                   "2027-Q2",
		"Seit dem 4. Februar 2026 ist das Rechenzentrum in München mit 10.000 GPUs in Betrieb.": "2026-02-04",
	} {
		_, claims := reader(t).Read(news.Text{Body: text, Language: "de"}, nil)
		got := ""
		for _, c := range claims {
			if c.Metric == news.MetricOnlineDate {
				got = c.ValueText
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
