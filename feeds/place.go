package feeds

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"clusterwire/feeds/clean"
	"clusterwire/feeds/news"
	matching "clusterwire/feeds/story"
)

// How much is compared for one article. With these bounds its cost does not
// grow with the archive.
const (
	tellingTerms  = 12  // by which its neighbours are looked up
	mostNeighbour = 24  // articles that it is compared with: those that share most
	mostLinks     = 48  // links of an article that are known
	mostMembers   = 300 // articles of a story that are weighed
	placeBatch    = 50  // articles placed in one transaction
	weighBatch    = 100 // stories weighed in one transaction
	manyPlaced    = 500 // articles, after which placing says how far it is
)

// weighEvery is how often stories are weighed while articles keep arriving: a
// story that grows is not weighed for each of its articles.
const weighEvery = time.Second

// placer finds stories beside the opening of pages. Construct it with
// newPlacer, tell it of articles with wake, and end it with close.
type placer struct {
	line *Line
	due  chan struct{}
	done sync.WaitGroup
}

// newPlacer starts a placer. failed is called with the store's error, after
// which nothing more is placed.
func newPlacer(ctx context.Context, l *Line, failed context.CancelCauseFunc) *placer {
	p := &placer{line: l, due: make(chan struct{}, 1)}
	p.wake() // what an earlier pass left
	p.done.Go(func() {
		for range p.due {
			if err := l.placeDue(ctx); err != nil {
				failed(err)
				return
			}
		}
	})
	return p
}

// wake says that there may be articles to place.
func (p *placer) wake() {
	select {
	case p.due <- struct{}{}:
	default:
	}
}

// close waits until all that it was told of is placed.
func (p *placer) close() {
	p.wake()
	close(p.due)
	p.done.Wait()
}

// Place finds the stories of all articles that wait for it, as every pass
// does. An archive that was made before there were stories has much to do.
func (l *Line) Place(ctx context.Context) error { return cmp.Or(l.placeDue(ctx), ctx.Err()) }

// placeDue finds the story of every article that was stored or changed since
// it was last placed, and weighs the stories that changed by it. What is left
// to do stands in the store, so a pass that is cut off is taken up by the next.
func (l *Line) placeDue(ctx context.Context) error {
	l.placing.Lock()
	defer l.placing.Unlock()
	weighed := time.Now()
	for placed := 0; ctx.Err() == nil; {
		due, err := l.store.Unplaced(ctx, placeBatch)
		if err != nil {
			return err
		}
		if len(due) == 0 || time.Since(weighed) > weighEvery {
			if err := l.weighDue(ctx); err != nil || len(due) == 0 {
				return err
			}
			weighed = time.Now()
		}
		if err := l.place(ctx, due); err != nil {
			return err
		}
		if placed += len(due); placed > manyPlaced {
			l.progress(Progress{Stage: "place", Done: placed, Total: placed})
		}
	}
	return nil
}

// place finds the stories of some articles.
func (l *Line) place(ctx context.Context, due []news.Unplaced) error {
	arrivals := make([]news.Arrival, len(due))
	features := make([]matching.Features, len(due))
	var g errgroup.Group
	for i, u := range due {
		g.Go(func() (err error) {
			arrivals[i], features[i], err = l.arrival(ctx, u)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return l.store.Place(ctx, arrivals, mostNeighbour, func(i int, around []news.Neighbour) (news.Placement, error) {
		candidates := make([]matching.Candidate, len(around))
		for j, n := range around {
			f, err := matching.Unpack(n.Features)
			if err != nil {
				return news.Placement{}, fmt.Errorf("article %d: %w", n.Article, err)
			}
			candidates[j] = matching.Candidate{Story: n.Story, Features: f}
		}
		d := l.reader.stories.Decide(features[i], candidates)
		return news.Placement{Story: d.Story, Merge: d.Merge, Score: d.Score, Reason: d.Reason}, nil
	})
}

// arrival is what matching and the store need to know of an article.
func (l *Line) arrival(ctx context.Context, u news.Unplaced) (a news.Arrival, f matching.Features, err error) {
	a = news.Arrival{Article: u.Article, Revision: u.Revision, Touched: u.Touched, Gone: !u.Relevant}
	if a.Gone {
		return a, f, nil
	}
	a.From, a.Until = u.Published.Add(-matching.Reach), u.Published.Add(matching.Reach)
	if a.Features = l.fresh.take(u); a.Features == nil {
		if a.Features, err = l.features(ctx, u); err != nil {
			return a, f, err
		}
	}
	f, err = matching.Unpack(a.Features) // as its neighbours will see it, so that order matters less
	a.Terms = f.Telling(tellingTerms)
	return a, f, err
}

// features are what matching knows of a stored article, packed.
func (l *Line) features(ctx context.Context, u news.Unplaced) (packed []byte, err error) {
	o, err := l.store.Opened(ctx, u.Article)
	if err != nil {
		return nil, err
	}
	// A defect was logged by compute; the article is placed without features
	// then, which makes it a story of its own.
	_ = l.compute(func() error {
		packed = l.reader.Features(o.Article, o.Reading).Pack()
		return nil
	})
	if packed == nil {
		packed = matching.Features{Published: u.Published}.Pack()
	}
	return packed, nil
}

// weighDue weighs the stories that changed.
func (l *Line) weighDue(ctx context.Context) error {
	for ctx.Err() == nil {
		due, err := l.store.Unweighed(ctx, weighBatch)
		if err != nil || len(due) == 0 {
			return err
		}
		weighings := make([]news.Weighing, len(due))
		for i, id := range due {
			if weighings[i], err = l.weigh(ctx, id); err != nil {
				return fmt.Errorf("story %d: %w", id, err)
			}
		}
		if err := l.store.Weigh(ctx, weighings); err != nil {
			return err
		}
	}
	return nil
}

func (l *Line) weigh(ctx context.Context, id int64) (news.Weighing, error) {
	members, changed, err := l.store.Members(ctx, id, mostMembers)
	if err != nil {
		return news.Weighing{}, err
	}
	reports := make([]matching.Report, len(members))
	for i, m := range members {
		f, err := matching.Unpack(m.Features)
		if err != nil {
			return news.Weighing{}, fmt.Errorf("article %d: %w", m.Article, err)
		}
		reports[i] = matching.Report{Article: m.Article, Source: m.Source, Published: m.Published, Claims: m.Claims, Features: f}
	}
	w := l.reader.stories.Weigh(reports)
	w.Story, w.Changed = id, changed
	return w, nil
}

// Features are what matching knows of a stored article.
func (r *Reader) Features(a news.Article, reading news.Reading) matching.Features {
	t := textOf(a)
	t.URL = clean.Canonical(t.URL)
	f := r.stories.Featurize(t, reading)
	for _, link := range a.Links {
		if c := clean.Canonical(link); c != "" && len(f.Links) < mostLinks {
			f.Links = append(f.Links, matching.LinkTo(c))
		}
	}
	return f
}
