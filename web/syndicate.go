package web

import (
	"cmp"
	"encoding/xml"
	"net/http"
	"time"

	"clusterwire/feeds/news"
)

// feed is a list as a reader of feeds takes it, the same for each format.
type feed struct {
	Title   string
	Page    string // absolute address of the page that it belongs to
	Updated time.Time
	Entries []feedEntry
	address func(f format) (self, next string) // absolute; next is "" at the end
}

// feedEntry is one entry of a feed.
type feedEntry struct {
	ID         string // within its list, as JSON has it
	Address    string // absolute, the same for ever: what a reader knows it by
	Anchor     bool   // Address names a place of a page that moves on, so that it may not lead there any more
	Link       string // where it leads
	External   string // its original elsewhere, "" if it has none
	Title      string
	Text       string
	Author     string
	Language   string
	Categories []string
	Published  time.Time // zero if it is not known
	Modified   time.Time
	Source     link // who published it, by the address of its site; empty if that is not known
}

// updated is when an entry last changed.
func (e feedEntry) updated() time.Time {
	at := latest(latest(e.Published, e.Modified), time.Time{})
	if at.IsZero() {
		at = time.Unix(0, 0)
	}
	return at
}

// newFeed makes a feed of entries. An empty one has the date of the archive,
// since Atom demands one.
func newFeed(title, page string, changed time.Time, entries []feedEntry, address func(f format) (self, next string)) feed {
	f := feed{Title: siteName, Page: page, Entries: entries, address: address}
	if title != "" {
		f.Title += ": " + title
	}
	for _, e := range entries {
		f.Updated = latest(f.Updated, e.updated())
	}
	if f.Updated.IsZero() {
		f.Updated = latest(time.Unix(0, 0), changed)
	}
	f.Updated = f.Updated.UTC().Truncate(time.Second)
	return f
}

// write gives the feed in one of its formats.
func (f feed) write(as format) ([]byte, error) {
	switch as.suffix {
	case formatAtom.suffix:
		return f.atom()
	case formatRSS.suffix:
		return f.rss()
	case formatJSONFeed.suffix:
		return f.jsonFeed()
	}
	return nil, errNoFormat
}

// feed is a list of articles or stories as a feed.
func (l *list) feed() feed {
	entries := []feedEntry{}
	for _, h := range l.Results.Hits {
		e := feedEntry{ID: l.entryID(h), Address: l.Base + l.entryPath(h), Link: l.origin(h), External: h.URL, Title: titleOf(h.Title, h.URL), Text: abstract(h),
			Author: l.author(h), Language: h.Language, Categories: l.categories(h), Published: h.Published, Modified: h.Modified}
		if h.Source.Site != "" {
			e.Source = link{h.Source.Site, l.Stand.named(h.Source)}
		}
		entries = append(entries, e)
	}
	return newFeed(l.Title, l.Base+l.page(), l.Stand.Stats.Changed, entries, func(f format) (self, next string) {
		if next = l.next(f); next != "" {
			next = l.Base + next
		}
		return l.Base + l.href(f), next
	})
}

// subtitle says what the feed holds.
const subtitle = "The news wire of AI infrastructure: who builds what, how large, and who says so"

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// categories are the companies and topics of an article.
func (l *list) categories(h news.Hit) []string {
	var out []string
	for _, m := range subjectsFirst(h.Mentions) {
		out = append(out, l.Stand.companyName(m.Company))
	}
	return append(out, names(h.Topics)...)
}

// author is who wrote an article, or who published it.
func (l *list) author(h news.Hit) string {
	if h.Byline != "" {
		return h.Byline
	}
	return l.Stand.named(h.Source)
}

// abstract is the text of an entry.
func abstract(h news.Hit) string {
	if h.Summary != "" {
		return h.Summary
	}
	return snippetText(h.Snippet)
}

// origin is where an entry leads: to the article at its publisher, or to our
// page of one that has no address, such as an item of a feed alone.
func (l *list) origin(h news.Hit) string { return cmp.Or(h.URL, l.Base+l.entryPath(h)) }

// page is the address of the page that a feed belongs to: of stories the front
// page, which has them in one order and number, or the search for what they
// were narrowed by.
func (l *list) page() string {
	path, values := l.Path, l.Values
	if path == "/stories" {
		values = with(with(with(values, "sort", ""), "changed", ""), "limit", "")
	}
	if path == "/feed" || path == "/index" || path == "/stories" {
		path = "/"
		if len(values) > 0 {
			path = "/search"
		}
	}
	return address(path, "", values)
}

// The elements of an Atom feed (RFC 4287), with the paging of RFC 5005.
type (
	atomFeed struct {
		XMLName   xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Title     string      `xml:"title"`
		Subtitle  string      `xml:"subtitle"`
		ID        string      `xml:"id"`
		Updated   string      `xml:"updated"`
		Links     []atomLink  `xml:"link"`
		Generator string      `xml:"generator"`
		Author    atomPerson  `xml:"author"`
		Entries   []atomEntry `xml:"entry"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomPerson struct {
		Name string `xml:"name"`
	}
	atomEntry struct {
		Lang       string         `xml:"xml:lang,attr,omitempty"`
		Title      atomText       `xml:"title"`
		ID         string         `xml:"id"`
		Updated    string         `xml:"updated"`
		Published  string         `xml:"published,omitempty"`
		Links      []atomLink     `xml:"link"`
		Author     atomPerson     `xml:"author"`
		Categories []atomCategory `xml:"category"`
		Summary    *atomText      `xml:"summary"`
	}
	atomText struct {
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	}
	atomCategory struct {
		Term string `xml:"term,attr"`
	}
)

func (f feed) atom() ([]byte, error) {
	self, next := f.address(formatAtom)
	out := atomFeed{
		Title: f.Title, Subtitle: subtitle, ID: self, Updated: rfc3339(f.Updated), Generator: siteName, Author: atomPerson{siteName},
		Links: []atomLink{{"self", formatAtom.accept, self}, {"alternate", "text/html", f.Page}},
	}
	if next != "" {
		out.Links = append(out.Links, atomLink{"next", formatAtom.accept, next})
	}
	for _, e := range f.Entries {
		out.Entries = append(out.Entries, e.atom())
	}
	return marshalXML(out)
}

func (e feedEntry) atom() atomEntry {
	out := atomEntry{
		Lang: e.Language, Title: atomText{"text", e.Title}, ID: e.Address, Updated: rfc3339(e.updated()), Author: atomPerson{e.Author},
		Links: []atomLink{{"alternate", "text/html", e.Link}, {"related", "text/html", e.Address}},
	}
	if !e.Published.IsZero() {
		out.Published = rfc3339(e.Published)
	}
	for _, c := range e.Categories {
		out.Categories = append(out.Categories, atomCategory{c})
	}
	if e.Text != "" {
		out.Summary = &atomText{"text", e.Text}
	}
	return out
}

// The elements of an RSS 2.0 feed, with atom:link and dc:creator as the RSS
// Best Practices Profile has them.
type (
	rssFeed struct {
		XMLName xml.Name   `xml:"rss"`
		Version string     `xml:"version,attr"`
		Atom    string     `xml:"xmlns:atom,attr"`
		DC      string     `xml:"xmlns:dc,attr"`
		Channel rssChannel `xml:"channel"`
	}
	rssChannel struct {
		Title       string     `xml:"title"`
		Link        string     `xml:"link"`
		Description string     `xml:"description"`
		Links       []atomLink `xml:"atom:link"`
		BuildDate   string     `xml:"lastBuildDate"`
		Generator   string     `xml:"generator"`
		TTL         int        `xml:"ttl"`
		Items       []rssItem  `xml:"item"`
	}
	rssItem struct {
		Title       string     `xml:"title"`
		Link        string     `xml:"link"`
		GUID        rssGUID    `xml:"guid"`
		Published   string     `xml:"pubDate,omitempty"`
		Creator     string     `xml:"dc:creator"`
		Language    string     `xml:"dc:language,omitempty"`
		Categories  []string   `xml:"category"`
		Description string     `xml:"description"`
		Source      *rssSource `xml:"source"`
	}
	rssGUID struct {
		Permalink bool   `xml:"isPermaLink,attr"`
		ID        string `xml:",chardata"`
	}
	rssSource struct {
		URL  string `xml:"url,attr"`
		Name string `xml:",chardata"`
	}
)

func (f feed) rss() ([]byte, error) {
	self, next := f.address(formatRSS)
	ch := rssChannel{
		Title: f.Title, Link: f.Page, Description: subtitle, Generator: siteName, TTL: 15, BuildDate: f.Updated.Format(http.TimeFormat),
		Links: []atomLink{{"self", formatRSS.accept, self}},
	}
	if next != "" {
		ch.Links = append(ch.Links, atomLink{"next", formatRSS.accept, next})
	}
	for _, e := range f.Entries {
		item := rssItem{Title: e.Title, Link: e.Link, GUID: rssGUID{!e.Anchor, e.Address}, Creator: e.Author, Language: e.Language, Categories: e.Categories, Description: escapeText(e.Text)}
		if !e.Published.IsZero() {
			item.Published = e.Published.UTC().Format(http.TimeFormat)
		}
		if e.Source.Href != "" {
			item.Source = &rssSource{e.Source.Href, e.Source.Text}
		}
		ch.Items = append(ch.Items, item)
	}
	return marshalXML(rssFeed{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", DC: "http://purl.org/dc/elements/1.1/", Channel: ch})
}

func marshalXML(v any) ([]byte, error) {
	body, err := xml.MarshalIndent(v, "", " ")
	return append([]byte(xml.Header), append(body, '\n')...), err
}

// The parts of a JSON Feed (version 1.1).
type (
	jsonFeed struct {
		Version     string         `json:"version"`
		Title       string         `json:"title"`
		Description string         `json:"description"`
		HomePage    string         `json:"home_page_url"`
		FeedURL     string         `json:"feed_url"`
		NextURL     string         `json:"next_url,omitempty"`
		Items       []jsonFeedItem `json:"items"`
	}
	jsonFeedItem struct {
		ID        string           `json:"id"`
		URL       string           `json:"url"`
		External  string           `json:"external_url,omitempty"`
		Title     string           `json:"title"`
		Text      string           `json:"content_text"`
		Summary   string           `json:"summary,omitempty"`
		Published *time.Time       `json:"date_published,omitempty"`
		Modified  *time.Time       `json:"date_modified,omitempty"`
		Authors   []jsonFeedAuthor `json:"authors"`
		Tags      []string         `json:"tags,omitempty"`
		Language  string           `json:"language,omitempty"`
	}
	jsonFeedAuthor struct {
		Name string `json:"name"`
	}
)

func (f feed) jsonFeed() ([]byte, error) {
	self, next := f.address(formatJSONFeed)
	out := jsonFeed{Version: "https://jsonfeed.org/version/1.1", Title: f.Title, Description: subtitle, HomePage: f.Page, FeedURL: self, NextURL: next, Items: []jsonFeedItem{}}
	for _, e := range f.Entries {
		item := jsonFeedItem{ID: e.ID, URL: e.Address, External: e.External, Title: e.Title, Text: e.Text, Published: timeOf(e.Published), Modified: timeOf(e.Modified),
			Authors: []jsonFeedAuthor{{e.Author}}, Tags: e.Categories, Language: e.Language}
		if item.Text == "" {
			item.Text = item.Title // the format demands some content
		}
		out.Items = append(out.Items, item)
	}
	return marshal(out)
}
