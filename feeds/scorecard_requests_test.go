package feeds

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"clusterwire/feeds/fetch"
)

var requestChecks = []check{
	{44, "one User-Agent with name, version and contact", func(t *testing.T) {
		w := busy(t)
		form := regexp.MustCompile(`^[a-z]+/\S+ \(\+https://\S+; feed fetcher\)$`)
		for _, a := range w.origin.all("") {
			agent := a.header["User-Agent"]
			w.expect(len(agent) == 1 && form.MatchString(agent[0]) && agent[0] == scorecardAgent, "%s: %q", a.uri, agent)
		}
		for _, bad := range []string{"", "clusterwire", "clusterwire/1\r\nX: y"} {
			_, err := fetch.New(fetch.Config{UserAgent: bad})
			w.expect(err != nil, "%q was taken", bad)
		}
	}},
	{45, "no Cookie, Referer, Authorization or Origin; Set-Cookie ignored", func(t *testing.T) {
		w := busy(t)
		known := []string{"Accept", "Accept-Encoding", "User-Agent", "If-None-Match", "If-Modified-Since", "A-Im", "Connection"}
		for _, a := range w.origin.all("") {
			for name := range a.header {
				w.expect(slices.Contains(known, name), "%s sends %s: %q", a.uri, name, a.header[name])
			}
		}
	}},
	{46, "addresses as they were given, byte for byte", func(t *testing.T) {
		for _, uri := range []string{"/Feed%2Fx/~a;b=1/?q=%e9&&x=a+b&utm_source=x", "/?", "/a//b/../c", "/?a=1&a=2&=", "/feed?url=http://x.example/%3Fy", "/%7Efeed.xml?k=v%20w"} {
			w := newWorld(t, steady(nil, rss("")), "http://news.example"+uri)
			w.run(3 * time.Hour)
			for _, a := range w.origin.all("") {
				w.expect(a.uri == uri, "%q was asked for as %q", uri, a.uri)
			}
			w.expect(len(w.origin.all("")) > 1, "not asked")
		}
	}},
	{47, "Accept lists the types of feeds with their weights", func(t *testing.T) {
		w := newWorld(t, steady(nil, rss("")))
		w.pass()
		accept := w.toFeed()[0].header.Get("Accept")
		for _, kind := range []string{"application/atom+xml", "application/rss+xml", "application/feed+json", "application/xml;q=", "text/xml;q=", "*/*;q="} {
			w.expect(strings.Contains(accept, kind), "no %s in %q", kind, accept)
		}
	}},
	{48, "gzip, br and zstd are accepted and read", func(t *testing.T) {
		for _, coding := range []string{"gzip", "br", "zstd", ""} {
			w := newWorld(t, steady(map[string]string{"Content-Encoding": coding}, encoded(t, coding, rss("", time.Now().Add(-time.Hour)))))
			w.pass()
			w.expect(w.toFeed()[0].header.Get("Accept-Encoding") == "gzip, br, zstd", "%v", w.toFeed()[0].header)
			w.expect(w.feed().Items == 1, "%s: %+v", coding, w.feed().Attempt)
		}
	}},
	{49, "A-IM: feed; 226 adds to what is known", func(t *testing.T) {
		w := newWorld(t, script(
			reply{header: map[string]string{"ETag": `"a"`}, body: rss("", time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour))},
			reply{status: 226, header: map[string]string{"ETag": `"b"`, "IM": "feed"}, body: rss("", time.Now().Add(-time.Minute))},
			reply{status: 304}))
		w.run(3 * time.Hour)
		all := w.toFeed()
		w.expect(all[0].header.Get("A-IM") == "" && all[1].header.Get("A-IM") == "feed", "%v, %v", all[0].header, all[1].header)
		w.expect(w.feed().Items == 3 && w.articles() == 3 && all[2].header.Get("If-None-Match") == `"b"`, "%d items, %v", w.feed().Items, all[2].header)
		w = newWorld(t, script(reply{status: 226, body: rss("")}))
		w.pass()
		w.expect(w.feed().Attempt.Class == fetch.ClassUnasked226, "to who has nothing: %+v", w.feed().Attempt)
	}},
	{50, "GET over HTTP/1.1 and HTTP/2, IPv4 and IPv6", func(t *testing.T) {
		w := busy(t)
		for _, a := range w.origin.all("") {
			w.expect(a.method == http.MethodGet, "%s %s", a.method, a.uri)
		}
		for _, u := range []string{"http://93.184.216.34/feed", "http://[2606:4700::6810:84e5]/feed", "https://modern.example/feed"} {
			w := newWorld(t, steady(nil, rss("", time.Now().Add(-time.Hour))), u)
			w.origin.modern = true
			w.pass()
			w.expect(w.feed().Items == 1, "%s: %+v", u, w.feed().Attempt)
			if strings.HasPrefix(u, "https") {
				w.expect(w.origin.protocol == "HTTP/2.0", "spoke %s", w.origin.protocol)
			}
		}
	}},
	{51, "one connection for a batch, closed after it", func(t *testing.T) {
		w := newWorld(t, pages(5, nil))
		w.pass()
		w.expect(w.articles() == 5, "%d articles", w.articles())
		conns := map[int]bool{}
		for _, a := range w.origin.all("") {
			conns[a.conn] = true
		}
		w.expect(len(w.origin.all("")) == 7 && len(conns) == 1, "%d requests over %d connections", len(w.origin.all("")), len(conns))
		time.Sleep(time.Minute)
		w.expect(w.origin.open == 0, "%d connections are open a minute later", w.origin.open)
	}},
	{52, "one request at a time for a host, a second apart; four for a neighbourhood", func(t *testing.T) {
		w := newWorld(t, pages(10, nil), feedURL, "http://news.example/other", "http://news.example/third")
		w.run(2 * time.Minute)
		all := w.origin.all("")
		w.expect(w.origin.most == 1 && len(all) > 12, "%d at once of %d", w.origin.most, len(all))
		for i := range all[1:] {
			w.expect(all[i+1].at.Sub(all[i].at) >= time.Second, "%v between %s and %s", all[i+1].at.Sub(all[i].at), all[i].uri, all[i+1].uri)
		}
		var urls []string
		for i := range 30 {
			urls = append(urls, fmt.Sprintf("http://h%d.example/feed", i))
		}
		w = newWorld(t, steady(nil, rss("")), urls...)
		w.origin.place = func(string) net.Addr { return &net.TCPAddr{IP: net.IPv4(93, 184, 216, 34), Port: 80} }
		w.pass()
		w.expect(w.origin.together == 4, "%d at once to one /24", w.origin.together)
		w.expect(len(w.origin.all("")) == 30, "%d requests", len(w.origin.all("")))
		w = newWorld(t, steady(nil, rss("")), urls...)
		w.pass()
		w.expect(w.origin.together > 4, "%d at once elsewhere", w.origin.together)
	}},
	{53, "at most one icon for a host in a week: none is ever asked for", func(t *testing.T) {
		w := newWorld(t, pages(3, nil))
		w.run(14 * day)
		for _, a := range w.origin.all("") {
			w.expect(!strings.Contains(a.uri, "icon") && !strings.HasSuffix(a.uri, ".png"), "asked for %s", a.uri)
		}
	}},
	{54, "From is optional: the contact stands in the User-Agent", func(t *testing.T) {
		w := busy(t)
		for _, a := range w.origin.all("") {
			w.expect(a.header.Get("From") == "" && strings.Contains(a.header.Get("User-Agent"), "(+https://"), "%v", a.header)
		}
	}},
}

// busy is a world that has met cookies, redirects, pages and failures for some
// days.
func busy(t *testing.T) *world {
	t.Helper()
	inner := pages(3, nil)
	w := newWorld(t, func(r *http.Request, n int) reply {
		switch r.URL.Path {
		case "/moved":
			return to(302, "https://other.example/feed")
		case "/limited":
			return reply{status: 401, header: map[string]string{"WWW-Authenticate": "Basic realm=x", "Set-Cookie": "a=b"}}
		}
		a := inner(r, n)
		a.header = map[string]string{"Set-Cookie": "id=1; Path=/", "ETag": `"a"`, "Content-Type": a.header["Content-Type"]}
		return a
	}, feedURL, "http://news.example/moved", "http://user.example/limited")
	w.run(2 * day)
	w.expect(len(w.origin.all("")) > 50, "%d requests", len(w.origin.all("")))
	return w
}

// pages is a feed of n items with pages. change, if not nil, may replace the
// answer for a page.
func pages(n int, change func(r *http.Request) (reply, bool)) publisher {
	var items strings.Builder
	for i := range n {
		fmt.Fprintf(&items, `<item><title>Story %d of the cluster</title><link>http://news.example/story/%d</link><guid>%d</guid><pubDate>%s</pubDate><description>Short.</description></item>`,
			i, i, i, time.Now().Add(-time.Hour).UTC().Format(time.RFC1123))
	}
	return func(r *http.Request, _ int) reply {
		if change != nil {
			if a, ok := change(r); ok {
				return a
			}
		}
		switch {
		case r.URL.Path == "/robots.txt":
			return reply{status: 404}
		case strings.HasPrefix(r.URL.Path, "/story/"):
			return reply{header: map[string]string{"Content-Type": "text/html; charset=utf-8"}, body: story("", r.URL.Path)}
		}
		return reply{body: strings.Replace(rss(""), "</channel>", items.String()+"</channel>", 1)}
	}
}

// story is the page of an article.
func story(head, path string) string {
	const text = "The training cluster draws its power from the grid of the city's utility and from turbines beside the hall. " +
		"Engineers added racks of accelerators through the summer, and the neighbours of the data center asked how much water its towers take."
	return fmt.Sprintf(`<!doctype html><html lang="en"><head><title>Story at %[1]s</title><link rel="icon" href="/favicon.ico">%[2]s</head><body><article><h1>Story at %[1]s</h1>`+
		`<p>%[3]s</p><p>At %[1]s, %[3]s</p><p>Later at %[1]s, %[3]s</p></article></body></html>`, path, head, text)
}

// encoded writes text in a content coding.
func encoded(t *testing.T, coding, text string) string {
	t.Helper()
	var out bytes.Buffer
	var w io.WriteCloser
	var err error
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&out)
	case "br":
		w = brotli.NewWriter(&out)
	case "zstd":
		w, err = zstd.NewWriter(&out, zstd.WithEncoderConcurrency(1))
	default:
		return text
	}
	if err == nil {
		_, err = io.WriteString(w, text)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
