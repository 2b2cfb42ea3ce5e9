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

// moved answers requests for the feed with redirects, and those for other
// addresses with a feed.
func moved(redirect func(r *http.Request, n int) reply) publisher {
	return func(r *http.Request, n int) reply {
		if r.URL.Path == "/feed" && r.Host == "news.example" && r.URL.Scheme == "http" {
			return redirect(r, n)
		}
		return reply{body: rss("")}
	}
}

func to(status int, location string) reply {
	return reply{status: status, header: map[string]string{"Location": location}}
}

var moveChecks = []check{
	{35, "temporary redirects are followed each time and change nothing", func(t *testing.T) {
		for _, status := range []int{302, 303, 307} {
			w := newWorld(t, moved(func(*http.Request, int) reply { return to(status, "/elsewhere") }))
			w.run(10 * day)
			from, at := len(w.toFeed()), len(w.origin.all("news.example/elsewhere"))
			w.expect(from > 50 && from == at, "%d: %d requests, %d of them arrived", status, from, at)
			w.expect(w.feed().URL == feedURL && w.feed().Moved == news.Move{} && w.feed().Attempt.Failures == 0, "%d: %+v", status, w.feed())
		}
	}},
	{36, "a permanent redirect is adopted after three sightings in 72 hours, if a feed is there", func(t *testing.T) {
		for _, status := range []int{301, 308} {
			w := newWorld(t, moved(func(*http.Request, int) reply { return to(status, "/new") }))
			w.run(71 * time.Hour)
			w.expect(w.feed().URL == feedURL && w.feed().Moved.Seen > 2, "%d: adopted after 71 h: %+v", status, w.feed())
			w.run(29 * time.Hour)
			asked := len(w.toFeed())
			w.run(3 * day)
			w.expect(w.feed().URL == "http://news.example/new" && len(w.toFeed()) == asked, "%d: %s", status, w.feed().URL)
		}
		// A feed that is asked once a week: 72 hours alone do not do.
		w := newWorld(t, func(r *http.Request, _ int) reply {
			if r.URL.Path == "/feed" {
				return to(301, "/new")
			}
			return reply{header: map[string]string{"Cache-Control": "max-age=604800"}, body: rss("")}
		})
		w.run(8 * day)
		w.expect(w.feed().URL == feedURL && w.feed().Moved.Seen == 2, "adopted after two sightings: %+v", w.feed().Moved)
		w.run(7 * day)
		w.expect(w.feed().URL == "http://news.example/new", "not adopted after three: %+v", w.feed().Moved)
		w = newWorld(t, func(r *http.Request, n int) reply {
			switch {
			case r.URL.Path == "/feed":
				return to(301, "/new")
			}
			return reply{body: "<html><p>no feed here</p></html>"}
		})
		w.run(10 * day)
		w.expect(w.feed().URL == feedURL, "adopted though no feed is there: %s", w.feed().URL)
		w = newWorld(t, moved(func(_ *http.Request, n int) reply { return to(301, fmt.Sprintf("/%d", n%2)) }))
		w.run(10 * day)
		w.expect(w.feed().URL == feedURL, "adopted though it differs each time: %s", w.feed().URL)
	}},
	{37, "a move to another site is adopted with a note for review", func(t *testing.T) {
		w := newWorld(t, func(r *http.Request, _ int) reply {
			if r.Host == "news.example" && time.Now().After(start().Add(day)) {
				return to(301, "http://casino.example/feed")
			}
			return reply{body: strings.ReplaceAll(rss(""), "Delta Courier", map[string]string{"news.example": "Delta Courier", "casino.example": "Lucky Casino"}[r.Host])}
		})
		w.run(6 * day)
		f := w.feed()
		w.expect(f.URL == "http://casino.example/feed", "%s", f.URL)
		for _, part := range []string{"needs review", "news.example", "casino.example", "Delta Courier", "Lucky Casino"} {
			w.expect(strings.Contains(f.Moved.Note, part), "no %q in %q", part, f.Moved.Note)
		}
		w = newWorld(t, moved(func(*http.Request, int) reply { return to(301, "http://www.news.example/feed") }))
		w.run(6 * day)
		w.expect(w.feed().URL == "http://www.news.example/feed" && w.feed().Moved.Note == "", "within a site: %s, %q", w.feed().URL, w.feed().Moved.Note)
	}},
	{38, "http to https with the same host and path is adopted at once", func(t *testing.T) {
		w := newWorld(t, moved(func(*http.Request, int) reply { return to(301, "https://news.example/feed") }))
		w.pass()
		w.expect(w.feed().URL == "https://news.example/feed", "%s", w.feed().URL)
		w = newWorld(t, moved(func(*http.Request, int) reply { return to(301, "https://news.example/other") }))
		w.pass()
		w.expect(w.feed().URL == feedURL, "another path at once: %s", w.feed().URL)
	}},
	{39, "never from https to http, to a private address or to a feed that is followed", func(t *testing.T) {
		for _, target := range []string{"http://news.example/feed", "https://10.0.0.1/feed", "https://localhost/feed", "https://[::1]/feed"} {
			w := newWorld(t, func(r *http.Request, _ int) reply {
				if r.URL.Scheme == "https" {
					return to(301, target)
				}
				return reply{body: rss("")}
			}, "https://news.example/feed")
			w.run(10 * day)
			f := w.feed()
			refused := f.Attempt.Class == fetch.ClassBlockedHop || target == "https://localhost/feed" && f.Attempt.Failed()
			w.expect(f.URL == "https://news.example/feed" && refused, "%s: %s, %+v", target, f.URL, f.Attempt)
			reached := slices.ContainsFunc(w.origin.all(""), func(a asked) bool { return a.scheme == "http" || a.host != "news.example" && a.host != "localhost" })
			w.expect(!reached, "%s was reached", target)
		}
		w := newWorld(t, moved(func(*http.Request, int) reply { return to(301, "/other") }), feedURL, "http://news.example/other")
		w.run(6 * day)
		a, b := w.feeds()[0], w.feeds()[1]
		w.expect(a.State == news.FeedGone && a.URL == feedURL && strings.Contains(a.Moved.Note, "merged"), "%+v", a)
		w.expect(b.State == news.FeedActive, "%+v", b)
		asked := len(w.toFeed())
		w.run(10 * day)
		w.expect(len(w.toFeed()) == asked, "the merged feed is still asked")
	}},
	{40, "of a chain the permanent beginning alone is adopted", func(t *testing.T) {
		w := newWorld(t, func(r *http.Request, _ int) reply {
			switch r.URL.Path {
			case "/feed":
				return to(301, "/a")
			case "/a":
				return to(308, "/b")
			case "/b":
				return to(302, "/c")
			case "/c":
				return to(301, "/d")
			}
			return reply{body: rss("")}
		})
		w.run(6 * day)
		w.expect(w.feed().URL == "http://news.example/b", "%s", w.feed().URL)
	}},
	{41, "a loop, or a sixth redirect, is an error", func(t *testing.T) {
		w := newWorld(t, script(to(301, "/feed")))
		w.pass()
		w.expect(w.feed().Attempt.Class == fetch.ClassRedirectLoop, "%+v", w.feed().Attempt)
		for hops, want := range map[int]string{5: "", 6: fetch.ClassRedirectLoop} {
			w := newWorld(t, func(r *http.Request, _ int) reply {
				n := len(r.URL.Path) - len("/feed")
				if n == hops {
					return reply{body: rss("")}
				}
				return to(302, r.URL.Path+"x")
			})
			w.pass()
			w.expect(w.feed().Attempt.Class == want, "%d redirects: %+v", hops, w.feed().Attempt)
		}
	}},
	{42, "old addresses are kept as aliases", func(t *testing.T) {
		w := newWorld(t, func(r *http.Request, _ int) reply {
			switch {
			case r.URL.Scheme == "http":
				return to(301, "https://news.example"+r.URL.Path)
			case r.URL.Path == "/feed":
				return to(301, "/new")
			}
			return reply{body: rss("")}
		})
		w.run(6 * day)
		f := w.feed()
		w.expect(f.URL == "https://news.example/new" && slices.Equal(f.Aliases, []string{feedURL, "https://news.example/feed"}) ||
			f.URL == "https://news.example/new" && slices.Equal(f.Aliases, []string{feedURL}), "%s, %q", f.URL, f.Aliases)
		w.follow("source0", feedURL)
		w.expect(len(w.feeds()) == 1, "the old address was taken for a new feed: %d feeds", len(w.feeds()))
	}},
	{43, "an address that the feed gives for itself is a suggestion alone", func(t *testing.T) {
		for _, inner := range []string{`<atom:link rel="self" href="http://other.example/feed"/>`,
			`<itunes:new-feed-url xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">http://other.example/feed</itunes:new-feed-url>`} {
			w := newWorld(t, steady(nil, rss(inner)))
			w.run(10 * day)
			f := w.feed()
			w.expect(f.URL == feedURL && strings.HasPrefix(f.Moved.Note, "suggests http://other.example/feed"), "%s, %q", f.URL, f.Moved.Note)
			w.expect(len(w.origin.all("other.example/feed")) == 0, "it was asked")
		}
		w := newWorld(t, steady(nil, rss(`<atom:link rel="self" href="https://www.news.example/feed/"/>`)))
		w.pass()
		w.expect(w.feed().Moved.Note == "", "nearly the same address: %q", w.feed().Moved.Note)
	}},
}

// start is when every bubble begins.
func start() time.Time { return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) }
