package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"clusterwire/store/query"
)

// Backup writes a copy of the archive to dest, which must not exist, while
// others read and write. The copy is one state of the archive, compacted, and
// checked before it gets its name. A DB that was opened for reading only does
// as well, so a backup needs no stop of the server.
func (d *DB) Backup(ctx context.Context, dest string) error {
	if _, err := os.Lstat(dest); err == nil {
		return fmt.Errorf("%s: %w", dest, fs.ErrExist)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	part := dest + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := d.copyTo(ctx, part); err != nil {
		return errors.Join(fullOr(err), removeIfThere(part))
	}
	if err := checkFile(ctx, part); err != nil {
		return errors.Join(err, removeIfThere(part))
	}
	if err := syncFile(part); err != nil {
		return err
	}
	return errors.Join(os.Rename(part, dest), syncFile(filepath.Dir(dest)))
}

func (d *DB) copyTo(ctx context.Context, dest string) (err error) {
	// The pool of readers may query alone, which forbids to write any file.
	src, err := sql.Open("sqlite", dsn(d.path, "mode=ro&_pragma=busy_timeout(10000)"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	_, err = src.ExecContext(ctx, "VACUUM INTO ?", dest)
	return err
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// syncFile has a file, or the names in a folder, written to the disk.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, fs.ErrInvalid) || errors.Is(err, errors.ErrUnsupported) { // folders, on some systems
		err = nil
	}
	return errors.Join(err, f.Close())
}

// checkFile refuses a file that is no whole archive that this program reads or
// can bring up to date.
func checkFile(ctx context.Context, path string) error {
	d, err := openReadOnly(ctx, path)
	if err != nil {
		return err
	}
	var problems []string
	if _, err = d.behind(ctx); err == nil {
		problems, err = d.check(ctx)
	}
	if err = errors.Join(err, d.Close()); err == nil && len(problems) > 0 {
		err = &OpenError{Path: path, Reason: "is damaged: " + problems[0], Hint: "choose another backup"}
	}
	return err
}

// Restore makes a backup the archive at path. What was there is kept beside
// it under the name that is returned, "" if nothing was. The backup is checked
// first, and nothing may have the archive open.
func Restore(ctx context.Context, backup, path string) (aside string, err error) {
	if err := checkFile(ctx, backup); err != nil {
		return "", err
	}
	if path, err = locate(path); err != nil {
		return "", err
	}
	unlock, err := Lock(path, lockHint)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	part := path + ".restoring"
	if err := copyFile(backup, part); err != nil {
		return "", errors.Join(err, removeIfThere(part))
	}
	if _, err := os.Lstat(path); err == nil {
		aside = fmt.Sprintf("%s.before-restore-%s", path, time.Now().UTC().Format("20060102T150405.000"))
	}
	for _, suffix := range []string{"", "-wal", "-shm"} { // the log belongs to the file that it was written for
		if aside == "" {
			err = removeIfThere(path + suffix)
		} else if err = os.Rename(path+suffix, aside+suffix); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		if err != nil {
			return "", err
		}
	}
	return aside, errors.Join(os.Rename(part, path), syncFile(filepath.Dir(path)))
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// maxProblems bounds the list of Check.
const maxProblems = 20

// Check reads the whole archive at path and returns what is wrong with it:
// damaged pages, articles without text, reading or index row, index rows
// without an article, counts that disagree. It may run while others write.
func Check(ctx context.Context, path string) ([]string, error) {
	d, err := OpenReadOnly(ctx, path)
	if err != nil {
		return nil, err
	}
	problems, err := d.check(ctx)
	return problems, errors.Join(err, d.Close())
}

// agreements are queries for rows that should not be there.
var agreements = []struct{ problem, query string }{
	{"article %d has no text", "SELECT id FROM article WHERE NOT EXISTS (SELECT 1 FROM body WHERE article = id)"},
	{"article %d has no reading", "SELECT id FROM article WHERE NOT EXISTS (SELECT 1 FROM reading WHERE article = id)"},
	{"a text belongs to no article %d", "SELECT article FROM body WHERE NOT EXISTS (SELECT 1 FROM article WHERE id = article)"},
	{"an opened item belongs to no article %d", "SELECT article FROM item WHERE article IS NOT NULL AND NOT EXISTS (SELECT 1 FROM article a WHERE a.id = item.article)"},
	{"a claim belongs to no article %d", "SELECT article FROM claim WHERE article <> 0 AND NOT EXISTS (SELECT 1 FROM article a WHERE a.id = claim.article)"},
	{"the number of articles is off by %d", "SELECT n - value FROM (SELECT count(*) AS n FROM article), state WHERE key = 'articles' AND n <> value"},
	{"the count of relevant articles by language is off by %d", "SELECT n - s FROM (SELECT count(*) AS n FROM article WHERE hidden = 0 AND language <> ''), (SELECT coalesce(sum(articles), 0) AS s FROM language_total) WHERE n <> s"},
	{"the count of a company by day is off by %d", "SELECT t.articles - d.n FROM company_total t JOIN (SELECT company, sum(articles) AS n FROM company_day GROUP BY company) d ON d.company = t.company WHERE t.articles <> d.n"},
}

// check needs a DB that has not searched yet: the engine's check of the index
// takes the list of segments that the connection read last for the one of today.
func (d *DB) check(ctx context.Context) ([]string, error) {
	var problems []string
	add := func(format string, args ...any) {
		if len(problems) < maxProblems {
			problems = append(problems, fmt.Sprintf(format, args...))
		}
	}
	err := d.snapshot(ctx, func(s *sql.Tx) error {
		rows, err := s.QueryContext(ctx, fmt.Sprintf("PRAGMA integrity_check(%d)", maxProblems))
		err = eachRow(rows, err, func(scan func(dest ...any) error) error {
			var line string
			err := scan(&line)
			if line != "ok" {
				add("%s", line)
			}
			return err
		})
		if err != nil || len(problems) > 0 {
			return err
		}
		for _, a := range agreements {
			rows, err := s.QueryContext(ctx, a.query+fmt.Sprintf(" LIMIT %d", maxProblems))
			err = eachRow(rows, err, func(scan func(dest ...any) error) error {
				var id int64
				err := scan(&id)
				add(a.problem, id)
				return err
			})
			if err != nil {
				return err
			}
		}
		if err := checkDictionaries(ctx, s, add); err != nil {
			return err
		}
		return checkIndex(ctx, s, add)
	})
	if c := explain(d.path, err); err != nil && errors.As(c, new(*OpenError)) {
		add("%v", err)
		err = nil
	}
	return problems, err
}

// checkIndex compares the articles that the index knows, by whether they are
// relevant, with the table.
func checkIndex(ctx context.Context, s *sql.Tx, add func(format string, args ...any)) error {
	indexed := map[int64]string{}
	for _, v := range []string{"0", "1"} {
		rows, err := s.QueryContext(ctx, "SELECT rowid FROM search WHERE search MATCH ?", `"`+query.FilterToken(query.FilterVisible, v)+`"`)
		err = eachRow(rows, err, func(scan func(dest ...any) error) error {
			var id int64
			err := scan(&id)
			if indexed[id] != "" {
				add("article %d is in the index as relevant and as irrelevant", id)
			}
			indexed[id] = v
			return err
		})
		if err != nil {
			return err
		}
	}
	rows, err := s.QueryContext(ctx, "SELECT id, hidden FROM article")
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
		var id int64
		var hidden bool
		err := scan(&id, &hidden)
		switch v := indexed[id]; {
		case v == "":
			add("article %d is not in the index", id)
		case hidden != (v == "0"):
			add("article %d is in the index with another verdict", id)
		}
		delete(indexed, id)
		return err
	})
	for id := range indexed {
		add("the index knows an article %d that is not there", id)
	}
	return err
}
