package web

import (
	"context"
	"sync"

	"clusterwire/feeds/news"
)

// stand is what most pages need besides their own: the state of the archive
// and the names behind slugs, all read at one time.
type stand struct {
	Stats     news.Stats
	Companies []news.CompanyCount
	Sources   []news.SourceHealth
	Clusters  []news.Cluster

	company map[string]news.Company
	source  map[string]news.Source
	cluster map[string]news.Cluster
}

// shelf keeps the newest stand for as long as nothing changes. Safe for
// concurrent use.
type shelf struct {
	store Store

	mu   sync.Mutex
	last *stand
}

// read gives the present stand. Asking whether anything changed is cheap,
// reading it all again is not.
func (s *shelf) read(ctx context.Context) (*stand, error) {
	stats, err := s.store.Stats(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last != nil && sameNames(s.last.Stats, stats) {
		fresh := *s.last
		fresh.Stats = stats
		return &fresh, nil
	}
	st, err := s.fill(ctx, stats)
	if err != nil {
		return nil, err
	}
	s.last = st
	return st, nil
}

// sameNames reports whether nothing changed that a stand holds.
func sameNames(a, b news.Stats) bool {
	return a.Changed.Equal(b.Changed) && a.Sources == b.Sources && a.Feeds == b.Feeds && a.Companies == b.Companies
}

func (s *shelf) fill(ctx context.Context, stats news.Stats) (*stand, error) {
	st := &stand{Stats: stats, company: map[string]news.Company{}, source: map[string]news.Source{}, cluster: map[string]news.Cluster{}}
	var err error
	if st.Companies, err = s.store.Companies(ctx); err != nil {
		return nil, err
	}
	if st.Sources, err = s.store.Sources(ctx); err != nil {
		return nil, err
	}
	if st.Clusters, err = s.store.Clusters(ctx); err != nil {
		return nil, err
	}
	for _, c := range st.Companies {
		st.company[c.Company.Slug] = c.Company
	}
	for _, h := range st.Sources {
		st.source[h.Source.Slug] = h.Source
	}
	for _, c := range st.Clusters {
		st.cluster[c.Slug] = c
	}
	return st, nil
}

// companyName is the name behind a slug, or the slug where it is unknown.
func (st *stand) companyName(slug string) string {
	if c, ok := st.company[slug]; ok && c.Name != "" {
		return c.Name
	}
	return slug
}

func (st *stand) sourceName(slug string) string {
	if s, ok := st.source[slug]; ok && s.Name != "" {
		return s.Name
	}
	return slug
}

func (st *stand) clusterName(slug string) string {
	if c, ok := st.cluster[slug]; ok && c.Name != "" {
		return c.Name
	}
	return slug
}
