package demo_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html/charset"

	"clusterwire/cmd/clusterwire/demo"
	"clusterwire/feeds/news"
)

// start opens the demo's world and a client that finds its publishers.
func start(t *testing.T) (*demo.Net, *http.Client) {
	t.Helper()
	world, err := demo.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := world.Close(); err != nil {
			t.Error(err)
		}
	})
	return world, client(world.Hosts)
}

func client(hosts map[string]netip.AddrPort) *http.Client {
	var d net.Dialer
	return &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			host, _, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			at, ok := hosts[host]
			if !ok {
				return nil, fmt.Errorf("%s is not of this world", host)
			}
			return d.DialContext(ctx, network, at.String())
		},
	}}
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

// get asks once, with pairs of header names and values.
func get(t *testing.T, c *http.Client, address string, header ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, body}
}

// open asks until a page that fails at first works.
func open(t *testing.T, c *http.Client, address string) answer {
	t.Helper()
	for range 5 {
		a := get(t, c, address)
		if a.status != http.StatusServiceUnavailable {
			return a
		}
	}
	t.Fatalf("%s never works", address)
	return answer{}
}

// links are the items' addresses of a feed, as gofeed, a sitemap reader or the
// listing's selector finds them.
func links(t *testing.T, f news.Feed, body []byte) []string {
	t.Helper()
	var found []string
	switch f.Kind {
	case news.FeedSitemap:
		var set struct {
			URLs []struct {
				Loc   string `xml:"loc"`
				Title string `xml:"http://www.google.com/schemas/sitemap-news/0.9 news>title"`
			} `xml:"url"`
		}
		if err := xml.Unmarshal(body, &set); err != nil {
			t.Fatalf("%s: %v", f.URL, err)
		}
		for _, u := range set.URLs {
			found = append(found, u.Loc)
		}
	case news.FeedListing:
		doc, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
		if err != nil {
			t.Fatalf("%s: %v", f.URL, err)
		}
		base, err := url.Parse(f.URL)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range doc.Find(f.Selector).EachIter() {
			u, err := base.Parse(a.AttrOr("href", ""))
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, u.String())
		}
	default:
		feed, err := gofeed.NewParser().Parse(bytes.NewReader(body))
		if err != nil {
			t.Fatalf("%s: %v", f.URL, err)
		}
		for _, it := range feed.Items {
			if it.Title == "" || it.PublishedParsed == nil || it.GUID == "" && f.Kind != news.FeedRSS {
				t.Errorf("%s: item %q has no title, date or id", f.URL, it.Link)
			}
			found = append(found, it.Link)
		}
	}
	return found
}

const (
	broken = "county-line"
	down   = "lonestar-substation"
)

func TestPublishersAndFeeds(t *testing.T) {
	world, c := start(t)
	items, publishers := 0, 0
	languages, formats := map[string]int{}, map[string]bool{}
	for _, s := range world.Sources {
		f := s.Feeds[0]
		if s.Source.Slug == down {
			continue
		}
		a := get(t, c, f.URL)
		if a.status != http.StatusOK {
			t.Errorf("%s: %d", f.URL, a.status)
			continue
		}
		if s.Source.Slug == broken {
			continue
		}
		n := len(links(t, f, a.body))
		if n == 0 {
			t.Errorf("%s: no items", f.URL)
		}
		if f.Kind != news.FeedJSON && f.Kind != news.FeedListing {
			wellFormed(t, f.URL, a.body)
		}
		formats[strings.Split(a.header.Get("Content-Type"), ";")[0]] = true
		languages[s.Source.Language] += n
		items += n
		publishers++
	}
	t.Logf("%d publishers, %d items, by language %v, formats %d", publishers, items, languages, len(formats))
	if items < 100 || publishers < 16 || len(languages) < 10 || len(formats) < 6 {
		t.Errorf("%d items, %d publishers, %d languages, %d formats: want 100, 16, 10, 6", items, publishers, len(languages), len(formats))
	}
}

// wellFormed reads a feed as strictly as XML asks for.
func wellFormed(t *testing.T, address string, body []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(body))
	d.CharsetReader = charset.NewReaderLabel
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Errorf("%s: %v", address, err)
			return
		}
	}
}

func TestSourcesAreWhole(t *testing.T) {
	world, _ := start(t)
	for _, s := range world.Sources {
		switch {
		case s.Source.Slug == "" || s.Source.Name == "" || s.Source.Kind == "" || s.Source.Language == "" || s.Source.Trust == 0:
			t.Errorf("%+v lacks something", s.Source)
		case len(s.Feeds) != 1 || s.Feeds[0].Source != s.Source.Slug || s.Feeds[0].State != news.FeedActive:
			t.Errorf("%s: feeds %+v", s.Source.Slug, s.Feeds)
		}
		u, err := url.Parse(s.Feeds[0].URL)
		if err != nil || !strings.HasSuffix(u.Host, ".example") {
			t.Errorf("%s is not of this world", s.Feeds[0].URL)
		}
		if at := world.Hosts[u.Host]; !at.Addr().IsLoopback() {
			t.Errorf("%s listens at %v", u.Host, at)
		}
	}
}

func TestBrokenFeedHoldsItems(t *testing.T) {
	world, c := start(t)
	body := get(t, c, feedOf(t, world, broken).URL).body
	whole, begun := bytes.Count(body, []byte("</item>")), bytes.Count(body, []byte("<item>"))
	if whole < 3 || begun != whole+1 {
		t.Errorf("%d items of %d are whole", whole, begun)
	}
	var any struct{}
	if err := xml.Unmarshal(body, &any); err == nil {
		t.Error("the broken feed is well-formed")
	}
}

func TestPublisherThatIsDown(t *testing.T) {
	world, c := start(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, feedOf(t, world, down).URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := c.Do(r); err == nil {
		resp.Body.Close()
		t.Errorf("it answers %s", resp.Status)
	}
}

func feedOf(t *testing.T, world *demo.Net, slug string) news.Feed {
	t.Helper()
	for _, s := range world.Sources {
		if s.Source.Slug == slug {
			return s.Feeds[0]
		}
	}
	t.Fatalf("no source %s", slug)
	return news.Feed{}
}

// TestNotModified asks every feed and one page of every publisher again with
// what they gave to ask with.
func TestNotModified(t *testing.T) {
	world, c := start(t)
	tags, dates := 0, 0
	for _, s := range world.Sources {
		if s.Source.Slug == down {
			continue
		}
		for _, address := range []string{s.Feeds[0].URL, s.Source.Site} {
			first := get(t, c, address)
			if tag := first.header.Get("ETag"); tag != "" {
				tags++
				if again := get(t, c, address, "If-None-Match", tag); again.status != http.StatusNotModified || len(again.body) != 0 {
					t.Errorf("%s with %s: %d", address, tag, again.status)
				}
				if other := get(t, c, address, "If-None-Match", `"other"`); other.status != http.StatusOK {
					t.Errorf("%s with another tag: %d", address, other.status)
				}
			}
			if date := first.header.Get("Last-Modified"); date != "" {
				dates++
				if again := get(t, c, address, "If-Modified-Since", date); again.status != http.StatusNotModified {
					t.Errorf("%s since %s: %d", address, date, again.status)
				}
			}
			if first.header.Get("ETag")+first.header.Get("Last-Modified") == "" {
				t.Errorf("%s gives nothing to ask again with", address)
			}
		}
	}
	if tags == 0 || dates == 0 {
		t.Errorf("%d tags, %d dates", tags, dates)
	}
}

// TestNoLinkDangles opens every page that can be reached from the feeds and
// front pages by links, and looks at what an article must state of itself.
func TestNoLinkDangles(t *testing.T) {
	world, c := start(t)
	var queue []string
	seen, articles := map[string]bool{}, 0
	push := func(address string) {
		u, err := url.Parse(address)
		if err != nil {
			t.Errorf("%q: %v", address, err)
			return
		}
		if u.Fragment = ""; strings.HasSuffix(u.Host, ".example") && !seen[u.String()] {
			seen[u.String()] = true
			queue = append(queue, u.String())
		}
	}
	for _, s := range world.Sources {
		if s.Source.Slug != down {
			push(s.Source.Site)
		}
		if s.Source.Slug != down && s.Source.Slug != broken {
			for _, link := range links(t, s.Feeds[0], get(t, c, s.Feeds[0].URL).body) {
				push(link)
			}
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		a := open(t, c, queue[0])
		if a.status != http.StatusOK {
			t.Errorf("%s: %d", queue[0], a.status)
			continue
		}
		if kind := a.header.Get("Content-Type"); !strings.HasPrefix(kind, "text/html") {
			continue
		}
		doc := document(t, a)
		if doc.Find("h1").Length() != 1 {
			t.Errorf("%s has %d headings", queue[0], doc.Find("h1").Length())
		}
		if doc.Find("article p, [itemprop=articleBody] p, #article_content p").Length() >= 2 && doc.Find(".teaser").Length() == 0 {
			articles++
			if canonical := doc.Find("link[rel=canonical]").AttrOr("href", ""); canonical == "" {
				t.Errorf("%s states no canonical address", queue[0])
			}
		}
		base, err := url.Parse(queue[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, el := range doc.Find("a[href], link[href], img[src]").EachIter() {
			u, err := base.Parse(el.AttrOr("href", el.AttrOr("src", "")))
			if err != nil {
				t.Errorf("%s: %v", base, err)
				continue
			}
			push(u.String())
		}
	}
	t.Logf("%d addresses, %d articles", len(seen), articles)
	if articles < 120 {
		t.Errorf("%d articles, want 120", articles)
	}
}

// document reads a page in the charset that its server states.
func document(t *testing.T, a answer) *goquery.Document {
	t.Helper()
	text, err := charset.NewReader(bytes.NewReader(a.body), a.header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(text)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestRevision follows an article that is corrected after it was read.
func TestRevision(t *testing.T) {
	world, c := start(t)
	feed := feedOf(t, world, "delta-courier").URL
	const page = "http://delta-courier.example/2025/07/24/colossus-2-tulane-road/"
	before := get(t, c, feed)
	first := get(t, c, page)
	second := get(t, c, page)
	if bytes.Equal(first.body, second.body) || !bytes.Contains(second.body, []byte("Correction:")) {
		t.Error("the article was not corrected")
	}
	after := get(t, c, feed, "If-None-Match", before.header.Get("ETag"))
	if after.status != http.StatusOK || !bytes.Contains(after.body, []byte("Correction:")) {
		t.Errorf("the feed does not say so: %d", after.status)
	}
}

func TestPageThatFailsAtFirst(t *testing.T) {
	_, c := start(t)
	const page = "http://delta-courier.example/2025/04/10/thirty-five-turbines/"
	if a := get(t, c, page); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("first: %d", a.status)
	}
	if a := get(t, c, page); a.status != http.StatusOK {
		t.Errorf("second: %d", a.status)
	}
}

func TestSyndicatedCopyNamesItsOriginal(t *testing.T) {
	_, c := start(t)
	original := get(t, c, "http://meridian-wire.example/wire/2025/09/county-moratoria")
	duplicate := get(t, c, "http://bayou-ledger.example/news/wire-county-moratoria.html")
	want := "http://meridian-wire.example/wire/2025/09/county-moratoria"
	for _, a := range []answer{original, duplicate} {
		if got := document(t, a).Find("link[rel=canonical]").AttrOr("href", ""); got != want {
			t.Errorf("canonical %q, want %q", got, want)
		}
	}
	body := func(a answer, selector string) string {
		return strings.Join(strings.Fields(document(t, a).Find(selector).Text()), " ")
	}
	if o, d := body(original, "#article_content"), body(duplicate, ".story-body"); o == "" || o != d {
		t.Errorf("the copy differs:\n%s\n%s", o, d)
	}
}

// TestLinkVariants follows the AMP link and the tracking link that feeds give
// to the one address that each page states of itself.
func TestLinkVariants(t *testing.T) {
	world, c := start(t)
	plain := 0
	for _, link := range links(t, feedOf(t, world, "rack-trade"), get(t, c, feedOf(t, world, "rack-trade").URL).body) {
		if link == "http://rack-trade.example/news/rubin-600-kilowatts" {
			plain++
		}
	}
	if plain != 1 {
		t.Errorf("the tracked article is listed %d times under its plain link, want once", plain)
	}
	for _, v := range []struct{ source, mark, canonical string }{
		{"bayou-ledger", "/amp/", "http://bayou-ledger.example/news/trucks-and-rents.html"},
		{"rack-trade", "utm_source=", "http://rack-trade.example/news/rubin-600-kilowatts"},
	} {
		feed, found := feedOf(t, world, v.source), 0
		for _, link := range links(t, feed, get(t, c, feed.URL).body) {
			if !strings.Contains(link, v.mark) {
				continue
			}
			found++
			if got := document(t, get(t, c, link)).Find("link[rel=canonical]").AttrOr("href", ""); got != v.canonical {
				t.Errorf("%s states %q, want %q", link, got, v.canonical)
			}
		}
		if found != 1 {
			t.Errorf("%s: %d links with %s", feed.URL, found, v.mark)
		}
	}
}

func TestChinesePageInItsCharset(t *testing.T) {
	_, c := start(t)
	a := get(t, c, "http://suanli-daily.example/20240903/colossus-10wanka.shtml")
	if kind := a.header.Get("Content-Type"); kind != "text/html; charset=gb18030" {
		t.Errorf("content type %q", kind)
	}
	if bytes.Contains(a.body, []byte("孟菲斯")) {
		t.Error("the page is UTF-8")
	}
	if title := document(t, a).Find("h1").Text(); !strings.Contains(title, "孟菲斯") {
		t.Errorf("title %q", title)
	}
}

func TestRobots(t *testing.T) {
	_, c := start(t)
	a := get(t, c, "http://delta-courier.example/robots.txt")
	if a.status != http.StatusOK || !bytes.Contains(a.body, []byte("Disallow:")) {
		t.Errorf("%d %s", a.status, a.body)
	}
}
