package store

import (
	"context"
	"fmt"
	"runtime"
	"sync"
)

// A step of the schema that makes the index anew leaves in the state
// "unindexed" the first article that is not in it yet. Articles are put in many
// thousand at a time, each time with the mark moved on in the same transaction,
// so that a kill costs no more than the last of them, some seconds.
//
// Most of the time goes into what the engine does with terms, on one core, while
// the others make the next rows. It is spared some merging: it collects as much
// as reindexHash of terms before it writes a segment, and merges sixteen at a
// time. With more to collect it waits for the memory longer than it gains.

const (
	reindexPiece = 400      // articles whose rows are made at a time
	reindexBatch = 32_000   // articles that one transaction puts into the index
	reindexHash  = 16 << 20 // bytes of terms that the engine collects meanwhile
)

// The engine's own bounds: of the terms collected, and of the segments of a
// level before they are merged little by little, as the steps of the schema set
// it.
const (
	usualHash  = 1 << 20
	usualMerge = 8
)

// piece is some articles and their index rows.
type piece struct {
	list []indexSource
	rows []indexRow
	next int64 // the article after them, 0 if there is none
	err  error
}

// reindex puts every article that the index lacks into it, batch of them in a
// transaction.
func (d *DB) reindex(ctx context.Context, batch int, progress func(step, of int, name string)) error {
	var first int64
	var total int
	err := d.w.conn.QueryRowContext(ctx, "SELECT value, (SELECT count(*) FROM article WHERE id >= value) FROM state WHERE key = 'unindexed'").Scan(&first, &total)
	if err != nil || first == 0 {
		return err
	}
	making, stop := context.WithCancel(ctx)
	pieces := make(chan piece, 1)
	go d.makePieces(making, first, pieces)
	defer func() {
		stop()
		for range pieces { // it has ended when this has
		}
	}()
	r := reindexing{pieces: pieces, batch: batch, next: first, show: func(done int) {
		if progress != nil {
			progress(done, total, "index of articles")
		}
	}}
	if err := d.write(ctx, func(t *tx) error { return t.tuneIndex(reindexHash, 0) }); err != nil {
		return err
	}
	for r.next != 0 {
		if err := d.write(ctx, func(t *tx) error { return r.some(ctx, t) }); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil && r.next != 0 {
			return err
		}
	}
	return nil
}

// reindexing is the work under way.
type reindexing struct {
	pieces <-chan piece
	batch  int
	show   func(done int)
	done   int
	next   int64 // the first article that the index lacks, 0 if it has all
}

// some puts a batch into the index, less if ctx ends: what is done is kept.
func (r *reindexing) some(ctx context.Context, t *tx) error {
	for n := 0; n < r.batch && r.next != 0; {
		if r.show(r.done); ctx.Err() != nil {
			break
		}
		p, ok := <-r.pieces
		if !ok { // ctx has ended
			break
		}
		if p.err != nil {
			return p.err
		}
		for i, row := range p.rows {
			if err := t.index(p.list[i].id, row.title, row.body, row.tags, false); err != nil {
				return fmt.Errorf("article %d: %w", p.list[i].id, err)
			}
		}
		n, r.done, r.next = n+len(p.list), r.done+len(p.list), p.next
	}
	if r.next == 0 {
		if err := t.tuneIndex(usualHash, usualMerge); err != nil {
			return err
		}
	}
	_, err := t.exec("UPDATE state SET value = ? WHERE key = 'unindexed'", r.next)
	return err
}

// tuneIndex sets how many bytes of terms the engine collects before it writes a
// segment, and of how many segments of a level it begins to merge them little
// by little, 0 for never: then it merges sixteen at once.
func (t *tx) tuneIndex(hash, merge int) error {
	if _, err := t.exec("INSERT INTO search (search, rank) VALUES ('hashsize', ?)", hash); err != nil {
		return err
	}
	_, err := t.exec("INSERT INTO search (search, rank) VALUES ('automerge', ?)", merge)
	return err
}

// makePieces makes the rows of all articles from one on, until ctx ends. The
// last piece has no next, or an error. While the index is made anew nobody else
// writes.
func (d *DB) makePieces(ctx context.Context, from int64, out chan<- piece) {
	defer close(out)
	for from != 0 {
		p := d.makePiece(ctx, from)
		from = p.next
		select {
		case out <- p:
		case <-ctx.Done():
			return
		}
	}
}

func (d *DB) makePiece(ctx context.Context, from int64) (p piece) {
	p.err = d.each(ctx, "SELECT "+indexSourceColumns+" WHERE a.id >= ? ORDER BY a.id LIMIT ?", []any{from, reindexPiece + 1},
		func(scan func(dest ...any) error) error {
			p.list = append(p.list, indexSource{})
			return p.list[len(p.list)-1].scan(scan)
		})
	if p.err != nil {
		return p
	}
	var next int64
	if len(p.list) > reindexPiece {
		next = p.list[reindexPiece].id
		p.list = p.list[:reindexPiece]
	}
	if p.rows, p.err = d.analyze(p.list); p.err == nil {
		p.next = next
	}
	return p
}

// analyze makes the index rows of articles, on all cores.
func (d *DB) analyze(list []indexSource) ([]indexRow, error) {
	workers, rows := runtime.GOMAXPROCS(0), make([]indexRow, len(list))
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
