package feeds

import (
	"context"
	"time"

	"clusterwire/feeds/extract"
	"clusterwire/feeds/fetch"
	"clusterwire/feeds/news"
)

// Searching for a feed in the page that stands in its place.
const (
	seekGap  = 7 * 24 * time.Hour
	seekMost = 3 // candidates that are tried
)

// seek looks, once a week, whether the page that stands where a feed was names
// the feed's new place. What it finds is a suggestion for a person: the page may
// be anybody's by now.
func (l *Line) seek(ctx context.Context, f news.Feed, res fetch.Response, now time.Time) news.Feed {
	if f.Attempt.Class != classNotFeed || now.Sub(f.Sought) < seekGap {
		return f
	}
	f.Sought = now
	var candidates []news.Link
	if err := l.compute(func() error {
		candidates = extract.Discover(res.Body, extract.Input{URL: res.URL, ContentType: res.ContentType})
		return nil
	}); err != nil {
		return f
	}
	for _, c := range candidates[:min(len(candidates), seekMost)] {
		if found, err := readFeed(ctx, l.fetch, c.URL); err == nil {
			f.Moved.Note = suggests + found.URL + ": the page at the feed's address names it"
			return f
		}
	}
	return f
}
