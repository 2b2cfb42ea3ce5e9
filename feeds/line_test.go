package feeds_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"clusterwire/feeds"
	"clusterwire/feeds/fetch"
	"clusterwire/feeds/news"
	"clusterwire/store"
	"clusterwire/store/storetest"
)

// loopback is opened in tests: their publishers live there.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// clock is a clock that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Now()} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// newLine returns a line over a new database, whose clock the test moves.
func newLine(t *testing.T) (*feeds.Line, *store.DB, *clock) {
	t.Helper()
	db := storetest.Open(t)
	reader, err := feeds.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	client, err := fetch.New(fetch.Config{UserAgent: "clusterwire/test (feed fetcher)", Allow: loopback, Gap: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	c := newClock()
	return feeds.New(feeds.Config{Store: db, Fetch: client, Reader: reader, Now: c.Now}), db, c
}

// follow adds a source with one feed.
func follow(t *testing.T, db *store.DB, slug, url string) {
	t.Helper()
	source := news.Source{Slug: slug, Name: slug, Site: url, Kind: news.KindGeneral, Language: "en", Trust: news.TrustReports}
	if err := db.AddSource(t.Context(), source, []news.Feed{{Source: slug, URL: url}}); err != nil {
		t.Fatal(err)
	}
}

// publish serves handlers by path on loopback.
func publish(t *testing.T, pages map[string]http.HandlerFunc) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	for path, handler := range pages {
		mux.HandleFunc(path, handler)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// rss serves a feed of one item whose page is at /story.
func rss(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/rss+xml")
	w.Header().Set("ETag", `"v1"`)
	if r.Header.Get("If-None-Match") == `"v1"` {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	fmt.Fprintf(w, `<?xml version="1.0"?><rss version="2.0"><channel><title>Delta Courier</title><link>http://%[1]s/</link>
<item><title>xAI fills its Memphis hall with another row of racks</title><link>http://%[1]s/story?utm_source=rss</link>
<guid>story-1</guid><pubDate>Tue, 03 Sep 2024 08:00:00 GMT</pubDate>
<description>The company's Colossus cluster keeps growing beside the river.</description></item></channel></rss>`, r.Host)
}

// paragraph is the body of the test's article.
const paragraph = `The training cluster that xAI calls Colossus draws its power from the grid of the city's utility and from gas
turbines beside the hall. Engineers added racks of Nvidia H100 accelerators through the summer, and the data center's neighbours
asked the county how much water the cooling towers would take.`

func storyPage(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>xAI fills its Memphis hall with another row of racks</title>
<link rel="canonical" href="http://%s/story"></head><body><nav><a href="/">Home</a></nav><article><h1>xAI fills its Memphis hall
with another row of racks</h1><p>%s</p><p>%s</p><p>%s</p></article></body></html>`, r.Host, paragraph,
		strings.ReplaceAll(paragraph, "summer", "autumn"), strings.ReplaceAll(paragraph, "river", "road"))
}

// collect makes one pass that the store must survive.
func collect(t *testing.T, line *feeds.Line) feeds.Summary {
	t.Helper()
	summary, err := line.Collect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return summary
}

func total(t *testing.T, db *store.DB, q news.Query) int {
	t.Helper()
	results, err := db.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return results.Total
}

func TestPageThatFailsAtFirstIsOpenedLater(t *testing.T) {
	var broken sync.Once
	server := publish(t, map[string]http.HandlerFunc{
		"/feed.xml": rss,
		"/story": func(w http.ResponseWriter, r *http.Request) {
			failed := false
			broken.Do(func() { failed = true })
			if failed {
				http.Error(w, "not yet", http.StatusInternalServerError)
				return
			}
			storyPage(w, r)
		},
	})
	line, db, clock := newLine(t)
	follow(t, db, "delta-courier", server.URL+"/feed.xml")

	first := collect(t, line)
	if first.Feeds.New != 1 || first.Items.New != 1 || first.Articles.Failed != 1 || first.Articles.Stored != 0 {
		t.Fatalf("first pass: %s", first)
	}
	if n := total(t, db, news.Query{}); n != 0 {
		t.Fatalf("%d articles before the page was there", n)
	}

	clock.pass(2 * time.Hour)
	second := collect(t, line)
	if second.Items.New != 0 || second.Articles.Stored != 1 {
		t.Fatalf("second pass: %s", second)
	}
	for _, q := range []news.Query{{}, {Text: "turbines"}, {Companies: []string{"xai"}}, {Text: "company:xai Memphis"}} {
		if n := total(t, db, q); n != 1 {
			t.Errorf("query %+v finds %d articles, want 1", q, n)
		}
	}

	clock.pass(25 * time.Hour)
	third := collect(t, line)
	if third.Feeds.Unchanged != 1 || third.Articles != (feeds.Summary{}).Articles {
		t.Errorf("third pass did something: %s", third)
	}
}

func TestBadFeedsHarmNobodyElse(t *testing.T) {
	server := publish(t, map[string]http.HandlerFunc{
		"/good/feed.xml": rss,
		"/story":         storyPage,
		"/garbage":       func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "\x00\x01 no feed at all") },
		"/html":          storyPage,
		"/huge": func(w http.ResponseWriter, _ *http.Request) {
			chunk := []byte(strings.Repeat("<item>", 1<<13))
			for sent := 0; sent < 50<<20; sent += len(chunk) {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		},
		"/gone": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) },
	})
	line, db, _ := newLine(t)
	follow(t, db, "good", server.URL+"/good/feed.xml")
	want := map[string]string{"garbage": "parse", "html": "not_feed", "huge": "too_large", "gone": "http_410"}
	for slug := range want {
		follow(t, db, slug, server.URL+"/"+slug)
	}
	follow(t, db, "unreachable", "http://127.0.0.1:1/feed.xml")
	want["unreachable"] = "dial"
	follow(t, db, "private", "http://10.1.2.3/feed.xml")
	want["private"] = "egress_denied"

	summary := collect(t, line)
	if summary.Feeds.New != 1 || summary.Feeds.Failed != len(want) || summary.Articles.Stored != 1 {
		t.Errorf("%s", summary)
	}
	for _, f := range summary.Failures {
		if f.Class != want[f.Source] {
			t.Errorf("%s failed as %q (%s), want %q", f.Source, f.Class, f.Error, want[f.Source])
		}
		if f.Error == "" || strings.Contains(f.Error, "\n") {
			t.Errorf("%s: the cause is not one line: %q", f.Source, f.Error)
		}
	}
	if again := collect(t, line); again.Feeds != (feeds.Summary{}).Feeds {
		t.Errorf("feeds were polled again at once: %s", again)
	}
}

// TestOpensWhileItPolls has a feed that answers only once the article of the
// other has been asked for.
func TestOpensWhileItPolls(t *testing.T) {
	opened := make(chan struct{})
	server := publish(t, map[string]http.HandlerFunc{
		"/feed.xml": rss,
		"/story": func(w http.ResponseWriter, r *http.Request) {
			close(opened)
			storyPage(w, r)
		},
	})
	slow := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-opened:
		case <-r.Context().Done(): // the client gave up
		}
		fmt.Fprint(w, `<?xml version="1.0"?><rss version="2.0"><channel><title>Late</title></channel></rss>`)
	}))
	listener, err := net.Listen("tcp", "127.0.0.2:0") // a host of its own
	if err != nil {
		t.Skip(err)
	}
	slow.Listener.Close()
	slow.Listener = listener
	slow.Start()
	t.Cleanup(slow.Close)
	line, db, _ := newLine(t)
	follow(t, db, "late", slow.URL+"/feed.xml")
	follow(t, db, "delta-courier", server.URL+"/feed.xml")
	if s := collect(t, line); s.Articles.Stored != 1 || s.Feeds.Failed != 0 {
		t.Errorf("%s %v", s, s.Failures)
	}
}

// TestFeaturesAtHand: what matching is told of an article that was just opened
// is what it would be told of the stored one.
func TestFeaturesAtHand(t *testing.T) {
	server := publish(t, map[string]http.HandlerFunc{"/feed.xml": rss, "/story": storyPage})
	line, db, _ := newLine(t)
	follow(t, db, "delta-courier", server.URL+"/feed.xml")
	collect(t, line)
	found, err := db.Search(t.Context(), news.Query{})
	if err != nil || len(found.Hits) != 1 {
		t.Fatalf("%d articles, %v", len(found.Hits), err)
	}
	members, _, err := db.Members(t.Context(), found.Hits[0].Story, 10)
	if err != nil || len(members) != 1 {
		t.Fatalf("%d members, %v", len(members), err)
	}
	o, err := db.Opened(t.Context(), found.Hits[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := feeds.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	if want := reader.Features(o.Article, o.Reading).Pack(); !bytes.Equal(members[0].Features, want) {
		t.Errorf("placed with\n%q\nthe stored article has\n%q", members[0].Features, want)
	}
}

func TestInterruptedPassLosesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := publish(t, map[string]http.HandlerFunc{
		"/feed.xml": rss,
		"/story": func(w http.ResponseWriter, r *http.Request) {
			cancel()
			<-r.Context().Done()
		},
	})
	line, db, _ := newLine(t)
	follow(t, db, "delta-courier", server.URL+"/feed.xml")
	if _, err := line.Collect(ctx); err == nil {
		t.Fatal("an interrupted pass says that it was finished")
	}
	due, err := db.DueItems(t.Context(), time.Now(), 10, nil, nil)
	if err != nil || len(due) != 1 || due[0].Attempt.Failures != 0 {
		t.Fatalf("after the interruption: due %+v, error %v; want the item due, its attempt not counted", due, err)
	}
}

func TestListingIsASource(t *testing.T) {
	server := publish(t, map[string]http.HandlerFunc{
		"/news": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `<html><body><nav><a href="/about">About</a></nav><main>
<a class="entry" href="/story/1">xAI opens a second hall in Memphis</a> <a class="entry" href="/story/2">xAI orders more racks</a></main></body></html>`)
		},
		"/story/": storyPage,
	})
	line, db, clock := newLine(t)
	source := news.Source{Slug: "xai", Name: "xAI", Site: server.URL, Kind: news.KindCompany, Language: "en", Trust: news.TrustOriginal}
	feed := news.Feed{Source: "xai", URL: server.URL + "/news", Kind: news.FeedListing, Selector: "a.entry"}
	if err := db.AddSource(t.Context(), source, []news.Feed{feed}); err != nil {
		t.Fatal(err)
	}
	if first := collect(t, line); first.Items.New != 2 {
		t.Errorf("%s; want both links of the listing", first)
	}
	clock.pass(25 * time.Hour)
	if second := collect(t, line); second.Items.New+second.Items.Edited != 0 || second.Feeds.Unchanged != 1 {
		t.Errorf("the second look found something new: %s", second)
	}
}
