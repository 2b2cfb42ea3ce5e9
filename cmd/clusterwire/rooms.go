package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"

	"clusterwire/feeds"
	"clusterwire/feeds/fetch"
	"clusterwire/feeds/news"
	"clusterwire/store"
)

// rooms is the house opened for work: what serve, collect and demo stand on.
type rooms struct {
	db     *store.DB
	fetch  *fetch.Client
	reader *feeds.Reader
	log    *slog.Logger
}

// openRooms opens the database for writing, brings its registries up to date
// and, if it has no source yet, takes in the catalog.
func openRooms(e *env) (*rooms, error) {
	r, err := openBareRooms(e)
	if err != nil {
		return nil, err
	}
	if err := r.furnish(e.ctx); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

// openBareRooms is openRooms without the catalog, for those who bring a list of
// their own.
func openBareRooms(e *env) (*rooms, error) {
	path, err := e.common.database()
	if err != nil {
		return nil, err
	}
	client, err := newClient(e.common)
	if err != nil {
		return nil, err
	}
	r := &rooms{fetch: client, log: newLog(e.err)}
	m := newMeter(e.err)
	r.db, err = store.Open(e.ctx, path, store.Progress(func(step, of int, name string) {
		m.show(feeds.Progress{Stage: name, Done: step, Total: of})
	}))
	m.done()
	if err != nil {
		return nil, err
	}
	if err := r.learn(e.ctx); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

// learn makes the reader, with the clusters that a person confirmed, and
// brings the registries of the database up to date.
func (r *rooms) learn(ctx context.Context) error {
	confirmed, err := r.db.Confirmed(ctx)
	if err != nil {
		return err
	}
	if r.reader, err = feeds.NewReader(confirmed...); err != nil {
		return err
	}
	return syncRegistries(ctx, r.db, r.reader)
}

// newClient is the one door to the net.
func newClient(s settings) (*fetch.Client, error) {
	allowed, err := s.allowed()
	if err != nil {
		return nil, err
	}
	return fetch.New(fetch.Config{UserAgent: s.userAgent(), Allow: allowed})
}

// furnish takes in the catalog where there is no source yet.
func (r *rooms) furnish(ctx context.Context) error {
	empty, err := r.db.IsEmpty(ctx)
	if err != nil || !empty {
		return err
	}
	catalog, err := feeds.Catalog()
	if err != nil {
		return err
	}
	sources := make([]news.SourceHealth, len(catalog))
	for i, entry := range catalog {
		sources[i] = news.SourceHealth{Source: entry.Source, Feeds: entry.Feeds}
	}
	if err := r.db.AddSources(ctx, sources); err != nil {
		return fmt.Errorf("catalog: %w", err)
	}
	return nil
}

// syncRegistries writes today's companies and clusters into the database, so
// that readers find names for slugs.
func syncRegistries(ctx context.Context, db *store.DB, r *feeds.Reader) error {
	if err := db.SyncCompanies(ctx, r.Companies()); err != nil {
		return err
	}
	return db.SyncClusters(ctx, r.Clusters())
}

// line returns the line over these rooms.
func (r *rooms) line(c feeds.Config) *feeds.Line {
	c.Store, c.Fetch, c.Reader, c.Log = r.db, r.fetch, r.reader, r.log
	return feeds.New(c)
}

// close closes the database.
func (r *rooms) close() {
	if err := r.db.Close(); err != nil {
		r.log.Error("closing the database", "error", err)
	}
}

// openArchive opens the database to look things up in, which needs no lock.
func openArchive(e *env) (*store.DB, error) {
	path, err := e.common.database()
	if err != nil {
		return nil, err
	}
	db, err := store.OpenReadOnly(e.ctx, path)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w: serve, collect and restore make an archive, or choose another --db", err)
	}
	return db, err
}

// newLog returns the program's log: notes for a person, on standard error.
func newLog(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }
