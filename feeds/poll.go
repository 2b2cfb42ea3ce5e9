package feeds

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"clusterwire/feeds/clean"
	"clusterwire/feeds/fetch"
	"clusterwire/feeds/news"
	"clusterwire/feeds/parse"
)

// poll asks one feed and stores what came of it. It reports whether there is
// something to open. The error is the store's alone: a publisher's failure is
// stored with the feed.
func (l *Line) poll(ctx context.Context, f news.Feed, s *summary) (found bool, err error) {
	res, err := l.fetch.Get(ctx, fetch.Request{URL: f.URL, For: fetch.ForFeed, Validators: f.Validators})
	if ctx.Err() != nil {
		return false, nil // interrupted: the feed stays due
	}
	f = l.hubs.current(f)
	asked := f
	f, items, got := l.readPoll(ctx, f, res, err)
	if got.Subscribed, err = l.follows(ctx, f, got.Permanent); err != nil {
		return false, err
	}
	now := l.now()
	f = l.seek(ctx, nextPoll(f, got, now), res, now)
	f, ask := l.hubs.plan(f, got.Hub, got.Self, now)
	if !f.Attempt.Next.After(now) {
		f.Attempt.Next = now.Add(pollFloor) // whatever was concluded: never at once again
	}
	polled, err := l.store.SavePoll(context.WithoutCancel(ctx), news.Poll{Feed: f, Items: items, Complete: got.Complete}, now)
	if errors.Is(err, news.ErrNotFound) {
		return false, nil // removed while it was asked
	}
	if err != nil {
		return false, err
	}
	l.subscribe(ctx, asked, f, ask)
	switch {
	case f.Attempt.Failures > asked.Attempt.Failures:
		l.log.Debug("feed failed", "url", f.URL, "class", f.Attempt.Class, "error", f.Attempt.Error)
		s.feedFailed(f)
	default:
		s.polled(polled)
	}
	return polled.New+polled.Edited > 0, nil
}

// readPoll turns an answer into the feed's new facts, its items (nil if nothing
// changed) and what scheduling needs to know.
func (l *Line) readPoll(ctx context.Context, f news.Feed, res fetch.Response, err error) (news.Feed, []news.Item, outcome) {
	if err != nil {
		got := outcome{Err: err}
		var fe *fetch.Error
		if errors.As(err, &fe) {
			got.Permanent = fe.Permanent
		}
		return f, nil, got
	}
	got := outcome{MaxAge: res.MaxAge, Permanent: res.Permanent, Validators: res.Validators, Pace: f.Pace, Body: res.Body}
	got.Hub, got.Self = linked(res.Links, "hub"), linked(res.Links, "self")
	if res.NotModified {
		return f, nil, got
	}
	hash := bodyHash(res.Body)
	if hash == f.BodyHash {
		return f, nil, got
	}
	var doc news.Document
	err = l.computeBody(len(res.Body), func() (err error) {
		doc, err = parseAs(f, res)
		return err
	})
	if err != nil {
		got.Err, got.Class = err, parseClass(err)
		return f, nil, got
	}
	if isIndex(doc) {
		if doc, err = readSitemaps(ctx, l.fetch, doc, l.computeBody); err != nil {
			got.Err, got.Class = err, parseClass(err)
			return f, nil, got
		}
		hash, got.Validators = "", news.Validators{} // the index stays the same while what it names changes
	}
	got.Changed, got.Pace, got.Title, got.Link = true, doc.Pace, doc.Title, doc.Link
	got.Complete, got.Expired = doc.Complete, doc.Expired
	got.Hub, got.Self = cmp.Or(got.Hub, doc.Hub), cmp.Or(got.Self, doc.Self)
	for _, it := range doc.Items {
		got.Posts = append(got.Posts, it.Published)
	}
	f.BodyHash, f.Damaged = hash, doc.Damaged
	if f.Kind != news.FeedListing {
		f.Kind = doc.Kind
	}
	return f, attribute(f, doc, l.now()), got
}

// linked is the first link of a relation in a Link header, "" if there is none.
func linked(links []fetch.Link, rel string) string {
	for _, link := range links {
		if link.Rel == rel {
			return link.URL
		}
	}
	return ""
}

// follows reports whether an address that a feed redirects to is another feed
// of ours.
func (l *Line) follows(ctx context.Context, f news.Feed, address string) (bool, error) {
	if address == "" {
		return false, nil
	}
	all, err := l.store.Sources(ctx)
	if err != nil {
		return false, err
	}
	for _, h := range all {
		for _, other := range h.Feeds {
			if other.URL == address && other.ID != f.ID && other.State != news.FeedGone {
				return true, nil
			}
		}
	}
	return false, nil
}

// attribute says of items where they come from.
func attribute(f news.Feed, doc news.Document, now time.Time) []news.Item {
	items := make([]news.Item, len(doc.Items))
	for i, it := range doc.Items {
		it.Feed, it.Source, it.Seen = f.ID, f.Source, now
		if it.Language == "" {
			it.Language = doc.Language
		}
		it.URL = clean.URL(it.URL, nil)
		items[i] = it
	}
	return items
}

// bodyHash identifies a body.
func bodyHash(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// parseClass is the class of a failure to parse: a web page in place of a feed
// is told apart, since then the feed may have moved.
func parseClass(err error) string {
	var pe *parse.Error
	if errors.As(err, &pe) && pe.Class == "html" {
		return classNotFeed
	}
	return classParse
}
