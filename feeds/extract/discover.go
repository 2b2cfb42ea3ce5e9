package extract

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"clusterwire/feeds/clean"
	"clusterwire/feeds/news"
)

// maxFeeds is how many feeds are reported of one page.
const maxFeeds = 32

// Discover lists the feeds that a page points at: those that it declares by
// <link rel=alternate> first, then links in its text that look like feeds.
// None of them has been fetched, so a Kind is what the page says, or "".
func Discover(body []byte, in Input) []news.Link {
	base, err := pageURL(in.URL)
	if err != nil || checkHTML(body, in.ContentType) != nil {
		return nil
	}
	text, _ := clean.UTF8(body[:min(len(body), MaxBody)], in.ContentType)
	doc := parse(text).doc
	base = baseOf(doc, base)
	d := discovery{base: base, seen: map[string]bool{}}
	for n := range doc.Descendants() {
		switch {
		case n.DataAtom == atom.Link && (hasWord(attr(n, "rel"), "alternate") || hasWord(attr(n, "rel"), "feed")):
			if kind, ok := feedType(attr(n, "type")); ok {
				d.add(&d.declared, attr(n, "href"), attr(n, "title"), kind)
			}
		case n.DataAtom == atom.A:
			if feedish(n, base) {
				d.add(&d.linked, attr(n, "href"), firstOf(textOf(n, 200), attr(n, "title")), news.FeedAuto)
			}
		}
	}
	out := append(d.declared, d.linked...)
	return out[:min(len(out), maxFeeds)]
}

type discovery struct {
	base             *url.URL
	seen             map[string]bool
	declared, linked []news.Link
}

func (d *discovery) add(to *[]news.Link, href, title string, kind news.FeedKind) {
	href = strings.TrimSpace(href)
	if rest, ok := strings.CutPrefix(href, "feed:"); ok {
		href = strings.TrimPrefix(rest, "//")
		if !strings.Contains(href, "://") {
			href = "https://" + href
		}
	}
	link := clean.URL(href, d.base)
	if link == "" || d.seen[link] {
		return
	}
	d.seen[link] = true
	*to = append(*to, news.Link{URL: link, Title: clean.Line(title, 200), Kind: kind})
}

func feedType(mime string) (news.FeedKind, bool) {
	mime, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(mime)), ";")
	switch strings.TrimSpace(mime) {
	case "application/rss+xml", "application/rdf+xml", "text/rss+xml", "application/x-rss+xml":
		return news.FeedRSS, true
	case "application/atom+xml", "text/atom+xml":
		return news.FeedAtom, true
	case "application/feed+json":
		return news.FeedJSON, true
	}
	return news.FeedAuto, false
}

// feedish reports a link in the page that looks like a feed of this site or
// of a host that serves feeds.
func feedish(a *html.Node, base *url.URL) bool {
	href := strings.TrimSpace(attr(a, "href"))
	if strings.HasPrefix(href, "feed:") {
		return true
	}
	if _, ok := feedType(attr(a, "type")); ok {
		return true
	}
	u, err := base.Parse(href)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	if host := u.Hostname(); !sameSite(host, base.Hostname()) {
		return registrable(host) == "feedburner.com" || strings.HasPrefix(host, "feeds.") || strings.HasPrefix(host, "rss.")
	}
	path := strings.ToLower(u.Path)
	for _, end := range []string{".rss", ".atom", "/rss", "/atom", "/feed", "/feed/", "/rss/", "rss.xml", "atom.xml", "feed.xml", "index.rdf", "/feed.json", "/rss.php", "/feeds/all"} {
		if strings.HasSuffix(path, end) {
			return true
		}
	}
	words := strings.ToLower(strings.TrimSpace(textOf(a, 40)))
	return (words == "rss" || words == "rss feed" || words == "atom feed" || words == "atom") && strings.HasSuffix(path, ".xml")
}
