package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// listPage is the struct of templates/list.html: any list of articles under a
// heading, with what it holds beside it.
type listPage struct {
	frame
	Heading  string
	Lede     string
	Chart    columns
	Facets   []facet
	Days     []dayCards
	Prev     string
	Next     string
	Before   link // the day before, on a page of a day
	After    link
	Empty    string
	Siblings []chip
}

// topic answers /topic/{topic}.
func (s *site) topic(r *http.Request) (reply, error) {
	path, f := cutFormat(r.URL.Path)
	topic := news.Topic(strings.TrimPrefix(path, "/topic/"))
	if !slices.Contains(news.Topics(), topic) {
		return reply{}, errMissing
	}
	return s.browse(r, path, f, "topic", string(topic), func(page *listPage) {
		page.Section, page.Heading = "/topics", capital(string(topic))
		page.Empty = "No article has been tagged with this topic yet."
		for _, t := range news.Topics() {
			page.Siblings = append(page.Siblings, chip{Href: topicPath(t), Text: string(t), Class: "topic", On: t == topic})
		}
	})
}

// source answers /source/{slug}: what one publisher wrote.
func (s *site) source(r *http.Request) (reply, error) {
	path, f := cutFormat(r.URL.Path)
	slug := strings.TrimPrefix(path, "/source/")
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	src, found := st.source[slug]
	if !found {
		return reply{}, errMissing
	}
	return s.browse(r, path, f, "source", slug, func(page *listPage) {
		page.Section, page.Heading = "/sources", src.Name
		page.Empty = "Nothing by this publisher has been about AI infrastructure yet."
	})
}

// browse answers a list that is one filter: its page with facets and a chart,
// or any other format.
func (s *site) browse(r *http.Request, path string, f format, key, value string, finish func(*listPage)) (reply, error) {
	values := r.URL.Query()
	values.Set(key, value)
	q, err := decodeQuery(values)
	if err != nil {
		return reply{}, err
	}
	own := canonical(values)
	own.Del(key)
	l, err := s.ask(r.Context(), r, path, capital(value), own, q)
	if err != nil {
		return reply{}, err
	}
	l.Title = l.valueName(key, value)
	if f.suffix == "" {
		f = formatOf(r)
	}
	if f.suffix != "" {
		return s.listReply(l, f)
	}
	counts, err := s.store.Facets(r.Context(), q)
	if err != nil {
		return reply{}, err
	}
	narrow := &list{Path: "/search", Values: with(own, key, value), Query: q, Stand: l.Stand}
	page := listPage{frame: s.frame(r, l.Stand, l.Title, path), Lede: totalOf(l.Results), Days: byDay(l.Stand.cards(l.Results.Hits)),
		Prev: l.prev(formatHTML), Next: l.next(formatHTML), Facets: narrow.facets(counts), Chart: narrow.chart("Articles a month", chartWidth, counts.Months)}
	page.Feeds, page.Formats = l.feeds(), l.formats()
	page.Description, page.Linked = "News of AI infrastructure: "+l.Title+".", l.linked(l.Title)
	finish(&page)
	rep, err := s.page("list", page)
	rep.modified = l.Stand.Stats.Changed
	return rep, err
}

// chart draws the months of a list; each column leads to its articles.
func (l *list) chart(title string, width float64, months []news.Count) columns {
	if len(months) > mostMonths {
		months = months[len(months)-mostMonths:]
		title += ", newest " + strconv.Itoa(mostMonths) + " months"
	}
	return monthColumns(title, width, months, func(month string) string {
		return address(l.Path, "", with(with(l.Values, "since", month), "until", month))
	})
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// topicsPage is the struct of templates/topics.html.
type topicsPage struct {
	frame
	Rows []barRow
}

func (s *site) topics(r *http.Request) (reply, error) {
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	counts, err := s.store.Facets(r.Context(), news.Query{})
	if err != nil {
		return reply{}, err
	}
	if f := formatOf(r); f.suffix != "" {
		return topicTable(st, counts.Topics, f)
	}
	n := map[string]int{}
	for _, c := range counts.Topics {
		n[c.Key] = c.N
	}
	page := topicsPage{frame: s.frame(r, st, "Topics", "/topics")}
	page.Section, page.Formats = "/topics", formatLinks("/topics", nil, tableFormats()...)
	page.Description = "The topics of AI infrastructure, from power and water to money and neighbours."
	for _, t := range news.Topics() {
		page.Rows = append(page.Rows, barRow{link: link{topicPath(t), capital(string(t))}, N: n[string(t)], Value: thousands(n[string(t)])})
	}
	sortBars(page.Rows)
	page.Rows = scaleBars(page.Rows)
	rep, err := s.page("topics", page)
	rep.modified = st.Stats.Changed
	return rep, err
}

// archivePage is the struct of templates/archive.html.
type archivePage struct {
	frame
	Chart columns
	Years []archiveYear
}

type archiveYear struct {
	Year   string
	Months []barRow
}

func (s *site) archive(r *http.Request) (reply, error) {
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	counts, err := s.store.Facets(r.Context(), news.Query{})
	if err != nil {
		return reply{}, err
	}
	page := archivePage{frame: s.frame(r, st, "Archive", "/archive")}
	page.Section = "/archive"
	page.Description = "All news of the wire, by month and day."
	all := &list{Path: "/search", Values: url.Values{}}
	page.Chart = all.chart("Articles a month", chartWidth, counts.Months)
	for i := len(counts.Months) - 1; i >= 0; i-- {
		page.add(counts.Months[i])
	}
	rep, err := s.page("archive", page)
	rep.modified = st.Stats.Changed
	return rep, err
}

// add puts a month under its year; months come newest first.
func (p *archivePage) add(m news.Count) {
	if m.N == 0 || len(m.Key) < 7 {
		return
	}
	if n := len(p.Years); n == 0 || p.Years[n-1].Year != m.Key[:4] {
		p.Years = append(p.Years, archiveYear{Year: m.Key[:4]})
	}
	name := m.Key
	if t, err := time.Parse("2006-01", m.Key); err == nil {
		name = t.Format("January")
	}
	last := &p.Years[len(p.Years)-1]
	last.Months = append(last.Months, barRow{link: link{"/search?since=" + m.Key + "&until=" + m.Key, name}, N: m.N, Value: thousands(m.N)})
}

// day answers /day/{date}.
func (s *site) day(r *http.Request) (reply, error) {
	path, f := cutFormat(r.URL.Path)
	date := strings.TrimPrefix(path, "/day/")
	t, err := time.Parse(time.DateOnly, date)
	if err != nil || t.Year() < 1970 || t.After(s.now().AddDate(1, 0, 0)) {
		return reply{}, errMissing
	}
	values := r.URL.Query()
	values.Set("since", date)
	values.Set("until", date)
	values.Del("from")
	values.Del("to")
	q, err := decodeQuery(values)
	if err != nil {
		return reply{}, err
	}
	own := with(with(canonical(values), "since", ""), "until", "")
	l, err := s.ask(r.Context(), r, path, longDay(t), own, q)
	if err != nil {
		return reply{}, err
	}
	if f.suffix == "" {
		f = formatOf(r)
	}
	if f.suffix != "" {
		return s.listReply(l, f)
	}
	page := listPage{frame: s.frame(r, l.Stand, longDay(t), path), Heading: longDay(t), Lede: totalOf(l.Results),
		Days: byDay(l.Stand.cards(l.Results.Hits)), Prev: l.prev(formatHTML), Next: l.next(formatHTML), Empty: "Nothing was published on this day, as far as the wire knows."}
	page.Section, page.Description = "/archive", "News of AI infrastructure of "+longDay(t)+"."
	page.Feeds, page.Formats = l.feeds(), l.formats()
	page.Before = dayLink(t.AddDate(0, 0, -1))
	if after := t.AddDate(0, 0, 1); !after.After(s.now()) {
		page.After = dayLink(after)
	}
	rep, err := s.page("list", page)
	rep.modified = l.Stand.Stats.Changed
	return rep, err
}

func dayLink(t time.Time) link {
	return link{"/day/" + t.Format(time.DateOnly), t.Format("2 Jan 2006")}
}

// comparePage is the struct of templates/compare.html.
type comparePage struct {
	frame
	Options []choice
	Columns []compared
}

// choice is a company that may be put beside others.
type choice struct {
	option
	On bool
}

type compared struct {
	Company  news.CompanyCount
	Chart    columns
	Topics   []chip
	Clusters []leagueRow
	Newest   []card
}

// mostCompared is how many companies stand side by side.
const mostCompared = 4

func (s *site) compare(r *http.Request) (reply, error) {
	slugs := many(r.URL.Query(), "company")
	if len(slugs) > mostCompared {
		return reply{}, badInput("company", "at most "+strconv.Itoa(mostCompared)+" can be compared at a time")
	}
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	facts, err := s.ledger.aside(r.Context(), st.Clusters, st.Stats.Changed)
	if err != nil {
		return reply{}, err
	}
	page := comparePage{frame: s.frame(r, st, "Companies side by side", "/compare")}
	page.Section, page.NoIndex = "/companies", len(slugs) > 0
	page.Description = "Companies of AI infrastructure side by side: how often in the news, with what, and which clusters."
	for _, c := range st.Companies {
		page.Options = append(page.Options, choice{option{c.Company.Slug, c.Company.Name}, slices.Contains(slugs, c.Company.Slug)})
	}
	for _, slug := range slugs {
		col, err := s.column(r, st, facts, slug)
		if err != nil {
			return reply{}, err
		}
		page.Columns = append(page.Columns, col)
		page.Credits = append(page.Credits, credits(shownIn(col.Clusters)...)...)
	}
	slices.SortFunc(page.Credits, func(a, b credit) int { return strings.Compare(a.Text, b.Text) })
	page.Credits = slices.Compact(page.Credits)
	rep, err := s.page("compare", page)
	rep.modified = st.Stats.Changed
	return rep, err
}

// compared says of a company what stands beside its articles.
func (s *site) compared(r *http.Request, st *stand, facts []fact, c news.CompanyCount, width float64) (compared, error) {
	slug := c.Company.Slug
	q := news.Query{Companies: []string{slug}}
	counts, err := s.store.Facets(r.Context(), q)
	if err != nil {
		return compared{}, err
	}
	narrow := &list{Path: "/search", Values: url.Values{"company": {slug}}, Query: q, Stand: st}
	col := compared{Company: c, Chart: narrow.chart("Articles a month", width, counts.Months), Clusters: st.clustersOf(slug, facts)}
	for _, t := range counts.Topics[:min(len(counts.Topics), 6)] {
		col.Topics = append(col.Topics, chip{Href: address("/search", "", with(narrow.Values, "topic", t.Key)), Text: t.Key, Class: "topic", Count: t.N})
	}
	return col, nil
}

// column is a company beside others: with its newest articles.
func (s *site) column(r *http.Request, st *stand, facts []fact, slug string) (compared, error) {
	c, err := s.store.Company(r.Context(), slug)
	if err != nil {
		return compared{}, err
	}
	res, err := s.store.Search(r.Context(), news.Query{Companies: []string{slug}, Limit: 5})
	if err != nil {
		return compared{}, err
	}
	col, err := s.compared(r, st, facts, c, chartNarrow)
	col.Newest = st.cards(res.Hits)
	return col, err
}

// clustersOf are the clusters that a company has a part in: that it operates
// or owns by the registry, and those that a figure gives it a part in.
func (st *stand) clustersOf(slug string, facts []fact) []leagueRow {
	roles := map[string]string{} // by cluster
	for _, f := range facts {
		if c := f.Best.Claim; c.Org == slug && c.OrgRole != "" && roles[f.Cluster] == "" {
			roles[f.Cluster] = words(c.OrgRole)
		}
	}
	own := *st
	own.Clusters = nil
	for _, c := range st.Clusters {
		switch slug {
		case c.Operator:
			roles[c.Slug] = words(news.OrgOperator)
		case c.Owner:
			roles[c.Slug] = words(news.OrgOwner)
		}
		if roles[c.Slug] != "" {
			own.Clusters = append(own.Clusters, c)
		}
	}
	rows, silent := own.league(facts, leagueFilter{})
	for _, c := range silent {
		rows = append(rows, leagueRow{slug: c.Slug, Cluster: link{clusterPath(c.Slug), c.Name}})
	}
	for i := range rows {
		rows[i].Role = roles[rows[i].slug]
	}
	return rows
}
