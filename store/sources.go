package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"clusterwire/feeds/news"
)

// IsEmpty reports whether no source has ever been added.
func (d *DB) IsEmpty(ctx context.Context) (bool, error) {
	var n int
	err := d.r.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM source)").Scan(&n)
	return n == 0, err
}

// SyncCompanies makes the registry of companies the one given. Companies that
// left it are kept for the articles that name them.
func (d *DB) SyncCompanies(ctx context.Context, companies []news.Company) error {
	return d.write(ctx, func(t *tx) error {
		if _, err := t.exec("UPDATE company SET listed = 0"); err != nil {
			return err
		}
		for _, c := range companies {
			_, err := t.exec(`INSERT INTO company (slug, name, country, kind, site, listed) VALUES (?, ?, ?, ?, ?, 1)
				ON CONFLICT (slug) DO UPDATE SET name = excluded.name, country = excluded.country, kind = excluded.kind, site = excluded.site, listed = 1`,
				c.Slug, c.Name, c.Country, c.Kind, c.Site)
			if err != nil {
				return fmt.Errorf("company %s: %w", c.Slug, err)
			}
		}
		return t.registry()
	})
}

// SyncClusters makes the registry of clusters the one given. Clusters that an
// import knows stay listed, see ImportStatements, and those that a person
// confirmed stay confirmed.
func (d *DB) SyncClusters(ctx context.Context, clusters []news.Cluster) error {
	return d.write(ctx, func(t *tx) error {
		if _, err := t.exec("UPDATE cluster SET listed = "+listedByImport+" WHERE listed <> ?", byImport, byPerson); err != nil {
			return err
		}
		for _, c := range clusters {
			aliases, err := toJSON(c.Aliases)
			if err != nil {
				return err
			}
			_, err = t.exec(`INSERT INTO cluster (slug, name, aliases, operator, owner, place, country, note, listed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (slug) DO UPDATE SET name = excluded.name, aliases = excluded.aliases, operator = excluded.operator, owner = excluded.owner,
				place = excluded.place, country = excluded.country, note = excluded.note, listed = iif(listed = ?, listed, excluded.listed)`,
				c.Slug, c.Name, aliases, c.Operator, c.Owner, c.Place, c.Country, c.Note, byRegistry, byPerson)
			if err != nil {
				return fmt.Errorf("cluster %s: %w", c.Slug, err)
			}
		}
		return t.registry()
	})
}

// AddSource adds a source with its feeds, or changes what describes them. The
// polling state of feeds that are known stays; feeds that are not among those
// given stay too. A feed's Kind and Selector are replaced only where given.
func (d *DB) AddSource(ctx context.Context, s news.Source, feeds []news.Feed) error {
	return d.AddSources(ctx, []news.SourceHealth{{Source: s, Feeds: feeds}})
}

// AddSources is AddSource for many, in one transaction. Of each it takes the
// Source and the Feeds.
func (d *DB) AddSources(ctx context.Context, sources []news.SourceHealth) error {
	return d.write(ctx, func(t *tx) error {
		for _, s := range sources {
			if err := t.addSource(s.Source, s.Feeds); err != nil {
				return err
			}
		}
		return t.registry()
	})
}

func (t *tx) addSource(s news.Source, feeds []news.Feed) error {
	if s.Slug == "" {
		return &news.BadInputError{Field: "slug", Reason: "is empty"}
	}
	_, err := t.exec(`INSERT INTO source (slug, name, site, kind, language, country, trust, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (slug) DO UPDATE SET name = excluded.name, site = excluded.site, kind = excluded.kind, language = excluded.language,
		country = excluded.country, trust = excluded.trust, note = excluded.note, removed = 0`,
		s.Slug, s.Name, s.Site, s.Kind, s.Language, s.Country, s.Trust, s.Note)
	if err != nil {
		return err
	}
	for _, f := range feeds {
		if f.URL == "" {
			return &news.BadInputError{Field: "url", Reason: "a feed of " + s.Slug + " has no address"}
		}
		if err := t.addFeed(s.Slug, f); err != nil {
			return fmt.Errorf("feed %s: %w", f.URL, err)
		}
	}
	return nil
}

func (t *tx) addFeed(source string, f news.Feed) error {
	if f.State == "" {
		f.State = news.FeedActive
	}
	extra, err := toJSON(extraOf(f))
	if err != nil {
		return err
	}
	// An address that a feed had before it moved is that feed.
	moved, err := t.row(`SELECT feed.id FROM feed, json_each(feed.extra, '$.Aliases') a WHERE feed.source = ? AND a.value = ?`,
		[]any{source, f.URL}, new(int64))
	if err != nil || moved {
		return err
	}
	var other string
	elsewhere, err := t.row("SELECT source FROM feed WHERE url = ? AND source <> ?", []any{f.URL, source}, &other)
	if err != nil {
		return err
	}
	if elsewhere {
		return &news.BadInputError{Field: "url", Reason: f.URL + " is followed already, as a feed of " + other}
	}
	_, err = t.exec(`INSERT INTO feed (source, url, kind, selector, title, state, etag, last_modified, body_hash, checked, changed, read, interval,
			next, failures, class, error, since, damaged, items, extra)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)
		ON CONFLICT (source, url) DO UPDATE SET kind = iif(excluded.kind = '', kind, excluded.kind),
			selector = iif(excluded.selector = '', selector, excluded.selector)`,
		source, f.URL, f.Kind, f.Selector, f.Title, f.State, f.Validators.ETag, f.Validators.LastModified, f.BodyHash,
		micros(f.Checked), micros(f.Changed), micros(f.Read), int64(f.Interval),
		micros(f.Attempt.Next), f.Attempt.Failures, f.Attempt.Class, f.Attempt.Error, micros(f.Attempt.Since), f.Damaged, extra)
	return err
}

// RemoveSource ends following a source: its feeds and unopened items go, its
// articles stay. It returns news.ErrNotFound if no such source is followed.
func (d *DB) RemoveSource(ctx context.Context, slug string) error {
	return d.write(ctx, func(t *tx) error {
		res, err := t.exec("UPDATE source SET removed = 1 WHERE slug = ? AND removed = 0", slug)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, news.ErrNotFound)
		}
		if _, err := t.exec("DELETE FROM item WHERE source = ? AND article IS NULL", slug); err != nil {
			return err
		}
		if _, err := t.exec("UPDATE item SET due = NULL WHERE source = ? AND due IS NOT NULL", slug); err != nil {
			return err
		}
		if _, err := t.exec("DELETE FROM feed WHERE source = ?", slug); err != nil {
			return err
		}
		return t.registry()
	})
}

// feedExtra is what of a feed is never searched for.
type feedExtra struct {
	Moved   news.Move
	Hub     news.Hub
	Pace    news.Pace
	Aliases []string      `json:",omitempty"`
	Sample  []byte        `json:",omitempty"`
	Sought  *time.Time    `json:",omitempty"`
	Archive *news.Archive `json:",omitempty"`
}

func extraOf(f news.Feed) feedExtra {
	x := feedExtra{Moved: f.Moved, Hub: f.Hub, Pace: f.Pace, Aliases: f.Aliases, Sample: f.Sample}
	if !f.Sought.IsZero() {
		x.Sought = &f.Sought
	}
	if !f.Archive.Since.IsZero() {
		x.Archive = &f.Archive
	}
	return x
}

const feedColumns = `id, source, url, kind, selector, title, state, etag, last_modified, body_hash, checked, changed, read, interval,
	next, failures, class, error, since, damaged, items, extra`

func scanFeed(scan func(dest ...any) error) (f news.Feed, err error) {
	var checked, changed, read, next, since instant
	var interval int64
	var extra []byte
	err = scan(&f.ID, &f.Source, &f.URL, &f.Kind, &f.Selector, &f.Title, &f.State, &f.Validators.ETag, &f.Validators.LastModified, &f.BodyHash,
		&checked, &changed, &read, &interval, &next, &f.Attempt.Failures, &f.Attempt.Class, &f.Attempt.Error, &since, &f.Damaged, &f.Items, &extra)
	if err != nil {
		return f, err
	}
	f.Checked, f.Changed, f.Read, f.Attempt.Next, f.Attempt.Since = checked.t, changed.t, read.t, next.t, since.t
	f.Interval = time.Duration(interval)
	var x feedExtra
	err = json.Unmarshal(extra, &x)
	f.Moved, f.Hub, f.Pace, f.Aliases, f.Sample = x.Moved, x.Hub, x.Pace, x.Aliases, x.Sample
	if x.Archive != nil {
		f.Archive = *x.Archive
	}
	if x.Sought != nil {
		f.Sought = *x.Sought
	}
	return f, err
}

const sourceColumns = "slug, name, site, kind, language, country, trust, note"

func sourceFields(s *news.Source) []any {
	return []any{&s.Slug, &s.Name, &s.Site, &s.Kind, &s.Language, &s.Country, &s.Trust, &s.Note}
}

// Sources returns every source that is followed with its feeds, ordered by name.
func (d *DB) Sources(ctx context.Context) ([]news.SourceHealth, error) {
	list := []news.SourceHealth{}
	at := map[string]int{}
	err := d.snapshot(ctx, func(s *sql.Tx) error {
		rows, err := s.QueryContext(ctx, "SELECT "+sourceColumns+", articles, newest FROM source WHERE removed = 0 ORDER BY name COLLATE NOCASE, slug")
		err = eachRow(rows, err, func(scan func(dest ...any) error) error {
			var h news.SourceHealth
			var newest instant
			if err := scan(append(sourceFields(&h.Source), &h.Articles, &newest)...); err != nil {
				return err
			}
			h.Newest = newest.t
			at[h.Source.Slug] = len(list)
			list = append(list, h)
			return nil
		})
		if err != nil {
			return err
		}
		rows, err = s.QueryContext(ctx, "SELECT "+feedColumns+" FROM feed ORDER BY source, id")
		return eachRow(rows, err, func(scan func(dest ...any) error) error {
			f, err := scanFeed(scan)
			if i, ok := at[f.Source]; ok && err == nil {
				list[i].Feeds = append(list[i].Feeds, f)
			}
			return err
		})
	})
	return list, err
}

// snapshot runs several reads on one state of the archive.
func (d *DB) snapshot(ctx context.Context, f func(s *sql.Tx) error) error {
	s, err := d.r.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	return errors.Join(f(s), s.Rollback())
}
