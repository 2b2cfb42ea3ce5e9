package web

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"clusterwire/feeds/eval/corpus"
	"clusterwire/feeds/news"
)

// X7: whatever stands in path, query or header, an error says its status in a
// page or in problem+json, and gives nothing back as markup.
func TestErrorsReflectNothing(t *testing.T) {
	h := testSite(t, archive(t, 0), nil)
	checkNothingReflected(t, h, []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `';alert(1)//`, `{{7*7}}`, `%3Cscript%3E`, "\u202e<b>", `javascript:alert(1)`, `<!--`, `]]>`, `</title><svg/onload=alert(1)>`})
}

// checkNothingReflected puts every payload in each place.
func checkNothingReflected(t *testing.T, h http.Handler, payloads []string) {
	t.Helper()
	places := []func(string) string{
		func(p string) string { return "/" + escapePath(p) },
		func(p string) string { return "/company/" + escapePath(p) },
		func(p string) string { return "/article/" + escapePath(p) },
		func(p string) string { return "/topic/" + escapePath(p) + ".json" },
		func(p string) string { return "/search?from=" + escapeQuery(p) },
		func(p string) string { return "/search?topic=" + escapeQuery(p) },
		func(p string) string { return "/search?cursor=" + escapeQuery(p) },
		func(p string) string { return "/api/v1/articles?" + escapeQuery(p) + "=1" },
		func(p string) string { return "/api/v1/articles?since=" + escapeQuery(p) },
		func(p string) string { return "/api/v1/" + escapePath(p) },
		func(p string) string { return "/static/" + escapePath(p) },
	}
	for _, p := range payloads {
		for _, place := range places {
			path := place(p)
			w := get(t, h, path, "User-Agent", p, "Accept-Language", p, "X-Forwarded-Host", p)
			if w.Code < 400 || w.Code >= 500 {
				t.Errorf("%s: %d", path, w.Code)
			}
			kind, body := w.Header().Get("Content-Type"), w.Body.String()
			if kind != "application/problem+json" && !strings.HasPrefix(kind, "text/html") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: %s", path, kind)
			}
			if strings.ContainsAny(p, "<>") && strings.Contains(body, p) || strings.Contains(body, "<script>") || strings.Contains(body, "<img") {
				t.Errorf("%s is given back", path)
			}
		}
	}
}

func escapePath(p string) string {
	var b strings.Builder
	for _, c := range []byte(p) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

func escapeQuery(p string) string { return escapePath(p) }

// R1: no request makes the site send a reader elsewhere.
func TestNothingRedirects(t *testing.T) {
	h := testSite(t, archive(t, 0), func(c *Config) { c.BaseURL = "" })
	checkNoRedirect(t, h, []string{"//evil.example", "/\\evil.example", "/%2f%2fevil.example", "/%5cevil.example/%2e%2e", "///evil.example/..", "/./evil.example", "/x/../../evil.example", "/search/../../evil.example", "//evil.example/%2f..", "/http://evil.example", "/;@evil.example", "/%09/evil.example", "/?next=//evil.example&url=https://evil.example&redirect=evil.example"})
}

// X7 and R1 with the payloads that others have published.
func TestPublishedPayloads(t *testing.T) {
	payloads := corpusLines(t, corpus.Path(t, "xss"))
	if len(payloads) < 300 {
		t.Fatalf("found %d payloads, want hundreds", len(payloads))
	}
	h := testSite(t, archive(t, 0), nil)
	checkNoRedirect(t, h, sample(payloads, 400))
	checkNothingReflected(t, h, sample(payloads, 100))
}

func checkNoRedirect(t *testing.T, h http.Handler, payloads []string) {
	t.Helper()
	for _, line := range payloads {
		for _, path := range []string{line, "/" + line, "/search?q=a&next=" + escapeQuery(line)} {
			r, err := http.NewRequest("GET", "http://wire.example/", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.URL.Path, r.URL.RawQuery, _ = strings.Cut(path, "?")
			r.Host, r.RemoteAddr = "wire.example", "192.0.2.1:1"
			w := newRecorder()
			h.ServeHTTP(w, r)
			if loc := w.Header().Get("Location"); loc != "" || w.Code >= 300 && w.Code < 400 {
				t.Errorf("%q: %d, Location %q", path, w.Code, loc)
			}
		}
	}
}

// R3: the Host of a request never ends up in an address that we publish.
func TestHostIsNotBelieved(t *testing.T) {
	db := archive(t, 3)
	for _, base := range []string{"https://wire.example", ""} {
		h := testSite(t, db, func(c *Config) { c.BaseURL = base })
		for _, path := range []string{"/", "/feed.atom", "/feed.rss", "/feed.json", "/api/v1/articles", "/company/xai", "/sitemap.xml", "/robots.txt", "/opensearch.xml", "/openapi.json", "/companies.opml"} {
			r, _ := http.NewRequest("GET", "http://wire.example"+path, nil)
			r.Host, r.RemoteAddr = "evil.example", "192.0.2.1:1"
			if base == "" {
				r.Host = `evil.example"><script>`
			}
			r.Header.Set("X-Forwarded-Host", "evil.example")
			r.Header.Set("Forwarded", "host=evil.example")
			w := newRecorder()
			h.ServeHTTP(w, r)
			if w.Code != 200 || strings.Contains(w.Body.String(), "evil.example\"") || strings.Contains(w.Body.String(), "//evil.example/") && strings.Contains(w.Body.String(), "https://evil.example/") {
				t.Errorf("base %q, %s: %d, the Host stands in the answer", base, path, w.Code)
			}
		}
	}
}

func TestMethods(t *testing.T) {
	h := testSite(t, archive(t, 3), nil)
	for _, path := range []string{"/", "/search", "/api/v1/articles", "/feed.atom", "/nowhere", "/static/wire.css"} {
		for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"} {
			w := ask(t, h, method, path)
			if w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD, OPTIONS" {
				t.Errorf("%s %s: %d, Allow %q", method, path, w.Code, w.Header().Get("Allow"))
			}
		}
		w := ask(t, h, "OPTIONS", path)
		if w.Code != 204 || w.Header().Get("Allow") == "" {
			t.Errorf("OPTIONS %s: %d", path, w.Code)
		}
	}
	full, head := get(t, h, "/api/v1/articles"), ask(t, h, "HEAD", "/api/v1/articles")
	if head.Code != 200 || head.Body.Len() != 0 || head.Header().Get("Content-Length") != fmt.Sprint(full.Body.Len()) || head.Header().Get("ETag") != full.Header().Get("ETag") {
		t.Errorf("HEAD: %d, %v", head.Code, head.Header())
	}
}

func TestCrossOrigin(t *testing.T) {
	h := testSite(t, archive(t, 3), nil)
	for path, want := range map[string]string{"/api/v1/articles": "*", "/api/v1/nowhere": "*", "/search.json": "*", "/feed.atom": "*", "/": "", "/search": "", "/about": ""} {
		w := get(t, h, path, "Origin", "https://other.example")
		if got := w.Header().Get("Access-Control-Allow-Origin"); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
		if w.Header().Get("Access-Control-Allow-Credentials") != "" || w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s: credentials or a cookie", path)
		}
	}
}

func TestConditional(t *testing.T) {
	db := archive(t, 3)
	now := time.Now().Add(time.Hour)
	h := testSite(t, db, func(c *Config) { c.Now = func() time.Time { now = now.Add(time.Millisecond); return now } })
	now = now.Add(time.Hour)
	for _, path := range []string{"/", "/api/v1/articles", "/feed.atom", "/search?q=turbines", "/company/xai", "/index.csv", "/sources", "/clusters"} {
		for _, coding := range []string{"", "gzip", "br", "zstd"} {
			first := get(t, h, path, "Accept-Encoding", coding)
			etag := first.Header().Get("ETag")
			if etag == "" || strings.HasPrefix(etag, "W/") {
				t.Fatalf("%s: ETag %q", path, etag)
			}
			if w := get(t, h, path, "If-None-Match", etag, "Accept-Encoding", coding); w.Code != 304 || w.Body.Len() != 0 || w.Header().Get("ETag") != etag {
				t.Errorf("%s (%s) again: %d", path, coding, w.Code)
			}
			if w := get(t, h, path, "If-None-Match", `"x", W/`+etag, "Accept-Encoding", coding); w.Code != 304 {
				t.Errorf("%s in a list: %d", path, w.Code)
			}
			if w := get(t, h, path, "If-None-Match", `"other"`, "If-Modified-Since", now.Format(http.TimeFormat), "Accept-Encoding", coding); w.Code != 200 {
				t.Errorf("%s with another tag: %d", path, w.Code)
			}
		}
		modified := get(t, h, path).Header().Get("Last-Modified")
		if path == "/sources" {
			continue // what it shows changes without a write that readers see
		}
		if w := get(t, h, path, "If-Modified-Since", modified); modified == "" || w.Code != 304 {
			t.Errorf("%s since %q: %d", path, modified, w.Code)
		}
	}
}

// A page that is kept is not shown after a change.
func TestNothingStale(t *testing.T) {
	db := archive(t, 3)
	h := testSite(t, db, nil)
	before := get(t, h, "/")
	o := special()[0]
	o.Article.URL, o.Article.Canonical, o.Article.Title = "https://rack.example/late", "https://rack.example/late", "A late item"
	if _, err := db.SaveArticles(t.Context(), []news.Opened{o}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/company/xai", "/api/v1/articles", "/feed.atom"} {
		if w := get(t, h, path, "If-None-Match", before.Header().Get("ETag")); w.Code != 200 || !strings.Contains(w.Body.String(), "A late item") {
			t.Errorf("%s: %d, and the new article is not there", path, w.Code)
		}
	}
}

func TestCompression(t *testing.T) {
	h := testSite(t, archive(t, 40), nil)
	plain := get(t, h, "/").Body.String()
	for _, coding := range []string{"gzip", "br", "zstd"} {
		for range 2 { // the second comes from memory
			w := get(t, h, "/", "Accept-Encoding", coding)
			if w.Header().Get("Content-Encoding") != coding || !strings.Contains(w.Header().Get("Vary"), "Accept-Encoding") {
				t.Fatalf("%s: %v", coding, w.Header())
			}
			if got := unpack(t, coding, w.Body); got != plain {
				t.Errorf("%s: another page after unpacking", coding)
			}
		}
	}
}

func unpack(t *testing.T, coding string, r io.Reader) string {
	t.Helper()
	var err error
	switch coding {
	case "gzip":
		r, err = gzip.NewReader(r)
	case "br":
		r = brotli.NewReader(r)
	case "zstd":
		r, err = zstd.NewReader(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// R4: the answer to one request too many.
func TestTooManyRequests(t *testing.T) {
	h := testSite(t, archive(t, 3), func(c *Config) { c.PerMinute = 2 })
	var last *recorder
	for i := range 5 {
		r, _ := http.NewRequest("GET", "http://wire.example/api/v1/articles", nil)
		r.RemoteAddr = "192.0.2.1:1"
		r.Header.Set("X-Forwarded-For", fmt.Sprint("203.0.113.", i))
		last = newRecorder()
		h.ServeHTTP(last, r)
	}
	p := decode[problem](t, last.Body)
	if last.Code != 429 || p.Code != "too_many_requests" || last.Header().Get("Retry-After") == "" || last.Header().Get("Retry-After") == "0" ||
		last.Header().Get("RateLimit") == "" || last.Header().Get("RateLimit-Policy") != `"address";q=2;w=60` || last.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %v %+v", last.Code, last.Header(), p)
	}
}

// failing is an archive that has broken down, with an error that nobody
// outside may read. It is the one thing a healthy database can't be made to do.
type failing struct {
	Store
	err error
}

func (f failing) Search(context.Context, news.Query) (news.Results, error) {
	return news.Results{}, f.err
}

func TestFailureIsLoggedAndNotShown(t *testing.T) {
	var log bytes.Buffer
	secret := errors.New("disk I/O error in /var/lib/secret.db")
	h := testSite(t, failing{archive(t, 3), secret}, func(c *Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	for _, path := range []string{"/", "/search?q=x", "/company/xai", "/api/v1/search?q=x", "/feed.atom"} {
		w := get(t, h, path)
		if w.Code != 500 || strings.Contains(w.Body.String(), "secret") || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, %.200s", path, w.Code, w.Body)
		}
	}
	if n := strings.Count(log.String(), "secret.db"); n != 5 {
		t.Errorf("logged %d times, want 5", n)
	}
	late := testSite(t, failing{archive(t, 3), fmt.Errorf("search: %w", context.DeadlineExceeded)}, nil)
	if w := get(t, late, "/api/v1/search?q=x"); w.Code != 503 {
		t.Errorf("too slow: %d, want 503", w.Code)
	}
}

func TestPanicIsCaught(t *testing.T) {
	var log bytes.Buffer
	h := testSite(t, failing{nil, nil}, func(c *Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	if w := get(t, h, "/about"); w.Code != 500 || !strings.Contains(log.String(), "panicked") {
		t.Errorf("%d, logged %q", w.Code, log.String())
	}
}

// X10: what spreadsheets, browsers and scripts would run is made harmless.
func TestExportsAreSafe(t *testing.T) {
	h := testSite(t, archive(t, 3), nil)
	rows := csvRows(t, get(t, h, "/index.csv?limit=200").Body)
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("cell %.40q", cell)
			}
		}
	}
	if !strings.Contains(fmt.Sprint(rows), "'=HYPERLINK") {
		t.Error("the formula is not in the table")
	}
	lines := bufio.NewScanner(get(t, h, "/index.ndjson?limit=200").Body)
	lines.Buffer(nil, 1<<20)
	n := 0
	for ; lines.Scan(); n++ {
		if !json.Valid(lines.Bytes()) || strings.ContainsAny(lines.Text(), "\u2028\u2029<>") {
			t.Errorf("line %d: %.80s", n, lines.Text())
		}
	}
	if n != len(rows)-1 {
		t.Errorf("%d lines, %d rows", n, len(rows)-1)
	}
}
