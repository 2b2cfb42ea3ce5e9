package fetch

import (
	"net/http"
	"net/url"
	"reflect"
	"testing"
	"time"
)

func TestMaxAge(t *testing.T) {
	const date = "Mon, 23 Nov 2026 12:00:00 GMT"
	for _, c := range []struct {
		name string
		h    http.Header
		want time.Duration
	}{
		{"none", http.Header{}, 0},
		{"plain", http.Header{"Cache-Control": {"max-age=600"}}, 10 * time.Minute},
		{"spaces and case", http.Header{"Cache-Control": {"public , Max-Age = 600"}}, 10 * time.Minute},
		{"less Age", http.Header{"Cache-Control": {"max-age=600"}, "Age": {"120"}}, 8 * time.Minute},
		{"Age beyond", http.Header{"Cache-Control": {"max-age=600"}, "Age": {"1200"}}, 0},
		{"Age nonsense", http.Header{"Cache-Control": {"max-age=600"}, "Age": {"-1"}}, 10 * time.Minute},
		{"s-maxage is not ours", http.Header{"Cache-Control": {"s-maxage=9999, max-age=60"}}, time.Minute},
		{"s-maxage alone", http.Header{"Cache-Control": {"s-maxage=9999"}}, 0},
		{"no-cache", http.Header{"Cache-Control": {"no-cache, max-age=600"}}, 0},
		{"no-store", http.Header{"Cache-Control": {"max-age=600", "no-store"}}, 0},
		{"zero", http.Header{"Cache-Control": {"max-age=0"}}, 0},
		{"negative", http.Header{"Cache-Control": {"max-age=-5"}}, 0},
		{"garbage", http.Header{"Cache-Control": {"max-age=soon"}}, 0},
		{"quoted", http.Header{"Cache-Control": {`max-age="60"`}}, 0},
		{"overflow", http.Header{"Cache-Control": {"max-age=99999999999999999999"}}, 0},
		{"two", http.Header{"Cache-Control": {"max-age=60, max-age=600"}}, time.Minute},
		{"in a string", http.Header{"Cache-Control": {`ext="max-age=60, no-store", max-age=600`}}, 10 * time.Minute},
		{"RFC 1123", http.Header{"Date": {date}, "Expires": {"Mon, 23 Nov 2026 13:00:00 GMT"}}, time.Hour},
		{"RFC 850", http.Header{"Date": {date}, "Expires": {"Monday, 23-Nov-26 13:00:00 GMT"}}, time.Hour},
		{"asctime", http.Header{"Date": {date}, "Expires": {"Mon Nov 23 13:00:00 2026"}}, time.Hour},
		{"Expires 0", http.Header{"Date": {date}, "Expires": {"0"}}, 0},
		{"Expires past", http.Header{"Date": {date}, "Expires": {"Mon, 23 Nov 2026 11:00:00 GMT"}}, 0},
		{"max-age before Expires", http.Header{"Cache-Control": {"max-age=60"}, "Date": {date}, "Expires": {"Mon, 23 Nov 2026 13:00:00 GMT"}}, time.Minute},
		{"no-cache before Expires", http.Header{"Cache-Control": {"no-cache"}, "Date": {date}, "Expires": {"Mon, 23 Nov 2026 13:00:00 GMT"}}, 0},
	} {
		if got := maxAge(c.h); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "120": 2 * time.Minute, " 120 ": 2 * time.Minute, "-5": 0, "soon": 0, "1.5": 0,
		"Mon, 23 Nov 2026 13:00:00 GMT":  time.Hour,
		"Monday, 23-Nov-26 13:00:00 GMT": time.Hour,
		"Mon, 23 Nov 2026 11:00:00 GMT":  0,
		"99999999999999999999":           maxSeconds * time.Second,
	} {
		if got := retryAfter(http.Header{"Retry-After": {value}}, now); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}

func TestLinks(t *testing.T) {
	base, err := url.Parse("https://news.example/a/feed")
	if err != nil {
		t.Fatal(err)
	}
	got := links(http.Header{"Link": {
		`<https://hub.example/?a=1,2>; rel="hub", </feed>; rel=SELF ; type="application/rss+xml"`,
		`<other>; title="a, b; c"; rel="alternate next"`,
		`no brackets; rel=hub`,
		`<x>; rel=hub; anchor="#part"`,
		`<y>`,
	}}, base)
	want := []Link{
		{URL: "https://hub.example/?a=1,2", Rel: "hub"},
		{URL: "https://news.example/feed", Rel: "self", Type: "application/rss+xml"},
		{URL: "https://news.example/a/other", Rel: "alternate"},
		{URL: "https://news.example/a/other", Rel: "next"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}

func TestRobotsTag(t *testing.T) {
	for _, c := range []struct {
		values []string
		want   Robots
	}{
		{nil, Robots{}},
		{[]string{"noindex, noarchive"}, Robots{NoIndex: true, NoArchive: true}},
		{[]string{"None"}, Robots{NoIndex: true}},
		{[]string{"otherbot: noindex, nosnippet"}, Robots{}},
		{[]string{"otherbot: noindex", "noai"}, Robots{NoAI: true}},
		{[]string{"Clusterwire: nosnippet"}, Robots{NoSnippet: true}},
		{[]string{"unavailable_after: 25 Jun 2027 15:00:00 PST, noindex"}, Robots{NoIndex: true}},
	} {
		if got := robotsTag(http.Header{"X-Robots-Tag": c.values}, "clusterwire"); got != c.want {
			t.Errorf("%q: %+v, want %+v", c.values, got, c.want)
		}
	}
	if got := robotsTag(http.Header{"Content-Signal": {"search=yes, ai-input=no"}}, "clusterwire"); !got.NoAI {
		t.Error("Content-Signal is not heard")
	}
}
