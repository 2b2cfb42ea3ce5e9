package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/sync/errgroup"

	"clusterwire/feeds"
)

type serveCmd struct {
	listenFlag

	Dumps string `help:"Directory for daily dumps of the archive, served under /dumps; none are made without." env:"CLUSTERWIRE_DUMPS" placeholder:"DIR"`
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
	line := r.line(feeds.Config{Public: c.BaseURL})
	self, err := c.public(e.common)
	if err != nil {
		return err
	}
	self.dumps = c.Dumps
	handler, err := site(e.ctx, r.db, self, r.log)
	if err != nil {
		return err
	}
	if c.BaseURL != "" {
		handler = withHubs(handler, line)
	}
	ln, err := listen(e.ctx, c.Listen)
	if err != nil {
		return err
	}
	door := openDoor(e.ctx, r)
	fmt.Fprintf(e.out, "listening on http://%s\n", ln.Addr())

	g, ctx := errgroup.WithContext(e.ctx)
	g.Go(func() error {
		keepWarm(ctx, r, func() { readAhead(ctx, handler, c.BaseURL) })
		return nil
	})
	g.Go(func() error { return serveSite(ctx, ln, handler, r.log) })
	g.Go(func() error {
		if err := line.CatchUp(ctx); err != nil && ctx.Err() == nil {
			r.log.Error("feeds that fell due while nothing ran are asked all at once", "error", err)
		}
		return line.Run(ctx)
	})
	g.Go(func() error { return rereadAll(ctx, line, r) })
	g.Go(func() error {
		if err := r.db.KeepMerged(ctx); err != nil { // searches are slower without, no more
			r.log.Error("the index is merged no more until the next start", "error", err)
		}
		return nil
	})
	g.Go(func() error { return serveDoor(ctx, door, r, line) })
	if c.Dumps != "" {
		g.Go(func() error { return dumpDaily(ctx, r.db, c.BaseURL, c.Dumps, r.log) })
	}
	if err := g.Wait(); err != nil && !errors.Is(err, e.ctx.Err()) {
		return err
	}
	return nil
}

// warmEvery is how often what searches need in memory is brought up to date, so
// that it is little each time.
const warmEvery = time.Hour

// keepWarm keeps what searches need in memory until ctx ends, and calls once
// when it is there for the first time.
func keepWarm(ctx context.Context, r *rooms, once func()) {
	for first := true; ctx.Err() == nil; first = false {
		if err := r.db.Warm(ctx); err != nil && ctx.Err() == nil {
			r.log.Error("what searches need was not read ahead of them", "error", err)
		}
		if first {
			once()
		}
		select {
		case <-ctx.Done():
		case <-time.After(warmEvery):
		}
	}
}

// readAhead asks for the page that needs the figures of all clusters, so that
// its first reader doesn't wait until they are weighed: at the largest
// archives that takes longer than a request may.
func readAhead(ctx context.Context, site http.Handler, baseURL string) {
	request := (&http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/clusters"}, Header: http.Header{}}).WithContext(ctx)
	if base, err := url.Parse(baseURL); err == nil {
		request.Host = base.Host // what a strict host answers
	}
	site.ServeHTTP(&answer{header: http.Header{}}, request)
}

// withHubs puts the door for WebSub hubs beside the site.
func withHubs(site http.Handler, line *feeds.Line) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(feeds.HubPath, line.HubHandler())
	mux.Handle("/", site)
	return mux
}
