package web

import (
	"context"
	"html/template"
	"slices"
	"strings"
	"sync"
	"time"

	"clusterwire/feeds/news"
)

// stand is what most pages need besides their own: the state of the archive
// and the names behind slugs, all read at one time.
type stand struct {
	Stats     news.Stats
	Companies []news.CompanyCount
	Sources   []news.SourceHealth
	Clusters  []news.Cluster

	original func(address string) string // see Config.Original

	company map[string]news.Company
	source  map[string]news.Source
	cluster map[string]news.Cluster

	// The entries of the selects of a search, the same on every page of it.
	companyOptions, sourceOptions, languageOptions template.HTML
}

// shelf keeps the newest stand for as long as nothing changes. Safe for
// concurrent use.
type shelf struct {
	store    Store
	original func(address string) string

	mu   sync.Mutex
	last *stand
	made time.Time // of last.Stats
}

// statsTime is how old the counts of what readers can't see, such as items
// that wait, may become.
const statsTime = time.Second

// read gives the present stand. Asking whether anything changed is cheap,
// counting is not, and reading it all again even less.
func (s *shelf) read(ctx context.Context) (*stand, error) {
	changed, err := s.store.Changed(ctx)
	if err != nil {
		return nil, err
	}
	if st := s.fresh(changed); st != nil {
		return st, nil
	}
	stats, err := s.store.Stats(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last != nil && sameNames(s.last.Stats, stats) {
		fresh := *s.last
		fresh.Stats = stats
		s.last, s.made = &fresh, time.Now()
		return s.last, nil
	}
	st, err := s.fill(ctx, stats)
	if err != nil {
		return nil, err
	}
	s.last, s.made = st, time.Now()
	return st, nil
}

// fresh gives the last stand if it is the present one.
func (s *shelf) fresh(changed time.Time) *stand {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last != nil && s.last.Stats.Changed.Equal(changed) && time.Since(s.made) < statsTime {
		return s.last
	}
	return nil
}

// sameNames reports whether nothing changed that a stand holds.
func sameNames(a, b news.Stats) bool {
	return a.Changed.Equal(b.Changed) && a.Sources == b.Sources && a.Feeds == b.Feeds && a.Companies == b.Companies
}

func (s *shelf) fill(ctx context.Context, stats news.Stats) (*stand, error) {
	st := &stand{Stats: stats, original: s.original, company: map[string]news.Company{}, source: map[string]news.Source{}, cluster: map[string]news.Cluster{}}
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
	st.options()
	return st, nil
}

// options writes the entries of the selects of a search: what there is
// something of, by name.
func (st *stand) options() {
	var companies, sources, languages []option
	known := map[string]bool{}
	for _, c := range st.Companies {
		if c.Articles > 0 {
			companies = append(companies, option{c.Company.Slug, c.Company.Name})
		}
	}
	for _, h := range st.Sources {
		if h.Articles > 0 {
			sources = append(sources, option{h.Source.Slug, h.Source.Name})
		}
		if tag := h.Source.Language; tag != "" && !known[tag] {
			known[tag], languages = true, append(languages, option{tag, languageName(tag)})
		}
	}
	st.companyOptions, st.sourceOptions, st.languageOptions = optionsOf(companies), optionsOf(sources), optionsOf(languages)
}

// optionsOf writes options as HTML, in the order of their names.
func optionsOf(list []option) template.HTML {
	slices.SortFunc(list, func(a, b option) int { return strings.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text)) })
	var b strings.Builder
	for _, o := range list {
		b.WriteString(`<option value="` + template.HTMLEscapeString(o.Value) + `">` + template.HTMLEscapeString(o.Text) + "</option>")
	}
	return template.HTML(b.String())
}

// open is where a browser finds what stands at a publisher's address.
func (st *stand) open(address string) string {
	if st.original == nil {
		return address
	}
	return st.original(address)
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
