package feeds

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

var scheduleChecks = []check{
	{14, "max-age less Age is the earliest next poll; nonsense is passed over", func(t *testing.T) {
		for _, c := range []struct {
			header map[string]string
			want   time.Duration
		}{
			{map[string]string{"Cache-Control": "max-age=7200"}, 2 * time.Hour},
			{map[string]string{"Cache-Control": "public, MAX-AGE=7200, s-maxage=86400"}, 2 * time.Hour},
			{map[string]string{"Cache-Control": "max-age=10800", "Age": "3600"}, 2 * time.Hour},
			{map[string]string{"Cache-Control": "max-age=60"}, 0},
			{map[string]string{"Cache-Control": "s-maxage=86400"}, 0},
			{map[string]string{"Cache-Control": "no-cache, max-age=7200"}, 0},
			{map[string]string{"Cache-Control": "max-age=7200, no-store"}, 0},
			{map[string]string{"Cache-Control": "max-age=0"}, 0},
			{map[string]string{"Cache-Control": "max-age=-7200"}, 0},
			{map[string]string{"Cache-Control": "max-age=soon"}, 0},
			{map[string]string{"Cache-Control": `max-age="7200"`}, 0},
			{map[string]string{"Cache-Control": "max-age=99999999999999999999999"}, 0},
			{map[string]string{"Cache-Control": "=,;,max-age"}, 0},
		} {
			secondPoll(t, c.header, rss(""), c.want, fmt.Sprint(c.header))
		}
	}},
	{15, "Expires in all three forms of a date; 0 and the past are passed over", func(t *testing.T) {
		for _, c := range []struct {
			layout string
			ahead  time.Duration
		}{{http.TimeFormat, 3 * time.Hour}, {"Monday, 02-Jan-06 15:04:05 GMT", 3 * time.Hour}, {time.ANSIC, 3 * time.Hour}, {http.TimeFormat, -time.Hour}, {"0", 0}} {
			expires := time.Now().UTC().Add(c.ahead).Format(c.layout)
			secondPoll(t, map[string]string{"Expires": expires, "Date": time.Now().UTC().Format(http.TimeFormat)}, rss(""), max(c.ahead, 0), expires)
		}
	}},
	{16, "ttl and sy only lengthen; the longest wish counts", func(t *testing.T) {
		for _, c := range []struct {
			header map[string]string
			inner  string
			want   time.Duration
		}{
			{nil, "<ttl>180</ttl>", 3 * time.Hour},
			{nil, "<ttl>1</ttl>", 0},
			{nil, "<ttl>soon</ttl>", 0},
			{nil, "<ttl>-180</ttl>", 0},
			{nil, "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency><sy:updateBase>2000-01-01T00:00+00:00</sy:updateBase>", 12 * time.Hour},
			{nil, "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>60</sy:updateFrequency>", 0},
			{map[string]string{"Cache-Control": "max-age=14400"}, "<ttl>120</ttl>", 4 * time.Hour},
			{map[string]string{"Cache-Control": "max-age=3600"}, "<ttl>300</ttl>", 5 * time.Hour},
		} {
			secondPoll(t, c.header, rss(c.inner), c.want, c.inner)
		}
		secondPoll(t, nil, `{"version":"https://jsonfeed.org/version/1.1","title":"a","items":[]}`, 0, "JSON Feed")
	}},
	{17, "skipHours and skipDays move to the first hour that is free", func(t *testing.T) {
		hours := func(from, to int) string {
			var b strings.Builder
			for h := from; h <= to; h++ {
				fmt.Fprintf(&b, "<hour>%d</hour>", h)
			}
			return "<skipHours>" + b.String() + "</skipHours>"
		}
		// The world begins on Saturday, 1 January 2000, at midnight.
		for _, c := range []struct {
			inner string
			want  time.Duration // from the beginning
		}{
			{hours(0, 5), 6 * time.Hour},
			{hours(1, 24), 0}, // with 24 for 0: all of them
			{hours(0, 23), 0},
			{hours(0, 22), 23 * time.Hour},
			{"<skipDays><day>Saturday</day></skipDays>", 24 * time.Hour},
			{"<skipDays><day>Saturday</day><day>Sunday</day></skipDays>" + hours(0, 2), 51 * time.Hour},
			{"<skipDays><day>Monday</day></skipDays>", 0},
			{"<skipHours><hour>99</hour><hour>x</hour></skipHours>", 0},
		} {
			secondPoll(t, nil, rss(c.inner), c.want, c.inner)
		}
	}},
	{18, "no hint silences a feed: a day for ttl, a week for max-age and Retry-After", func(t *testing.T) {
		secondPoll(t, nil, rss("<ttl>525600</ttl>"), day, "ttl of a year")
		secondPoll(t, nil, rss("<sy:updatePeriod>yearly</sy:updatePeriod>"), day, "sy of a year")
		secondPoll(t, map[string]string{"Cache-Control": "max-age=31536000"}, rss(""), 7*day, "max-age of a year")
		w := newWorld(t, script(reply{status: 503, header: map[string]string{"Retry-After": "31536000"}}))
		w.pass()
		next := w.feed().Attempt.Next // what the pages of sources show
		w.expect(time.Until(next) <= 7*day && time.Until(next) > 6*day, "Retry-After of a year: next %v", next)
	}},
	{19, "the interval follows how often a feed posts", func(t *testing.T) {
		for _, c := range []struct{ every, want time.Duration }{
			{time.Minute, pollFloor}, {time.Hour, 15 * time.Minute}, {4 * time.Hour, time.Hour}, {day, 6 * time.Hour}, {7 * day, 24 * time.Hour}, {365 * day, pollCeiling},
		} {
			var posts []time.Time
			for i := range 12 {
				posts = append(posts, time.Now().Add(-time.Minute-time.Duration(i)*c.every))
			}
			w := newWorld(t, steady(map[string]string{"ETag": `"a"`}, rss("", posts...)))
			w.pass()
			w.expect(w.feed().Interval == c.want, "a post every %v: interval %v, want %v", c.every, w.feed().Interval, c.want)
		}
	}},
	{20, "jitter of a tenth, the same for one feed; never below the floor, restarts or not", func(t *testing.T) {
		urls := make([]string, 40)
		for i := range urls {
			urls[i] = fmt.Sprintf("http://h%d.example/feed", i)
		}
		waits := func() map[string]time.Duration {
			w := newWorld(t, steady(nil, rss("")), urls...)
			w.pass()
			all := map[string]time.Duration{}
			for _, f := range w.feeds() {
				all[f.URL] = f.Attempt.Next.Sub(f.Checked)
			}
			return all
		}
		first, again, distinct := waits(), waits(), map[time.Duration]bool{}
		for u, d := range first {
			distinct[d] = true
			if d != again[u] || d < 54*time.Minute || d > 66*time.Minute {
				t.Errorf("%s waits %v, then %v", u, d, again[u])
			}
		}
		if len(distinct) < 30 {
			t.Errorf("%d different waits of 40 feeds", len(distinct))
		}
		w := newWorld(t, func(_ *http.Request, n int) reply { return reply{body: rss("", time.Now().Add(-time.Minute))} })
		for range 24 * 20 {
			w.restart()
			w.pass()
			time.Sleep(3 * time.Minute)
		}
		all := w.toFeed()
		w.expect(len(all) > 20, "%d polls in a day", len(all))
		for i := range all[1:] {
			w.expect(all[i+1].at.Sub(all[i].at) >= pollFloor, "%v between two polls", all[i+1].at.Sub(all[i].at))
		}
	}},
	{21, "a restart polls nothing that is not due", func(t *testing.T) {
		urls := make([]string, 20)
		for i := range urls {
			urls[i] = fmt.Sprintf("http://h%d.example/feed", i)
		}
		w := newWorld(t, steady(nil, rss("")), urls...)
		w.pass()
		before := len(w.origin.all(""))
		for range 10 {
			w.restart()
			w.pass()
			time.Sleep(time.Minute)
		}
		w.expect(before == 20 && len(w.origin.all("")) == 20, "%d requests, %d after ten restarts", before, len(w.origin.all("")))
	}},
	{22, "a feed that is followed twice is asked once", func(t *testing.T) {
		w := newWorld(t, steady(nil, rss("", time.Now().Add(-time.Hour))))
		w.follow("source0", feedURL)
		source := news.Source{Slug: "other", Name: "Other", Site: "http://news.example/", Kind: news.KindLocal, Trust: news.TrustReports}
		err := w.db.AddSource(w.Context(), source, []news.Feed{{URL: feedURL}})
		w.expect(err != nil, "the same feed under another source was taken")
		w.pass()
		w.expect(len(w.toFeed()) == 1, "%d requests", len(w.toFeed()))
	}},
}

// secondPoll checks when a feed is asked the second time: after want, or, where
// want is 0, after the default hour. Polls begin at midnight of the bubble.
func secondPoll(t *testing.T, header map[string]string, body string, want time.Duration, what string) {
	t.Helper()
	midnight := time.Now().UTC().Truncate(day).Add(day)
	for midnight.Weekday() != time.Saturday {
		midnight = midnight.Add(day)
	}
	if header["Expires"] == "" {
		time.Sleep(time.Until(midnight))
	}
	w := newWorld(t, steady(header, body))
	w.pass()
	time.Sleep(time.Until(w.next()))
	w.pass()
	least, most := want, want+time.Minute
	if want == 0 {
		least, most = 54*time.Minute, 67*time.Minute
	}
	if gap := w.gap(); gap < least || gap > most {
		t.Errorf("%s: asked again after %v, want %v", what, gap, least)
	}
}
