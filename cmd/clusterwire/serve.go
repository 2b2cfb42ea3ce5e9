package main

import (
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"clusterwire/feeds"
)

type serveCmd struct {
	listenFlag
}

// Help shows an example.
func (serveCmd) Help() string {
	return `Opens or creates the database, takes in the catalog of sources on first start, polls what is due, and serves the site and the API until it is stopped.

Example:

    clusterwire serve --listen 127.0.0.1:8080 --contact https://news.example/about`
}

// Run serves until the program is asked to stop.
func (c *serveCmd) Run(e *env) error {
	r, err := openRooms(e)
	if err != nil {
		return err
	}
	defer r.close()
	handler, err := site(r.db, c.BaseURL, r.log)
	if err != nil {
		return err
	}
	ln, err := listen(e.ctx, c.Listen)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "listening on http://%s\n", ln.Addr())

	line := r.line(feeds.Config{})
	g, ctx := errgroup.WithContext(e.ctx)
	g.Go(func() error { return serveSite(ctx, ln, handler, r.log) })
	g.Go(func() error { return line.Run(ctx) })
	g.Go(func() error { return rereadAll(ctx, line, r) })
	if err := g.Wait(); err != nil && !errors.Is(err, e.ctx.Err()) {
		return err
	}
	return nil
}
