package store

import (
	"context"
	"fmt"
	"runtime"
	"sync"
)

// A step of the schema that makes the index anew leaves in the state
// "unindexed" the first article that is not in it yet. Articles are put in a
// few hundred at a time, each time with the mark moved on in the same
// transaction, so that a kill costs no more than the last of them.

// reindexBatch is how many articles one transaction puts into the index.
const reindexBatch = 400

// reindex puts every article that the index lacks into it.
func (d *DB) reindex(ctx context.Context, progress func(step, of int, name string)) error {
	var total, first int
	err := d.w.conn.QueryRowContext(ctx, "SELECT value, (SELECT count(*) FROM article WHERE id >= value) FROM state WHERE key = 'unindexed'").Scan(&first, &total)
	if err != nil || first == 0 {
		return err
	}
	for done := 0; ; {
		if progress != nil {
			progress(done, total, "index of articles")
		}
		n, more, err := d.reindexSome(ctx)
		if err != nil || !more {
			return err
		}
		done += n
	}
}

// reindexSome puts the next articles into the index.
func (d *DB) reindexSome(ctx context.Context) (n int, more bool, err error) {
	err = d.write(ctx, func(t *tx) error {
		list, next, err := t.unindexed()
		if err != nil {
			return err
		}
		rows, err := d.analyze(list)
		if err != nil {
			return err
		}
		for i, r := range rows {
			if err := t.index(list[i].id, r.title, r.body, r.tags, false); err != nil {
				return fmt.Errorf("article %d: %w", list[i].id, err)
			}
		}
		n, more = len(list), next != 0
		_, err = t.exec("UPDATE state SET value = ? WHERE key = 'unindexed'", next)
		return err
	})
	return n, more, err
}

// unindexed reads the next articles that the index lacks, and the id of the
// one after them, 0 if there is none.
func (t *tx) unindexed() (list []indexSource, next int64, err error) {
	err = t.each("SELECT "+indexSourceColumns+" WHERE a.id >= (SELECT value FROM state WHERE key = 'unindexed') ORDER BY a.id LIMIT ?", []any{reindexBatch + 1},
		func(scan func(dest ...any) error) error {
			list = append(list, indexSource{})
			return list[len(list)-1].scan(scan)
		})
	if err == nil && len(list) > reindexBatch {
		next = list[reindexBatch].id
		list = list[:reindexBatch]
	}
	return list, next, err
}

// analyze makes the index rows of articles, on all cores.
func (d *DB) analyze(list []indexSource) ([]indexRow, error) {
	workers, rows := runtime.NumCPU(), make([]indexRow, len(list))
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(list) && errs[w] == nil; i += workers {
				r := &rows[i]
				r.body, r.title, r.tags, errs[w] = list[i].row(d.codec)
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return rows, nil
}
