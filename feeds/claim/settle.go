package claim

import (
	"slices"
	"time"

	"clusterwire/feeds/news"
)

// settle gives claims whose own words don't say how real their thing is what
// the text says otherwise, of the same cluster first: what is dated after the
// article or is ordered is planned, and so is what stands with plans alone. A
// count of accelerators, of their computing power, or of water, that no such
// word stands with is stated as a fact of the day. Everything else stays open.
func settle(claims []news.Claim, published time.Time) {
	all, by := states{}, map[string]states{}
	for _, c := range claims {
		all = all.plus(c.Modality)
		by[c.Cluster] = by[c.Cluster].plus(c.Modality)
	}
	several := sites(claims) > 1
	for i := range claims {
		c := &claims[i]
		if c.Modality == news.Operational && after(c, published) {
			c.Modality = news.Planned // whatever "has" or "runs" stands near
			if c.Metric == news.MetricChips && c.Basis == news.BasisInstalled {
				c.Basis = news.BasisPlanned
			}
		}
		if c.Basis == news.BasisOrdered && (c.Modality == news.Operational || c.Modality == "") {
			c.Modality = news.Planned // what is ordered does not run yet
		}
		if c.Modality != "" {
			continue
		}
		of := all
		if own := by[c.Cluster]; c.Cluster != "" && own != (states{}) {
			of = own
		} else if c.Cluster != "" && (several || c.Metric == news.MetricLocation) {
			of = states{} // what is said of other sites tells nothing of this one
		}
		c.Modality = settled(c, published, of.plans, of.stands)
		if c.Metric == news.MetricChips && c.Basis == "" {
			c.Basis = basisByState(c.Modality)
		}
	}
	share(claims)
}

// build gives what is planned in a text whose headline says that building goes on that
// state, if nothing runs yet.
func build(claims []news.Claim) {
	if slices.ContainsFunc(claims, func(c news.Claim) bool {
		return c.Modality != news.Planned && c.Modality != news.UnderConstruction && c.Modality != ""
	}) {
		return
	}
	for i := range claims {
		claims[i].Modality = news.UnderConstruction
	}
}

// share gives what is planned of a site the end that a text says it came to: what is
// cancelled, or denied, is so with its megawatts.
func share(claims []news.Claim) {
	of := map[string]news.Modality{}
	for _, c := range claims {
		if c.Modality == news.Cancelled || c.Modality == news.Denied && of[c.Cluster] == "" {
			of[c.Cluster] = c.Modality
		}
	}
	for _, c := range claims {
		if c.Modality == news.Operational || c.Modality == news.UnderConstruction {
			delete(of, c.Cluster) // several sites, or parts of one
		}
	}
	for i := range claims {
		if c := &claims[i]; of[c.Cluster] != "" && (c.Modality == news.Planned || c.Modality == "") {
			c.Modality = of[c.Cluster]
		}
	}
}

// states counts what claims say to come and to stand.
type states struct{ plans, stands int }

func (s states) plus(m news.Modality) states {
	switch m {
	case news.Planned, news.UnderConstruction:
		s.plans++
	case news.Operational:
		s.stands++
	}
	return s
}

func settled(c *news.Claim, published time.Time, plans, stands int) news.Modality {
	if after(c, published) {
		return news.Planned
	}
	switch {
	case c.Metric == news.MetricChips && before(c, published):
		return news.Operational
	case plans > 0 && stands == 0:
		return news.Planned
	case plans > 0:
		return ""
	}
	switch c.Metric {
	case news.MetricChips, news.MetricH100e, news.MetricExaflops, news.MetricWater:
		return news.Operational
	}
	if stands > 0 && c.Metric != news.MetricOnlineDate {
		return news.Operational
	}
	return ""
}

// after reports whether the date of a claim lies after the article's: by the
// year where no more is said.
func after(c *news.Claim, published time.Time) bool {
	date := c.Date
	if c.Metric == news.MetricOnlineDate {
		date = c.ValueText
	}
	if published.IsZero() || len(date) < 4 {
		return false
	}
	begin, _, ok := period(date)
	return ok && begin.After(published)
}

// before reports whether the date of a claim lies wholly before the article's.
func before(c *news.Claim, published time.Time) bool {
	_, end, ok := period(c.Date)
	return ok && !published.IsZero() && !end.After(published)
}

// period returns the first moment of a fuzzy date and the first past it:
// 2024, 2024-H1, 2024-Q3, 2024-09, 2024-09-02.
func period(date string) (from, to time.Time, ok bool) {
	if len(date) == len("2024-Q3") && (date[5] == 'Q' || date[5] == 'H') {
		year, err := time.Parse("2006", date[:4])
		n, months := int(date[6]-'0'), 3
		if date[5] == 'H' {
			months = 6
		}
		if err != nil || n < 1 || n*months > 12 {
			return from, to, false
		}
		from = year.AddDate(0, (n-1)*months, 0)
		return from, from.AddDate(0, months, 0), true
	}
	switch len(date) {
	case len("2024-09-02"):
		from, ok = parseDay(date, "2006-01-02")
		return from, from.AddDate(0, 0, 1), ok
	case len("2024-09"):
		from, ok = parseDay(date, "2006-01")
		return from, from.AddDate(0, 1, 0), ok
	case len("2024"):
		from, ok = parseDay(date, "2006")
		return from, from.AddDate(1, 0, 0), ok
	}
	return from, to, false
}

func parseDay(date, layout string) (time.Time, bool) {
	t, err := time.Parse(layout, date)
	return t, err == nil
}

// sites counts the clusters that claims are given to.
func sites(claims []news.Claim) int {
	seen := map[string]bool{}
	for _, c := range claims {
		if c.Cluster != "" {
			seen[c.Cluster] = true
		}
	}
	return len(seen)
}
