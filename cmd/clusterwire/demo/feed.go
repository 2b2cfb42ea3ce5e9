package demo

import (
	"bytes"
	"embed"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"
	"text/template"
	"time"
)

//go:embed templates
var templates embed.FS

// entry is one item of a feed, with the article's present text.
type entry struct {
	*article
	Link    string
	GUID    string
	Heading string
	HTML    string
	Updated time.Time // zero if never
}

// feedData is what the templates of feeds are filled from.
type feedData struct {
	*publisher
	Base, Self string
	Entries    []entry
	Changed    time.Time
}

// feedTypes are the content types of the formats.
var feedTypes = map[string]string{
	"rss-full": "application/rss+xml", "rss": "application/rss+xml", "rdf": "application/rdf+xml",
	"atom": "application/atom+xml", "json": "application/feed+json", "sitemap": "application/xml",
}

// feedTemplates reads the templates of the XML formats.
func feedTemplates() (*template.Template, error) {
	return template.New("").Funcs(template.FuncMap{
		"xml": func(s string) (string, error) {
			var b bytes.Buffer
			err := xml.EscapeText(&b, []byte(s))
			return b.String(), err
		},
		"rfc3339": func(t time.Time) string { return t.Format(time.RFC3339) },
		"rfc822":  func(t time.Time) string { return t.Format(time.RFC1123Z) },
	}).ParseFS(templates, "templates/*.xml")
}

// renderFeed writes the publisher's feed. A cut feed ends in the middle of a
// tag, two thirds through.
func renderFeed(t *template.Template, d feedData) ([]byte, error) {
	if d.Format == "json" {
		return jsonFeed(d)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, d.Format+".xml", d); err != nil {
		return nil, err
	}
	if !d.Cut {
		return b.Bytes(), nil
	}
	at := bytes.Index(b.Bytes()[b.Len()*2/3:], []byte("<pubDate"))
	if at < 0 {
		return nil, fmt.Errorf("nothing to cut in %s", d.Feed)
	}
	return b.Bytes()[:b.Len()*2/3+at+len("<pubDa")], nil
}

// jsonFeed writes JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/.
func jsonFeed(d feedData) ([]byte, error) {
	type author struct {
		Name string `json:"name"`
	}
	type item struct {
		ID            string   `json:"id"`
		URL           string   `json:"url"`
		Title         string   `json:"title"`
		Summary       string   `json:"summary,omitempty"`
		ContentHTML   string   `json:"content_html"`
		DatePublished string   `json:"date_published"`
		DateModified  string   `json:"date_modified,omitempty"`
		Tags          []string `json:"tags,omitempty"`
		Authors       []author `json:"authors,omitempty"`
	}
	feed := struct {
		Version     string `json:"version"`
		Title       string `json:"title"`
		HomePageURL string `json:"home_page_url"`
		FeedURL     string `json:"feed_url"`
		Description string `json:"description"`
		Language    string `json:"language"`
		Items       []item `json:"items"`
	}{"https://jsonfeed.org/version/1.1", d.Name, d.Base + "/", d.Self, d.Tagline, d.Language, nil}
	for _, e := range d.Entries {
		it := item{
			ID: e.GUID, URL: e.Link, Title: e.Heading, Summary: e.Summary, ContentHTML: e.HTML,
			DatePublished: e.Date.In(d.Zone).Format(time.RFC3339), Tags: e.Tags, Authors: []author{{e.By}},
		}
		if !e.Updated.IsZero() {
			it.DateModified = e.Updated.In(d.Zone).Format(time.RFC3339)
		}
		feed.Items = append(feed.Items, it)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(feed)
	return b.Bytes(), err
}

// present gives the heading, text and time of change that an article has now.
func (a *article) present(revised bool) (heading string, text []string, updated time.Time) {
	if !revised || a.Revised == nil {
		return a.Title, a.Text, time.Time{}
	}
	if a.Revised.Title != "" {
		return a.Revised.Title, a.Revised.Text, a.Revised.Date
	}
	return a.Title, a.Revised.Text, a.Revised.Date
}

// guid is an identity that is no address, as many systems give it.
func (a *article) guid() string {
	return "tag:" + a.pub.Host + "," + a.Date.Format("2006-01-02") + ":" + strings.ReplaceAll(a.Slug, "-", "/")
}
