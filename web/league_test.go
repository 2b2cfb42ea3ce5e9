package web

import (
	"context"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

// leagueStand is a registry of four sites with what is known of three.
func leagueStand() (*stand, []fact) {
	registry := []news.Cluster{
		{Slug: "abilene", Name: "Abilene", Operator: "oracle", Owner: "crusoe", Place: "Abilene, Texas", Country: "US"},
		{Slug: "colossus", Name: "Colossus", Operator: "xai", Place: "Memphis, Tennessee", Country: "US", Aliases: []string{"巨像"}},
		{Slug: "quiet", Name: "Quiet", Operator: "xai", Country: "US"},
		{Slug: "ulsan", Name: "Ulsan", Operator: "sk", Place: "Ulsan", Country: "KR"},
	}
	st := &stand{cluster: map[string]news.Cluster{}, company: map[string]news.Company{}}
	for _, c := range registry {
		st.Clusters, st.cluster[c.Slug] = append(st.Clusters, c), c
	}
	of := func(cluster string, metric news.Metric, basis news.Basis, currency string, v float64, m news.Modality, org string) fact {
		c := news.Claim{Metric: metric, Basis: basis, Currency: currency, ValueLo: &v, ValueHi: &v, Modality: m, Cluster: cluster, Org: org, OrgRole: news.OrgInvestor}
		return fact{Fact: news.Fact{Cluster: cluster, Metric: metric, Basis: basis, Currency: currency, Best: news.Statement{Claim: c}}, Said: 1}
	}
	return st, []fact{
		of("abilene", news.MetricChips, news.BasisPlanned, "", 400_000, news.Planned, ""),
		of("abilene", news.MetricCost, news.BasisNone, "USD", 15e9, news.Operational, "softbank"),
		of("colossus", news.MetricChips, news.BasisInstalled, "", 230_000, news.Operational, ""),
		of("colossus", news.MetricPower, news.BasisBackup, "", 421, news.Operational, ""),
		of("colossus", news.MetricPower, news.BasisGrid, "", 150, news.Operational, ""),
		of("colossus", news.MetricCost, news.BasisNone, "USD", 3e9, news.Planned, ""),
		of("ulsan", news.MetricCost, news.BasisTotal, "KRW", 7e12, news.Planned, ""),
		of("ulsan", news.MetricPower, news.BasisFacility, "", 100, news.Planned, ""),
	}
}

// The filters and orders of the league are the same for page and API.
func TestLeagueFilter(t *testing.T) {
	st, facts := leagueStand()
	for query, want := range map[string]string{
		"":                           "abilene colossus quiet ulsan", // as the registry has them
		"by=chips":                   "colossus abilene ulsan quiet", // what runs goes before what is planned
		"by=power_mw":                "colossus ulsan abilene quiet",
		"by=chips_planned":           "abilene colossus ulsan quiet",
		"by=power_mw_planned":        "ulsan colossus abilene quiet",
		"by=cost":                    "abilene colossus ulsan quiet", // no currency is converted
		"by=claims":                  "colossus abilene ulsan quiet",
		"by=name":                    "abilene colossus ulsan quiet",
		"company=xai":                "colossus quiet",
		"company=crusoe":             "abilene",
		"company=softbank":           "abilene", // a figure gives it a part
		"country=kr":                 "ulsan",
		"state=operational":          "colossus",
		"state=planned":              "abilene ulsan", // a price that was paid is no machine that runs
		"state=unknown":              "quiet",
		"q=MEMPHIS":                  "colossus",
		"q=巨像":                       "colossus",
		"q=nowhere":                  "",
		"country=US&company=xai&q=c": "colossus",
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		f, err := decodeLeague(values)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		var got []string
		for _, c := range st.ordered(facts, f) {
			got = append(got, c.Slug)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", query, got, want)
		}
	}
	for _, query := range []string{"by=size", "state=running"} {
		values, _ := url.ParseQuery(query)
		if _, err := decodeLeague(values); err == nil {
			t.Errorf("%s: no error", query)
		}
	}
}

// Engines that stand by don't tell how large a site is, where something does.
func TestLeaguePower(t *testing.T) {
	st, facts := leagueStand()
	rows, _ := st.league(facts, leagueFilter{Name: "colossus"})
	if got := rows[0].Power.Live.Value; got != "150 MW" {
		t.Errorf("power %s, want that of the grid", got)
	}
	rows, _ = st.league(facts[:4], leagueFilter{Name: "colossus"})
	if got := rows[0].Power.Live.Value + " " + rows[0].Power.Live.What; got != "421 MW backup" {
		t.Errorf("power %s, want what is known", got)
	}
}

// What is announced stands apart from what runs, whatever the table is ordered by.
func TestLeagueStages(t *testing.T) {
	st, facts := leagueStand()
	for _, by := range []leagueOrder{byName, byPower} {
		rows, _ := st.league(facts, leagueFilter{Name: "ulsan", By: by})
		if p := rows[0].Power; p.Live.Known || p.Planned.Value != "100 MW" {
			t.Errorf("by %s: %s runs, %s is to come; want a plan alone", by, p.Live.Value, p.Planned.Value)
		}
	}
	facts[4].Best.Claim.Modality = "" // somebody says 150 MW and not of what
	rows, _ := st.league(facts[4:5], leagueFilter{Name: "colossus"})
	if p := rows[0].Power; p.Live.Known || p.Planned.Value != "150 MW" || p.Planned.Modality != "" {
		t.Errorf("of a state that is not said: %q runs, %q is to come", p.Live.Value, p.Planned.Value)
	}
}

// Each figure of the league leads to the row that shows its quote.
func TestFiguresLeadToTheirQuotes(t *testing.T) {
	db := archive(t, 60)
	h := testSite(t, db, nil)
	page := get(t, h, "/clusters").Body.String()
	_, rest, found := strings.Cut(page, `<a class="num" href="/cluster/`)
	if !found {
		t.Fatal("no figure of the league is a link")
	}
	target, _, _ := strings.Cut(rest, `"`)
	slug, id, _ := strings.Cut(target, "#")
	_, row, found := strings.Cut(get(t, h, "/cluster/"+slug).Body.String(), `<tr id="`+id+`"`)
	row, _, _ = strings.Cut(row, "</tr>")
	if !found || !strings.Contains(row, "<blockquote") {
		t.Errorf("the page of %s has no row %s with a quote: %s", slug, id, row)
	}
}

// Figures in a list are of one site: those of several, side by side, would be
// read as of one.
func TestGist(t *testing.T) {
	claim := func(cluster string, metric news.Metric, v float64, basis news.Basis, m news.Modality) news.Claim {
		return news.Claim{Cluster: cluster, Metric: metric, ValueLo: &v, ValueHi: &v, Basis: basis, Modality: m}
	}
	st, _ := leagueStand()
	for name, c := range map[string]struct {
		claims []news.Claim
		want   string
	}{
		"nothing":  {nil, " +0"},
		"a place":  {[]news.Claim{{Cluster: "colossus", Metric: news.MetricLocation, ValueText: "Memphis"}}, " +0"},
		"a denial": {[]news.Claim{claim("colossus", news.MetricPower, 5, "", news.Denied)}, " +0"},
		"round-up": {[]news.Claim{
			claim("abilene", news.MetricPower, 1200, "", ""),
			claim("colossus", news.MetricChips, 230000, news.BasisInstalled, news.Operational),
			claim("ulsan", news.MetricPower, 100, "", news.Planned),
			claim("colossus", news.MetricPower, 150, news.BasisGrid, ""),
		}, "Colossus: 230,000 chips, installed (operational); 150 MW grid +2"},
		"planned twice": {[]news.Claim{claim("colossus", news.MetricChips, 10000, news.BasisPlanned, news.Planned)}, "Colossus: 10,000 chips (planned) +0"},
		"jobs":          {[]news.Claim{claim("", news.MetricJobs, 500, news.BasisPermanent, news.Planned)}, "500 jobs, permanent (planned) +0"},
	} {
		g := st.gistOf(c.claims)
		var parts []string
		for _, s := range g.Said {
			p := strings.Join(nonEmpty(s.Value, s.What), " ")
			if s.Modality != "" {
				p += " (" + string(s.Modality) + ")"
			}
			parts = append(parts, p)
		}
		got := strings.Join(nonEmpty(g.Of.Text, strings.Join(parts, "; ")), ": ") + " +" + thousands(g.Others)
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// heldStore doesn't say what is claimed of any cluster but one.
type heldStore struct {
	Store
	one  string
	held chan struct{}
}

func (s heldStore) Statements(ctx context.Context, cluster string, most int) ([]news.Statement, int, error) {
	if cluster != s.one {
		select {
		case <-s.held:
		case <-ctx.Done():
			return nil, 0, ctx.Err()
		}
	}
	return s.Store.Statements(ctx, cluster, most)
}

// The page of a cluster doesn't wait until the figures of all others have been
// weighed for the first time.
func TestClusterPageWaitsForNoOther(t *testing.T) {
	db := heldStore{archive(t, 30), "colossus", make(chan struct{})}
	h := testSite(t, db, nil)
	w := get(t, h, "/cluster/colossus")
	if w.Code != 200 || !strings.Contains(w.Body.String(), `<tr id="figure--colossus--power_mw`) {
		t.Errorf("%d: no figures while others are weighed", w.Code)
	}
	close(db.held)
	get(t, h, "/clusters") // which waits for them
}

// Where not all claims about a cluster are weighed, its page says so.
func TestClusterPageSaysWhatIsWeighed(t *testing.T) {
	st, facts := leagueStand()
	s := &site{now: func() time.Time { return present }}
	for said, want := range map[int]int{mostWeighed: 0, mostWeighed + 1: mostWeighed} {
		page := s.clusterPage(httptest.NewRequest("GET", "/cluster/colossus", nil), &list{Stand: st, Path: "/cluster/colossus"}, st.cluster["colossus"], dossier{facts: facts[2:4], said: said})
		if page.Weighed != want {
			t.Errorf("of %d claims %d are said to be weighed, want %d", said, page.Weighed, want)
		}
	}
}
