package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"clusterwire/feeds"
	"clusterwire/store"
	"clusterwire/store/bench"
)

type benchCmd struct {
	Articles int    `help:"Size of the corpus." default:"100000"`
	Stories  bool   `help:"Measure what finding an article's story costs as the archive grows, instead of queries."`
	Dir      string `help:"Where the corpus is built and kept for the next run (default: in the user's cache directory)." placeholder:"DIR"`
	Pages    bool   `help:"Measure every kind of page of the site in place of the store."`
	Listen   string `help:"Serve the corpus at this address, without a limit of requests, to be measured from outside." placeholder:"ADDR"`
}

// Help shows an example.
func (benchCmd) Help() string {
	return `Builds a made-up archive once, then measures every class of query, one reader and many with a writer, beside the plain ways on the same file. A million articles need about 4 GB and some minutes to build.

Examples:

    clusterwire bench --articles 1000000
    clusterwire bench --articles 1000000 --pages
    clusterwire bench --listen 127.0.0.1:8099 & wrk -t1 -c32 -d10s http://127.0.0.1:8099/`
}

// Run measures the store, or the site over it.
func (c *benchCmd) Run(e *env) error {
	dir := c.Dir
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return err
		}
		dir = filepath.Join(cache, "clusterwire", "bench")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	m := newMeter(e.err)
	defer m.done()
	built := func(done, total int) { m.show(feeds.Progress{Stage: "articles", Done: done, Total: total}) }
	measure := bench.Run
	switch {
	case c.Stories:
		measure = benchStories
	case c.Pages:
		measure = benchPages
	case c.Listen != "":
		measure = c.serve(e)
	}
	err := measure(e.ctx, e.out, dir, c.Articles, built)
	if interrupted(e.ctx, err) {
		return &partialError{"interrupted: what was built is built again next time"}
	}
	return err
}

// serve serves the site over the corpus.
func (c *benchCmd) serve(e *env) benchmark {
	return func(ctx context.Context, w io.Writer, dir string, n int, built func(done, total int)) error {
		ln, err := listen(ctx, c.Listen)
		if err != nil {
			return err
		}
		defer ln.Close()
		return overCorpus(ctx, w, dir, n, built, func(_ *store.DB, handler http.Handler) error {
			fmt.Fprintf(w, "listening on http://%s\n", ln.Addr())
			return serveSite(ctx, ln, handler, newLog(e.err))
		})
	}
}
