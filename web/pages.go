package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"clusterwire/feeds/news"
)

// frontPage is the struct of templates/front.html.
type frontPage struct {
	frame
	Companies []chip
	Stories   []storyCard // the lead of each; without any, Days
	Days      []dayCards
	Prev      string
	Next      string
	Busiest   []barRow
	Largest   []barRow
	Disputes  []dispute
	Filling   *filling // of an archive that has only begun
}

// barRow is one row of a bar chart that is a table.
type barRow struct {
	link
	N     int
	Value string
	Width int // 0 to 100
}

// front answers /: stories where they are known, else the newest articles.
func (s *site) front(r *http.Request) (reply, error) {
	if f := formatOf(r); f.suffix != "" && r.URL.RawQuery != "" {
		return s.storiesAs(f)(r)
	}
	values := url.Values{}
	if c := r.URL.Query().Get("cursor"); c != "" {
		values.Set("cursor", c)
	}
	res, _, err := s.askStories(r, values, news.StoriesTop)
	if err != nil && len(values) == 0 {
		return reply{}, err
	}
	if err != nil || len(res.Stories) == 0 { // none yet, or a cursor of the list of articles
		return s.frontOf(r, "", "/", nil)
	}
	return s.frontOf(r, "", "/", &res)
}

// newest answers /newest: articles, newest first.
func (s *site) newest(r *http.Request) (reply, error) {
	return s.frontOf(r, "Newest articles", "/newest", nil)
}

// frontList is the list on a front page: of stories, or of articles where
// there are none.
func (s *site) frontList(r *http.Request, path string, stories *news.StoryResults) (*list, error) {
	if stories != nil {
		st, err := s.shelf.read(r.Context())
		if err != nil {
			return nil, err
		}
		return s.storyList(r, st, *stories, url.Values{}), nil
	}
	cursorOnly := url.Values{}
	if c := r.URL.Query().Get("cursor"); c != "" {
		cursorOnly.Set("cursor", c)
	}
	q, err := decodeQuery(cursorOnly)
	if err != nil {
		return nil, err
	}
	return s.ask(r.Context(), r, path, "", url.Values{}, q)
}

// frontOf makes a front page of stories, or of articles where there are none.
func (s *site) frontOf(r *http.Request, title, path string, stories *news.StoryResults) (reply, error) {
	l, err := s.frontList(r, path, stories)
	if err != nil {
		return reply{}, err
	}
	if f := formatOf(r); f.suffix != "" {
		return s.listReply(l, f)
	}
	page := frontPage{frame: s.frame(r, l.Stand, title, path)}
	page.Section, page.Root = "/", path == "/"
	page.Description = "Who builds the data centers and clusters of AI, how large, with what power and water, and who says so. Newest news from " + plural(l.Stand.Stats.Sources, "source", "sources") + "."
	if !page.Root {
		page.Description = "Every article about AI infrastructure as it arrives, newest first, from " + plural(l.Stand.Stats.Sources, "source", "sources") + " in " + plural(l.Stand.Stats.Languages, "language", "languages") + "."
	}
	page.Linked = l.linked("clusterwire: news of AI infrastructure")
	page.Feeds, page.Formats = l.feeds(), l.formats()
	page.Companies = l.Stand.companyChips()
	page.Busiest = l.Stand.busiest(10)
	facts, err := s.ledger.aside(r.Context(), l.Stand.Clusters, l.Stand.Stats.Changed)
	if err != nil {
		return reply{}, err
	}
	var largest []statement
	page.Largest, largest = l.Stand.largest(facts, 6)
	page.Disputes = l.Stand.disputes(l.Stand.openDisputes(facts), 4)
	page.Credits = credits(append(saidIn(page.Disputes), largest...)...)
	if page.Filling, err = s.filling(r.Context(), l.Stand); err != nil {
		return reply{}, err
	}
	shown := page.show(l, stories, r.URL.Query().Get("cursor") == "")
	if err := s.addFigures(r.Context(), l.Stand, shown...); err != nil {
		return reply{}, err
	}
	if page.Filling != nil && len(shown) == 0 {
		page.Refresh = renewalTime
	}
	rep, err := s.page("front", page)
	rep.modified = l.Stand.Stats.Changed
	if page.Filling != nil {
		rep.cacheControl = "no-store"
	}
	return rep, err
}

// show puts the list on the page, with a lead on the first page of it, and
// gives its cards.
func (p *frontPage) show(l *list, stories *news.StoryResults, first bool) (shown []*card) {
	if stories != nil {
		p.Stories = l.Stand.storyCards(stories.Stories, p.Today)
		p.Stories[0].Lead = first
		for i := range p.Stories {
			shown = append(shown, &p.Stories[i].card)
		}
		if stories.Next != "" {
			p.Next = "/?" + url.Values{"cursor": {stories.Next}}.Encode()
		}
		return shown
	}
	p.Prev, p.Next = l.prev(formatHTML), l.next(formatHTML)
	cards := l.Stand.cards(l.Results.Hits)
	if len(cards) > 0 {
		cards[0].Lead = first
	}
	p.Days = byDay(cards)
	for i := range p.Days {
		for k := range p.Days[i].Cards {
			shown = append(shown, &p.Days[i].Cards[k])
		}
	}
	return shown
}

// stripRunes is what one line of chips holds on a wide screen, in letters; a
// chip is as wide as some more than its own.
const (
	stripRunes = 165
	chipRunes  = 5
)

// companyChips are the companies most named, with their counts, as many as
// stand in one line with the chip behind them, which leads to all.
func (st *stand) companyChips() []chip {
	all := chip{Href: "/companies", Text: "all " + thousands(len(st.Companies)) + " companies"}
	room := stripRunes - len(all.Text) - chipRunes
	var out []chip
	for _, c := range st.Companies {
		room -= len([]rune(c.Company.Name)) + len(strconv.Itoa(c.Articles)) + chipRunes
		if room < 0 || c.Articles == 0 {
			break
		}
		out = append(out, chip{Href: companyPath(c.Company.Slug), Text: c.Company.Name, Count: c.Articles})
	}
	if len(out) > 0 {
		out = append(out, all)
	}
	return out
}

// busiest are the companies most named of late.
func (st *stand) busiest(n int) []barRow {
	var rows []barRow
	for _, c := range st.Companies {
		if c.Recent > 0 {
			rows = append(rows, barRow{link: link{companyPath(c.Company.Slug), c.Company.Name}, N: c.Recent, Value: thousands(c.Recent)})
		}
	}
	sortBars(rows)
	return scaleBars(rows[:min(n, len(rows))])
}

// largest are the clusters with most chips in operation, and the statements
// that say so.
func (st *stand) largest(facts []fact, n int) (bars []barRow, said []statement) {
	rows, _ := st.league(facts, leagueFilter{})
	for _, row := range rows {
		if len(bars) == n || !row.Chips.Live.Known {
			break
		}
		bars = append(bars, barRow{link: link{row.Chips.Live.Href, row.Cluster.Text}, N: int(row.Chips.Live.Size), Value: short(row.Chips.Live.Size)})
		said = append(said, row.Chips.Live.Best)
	}
	return scaleBars(bars), said
}

// companyPage is the struct of templates/company.html.
type companyPage struct {
	frame
	Company  news.CompanyCount
	Chart    columns
	Topics   []chip
	Clusters []leagueRow
	Days     []dayCards
	Total    string
	Prev     string
	Next     string
}

func (s *site) company(r *http.Request) (reply, error) {
	path, f := cutFormat(r.URL.Path)
	if f.suffix == "" {
		f = formatOf(r)
	}
	return s.companyList(r, strings.TrimPrefix(path, "/company/"), f)
}

// companyFeed answers /company/{slug}/feed.atom and its kin.
func (s *site) companyFeed(r *http.Request) (reply, error) {
	stem, f := cutFormat(r.PathValue("feed"))
	if stem == "feed" && f.suffix == formatJSON.suffix {
		f = formatJSONFeed
	}
	if stem != "feed" || f.suffix == "" {
		return reply{}, errNowhere
	}
	return s.companyList(r, r.PathValue("slug"), f)
}

func (s *site) companyList(r *http.Request, slug string, f format) (reply, error) {
	c, err := s.store.Company(r.Context(), slug)
	if err != nil {
		return reply{}, err
	}
	values := r.URL.Query()
	q, err := decodeQuery(values)
	if err != nil {
		return reply{}, err
	}
	q.Companies = []string{slug}
	own := canonical(values)
	own.Del("company")
	l, err := s.ask(r.Context(), r, companyPath(slug), c.Company.Name, own, q)
	if err != nil {
		return reply{}, err
	}
	if f.suffix != "" {
		return s.listReply(l, f)
	}
	facts, err := s.ledger.aside(r.Context(), l.Stand.Clusters, l.Stand.Stats.Changed)
	if err != nil {
		return reply{}, err
	}
	beside, err := s.compared(r, l.Stand, facts, c, chartWidth)
	if err != nil {
		return reply{}, err
	}
	page := companyPage{frame: s.frame(r, l.Stand, c.Company.Name, companyPath(slug)), Company: c,
		Chart: beside.Chart, Topics: beside.Topics, Clusters: beside.Clusters,
		Days: byDay(l.Stand.cards(l.Results.Hits)), Prev: l.prev(formatHTML), Next: l.next(formatHTML), Total: totalOf(l.Results)}
	page.Section, page.Linked = "/companies", l.linked(c.Company.Name)
	page.Description = "News on " + c.Company.Name + " and the infrastructure of AI: " + plural(c.Articles, "article", "articles") + "."
	page.Feeds, page.Formats = l.feeds(), l.formats()
	page.Credits = credits(shownIn(page.Clusters)...)
	rep, err := s.page("company", page)
	rep.modified = l.Stand.Stats.Changed
	return rep, err
}

// totalOf writes how many there are, and whether there may be more.
func totalOf(res news.Results) string {
	total := plural(res.Total, "article", "articles")
	if res.AtLeast {
		return "more than " + total
	}
	return total
}

// companiesPage is the struct of templates/companies.html.
type companiesPage struct {
	frame
	Groups []companyGroup
	Silent []chip // companies of the registry that no article names
}

type companyGroup struct {
	Kind string
	Rows []companyRow
}

type companyRow struct {
	news.CompanyCount
	Width int // of its bar, 0 to 100
}

func (s *site) companies(r *http.Request) (reply, error) {
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	if f := formatOf(r); f.suffix != "" {
		return s.companyTable(r, st, f)
	}
	page := companiesPage{frame: s.frame(r, st, "Companies", "/companies")}
	page.Section, page.Formats = "/companies", append(formatLinks("/companies", nil, tableFormats()...), link{"/companies.opml", "OPML"})
	page.Description = "Every company that the wire tags, by how often it is in the news."
	most := 1
	if len(st.Companies) > 0 {
		most = max(st.Companies[0].Articles, 1)
	}
	for _, c := range st.Companies {
		if c.Articles == 0 {
			page.Silent = append(page.Silent, chip{Href: companyPath(c.Company.Slug), Text: c.Company.Name})
			continue
		}
		page.add(c, most)
	}
	rep, err := s.page("companies", page)
	rep.modified = st.Stats.Changed
	return rep, err
}

// add puts a company into the group of its kind.
func (p *companiesPage) add(c news.CompanyCount, most int) {
	row := companyRow{CompanyCount: c, Width: share(c.Articles, most)}
	for i := range p.Groups {
		if kindName(p.Groups[i].Kind) == kindName(c.Company.Kind) {
			p.Groups[i].Rows = append(p.Groups[i].Rows, row)
			return
		}
	}
	p.Groups = append(p.Groups, companyGroup{Kind: c.Company.Kind, Rows: []companyRow{row}})
}

// aboutPage is the struct of templates/about.html.
type aboutPage struct{ frame }

func (s *site) about(r *http.Request) (reply, error) {
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	page := aboutPage{s.frame(r, st, "About", "/about")}
	page.Section = "/about"
	page.Description = "What clusterwire is, how it reads the news, and what it does not do."
	return s.page("about", page)
}

// articleID reads the number of an article from an address.
func articleID(raw string) (int64, error) {
	id, err := strconv.ParseInt(raw, 10, 64)
	if err != nil || id <= 0 || strconv.FormatInt(id, 10) != raw {
		return 0, errMissing
	}
	return id, nil
}
