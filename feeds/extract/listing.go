package extract

import (
	"net/url"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"clusterwire/feeds/clean"
	"clusterwire/feeds/news"
)

// MaxListed is how many items are read from one listing.
const MaxListed = 1000

// Listing reads a page of links as if it were a feed: every link that the CSS
// selector names, or that stands within an element that it names, is an item,
// in the order of the page. A date is taken from the <time> or dated element
// closest to the link, if the entry has one. An empty selector is an *Error
// of class "selector", as is one that does not parse.
func Listing(body []byte, in Input, selector string) (news.Document, error) {
	base, err := pageURL(in.URL)
	if err != nil {
		return news.Document{}, err
	}
	if err := checkHTML(body, in.ContentType); err != nil {
		return news.Document{}, err
	}
	find, err := compile(selector)
	if err != nil {
		return news.Document{}, err
	}
	text, _ := clean.UTF8(body[:min(len(body), MaxBody)], in.ContentType)
	t := parse(text)
	f := gather(t.doc)
	base = baseOf(t.doc, base)
	doc := news.Document{
		Kind: news.FeedListing, Link: in.URL, Self: in.URL, Language: f.language(&object{}), Warnings: t.warnings,
		Title: clean.Title(firstOf(f.first("og:title"), f.title)), Description: clean.Line(f.first("og:description", "description"), news.SummaryRunes),
	}
	doc.Items = items(goquery.NewDocumentFromNode(t.doc).FindMatcher(find), base, doc.Language)
	if len(doc.Items) == 0 {
		doc.Warnings = append(doc.Warnings, "the selector finds no link")
	}
	return doc, nil
}

func compile(selector string) (goquery.Matcher, error) {
	if strings.TrimSpace(selector) == "" {
		return nil, &Error{Class: "selector", Reason: "a listing needs a CSS selector for its links"}
	}
	m, err := cascadia.Compile(selector)
	if err != nil {
		return nil, &Error{Class: "selector", Reason: "not a CSS selector: " + clean.Line(err.Error(), 200)}
	}
	return m, nil
}

func items(found *goquery.Selection, base *url.URL, lang string) []news.Item {
	var out []news.Item
	at := map[string]int{}
	for _, n := range found.Nodes {
		for _, a := range anchors(n) {
			link := clean.URL(attr(a, "href"), base)
			if link == "" || sameButFragment(link, base) {
				continue
			}
			title := linkTitle(a)
			if i, known := at[link]; known { // a picture and a headline often link to the same page
				if len(out[i].Title) < len(title) {
					out[i].Title = title
				}
				continue
			}
			if len(out) == MaxListed {
				return out
			}
			at[link] = len(out)
			out = append(out, news.Item{URL: link, Title: title, Language: lang, Published: dateNear(a, base)})
		}
	}
	return withTitles(out)
}

// withTitles leaves out the links that have no words: icons and arrows.
func withTitles(items []news.Item) []news.Item {
	out := items[:0]
	for _, it := range items {
		if wordy(it.Title) {
			out = append(out, it)
		}
	}
	return out
}

// anchors is n itself if it is a link, else the links within it.
func anchors(n *html.Node) []*html.Node {
	if n.DataAtom == atom.A {
		return []*html.Node{n}
	}
	var out []*html.Node
	for d := range n.Descendants() {
		if d.DataAtom == atom.A {
			out = append(out, d)
		}
	}
	return out
}

// linkTitle is the headline in a link: a heading within it, else its text,
// else what it is called for those who can't see it.
func linkTitle(a *html.Node) string {
	for d := range a.Descendants() {
		switch d.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			if t := clean.Title(textOf(d, 1024)); t != "" {
				return t
			}
		}
	}
	if t := clean.Title(textOf(a, 1024)); t != "" {
		return t
	}
	for d := range a.Descendants() {
		if d.DataAtom == atom.Img && attr(d, "alt") != "" {
			return clean.Title(attr(d, "alt"))
		}
	}
	return clean.Title(firstOf(attr(a, "aria-label"), attr(a, "title")))
}

// dateNear looks for a date in the link, then in the elements around it, as
// long as they hold no other entry: then the date may be another's.
func dateNear(a *html.Node, base *url.URL) time.Time {
	own := clean.URL(attr(a, "href"), base)
	for n, up := a, 0; n != nil && n.DataAtom != atom.Body && up < 6; n, up = n.Parent, up+1 {
		if holdsOther(n, own, base) {
			break
		}
		if t := dateWithin(n); !t.IsZero() {
			return t
		}
	}
	if u, err := url.Parse(own); err == nil {
		return urlDate(u)
	}
	return time.Time{}
}

// holdsOther reports whether another headline than the link's stands in n.
func holdsOther(n *html.Node, own string, base *url.URL) bool {
	for d := range n.Descendants() {
		if d.DataAtom == atom.A && countWords(textOf(d, 200)) >= 4 && clean.URL(attr(d, "href"), base) != own {
			return true
		}
	}
	return false
}

func dateWithin(n *html.Node) time.Time {
	f := facts{}
	for d := range n.Descendants() {
		if d.Type == html.ElementNode {
			f.marked(d)
		}
	}
	for _, m := range f.times {
		if t := firstDate(m.value); !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// baseOf is the address that a page's relative links start from.
func baseOf(doc *html.Node, base *url.URL) *url.URL {
	for n := range doc.Descendants() {
		if n.DataAtom == atom.Base && attr(n, "href") != "" {
			if u, err := base.Parse(strings.TrimSpace(attr(n, "href"))); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
				return u
			}
		}
		if n.DataAtom == atom.Body {
			break
		}
	}
	return base
}
