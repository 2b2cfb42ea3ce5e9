package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"clusterwire/feeds"
	"clusterwire/store"
	"clusterwire/store/bench"
)

// benchBlock is over how many articles the cost of one is taken.
const benchBlock = 10_000

// benchStories finds the stories of a made-up archive, article after article,
// and prints what one costs as it grows. It works on a copy, which it removes.
func benchStories(ctx context.Context, w io.Writer, dir string, n int, progress func(done, total int)) (err error) {
	path, err := bench.Build(ctx, w, dir, n, progress)
	if err != nil {
		return err
	}
	draft := filepath.Join(dir, "stories.db")
	defer func() {
		for _, end := range []string{"", "-wal", "-shm", ".lock"} {
			if gone := os.Remove(draft + end); gone != nil && !errors.Is(gone, os.ErrNotExist) {
				err = errors.Join(err, gone)
			}
		}
	}()
	if err := copyFile(draft, path); err != nil {
		return err
	}
	db, err := store.Open(ctx, draft)
	if err != nil {
		return err
	}
	return errors.Join(placeAll(ctx, w, db, n, progress), db.Close())
}

func placeAll(ctx context.Context, w io.Writer, db *store.DB, n int, progress func(done, total int)) error {
	reader, err := feeds.NewReader()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%12s  %s\n", "articles", "ms of CPU for each of the last "+fmt.Sprint(benchBlock))
	last, cpu := 0, bench.CPUTime()
	line := feeds.New(feeds.Config{Store: db, Reader: reader, Progress: func(p feeds.Progress) {
		progress(p.Done, n)
		if p.Done-last < benchBlock {
			return
		}
		now := bench.CPUTime()
		fmt.Fprintf(w, "%12d  %.2f\n", p.Done, float64(now-cpu)/float64(time.Millisecond)/float64(p.Done-last))
		last, cpu = p.Done, now
	}})
	return line.Place(ctx)
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
