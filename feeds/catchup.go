package feeds

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"clusterwire/feeds/news"
)

// CatchUp is to be called before Run, when nobody has polled for a while: it
// gives each feed that fell due meanwhile a time within its interval, so that a
// start after days off asks no more at once than any other hour does. What is
// due since less than the floor, and what was never asked, stays due now.
func (l *Line) CatchUp(ctx context.Context) error {
	now := l.now()
	due, err := l.store.DueFeeds(ctx, now.Add(-pollFloor), math.MaxInt32)
	if err != nil {
		return err
	}
	planned := afterPause(due, now)
	for _, f := range planned {
		if _, err := l.store.SavePoll(ctx, news.Poll{Feed: f}, now); err != nil && !errors.Is(err, news.ErrNotFound) {
			return err
		} // a feed that was removed meanwhile needs no time
	}
	if len(planned) > 0 {
		l.log.Info("feeds fell due while nothing ran: asked one after the other within their intervals", "feeds", len(planned))
	}
	return nil
}

// golden is the golden ratio: its multiples, taken modulo 1, lie evenly however
// many of them are taken.
const golden = math.Phi - 1

// afterPause gives overdue feeds their next times: within their interval, and
// within twice the pause, since after a short one most feeds are still on time
// and add to what is asked.
func afterPause(due []news.Feed, now time.Time) []news.Feed {
	due = slices.DeleteFunc(slices.Clone(due), func(f news.Feed) bool { return f.Attempt.Next.IsZero() })
	var pause time.Duration
	for _, f := range due {
		pause = max(pause, now.Sub(f.Attempt.Next))
	}
	slices.SortFunc(due, func(a, b news.Feed) int {
		return cmp.Or(cmp.Compare(a.Interval, b.Interval), cmp.Compare(spread(a.URL), spread(b.URL)))
	})
	for i := range due {
		window := min(cmp.Or(due[i].Interval, pollDefault), 2*pause)
		_, share := math.Modf(float64(i) * golden)
		due[i].Attempt.Next = now.Add(time.Duration(share * float64(window)))
	}
	return due
}
