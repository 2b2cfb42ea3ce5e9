package web

import "context"

// filling is how far an archive is that has only begun.
type filling struct {
	Asked, Feeds int // feeds asked at least once, of all
	Waiting      int // articles to be opened
	Aside        int // read, and off the topic
}

const (
	young       = 200 // articles, from which on an archive is no longer called new
	renewalTime = 8   // seconds after which the page of an empty archive is asked for again without scripts
)

// filling is nil for an archive that is filled, or has no feeds.
func (s *site) filling(ctx context.Context, st *stand) (*filling, error) {
	if st.Stats.Articles >= young {
		return nil, nil
	}
	all, err := s.store.Sources(ctx)
	if err != nil {
		return nil, err
	}
	f := filling{Waiting: st.Stats.ToOpen, Aside: st.Stats.Hidden}
	for _, h := range all {
		for _, feed := range h.Feeds {
			if f.Feeds++; !feed.Checked.IsZero() {
				f.Asked++
			}
		}
	}
	if f.Feeds == 0 || f.Asked == f.Feeds && (f.Waiting == 0 || st.Stats.Articles > 0) {
		return nil, nil
	}
	return &f, nil
}
