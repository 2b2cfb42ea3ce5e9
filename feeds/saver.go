package feeds

import (
	"context"
	"sync"
	"time"

	"clusterwire/feeds/news"
)

// How many articles are stored in one transaction: a commit costs about as much
// as storing twenty. Large ones, with the pages as they came, are fewer, so that
// memory stays bounded whatever strangers send.
const (
	group      = 20
	groupBytes = 8 << 20
	waiting    = 20 // articles that may wait for the transaction under way
)

// gather is how long the first article of a group waits for others. Without
// it, groups are of one or two: articles are stored faster than they are opened.
const gather = 100 * time.Millisecond

// saver stores opened articles in groups.
type saver struct {
	store   Store
	summary *summary
	saved   func([]news.Opened, []news.Outcome)
	failed  context.CancelCauseFunc
	in      chan news.Opened
	done    sync.WaitGroup
}

// newSaver starts a saver. saved is called with what each transaction stored, failed with
// the store's error, after which nothing more is stored.
func newSaver(store Store, s *summary, saved func([]news.Opened, []news.Outcome), failed context.CancelCauseFunc) *saver {
	v := &saver{store: store, summary: s, saved: saved, failed: failed, in: make(chan news.Opened, waiting)}
	v.done.Go(v.run)
	return v
}

// save hands over an article. It waits where the store is behind.
func (v *saver) save(ctx context.Context, o news.Opened) {
	select {
	case v.in <- o:
	case <-ctx.Done():
	}
}

// close waits until all that was handed over is stored.
func (v *saver) close() {
	close(v.in)
	v.done.Wait()
}

func (v *saver) run() {
	for first := range v.in {
		// Not the pass's context: what has been opened is stored even when the
		// pass is being ended, since opening it again would cost the publisher.
		opened := v.gathered(first)
		outcomes, err := v.store.SaveArticles(context.Background(), opened)
		if err != nil {
			v.failed(err)
			for range v.in { // let go of those who are waiting
			}
			return
		}
		v.summary.opened(outcomes)
		v.saved(opened, outcomes)
	}
}

// gathered is a group of articles that begins with first.
func (v *saver) gathered(first news.Opened) []news.Opened {
	opened, bytes := []news.Opened{first}, size(first)
	enough := time.After(gather)
	for len(opened) < group && bytes < groupBytes {
		select {
		case o, ok := <-v.in:
			if !ok {
				return opened
			}
			opened, bytes = append(opened, o), bytes+size(o)
		case <-enough:
			return opened
		}
	}
	return opened
}

// size is how many bytes an article holds, but for what is always small.
func size(o news.Opened) int { return len(o.Article.Raw) + len(o.Article.HTML) + len(o.Article.Text) }
