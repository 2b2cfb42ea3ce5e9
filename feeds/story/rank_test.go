package story

import (
	"testing"
	"time"

	"clusterwire/feeds/news"
)

// The front page's formula, as /about documents it: what stands above what.
func TestRank(t *testing.T) {
	m := matcher(t)
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	titles := []string{
		"xAI switches on gas turbines for Colossus in Memphis", "Kestrel Cloud plans a campus near Reims", "Regulators weigh a tariff for data centers in Ohio", "A reactor restarts to feed servers in Pennsylvania",
	}
	// story is of one report from each of some sources, all at one time.
	story := func(at time.Time, trust news.Trust, sources, claims int) float64 {
		var rs []Report
		for i := range sources {
			rs = append(rs, Report{Article: int64(i + 1), Source: news.Source{Slug: titles[i], Trust: trust}, Published: at, Claims: claims,
				Features: m.Featurize(news.Text{Title: titles[i], Language: "en", Published: at}, news.Reading{})})
		}
		return m.Weigh(rs).Rank
	}
	plain := story(noon, news.TrustReports, 1, 0)
	for _, c := range []struct {
		what         string
		above, below float64
	}{
		{"the newer of two alike", story(noon.Add(time.Hour), news.TrustReports, 1, 0), plain},
		{"a second independent source", story(noon, news.TrustReports, 2, 0), plain},
		{"a better source", story(noon, news.TrustReports+1, 1, 0), plain},
		{"a figure", story(noon, news.TrustReports, 1, 1), plain},
		{"two sources over a day's age", story(noon.Add(-12*time.Hour), news.TrustReports, 2, 0), plain},
		{"a new report over three sources of the day before yesterday", plain, story(noon.Add(-36*time.Hour), news.TrustReports, 3, 0)},
		{"three sources over a round-up full of figures", story(noon, news.TrustReports, 3, 0), story(noon, news.TrustReports, 1, 40)},
	} {
		if c.above <= c.below {
			t.Errorf("%s: %.3f does not stand above %.3f", c.what, c.above, c.below)
		}
	}
	if ten, forty := story(noon, news.TrustReports, 1, 10), story(noon, news.TrustReports, 1, 40); ten != forty {
		t.Errorf("forty figures are worth more than ten: %.3f, %.3f", forty, ten)
	}
}
