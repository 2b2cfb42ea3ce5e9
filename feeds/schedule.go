package feeds

import (
	"cmp"
	"errors"
	"hash/fnv"
	"math"
	"slices"
	"time"

	"clusterwire/feeds/fetch"
	"clusterwire/feeds/news"
)

// When a feed or a page is asked next. Pure: what happened and the time come
// in, the new state goes out.

// Bounds of polling. A server's explicit word (max-age, Retry-After) is granted
// more than a feed's ttl, which is mostly a template's default.
const (
	pollFloor   = 15 * time.Minute
	pollDefault = time.Hour
	pollCeiling = 24 * time.Hour
	askedMost   = 7 * 24 * time.Hour
	week        = 7 * 24 * time.Hour

	confirmGone = 24 * time.Hour      // between two 410 before a feed is gone
	lostAfter   = 14 * 24 * time.Hour // of 404 before a feed is asked weekly
	openFirst   = 5 * time.Minute     // back-off of opening a page
)

// Classes of failure that the line finds itself, beside those of package fetch.
const (
	classParse   = "parse"    // the body is no feed that we can read
	classNotFeed = "not_feed" // the body is a web page
)

// outcome is what came of asking one feed.
type outcome struct {
	Err         error         // nil after a success
	Class       string        // of Err where it is no *fetch.Error: classParse, classNotFeed …
	Body        []byte        // what was read; kept in part if it could not be parsed
	Complete    bool          // the document's items are all that exist
	Expired     bool          // the document says that it will never change again
	Changed     bool          // a body that differs from the last one was read
	MaxAge      time.Duration // fetch.Response.MaxAge
	Pace        news.Pace     // of the document last read
	Posts       []time.Time   // publication of the document's items, any order
	Permanent   string        // where permanent redirects led, see fetch.Response
	Subscribed  bool          // Permanent is another feed that we follow
	Title, Link string        // of the document
	Self, Hub   string        // what the document or its headers give as such; "" if nothing
	Validators  news.Validators
}

// nextPoll gives a feed's state after it was asked: interval, next attempt,
// validators, state, and its address if a permanent redirect has lasted.
func nextPoll(f news.Feed, got outcome, now time.Time) news.Feed {
	class, failed := failure(got)
	if class == fetch.ClassCanceled {
		return f // says nothing about the publisher
	}
	if class == fetch.ClassCooldown {
		f.Attempt.Next = now.Add(max(clampAsked(failed.RetryAfter), pollFloor))
		return f
	}
	f.Checked = now
	if class != "" {
		return afterFailure(f, got, class, failed, now)
	}
	f.State = news.FeedActive
	f.Read = now
	f.Attempt = news.Attempt{}
	f.Sample = nil
	f.Validators = got.Validators
	if got.Changed {
		f.Changed = now
	}
	f.Interval, f.Pace = interval(f, got, now), got.Pace
	f = followMove(f, got, now)
	if got.Changed {
		f.Title = got.Title
	}
	if got.Expired {
		f.State, f.Moved.Note = news.FeedGone, "the feed says that it has ended"
	}
	wait := jitter(f.Interval, f.URL)
	for _, asked := range []time.Duration{pollFloor, min(got.Pace.Every, pollCeiling), clampAsked(got.MaxAge)} {
		wait = max(wait, asked)
	}
	if now.Before(f.Hub.Expires) {
		// A hub tells us of changes: asking is a second look, and the time to renew.
		wait = max(wait, min(pollCeiling, f.Hub.Renew.Sub(now)))
	}
	f.Attempt.Next = permitted(now.Add(wait), got.Pace)
	return f
}

// failure gives the class of what went wrong, "" if nothing did, and the error
// of the fetch, empty if the fetch went well.
func failure(got outcome) (string, *fetch.Error) {
	var failed *fetch.Error
	if errors.As(got.Err, &failed) {
		return failed.Class, failed
	}
	if got.Err != nil {
		return cmp.Or(got.Class, classParse), &fetch.Error{Class: got.Class, Err: got.Err}
	}
	return "", &fetch.Error{}
}

// afterFailure backs off. No failure ends polling but a confirmed 410 or 451.
func afterFailure(f news.Feed, got outcome, class string, failed *fetch.Error, now time.Time) news.Feed {
	confirmed := gone(class) && f.Attempt.Class == class && now.Sub(f.Attempt.Since) >= confirmGone
	if f.Attempt.Failures == 0 || gone(class) && f.Attempt.Class != class {
		f.Attempt.Since = now
	}
	f.Attempt.Failures++
	f.Attempt.Class = class
	f.Attempt.Error = failed.Error()
	switch {
	case confirmed:
		f.State = news.FeedGone
	case refused(class):
		f.State = news.FeedBlocked
	case class == classParse || class == classNotFeed:
		// A fixed body is to be read again, even if its ETag stayed.
		f.Validators, f.BodyHash = news.Validators{}, ""
		f.Sample = got.Body[:min(len(got.Body), news.SampleSize)]
	}
	wait := failedWait(f, class, failed.RetryAfter, now)
	f.Attempt.Next = now.Add(later(wait, f.URL))
	return f
}

// later is a wait after a failure with its jitter: only later, never sooner,
// so that a server's word holds, and never beyond the week that is the most.
func later(wait time.Duration, key string) time.Duration {
	return min(wait+time.Duration(float64(wait)*0.1*spread(key)), max(wait, askedMost))
}

// failedWait is how long a feed rests after a failure, counted in f already.
func failedWait(f news.Feed, class string, retryAfter time.Duration, now time.Time) time.Duration {
	base := cmp.Or(f.Interval, pollDefault)
	n := f.Attempt.Failures
	var wait time.Duration
	switch {
	case gone(class):
		wait = confirmGone
	case refused(class):
		if wait = pollCeiling; n > 7 {
			wait = week
		}
	case class == "http_404" && now.Sub(f.Attempt.Since) >= lostAfter:
		wait = week
	case class == "http_429", class == classParse, class == classNotFeed:
		wait = backOff(max(base, time.Hour), n)
	default:
		wait = backOff(base, n)
	}
	if class == "http_429" && retryAfter > 0 {
		wait = max(base, pollFloor) // its own word stands below
	}
	return max(wait, clampAsked(retryAfter), pollFloor)
}

// gone reports whether a class says that a thing will not come back.
func gone(class string) bool { return class == "http_410" || class == "http_451" }

// refused reports whether a class says that the publisher refuses us.
func refused(class string) bool {
	return class == "http_401" || class == "http_403" || class == fetch.ClassChallenge
}

// backOff doubles base with each failure after the first, up to a day.
func backOff(base time.Duration, failures int) time.Duration {
	wait := float64(base) * math.Pow(2, float64(min(failures-1, 30)))
	return time.Duration(min(wait, float64(pollCeiling)))
}

// clampAsked is a wait that a server asked for, at most a week.
func clampAsked(d time.Duration) time.Duration { return min(max(d, 0), askedMost) }

// interval is how often a feed is worth asking: a quarter of the time that
// usually lies between two posts, and at least an hour for each day of silence.
func interval(f news.Feed, got outcome, now time.Time) time.Duration {
	every := cmp.Or(f.Interval, pollDefault)
	newest := f.Changed
	if posts := dated(got.Posts, now); len(posts) > 0 {
		every = pollDefault
		if gap := medianGap(posts); gap > 0 {
			every = gap / 4
		}
		newest = posts[0]
	}
	if !newest.IsZero() {
		every = max(every, now.Sub(newest)/24)
	}
	return min(max(every, pollFloor), pollCeiling)
}

// dated gives the stated times that are not in the future, newest first.
func dated(posts []time.Time, now time.Time) []time.Time {
	var past []time.Time
	for _, t := range posts {
		if !t.IsZero() && !t.After(now) {
			past = append(past, t)
		}
	}
	slices.SortFunc(past, func(a, b time.Time) int { return b.Compare(a) })
	return past
}

// medianGap is the median time between two of the newest twenty posts, 0 for
// fewer than three: two posts tell no habit.
func medianGap(newestFirst []time.Time) time.Duration {
	posts := newestFirst[:min(len(newestFirst), 20)]
	if len(posts) < 3 {
		return 0
	}
	gaps := make([]time.Duration, 0, len(posts))
	for i := range posts[1:] {
		gaps = append(gaps, posts[i].Sub(posts[i+1]))
	}
	slices.Sort(gaps)
	return gaps[len(gaps)/2]
}

// permitted moves a time to the first hour and day that a feed does not ask to
// be left alone in. A feed that skips everything is not heeded.
func permitted(at time.Time, pace news.Pace) time.Time {
	skipped := func(t time.Time) bool {
		hour := slices.ContainsFunc(pace.SkipHours, func(h int) bool { return h%24 == t.Hour() })
		return hour || slices.Contains(pace.SkipDays, t.Weekday())
	}
	for t, end := at.UTC(), at.Add(8*24*time.Hour); t.Before(end); t = t.Truncate(time.Hour).Add(time.Hour) {
		if !skipped(t) {
			return t
		}
	}
	return at
}

// jitter moves a duration by up to a tenth, always the same way for one key, so
// that feeds that were added together are not asked together.
func jitter(d time.Duration, key string) time.Duration {
	return d + time.Duration(float64(d)*0.2*(spread(key)-0.5))
}

// spread maps a key evenly to [0, 1), the same in every run.
func spread(key string) float64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(key)) // a hash never fails
	x := h.Sum64()
	x ^= x >> 33 // FNV alone moves the high bits too little; finalizer of MurmurHash3
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return float64(x>>11) / (1 << 53)
}

// mayRefresh reports whether a person may have a feed asked now: not sooner
// than the floor after the last time, nor against a server's wish.
func mayRefresh(f news.Feed, now time.Time) bool {
	if f.State == news.FeedGone || now.Sub(f.Checked) < pollFloor && !f.Checked.IsZero() {
		return false
	}
	asked := f.Attempt.Class == "http_429" || f.Attempt.Class == "http_503" || f.Attempt.Class == fetch.ClassCooldown
	return !asked || !now.Before(f.Attempt.Next)
}

// nextOpen gives the state of opening an item's page after a failure: five
// minutes, doubling to a day, and a week for a page that is not there or not
// for us. It never ends.
func nextOpen(item news.Item, err error, class string, now time.Time) news.Attempt {
	got := outcome{Err: err, Class: class}
	class, failed := failure(got)
	a := item.Attempt
	if class == fetch.ClassCanceled {
		return a
	}
	if class == fetch.ClassCooldown {
		a.Next = now.Add(max(clampAsked(failed.RetryAfter), openFirst))
		return a
	}
	if a.Failures == 0 {
		a.Since = now
	}
	a.Failures++
	a.Class, a.Error = class, failed.Error()
	wait := backOff(openFirst, a.Failures)
	switch {
	case slices.Contains(weeklyPages, class):
		wait = week
	case refused(class):
		if wait = pollCeiling; a.Failures > 7 {
			wait = week
		}
	}
	wait = max(wait, clampAsked(failed.RetryAfter))
	a.Next = now.Add(later(wait, item.URL+item.Key))
	return a
}

// weeklyPages are failures that hardly mend within a day.
var weeklyPages = []string{"http_404", "http_410", "http_451", fetch.ClassRobots, fetch.ClassBadURL,
	fetch.ClassEgressDenied, fetch.ClassBlockedHop, "soft404", "paywall"}
