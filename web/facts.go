package web

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"clusterwire/feeds/news"
)

// fact is a news.Fact with what pages count of its history, which is kept for
// the page of its own cluster alone: all claims of an archive are too many to
// hold.
type fact struct {
	news.Fact
	Said    int // statements
	Sources int // that made them
}

func newFact(f news.Fact) fact {
	sources := map[string]bool{}
	for _, h := range f.History {
		sources[h.Source.Slug] = true
	}
	return fact{Fact: f, Said: len(f.History), Sources: len(sources)}
}

// ledger keeps the figures of all clusters. To weigh every claim of a large
// archive takes seconds, so it is done beside the requests, which are shown
// the last figures meanwhile. Safe for concurrent use.
type ledger struct {
	store Store
	weigh func([]news.Statement) []news.Fact
	log   *slog.Logger
	now   func() time.Time

	mu      sync.Mutex
	facts   []fact
	asOf    time.Time     // Stats.Changed when facts were read
	made    bool          // facts have been read at least once
	rest    time.Time     // not to be read again before
	running chan struct{} // closed when the reading under way ends; nil if none is
}

const (
	patience    = 300 * time.Millisecond // how long a request waits for fresh figures when it has old ones
	refreshTime = 2 * time.Minute        // after which a reading is given up
	restFactor  = 5                      // a reading is followed by a rest this many times as long
)

// read gives the figures as of changed, or older ones where fresh ones take
// too long. Only the first reading of all is waited for to its end.
func (l *ledger) read(ctx context.Context, clusters []news.Cluster, changed time.Time) ([]fact, error) {
	l.mu.Lock()
	if l.made && l.asOf.Equal(changed) || l.made && l.now().Before(l.rest) {
		defer l.mu.Unlock()
		return l.facts, nil
	}
	if l.running == nil {
		l.running = make(chan struct{})
		go l.refresh(context.WithoutCancel(ctx), clusters, changed, l.running)
	}
	done, wait := l.running, requestTime
	if l.made {
		wait = patience
	}
	l.mu.Unlock()

	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.made {
		return nil, errBusy
	}
	return l.facts, nil
}

// refresh weighs the claims of each cluster in turn.
func (l *ledger) refresh(ctx context.Context, clusters []news.Cluster, changed time.Time, done chan struct{}) {
	ctx, cancel := context.WithTimeout(ctx, refreshTime)
	defer cancel()
	began := time.Now()
	facts, err := l.all(ctx, clusters)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.log.Error("figures not weighed", "error", err)
	} else {
		l.facts, l.asOf, l.made = facts, changed, true
	}
	l.rest = l.now().Add(restFactor * time.Since(began))
	l.running = nil
	close(done)
}

func (l *ledger) all(ctx context.Context, clusters []news.Cluster) ([]fact, error) {
	var out []fact
	for _, c := range clusters {
		facts, err := l.of(ctx, c.Slug)
		if err != nil {
			return nil, err
		}
		for _, f := range facts {
			f.History = nil
			out = append(out, f)
		}
	}
	return out, nil
}

// of weighs the claims of one cluster.
func (l *ledger) of(ctx context.Context, cluster string) ([]fact, error) {
	statements, err := l.store.Statements(ctx, cluster)
	if err != nil {
		return nil, err
	}
	return l.weighed(statements), nil
}

func (l *ledger) weighed(statements []news.Statement) []fact {
	var out []fact
	for _, f := range l.weigh(statements) {
		out = append(out, newFact(f))
	}
	return out
}

// as is the state of the archive that the figures shown were read from.
func (l *ledger) as() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.asOf
}
