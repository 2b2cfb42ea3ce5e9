package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"clusterwire/store/query"
)

// Complete returns up to limit ways to complete the last word of a query, by
// the registries of the archive.
func (d *DB) Complete(ctx context.Context, text string, limit int) ([]query.Completion, error) {
	var l *lists
	err := d.snapshot(ctx, func(s *sql.Tx) (err error) {
		l, err = d.lists(ctx, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	var names []query.Name
	for slug, c := range l.companies {
		names = append(names, query.Name{Field: "company", Slug: slug, Label: c.Name})
	}
	for slug, c := range l.clusters {
		names = append(names, query.Name{Field: "cluster", Slug: slug, Label: c.Name})
	}
	for slug, s := range l.sources {
		names = append(names, query.Name{Field: "source", Slug: slug, Label: s.Name})
	}
	slices.SortFunc(names, func(a, b query.Name) int { return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Slug, b.Slug)) })
	return query.Complete(text, names, limit), nil
}
