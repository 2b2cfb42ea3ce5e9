package feeds

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/fetch"
	"clusterwire/feeds/news"
)

// readable asks for a page on a host with a robots.txt, and gives the class of
// what went wrong.
func (w *world) readable(u string) string {
	w.Helper()
	_, err := w.client.Get(w.Context(), fetch.Request{URL: u, For: fetch.ForPage})
	class, _ := failure(outcome{Err: err})
	return class
}

// withRobots serves one robots.txt for each host, "" for none, and pages.
func withRobots(texts map[string]string) publisher {
	return func(r *http.Request, _ int) reply {
		if r.URL.Path != "/robots.txt" {
			return reply{body: "<html>a page</html>"}
		}
		if texts[r.Host] == "" {
			return reply{status: 404}
		}
		return reply{body: texts[r.Host]}
	}
}

var robotsChecks = []check{
	{55, "robots.txt: kept a day, 500 KiB read, five redirects, UTF-8", func(t *testing.T) {
		padding := strings.Repeat("# a comment of some length\n", 500*1024/27)
		w := newWorld(t, func(r *http.Request, _ int) reply {
			switch {
			case r.Host == "hops.example" && len(r.URL.Path) < len("/robots.txtxxxxx"):
				return to(301, r.URL.Path+"x")
			case r.Host == "hops.example" && strings.HasPrefix(r.URL.Path, "/robots.txt"), r.URL.Path == "/robots.txt":
				return reply{body: "\ufeffUser-agent: *\n" + padding + "Disallow: /privé\n"}
			}
			return reply{body: "<html>a page</html>"}
		})
		for range 10 {
			w.expect(w.readable("http://news.example/a") == "" && w.readable("http://news.example/priv%C3%A9") == fetch.ClassRobots, "not read to its end")
		}
		w.expect(len(w.origin.all("news.example/robots.txt")) == 1, "asked %d times", len(w.origin.all("news.example/robots.txt")))
		time.Sleep(25 * time.Hour)
		_ = w.readable("http://news.example/a")
		w.expect(len(w.origin.all("news.example/robots.txt")) == 2, "a day later asked %d times", len(w.origin.all("news.example/robots.txt")))
		w.expect(w.readable("http://hops.example/priv%C3%A9") == fetch.ClassRobots, "five redirects were not followed")
	}},
	{56, "the group of our name in any case, merged, else that of all", func(t *testing.T) {
		texts := map[string]string{
			"case.example":   "User-Agent: ClusterWire\nDisallow: /a\n\nUser-agent: *\nDisallow: /",
			"merged.example": "User-agent: clusterwire\nDisallow: /a\n\nUser-agent: other\nDisallow: /\n\nUser-agent: CLUSTERWIRE/2\nDisallow: /b",
			"all.example":    "User-agent: other\nDisallow: /\n\nUser-agent: *\nDisallow: /a",
			"none.example":   "User-agent: other\nDisallow: /",
			"like.example":   "User-agent: clusterwire-images\nDisallow: /\n\nUser-agent: cluster\nDisallow: /",
		}
		w := newWorld(t, withRobots(texts))
		for u, allowed := range map[string]bool{
			"case.example/a": false, "case.example/b": true,
			"merged.example/a": false, "merged.example/b": false, "merged.example/c": true,
			"all.example/a": false, "all.example/b": true, "none.example/a": true, "like.example/a": true,
		} {
			w.expect((w.readable("http://"+u) == "") == allowed, "%s: want allowed %v", u, allowed)
		}
	}},
	{57, "longest match, allow wins ties, * and $, escapes, robots.txt itself", func(t *testing.T) {
		texts := map[string]string{
			"long.example": "User-agent: *\nDisallow: /\nAllow: /a\nDisallow: /a/b",
			"tie.example":  "User-agent: *\nDisallow: /a\nAllow: /a",
			"star.example": "User-agent: *\nDisallow: /*.pdf$\nDisallow: /x*y\nDisallow: /p$q",
			"esc.example":  "User-agent: *\nDisallow: /%61b\nDisallow: /caf%C3%A9\nDisallow: /日",
		}
		w := newWorld(t, withRobots(texts))
		for u, allowed := range map[string]bool{
			"long.example/": false, "long.example/a": true, "long.example/ac": true, "long.example/a/b": false, "long.example/robots.txt": true,
			"tie.example/a": true, "star.example/1.pdf": false, "star.example/1.pdf?x": true, "star.example/xzzy1": false, "star.example/p$q": false, "star.example/p": true,
			"esc.example/ab": false, "esc.example/caf%c3%a9": false, "esc.example/café": false, "esc.example/%E6%97%A5": false, "esc.example/b": true,
		} {
			w.expect((w.readable("http://"+u) == "") == allowed, "%s: want allowed %v", u, allowed)
		}
	}},
	{58, "4xx allows, 5xx and silence forbid, for at most 30 days", func(t *testing.T) {
		for _, c := range []struct {
			robots  reply
			allowed bool
		}{{reply{status: 404}, true}, {reply{status: 401}, true}, {reply{status: 403}, true}, {reply{status: 429}, true}, {reply{status: 500}, false}, {reply{status: 503}, false}, {reply{hang: true}, false}, {reply{cut: true}, false}} {
			w := newWorld(t, func(r *http.Request, _ int) reply {
				if r.URL.Path == "/robots.txt" {
					return c.robots
				}
				return reply{body: "<html>a page</html>"}
			})
			got := w.readable("http://news.example/a")
			w.expect((got == "") == c.allowed && (c.allowed || got == fetch.ClassRobotsUnknown), "%+v: %q", c.robots, got)
			if c.allowed {
				continue
			}
			for range 29 {
				time.Sleep(day)
				w.expect(w.readable("http://news.example/a") == fetch.ClassRobotsUnknown, "%+v: read within 30 days", c.robots)
			}
			time.Sleep(day + time.Hour)
			w.expect(w.readable("http://news.example/a") == "", "%+v: still closed after 30 days", c.robots)
		}
	}},
	{59, "Crawl-delay up to 30 s; sitemaps collected", func(t *testing.T) {
		w := newWorld(t, withRobots(map[string]string{
			"slow.example":   "User-agent: *\nCrawl-delay: 7.5\nSitemap: http://slow.example/a.xml\nSitemap: http://slow.example/b.xml",
			"slower.example": "User-agent: *\nCrawl-delay: 86400",
		}))
		for host, want := range map[string]time.Duration{"slow.example": 7500 * time.Millisecond, "slower.example": 30 * time.Second} {
			_ = w.readable("http://" + host + "/1")
			_ = w.readable("http://" + host + "/2")
			one, two := w.origin.all(host + "/1")[0].at, w.origin.all(host + "/2")[0].at
			w.expect(two.Sub(one) >= want && two.Sub(one) < want+time.Second, "%s: %v apart", host, two.Sub(one))
		}
		sitemaps, err := w.client.Sitemaps(w.Context(), "http://slow.example/x")
		w.expect(err == nil && slices.Equal(sitemaps, []string{"http://slow.example/a.xml", "http://slow.example/b.xml"}), "%q, %v", sitemaps, err)
	}},
	{60, "noindex, nosnippet, noarchive: title and link alone; signals on language models recorded", func(t *testing.T) {
		for _, c := range []struct {
			name, head string
			header     map[string]string
			robots     string
			text, noAI bool
		}{
			{"plain", "", nil, "", true, false},
			{"noindex", `<meta name="robots" content="noindex">`, nil, "", false, false},
			{"nosnippet", `<meta name="robots" content="NOSNIPPET, follow">`, nil, "", false, false},
			{"noarchive", `<meta name="robots" content="noarchive">`, nil, "", false, false},
			{"for us", `<meta name="clusterwire" content="noarchive">`, nil, "", false, false},
			{"header", "", map[string]string{"X-Robots-Tag": "noarchive"}, "", false, false},
			{"header for us", "", map[string]string{"X-Robots-Tag": "clusterwire: noindex"}, "", false, false},
			{"header for another", "", map[string]string{"X-Robots-Tag": "otherbot: noindex"}, "", true, false},
			{"noai", `<meta name="robots" content="noai, noimageai">`, nil, "", true, true},
			{"noai header", "", map[string]string{"X-Robots-Tag": "noai"}, "", true, true},
			{"signal", "", nil, "User-agent: *\nContent-Signal: search=yes, ai-input=no\nAllow: /", true, true},
		} {
			w := newWorld(t, pages(1, func(r *http.Request) (reply, bool) {
				switch {
				case r.URL.Path == "/robots.txt" && c.robots != "":
					return reply{body: c.robots}, true
				case strings.HasPrefix(r.URL.Path, "/story"):
					header := map[string]string{"Content-Type": "text/html"}
					for name, value := range c.header {
						header[name] = value
					}
					return reply{header: header, body: story(c.head, r.URL.Path)}, true
				}
				return reply{}, false
			}))
			w.pass()
			a := w.article()
			w.expect(a.Title != "" && a.URL == "http://news.example/story/0", "%s: %q, %q", c.name, a.Title, a.URL)
			w.expect((len(a.Text) > 300) == c.text && a.NoAI == c.noAI, "%s: text of %d bytes, noai %v", c.name, len(a.Text), a.NoAI)
			if !c.text {
				raw, err := w.db.Raw(w.Context(), a.ID)
				w.expect(err == nil && raw == nil && a.HTML == "" && a.Text == "", "%s: kept %d bytes of the page, %q", c.name, len(raw), a.Text)
			}
		}
	}},
}

// article is the one article that is stored.
func (w *world) article() news.Article {
	w.Helper()
	r, err := w.db.Search(w.Context(), news.Query{Hidden: true})
	if err != nil || len(r.Hits) != 1 {
		w.Fatal(fmt.Errorf("%d articles, %w", len(r.Hits), err))
	}
	e, err := w.db.Article(w.Context(), r.Hits[0].ID)
	if err != nil {
		w.Fatal(err)
	}
	return e.Article
}
