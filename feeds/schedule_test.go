package feeds

import (
	"errors"
	"testing"
	"time"

	"clusterwire/feeds/fetch"
	"clusterwire/feeds/news"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func refusal(class string, retryAfter time.Duration) outcome {
	return outcome{Err: &fetch.Error{Class: class, RetryAfter: retryAfter}}
}

func TestNextPollWaits(t *testing.T) {
	feed := news.Feed{URL: "https://news.example/feed", Interval: time.Hour}
	for _, c := range []struct {
		name         string
		got          outcome
		least, below time.Duration
	}{
		{"no hint", outcome{}, 54 * time.Minute, 67 * time.Minute},
		{"max-age", outcome{MaxAge: 3 * time.Hour}, 3 * time.Hour, 3*time.Hour + time.Second},
		{"max-age of a year", outcome{MaxAge: 8760 * time.Hour}, 7 * 24 * time.Hour, 7*24*time.Hour + time.Second},
		{"ttl of a month", outcome{Pace: news.Pace{Every: 720 * time.Hour}}, 24 * time.Hour, 24*time.Hour + time.Second},
		{"ttl shorter than ours", outcome{Pace: news.Pace{Every: time.Minute}}, 54 * time.Minute, 67 * time.Minute},
		{"429", refusal("http_429", 0), time.Hour, 67 * time.Minute},
		{"429 for 3 h", refusal("http_429", 3*time.Hour), 3 * time.Hour, 200 * time.Minute},
		{"503 for ever", refusal("http_503", 1e6*time.Hour), 7 * 24 * time.Hour, 8 * 24 * time.Hour},
		{"403", refusal("http_403", 0), 24 * time.Hour, 27 * time.Hour},
		{"reset", refusal("reset", 0), time.Hour, 67 * time.Minute},
		{"parse", outcome{Err: errors.New("no feed")}, time.Hour, 67 * time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			wait := nextPoll(feed, c.got, noon).Attempt.Next.Sub(noon)
			if wait < c.least || wait >= c.below {
				t.Errorf("waits %v, want from %v to below %v", wait, c.least, c.below)
			}
		})
	}
}
