package feeds

import (
	"context"
	"errors"

	"clusterwire/feeds/clean"
	"clusterwire/feeds/news"
	matching "clusterwire/feeds/story"
)

// How much is compared for one article. With these bounds its cost does not
// grow with the archive.
const (
	tellingTerms  = 12  // by which its neighbours are looked up
	mostNeighbour = 48  // articles that it is compared with: those that share most
	mostMembers   = 300 // articles of a story that are weighed
)

// placeDue finds the story of every article that was stored or changed since
// it was last placed, and weighs the stories that changed by it. What is left
// to do stands in the store, so a pass that is cut off is taken up by the next.
func (l *Line) placeDue(ctx context.Context) error {
	for ctx.Err() == nil {
		due, err := l.store.Unplaced(ctx, batch/10)
		if err != nil {
			return err
		}
		for _, u := range due {
			if err := l.place(ctx, u); err != nil {
				return err
			}
		}
		if err := l.weighDue(ctx); err != nil || len(due) == 0 {
			return err
		}
	}
	return nil
}

// place finds the story of one article.
func (l *Line) place(ctx context.Context, u news.Unplaced) error {
	if !u.Reading.Verdict.Relevant {
		_, err := l.store.Place(ctx, news.Placement{Article: u.Article.ID, Gone: true, Reason: "judged off the topic"})
		return err
	}
	features := l.reader.Features(u.Article, u.Reading)
	p := news.Placement{Article: u.Article.ID, Terms: features.Telling(tellingTerms)}
	var err error
	if p.Features, err = features.Pack(); err != nil {
		return err
	}
	around, err := l.store.Neighbours(ctx, news.Neighbourhood{Article: u.Article.ID, Terms: p.Terms, Limit: mostNeighbour,
		From: u.Article.Published.Add(-matching.Reach), Until: u.Article.Published.Add(matching.Reach)})
	if err != nil {
		return err
	}
	candidates := make([]matching.Candidate, len(around))
	for i, n := range around {
		candidates[i].Story = n.Story
		if candidates[i].Features, err = matching.Unpack(n.Features); err != nil {
			return err
		}
	}
	d := l.reader.stories.Decide(features, candidates)
	p.Story, p.Merge, p.Score, p.Reason = d.Story, d.Merge, d.Score, d.Reason
	_, err = l.store.Place(ctx, p)
	return err
}

// weighDue weighs the stories that changed.
func (l *Line) weighDue(ctx context.Context) error {
	for ctx.Err() == nil {
		due, err := l.store.Unweighed(ctx, batch)
		if err != nil || len(due) == 0 {
			return err
		}
		for _, id := range due {
			if err := l.weigh(ctx, id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *Line) weigh(ctx context.Context, id int64) error {
	members, changed, err := l.store.Members(ctx, id, mostMembers)
	if err != nil {
		return err
	}
	reports := make([]matching.Report, len(members))
	var errs []error
	for i, m := range members {
		f, err := matching.Unpack(m.Features)
		errs = append(errs, err)
		reports[i] = matching.Report{Article: m.Article, Source: m.Source, Published: m.Published, Claims: m.Claims, Features: f}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	w := l.reader.stories.Weigh(reports)
	w.Story = id
	return l.store.Weigh(ctx, w, changed)
}

// Features are what matching knows of a stored article.
func (r *Reader) Features(a news.Article, reading news.Reading) matching.Features {
	t := textOf(a)
	t.URL = clean.Canonical(t.URL)
	f := r.stories.Featurize(t, reading)
	for _, link := range a.Links {
		if c := clean.Canonical(link); c != "" && len(f.Links) < mostNeighbour {
			f.Links = append(f.Links, c)
		}
	}
	return f
}
