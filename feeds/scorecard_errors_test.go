package feeds

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

var errorChecks = []check{
	{23, "429: Retry-After in both forms, an hour without it, doubling", func(t *testing.T) { limitedBy(t, http.StatusTooManyRequests) }},
	{24, "503 with Retry-After likewise", func(t *testing.T) { limitedBy(t, http.StatusServiceUnavailable) }},
	{25, "Retry-After past, negative or huge is bounded", func(t *testing.T) {
		past := time.Now().UTC().Add(-day).Format(http.TimeFormat)
		for _, value := range []string{past, "-3600", "soon", "", "1e9", "0"} {
			w := newWorld(t, script(reply{status: 429, header: map[string]string{"Retry-After": value}}))
			w.pass()
			wait := time.Until(w.next())
			w.expect(wait >= time.Hour && wait <= 67*time.Minute, "%q: waits %v", value, wait)
		}
		for _, value := range []string{"999999999", "99999999999999999999", time.Now().UTC().AddDate(50, 0, 0).Format(http.TimeFormat)} {
			w := newWorld(t, script(reply{status: 429, header: map[string]string{"Retry-After": value}}))
			w.pass()
			wait := time.Until(w.next())
			w.expect(wait > 6*day && wait <= 7*day, "%q: waits %v", value, wait)
		}
	}},
	{26, "429 concerns its feed; its host rests when two feeds got one", func(t *testing.T) {
		limited := map[string]bool{"/a": true}
		w := newWorld(t, func(r *http.Request, _ int) reply {
			if limited[r.URL.Path] {
				return reply{status: 429, header: map[string]string{"Retry-After": "28800"}}
			}
			return reply{body: rss("")}
		}, "http://news.example/a", "http://news.example/b", "http://news.example/c")
		w.run(7 * time.Hour)
		a, c := len(w.origin.all("news.example/a")), len(w.origin.all("news.example/c"))
		w.expect(a == 1 && c >= 6, "one feed limited: it was asked %d times, another %d times", a, c)
		limited["/b"] = true
		w.run(2 * time.Hour) // both are limited within this time
		limited = nil
		before := len(w.origin.all(""))
		w.run(4 * time.Hour)
		w.expect(len(w.origin.all("")) == before, "%d requests while the host rests", len(w.origin.all(""))-before)
		w.run(12 * time.Hour)
		for _, f := range w.feeds() {
			w.expect(f.Attempt.Failures == 0, "%s after the rest: %+v", f.URL, f.Attempt)
		}
	}},
	{27, "failures double the interval up to a day; a success resets it", func(t *testing.T) {
		for _, bad := range []reply{{status: 500}, {status: 404}, {cut: true}, {hang: true}, {status: 302, header: map[string]string{"Location": "http://10.0.0.1/"}}} {
			ok := reply{body: rss("")}
			well := reply{body: rss("", time.Now().Add(3*day))}
			w := newWorld(t, script(ok, bad, bad, bad, bad, bad, bad, bad, well))
			w.run(6 * day)
			want := []time.Duration{1, 1, 2, 4, 8, 16, 24, 24, 1} // hours
			all := w.toFeed()
			w.expect(len(all) > len(want), "%+v: %d requests", bad, len(all))
			for i, hours := range want {
				gap := all[i+1].at.Sub(all[i].at)
				w.expect(gap >= hours*time.Hour*9/10 && gap <= hours*time.Hour*11/10+time.Minute, "%+v: gap %d is %v, want %d h", bad, i, gap, hours)
			}
			w.expect(w.feed().Attempt.Failures == 0 && w.feed().Attempt.Error == "", "after a success: %+v", w.feed().Attempt)
		}
	}},
	{28, "404 for two weeks: once a week", func(t *testing.T) {
		w := newWorld(t, script(reply{status: 404}))
		w.run(60 * day)
		all := w.toFeed()
		start := all[0].at
		for i := range all[1:] {
			gap, since := all[i+1].at.Sub(all[i].at), all[i].at.Sub(start)
			w.expect((gap >= 7*day) == (since >= 14*day), "gap of %v after %v of 404", gap, since)
			w.expect(gap <= 8*day, "gap of %v", gap)
		}
		w.expect(w.feed().State != news.FeedGone, "given up")
	}},
	{29, "401 and 403: daily, then weekly, flagged, under the same name", func(t *testing.T) {
		for _, status := range []int{401, 403} {
			w := newWorld(t, script(reply{status: status}))
			w.run(60 * day)
			all := w.toFeed()
			w.expect(len(all) >= 12 && len(all) <= 18, "%d: %d requests in 60 days", status, len(all))
			for i := range all[1:] {
				gap := all[i+1].at.Sub(all[i].at)
				want := day
				if i >= 7 {
					want = 7 * day
				}
				w.expect(gap >= want && gap <= want*11/10+time.Minute, "%d: gap %d is %v, want %v", status, i, gap, want)
			}
			for _, a := range all {
				w.expect(a.header.Get("User-Agent") == scorecardAgent, "called itself %q", a.header.Get("User-Agent"))
			}
			w.expect(w.feed().State == news.FeedBlocked, "state %q", w.feed().State)
		}
		w := newWorld(t, script(reply{status: 403}, reply{body: rss("")}))
		w.run(3 * day)
		w.expect(w.feed().State == news.FeedActive, "let in again, but %q", w.feed().State)
	}},
	{30, "410: gone after a second one a day later, and then left alone", func(t *testing.T) {
		w := newWorld(t, script(reply{status: 410}))
		w.run(60 * day)
		all := w.toFeed()
		w.expect(len(all) == 2, "%d requests", len(all))
		w.expect(all[len(all)-1].at.Sub(all[0].at) >= day, "confirmed after %v", all[len(all)-1].at.Sub(all[0].at))
		w.expect(w.feed().State == news.FeedGone, "state %q", w.feed().State)
		w = newWorld(t, script(reply{status: 410}, reply{body: rss("")}))
		w.run(10 * day)
		w.expect(w.feed().State == news.FeedActive && len(w.toFeed()) > 60, "not confirmed: %q, %d requests", w.feed().State, len(w.toFeed()))
	}},
	{31, "451 likewise, and what was stored stays", func(t *testing.T) {
		w := newWorld(t, script(reply{body: rss("", time.Now().Add(-time.Hour))}, reply{status: 451}))
		w.run(60 * day)
		w.expect(len(w.toFeed()) == 3 && w.feed().State == news.FeedGone, "%d requests, %q", len(w.toFeed()), w.feed().State)
		w.expect(w.feed().Items == 1 && w.articles() == 1, "%d items, %d articles", w.feed().Items, w.articles())
	}},
	{32, "no error deletes what is stored", func(t *testing.T) {
		ok := reply{body: rss("", time.Now().Add(-time.Hour), time.Now().Add(-2*time.Hour), time.Now().Add(-3*time.Hour))}
		w := newWorld(t, script(ok, reply{status: 500}, reply{status: 404}, reply{status: 403}, reply{body: "<html>"}, reply{body: "{"},
			reply{cut: true}, reply{status: 204}, reply{body: rss("")}, reply{status: 410}))
		w.run(120 * day)
		w.expect(len(w.toFeed()) == 11 && w.feed().State == news.FeedGone, "%d requests, %q", len(w.toFeed()), w.feed().State)
		w.expect(w.feed().Items == 3 && w.articles() == 3, "%d items, %d articles", w.feed().Items, w.articles())
	}},
	{33, "what can't be parsed is asked on, an hour apart or more, with a sample kept", func(t *testing.T) {
		body := "not a feed " + strings.Repeat("x", 100_000)
		w := newWorld(t, script(reply{body: rss("", time.Now().Add(-time.Minute))}, reply{body: body}))
		w.run(20 * day)
		all := w.toFeed()
		w.expect(len(all) >= 20, "%d requests in 20 days", len(all))
		for i := range all[2:] {
			w.expect(all[i+2].at.Sub(all[i+1].at) >= time.Hour, "gap of %v", all[i+2].at.Sub(all[i+1].at))
		}
		f := w.feed()
		w.expect(f.Attempt.Class == classParse && string(f.Sample) == body[:news.SampleSize], "class %q, sample of %d bytes", f.Attempt.Class, len(f.Sample))
	}},
	{34, "a web page in place of a feed is an error, searched for the feed once a week", func(t *testing.T) {
		page := `<!doctype html><html><head><title>News</title><link rel="alternate" type="application/rss+xml" href="/new.xml"></head><body><p>Moved.</p></body></html>`
		w := newWorld(t, func(r *http.Request, _ int) reply {
			switch r.URL.Path {
			case "/feed":
				return reply{header: map[string]string{"Content-Type": "text/html"}, body: page}
			case "/new.xml":
				return reply{body: rss("")}
			}
			return reply{status: 404}
		})
		w.run(20 * day)
		f := w.feed()
		w.expect(f.Attempt.Class == classNotFeed && f.Attempt.Failures > 15, "%+v", f.Attempt)
		sought := w.origin.all("news.example/new.xml")
		w.expect(len(sought) == 3, "searched %d times in 20 days", len(sought))
		w.expect(strings.Contains(f.Moved.Note, "http://news.example/new.xml") && f.URL == feedURL, "%q, %+v", f.URL, f.Moved)
	}},
}

// limitedBy checks the waits that a status asks for.
func limitedBy(t *testing.T, status int) {
	t.Helper()
	for value, want := range map[string]time.Duration{
		"7200": 2 * time.Hour,
		time.Now().UTC().Add(5 * time.Hour).Format(http.TimeFormat): 5 * time.Hour,
		"172800": 48 * time.Hour,
	} {
		start := time.Now()
		w := newWorld(t, script(reply{status: status, header: map[string]string{"Retry-After": value}}))
		w.pass()
		wait := w.next().Sub(start)
		w.expect(wait >= want && wait <= want*11/10+time.Minute, "Retry-After %s: waits %v", value, wait)
	}
	w := newWorld(t, script(reply{status: status}))
	w.run(5 * day)
	all := w.toFeed()
	for i, hours := range []time.Duration{1, 2, 4, 8, 16, 24, 24} {
		gap := all[i+1].at.Sub(all[i].at)
		w.expect(gap >= hours*time.Hour && gap <= hours*time.Hour*11/10+time.Minute, "gap %d is %v, want %d h", i, gap, hours)
	}
}
