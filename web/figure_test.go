package web

import (
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

func TestValueOf(t *testing.T) {
	p := func(v float64) *float64 { return &v }
	for _, c := range []struct {
		claim news.Claim
		want  string
	}{
		{news.Claim{Metric: news.MetricChips, ValueLo: p(100000), ValueHi: p(100000), Qualifier: news.Exact}, "100,000"},
		{news.Claim{Metric: news.MetricCost, ValueLo: p(3e9), ValueHi: p(3e9), Currency: "USD", Qualifier: news.Approx}, "~$3bn"},
		{news.Claim{Metric: news.MetricCost, ValueLo: p(4.2e11), ValueHi: p(4.2e11), Currency: "JPY"}, "JPY 420bn"},
		{news.Claim{Metric: news.MetricPower, ValueLo: p(150), ValueHi: p(250), Qualifier: news.Range}, "150–250 MW"},
		{news.Claim{Metric: news.MetricPower, ValueLo: p(1200), ValueHi: p(1200), Qualifier: news.AtLeast}, "≥ 1,200 MW"},
		{news.Claim{Metric: news.MetricPower, ValueLo: p(0.5), ValueHi: p(0.5), Qualifier: news.AtMost}, "≤ 0.5 MW"},
		{news.Claim{Metric: news.MetricChips, ValueLo: p(0), ValueHi: p(0)}, "0"},
		{news.Claim{Metric: news.MetricLocation, ValueText: "Memphis"}, "Memphis"},
		{news.Claim{Metric: news.MetricWater}, "unknown"},
	} {
		if got := valueOf(c.claim); got != c.want {
			t.Errorf("%+v: %q, want %q", c.claim, got, c.want)
		}
	}
}

func TestThousands(t *testing.T) {
	for _, c := range []struct {
		n    int
		want string
	}{{0, "0"}, {999, "999"}, {1000, "1,000"}, {-1000, "-1,000"}, {-100, "-100"}, {1234567, "1,234,567"}} {
		if got := thousands(c.n); got != c.want {
			t.Errorf("%d: %s, want %s", c.n, got, c.want)
		}
	}
}

// TestToCome: what a plan promised and stands is no longer to come.
func TestToCome(t *testing.T) {
	chips := func(v float64, m news.Modality) fact {
		f := fact{}
		f.Metric, f.Best.Claim = news.MetricChips, news.Claim{Metric: news.MetricChips, ValueLo: &v, ValueHi: &v, Modality: m}
		return f
	}
	st := &stand{}
	for _, c := range []struct {
		facts []fact
		want  string
	}{
		{[]fact{chips(100, news.Operational), chips(200, news.Planned)}, "200"},
		{[]fact{chips(230, news.Operational), chips(200, news.Planned)}, ""},
		{[]fact{chips(200, news.Planned)}, "200"},
		{[]fact{chips(100, news.Operational)}, ""},
	} {
		if got := st.toCome(c.facts, news.MetricChips).Value; got != c.want {
			t.Errorf("%+v: %q is to come, want %q", c.facts, got, c.want)
		}
	}
}

// What a database expects was not said on a day to come: it does not come
// before what was said since.
func TestDisputesByNewestStatement(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }
	on := func(cluster string, said ...news.Statement) fact {
		return fact{Fact: news.Fact{Cluster: cluster, Dispute: &news.Dispute{Statements: said}}}
	}
	st := &stand{Stats: news.Stats{Changed: day(23)}}
	open := st.openDisputes([]fact{
		on("expected", news.Statement{Published: day(3)}, news.Statement{Claim: news.Claim{Date: "2031"}}),
		{},
		on("new", news.Statement{Published: day(1)}, news.Statement{Published: day(20)}),
		on("dated", news.Statement{Claim: news.Claim{Date: "2026-11-10"}}),
	})
	got := ""
	for _, f := range open {
		got += f.Cluster + " of " + dayMonth(st.since(f)) + "; "
	}
	if want := "new of 20 Nov; dated of 10 Nov; expected of 3 Nov; "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The id of a figure names it alone, also where a phase is written in another
// script.
func TestFactIDs(t *testing.T) {
	facts := []fact{
		{Fact: news.Fact{Cluster: "colossus", Metric: news.MetricChips, Basis: news.BasisInstalled, Chip: "TPU v7"}},
		{Fact: news.Fact{Cluster: "colossus", Metric: news.MetricChips}},
		{Fact: news.Fact{Cluster: "colossus", Metric: news.MetricChips, Phase: "第一期"}},
		{Fact: news.Fact{Cluster: "colossus", Metric: news.MetricChips, Phase: "第二期"}},
		{Fact: news.Fact{Cluster: "colossus", Metric: news.MetricChips, Chip: "H100"}},
		{Fact: news.Fact{Cluster: "colossus", Metric: news.MetricChips, Phase: "H100"}},
	}
	seen := map[string]bool{}
	for _, f := range facts {
		if seen[f.id()] || strings.Trim(f.id(), "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
			t.Errorf("%+v: %q", f.Fact, f.id())
		}
		seen[f.id()] = true
	}
	if !seen["colossus--chips--installed--tpu-v7"] || !seen["colossus--chips"] {
		t.Errorf("%v", seen)
	}
}
