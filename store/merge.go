package store

import (
	"context"
	"errors"
	"time"
)

// Each transaction that stores articles adds a segment to the index, and a
// search reads its words' lists in every one of them. The engine merges
// segments while it writes, eight at a time, so that writing stays cheap; a
// million articles lie in some twenty then. While nobody writes, these are
// merged two at a time, which leaves four or five: a search that is new reads
// a third to a half less.

const (
	mergePages = 200                   // of 4 KB, that one step merges: some ten milliseconds
	mergePause = 20 * time.Millisecond // between steps, for those who write
	mergeRest  = 5 * time.Second       // without a write, after which nobody is taken to write
	mergeRetry = 10 * time.Minute      // after a disk without room
)

// KeepMerged merges the index little by little whenever nothing has been
// written for some seconds, until ctx ends. A step that is cut off leaves the
// index as it was before.
func (d *DB) KeepMerged(ctx context.Context) error { return d.keepMerged(ctx, mergeRest) }

func (d *DB) keepMerged(ctx context.Context, rest time.Duration) error {
	wait, merged := rest, int64(-1) // how many writes there were when all was merged
	for seen := d.writes.Load(); pause(ctx, wait); seen = d.writes.Load() {
		wait = rest
		if now := d.writes.Load(); now != seen || now == merged {
			continue
		}
		more, err := d.Merge(ctx)
		full := (*FullError)(nil)
		switch {
		case errors.As(err, &full):
			wait = mergeRetry
		case err != nil:
			if ctx.Err() != nil || errors.Is(err, errClosed) {
				return nil
			}
			return err
		case more:
			wait = mergePause
		default:
			merged = seen + 1 // this one
		}
	}
	return nil
}

// pause waits, and reports false if ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// Merge takes one step towards an index of few segments, and reports whether
// there is more to do. It holds up other writes for some ten milliseconds.
func (d *DB) Merge(ctx context.Context) (more bool, err error) {
	err = d.write(ctx, func(t *tx) error {
		if err := t.mergeTwos(); err != nil {
			return err
		}
		before, err := t.changes()
		if err != nil {
			return err
		}
		if _, err := t.exec("INSERT INTO search (search, rank) VALUES ('merge', ?)", mergePages); err != nil {
			return err
		}
		after, err := t.changes()
		more = after-before >= 2 // fewer: the engine found nothing to merge, as its manual says
		return err
	})
	return more && err == nil, err
}

// mergeTwos has the engine's command merge two segments of a level and not four
// at the least. The setting counts for that command alone.
func (t *tx) mergeTwos() error {
	var least int
	_, err := t.row("SELECT v FROM search_config WHERE k = 'usermerge'", nil, &least)
	if err == nil && least != 2 {
		_, err = t.exec("INSERT INTO search (search, rank) VALUES ('usermerge', 2)")
	}
	return err
}

// changes counts the rows that the writer has changed since it was opened.
func (t *tx) changes() (n int64, err error) {
	_, err = t.row("SELECT total_changes()", nil, &n)
	return n, err
}
