// Package bench measures the store on a corpus of any size, beside the plain
// ways to do the same with the same engine on the same file.
//
//	err := bench.Run(ctx, os.Stdout, dir, 1_000_000, func(done, total int) { … })
//
// The file is built once in dir and used again by later runs with the same
// size. Query times are CPU seconds of the whole process where the system
// tells them (unix), else wall time. Nothing outside of dir is touched.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"clusterwire/feeds/news"
	"clusterwire/store"
)

// batch is how many articles one transaction stores.
const batch = 20

// Run builds the corpus of n articles in dir, unless it is there, measures
// every class of query and writes a table to w. progress, if not nil, is
// called while the corpus is built.
func Run(ctx context.Context, w io.Writer, dir string, n int, progress func(done, total int)) error {
	return measureAll(ctx, w, dir, n, 1, progress)
}

// crowdTime is how long the readers of a crowd ask.
const crowdTime = 10 * time.Second

// Build builds a made-up archive of n articles in dir, unless an earlier run
// did, and returns its path.
func Build(ctx context.Context, w io.Writer, dir string, n int, progress func(done, total int)) (string, error) {
	path := filepath.Join(dir, fmt.Sprintf("bench-%d.db", n))
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = build(ctx, w, path, NewCorpus(n), n, progress)
	}
	return path, err
}

// measureAll is Run with every class asked less often, 1 being in full.
func measureAll(ctx context.Context, w io.Writer, dir string, n, less int, progress func(done, total int)) error {
	path, err := Build(ctx, w, dir, n, progress)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	r := &run{ctx: ctx, w: w, db: db, path: path, corpus: NewCorpus(n), n: n, less: less}
	err = r.all()
	return errors.Join(err, db.Close())
}

func build(ctx context.Context, w io.Writer, path string, corpus *Corpus, n int, progress func(done, total int)) error {
	draft := path + ".building"
	for _, f := range []string{draft, draft + "-wal", draft + "-shm"} {
		if err := os.Remove(f); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	db, err := store.Open(ctx, draft)
	if err != nil {
		return err
	}
	if err := fill(ctx, w, db, corpus, n, progress); err != nil {
		return errors.Join(err, db.Close())
	}
	if err := db.Close(); err != nil {
		return err
	}
	return os.Rename(draft, path)
}

func fill(ctx context.Context, w io.Writer, db *store.DB, corpus *Corpus, n int, progress func(done, total int)) error {
	if err := db.SyncCompanies(ctx, Companies()); err != nil {
		return err
	}
	if err := db.SyncClusters(ctx, []news.Cluster{{Slug: "colossus", Name: "Colossus"}}); err != nil {
		return err
	}
	for _, s := range Sources() {
		if err := db.AddSource(ctx, s, nil); err != nil {
			return err
		}
	}
	var cpu, making time.Duration
	start := time.Now()
	for done := 0; done < n; done += batch {
		before := CPUTime()
		articles := corpus.Next(min(batch, n-done))
		made := CPUTime()
		if _, err := db.SaveArticles(ctx, articles); err != nil {
			return err
		}
		making += made - before
		cpu += CPUTime() - made
		if progress != nil && done%10_000 == 0 {
			progress(done, n)
		}
	}
	before := CPUTime()
	if err := merge(ctx, db); err != nil {
		return err
	}
	merging := CPUTime() - before
	cpu += merging
	fmt.Fprintf(w, "built %d articles in %s: %.0f rows per CPU second with index, %d a transaction, and %s of merging it at rest\n", n, time.Since(start).Round(time.Second),
		float64(n)/cpu.Seconds(), batch, merging.Round(time.Second/10))
	return nil
}

// merge leaves the index as serve does at rest.
func merge(ctx context.Context, db *store.DB) error {
	for {
		if more, err := db.Merge(ctx); err != nil || !more {
			return err
		}
	}
}

type run struct {
	ctx    context.Context
	w      io.Writer
	db     *store.DB
	path   string
	corpus *Corpus
	n      int
	less   int
}

// class is one kind of query, asked many times with different words.
type class struct {
	name   string
	target string // of issue and design, p99
	times  int
	ask    func(i int) (rows int, err error)
}

// measure asks a class and prints its line. What the class before left to be
// collected is collected before: each pays for its own memory alone.
func (r *run) measure(c class) error {
	var took []time.Duration
	runtime.GC()
	rows := 0
	for i := range max(1, c.times/r.less) {
		before := CPUTime()
		n, err := c.ask(i)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		took = append(took, CPUTime()-before)
		rows = max(rows, n)
	}
	r.line(c.name, took, rows, c.target)
	return nil
}

func (r *run) line(name string, took []time.Duration, rows int, target string) {
	slices.Sort(took)
	at := func(p float64) float64 {
		return float64(took[min(len(took)-1, int(p*float64(len(took))))].Microseconds()) / 1000
	}
	fmt.Fprintf(r.w, "%-52s %9.2f %9.2f %9.2f %9d  %s\n", name, at(0.5), at(0.95), at(0.99), rows, target)
}

func (r *run) all() error {
	fmt.Fprintf(r.w, "%d articles, %d cores, %s\n%-52s %9s %9s %9s %9s  %s\n", r.n, runtime.NumCPU(), cpuKind, "class (ms)", "p50", "p95", "p99", "rows", "to reach")
	before := CPUTime()
	if err := r.db.Warm(r.ctx); err != nil {
		return err
	}
	fmt.Fprintf(r.w, "%-52s %9.0f\n", "after a start: read facets and frequent words", float64((CPUTime() - before).Milliseconds()))
	for _, c := range r.classes() {
		if err := r.measure(c); err != nil {
			return err
		}
	}
	if err := r.plain(); err != nil {
		return err
	}
	if err := r.crowd(); err != nil {
		return err
	}
	return r.size()
}
