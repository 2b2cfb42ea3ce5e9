package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"

	"clusterwire/feeds/news"
	"clusterwire/store/query"
)

// Complete returns up to limit ways to complete the last word of a query:
// fields, their values, and companies, clusters, topics and sources by name.
// Companies come in the order of how many articles name them.
func (d *DB) Complete(ctx context.Context, text string, limit int) ([]news.Completion, error) {
	var l *lists
	articles := map[string]int{}
	err := d.snapshot(ctx, func(s *sql.Tx) (err error) {
		if l, err = d.lists(ctx, s); err != nil {
			return err
		}
		rows, err := s.QueryContext(ctx, "SELECT company, articles FROM company_total")
		return eachRow(rows, err, func(scan func(dest ...any) error) error {
			var slug string
			var n int
			err := scan(&slug, &n)
			articles[slug] = n
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	names := l.names()
	slices.SortStableFunc(names, func(a, b query.Name) int {
		if a.Field != "company" || b.Field != "company" {
			return 0
		}
		return cmp.Compare(articles[b.Slug], articles[a.Slug])
	})
	return query.Complete(text, names, limit), nil
}

// names are what a query may name, by field and slug.
func (l *lists) names() []query.Name {
	var all []query.Name
	for _, slug := range keys(l.companies) {
		all = append(all, query.Name{Field: "company", Slug: slug, Label: l.companies[slug].Name})
	}
	for _, slug := range keys(l.clusters) {
		all = append(all, query.Name{Field: "cluster", Slug: slug, Label: l.clusters[slug].Name})
	}
	for _, t := range news.Topics() {
		all = append(all, query.Name{Field: "topic", Slug: string(t), Label: string(t)})
	}
	for _, slug := range keys(l.sources) {
		all = append(all, query.Name{Field: "source", Slug: slug, Label: l.sources[slug].Name})
	}
	return all
}

// mostMeant is how many words of a query are compared with names.
const mostMeant = 8

// meant gives a query with names of companies and clusters in place of words
// that are near to them and stand in no article; "" if there are none.
func (d *DB) meant(ctx context.Context, s *sql.Tx, p *plan, text string) (string, error) {
	words := strings.Fields(text)
	var spelled map[string]string // made when it is needed
	changed, asked := false, 0
	for i, w := range words {
		terms := query.Analyze(w)
		if len(terms) != 1 || len(terms[0].Term) < 3 || strings.ContainsAny(w, `:"*`) || terms[0].Term[0] >= 0x80 {
			continue
		}
		if asked++; asked > mostMeant {
			break
		}
		of, err := d.sets.matching(ctx, s, p, &query.Node{Op: query.OpPhrase, Terms: []string{terms[0].Term}})
		if err != nil {
			return "", err
		}
		if !of.IsEmpty() {
			continue
		}
		if spelled == nil {
			spelled = p.lists.spelled()
		}
		if near := query.Nearest(terms[0].Term, keys(spelled)); near != "" {
			words[i], changed = strings.Replace(w, strings.Trim(w, "()-+"), spelled[near], 1), true
		}
	}
	if !changed {
		return "", nil
	}
	return strings.Join(words, " "), nil
}

// spelled are the words of the names of companies and clusters, by their index
// terms.
func (l *lists) spelled() map[string]string {
	out := map[string]string{}
	add := func(name string) {
		for _, w := range strings.Fields(name) {
			if terms := query.Analyze(w); len(terms) == 1 && out[terms[0].Term] == "" {
				out[terms[0].Term] = w
			}
		}
	}
	for _, slug := range keys(l.companies) {
		add(l.companies[slug].Name)
	}
	for _, slug := range keys(l.clusters) {
		add(l.clusters[slug].Name)
	}
	return out
}
