package feeds

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"clusterwire/feeds/fetch"
	"clusterwire/feeds/news"
)

// archivePages is how many pages of one feed are read in one call at most: the
// feed itself and fifty behind it.
const archivePages = 51

// Backfill walks back through the past of a source's feeds to since, and opens
// what it finds there. It follows archived and paged feeds (RFC 5005, JSON
// Feed's next_url), the sitemaps of a sitemap index, and the numbered pages of
// a WordPress feed. Where it has come to is stored with each page's items, so
// that it can be stopped at any moment and called again; nothing is read twice.
func (l *Line) Backfill(ctx context.Context, source string, since time.Time) (Summary, error) {
	s := newSummary()
	sources, err := l.store.Sources(ctx)
	if err != nil {
		return s.copy(), err
	}
	i := slices.IndexFunc(sources, func(h news.SourceHealth) bool { return h.Source.Slug == source })
	if i < 0 {
		return s.copy(), news.ErrNotFound
	}
	var pages counter
	for _, f := range sources[i].Feeds {
		if err := l.walkBack(ctx, f, since.UTC(), s, &pages); err != nil {
			return s.copy(), err
		}
	}
	err = l.openDue(ctx, s, whatIsDue(), time.Time{})
	return s.copy(), err
}

// walkBack reads a feed's past page by page.
func (l *Line) walkBack(ctx context.Context, f news.Feed, since time.Time, s *summary, pages *counter) error {
	if f.Kind == news.FeedListing || f.State == news.FeedGone {
		return nil // a listing shows what it shows: it has no past to ask for
	}
	if f.Archive.Since.IsZero() || since.Before(f.Archive.Since) {
		f.Archive = news.Archive{Since: since, Left: []string{f.URL}}
	}
	seen := map[string]bool{}
	for n := 0; len(f.Archive.Left) > 0 && n < archivePages; n++ {
		address := f.Archive.Left[0]
		pages.grow(1)
		items, more, err := l.archivePage(ctx, f, address)
		if ctx.Err() != nil {
			return context.Cause(ctx) // the page stays to be read
		}
		f.Archive.Left = f.Archive.Left[1:]
		seen[address] = true
		if err != nil {
			l.log.Info("backfill: a page could not be read", "url", address, "error", err)
		}
		for _, next := range more {
			if !seen[next] && !slices.Contains(f.Archive.Left, next) {
				f.Archive.Left = append(f.Archive.Left, next)
			}
		}
		polled, err := l.store.SavePoll(context.WithoutCancel(ctx), news.Poll{Feed: f, Items: items}, l.now())
		if err != nil {
			return err
		}
		s.polled(polled)
		l.progress(pages.step("archive"))
	}
	return nil
}

// archivePage reads one page of a feed's past: the items since the day asked
// for, and the addresses where it goes on.
func (l *Line) archivePage(ctx context.Context, f news.Feed, address string) ([]news.Item, []string, error) {
	purpose := fetch.ForFeed
	if f.Kind == news.FeedSitemap {
		purpose = fetch.ForSitemap
	}
	res, err := l.fetch.Get(ctx, fetch.Request{URL: address, For: purpose})
	if err != nil {
		return nil, nil, err
	}
	var doc news.Document
	err = l.compute(func() (err error) {
		doc, err = parseAs(f, res)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	items := attribute(f, doc, l.now())
	young := slices.DeleteFunc(slices.Clone(items), func(it news.Item) bool { return older(it, f.Archive.Since) })
	if len(items) > 0 && len(young) == 0 {
		return nil, doc.Sitemaps, nil // all of it lies before the day: so does what follows
	}
	if doc.Next != "" {
		return young, append(doc.Sitemaps, doc.Next), nil
	}
	return young, append(doc.Sitemaps, nextNumbered(doc, address)...), nil
}

// older reports whether an item is known to be from before a moment.
func older(it news.Item, since time.Time) bool {
	when := cmp.Or(it.Published, it.Updated)
	return !when.IsZero() && when.Before(since)
}

// nextNumbered is the next page of a WordPress feed, which numbers them:
// https://developer.wordpress.org/advanced-administration/wordpress/feeds/
func nextNumbered(doc news.Document, address string) []string {
	u, err := url.Parse(address)
	if err != nil || doc.Kind != news.FeedRSS || len(doc.Items) == 0 || !strings.HasSuffix(strings.TrimSuffix(u.Path, "/"), "/feed") {
		return nil
	}
	q := u.Query()
	page, err := strconv.Atoi(cmp.Or(q.Get("paged"), "1"))
	if err != nil {
		return nil
	}
	q.Set("paged", strconv.Itoa(page+1))
	u.RawQuery = q.Encode()
	return []string{u.String()}
}
