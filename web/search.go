package web

import (
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// searchPage is the struct of templates/search.html.
type searchPage struct {
	frame
	Asked    bool // anything was asked for
	Since    string
	Until    string
	Sort     string
	Selects  []selectField
	Chosen   []chip // filters in force, each a link that takes it away
	Total    string
	Days     []dayCards
	Warnings []string
	Note     string
	Held     int  // articles of the archive
	Wide     bool // more than one thing was asked for
	Meant    link // a query that may have been meant, where nothing was found
	Facets   []facet
	Chart    columns
	Next     string
	Prev     string
}

// option is one entry of a select.
type option struct {
	Value, Text string
}

// selectField is a select of the form. The value in force stands first.
type selectField struct {
	Name, Label string
	Chosen      option        // none if empty
	Options     template.HTML // written by optionsOf, which escapes
}

// facet is one dimension by which a result can be narrowed.
type facet struct {
	Title string
	Rows  []chip
}

func (s *site) search(r *http.Request) (reply, error) {
	values := r.URL.Query()
	q, err := decodeQuery(values)
	if err != nil {
		return reply{}, err
	}
	own, f := canonical(values), formatOf(r)
	q.Uncounted = !f.counted()
	l, err := s.ask(r.Context(), r, "/search", listTitle(values), own, q)
	if err != nil {
		return reply{}, err
	}
	if f.suffix != "" {
		return s.listReply(l, f)
	}
	facets, err := s.store.Facets(r.Context(), q)
	if err != nil {
		return reply{}, err
	}
	page := s.searchPage(r, l, facets)
	rep, err := s.page("search", page)
	rep.modified, rep.noIndex = l.Stand.Stats.Changed, page.NoIndex
	return rep, err
}

func (s *site) searchPage(r *http.Request, l *list, facets news.Facets) searchPage {
	title := l.Title
	if title == "" {
		title = "Search"
	}
	page := searchPage{frame: s.frame(r, l.Stand, title, l.href(formatHTML)), Asked: len(l.Values) > 0,
		Sort: l.Values.Get("sort"), Since: dateOf(l.Values.Get("since")), Until: dateOf(l.Values.Get("until")),
		Total: totalOf(l.Results), Warnings: l.Results.Warnings, Note: l.Results.Note,
		Next: l.next(formatHTML), Prev: l.prev(formatHTML)}
	if meant := l.Results.Meant; meant != "" {
		page.Meant = link{address(l.Path, "", with(l.Values, "q", meant)), meant}
	}
	page.Held, page.Wide = l.Stand.Stats.Articles, len(l.Values) > 1 || len(strings.Fields(l.Query.Text)) > 1
	page.Q, page.Description = l.Query.Text, "Search the news of AI infrastructure."
	page.NoIndex = len(l.Values) > 2
	page.Feeds, page.Formats = l.feeds(), l.formats()
	page.Selects = l.selects()
	page.Chosen = l.chosen()
	page.Facets = l.facets(facets)
	page.Chart = l.chart("Articles a month", chartWidth, facets.Months)
	cards := l.Stand.cards(l.Results.Hits)
	if l.Query.Order == news.OrderRelevance {
		page.Days = undated(cards)
	} else {
		page.Days = byDay(cards)
	}
	return page
}

// dateOf gives what a date field of a form can show.
func dateOf(value string) string {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, value); err == nil {
			return t.UTC().Format(time.DateOnly)
		}
	}
	return ""
}

// selects are those of the form. Only the first of several values can be shown
// there; the others stand among the chosen filters.
func (l *list) selects() []selectField {
	var topics []option
	for _, t := range news.Topics() {
		topics = append(topics, option{string(t), string(t)})
	}
	fields := []selectField{
		{Name: "company", Label: "Company", Options: l.Stand.companyOptions}, {Name: "source", Label: "Source", Options: l.Stand.sourceOptions},
		{Name: "topic", Label: "Topic", Options: optionsOf(topics)}, {Name: "lang", Label: "Language", Options: l.Stand.languageOptions},
	}
	for i, f := range fields {
		if first := many(l.Values, f.Name); len(first) > 0 {
			fields[i].Chosen = option{first[0], l.valueName(f.Name, first[0])}
		}
	}
	return fields
}

// chosen lists the filters in force; each leads to the list without it.
func (l *list) chosen() []chip {
	var out []chip
	for _, p := range filterParams() {
		for _, v := range l.Values[p.Name] {
			rest := slices.DeleteFunc(slices.Clone(l.Values[p.Name]), func(x string) bool { return x == v })
			values := with(l.Values, p.Name, "")
			if len(rest) > 0 {
				values[p.Name] = rest
			}
			if p.Name == "q" {
				continue // it stands in the search field
			}
			out = append(out, chip{Href: address(l.Path, "", values), Text: p.Name + ": " + l.valueName(p.Name, v), On: true})
		}
	}
	return out
}

func (l *list) valueName(key, value string) string {
	switch key {
	case "company":
		return l.Stand.companyName(value)
	case "source":
		return l.Stand.sourceName(value)
	case "cluster":
		return l.Stand.clusterName(value)
	case "lang":
		return languageName(value)
	}
	return value
}

// mostFacets is how many rows of one facet a page shows.
const mostFacets = 10

// facets are the links that narrow a list.
func (l *list) facets(f news.Facets) []facet {
	var out []facet
	for _, d := range []struct {
		title, key string
		counts     []news.Count
	}{{"Companies", "company", f.Companies}, {"Topics", "topic", f.Topics}, {"Sources", "source", f.Sources}, {"Languages", "lang", f.Languages}} {
		var rows []chip
		for _, c := range d.counts {
			if len(rows) == mostFacets {
				break
			}
			if slices.Contains(l.Values[d.key], c.Key) || c.Key == "" {
				continue
			}
			rows = append(rows, chip{Href: address(l.Path, "", with(l.Values, d.key, c.Key)), Text: l.valueName(d.key, c.Key), Count: c.N})
		}
		if len(rows) > 0 {
			out = append(out, facet{d.title, rows})
		}
	}
	return out
}

// mostMonths is how many months the histogram of a search shows.
const mostMonths = 36

func sortBars(rows []barRow) {
	slices.SortStableFunc(rows, func(a, b barRow) int { return b.N - a.N })
}

// scaleBars gives the longest bar its full width.
func scaleBars(rows []barRow) []barRow {
	most := 0
	for _, row := range rows {
		most = max(most, row.N)
	}
	for i := range rows {
		rows[i].Width = share(rows[i].N, most)
	}
	return rows
}

// share is n of most in percent, at least 1 where there is anything.
func share(n, most int) int {
	if n <= 0 || most <= 0 {
		return 0
	}
	return max(n*100/most, 1)
}
