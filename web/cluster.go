package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"clusterwire/feeds/news"
)

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
		if slices.Contains(out, a) {
			continue
		}
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
	Unshown  int // figures beyond those
	Claims   []claimRow
	Said     int // claims in all
	Weighed  int // the newest of them, where not all are weighed; else 0
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
		if f.Dispute != nil {
			page.Disputes = append(page.Disputes, st.dispute(f))
		}
	}
	for _, f := range oftenFirst(d.facts)[:min(mostFigures, len(d.facts))] {
		page.Facts = append(page.Facts, st.newFigure(f))
	}
	page.Said, page.Unshown = d.said, max(len(d.facts)-mostFigures, 0)
	if d.said > mostWeighed {
		page.Weighed = mostWeighed
	}
	for _, sm := range d.newest {
		page.Claims = append(page.Claims, st.saidRow(sm))
	}
	page.Days = byDay(st.cards(l.Results.Hits))
	page.Credits = credits(page.shown()...)
	return page
}

// oftenFirst orders figures as pages show metrics, and of one metric those
// first that most statements are about.
func oftenFirst(facts []fact) []fact {
	out, order := slices.Clone(facts), news.Metrics()
	slices.SortStableFunc(out, func(a, b fact) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Metric), slices.Index(order, b.Metric)), cmp.Compare(b.Said, a.Said))
	})
	return out
}

const (
	mostClaims  = 60  // claims that a page of a cluster shows
	mostFigures = 120 // and figures after weighing
)

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
