package claim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

func TestHolds(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"Memphis", "3231 Riverport Rd, MEMPHIS", true}, {"2024-07-22", "2024", true}, {"", "", true}, {"Memphis", "Abilene", false}, {"2024-07", "2024-08", false}} {
		if got := holds(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
}

func TestGaps(t *testing.T) {
	said := func(cluster string, metric news.Metric, basis news.Basis, date string, v float64) news.Statement {
		return news.Statement{Claim: news.Claim{Cluster: cluster, Metric: metric, Basis: basis, Date: date, ValueLo: &v, ValueHi: &v}}
	}
	withdrawn := said("e", news.MetricPower, "", "2026", 1)
	withdrawn.Withdrawn = time.Now()
	ours := []news.Statement{
		said("a", news.MetricPower, news.BasisGrid, "2025-05", 300), // differs, and newer
		said("b", news.MetricPower, "", "2025-05", 300),             // newer, the same value
		said("c", news.MetricPower, "", "2023", 300),                // agrees
		said("d", news.MetricPower, news.BasisIT, "2025", 300),      // another basis: no comparison
		said("f", news.MetricCost, "", "2023", 1),                   // older, differs
		said("f", news.MetricCost, "", "2022", 2),
		withdrawn,
	}
	theirs := []news.Statement{
		said("a", news.MetricPower, news.BasisGrid, "2024-01-01", 150),
		said("b", news.MetricPower, "", "2024", 301),
		said("c", news.MetricPower, "", "2024", 300),
		said("d", news.MetricPower, news.BasisFacility, "2024", 100),
		said("e", news.MetricPower, "", "", 5),
		said("f", news.MetricCost, "", "2024", 2),
	}
	side := func(s *news.Statement) string {
		if s == nil {
			return "-"
		}
		return fmt.Sprintf("%g", *s.Claim.ValueLo)
	}
	var got []string
	for _, g := range Gaps(ours, theirs) {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s %s newer %v differs %v", g.Cluster, g.Basis, side(g.News), side(g.Database), g.Newer, g.Differs)))
	}
	want := []string{
		"a grid 300 150 newer true differs true",
		"b  300 301 newer true differs false",
		"f  1 2 newer false differs true",
		"d it 300 - newer false differs false",
		"d facility - 100 newer false differs false",
		"e  - 5 newer false differs false",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
