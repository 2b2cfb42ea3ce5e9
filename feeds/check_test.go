package feeds

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"clusterwire/feeds/news"
)

// TestCheck tries feeds as "sources check" does: an index of sitemaps is read
// with what it names, and of a page in place of a feed the error says more.
func TestCheck(t *testing.T) {
	if _, err := emptyStore(); err != nil { // outside of the bubble, whose clock is another
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(r *http.Request, _ int) reply {
			switch r.URL.Path {
			case "/sitemap.xml":
				return reply{body: `<sitemapindex><sitemap><loc>/gone.xml</loc><lastmod>1999-12-30</lastmod></sitemap><sitemap><loc>/new.xml</loc><lastmod>1999-12-31</lastmod></sitemap></sitemapindex>`}
			case "/new.xml":
				return reply{body: `<urlset><url><loc>/page-1</loc></url><url><loc>/page-2</loc></url></urlset>`}
			case "/moved":
				return reply{header: map[string]string{"Content-Type": "text/html"}, body: `<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/lost"><link rel="alternate" type="application/rss+xml" href="/rss"></head><body><p>News</p></body></html>`}
			case "/page":
				return reply{header: map[string]string{"Content-Type": "text/html"}, body: `<!doctype html><html><body><p>News</p></body></html>`}
			case "/rss":
				return reply{body: rss("")}
			}
			return reply{status: 404}
		})
		check := func(path string) (news.Document, string) {
			doc, err := Check(context.Background(), w.client, news.Feed{URL: "http://news.example" + path})
			if err != nil {
				return doc, err.Error()
			}
			return doc, ""
		}
		if doc, failed := check("/sitemap.xml"); failed != "" || len(doc.Items) != 2 {
			t.Errorf("an index: %d items, %s", len(doc.Items), failed)
		}
		if _, failed := check("/moved"); !strings.HasSuffix(failed, "the page names the feed http://news.example/rss") {
			t.Errorf("a page that names a feed: %s", failed)
		}
		if _, failed := check("/page"); failed == "" || strings.Contains(failed, "names the feed") {
			t.Errorf("a page that names none: %s", failed)
		}
		if _, failed := check("/nowhere"); !strings.Contains(failed, "404") {
			t.Errorf("nothing: %s", failed)
		}
	})
}

// TestContentLocation: relative links are resolved against where the server
// says that the body is from, if no xml:base says otherwise.
func TestContentLocation(t *testing.T) {
	if _, err := emptyStore(); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(r *http.Request, _ int) reply {
			if r.URL.Path != "/feed" {
				return reply{status: 404}
			}
			return reply{header: map[string]string{"Content-Location": "/archive/2026/feed.xml"},
				body: `<rss version="2.0"><channel><title>F</title><item><title>One</title><link>hall</link></item></channel></rss>`}
		})
		w.config.Store = keeping{w.db, w}
		w.line = New(w.config)
		w.pass()
		if got := w.item("One").URL; got != "http://news.example/archive/2026/hall" {
			t.Errorf("%s", got)
		}
	})
}

// Q8 of the catalogue: a clock that jumps makes each feed be asked once at
// most, and none is forgotten.
func TestClockJumps(t *testing.T) {
	if _, err := emptyStore(); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, steady(nil, rss("", time.Now().Add(-time.Hour))), "http://a.example/feed", "http://b.example/feed", "http://c.example/feed")
		var skew time.Duration
		w.config.Now = func() time.Time { return time.Now().Add(skew) }
		w.line = New(w.config)
		w.pass()
		asked := func() int { return len(w.origin.all("")) }
		jump := func(name string, to time.Duration, fewest int) {
			t.Helper()
			skew = to
			before := asked()
			for range 10 {
				w.pass()
				time.Sleep(time.Minute)
			}
			if n := asked() - before; n > 3 || n < fewest {
				t.Errorf("%s: %d requests of 3 feeds within ten minutes, want at least %d", name, n, fewest)
			}
		}
		const years = 10 * 365 * day
		jump("as it was", 0, 0)
		jump("an hour back", -time.Hour, 0)
		jump("an hour on", time.Hour, 0)
		jump("ten years on", years, 3)
		jump("back from there", 0, 3)
		jump("ten years back", -years, 3)
		jump("on from there", 0, 3)
		for _, f := range w.feeds() {
			if wait := time.Until(f.Attempt.Next); wait > 2*day {
				t.Errorf("%s waits for %v", f.URL, wait)
			}
		}
	})
}

// Q9 of the catalogue: a feed that turns its order around, is cut short or
// suddenly gives ten years of archive brings nothing back to the top.
func TestArchiveStaysBelow(t *testing.T) {
	if _, err := emptyStore(); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		var fresh, old []time.Time
		for i := range 5 {
			fresh = append(fresh, now.Add(-time.Duration(i+1)*time.Hour))
		}
		for i := range 50 {
			old = append(old, now.AddDate(0, -2*(i+1), 0))
		}
		turned := slices.Clone(fresh)
		slices.Reverse(turned)
		bodies := []string{rss("", fresh...), rss("", turned...), rss("", fresh[:2]...), rss("", append(slices.Clone(old), turned...)...)}
		w := newWorld(t, func(_ *http.Request, n int) reply { return reply{body: bodies[min(n, len(bodies)-1)]} })
		first := func() []string {
			res, err := w.db.Search(t.Context(), news.Query{Hidden: true, Limit: 5})
			if err != nil {
				t.Fatal(err)
			}
			var titles []string
			for _, hit := range res.Hits {
				titles = append(titles, hit.Title)
			}
			return titles
		}
		w.pass()
		before := first()
		w.run(3 * day)
		if got := first(); len(before) != 5 || !slices.Equal(got, before) {
			t.Errorf("first were %q, then %q", before, got)
		}
		if n := w.articles(); n != 55 {
			t.Errorf("%d articles, want 55", n)
		}
	})
}
