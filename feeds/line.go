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

	// Workers is how many requests may be under way at once. Zero means 64:
	// enough that slow publishers don't hold up the others, few enough that
	// their bodies fit in memory.
	Workers int

	// Public is the address at which the site is reached from outside. With it
	// hubs are asked to tell of changes (see HubHandler); "" means polling alone.
	Public string

	// Gap is the least time between two requests to one host. Zero means one
	// second; a negative gap means none, for publishers on loopback.
	Gap time.Duration

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
	gap      time.Duration
	clock    func() time.Time
	progress func(Progress)
	hubs     *hubs
	placing  sync.Mutex    // held while stories are found: two at once would place an article twice
	large    chan struct{} // held while a large body is read
	cpu      chan struct{} // held while a page is extracted and read: one for each core
}

// New returns a Line.
func New(c Config) *Line {
	l := &Line{
		store: c.Store, fetch: c.Fetch, reader: c.Reader, log: c.Log,
		workers: c.Workers, gap: c.Gap, clock: c.Now, progress: c.Progress,
		cpu: make(chan struct{}, runtime.GOMAXPROCS(0)), large: make(chan struct{}, 1),
	}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	if l.workers == 0 {
		l.workers = 64
	}
	if l.gap == 0 {
		l.gap = time.Second
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
// item that is due, those just found included. It returns what it did; the
// error is the store's or the context's alone, since a publisher's failure is
// part of the summary.
func (l *Line) Collect(ctx context.Context) (Summary, error) {
	s := newSummary()
	err := l.pollDue(ctx, s)
	if err == nil {
		err = l.openDue(ctx, s, time.Time{})
	}
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
			err := l.pollDue(ctx, s)
			if s.Items.New+s.Items.Edited > 0 {
				select {
				case found <- struct{}{}:
				default:
				}
			}
			return err
		})
	})
	g.Go(func() error {
		return l.forever(ctx, found, func(s *summary) error {
			return l.openDue(ctx, s, time.Now().Add(turn))
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
// is.
func (l *Line) pollDue(ctx context.Context, s *summary) error {
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
		perHost(ctx, due, func(f news.Feed) string { return fetch.Host(f.URL) }, pace{workers: l.workers, gap: l.gap},
			func(ctx context.Context, f news.Feed) (again bool) {
				if err := l.poll(ctx, f, s); err != nil {
					cancel(err)
				}
				l.progress(done.step("poll"))
				return false
			})
		due = nil
	}
	return cmp.Or(err, context.Cause(ctx))
}

// openDue opens the items that are due until none is, or until the moment
// until has passed (zero: no limit).
func (l *Line) openDue(ctx context.Context, s *summary, until time.Time) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	start := l.now()
	stories := newPlacer(ctx, l, cancel)
	err := l.openBatches(ctx, s, start, until, stories, cancel)
	stories.close()
	return cmp.Or(context.Cause(ctx), err)
}

func (l *Line) openBatches(ctx context.Context, s *summary, start, until time.Time, stories *placer, cancel context.CancelCauseFunc) error {
	var done counter
	for ctx.Err() == nil && (until.IsZero() || time.Now().Before(until)) {
		due, err := l.store.DueItems(ctx, start, batch)
		if err != nil || len(due) == 0 {
			return err
		}
		done.grow(len(due))
		out := newSaver(l.store, s, stories.wake, cancel)
		perHost(ctx, due, func(it news.Item) string { return fetch.Host(it.URL) }, pace{workers: l.workers, gap: l.gap, until: until},
			func(ctx context.Context, it news.Item) (again bool) {
				if it.URL != "" && l.fetch.Introduce(ctx, it.URL) {
					return true
				}
				if err := l.open(ctx, it, out, s); err != nil {
					cancel(err)
				}
				l.progress(done.step("open"))
				return false
			})
		out.close()
	}
	return nil
}
