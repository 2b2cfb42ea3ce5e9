package web

import (
	"cmp"
	"encoding/xml"
	"net/http"
	"time"

	"clusterwire/feeds/news"
)

// title of a list as the title of a feed.
func (l *list) feedTitle() string {
	if l.Title == "" {
		return siteName
	}
	return siteName + ": " + l.Title
}

// subtitle says what the feed holds.
const subtitle = "The news wire of AI infrastructure: who builds what, how large, and who says so"

// updated is when the newest entry of a list last changed. An empty list has
// the date of the archive, since Atom demands one.
func (l *list) updated() time.Time {
	var newest time.Time
	for _, h := range l.Results.Hits {
		newest = latest(newest, entryUpdated(h))
	}
	if newest.IsZero() {
		newest = l.Stand.Stats.Changed
	}
	if newest.IsZero() {
		newest = time.Unix(0, 0)
	}
	return newest.UTC().Truncate(time.Second)
}

func entryUpdated(h news.Hit) time.Time { return latest(latest(h.Published, h.Modified), time.Time{}) }

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

func (l *list) atom() ([]byte, error) {
	feed := atomFeed{
		Title: l.feedTitle(), Subtitle: subtitle, ID: l.Base + l.href(formatAtom), Updated: rfc3339(l.updated()), Generator: siteName,
		Author: atomPerson{siteName},
		Links:  []atomLink{{"self", formatAtom.accept, l.Base + l.href(formatAtom)}, {"alternate", "text/html", l.Base + l.page()}},
	}
	if next := l.next(formatAtom); next != "" {
		feed.Links = append(feed.Links, atomLink{"next", formatAtom.accept, l.Base + next})
	}
	for _, h := range l.Results.Hits {
		feed.Entries = append(feed.Entries, l.atomEntry(h))
	}
	return marshalXML(feed)
}

func (l *list) atomEntry(h news.Hit) atomEntry {
	e := atomEntry{
		Lang: h.Language, Title: atomText{"text", titleOf(h.Title, h.URL)}, ID: l.Base + l.entryPath(h),
		Updated: rfc3339(entryUpdated(h)), Author: atomPerson{l.author(h)},
		Links: []atomLink{{"alternate", "text/html", l.origin(h)}, {"related", "text/html", l.Base + l.entryPath(h)}},
	}
	if !h.Published.IsZero() {
		e.Published = rfc3339(h.Published)
	}
	for _, c := range l.categories(h) {
		e.Categories = append(e.Categories, atomCategory{c})
	}
	if text := abstract(h); text != "" {
		e.Summary = &atomText{"text", text}
	}
	return e
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

func (l *list) rss() ([]byte, error) {
	ch := rssChannel{
		Title: l.feedTitle(), Link: l.Base + l.page(), Description: subtitle, Generator: siteName, TTL: 15,
		BuildDate: l.updated().Format(http.TimeFormat),
		Links:     []atomLink{{"self", formatRSS.accept, l.Base + l.href(formatRSS)}},
	}
	if next := l.next(formatRSS); next != "" {
		ch.Links = append(ch.Links, atomLink{"next", formatRSS.accept, l.Base + next})
	}
	for _, h := range l.Results.Hits {
		item := rssItem{Title: titleOf(h.Title, h.URL), Link: l.origin(h), GUID: rssGUID{true, l.Base + l.entryPath(h)}, Creator: l.author(h),
			Language: h.Language, Categories: l.categories(h), Description: escapeText(abstract(h))}
		if !h.Published.IsZero() {
			item.Published = h.Published.UTC().Format(http.TimeFormat)
		}
		if h.Source.Site != "" {
			item.Source = &rssSource{h.Source.Site, l.Stand.named(h.Source)}
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
		External  string           `json:"external_url"`
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

func (l *list) jsonFeed() ([]byte, error) {
	feed := jsonFeed{Version: "https://jsonfeed.org/version/1.1", Title: l.feedTitle(), Description: subtitle,
		HomePage: l.Base + l.page(), FeedURL: l.Base + l.href(formatJSONFeed), Items: []jsonFeedItem{}}
	if next := l.next(formatJSONFeed); next != "" {
		feed.NextURL = l.Base + next
	}
	for _, h := range l.Results.Hits {
		item := jsonFeedItem{ID: l.entryID(h), URL: l.Base + l.entryPath(h), External: h.URL, Title: titleOf(h.Title, h.URL),
			Text: abstract(h), Published: timeOf(h.Published), Modified: timeOf(h.Modified), Authors: []jsonFeedAuthor{{l.author(h)}},
			Tags: l.categories(h), Language: h.Language}
		if item.Text == "" {
			item.Text = item.Title // the format demands some content
		}
		feed.Items = append(feed.Items, item)
	}
	return marshal(feed)
}
