package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"clusterwire/feeds"
	"clusterwire/store"
	"clusterwire/web"
	"clusterwire/web/dump"
)

type dumpCmd struct {
	Dir     string `arg:"" help:"Directory to write to."`
	BaseURL string `help:"Public address of the site, where it has one: rows name their pages there." env:"CLUSTERWIRE_BASE_URL" placeholder:"URL"`
}

// Help shows an example.
func (dumpCmd) Help() string {
	return `Writes the whole archive as files: articles by the day on which they came, and tables of stories, claims, clusters, companies and sources; each as NDJSON and as Parquet, with manifest.json. Run again, it writes what changed. Stopped, it goes on where it was. "serve" may go on meanwhile; with --dumps it does this by itself every day.

Example:

    clusterwire dump /srv/clusterwire-dumps`
}

// Run writes what changed since the last run.
func (c *dumpCmd) Run(e *env) error {
	db, err := openArchive(e)
	if err != nil {
		return err
	}
	defer closeArchive(db, e.err)
	m := newMeter(e.err)
	defer m.done()
	made, err := dumpOnce(e.ctx, db, c.BaseURL, c.Dir, m)
	if interrupted(e.ctx, err) {
		return &partialError{"stopped; run it again to go on"}
	}
	if err != nil {
		return err
	}
	m.done()
	rows, bytes := 0, int64(0)
	for _, f := range made.Files {
		bytes += f.Bytes
		if f.Table == "articles" && f.Format == dump.Parquet {
			rows += f.Rows
		}
	}
	_, err = fmt.Fprintf(e.out, "%s: %d articles and the tables in %d files, %.1f MB\n", c.Dir, rows, len(made.Files), float64(bytes)/1e6)
	return err
}

// dumpOnce writes what changed, unless another process is at it.
func dumpOnce(ctx context.Context, db *store.DB, baseURL, dir string, m *meter) (made dump.Manifest, err error) {
	secret, err := db.Secret(ctx)
	if err != nil {
		return dump.Manifest{}, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return dump.Manifest{}, fmt.Errorf("directory for dumps: %w", err)
	}
	unlock, err := store.Lock(filepath.Join(dir, dump.ManifestName), "another dump is being written there")
	if err != nil {
		return dump.Manifest{}, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	return web.Dump(ctx, siteConfig(db, baseURL, secret), dir, func(table string, done, of int) {
		m.show(feeds.Progress{Stage: "dump of " + table, Done: done, Total: of})
	})
}

const (
	dumpAfter = 10 * time.Minute // past midnight UTC, when the day before is whole
	dumpLook  = time.Minute      // how often the clock is looked at, which may be set or sleep
	dumpRetry = time.Hour        // after a dump that failed
)

// dumpDaily writes a dump once a day of UTC, and at the start where the last
// one is of another day, until ctx ends. A dump that fails is tried again.
func dumpDaily(ctx context.Context, db *store.DB, baseURL, dir string, log *slog.Logger) error {
	tick := time.NewTicker(dumpLook)
	defer tick.Stop()
	var retry time.Time
	for {
		if now := time.Now(); dumpDue(dir, now) && !now.Before(retry) {
			retry = now.Add(dumpRetry)
			made, err := dumpOnce(ctx, db, baseURL, dir, newMeter(io.Discard))
			switch {
			case ctx.Err() != nil:
			case err != nil:
				log.Error("no dump was written", "dir", dir, "error", err)
			default:
				log.Info("dump written", "dir", dir, "files", len(made.Files), "took", time.Since(now).Round(time.Millisecond))
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// dumpDue reports whether the dump in a directory is of a day before.
func dumpDue(dir string, now time.Time) bool {
	m, err := dump.Read(dir)
	if err != nil || m.Generated == nil {
		return true
	}
	return m.Generated.UTC().Format(time.DateOnly) < now.UTC().Add(-dumpAfter).Format(time.DateOnly)
}
