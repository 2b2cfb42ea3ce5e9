package extract

import (
	"errors"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

const newsroom = `<!doctype html><html lang="en"><head><title>Newsroom | Acme</title>
<link rel="alternate" type="application/rss+xml" title="Acme news" href="/news/rss.xml">
<link rel="alternate" type="application/atom+xml" href="https://example.com/atom">
<link rel="alternate" hreflang="de" href="/de/"><link rel="alternate" type="application/json" href="/wp-json/1"></head><body>
<nav><a href="/about">About</a></nav>
<ul class="posts">
<li><a href="/news/one"><img src="a.png" alt=""></a><h3><a href="/news/one?utm_source=x">A first campus of 200 MW opens</a></h3><time datetime="2026-03-04T08:00:00Z">4 March</time></li>
<li><a href="news/two"><h3>Second campus   announced</h3><p>More text.</p><span class="date">5 March 2026</span></a></li>
<li><a href="javascript:alert(1)">Bad</a> <a href="#top">Top</a></li>
<li><a href="https://other.example/2026/03/06/three">Reported elsewhere &amp; later</a></li>
</ul>
<footer><a href="/feed">Feed</a> <a href="https://feeds.feedburner.com/acme">Feedburner</a> <a href="https://elsewhere.example/feed">Not ours</a></footer></body></html>`

func TestListing(t *testing.T) {
	doc, err := Listing([]byte(newsroom), Input{URL: "https://example.com/"}, ".posts li")
	if err != nil {
		t.Fatal(err)
	}
	want := []struct{ url, title, date string }{
		{"https://example.com/news/one?utm_source=x", "A first campus of 200 MW opens", "2026-03-04T08:00:00Z"},
		{"https://example.com/news/two", "Second campus announced", "2026-03-05T00:00:00Z"},
		{"https://other.example/2026/03/06/three", "Reported elsewhere & later", "2026-03-06T00:00:00Z"},
	}
	if len(doc.Items) != len(want) {
		t.Fatalf("%d items: %+v", len(doc.Items), doc.Items)
	}
	for i, w := range want {
		it := doc.Items[i]
		if it.URL != w.url || it.Title != w.title || it.Published.Format(time.RFC3339) != w.date {
			t.Errorf("item %d: %s %q %s, want %v", i, it.URL, it.Title, it.Published.Format(time.RFC3339), w)
		}
	}
	if doc.Kind != news.FeedListing || doc.Title != "Newsroom | Acme" || doc.Language != "en" {
		t.Errorf("document %q %q %q", doc.Kind, doc.Title, doc.Language)
	}
}

func TestListingSelector(t *testing.T) {
	for _, selector := range []string{"", "  ", "li[", "::x"} {
		_, err := Listing([]byte(newsroom), Input{URL: "https://example.com/"}, selector)
		if e := (*Error)(nil); !errors.As(err, &e) || e.Class != "selector" {
			t.Errorf("selector %q: %v", selector, err)
		}
	}
	doc, err := Listing([]byte(newsroom), Input{URL: "https://example.com/"}, ".nothing")
	if err != nil || len(doc.Items) != 0 || len(doc.Warnings) == 0 {
		t.Errorf("a selector that finds nothing: %v %+v", err, doc)
	}
}

func TestDiscover(t *testing.T) {
	got := Discover([]byte(newsroom), Input{URL: "https://example.com/"})
	want := []news.Link{
		{URL: "https://example.com/news/rss.xml", Title: "Acme news", Kind: news.FeedRSS},
		{URL: "https://example.com/atom", Kind: news.FeedAtom},
		{URL: "https://example.com/feed", Title: "Feed"},
		{URL: "https://feeds.feedburner.com/acme", Title: "Feedburner"},
	}
	if len(got) != len(want) {
		t.Fatalf("%d links: %+v", len(got), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("link %d: %+v, want %+v", i, got[i], want[i])
		}
	}
	if Discover(nil, Input{URL: "https://example.com/"}) != nil {
		t.Error("links from an empty page")
	}
}

func TestNewsTarget(t *testing.T) {
	cases := []struct{ name, url, body, want string }{
		{"query", "https://www.google.com/url?q=https://example.com/a&sa=D", "", "https://example.com/a"},
		{"path", "https://news.google.com/rss/articles/CBMiFWh0dHBzOi8vZXhhbXBsZS5jb20vYQ?oc=5", "", "https://example.com/a"},
		{"data attribute", "https://news.google.com/rss/articles/CBMxyz", `<c-wiz data-n-au="https://example.com/a"></c-wiz>`, "https://example.com/a"},
		{"canonical", "https://news.google.com/rss/articles/CBMxyz", `<link rel=canonical href="https://example.com/a">`, "https://example.com/a"},
		{"refresh", "https://news.google.com/rss/articles/CBMxyz", `<meta http-equiv=refresh content="0; url='https://example.com/a'">`, "https://example.com/a"},
		{"its own", "https://news.google.com/rss/articles/CBMxyz", `<link rel=canonical href="https://news.google.com/"><a rel=nofollow href="https://support.google.com/">Help</a>`, ""},
		{"another host", "https://example.org/x?url=https://example.com/a", `<link rel=canonical href="https://example.com/a">`, ""},
	}
	for _, c := range cases {
		got, ok := NewsTarget([]byte(c.body), Input{URL: c.url, ContentType: "text/html"})
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q %v, want %q", c.name, got, ok, c.want)
		}
		if page, err := Page([]byte(c.body+"<p>x"), Input{URL: c.url, ContentType: "text/html"}); err != nil || ok && page.Canonical != c.want {
			t.Errorf("%s: canonical %q, %v", c.name, page.Canonical, err)
		}
	}
}
