package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"clusterwire/cmd/clusterwire/demo"
	"clusterwire/feeds"
	"clusterwire/feeds/fetch"
	"clusterwire/store"
)

type demoCmd struct {
	listenFlag
}

// Help shows an example.
func (demoCmd) Help() string {
	return `Starts publishers of its own on this machine, collects what they publish into a temporary database over real HTTP, and serves the site. Nothing is asked of the net and nothing is kept.

Example:

    clusterwire demo --listen 127.0.0.1:8080`
}

// demoGap is the pause between two requests to one publisher: the demo's
// publishers are ours and need no rest.
const demoGap = 5 * time.Millisecond

// demoNotice stands above every page of the demo.
const demoNotice = "This is the demo: its publishers are invented and run on this machine; what they report is true. “original” opens their own pages."

// Run collects the demo's news and serves them until the program is stopped.
func (c *demoCmd) Run(e *env) error {
	publishers, err := demo.Start(e.ctx)
	if err != nil {
		return err
	}
	defer publishers.Close()
	dir, err := os.MkdirTemp("", "clusterwire-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r, err := c.rooms(e, publishers, filepath.Join(dir, "demo.db"))
	if err != nil {
		return err
	}
	defer r.close()

	ln, err := listen(e.ctx, c.Listen)
	if err != nil {
		return err
	}
	defer ln.Close()
	m := newMeter(e.err)
	line := r.line(feeds.Config{Progress: m.show})
	summary, err := line.Collect(e.ctx)
	m.done()
	if err != nil {
		return err
	}
	fmt.Fprintln(e.err, summary.String())
	for _, f := range summary.Failures {
		fmt.Fprintf(e.err, "%s did not answer as it should, which is part of the demo: %s\n", f.Source, f.Error)
	}
	self, err := c.public(e.common)
	if err != nil {
		return err
	}
	self.notice, self.original, self.dumps = demoNotice, publishers.Browsable, filepath.Join(dir, "dumps")
	if _, err := dumpOnce(e.ctx, r.db, c.BaseURL, self.dumps, m); err != nil {
		return err
	}
	m.done()
	handler, err := site(e.ctx, r.db, self, r.log)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "listening on http://%s\n", ln.Addr())
	g, ctx := errgroup.WithContext(e.ctx)
	g.Go(func() error { return serveSite(ctx, ln, handler, r.log) })
	g.Go(func() error { return line.Run(ctx) })
	return g.Wait()
}

// rooms opens an empty database and a client that knows the demo's publishers
// and nobody else.
func (c *demoCmd) rooms(e *env, publishers *demo.Net, path string) (*rooms, error) {
	client, err := fetch.New(fetch.Config{UserAgent: e.common.userAgent(), Hosts: publishers.Hosts, Gap: demoGap})
	if err != nil {
		return nil, err
	}
	reader, err := feeds.NewReader()
	if err != nil {
		return nil, err
	}
	db, err := store.Open(e.ctx, path)
	if err != nil {
		return nil, err
	}
	r := &rooms{db: db, fetch: client, reader: reader, log: newLog(e.err)}
	if err := c.furnish(e.ctx, r, publishers); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

// furnish stores the registries and the demo's publishers.
func (c *demoCmd) furnish(ctx context.Context, r *rooms, publishers *demo.Net) error {
	if err := syncRegistries(ctx, r.db, r.reader); err != nil {
		return err
	}
	for _, p := range publishers.Sources {
		if err := r.db.AddSource(ctx, p.Source, p.Feeds); err != nil {
			return fmt.Errorf("demo: %s: %w", p.Source.Slug, err)
		}
	}
	return nil
}
