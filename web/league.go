package web

import (
	"cmp"
	"net/http"
	"slices"

	"clusterwire/feeds/news"
)

// clustersPage is the struct of templates/clusters.html.
type clustersPage struct {
	frame
	Rows    []leagueRow
	By      leagueOrder
	Orders  []chip
	Filter  leagueFilter
	Selects []selectField
	Found   string // how many clusters, where a filter is set
	Silent  []chip // clusters of the registry that nobody has claimed anything about
	Part    numbered
}

// leagueRow is one cluster with what is known of it.
type leagueRow struct {
	slug    string
	Cluster link
	Orgs    []link
	Place   string
	Role    string // of the company whose page shows it
	Chips   stages
	Power   stages
	LiveW   int // widths of the bars of what the table is ordered by, 0 to 100
	PlanW   int
	Cost    figure
	Claims  int
}

// stages are what runs of something at a site, and what is to come of it: two
// figures, for a plan is no size that a site has.
type stages struct {
	Live    figure
	Planned figure // or of a state that is not given, where nothing is said to run or to come
}

// stagesOf gives both figures of a cluster on a metric.
func (st *stand) stagesOf(facts []fact, metric news.Metric) stages {
	s := stages{Live: st.greatest(facts, metric, live), Planned: st.toCome(facts, metric)}
	if !s.Live.Known && !s.Planned.Known {
		s.Planned = st.greatest(facts, metric, stated)
	}
	return s
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

// leagueOrder is what the league table is ordered by.
type leagueOrder string

const (
	byChips        leagueOrder = "chips"
	byChipsPlanned leagueOrder = "chips_planned"
	byPower        leagueOrder = "power_mw"
	byPowerPlanned leagueOrder = "power_mw_planned"
	byCost         leagueOrder = "cost"
	byClaims       leagueOrder = "claims"
	byName         leagueOrder = "name"
)

func leagueOrders() []leagueOrder {
	return []leagueOrder{byChips, byChipsPlanned, byPower, byPowerPlanned, byCost, byClaims, byName}
}

func (o leagueOrder) name() string {
	switch o {
	case byChips, byPower, byCost:
		return metricName(news.Metric(o))
	case byChipsPlanned:
		return "Chips to come"
	case byPowerPlanned:
		return "Power to come"
	case byClaims:
		return "Number of claims"
	}
	return capital(string(o))
}

// of is what the bars of a row compare: chips, or power where the table is
// ordered by it.
func (o leagueOrder) of(row leagueRow) stages {
	if o == byPower || o == byPowerPlanned {
		return row.Power
	}
	return row.Chips
}

// compare orders rows: what runs, then what is to come, or the other way round;
// what is unknown last.
// Amounts of money are ordered within their currency, for none is converted.
func (o leagueOrder) compare(a, b leagueRow) int {
	switch o {
	case byName:
		return 0 // as they are
	case byClaims:
		return cmp.Compare(b.Claims, a.Claims)
	case byCost:
		return cmp.Or(compareBool(b.Cost.Known, a.Cost.Known), compareBool(b.Cost.Currency == "USD", a.Cost.Currency == "USD"),
			cmp.Compare(a.Cost.Currency, b.Cost.Currency), cmp.Compare(b.Cost.Size, a.Cost.Size), cmp.Compare(b.Claims, a.Claims))
	}
	x, y := o.of(a), o.of(b)
	runs, comes := cmp.Compare(y.Live.Size, x.Live.Size), cmp.Compare(y.Planned.Size, x.Planned.Size)
	if o == byChipsPlanned || o == byPowerPlanned {
		runs, comes = comes, runs
	}
	return cmp.Or(runs, comes, cmp.Compare(b.Claims, a.Claims))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func (s *site) clusters(r *http.Request) (reply, error) {
	filter, err := decodeLeague(r.URL.Query())
	if err != nil {
		return reply{}, err
	}
	st, facts, err := s.standFacts(r)
	if err != nil {
		return reply{}, err
	}
	if f := formatOf(r); f.suffix != "" {
		return s.clusterTable(r, st, facts, f)
	}
	values := filter.values()
	page := clustersPage{frame: s.frame(r, st, filter.title(st), address("/clusters", "", values)), By: cmp.Or(filter.By, byChips), Filter: filter, Selects: st.leagueSelects(filter)}
	page.Section, page.Formats = "/clusters", formatLinks("/clusters", values, tableFormats()...)
	page.Feeds = feedLinks("/claims", nil) // what changes them
	page.Description = "The clusters of AI by size: chips, power and money, running and planned, each figure with its source."
	page.NoIndex = len(values) > 1 || filter.Name != ""
	for _, o := range leagueOrders() {
		page.Orders = append(page.Orders, chip{Href: address("/clusters", "", with(values, "by", string(o))), Text: o.name(), On: o == page.By})
	}
	rows, silent := st.league(facts, filter)
	if filter.set() {
		page.Found = plural(len(rows)+len(silent), "cluster", "clusters")
	}
	if page.Rows, page.Part, err = cutPage(r, rows, leaguePage, "/clusters", values); err != nil {
		return reply{}, err
	}
	if page.Part.Page == page.Part.Of {
		for _, c := range silent {
			page.Silent = append(page.Silent, chip{Href: clusterPath(c.Slug), Text: c.Name})
		}
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

// league gives the clusters that a filter leaves, in its order; silent are
// those of which no figure is known.
func (st *stand) league(facts []fact, filter leagueFilter) (rows []leagueRow, silent []news.Cluster) {
	heaps, order := byCluster(facts), cmp.Or(filter.By, byChips)
	most := 0.0
	for _, c := range st.Clusters {
		heap := heaps[c.Slug]
		if !filter.takes(c, heap) {
			continue
		}
		if len(heap) == 0 {
			silent = append(silent, c)
			continue
		}
		row := leagueRow{slug: c.Slug, Cluster: link{clusterPath(c.Slug), c.Name}, Orgs: st.orgs(c), Place: c.Place,
			Chips: st.stagesOf(heap, news.MetricChips), Power: st.stagesOf(heap, news.MetricPower), Cost: st.greatest(heap, news.MetricCost, stated)}
		for _, f := range heap {
			row.Claims += f.Said
		}
		most = max(most, order.of(row).Live.Size, order.of(row).Planned.Size)
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, order.compare)
	for i := range rows {
		shown := order.of(rows[i])
		rows[i].LiveW, rows[i].PlanW = part(shown.Live.Size, most), part(shown.Planned.Size, most)
	}
	return rows, silent
}

// ordered gives the clusters that a filter leaves, those without figures last;
// where it names no order, all are in that of the registry.
func (st *stand) ordered(facts []fact, filter leagueFilter) []news.Cluster {
	var out []news.Cluster
	if filter.By == "" {
		heaps := byCluster(facts)
		for _, c := range st.Clusters {
			if filter.takes(c, heaps[c.Slug]) {
				out = append(out, c)
			}
		}
		return out
	}
	rows, silent := st.league(facts, filter)
	for _, row := range rows {
		out = append(out, st.cluster[row.slug])
	}
	return append(out, silent...)
}

func part(size, most float64) int {
	if size <= 0 || most <= 0 {
		return 0
	}
	return max(int(size*100/most), 1)
}
