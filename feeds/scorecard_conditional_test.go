package feeds

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

const day = 24 * time.Hour

var conditionalChecks = []check{
	{1, "first request unconditional, later ones conditional", func(t *testing.T) {
		w := newWorld(t, steady(map[string]string{"ETag": `"a"`, "Last-Modified": "Sat, 01 Jan 2000 00:00:00 GMT"}, rss("")))
		w.run(30 * day)
		all := w.toFeed()
		w.expect(len(all) > 30, "%d requests in 30 days", len(all))
		for i, a := range all {
			etag, since := a.header.Get("If-None-Match"), a.header.Get("If-Modified-Since")
			w.expect((etag != "") == (i > 0) && (since != "") == (i > 0), "request %d: %q, %q", i, etag, since)
		}
	}},
	{2, "ETag returned byte for byte", func(t *testing.T) {
		for _, etag := range []string{`"a"`, `W/"AbC"`, `w/"x"`, `bare`, `"with \"quotes\""`, `"é"`, `"a,b"`, `""`} {
			returned(t, "ETag", "If-None-Match", etag)
		}
	}},
	{3, "Last-Modified returned byte for byte", func(t *testing.T) {
		for _, since := range []string{"Sat, 01 Jan 2000 00:00:00 GMT", "Sat Jan  1 00:00:00 2000", "Fri, 01 Jan 2000 00:00:00 GMT",
			"sat, 01 jan 2000 00:00:00 gmt", "Saturday, 01-Jan-00 00:00:00 GMT", "2000-01-01T00:00:00Z", "yesterday"} {
			returned(t, "Last-Modified", "If-Modified-Since", since)
		}
	}},
	{4, "both sent when both known", func(t *testing.T) {
		w := newWorld(t, steady(map[string]string{"ETag": `"a"`, "Last-Modified": "Sat, 01 Jan 2000 00:00:00 GMT"}, rss("")))
		w.run(day)
		last := w.toFeed()[1].header
		w.expect(last.Get("If-None-Match") == `"a"` && last.Get("If-Modified-Since") == "Sat, 01 Jan 2000 00:00:00 GMT", "%v", last)
	}},
	{5, "validators saved though the body is the same", func(t *testing.T) {
		w := newWorld(t, func(_ *http.Request, n int) reply {
			return reply{header: map[string]string{"ETag": fmt.Sprintf(`"%d"`, n)}, body: rss("")}
		})
		w.run(2 * day)
		for i, a := range w.toFeed()[1:] {
			w.expect(a.header.Get("If-None-Match") == fmt.Sprintf(`"%d"`, i), "request %d: %q", i+1, a.header.Get("If-None-Match"))
		}
	}},
	{6, "a 304 renews validators", func(t *testing.T) {
		w := newWorld(t, script(
			reply{header: map[string]string{"ETag": `"a"`, "Last-Modified": "one"}, body: rss("")},
			reply{status: 304, header: map[string]string{"ETag": `"b"`}},
			reply{status: 304}))
		w.run(2 * day)
		all := w.toFeed()
		w.expect(all[2].header.Get("If-None-Match") == `"b"` && all[2].header.Get("If-Modified-Since") == "one", "%v", all[2].header)
		w.expect(all[3].header.Get("If-None-Match") == `"b"`, "after a 304 without validators: %v", all[3].header)
	}},
	{7, "a dropped ETag is not sent again", func(t *testing.T) {
		w := newWorld(t, script(
			reply{header: map[string]string{"ETag": `"a"`}, body: rss("")},
			reply{header: map[string]string{"Last-Modified": "two"}, body: rss("")}))
		w.run(day)
		h := w.toFeed()[2].header
		w.expect(h.Get("If-None-Match") == "" && h.Get("If-Modified-Since") == "two", "%v", h)
	}},
	{8, "If-Modified-Since never invented", func(t *testing.T) {
		w := newWorld(t, steady(map[string]string{"Date": "Sat, 01 Jan 2000 00:00:00 GMT", "Expires": "0"},
			rss("<lastBuildDate>Sat, 01 Jan 2000 00:00:00 GMT</lastBuildDate>", time.Now().Add(-time.Hour))))
		w.run(3 * day)
		for i, a := range w.toFeed() {
			w.expect(a.header.Get("If-Modified-Since") == "" && a.header.Get("If-None-Match") == "", "request %d: %v", i, a.header)
		}
	}},
	{9, "validators and items in one transaction", func(t *testing.T) {
		w := newWorld(t, steady(map[string]string{"ETag": `"a"`}, rss("", time.Now().Add(-time.Hour))))
		broken := w.config
		broken.Store = &failing{Store: w.db}
		if _, err := New(broken).Collect(w.Context()); !errors.Is(err, errDisk) {
			t.Fatalf("the store failed, the line said %v", err)
		}
		w.expect(w.feed().Validators == news.Validators{}, "validators without items: %+v", w.feed().Validators)
		s := w.pass()
		w.expect(s.Items.New == 1 && w.feed().Validators.ETag == `"a"`, "after the crash: %+v, %+v", s.Items, w.feed().Validators)
		all := w.toFeed()
		w.expect(len(all) == 2 && all[1].header.Get("If-None-Match") == "", "%d requests, the second with %q", len(all), all[1].header.Get("If-None-Match"))
	}},
	{10, "validators forgotten when the address changes or the body can't be parsed", func(t *testing.T) {
		w := newWorld(t, script(
			reply{header: map[string]string{"ETag": `"a"`}, body: rss("")},
			reply{header: map[string]string{"ETag": `"b"`}, body: "this is no feed"},
			reply{header: map[string]string{"ETag": `"c"`}, body: rss("")}))
		w.run(2 * day)
		all := w.toFeed()
		w.expect(all[1].header.Get("If-None-Match") == `"a"` && all[2].header.Get("If-None-Match") == "", "after a parse error: %v", all[2].header)
		w = newWorld(t, func(r *http.Request, _ int) reply {
			if r.URL.Scheme == "http" {
				return reply{status: 301, header: map[string]string{"Location": "https://news.example/feed"}}
			}
			return reply{header: map[string]string{"ETag": `"a"`}, body: rss("")}
		})
		w.run(day)
		first := slices.IndexFunc(w.toFeed(), func(a asked) bool { return a.scheme == "https" })
		w.expect(w.toFeed()[first+1].header.Get("If-None-Match") == "", "first request to the new address: %v", w.toFeed()[first+1].header)
	}},
	{11, "an identical body is unchanged and writes no item", func(t *testing.T) {
		w := newWorld(t, steady(nil, rss("", time.Now().Add(-time.Hour))))
		first := w.pass()
		before := w.feed()
		w.expect(first.Feeds.New == 1 && first.Items.New == 1, "first: %+v", first)
		for range 5 {
			time.Sleep(time.Until(w.next()) + time.Second)
			s := w.pass()
			w.expect(s.Feeds.Unchanged == 1 && s.Items == Summary{}.Items, "again: %+v", s)
		}
		w.expect(w.feed().Changed.Equal(before.Changed) && w.feed().BodyHash == before.BodyHash, "feed changed: %+v", w.feed())
	}},
	{12, "a refresh by hand is conditional and keeps the floor", func(t *testing.T) {
		w := newWorld(t, steady(map[string]string{"ETag": `"a"`}, rss("")))
		w.pass()
		refresh := func(want int) {
			t.Helper()
			if _, err := w.line.Refresh(w.Context(), "source0"); err != nil {
				t.Fatal(err)
			}
			w.expect(len(w.toFeed()) == want, "%d requests, want %d", len(w.toFeed()), want)
		}
		refresh(1)
		time.Sleep(pollFloor - time.Minute)
		refresh(1)
		time.Sleep(time.Minute)
		refresh(2)
		w.expect(w.toFeed()[1].header.Get("If-None-Match") == `"a"`, "%v", w.toFeed()[1].header)
		refresh(2)
		w = newWorld(t, script(reply{status: 429, header: map[string]string{"Retry-After": "7200"}}))
		w.pass()
		time.Sleep(time.Hour)
		refresh(1) // the server's word holds for a person too
	}},
	{13, "neither HEAD nor Range", func(t *testing.T) {
		w := newWorld(t, steady(map[string]string{"Accept-Ranges": "bytes", "ETag": `"a"`}, rss("", time.Now().Add(-time.Hour))))
		w.run(10 * day)
		for _, a := range w.origin.all("") {
			w.expect(a.method == http.MethodGet && a.header.Get("Range") == "" && a.header.Get("If-Range") == "", "%s %v", a.method, a.header)
		}
	}},
}

// returned checks that a header of an answer comes back in the next request.
func returned(t *testing.T, given, back, value string) {
	t.Helper()
	w := newWorld(t, steady(map[string]string{given: value}, rss("")))
	w.run(day)
	all := w.toFeed()
	w.expect(len(all) > 2 && slices.Equal(all[1].header[back], []string{value}), "%s %q came back as %q", given, value, all[1].header[back])
}

var errDisk = errors.New("the disk is full")

// failing is a store whose disk is full when a poll is to be saved.
type failing struct{ Store }

func (*failing) SavePoll(context.Context, news.Poll, time.Time) (news.Polled, error) {
	return news.Polled{}, errDisk
}
