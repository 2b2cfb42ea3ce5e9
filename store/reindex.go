package store

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"clusterwire/feeds/news"
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

// unindexed is an article on its way into the index.
type unindexed struct {
	id                             int64
	source, title, summary, lang   string
	image                          string
	reading                        news.Reading
	text, detail                   []byte
	titleTerms, bodyTerms, filters string
}

// reindexSome puts the next articles into the index.
func (d *DB) reindexSome(ctx context.Context) (n int, more bool, err error) {
	err = d.write(ctx, func(t *tx) error {
		list, next, err := t.unindexed()
		if err != nil {
			return err
		}
		if err := d.analyze(list); err != nil {
			return err
		}
		for i := range list {
			u := &list[i]
			if err := t.index(u.id, u.titleTerms, u.bodyTerms, u.filters, false); err != nil {
				return fmt.Errorf("article %d: %w", u.id, err)
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
func (t *tx) unindexed() (list []unindexed, next int64, err error) {
	err = t.each(`SELECT a.id, a.source, a.title, a.summary, a.language, a.image, a.hidden, a.claims, coalesce(b.text, x''), coalesce(r.detail, x'')
		FROM article a LEFT JOIN body b ON b.article = a.id LEFT JOIN reading r ON r.article = a.id
		WHERE a.id >= (SELECT value FROM state WHERE key = 'unindexed') ORDER BY a.id LIMIT ?`, []any{reindexBatch + 1}, func(scan func(dest ...any) error) error {
		var u unindexed
		var hidden bool
		var claims int
		if err := scan(&u.id, &u.source, &u.title, &u.summary, &u.lang, &u.image, &hidden, &claims, &u.text, &u.detail); err != nil {
			return err
		}
		u.reading.Verdict.Relevant, u.reading.Claims = !hidden, make([]news.Claim, claims)
		list = append(list, u)
		return nil
	})
	if err == nil && len(list) > reindexBatch {
		next = list[reindexBatch].id
		list = list[:reindexBatch]
	}
	return list, next, err
}

// analyze makes the terms of articles, on all cores.
func (d *DB) analyze(list []unindexed) error {
	workers := runtime.NumCPU()
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(list) && errs[w] == nil; i += workers {
				errs[w] = d.analyzeOne(&list[i])
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *DB) analyzeOne(u *unindexed) error {
	text, err := d.codec.unpackText(u.text)
	if err != nil {
		return fmt.Errorf("article %d: %w", u.id, err)
	}
	var x detail
	if err := d.codec.unpackJSON(u.detail, &x); err != nil {
		return fmt.Errorf("reading of article %d: %w", u.id, err)
	}
	u.reading.Mentions, u.reading.Topics, u.reading.Clusters = x.Mentions, x.Topics, x.Clusters
	u.titleTerms, u.bodyTerms = indexText(u.title, u.summary, text)
	u.filters = filterTokens(u.source, u.lang, u.image, &u.reading)
	return nil
}
