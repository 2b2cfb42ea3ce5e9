package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"clusterwire/feeds/news"
	"clusterwire/store/query"
)

// recentDays is the span of CompanyCount.Recent.
const recentDays = 30

// Companies returns every company of the registry, most articles first. The
// counts come from tables kept with each write.
func (d *DB) Companies(ctx context.Context) ([]news.CompanyCount, error) {
	return d.companies(ctx, "WHERE c.listed")
}

// Company returns one company, also one that has left the registry.
func (d *DB) Company(ctx context.Context, slug string) (news.CompanyCount, error) {
	list, err := d.companies(ctx, "WHERE c.slug = ?", slug)
	if err == nil && len(list) == 0 {
		err = news.ErrNotFound
	}
	if err != nil {
		return news.CompanyCount{}, err
	}
	return list[0], nil
}

func (d *DB) companies(ctx context.Context, where string, args ...any) ([]news.CompanyCount, error) {
	list := []news.CompanyCount{}
	err := d.snapshot(ctx, func(s *sql.Tx) error {
		newest, err := newestID(ctx, s, query.FilterToken(query.FilterVisible, "1"))
		if err != nil {
			return err
		}
		rows, err := s.QueryContext(ctx, `SELECT c.slug, c.name, c.country, c.kind, c.site, coalesce(t.articles, 0), coalesce(t.subject, 0), coalesce(r.n, 0)
			FROM company c LEFT JOIN company_total t ON t.company = c.slug
			LEFT JOIN (SELECT company, sum(articles) AS n FROM company_day WHERE day > ? GROUP BY company) r ON r.company = c.slug `+where,
			append([]any{dayOf(newest) - recentDays}, args...)...)
		err = eachRow(rows, err, func(scan func(dest ...any) error) error {
			var c news.CompanyCount
			err := scan(&c.Company.Slug, &c.Company.Name, &c.Company.Country, &c.Company.Kind, &c.Company.Site, &c.Articles, &c.Subject, &c.Recent)
			list = append(list, c)
			return err
		})
		if err != nil {
			return err
		}
		for i := range list {
			if list[i].Articles == 0 {
				continue
			}
			id, err := newestID(ctx, s, query.FilterToken(query.FilterVisible, "1"), query.FilterToken(query.FilterCompany, list[i].Company.Slug))
			if err != nil {
				return err
			}
			if list[i].Newest, err = published(ctx, s, id); err != nil {
				return err
			}
		}
		return nil
	})
	slices.SortFunc(list, func(a, b news.CompanyCount) int {
		return cmp.Or(b.Articles-a.Articles, cmp.Compare(a.Company.Name, b.Company.Name), cmp.Compare(a.Company.Slug, b.Company.Slug))
	})
	return list, err
}

// newestID returns the newest article that has all of the filters, 0 if none.
func newestID(ctx context.Context, s *sql.Tx, tokens ...string) (id int64, err error) {
	var filters [][]string
	for _, t := range tokens {
		filters = append(filters, []string{t})
	}
	err = s.QueryRowContext(ctx, "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT 1", query.Tree{}.Expr(filters...)).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

func published(ctx context.Context, s *sql.Tx, id int64) (time.Time, error) {
	var at instant
	err := s.QueryRowContext(ctx, "SELECT published FROM article WHERE id = ?", id).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return at.t, err
}

// Changed is Stats.Changed alone, which costs next to nothing to ask.
func (d *DB) Changed(ctx context.Context) (time.Time, error) {
	var changed instant
	err := d.r.QueryRowContext(ctx, "SELECT value FROM state WHERE key = 'changed'").Scan(&changed)
	return changed.t, err
}

// Stats describes the archive. Changed grows with every write that readers
// can see.
func (d *DB) Stats(ctx context.Context) (news.Stats, error) {
	var st news.Stats
	var changed instant
	err := d.snapshot(ctx, func(s *sql.Tx) error {
		err := s.QueryRowContext(ctx, `SELECT
			(SELECT coalesce(sum(articles), 0) FROM source),
			(SELECT value FROM state WHERE key = 'articles'),
			(SELECT count(*) FROM item WHERE due IS NOT NULL),
			(SELECT count(*) FROM source WHERE removed = 0),
			(SELECT count(*) FROM feed),
			(SELECT count(*) FROM feed WHERE failures > 0),
			(SELECT count(*) FROM company_total WHERE articles > 0),
			(SELECT value FROM state WHERE key = 'changed')`).
			Scan(&st.Articles, &st.Hidden, &st.ToOpen, &st.Sources, &st.Feeds, &st.Failing, &st.Companies, &changed)
		if err != nil {
			return err
		}
		st.Hidden -= st.Articles // of all, which are never deleted
		st.Changed = changed.t
		newest, err := newestID(ctx, s, query.FilterToken(query.FilterVisible, "1"))
		if err != nil {
			return err
		}
		if st.Newest, err = published(ctx, s, newest); err != nil {
			return err
		}
		return s.QueryRowContext(ctx, "SELECT count(*) FROM language_total WHERE articles > 0").Scan(&st.Languages)
	})
	return st, err
}
