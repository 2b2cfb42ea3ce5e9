package web

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"clusterwire/feeds/news"
)

// fact is a news.Fact with what pages count of its history, which is not kept:
// all claims of an archive are too many to hold.
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

// dossier is what the page of one cluster shows of the claims about it.
type dossier struct {
	facts  []fact
	charts []timeline
	newest []news.Statement // up to mostClaims
	said   int              // claims in all
	parts  []stake
}

// mostWeighed is how many claims about one cluster are read and weighed, the
// newest: a hundred times what is said of the largest today.
const mostWeighed = 5000

// dossier is made of the newest claims about a cluster, of which there are said
// in all.
func (l *ledger) dossier(statements []news.Statement, said int) dossier {
	d := dossier{said: said, parts: partsIn(statements), newest: slices.Clone(statements[:min(len(statements), mostClaims)])}
	for _, f := range l.weigh(statements) {
		d.facts = append(d.facts, newFact(f))
	}
	d.charts = timelines(d.facts)
	for i := range d.facts {
		d.facts[i].History = nil
	}
	return d
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
	by      map[string]dossier // by cluster
	took    time.Duration      // the last reading
	asOf    time.Time          // Stats.Changed when facts were read
	made    bool               // facts have been read at least once
	rest    time.Time          // not to be read again before
	running chan struct{}      // closed when the reading under way ends; nil if none is
}

const (
	patience    = 300 * time.Millisecond // how long a request waits for fresh figures when it has old ones
	glanceAside = 2 * time.Second        // how long a page that shows figures beside other things waits for the first
	refreshTime = 2 * time.Minute        // after which a reading is given up
	restFactor  = 5                      // a reading is followed by a rest this many times as long
)

// aside gives the figures to a page that is about something else: none, where
// the first reading takes long.
func (l *ledger) aside(ctx context.Context, clusters []news.Cluster, changed time.Time) ([]fact, error) {
	facts, err := l.within(ctx, clusters, changed, glanceAside)
	if errors.Is(err, errBusy) {
		return nil, nil
	}
	return facts, err
}

// read gives the figures as of changed, or older ones where fresh ones take
// too long. Only the first reading of all is waited for to its end.
func (l *ledger) read(ctx context.Context, clusters []news.Cluster, changed time.Time) ([]fact, error) {
	return l.within(ctx, clusters, changed, requestTime)
}

// within waits for the first reading for so long.
func (l *ledger) within(ctx context.Context, clusters []news.Cluster, changed time.Time, first time.Duration) ([]fact, error) {
	l.mu.Lock()
	if l.made && l.asOf.Equal(changed) || l.made && l.now().Before(l.rest) {
		defer l.mu.Unlock()
		return l.facts, nil
	}
	if l.running == nil {
		l.running = make(chan struct{})
		go l.refresh(context.WithoutCancel(ctx), clusters, changed, l.running)
	}
	done, wait := l.running, first
	switch {
	case l.made && l.took > patience:
		wait = 0 // it will not be done in time
	case l.made:
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
	facts, by, err := l.all(ctx, clusters)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.log.Error("figures not weighed", "error", err)
	} else {
		l.facts, l.by, l.asOf, l.made = facts, by, changed, true
	}
	l.took = time.Since(began)
	l.rest = l.now().Add(restFactor * l.took)
	l.running = nil
	close(done)
}

func (l *ledger) all(ctx context.Context, clusters []news.Cluster) ([]fact, map[string]dossier, error) {
	var facts []fact
	by := map[string]dossier{}
	for _, c := range clusters {
		statements, said, err := l.store.Statements(ctx, c.Slug, mostWeighed)
		if err != nil {
			return nil, nil, err
		}
		by[c.Slug] = l.dossier(statements, said)
		facts = append(facts, by[c.Slug].facts...)
	}
	return facts, by, nil
}

// of gives the dossier of one cluster, as read does. Where the first reading
// of all is still under way, the claims about this one are weighed by
// themselves: its page need not wait for the others.
func (l *ledger) of(ctx context.Context, clusters []news.Cluster, changed time.Time, cluster string) (dossier, error) {
	_, err := l.within(ctx, clusters, changed, 0)
	if errors.Is(err, errBusy) {
		statements, said, err := l.store.Statements(ctx, cluster, mostWeighed)
		if err != nil {
			return dossier{}, err
		}
		return l.dossier(statements, said), nil
	}
	if err != nil {
		return dossier{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.by[cluster], nil
}

// as is the state of the archive that the figures shown were read from.
func (l *ledger) as() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.asOf
}
