//go:build load

package feeds_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"clusterwire/feeds"
	"clusterwire/feeds/fetch"
	"clusterwire/feeds/news"
	"clusterwire/store"
	"clusterwire/store/storetest"
)

// Load tests: many publishers on loopback, each on an address of its own.
//
//	go test -tags load ./feeds -run Load -v -timeout 30m -publishers 10000
//
// What they fail on is loss and rudeness; how long they take and how much
// memory they need is printed.
var publishers = flag.Int("publishers", 300, "publishers of the load tests")

// crowd is many publishers behind one listener. Some are ill in the ways that
// publishers are ill; which, follows from the number.
type crowd struct {
	n    int
	port int
	ill  int  // of a hundred publishers
	loud bool // those that would be silent break off instead

	mu        sync.Mutex
	busy      map[string]int // connections with a request under way, by host
	rude      []string       // hosts that were asked twice at once
	edition   atomic.Int64   // at the next, one in ten publishers has a new item
	requests  atomic.Int64
	confirmed atomic.Int64 // answered 304
}

// The illnesses.
const (
	silent  = "silent"  // accepts and never answers
	resets  = "resets"  // closes in the middle
	errs    = "500"     // server error
	missing = "404"     //
	gone    = "410"     //
	garbage = "garbage" // no feed
	noTLS   = "no tls"  // https that is none
)

// illness is what publisher i suffers from: of thirty ill ones in a hundred, six
// are silent, and so on; of fewer, in proportion.
func (c *crowd) illness(i int) string {
	if i%100 >= c.ill {
		return ""
	}
	switch m := i % 100 * 30 / c.ill; {
	case m < 6:
		return silent
	case m < 12:
		return resets
	case m < 18:
		return errs
	case m < 22:
		return missing
	case m < 24:
		return gone
	case m < 27:
		return garbage
	default:
		return noTLS
	}
}

func host(i int) string { return fmt.Sprintf("127.%d.%d.%d", 20+i/62500, i/250%250, i%250+1) }

// newCrowd starts n publishers with items entries each.
func newCrowd(t *testing.T, n, items, ill int) *crowd {
	t.Helper()
	c := &crowd{n: n, ill: ill, busy: map[string]int{}}
	numbers := map[string]int{}
	for i := range n {
		numbers[host(i)] = i
	}
	ln, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	c.port = ln.Addr().(*net.TCPAddr).Port
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, _, _ := strings.Cut(r.Host, ":")
		c.requests.Add(1)
		c.enter(name)
		defer c.leave(name)
		c.answer(w, r, numbers[name], items)
	})}
	go func() { _ = server.Serve(ln) }()
	t.Cleanup(func() { _ = server.Close() })
	return c
}

func (c *crowd) enter(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy[name]++; c.busy[name] > 1 {
		c.rude = append(c.rude, name)
	}
}

func (c *crowd) leave(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy[name]--
}

func (c *crowd) answer(w http.ResponseWriter, r *http.Request, i, items int) {
	ail := c.illness(i)
	if r.URL.Path != "/feed.xml" {
		ail = ""
	}
	switch ail {
	case silent:
		if !c.loud {
			<-r.Context().Done()
		}
		panic(http.ErrAbortHandler)
	case resets:
		panic(http.ErrAbortHandler)
	case errs, missing, gone:
		w.WriteHeader(map[string]int{errs: 500, missing: 404, gone: 410}[ail])
	case garbage:
		fmt.Fprint(w, "{\"not\": a feed")
	default:
		c.publish(w, r, i, items)
	}
}

func (c *crowd) publish(w http.ResponseWriter, r *http.Request, i, items int) {
	newest := int(c.edition.Load()+int64(i)) / 10 // number of its first item
	tag := fmt.Sprintf(`"%d"`, newest)
	switch {
	case r.URL.Path == "/robots.txt":
		http.NotFound(w, r)
	case strings.HasPrefix(r.URL.Path, "/story/"):
		fmt.Fprintf(w, `<html lang="en"><head><title>xAI adds hall %[1]s</title></head><body><article><h1>xAI adds hall %[1]s</h1><p>%[2]s</p><p>%[2]s</p></article></body></html>`,
			r.URL.Path[len("/story/"):], paragraph)
	case r.Header.Get("If-None-Match") == tag:
		c.confirmed.Add(1)
		w.WriteHeader(http.StatusNotModified)
	default:
		w.Header().Set("ETag", tag)
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>Publisher %d</title>`, i)
		for n := newest; n < newest+items; n++ {
			fmt.Fprintf(w, `<item><title>xAI adds hall %d of publisher %d</title><link>http://%s/story/%d</link><guid>%d</guid></item>`, n, i, r.Host, n, n)
		}
		fmt.Fprint(w, `</channel></rss>`)
	}
}

// follow adds every publisher to the store.
func (c *crowd) follow(t *testing.T, db *store.DB) {
	t.Helper()
	var sources []news.SourceHealth
	for i := range c.n {
		scheme := "http"
		if c.illness(i) == noTLS {
			scheme = "https"
		}
		slug := fmt.Sprintf("publisher-%d", i)
		sources = append(sources, news.SourceHealth{
			Source: news.Source{Slug: slug, Name: slug, Kind: news.KindGeneral, Language: "en", Trust: news.TrustReports},
			Feeds:  []news.Feed{{Source: slug, URL: fmt.Sprintf("%s://%s:%d/feed.xml", scheme, host(i), c.port)}},
		})
	}
	if err := db.AddSources(t.Context(), sources); err != nil {
		t.Fatal(err)
	}
}

// politely fails if a host was asked for two things at once.
func (c *crowd) politely(t *testing.T) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.rude) > 0 {
		t.Errorf("%d times a host was asked twice at once, first %s", len(c.rude), c.rude[0])
	}
}

// loadLine is a line as the program makes it, but for the loopback prefix.
func loadLine(t *testing.T, db *store.DB, c *clock) *feeds.Line {
	t.Helper()
	reader, err := feeds.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	client, err := fetch.New(fetch.Config{UserAgent: "clusterwire/test (feed fetcher)", Allow: loopback})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return feeds.New(feeds.Config{Store: db, Fetch: client, Reader: reader, Now: c.Now})
}

// timed prints how long a pass took and the greatest memory so far.
func timed(t *testing.T, what string, pass func()) {
	t.Helper()
	start := time.Now()
	pass()
	t.Logf("%s: %v; peak memory of the whole test %s", what, time.Since(start).Round(10*time.Millisecond), peak())
}

// peak is the greatest resident size of this process, publishers included.
func peak() string {
	file, err := os.Open("/proc/self/status")
	if err != nil {
		return "unknown"
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

// L1 of the catalogue, three in ten ill, and L2, one in ten: a pass over new
// publishers, then one in which nothing has changed.
func TestLoadManyPublishersSomeIll(t *testing.T) {
	for _, ill := range []int{30, 10} {
		t.Run(fmt.Sprintf("%d in 100", ill), func(t *testing.T) { loadMany(t, ill) })
	}
}

func loadMany(t *testing.T, ill int) {
	n := *publishers
	c := newCrowd(t, n, 1, ill)
	db := storetest.Open(t)
	c.follow(t, db)
	clock := newClock()
	line := loadLine(t, db, clock)
	good, bad := 0, 0
	for i := range n {
		if c.illness(i) == "" {
			good++
		} else {
			bad++
		}
	}
	before := runtime.NumGoroutine()
	var first, second feeds.Summary
	timed(t, fmt.Sprintf("%d publishers, %d ill, with pages", n, bad), func() { first = collect(t, line) })
	if first.Feeds.New != good || first.Feeds.Failed != bad {
		t.Errorf("%s; want %d new and %d failed: %s", first, good, bad, first.Causes())
	}
	if first.Articles.Stored+first.Articles.Duplicate+first.Articles.Irrelevant != good {
		t.Errorf("%s; want an article of each of %d publishers", first, good)
	}
	clock.pass(25 * time.Hour)
	asked := c.confirmed.Load()
	timed(t, "again, nothing changed", func() { second = collect(t, line) })
	if got := c.confirmed.Load() - asked; int(got) != good || second.Feeds.Unchanged != good || second.Items.New != 0 || second.Articles.Stored != 0 {
		t.Errorf("%s; %d of %d confirmed", second, got, good)
	}
	c.politely(t)
	time.Sleep(time.Second)
	if after := runtime.NumGoroutine(); after > before+50 {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}

// L4 of the catalogue: a publisher with a thousand pages delays nobody else.
func TestLoadBusyPublisherDelaysNobody(t *testing.T) {
	busy := newCrowd(t, 1, 1000, 0)
	others := newCrowd(t, 50, 2, 0)
	db := storetest.Open(t)
	others.follow(t, db)
	slug := "busy"
	feed := news.Feed{Source: slug, URL: fmt.Sprintf("http://127.99.0.1:%d/feed.xml", busy.port)}
	if err := db.AddSource(t.Context(), news.Source{Slug: slug, Name: slug, Kind: news.KindGeneral, Trust: news.TrustReports}, []news.Feed{feed}); err != nil {
		t.Fatal(err)
	}
	line := loadLine(t, db, newClock())
	done := make(chan error, 1)
	go func() { done <- line.Run(t.Context()) }()
	deadline := time.Now().Add(2 * time.Minute)
	for {
		stats, err := db.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		opened := total(t, db, news.Query{}) - total(t, db, news.Query{Sources: []string{slug}})
		if opened == 100 {
			t.Logf("all pages of the others are read while %d of the busy one wait", stats.ToOpen)
			if stats.ToOpen < 900 {
				t.Errorf("only %d pages wait: the others came last", stats.ToOpen)
			}
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d of 100 pages of the others are read", opened)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// hostileBodies are feeds of the greatest size that is read, each made to cost
// as much as it can.
func hostileBodies() []string {
	fill := func(begin, piece, end string) string {
		return begin + strings.Repeat(piece, (8<<20-len(begin)-len(end)-100)/len(piece)) + end
	}
	item := func(text string) string {
		return "<item><title>t</title><description>" + text + "</description></item>"
	}
	const rss, end = `<rss version="2.0"><channel><title>F</title>`, `</channel></rss>`
	return []string{
		fill(rss, item("<![CDATA["+strings.Repeat("<p>a</p>", 2000)+"]]>"), end),
		fill(rss, item(strings.Repeat("]]&gt;", 3000)), end),
		fill(rss, "<item><title>t</title>"+strings.Repeat("<a b='' c='' d='' e='' f='' g=''/>", 300)+"</item>", end),
		fill(rss+"<item><title>t</title>", "<x:a><x:b/></x:a>", "</item>"+end),
		fill("<?xml version='1.0' encoding='iso-8859-1'?>"+rss, item(strings.Repeat("\xe9", 9000)), end),
		fill(`{"version":"https://jsonfeed.org/version/1.1","items":[`, `{"content_html":"`+strings.Repeat("<p>a</p>", 2000)+`"},`, `{}]}`),
		fill(rss, strings.Repeat("<b>", 200)+strings.Repeat("</b>", 200), end),
		fill("<urlset>", "<url><loc>http://127.98.0.1/a</loc></url>", "</urlset>"),
	}
}

// D14 of the catalogue: eight hostile feeds at once delay two hundred good ones
// little; by how much, and the memory for it, is printed.
func TestLoadHostileFeedsBesideGood(t *testing.T) {
	bodies := hostileBodies()
	hostile := http.NewServeMux()
	for i, body := range bodies {
		hostile.HandleFunc(fmt.Sprintf("/%d", i), func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
	}
	ln, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: hostile}
	go func() { _ = server.Serve(ln) }()
	t.Cleanup(func() { _ = server.Close() })
	port := ln.Addr().(*net.TCPAddr).Port

	for _, beside := range []bool{false, true} {
		good := newCrowd(t, 200, 1, 0)
		db := storetest.Open(t)
		good.follow(t, db)
		if beside {
			for i := range bodies {
				slug := fmt.Sprintf("hostile-%d", i)
				feed := news.Feed{Source: slug, URL: fmt.Sprintf("http://127.98.0.%d:%d/%d", i+1, port, i)}
				if err := db.AddSource(t.Context(), news.Source{Slug: slug, Name: slug, Kind: news.KindGeneral, Trust: news.TrustReports}, []news.Feed{feed}); err != nil {
					t.Fatal(err)
				}
			}
		}
		line := loadLine(t, db, newClock())
		start, last := time.Now(), time.Duration(0)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- line.Run(ctx) }()
		for polled := 0; polled < 200; {
			polled = 0
			sources, err := db.Sources(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range sources {
				if len(s.Feeds) > 0 && strings.HasPrefix(s.Source.Slug, "publisher-") && !s.Feeds[0].Read.IsZero() {
					polled++
				}
			}
			if last = time.Since(start); last > 2*time.Minute {
				t.Fatalf("%d of 200 good feeds are read", polled)
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Logf("200 good feeds, hostile ones beside them %v: %v; peak memory of the whole test %s", beside, last.Round(10*time.Millisecond), peak())
		stop()
		<-done
	}
}
