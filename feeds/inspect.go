package feeds

import (
	"time"

	"clusterwire/feeds/extract"
	"clusterwire/feeds/news"
	"clusterwire/feeds/parse"
)

// What each stage makes of one input, in the shape that `clusterwire inspect`
// prints. Lists are never null, so that scripts can walk them.

// FeedView is what parsing makes of a feed.
type FeedView struct {
	Kind        news.FeedKind `json:"kind"`
	Title       string        `json:"title"`
	Description string        `json:"description"`
	Link        string        `json:"link"`
	Language    string        `json:"language"`
	Updated     *time.Time    `json:"updated"`
	Damaged     bool          `json:"damaged"`
	Items       []ItemView    `json:"items"`
	Warnings    []string      `json:"warnings"`
}

// ItemView is one entry of a FeedView.
type ItemView struct {
	ID          string           `json:"id"`
	URL         string           `json:"url"`
	Title       string           `json:"title"`
	Published   *time.Time       `json:"published"`
	Updated     *time.Time       `json:"updated"`
	Authors     []string         `json:"authors"`
	Categories  []string         `json:"categories"`
	Summary     string           `json:"summary"`
	ContentHTML string           `json:"content_html"`
	ContentText string           `json:"content_text"`
	Enclosures  []news.Enclosure `json:"enclosures"`
}

// InspectFeed parses a feed's body as a poll would.
func InspectFeed(body []byte, address, contentType string) (FeedView, error) {
	doc, err := parse.Feed(body, parse.Input{URL: address, ContentType: contentType})
	if err != nil {
		return FeedView{}, err
	}
	v := FeedView{
		Kind: doc.Kind, Title: doc.Title, Description: doc.Description, Link: doc.Link, Language: doc.Language,
		Updated: stated(doc.Updated), Damaged: doc.Damaged, Items: make([]ItemView, len(doc.Items)), Warnings: list(doc.Warnings),
	}
	for i, it := range doc.Items {
		v.Items[i] = ItemView{
			ID: it.GUID, URL: it.URL, Title: it.Title, Published: stated(it.Published), Updated: stated(it.Updated),
			Authors: list(it.Authors), Categories: list(it.Categories), Summary: it.Summary,
			ContentHTML: it.ContentHTML, ContentText: it.ContentText, Enclosures: list(it.Enclosures),
		}
	}
	return v, nil
}

// PageView is what extraction makes of a page.
type PageView struct {
	URL       string     `json:"url"`
	Canonical string     `json:"canonical"`
	Title     string     `json:"title"`
	Byline    string     `json:"byline"`
	Published *time.Time `json:"published"`
	Modified  *time.Time `json:"modified"`
	Language  string     `json:"language"`
	Image     string     `json:"image"`
	Text      string     `json:"text"`
	HTML      string     `json:"html"`
	Method    string     `json:"method"`
	Refused   string     `json:"refused,omitempty"`
	Warnings  []string   `json:"warnings"`
}

// InspectPage extracts an article from a page as opening it would.
func InspectPage(body []byte, address, contentType string) (PageView, error) {
	p, err := extract.Page(body, extract.Input{URL: address, ContentType: contentType})
	if err != nil {
		return PageView{}, err
	}
	return PageView{
		URL: p.URL, Canonical: p.Canonical, Title: p.Title, Byline: p.Byline, Published: stated(p.Published), Modified: stated(p.Modified),
		Language: p.Language, Image: p.Image, Text: p.Text, HTML: p.HTML, Method: p.Method, Refused: p.Refused, Warnings: list(p.Warnings),
	}, nil
}

// TextView is what reading makes of a text.
type TextView struct {
	Language  string            `json:"lang"`
	Verdict   news.Verdict      `json:"verdict"`
	Companies []news.Mention    `json:"companies"`
	Topics    []news.TopicTag   `json:"topics"`
	Clusters  []news.ClusterTag `json:"clusters"`
	Claims    []news.Claim      `json:"claims"`
}

// InspectText reads a text as the line would.
func (r *Reader) InspectText(t news.Text) TextView {
	reading := r.Read(t)
	return TextView{
		Language: reading.Language, Verdict: reading.Verdict, Companies: list(reading.Mentions), Topics: list(reading.Topics),
		Clusters: list(reading.Clusters), Claims: list(reading.Claims),
	}
}

// stated is nil for a time that was not stated, so that JSON says null.
func stated(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// list is s, or an empty list in place of nil.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
