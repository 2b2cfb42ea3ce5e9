package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// clustersPage is the struct of templates/clusters.html.
type clustersPage struct {
	frame
	Rows   []leagueRow
	By     news.Metric
	Orders []chip
	Silent []chip // clusters of the registry that nobody has claimed anything about
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

// figure is a value with what it is, how sure, and who says so. Its zero value
// is an unknown one.
type figure struct {
	Known    bool
	Value    string
	Metric   string
	What     string
	Modality news.Modality
	Size     float64
	Sources  int
	Best     statement
	Rule     string
	Disputed bool
}

// statement is who said a thing, where, in what words.
type statement struct {
	Source  string
	Article link
	URL     string
	Date    string
	Speaker string
	Quote   string
	Lang    string
	Credit  *credit // whom its licence asks to be named
}

// live reports whether a thing stands and runs.
func live(m news.Modality) bool { return m == news.Operational }

// hoped reports whether a thing is to come.
func hoped(m news.Modality) bool {
	return m == news.Planned || m == news.UnderConstruction || m == news.Rumored
}

// newFigure shows a fact.
func (st *stand) newFigure(f fact) figure {
	c := f.Best.Claim
	return figure{
		Known: true, Value: valueOf(c), Metric: metricName(f.Metric), What: strings.Join(nonEmpty(f.Chip, words(f.Basis), f.Phase), ", "),
		Modality: c.Modality, Size: sizeOf(c), Sources: f.Sources, Best: st.statement(f.Best), Rule: f.Rule, Disputed: f.Dispute != nil,
	}
}

func (st *stand) statement(s news.Statement) statement {
	out := statement{Source: st.named(s.Source), URL: s.URL, Date: s.Claim.Date, Speaker: s.Claim.Speaker, Quote: s.Claim.Quote, Lang: s.Language, Credit: creditOf(s)}
	if s.Article != 0 {
		out.Article = link{articlePath(s.Article), titleOf(s.Title, s.URL)}
	}
	if out.Date == "" && !s.Published.IsZero() {
		out.Date = s.Published.UTC().Format(time.DateOnly)
	}
	return out
}

// sizeOf is the number by which claims of one metric and basis are compared.
func sizeOf(c news.Claim) float64 {
	switch {
	case c.ValueHi != nil:
		return *c.ValueHi
	case c.ValueLo != nil:
		return *c.ValueLo
	}
	return 0
}

// greatest picks the largest of a cluster's facts on a metric among those
// whose best claim is in a wanted state.
func (st *stand) greatest(facts []fact, metric news.Metric, want func(news.Modality) bool) figure {
	var best figure
	for _, f := range facts {
		c := f.Best.Claim
		if f.Metric != metric || !want(c.Modality) || c.ValueLo == nil && c.ValueHi == nil {
			continue
		}
		if fig := st.newFigure(f); !best.Known || fig.Size > best.Size {
			best = fig
		}
	}
	return best
}

// stated reports whether a state is one that a figure may be shown in without
// misleading: whatever was not denied or called off.
func stated(m news.Modality) bool { return m != news.Denied && m != news.Cancelled }

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
	page.Section, page.Formats = "/clusters", tableFormats("/clusters")
	page.Description = "The clusters of AI by size: chips, power and money, running and planned, each figure with its source."
	for _, m := range leagueMetrics() {
		page.Orders = append(page.Orders, chip{Href: "/clusters?by=" + string(m), Text: metricName(m), On: m == by})
	}
	page.Rows, page.Silent = st.league(facts, by)
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
			Live: st.greatest(heap, by, live), Planned: st.greatest(heap, by, hoped),
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

// org is a company by its slug, linked where the registry knows it.
func (st *stand) org(slug string) link {
	if _, known := st.company[slug]; !known {
		return link{Text: slug}
	}
	return link{companyPath(slug), st.companyName(slug)}
}

// otherNames are the aliases that a person would write; the others are forms
// for matching.
func otherNames(c news.Cluster) []string {
	var out []string
	for _, a := range c.Aliases {
		if strings.ToLower(a) != a || strings.IndexFunc(a, func(r rune) bool { return r > 127 }) >= 0 {
			out = append(out, a)
		}
	}
	return out
}

// orgs are the companies behind a cluster, each once.
func (st *stand) orgs(c news.Cluster) []link {
	var out []link
	for _, slug := range []string{c.Operator, c.Owner} {
		l := st.org(slug)
		if slug != "" && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// clusterPage is the struct of templates/cluster.html.
type clusterPage struct {
	frame
	Cluster  news.Cluster
	Aliases  []string
	Operator link
	Owner    link
	Tiles    []tile
	Charts   []timeline
	Disputes []dispute
	Parts    []partRow
	Facts    []figure
	Claims   []claimRow
	Said     int // claims in all
	Days     []dayCards
	Total    string
	All      link
}

// tile is one metric of a cluster, known or not.
type tile struct {
	Metric string
	Figure figure
	Others int // figures of the same metric on other bases or chips
}

func (s *site) cluster(r *http.Request) (reply, error) {
	path, f := cutFormat(r.URL.Path)
	slug := strings.TrimPrefix(path, "/cluster/")
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	c, found := st.cluster[slug]
	if !found {
		return reply{}, errMissing
	}
	if f.suffix == "" {
		f = formatOf(r)
	}
	q, err := decodeQuery(r.URL.Query())
	if err != nil {
		return reply{}, err
	}
	q.Clusters = []string{slug}
	own := canonical(r.URL.Query())
	own.Del("cluster")
	l, err := s.ask(r.Context(), r, path, c.Name, own, q)
	if err != nil {
		return reply{}, err
	}
	if f.suffix != "" {
		return s.listReply(l, f)
	}
	d, err := s.ledger.of(r.Context(), st.Clusters, l.Stand.Stats.Changed, slug)
	if err != nil {
		return reply{}, err
	}
	rep, err := s.page("cluster", s.clusterPage(r, l, c, d))
	rep.modified = l.Stand.Stats.Changed
	return rep, err
}

func (s *site) clusterPage(r *http.Request, l *list, c news.Cluster, d dossier) clusterPage {
	st := l.Stand
	page := clusterPage{frame: s.frame(r, st, c.Name, l.Path), Cluster: c, Aliases: otherNames(c), Total: totalOf(l.Results), All: link{searchPath("cluster", c.Slug), "Search its news"}}
	page.Section = "/clusters"
	page.Description = "What is known of " + c.Name + ", an AI cluster: chips, power, cost, water and dates, each figure with its source."
	page.Feeds, page.Formats = l.feeds(), l.formats()
	if c.Operator != "" {
		page.Operator = st.org(c.Operator)
	}
	if c.Owner != "" && c.Owner != c.Operator {
		page.Owner = st.org(c.Owner)
	}
	page.Tiles, page.Charts = st.tiles(d.facts), d.charts
	for _, p := range d.parts {
		page.Parts = append(page.Parts, partRow{stake: p, Company: st.org(p.Org), Role: words(p.OrgRole)})
	}
	for _, f := range d.facts {
		page.Facts = append(page.Facts, st.newFigure(f))
		if f.Dispute != nil {
			page.Disputes = append(page.Disputes, st.dispute(f))
		}
	}
	page.Said = d.said
	for _, sm := range d.newest {
		page.Claims = append(page.Claims, st.saidRow(sm))
	}
	page.Days = byDay(st.cards(l.Results.Hits))
	page.Credits = credits(page.shown()...)
	return page
}

// stake is what a company is, or was, to a cluster, by how many claims, from
// when to when.
type stake struct {
	Org     string
	OrgRole news.OrgRole
	Said    int
	From    string // dates of the oldest claim and of the newest
	To      string
}

// partRow is a part as a page shows it.
type partRow struct {
	stake
	Company link
	Role    string
}

// partsIn are the parts that claims give companies: owner, operator, developer,
// tenant, maker of the chips and the rest are kept apart.
func partsIn(statements []news.Statement) []stake {
	type key struct {
		org  string
		role news.OrgRole
	}
	at := map[key]int{}
	var parts []stake
	for _, s := range statements {
		c, k := s.Claim, key{s.Claim.Org, s.Claim.OrgRole}
		if k.org == "" || k.role == "" || !s.Withdrawn.IsZero() {
			continue
		}
		date := c.Date
		if date == "" && !s.Published.IsZero() {
			date = s.Published.UTC().Format(time.DateOnly)
		}
		i, known := at[k]
		if !known {
			i = len(parts)
			at[k] = i
			parts = append(parts, stake{Org: k.org, OrgRole: k.role, From: date, To: date})
		}
		p := &parts[i]
		p.Said++
		if date != "" {
			p.From, p.To = min(cmp.Or(p.From, date), date), max(p.To, date)
		}
	}
	slices.SortStableFunc(parts, func(a, b stake) int {
		return cmp.Or(cmp.Compare(b.Said, a.Said), strings.Compare(a.Org, b.Org), strings.Compare(string(a.OrgRole), string(b.OrgRole)))
	})
	return parts
}

// mostClaims is how many claims a page of a cluster shows.
const mostClaims = 60

// saidRow is a claim with where it stands.
func (st *stand) saidRow(s news.Statement) claimRow {
	row := st.claimRow(s.Claim, quote{Match: s.Claim.Quote, Lang: s.Language})
	row.Said = st.statement(s)
	row.Withdrawn = !s.Withdrawn.IsZero()
	return row
}

// tiles shows one figure for each metric that a reader asks for first: what
// runs, else what is planned; unknown where nobody has said.
func (st *stand) tiles(facts []fact) []tile {
	var out []tile
	for _, m := range []news.Metric{news.MetricChips, news.MetricPower, news.MetricCost, news.MetricWater, news.MetricArea, news.MetricBuildDays, news.MetricOnlineDate, news.MetricJobs} {
		t := tile{Metric: metricName(m), Figure: st.greatest(facts, m, live)}
		if !t.Figure.Known {
			t.Figure = st.greatest(facts, m, stated)
		}
		for _, f := range facts {
			if f.Metric != m {
				continue
			}
			t.Others++
			if !t.Figure.Known && m == news.MetricOnlineDate {
				t.Figure = st.newFigure(f)
			}
		}
		t.Others = max(t.Others-1, 0)
		if t.Figure.Known || m == news.MetricChips || m == news.MetricPower || m == news.MetricCost || m == news.MetricWater {
			out = append(out, t)
		}
	}
	return out
}

// dispute is a disagreement between sources as a page shows it.
type dispute struct {
	Cluster link
	Metric  string
	What    string
	Lo, Hi  string
	Rows    []claimRow
}

func (st *stand) dispute(f fact) dispute {
	c := f.Best.Claim
	d := dispute{Cluster: link{clusterPath(f.Cluster), st.clusterName(f.Cluster)}, Metric: metricName(f.Metric),
		What: strings.Join(nonEmpty(f.Chip, words(f.Basis), f.Phase), ", "),
		Lo:   unit(c, number(c, f.Dispute.Lo)), Hi: unit(c, number(c, f.Dispute.Hi))}
	if said := f.Dispute.Statements; c.ValueLo == nil { // a date or a place
		d.Lo, d.Hi = valueOf(said[0].Claim), valueOf(said[len(said)-1].Claim)
	}
	for _, s := range f.Dispute.Statements {
		d.Rows = append(d.Rows, st.saidRow(s))
	}
	return d
}

// openDisputes are up to n of the facts on which sources differ.
func (st *stand) openDisputes(facts []fact, n int) []dispute {
	var out []dispute
	for _, f := range facts {
		if f.Dispute != nil && len(out) < n {
			out = append(out, st.dispute(f))
		}
	}
	return out
}

// disputesPage is the struct of templates/disputes.html.
type disputesPage struct {
	frame
	Disputes []dispute
}

func (s *site) disputes(r *http.Request) (reply, error) {
	st, facts, err := s.standFacts(r)
	if err != nil {
		return reply{}, err
	}
	if f := formatOf(r); f.suffix != "" {
		return s.disputeTable(st, facts, f)
	}
	page := disputesPage{frame: s.frame(r, st, "Disputes", "/disputes")}
	page.Section, page.Formats = "/disputes", tableFormats("/disputes")
	page.Description = "Where sources disagree by a quarter or more on the same figure of an AI cluster."
	page.Disputes = st.openDisputes(facts, len(facts))
	page.Credits = credits(saidIn(page.Disputes)...)
	rep, err := s.page("disputes", page)
	rep.modified = st.Stats.Changed
	return rep, err
}
