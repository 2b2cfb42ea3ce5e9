package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"clusterwire/feeds"
	"clusterwire/feeds/news"
)

type backfillCmd struct {
	Source string `arg:"" help:"The publisher's short name, see \"sources list\"."`
	Since  string `help:"How far to go back, such as 2024-07-01." required:""`
	JSON   bool   `help:"Print what was done as JSON."`
}

// Help shows an example.
func (backfillCmd) Help() string {
	return `Walks back through a publisher's archived feeds, paged feeds and sitemaps, at most 50 pages a feed and one request a second, and opens what it finds. Can be interrupted; called again it goes on.

Example:

    clusterwire backfill servethehome --since 2024-07-01`
}

// Run walks back.
func (c *backfillCmd) Run(e *env) error {
	since, err := parseMoment(c.Since)
	if err != nil {
		return &usageError{fmt.Errorf("--since: %w", err)}
	}
	r, err := openRooms(e)
	if err != nil {
		return err
	}
	defer r.close()
	m := newMeter(e.err)
	summary, err := r.line(feeds.Config{Progress: m.show}).Backfill(e.ctx, c.Source, since)
	m.done()
	switch {
	case errors.Is(err, news.ErrNotFound):
		return fmt.Errorf("no source is called %q: see \"clusterwire sources list\"", c.Source)
	case e.ctx.Err() != nil:
		return &partialError{"interrupted: call it again to go on"}
	case err != nil:
		return err
	}
	if c.JSON {
		return json.NewEncoder(e.out).Encode(summary)
	}
	_, err = fmt.Fprintln(e.out, summary.String())
	return err
}
