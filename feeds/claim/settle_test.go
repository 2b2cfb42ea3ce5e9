package claim

import (
	"testing"
	"time"

	"clusterwire/feeds/news"
)

// TestSettle settles the first of some claims in an article of 15 June 2025.
func TestSettle(t *testing.T) {
	count := func(m news.Modality, b news.Basis, date string) news.Claim {
		return news.Claim{Metric: news.MetricChips, Modality: m, Basis: b, Date: date}
	}
	of := func(cluster string, c news.Claim) news.Claim {
		c.Cluster = cluster
		return c
	}
	titled := count("", "", "")
	titled.In = news.InTitle
	power := func(m news.Modality) news.Claim { return news.Claim{Metric: news.MetricPower, Modality: m} }
	online := func(date string) news.Claim { return news.Claim{Metric: news.MetricOnlineDate, ValueText: date} }
	where := news.Claim{Metric: news.MetricLocation}

	tests := []struct {
		name     string
		claims   []news.Claim
		modality news.Modality
		basis    news.Basis
	}{
		{"runs by a date to come", []news.Claim{count(news.Operational, news.BasisInstalled, "2025-07")}, news.Planned, news.BasisPlanned},
		{"a permit for a date to come stays one", []news.Claim{count(news.Operational, news.BasisPermitted, "2025-07")}, news.Planned, news.BasisPermitted},
		{"ran by a date gone by", []news.Claim{count(news.Operational, news.BasisInstalled, "2025-05")}, news.Operational, news.BasisInstalled},
		{"the month of the article", []news.Claim{count(news.Operational, news.BasisInstalled, "2025-06")}, news.Operational, news.BasisInstalled},
		{"the next day", []news.Claim{count(news.Operational, news.BasisInstalled, "2025-06-16")}, news.Planned, news.BasisPlanned},
		{"the year of the article", []news.Claim{count(news.Operational, news.BasisInstalled, "2025")}, news.Operational, news.BasisInstalled},
		{"its half", []news.Claim{count(news.Operational, news.BasisInstalled, "2025-H1")}, news.Operational, news.BasisInstalled},
		{"the next half", []news.Claim{count(news.Operational, news.BasisInstalled, "2025-H2")}, news.Planned, news.BasisPlanned},
		{"the next quarter", []news.Claim{count("", "", "2025-Q3")}, news.Planned, news.BasisPlanned},
		{"no quarter", []news.Claim{count(news.Operational, news.BasisInstalled, "2025-Q5")}, news.Operational, news.BasisInstalled},
		{"ordered does not run", []news.Claim{count(news.Operational, news.BasisOrdered, "")}, news.Planned, news.BasisOrdered},
		{"ordered, no state said", []news.Claim{count("", news.BasisOrdered, "")}, news.Planned, news.BasisOrdered},
		{"ordered and cancelled", []news.Claim{count(news.Cancelled, news.BasisOrdered, "")}, news.Cancelled, news.BasisOrdered},

		{"a count alone is a fact of the day", []news.Claim{count("", "", "")}, news.Operational, news.BasisInstalled},
		{"in a title as in the body", []news.Claim{titled}, news.Operational, news.BasisInstalled},
		{"cancelled with its site", []news.Claim{count(news.Planned, news.BasisPlanned, ""), power(news.Cancelled)}, news.Cancelled, news.BasisPlanned},
		{"what runs is not cancelled", []news.Claim{count(news.Operational, news.BasisInstalled, ""), power(news.Cancelled)}, news.Operational, news.BasisInstalled},
		{"a count among plans", []news.Claim{count("", "", ""), power(news.Planned)}, news.Planned, news.BasisPlanned},
		{"a count among works", []news.Claim{count("", "", ""), power(news.UnderConstruction)}, news.Planned, news.BasisPlanned},
		{"a dated count among plans", []news.Claim{count("", "", "2025-05"), power(news.Planned)}, news.Operational, news.BasisInstalled},
		{"a count among plans and facts", []news.Claim{count("", "", ""), power(news.Planned), power(news.Operational)}, "", ""},
		{"power alone", []news.Claim{power("")}, "", ""},
		{"power among facts", []news.Claim{power(""), power(news.Operational)}, news.Operational, ""},
		{"goes online later", []news.Claim{online("2026")}, news.Planned, ""},
		{"a date among facts", []news.Claim{online("2025-03"), power(news.Operational)}, "", ""},

		{"plans of its own cluster", []news.Claim{of("a", power("")), of("a", power(news.Planned)), of("b", power(news.Operational))}, news.Planned, ""},
		{"plans of another cluster", []news.Claim{of("a", power("")), of("b", power(news.Planned))}, "", ""},
		{"plans of the text, one cluster", []news.Claim{of("a", power("")), power(news.Planned)}, news.Planned, ""},
		{"a place of a cluster", []news.Claim{of("a", where), power(news.Planned)}, "", ""},
	}
	for _, test := range tests {
		settle(test.claims, time.Date(2025, 6, 15, 9, 0, 0, 0, time.UTC))
		if c := test.claims[0]; c.Modality != test.modality || c.Basis != test.basis {
			t.Errorf("%s: modality %q with basis %q, want %q with %q", test.name, c.Modality, c.Basis, test.modality, test.basis)
		}
	}
	undated := []news.Claim{count(news.Operational, news.BasisInstalled, "2099")}
	if settle(undated, time.Time{}); undated[0].Modality != news.Operational {
		t.Errorf("an article without a date makes %q of what runs", undated[0].Modality)
	}
}

// TestBuild: what is planned under a headline that tells of works is being built,
// unless something runs already or a word says otherwise.
func TestBuild(t *testing.T) {
	for _, c := range []struct {
		of   []news.Modality
		want news.Modality
	}{
		{[]news.Modality{news.Planned, news.UnderConstruction, ""}, news.UnderConstruction},
		{[]news.Modality{news.Planned, news.Operational}, news.Planned},
		{[]news.Modality{news.Planned, news.Rumored}, news.Planned},
	} {
		var claims []news.Claim
		for _, m := range c.of {
			claims = append(claims, news.Claim{Metric: news.MetricPower, Modality: m})
		}
		if build(claims); claims[0].Modality != c.want {
			t.Errorf("%q: %q, want %q", c.of, claims[0].Modality, c.want)
		}
	}
}
