package main

import (
	"os"
	"path/filepath"

	"clusterwire/feeds"
	"clusterwire/store/bench"
)

type benchCmd struct {
	Articles int    `help:"Size of the corpus." default:"100000"`
	Stories  bool   `help:"Measure what finding an article's story costs as the archive grows, instead of queries."`
	Dir      string `help:"Where the corpus is built and kept for the next run (default: in the user's cache directory)." placeholder:"DIR"`
}

// Help shows an example.
func (benchCmd) Help() string {
	return `Builds a made-up archive once, then measures every class of query, one reader and many with a writer, beside the plain ways on the same file. A million articles need about 4 GB and some minutes to build.

Example:

    clusterwire bench --articles 1000000`
}

// Run measures the store.
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
	built := func(done, total int) { m.show(feeds.Progress{Stage: "build", Done: done, Total: total}) }
	measure := bench.Run
	if c.Stories {
		measure = benchStories
	}
	err := measure(e.ctx, e.out, dir, c.Articles, built)
	if interrupted(e.ctx, err) {
		return &partialError{"interrupted: what was built is built again next time"}
	}
	return err
}
