package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"clusterwire/feeds/news"
)

// clustersPage is the struct of templates/clusters.html.
type clustersPage struct {
	frame
	Rows   []leagueRow
	By     news.Metric
	Orders []chip
	Silent []chip // clusters of the registry that nobody has claimed anything about
	Part   numbered
}

// leagueRow is one cluster with what is known of it.
type leagueRow struct {
	Cluster link
	Orgs    []link
	Place   string
	Role    string // of the company whose page shows it
	Live    figure // of the metric that the table is ordered by
	Planned figure
	LiveW   int // widths of the bars, 0 to 100
	PlanW   int
	Power   figure
	Cost    figure
	Claims  int
}

// byCluster sorts facts into heaps.
func byCluster(facts []fact) map[string][]fact {
	out := map[string][]fact{}
	for _, f := range facts {
		if f.Cluster != "" {
			out[f.Cluster] = append(out[f.Cluster], f)
		}
	}
	return out
}

// leaguePage is how many clusters stand on one page.
const leaguePage = 60

// leagueMetrics are the metrics that the league table can be ordered by.
func leagueMetrics() []news.Metric {
	return []news.Metric{news.MetricChips, news.MetricPower, news.MetricCost}
}

func (s *site) clusters(r *http.Request) (reply, error) {
	by := news.MetricChips
	metrics, err := enum(r.URL.Query(), "by", leagueMetrics())
	if err != nil {
		return reply{}, err
	}
	if len(metrics) > 0 {
		by = metrics[0]
	}
	st, facts, err := s.standFacts(r)
	if err != nil {
		return reply{}, err
	}
	if f := formatOf(r); f.suffix != "" {
		return s.clusterTable(r, st, facts, f)
	}
	page := clustersPage{frame: s.frame(r, st, "Clusters", "/clusters"), By: by}
	page.Section, page.Formats = "/clusters", formatLinks("/clusters", nil, tableFormats()...)
	page.Feeds = feedLinks("/claims", nil) // what changes them
	page.Description = "The clusters of AI by size: chips, power and money, running and planned, each figure with its source."
	for _, m := range leagueMetrics() {
		page.Orders = append(page.Orders, chip{Href: "/clusters?by=" + string(m), Text: metricName(m), On: m == by})
	}
	rows, silent := st.league(facts, by)
	values := url.Values{}
	if len(metrics) > 0 {
		values.Set("by", string(by))
	}
	if page.Rows, page.Part, err = cutPage(r, rows, leaguePage, "/clusters", values); err != nil {
		return reply{}, err
	}
	if page.Part.Page == page.Part.Of {
		page.Silent = silent
	}
	page.Credits = credits(shownIn(page.Rows)...)
	rep, err := s.page("clusters", page)
	rep.modified = st.Stats.Changed
	return rep, err
}

// standFacts gives the stand together with all facts.
func (s *site) standFacts(r *http.Request) (*stand, []fact, error) {
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return nil, nil, err
	}
	facts, err := s.ledger.read(r.Context(), st.Clusters, st.Stats.Changed)
	return st, facts, err
}

// league orders clusters by what runs, then by what is planned.
func (st *stand) league(facts []fact, by news.Metric) (rows []leagueRow, silent []chip) {
	heaps := byCluster(facts)
	most := 0.0
	for _, c := range st.Clusters {
		heap := heaps[c.Slug]
		if len(heap) == 0 {
			silent = append(silent, chip{Href: clusterPath(c.Slug), Text: c.Name})
			continue
		}
		row := leagueRow{Cluster: link{clusterPath(c.Slug), c.Name}, Orgs: st.orgs(c), Place: c.Place,
			Live: st.greatest(heap, by, live), Planned: st.toCome(heap, by),
			Power: st.greatest(heap, news.MetricPower, stated), Cost: st.greatest(heap, news.MetricCost, stated)}
		for _, f := range heap {
			row.Claims += f.Said
		}
		most = max(most, row.Live.Size, row.Planned.Size)
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b leagueRow) int {
		return cmp.Or(cmp.Compare(b.Live.Size, a.Live.Size), cmp.Compare(b.Planned.Size, a.Planned.Size), cmp.Compare(b.Claims, a.Claims))
	})
	for i := range rows {
		rows[i].LiveW, rows[i].PlanW = part(rows[i].Live.Size, most), part(rows[i].Planned.Size, most)
	}
	return rows, silent
}

func part(size, most float64) int {
	if size <= 0 || most <= 0 {
		return 0
	}
	return max(int(size*100/most), 1)
}
