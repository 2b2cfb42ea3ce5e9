package feeds

import (
	"context"

	"clusterwire/feeds/news"
)

// Refresh polls the feeds of a source now, as a person asks for it, and opens
// what they hold. Feeds that were asked within the last quarter of an hour, or
// whose server asked for a longer rest, are left alone. An unknown source is
// news.ErrNotFound.
func (l *Line) Refresh(ctx context.Context, source string) (Summary, error) {
	s := newSummary()
	all, err := l.store.Sources(ctx)
	if err != nil {
		return s.copy(), err
	}
	known := false
	for _, h := range all {
		if h.Source.Slug != source {
			continue
		}
		known = true
		for _, f := range h.Feeds {
			if !mayRefresh(f, l.now()) {
				continue
			}
			if _, err := l.poll(ctx, f, s); err != nil {
				return s.copy(), err
			}
		}
	}
	if !known {
		return s.copy(), news.ErrNotFound
	}
	err = l.openDue(ctx, s, whatIsDue(), l.now().Add(turn))
	return s.copy(), err
}
