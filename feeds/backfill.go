package feeds

import (
	"context"
	"errors"
	"slices"
	"time"

	"clusterwire/feeds/fetch"
	"clusterwire/feeds/news"
)

// backfillPages is how many pages of one feed are read, its own among them.
const backfillPages = 51

// Backfill reads the older pages that the feeds of a source point at (RFC 5005,
// JSON Feed's next_url, the sitemaps of an index) back to since, and stores what
// they hold to be opened like everything else. Polling never follows these links.
//
// Each page is stored before the next is read, and what is known already is
// known again, so an interrupted run is continued by running it again. The
// error is the context's, the store's, or what kept a page from being read:
// what came before it is stored. An unknown source is news.ErrNotFound.
func (l *Line) Backfill(ctx context.Context, source string, since time.Time) (Summary, error) {
	s := newSummary()
	all, err := l.store.Sources(ctx)
	if err != nil {
		return s.copy(), err
	}
	at := slices.IndexFunc(all, func(h news.SourceHealth) bool { return h.Source.Slug == source })
	if at < 0 {
		return s.copy(), news.ErrNotFound
	}
	for _, f := range all[at].Feeds {
		if f.State != news.FeedGone {
			err = errors.Join(err, l.backfill(ctx, f, since, s))
		}
	}
	return s.copy(), err
}

// backfill walks the pages of one feed, newest first, each once.
func (l *Line) backfill(ctx context.Context, f news.Feed, since time.Time, s *summary) error {
	queue := []string{f.URL}
	for i := 0; i < len(queue) && i < backfillPages; i++ {
		doc, err := l.readPage(ctx, f, queue[i])
		if err != nil {
			return err
		}
		items := slices.DeleteFunc(attribute(f, doc, l.now()), func(it news.Item) bool {
			return !it.Published.IsZero() && it.Published.Before(since)
		})
		polled, err := l.store.SavePoll(context.WithoutCancel(ctx), news.Poll{Feed: f, Items: items}, l.now())
		if err != nil {
			return err
		}
		s.polled(polled)
		if reached := len(items) < len(doc.Items); !reached {
			for _, next := range append(doc.Sitemaps, doc.Next) {
				if next != "" && !slices.Contains(queue, next) {
					queue = append(queue, next)
				}
			}
		}
		l.progress(Progress{Stage: "backfill", Done: i + 1, Total: min(len(queue), backfillPages)})
	}
	return nil
}

// readPage fetches and parses one page of a feed.
func (l *Line) readPage(ctx context.Context, f news.Feed, address string) (doc news.Document, err error) {
	res, err := l.fetch.Get(ctx, fetch.Request{URL: address, For: fetch.ForFeed})
	if err != nil {
		return doc, err
	}
	err = l.compute(func() error {
		doc, err = parseAs(f, res)
		return err
	})
	return doc, err
}
