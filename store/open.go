package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	sqlite3 "modernc.org/sqlite/lib"
)

// applicationID marks a database file as ours, in its header: "clwr".
const applicationID = 0x636c7772

// DB is an open archive. Its methods may be called from many goroutines.
type DB struct {
	path    string
	w       *writer // nil if opened for reading alone
	r       *sql.DB
	unlock  func() error
	codec   *codec
	cache   listCache
	sets    sets
	counted counted
	cutters sync.Pool // of *cutter
	closed  atomic.Bool
	full    atomic.Bool  // the last write found no room on the disk
	writes  atomic.Int64 // transactions of this process, also those that failed
	nearest int          // articles that near looks through first

	hitsStmt, textsStmt, articleStmt, readingStmt, statedStmt, stateStmt *sql.Stmt // see prepareReads
}

// lockHint says what to do where another process has the archive.
const lockHint = "stop it first, or choose another --db; search and other commands that only read may run"

// OpenError says why a file can't be used as the archive, and what to do.
type OpenError struct {
	Path   string
	Reason string // what is wrong, one line
	Hint   string // what to do, one line
	Err    error  // the engine's error, if it was one
}

// Error gives path, reason and hint on one line.
func (e *OpenError) Error() string {
	s := e.Path + " " + e.Reason
	if e.Err != nil {
		s += " (" + e.Err.Error() + ")"
	}
	if e.Hint != "" {
		s += ": " + e.Hint
	}
	return s
}

// Unwrap returns the engine's error.
func (e *OpenError) Unwrap() error { return e.Err }

// Option changes how an archive is opened.
type Option func(*options)

type options struct {
	progress func(step, of int, name string)
	batch    int // articles that one transaction puts into a new index
}

// Progress has f called before each step of the schema, while articles are put
// into an index that such a step made anew, and while the pages of an archive
// are checked that was not closed.
func Progress(f func(step, of int, name string)) Option {
	return func(o *options) { o.progress = f }
}

// Open opens the archive at path for writing and reading, creating it if there
// is no file, and brings its schema up to date. It refuses, with an
// *OpenError, a file that is empty, corrupt, of another program, of a newer
// clusterwire, or open in another process. Missing permission and an
// unreachable folder are errors of the operating system (fs.ErrPermission …).
func Open(ctx context.Context, path string, opts ...Option) (*DB, error) {
	o := options{batch: reindexBatch}
	for _, opt := range opts {
		opt(&o)
	}
	path, err := locate(path)
	if err != nil {
		return nil, err
	}
	unlock, err := Lock(path, lockHint)
	if err != nil {
		return nil, err
	}
	db := &DB{path: path, unlock: unlock}
	if err := db.prepare(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := db.open(ctx, o); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// prepare makes what a DB needs before its file is looked at.
func (d *DB) prepare() (err error) {
	d.codec, err = newCodec(func() error { return d.useDictionaries(context.Background()) })
	d.sets.codec, d.nearest = d.codec, nearest
	return err
}

func (d *DB) open(ctx context.Context, o options) error {
	fresh, err := inspect(d.path)
	if err != nil {
		return err
	}
	if fresh {
		if err := create(ctx, d.path); err != nil {
			return err
		}
	}
	if err := look(ctx, d.path, o.progress); err != nil {
		return err
	}
	if d.w, err = openWriter(ctx, d.path); err != nil {
		return explain(d.path, err)
	}
	if err := migrate(ctx, d.w.conn, d.path, o.progress); err != nil {
		return explain(d.path, err)
	}
	if d.r, err = openReaders(d.path, ""); err != nil {
		return err
	}
	if err := errors.Join(d.useDictionaries(ctx), d.prepareReads(ctx)); err != nil {
		return explain(d.path, err)
	}
	return explain(d.path, d.reindex(ctx, o.batch, o.progress))
}

// look verifies a file by reading alone: the connection that writes would turn
// another program's database to a write-ahead log before it could refuse it.
func look(ctx context.Context, path string, progress func(step, of int, name string)) (err error) {
	crashed := leftWAL(path)
	r, err := openReaders(path, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	conn, err := r.Conn(ctx)
	if err != nil {
		return explain(path, err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if err := verify(ctx, conn, path); err != nil {
		return err
	}
	if crashed {
		if err := quickCheck(ctx, conn, path, progress); err != nil {
			return err
		}
	}
	_, err = pending(ctx, conn, path)
	return explain(path, err)
}

// OpenReadOnly opens an existing archive to look at, also while another
// process writes to it. Methods that write fail.
func OpenReadOnly(ctx context.Context, path string) (*DB, error) {
	d, err := openReadOnly(ctx, path)
	if err != nil {
		return nil, err
	}
	if err := d.current(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// openReadOnly is OpenReadOnly for an archive that may have an earlier schema.
func openReadOnly(ctx context.Context, path string) (*DB, error) {
	path, err := locate(path)
	if err != nil {
		return nil, err
	}
	fresh, err := inspect(path)
	if err != nil {
		return nil, err
	}
	if fresh {
		return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	}
	r, err := openReaders(path, "")
	if err != nil {
		return nil, err
	}
	if err := r.PingContext(ctx); err == nil {
		err = lookAt(ctx, r)
		if code(err) == sqlite3.SQLITE_CANTOPEN || code(err) == sqlite3.SQLITE_READONLY {
			// A write-ahead log needs a file beside it, which this folder does
			// not let us make. Without another writer the file itself will do.
			r.Close()
			r, err = openReaders(path, "&immutable=1")
		}
		if err != nil {
			return nil, explain(path, errors.Join(err, r.Close()))
		}
	}
	conn, err := r.Conn(ctx)
	if err != nil {
		return nil, explain(path, errors.Join(err, r.Close()))
	}
	defer conn.Close()
	db := &DB{path: path, r: r}
	if err := db.prepare(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := verify(ctx, conn, path); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func lookAt(ctx context.Context, r *sql.DB) error {
	var n int
	return r.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&n)
}

// behind returns how many steps of the schema the archive lacks.
func (d *DB) behind(ctx context.Context) (int, error) {
	conn, err := d.r.Conn(ctx)
	if err != nil {
		return 0, explain(d.path, err)
	}
	defer conn.Close()
	steps, err := pending(ctx, conn, d.path)
	return len(steps), explain(d.path, err)
}

// current refuses a schema that is not the one this program reads.
func (d *DB) current(ctx context.Context) error {
	steps, err := d.behind(ctx)
	if err != nil {
		return err
	}
	if steps > 0 {
		return &OpenError{Path: d.path, Reason: fmt.Sprintf("was written by an older clusterwire (%d schema steps behind)", steps),
			Hint: "open it once with serve or collect, which bring it up to date"}
	}
	var first int64
	if err := d.r.QueryRowContext(ctx, "SELECT value FROM state WHERE key = 'unindexed'").Scan(&first); err != nil {
		return explain(d.path, err)
	}
	if first != 0 {
		return &OpenError{Path: d.path, Reason: "is being brought up to date: some articles are not in its new index yet",
			Hint: "wait for serve or collect to finish that, or start it"}
	}
	return explain(d.path, errors.Join(d.useDictionaries(ctx), d.prepareReads(ctx)))
}

// Close waits for the transaction that runs, ends all work and releases the
// file. A second call does nothing.
func (d *DB) Close() error {
	if d.closed.Swap(true) {
		return nil
	}
	var errs []error
	if d.r != nil {
		errs = append(errs, d.r.Close())
	}
	if d.w != nil {
		errs = append(errs, d.w.close())
	}
	if d.unlock != nil {
		errs = append(errs, d.unlock())
	}
	return errors.Join(errs...)
}

// Path returns where the archive lies, symbolic links resolved.
func (d *DB) Path() string { return d.path }

// locate makes a path absolute and follows symbolic links, so that the lock
// and the write-ahead log lie beside the real file.
func locate(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(abs), 0o755); err != nil {
		return "", err
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(abs))
	return filepath.Join(dir, filepath.Base(abs)), err
}

// create makes a new archive under another name and renames it when it is
// whole, so that a kill leaves either none or a good one.
func create(ctx context.Context, path string) error {
	draft := path + ".new"
	for _, f := range []string{draft, draft + "-wal", draft + "-shm", draft + "-journal"} {
		if err := os.Remove(f); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if f, err := os.OpenFile(draft, os.O_CREATE|os.O_RDWR, 0o644); err != nil {
		return err
	} else if err := f.Close(); err != nil {
		return err
	}
	w, err := openWriter(ctx, draft)
	if err != nil {
		return explain(path, err)
	}
	if err := migrate(ctx, w.conn, path, nil); err != nil {
		return errors.Join(explain(path, err), w.close())
	}
	if err := w.close(); err != nil {
		return err
	}
	return os.Rename(draft, path)
}

// dsn returns the address of a database. Pragmas stand in it because one set
// by Exec would reach a single connection of the pool.
func dsn(path, params string) string {
	p := filepath.ToSlash(path)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	u := url.URL{Scheme: "file", Path: p}
	return u.String() + "?" + params
}

// openReaders opens the pool that reads: as many connections as there are
// cores, at least four, since a reader waits for the disk too.
func openReaders(path, more string) (*sql.DB, error) {
	r, err := sql.Open("sqlite", dsn(path, "mode=ro&_pragma=busy_timeout(10000)&_pragma=query_only(1)"+
		"&_pragma=cache_size(-8192)&_pragma=temp_store(MEMORY)&_pragma=mmap_size(0)"+more))
	if err != nil {
		return nil, err
	}
	n := max(4, runtime.NumCPU())
	r.SetMaxOpenConns(n)
	r.SetMaxIdleConns(n)
	return r, nil
}
