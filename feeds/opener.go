package feeds

import (
	"context"
	"maps"
	"sync"
	"time"

	"clusterwire/feeds/news"
)

// supply says how items come to a pass that opens them while feeds are polled.
type supply struct {
	found chan struct{} // told that there may be more to open
	over  chan struct{} // closed, before found is told, when no more will be found
}

// newSupply is a supply that is not over.
func newSupply() supply {
	return supply{found: make(chan struct{}, 1), over: make(chan struct{})}
}

// whatIsDue is the supply of a pass for what is due already.
func whatIsDue() supply {
	s := newSupply()
	s.end()
	return s
}

// end says that no more will be found.
func (s supply) end() {
	close(s.over)
	tell(s.found)
}

// ended reports whether no more will be found.
func (s supply) ended() bool {
	select {
	case <-s.over:
		return true
	default:
		return false
	}
}

// How often the store is asked for more items while others are being opened.
const (
	leastLook = 10 * time.Millisecond  // between two looks, or …
	rarely    = 20                     // … times longer than the last one took, but …
	mostLook  = 250 * time.Millisecond // … no longer than this
	recall    = 250 * time.Millisecond // until the next one, if nobody calls for it
)

// opener is one pass that opens items.
type opener struct {
	line    *Line
	summary *summary
	supply  supply
	hungry  chan struct{} // told when a worker finds nothing to do
	queue   *hostQueue[news.Item]
	out     *saver
	failed  context.CancelCauseFunc
	done    counter

	mu    sync.Mutex
	taken map[int64]bool // items under way: due in the store still
	had   map[string]int // how many items of each source were taken in this pass; fill's alone
}

// openDue opens the items that are due until none is and no more are supplied,
// or until the moment until has passed (zero: no limit). Their stories are
// found beside it.
func (l *Line) openDue(ctx context.Context, s *summary, more supply, until time.Time) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stories := newPlacer(ctx, l, cancel)
	o := &opener{
		line: l, summary: s, supply: more, failed: cancel, taken: map[int64]bool{}, had: map[string]int{},
		hungry: make(chan struct{}, 1),
	}
	o.queue = newHostQueue(func(it news.Item) string { return it.URL }, l.fetch, o.hungry)
	o.out = newSaver(l.store, s, func(saved []news.Opened, outcomes []news.Outcome) {
		l.fresh.put(saved, outcomes)
		for _, opened := range saved {
			o.finish(opened.Item)
		}
		stories.wake()
	}, cancel)
	var filling sync.WaitGroup
	stop := make(chan struct{})
	filling.Go(func() {
		defer o.queue.close()
		if err := o.fill(ctx, stop); err != nil {
			cancel(err)
		}
	})
	o.queue.run(ctx, l.workers, until, o.open)
	close(stop)
	filling.Wait()
	o.out.close()
	stories.close()
	return context.Cause(ctx)
}

// fill keeps the queue supplied until nothing is due, nothing is under way and
// nothing more can be found, or until stop is closed.
func (o *opener) fill(ctx context.Context, stop <-chan struct{}) error {
	var until time.Time
	for last := false; ; {
		ended, taken, looked := o.supply.ended(), o.takenNow(), time.Now()
		if !last {
			until = o.line.now() // what comes due after the last poll is for the next pass
		}
		last = ended
		due, err := o.line.store.DueItems(ctx, until, batch, taken, o.had)
		if err != nil || len(due) == 0 && len(taken) == 0 && ended {
			return err
		}
		o.add(due)
		pause(ctx, max(leastLook, min(rarely*time.Since(looked), mostLook)), stop)
		if !o.wait(ctx, len(due) > 0, stop) {
			return nil
		}
	}
}

// wait waits until there may be room or need for more items, of which the last
// look found some or none. It reports false when the pass ends.
func (o *opener) wait(ctx context.Context, some bool, stop <-chan struct{}) bool {
	hungry := o.hungry
	if !some {
		hungry = nil // asking again at once would find none again
	}
	select {
	case <-ctx.Done():
		return false
	case <-stop:
		return false
	case <-o.supply.found:
	case <-hungry:
	case <-time.After(recall):
	}
	return true
}

// add queues items, each of which is under way from now on.
func (o *opener) add(due []news.Item) {
	o.mu.Lock()
	for _, it := range due {
		o.taken[it.ID] = true
		o.had[it.Source]++
	}
	o.mu.Unlock()
	o.done.grow(len(due))
	o.queue.add(due)
}

// takenNow is a copy of what is taken.
func (o *opener) takenNow() map[int64]bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return maps.Clone(o.taken)
}

// finish says that an item is no longer under way: the store knows what became
// of it.
func (o *opener) finish(it news.Item) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.taken, it.ID)
	if n := len(o.taken); n == batch/2 || n == 0 {
		tell(o.supply.found)
	}
}

// open opens an item, after the robots.txt of its host was read.
func (o *opener) open(ctx context.Context, it news.Item) (again bool) {
	if it.URL != "" && o.line.fetch.Introduce(ctx, it.URL) {
		return true
	}
	opened, err := o.line.open(ctx, it, o.summary)
	switch {
	case err != nil:
		o.failed(err)
	case opened != nil:
		o.out.save(ctx, *opened)
	default:
		o.finish(it)
	}
	o.line.progress(o.done.step("open"))
	return false
}
