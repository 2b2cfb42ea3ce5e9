package feeds

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"clusterwire/feeds/fetch"
	"clusterwire/feeds/news"
)

// Config is what a Line is made of. Store, Fetch and Reader are required.
type Config struct {
	Store  Store
	Fetch  *fetch.Client
	Reader *Reader
	Log    *slog.Logger // nil: nothing is logged

	// Workers is how many feeds may be asked at once, and how many pages beside
	// them. Zero means 64:
	// enough that slow publishers don't hold up the others, few enough that
	// their bodies fit in memory.
	Workers int

	// Public is the address at which the site is reached from outside. With it
	// hubs are asked to tell of changes (see HubHandler); "" means polling alone.
	Public string

	// Now is the clock; nil means time.Now. Tests let days pass with it.
	Now func() time.Time

	// Progress, if not nil, is told of each finished poll and opened item. It
	// is called from many goroutines.
	Progress func(Progress)
}

// Progress says how far a pass has come.
type Progress struct {
	Stage string // "poll", "open" or "place"
	Done  int
	Total int // known so far; grows as polls find items
}

// Line takes items from publishers to the store. Construct it with New; its
// methods may be called from several goroutines.
type Line struct {
	store    Store
	fetch    *fetch.Client
	reader   *Reader
	log      *slog.Logger
	workers  int
	clock    func() time.Time
	progress func(Progress)
	hubs     *hubs
	fresh    fresh
	placing  sync.Mutex    // held while stories are found: two at once would place an article twice
	large    chan struct{} // held while a large body is read
	cpu      chan struct{} // held while a page is extracted and read: one for each core
}

// New returns a Line.
func New(c Config) *Line {
	l := &Line{
		store: c.Store, fetch: c.Fetch, reader: c.Reader, log: c.Log,
		workers: c.Workers, clock: c.Now, progress: c.Progress,
		cpu: make(chan struct{}, runtime.GOMAXPROCS(0)), large: make(chan struct{}, 1),
	}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	if l.workers == 0 {
		l.workers = 64
	}
	if l.clock == nil {
		l.clock = time.Now
	}
	if l.progress == nil {
		l.progress = func(Progress) {}
	}
	l.hubs = newHubs(c.Public, c.Store, l.now)
	return l
}

// now is the present moment, as it is stored.
func (l *Line) now() time.Time { return l.clock().UTC() }

// Collect makes one pass: it polls every feed that is due and opens every
// item that is due, those just found included, side by side. It returns what it
// did; the error is the store's or the context's alone, since a publisher's
// failure is part of the summary.
func (l *Line) Collect(ctx context.Context) (Summary, error) {
	s := newSummary()
	g, ctx := errgroup.WithContext(ctx)
	more := newSupply()
	g.Go(func() error {
		defer more.end()
		return l.pollDue(ctx, s, more.found)
	})
	g.Go(func() error { return l.openDue(ctx, s, more, time.Time{}) })
	err := g.Wait()
	l.fetch.Close() // ends idle connections: publishers needn't hold them until the next pass
	return s.copy(), err
}

// idle is how long Run sleeps when nothing is due.
const idle = 20 * time.Second

// turn is how long Run opens items before it looks for feeds that are due.
const turn = time.Minute

// Run collects until ctx ends. It polls and opens side by side, so that a
// publisher with much to open delays no other publisher's news.
func (l *Line) Run(ctx context.Context) error {
	found := make(chan struct{}, 1)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return l.forever(ctx, l.hubs.wake, func(s *summary) error {
			return l.pollDue(ctx, s, found)
		})
	})
	g.Go(func() error {
		return l.forever(ctx, found, func(s *summary) error {
			return l.openDue(ctx, s, whatIsDue(), time.Now().Add(turn))
		})
	})
	if err := g.Wait(); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// forever calls pass again and again, sleeping between passes until wake or
// until idle has passed. A store that fails (a full disk, say) is asked again
// later: the site keeps serving, and intake goes on by itself when it can.
func (l *Line) forever(ctx context.Context, wake <-chan struct{}, pass func(*summary) error) error {
	for ctx.Err() == nil {
		s := newSummary()
		wait := idle
		if err := pass(s); err != nil && ctx.Err() == nil {
			l.log.Error("intake paused: the database does not take writes", "error", err, "retry_in", time.Minute)
			wait = time.Minute
		} else if got := s.copy(); got.Worth() {
			l.log.Info("collected", "summary", got.String(), "failed", got.Causes())
			l.fetch.Close() // ends idle connections
		}
		pause(ctx, wait, wake)
	}
	return ctx.Err()
}

// batch is how many feeds or items are taken from the store at once: enough to
// keep every worker busy, few enough to hold their contents in memory.
const batch = 1000

// pollDue polls the feeds that a hub told of, and those that are due until none
// is. It tells found where there is something to open.
func (l *Line) pollDue(ctx context.Context, s *summary, found chan<- struct{}) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	start := l.now()
	var done counter
	due, err := l.hubs.takePinged(ctx)
	for ctx.Err() == nil && err == nil {
		if len(due) == 0 {
			if due, err = l.store.DueFeeds(ctx, start, batch); len(due) == 0 {
				return err
			}
		}
		done.grow(len(due))
		q := newHostQueue(func(f news.Feed) string { return f.URL }, l.fetch, nil)
		q.add(due)
		q.close()
		q.run(ctx, min(l.workers, len(due)), time.Time{}, func(ctx context.Context, f news.Feed) (again bool) {
			more, err := l.poll(ctx, f, s)
			if err != nil {
				cancel(err)
			}
			if more {
				tell(found)
			}
			l.progress(done.step("poll"))
			return false
		})
		due = nil
	}
	return cmp.Or(err, context.Cause(ctx))
}

// tell wakes who waits for a channel that holds one token.
func tell(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
