package feeds_test

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"clusterwire/feeds"
	"clusterwire/feeds/eval/corpus"
	"clusterwire/feeds/fetch"
	"clusterwire/store/storetest"
)

// net is every publisher of the corpus on one loopback server: the feeds as
// they were captured, and for the pages behind their items an article, a
// refusal or a failure, by the address.
type corpusNet struct {
	server *httptest.Server
	feeds  map[string][]byte // by file name
	hosts  map[string]netip.AddrPort

	mu            sync.Mutex
	unconditional map[string]int // feed requests without validators, by file name
}

var addressedHost = regexp.MustCompile(`http://([A-Za-z0-9.-]+)`)

func newCorpusNet(t *testing.T, dir string) *corpusNet {
	t.Helper()
	n := &corpusNet{feeds: map[string][]byte{}, hosts: map[string]netip.AddrPort{}, unconditional: map[string]int{}}
	n.server = httptest.NewServer(n)
	t.Cleanup(n.server.Close)
	address := netip.MustParseAddrPort(strings.TrimPrefix(n.server.URL, "http://"))
	paths, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if filepath.Base(path) == "INDEX.tsv" {
			continue
		}
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		// The test's server speaks no TLS, so what is on https is moved to http.
		body = bytes.ReplaceAll(body, []byte("https://"), []byte("http://"))
		n.feeds[filepath.Base(path)] = body
		for _, m := range addressedHost.FindAllSubmatch(body, -1) {
			n.hosts[strings.ToLower(string(m[1]))] = address
		}
	}
	n.hosts["corpus.example"] = address
	return n
}

// sample keeps one feed in every so many, always the same ones.
func (n *corpusNet) sample(every int) {
	for i, name := range slices.Sorted(maps.Keys(n.feeds)) {
		if i%every != 0 {
			delete(n.feeds, name)
		}
	}
}

func (n *corpusNet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/robots.txt" {
		http.NotFound(w, r)
		return
	}
	if host, _, _ := strings.Cut(r.Host, ":"); host != "corpus.example" {
		n.page(w, r)
		return
	}
	name, err := url.PathUnescape(strings.TrimPrefix(r.URL.EscapedPath(), "/"))
	body, known := n.feeds[name]
	if err != nil || !known {
		http.NotFound(w, r)
		return
	}
	etag := fmt.Sprintf(`"%x"`, len(body))
	w.Header().Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	n.mu.Lock()
	n.unconditional[name]++
	n.mu.Unlock()
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(body)
}

// page answers for the page behind an item: one address in sixteen has an
// article, the others fail in the ways that pages fail.
func (n *corpusNet) page(w http.ResponseWriter, r *http.Request) {
	h := fnv.New32a()
	fmt.Fprint(h, r.Host, r.URL.Path)
	switch h.Sum32() % 16 {
	case 0:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		words := strings.NewReplacer("/", " ", "-", " ", "_", " ").Replace(r.URL.Path)
		fmt.Fprintf(w, "<!doctype html><html><head><title>%s</title></head><body><article><h1>%[1]s</h1><p>%[2]s</p><p>%[1]s. %[2]s</p></article></body></html>",
			words, paragraph)
	case 1:
		http.Error(w, "no robots here", http.StatusForbidden)
	case 2:
		http.Error(w, "down", http.StatusServiceUnavailable)
	default:
		http.NotFound(w, r)
	}
}

func TestEveryFeedOfTheCorpora(t *testing.T) {
	n := newCorpusNet(t, corpus.Path(t, "feeds"))
	db := storetest.Open(t)
	reader, err := feeds.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	client, err := fetch.New(fetch.Config{UserAgent: "clusterwire/test (feed fetcher)", Hosts: n.hosts, Gap: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	n.sample(sampled)
	slug := 0
	for name := range n.feeds {
		slug++
		follow(t, db, fmt.Sprintf("feed-%d", slug), "http://corpus.example/"+url.PathEscape(name))
	}
	c := newClock()
	line := feeds.New(feeds.Config{Store: db, Fetch: client, Reader: reader, Now: c.Now})

	first := collect(t, line)
	t.Logf("first pass: %s", first)
	t.Logf("feeds failed: %s", first.Causes())
	if got := first.Feeds.New + first.Feeds.Unchanged + first.Feeds.Failed; got != len(n.feeds) {
		t.Errorf("%d of %d feeds are accounted for", got, len(n.feeds))
	}
	if first.Feeds.Failed > 1+len(n.feeds)/50 {
		t.Errorf("%d of %d feeds failed: %s", first.Feeds.Failed, len(n.feeds), first.Causes())
	}
	for _, f := range first.Failures {
		if f.Class == "" || f.Error == "" {
			t.Errorf("%s failed without a cause", f.URL)
		}
	}
	a := first.Articles
	if opened := a.Stored + a.Revised + a.Duplicate + a.Irrelevant + a.Failed; opened != first.Items.New+first.Items.Edited {
		t.Errorf("%d items were found and %d are accounted for", first.Items.New+first.Items.Edited, opened)
	}
	stats, err := db.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// A revision may change the verdict, so the two kinds are counted together.
	if stats.Articles+stats.Hidden != a.Stored+a.Irrelevant || stats.ToOpen != a.Failed {
		t.Errorf("the archive has %d articles and %d hidden, %d to open; the summary says %d and %d, %d",
			stats.Articles, stats.Hidden, stats.ToOpen, a.Stored, a.Irrelevant, a.Failed)
	}

	c.pass(8 * 24 * time.Hour)
	clear(n.unconditional)
	second := collect(t, line)
	t.Logf("second pass: %s", second)
	if second.Items.New+second.Items.Edited != 0 || second.Articles.Stored+second.Articles.Irrelevant != 0 {
		t.Errorf("the second pass added something: %s", second)
	}
	if second.Feeds.Unchanged != first.Feeds.New+first.Feeds.Unchanged {
		t.Errorf("%d feeds were read in the first pass and %d unchanged in the second", first.Feeds.New+first.Feeds.Unchanged, second.Feeds.Unchanged)
	}
	failed := map[string]bool{}
	for _, f := range first.Failures {
		failed[f.URL] = true
	}
	for name := range n.unconditional {
		if !failed["http://corpus.example/"+url.PathEscape(name)] {
			t.Errorf("%s was asked for unconditionally although it had been read", name)
		}
	}
}
