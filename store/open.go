package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// applicationID marks a database file as ours, in its header: "clwr".
const applicationID = 0x636c7772

// DB is an open archive. Its methods may be called from many goroutines.
type DB struct {
	path   string
	w      *writer // nil if opened for reading alone
	r      *sql.DB
	unlock func() error
	codec  *codec
	cache  listCache
	sets   sets
	closed atomic.Bool
}

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
}

// Progress has f called before each step of the schema, and while articles are
// put into an index that such a step made anew.
func Progress(f func(step, of int, name string)) Option {
	return func(o *options) { o.progress = f }
}

// Open opens the archive at path for writing and reading, creating it if there
// is no file, and brings its schema up to date. It refuses, with an
// *OpenError, a file that is empty, corrupt, of another program, of a newer
// clusterwire, or open in another process. Missing permission and an
// unreachable folder are errors of the operating system (fs.ErrPermission …).
func Open(ctx context.Context, path string, opts ...Option) (*DB, error) {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	path, err := locate(path)
	if err != nil {
		return nil, err
	}
	unlock, err := lockFile(path)
	if err != nil {
		return nil, err
	}
	db := &DB{path: path, unlock: unlock}
	if db.codec, err = newCodec(func() error { return db.useDictionaries(context.Background()) }); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := db.open(ctx, o); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
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
	if err := look(ctx, d.path); err != nil {
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
	if err := d.useDictionaries(ctx); err != nil {
		return explain(d.path, err)
	}
	return explain(d.path, d.reindex(ctx, o.progress))
}

// look verifies a file by reading alone: the connection that writes would turn
// another program's database to a write-ahead log before it could refuse it.
func look(ctx context.Context, path string) (err error) {
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
	if err := verify(ctx, conn, path, crashed); err != nil {
		return err
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
	if db.codec, err = newCodec(func() error { return db.useDictionaries(context.Background()) }); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := verify(ctx, conn, path, false); err != nil {
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
	return explain(d.path, d.useDictionaries(ctx))
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

// magic is how every SQLite 3 file begins.
const magic = "SQLite format 3\x00"

// inspect reports whether there is no file yet, and refuses one that can't be
// a database, before the engine could touch it.
func inspect(path string) (fresh bool, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	if info.IsDir() {
		return false, &OpenError{Path: path, Reason: "is a folder", Hint: "give the name of a file in it"}
	}
	head := make([]byte, len(magic))
	n, err := io.ReadFull(f, head)
	switch {
	case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return false, err
	case n == 0:
		return false, &OpenError{Path: path, Reason: "is empty (0 bytes), so an archive may have been lost here",
			Hint: "delete it to begin anew, or restore with: clusterwire restore BACKUP"}
	case string(head[:n]) != magic:
		return false, &OpenError{Path: path, Reason: "is not a database, or its header is damaged (SQLITE_NOTADB)",
			Hint: "choose another --db, or restore with: clusterwire restore BACKUP"}
	}
	return false, nil
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

// leftWAL reports whether the last writer did not close the archive.
func leftWAL(path string) bool {
	info, err := os.Stat(path + "-wal")
	return err == nil && info.Size() > 0
}

// verify refuses what is no archive of ours or is damaged. After a writer that
// did not close the archive the pages are checked too.
func verify(ctx context.Context, conn *sql.Conn, path string, crashed bool) error {
	if err := engine(ctx, conn); err != nil {
		return err
	}
	var id, version, tables int
	err := conn.QueryRowContext(ctx, "SELECT (SELECT application_id FROM pragma_application_id), "+
		"(SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)").Scan(&id, &version, &tables)
	if err != nil {
		return explain(path, err)
	}
	if id != applicationID {
		return &OpenError{Path: path, Reason: fmt.Sprintf("is a database of another program (application_id %#x)", id),
			Hint: "choose another --db"}
	}
	if crashed {
		return quickCheck(ctx, conn, path)
	}
	return nil
}

// quickCheckTime bounds how long the start is held up after a crash. A larger
// archive than can be read in it opens unchecked: clusterwire check reads all.
const quickCheckTime = 10 * time.Second

// quickCheck looks for damaged pages.
func quickCheck(ctx context.Context, conn *sql.Conn, path string) error {
	bounded, cancel := context.WithTimeout(ctx, quickCheckTime)
	defer cancel()
	var result string
	err := conn.QueryRowContext(bounded, "PRAGMA quick_check(1)").Scan(&result)
	if err != nil && bounded.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return explain(path, err)
	}
	if result != "ok" {
		return &OpenError{Path: path, Reason: "is damaged: " + strings.ReplaceAll(result, "\n", " "), Hint: restoreHint}
	}
	return nil
}

const restoreHint = "restore with: clusterwire restore BACKUP"

// oldest is the first version of the engine without the bug that could lose
// committed transactions when the write-ahead log is reset.
const oldest = 3_051_003

// engine refuses a version of SQLite that can lose data.
func engine(ctx context.Context, conn *sql.Conn) error {
	var version string
	if err := conn.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		return err
	}
	var a, b, c int
	if _, err := fmt.Sscanf(version, "%d.%d.%d", &a, &b, &c); err != nil {
		return fmt.Errorf("SQLite version %q: %w", version, err)
	}
	if a*1_000_000+b*1_000+c < oldest {
		return fmt.Errorf("SQLite %s can lose committed data when its log is reset: build with 3.51.3 or later", version)
	}
	return nil
}

// explain turns the engine's refusal of a file into an *OpenError.
func explain(path string, err error) error {
	switch code(err) {
	case sqlite3.SQLITE_NOTADB:
		return &OpenError{Path: path, Reason: "is not a database, or its header is damaged", Hint: restoreHint, Err: err}
	case sqlite3.SQLITE_CORRUPT:
		return &OpenError{Path: path, Reason: "is damaged", Hint: restoreHint, Err: err}
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return fmt.Errorf("%s can't be written: check its permissions and those of its folder: %w (%w)", path, fs.ErrPermission, err)
	}
	return err
}

// code returns the primary result code of the engine, 0 if err is not its.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
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
		"&_pragma=cache_size(-16384)&_pragma=temp_store(MEMORY)&_pragma=mmap_size(0)"+more))
	if err != nil {
		return nil, err
	}
	n := max(4, runtime.NumCPU())
	r.SetMaxOpenConns(n)
	r.SetMaxIdleConns(n)
	return r, nil
}
