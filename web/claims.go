package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// claimParams select claims; the page of them takes the same.
func claimParams() []param {
	return []param{{Name: "cluster", Doc: "Slug of a cluster.", Example: "colossus"}, {Name: "company", Doc: "Slug of a company that the claim is about."},
		{Name: "metric", Doc: "What is counted or measured.", Enum: names(news.Metrics())}, pageParams()[1], pageParams()[2]}
}

// claimList is one page of claims: what each of its formats is made from.
type claimList struct {
	Path   string
	Values url.Values // that name it, without cursor
	Query  news.ClaimQuery
	Found  news.ClaimResults // Next is sealed
	Stand  *stand
	Base   string
}

// askClaims runs a query for claims.
func (s *site) askClaims(r *http.Request, path string) (*claimList, error) {
	values := r.URL.Query()
	part, err := decodeQuery(url.Values{"limit": values["limit"]})
	if err != nil {
		return nil, err
	}
	metrics, err := enum(values, "metric", news.Metrics())
	if err != nil {
		return nil, err
	}
	l := &claimList{Path: path, Values: url.Values{}, Base: s.base(r), Query: news.ClaimQuery{Cluster: values.Get("cluster"), Company: values.Get("company"), Limit: part.Limit}}
	if len(metrics) > 0 {
		l.Query.Metric = metrics[0]
	}
	for _, p := range claimParams() {
		if v := values.Get(p.Name); v != "" && p.Name != "cursor" {
			l.Values.Set(p.Name, v)
		}
	}
	if l.Stand, err = s.shelf.read(r.Context()); err != nil {
		return nil, err
	}
	seal := news.Query{Order: news.Order("claims " + l.Query.Metric), Clusters: []string{l.Query.Cluster}, Companies: []string{l.Query.Company}}
	if l.Query.Cursor, err = s.sealer.open(values.Get("cursor"), seal); err != nil {
		return nil, err
	}
	l.Found, err = s.store.Claims(r.Context(), l.Query)
	l.Found.Next = s.sealer.seal(l.Found.Next, seal)
	return l, err
}

// apiClaims answers the claims of the API.
func (s *site) apiClaims(r *http.Request) (reply, error) {
	l, err := s.askClaims(r, r.URL.Path)
	if err != nil {
		return reply{}, err
	}
	rep, err := l.reply(formatJSON)
	rep.link = l.linkHeader(formatHTML) // addresses of the API have no suffix
	return rep, err
}

func (l *claimList) href(f format) string { return address(l.Path, f.suffix, l.Values) }

func (l *claimList) next(f format) string {
	if l.Found.Next == "" {
		return ""
	}
	return address(l.Path, f.suffix, with(l.Values, "cursor", l.Found.Next))
}

func (l *claimList) linkHeader(f format) string {
	return linkHeader(l.Base, l.href(f), l.next(f), "")
}

// unknown warns of filters that name nothing.
func (l *claimList) unknown() []string {
	q := news.Query{}
	if l.Query.Cluster != "" {
		q.Clusters = []string{l.Query.Cluster}
	}
	if l.Query.Company != "" {
		q.Companies = []string{l.Query.Company}
	}
	return l.Stand.unknown(q)
}

// reply writes the list in any format but the page.
func (l *claimList) reply(f format) (reply, error) {
	if f.syndicated() {
		body, err := l.feed().write(f)
		return reply{contentType: f.mime, modified: l.Stand.Stats.Changed, body: body}, err
	}
	items, rows := []statementJSON{}, [][]string{}
	for _, x := range l.Found.Statements {
		w := l.Stand.statementJSON(x)
		items = append(items, w)
		rows = append(rows, cells(w.ID, csvTime(w.Published), deref(w.Cluster), w.Metric, csvNumber(w.ValueLo), csvNumber(w.ValueHi), deref(w.ValueText), w.Unit, w.Qualifier, deref(w.Currency), deref(w.Chip), deref(w.Basis),
			deref(w.Modality), deref(w.Phase), deref(w.Org), deref(w.OrgRole), deref(w.Speaker), deref(w.Date), w.Source.Slug, deref(w.Article), w.URL, w.Quote))
	}
	head := []string{"id", "published", "cluster", "metric", "value_lo", "value_hi", "value_text", "unit", "qualifier", "currency", "chip", "basis", "modality", "phase", "org", "org_role", "speaker", "date", "source", "article", "url", "quote"}
	return table(f, l.Stand.Stats.Changed, listOf(items, news.Results{Total: l.Found.Total, AtLeast: l.Found.AtLeast, Next: l.Found.Next, Warnings: l.unknown()}), head, rows)
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func csvNumber(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}

// feed is the list for readers of feeds: each figure as an entry.
func (l *claimList) feed() feed {
	entries := []feedEntry{}
	for _, x := range l.Found.Statements {
		entries = append(entries, l.Stand.claimEntry(x, l.Base))
	}
	return newFeed("new figures", l.Base+l.href(formatHTML), l.Stand.Stats.Changed, entries, func(f format) (self, next string) {
		if next = l.next(f); next != "" {
			next = l.Base + next
		}
		return l.Base + l.href(f), next
	})
}

func (st *stand) claimEntry(x news.Statement, base string) feedEntry {
	row := st.saidRow(x)
	id := strconv.FormatInt(x.Claim.ID, 10)
	e := feedEntry{ID: id, Address: base + "/claims#c" + id, Anchor: true, Link: cmp.Or(x.URL, base+clusterPath(x.Claim.Cluster)), External: x.URL,
		Title: row.Who.Text + ": " + row.summary(), Text: x.Claim.Quote, Author: st.named(x.Source), Language: x.Language, Published: st.saidAt(x)}
	if e.Text == "" {
		e.Text = x.Title
	}
	e.Categories = nonEmpty(st.clusterName(x.Claim.Cluster), row.Metric)
	if x.Source.Site != "" {
		e.Source = link{x.Source.Site, st.named(x.Source)}
	}
	return e
}

// summary is a claim in one line: "power 150 MW (grid), planned".
func (row claimRow) summary() string {
	text := strings.ToLower(row.Metric[:1]) + row.Metric[1:] + " " + row.Value
	if strings.HasPrefix(row.Metric, "H100") {
		text = row.Metric + " " + row.Value
	}
	if row.What != "" {
		text += " (" + row.What + ")"
	}
	return strings.Join(nonEmpty(text, words(row.Modality)), ", ")
}

// saidAt is when a statement was made, as far as that is known. A database may
// date what it expects; that was not said on a day to come.
func (st *stand) saidAt(x news.Statement) time.Time {
	if t, known := fuzzyDate(x.Claim.Date); x.Published.IsZero() && known && !t.After(st.Stats.Changed) {
		return t
	}
	return x.Published
}

// claimsPage is the struct of templates/claims.html.
type claimsPage struct {
	frame
	Of      string // the cluster or company that they are about, "" for all
	Total   string
	Metrics []chip
	Some    bool // of all figures only some are asked for
	Rows    []claimRow
	Prev    string // "": lists of claims lead on alone
	Next    string
}

// claims answers /claims: figures as they arrive.
func (s *site) claims(r *http.Request) (reply, error) {
	l, err := s.askClaims(r, "/claims")
	if err != nil {
		return reply{}, err
	}
	if f := formatOf(r); f.suffix != "" {
		rep, err := l.reply(f)
		rep.link = l.linkHeader(f)
		return rep, err
	}
	of := strings.Join(nonEmpty(named(l.Query.Cluster, l.Stand.clusterName), named(l.Query.Company, l.Stand.companyName)), " and ")
	title := strings.Join(nonEmpty("New figures", of, named(string(l.Query.Metric), func(m string) string { return strings.ToLower(metricName(news.Metric(m))) })), ": ")
	page := claimsPage{frame: s.frame(r, l.Stand, title, l.href(formatHTML)), Of: of, Next: l.next(formatHTML)}
	page.Some = len(l.Values) > 0
	page.Section, page.NoIndex = "/clusters", len(l.Values) > 1 || r.URL.Query().Has("cursor")
	page.Description = "Figures of AI clusters as they are reported: chips, power, cost and dates, each with the words that state it."
	page.Total = plural(l.Found.Total, "figure", "figures")
	if l.Found.AtLeast {
		page.Total = "more than " + page.Total
	}
	page.Feeds, page.Formats = feedLinks(l.Path, l.Values), formatLinks(l.Path, l.Values, append(feedFormats(), tableFormats()...)...)
	page.Metrics = append(page.Metrics, chip{Href: address("/claims", "", with(l.Values, "metric", "")), Text: "All", On: l.Query.Metric == ""})
	for _, m := range news.Metrics() {
		page.Metrics = append(page.Metrics, chip{Href: address("/claims", "", with(l.Values, "metric", string(m))), Text: metricName(m), On: m == l.Query.Metric})
	}
	var said []statement
	for _, x := range l.Found.Statements {
		row := l.Stand.saidRow(x)
		row.ID = strconv.FormatInt(x.Claim.ID, 10)
		page.Rows = append(page.Rows, row)
		said = append(said, row.Said)
	}
	page.Credits = credits(said...)
	rep, err := s.page("claims", page)
	rep.modified = l.Stand.Stats.Changed
	return rep, err
}

func named(slug string, name func(string) string) string {
	if slug == "" {
		return ""
	}
	return name(slug)
}
