package feeds

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// check is one of the 72 of the model fetcher. It passes if it reports no error.
type check struct {
	number int
	what   string
	run    func(t *testing.T)
}

// TestScorecard plays months of polling against an origin in memory and counts
// what a model fetcher would do. Each check runs the line as it runs for real:
// its client, parsers and database, with a network and a clock of its own.
func TestScorecard(t *testing.T) {
	if _, err := emptyStore(); err != nil { // outside of a bubble, whose clock is another
		t.Fatal(err)
	}
	groups := [][]check{conditionalChecks, scheduleChecks, errorChecks, moveChecks, requestChecks, robotsChecks, formatChecks, websubChecks}
	passed, seen := 0, map[int]bool{}
	for _, group := range groups {
		for _, c := range group {
			if seen[c.number] {
				t.Errorf("check %d stands twice", c.number)
			}
			seen[c.number] = true
			if t.Run(fmt.Sprintf("%02d %s", c.number, c.what), func(t *testing.T) { synctest.Test(t, c.run) }) {
				passed++
			}
		}
	}
	for n := 1; n <= 72; n++ {
		if !seen[n] {
			t.Errorf("check %d is missing", n)
		}
	}
	t.Logf("%d/72 model-fetcher checks", passed)
	synctest.Test(t, selfScore)
}

// selfScore is a day of twenty feeds that post from once in twenty minutes to
// once in a week, told in the figures that publishers look at.
func selfScore(t *testing.T) {
	var mu sync.Mutex
	var requests, conditional, unchanged, sent, saved int
	urls := make([]string, 20)
	for i := range urls {
		urls[i] = fmt.Sprintf("http://h%d.example/feed", i)
	}
	begin := time.Now()
	w := newWorld(t, func(r *http.Request, _ int) reply {
		var i int
		_, _ = fmt.Sscanf(r.Host, "h%d.", &i)
		every := 20 * time.Minute << (i / 2) // up to a week
		last := begin.Add(time.Since(begin).Truncate(every))
		var posts []time.Time
		for n := range 10 {
			posts = append(posts, last.Add(-time.Duration(n)*every))
		}
		etag, body := fmt.Sprintf(`"%d"`, last.Unix()), rss("", posts...)
		mu.Lock()
		defer mu.Unlock()
		requests++
		if r.Header.Get("If-None-Match") != "" {
			conditional++
		}
		if r.Header.Get("If-None-Match") == etag {
			unchanged++
			saved += len(body)
			return reply{status: 304, header: map[string]string{"ETag": etag}}
		}
		sent += len(body)
		return reply{header: map[string]string{"ETag": etag}, body: body}
	}, urls...)
	w.run(day)
	t.Logf("a day of 20 feeds: %.1f requests a feed, %d %% conditional, %d %% answered 304, %d %% of the bytes saved",
		float64(requests)/20, 100*conditional/requests, 100*unchanged/requests, 100*saved/(saved+sent))
	if requests-conditional != 20 {
		t.Errorf("%d requests were unconditional, want the first of each feed", requests-conditional)
	}
}
