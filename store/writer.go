package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// writer is the one connection that writes, with its prepared statements.
type writer struct {
	turn  chan struct{} // held by the transaction that runs
	pool  *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	fail  func(statement string) error // set by tests alone: a failure before a statement
}

// openWriter opens the connection that writes.
//
// synchronous=FULL: a transaction is on the disk when the call returns, so
// that not even a power failure takes back an article that was acknowledged,
// or leaves a feed's validators without the items they vouch for. It costs one
// fsync a transaction, which is why writes are grouped. The write-ahead log is
// checkpointed every 1,000 pages and cut back to 16 MB when it can be reset.
//
// Pages of 16 KB hold eleven compressed texts with little waste, where 4 KB hold
// two. The driver runs the pragmas in the order of their names, so the journal
// mode, which writes the first page, has to be the parameter that comes later.
func openWriter(ctx context.Context, path string) (*writer, error) {
	pool, err := sql.Open("sqlite", dsn(path, "_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=page_size(16384)&_journal_mode=WAL"+
		"&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=cache_size(-16384)&_pragma=temp_store(MEMORY)"+
		"&_pragma=wal_autocheckpoint(1000)&_pragma=journal_size_limit(16777216)"))
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return &writer{turn: make(chan struct{}, 1), pool: pool, conn: conn, stmts: map[string]*sql.Stmt{}}, nil
}

func (w *writer) close() error {
	w.turn <- struct{}{} // wait for the transaction that runs
	defer func() { <-w.turn }()
	var errs []error
	for _, s := range w.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, w.conn.Close(), w.pool.Close())...)
}

// FullError says that a write failed because there is no room on the disk.
// Nothing of it was written; it may be tried again when there is room.
type FullError struct{ Err error }

// Error says what to do.
func (e *FullError) Error() string {
	return "no room on the disk of the archive, nothing was written: " + e.Err.Error()
}

// Unwrap returns the engine's error.
func (e *FullError) Unwrap() error { return e.Err }

// errReadOnly is the answer of a DB that was opened for reading.
var errReadOnly = errors.New("the archive was opened for reading only")

// errClosed is the answer of a DB after Close.
var errClosed = errors.New("the archive is closed")

// tx is a running transaction of the writer.
type tx struct {
	ctx context.Context
	w   *writer
	now int64 // microseconds

	number int64 // of this write among those that change articles, see numbered

	keep bool // what is written to the index, for those who search in memory
	ids  []int64
	rows []*indexRow
}

// write runs f in one transaction. A context that ends while the transaction
// waits for its turn ends it; one that runs is short, and finishes.
func (d *DB) write(ctx context.Context, f func(t *tx) error) (err error) {
	if d.w == nil {
		return errReadOnly
	}
	if d.closed.Load() {
		return errClosed
	}
	select {
	case d.w.turn <- struct{}{}:
		defer func() { <-d.w.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	d.writes.Add(1)
	defer func() {
		if full := (*FullError)(nil); err == nil || errors.As(err, &full) {
			d.full.Store(err != nil)
		}
	}()
	t := &tx{ctx: context.WithoutCancel(ctx), w: d.w, now: time.Now().UnixMicro(), keep: d.sets.used()}
	if _, err := t.exec("BEGIN IMMEDIATE"); err != nil {
		return fullOr(err)
	}
	done := false
	defer func() {
		if !done { // f failed or panicked: nothing of it stays
			_, back := t.exec("ROLLBACK")
			// The engine has rolled back by itself after a full disk and the like.
			if err != nil && back != nil && !strings.Contains(back.Error(), "no transaction is active") {
				err = errors.Join(err, fmt.Errorf("roll back: %w", back))
			}
		}
	}()
	if err := f(t); err != nil {
		return fullOr(err)
	}
	if _, err := t.exec("COMMIT"); err != nil {
		return fullOr(err)
	}
	done = true
	if len(t.rows) > 0 {
		d.sets.fresh.put(t.number, t.ids, t.rows)
	}
	return nil
}

// Ready says why the archive can't be read, or that the last write found no
// room for it; nil where all is well.
func (d *DB) Ready(ctx context.Context) error {
	if d.full.Load() {
		return &FullError{Err: errFull}
	}
	return d.r.PingContext(ctx)
}

var errFull = errors.New("the last write was refused; the next that finds room is taken")

func fullOr(err error) error {
	if c := code(err); c == sqlite3.SQLITE_FULL {
		return &FullError{Err: err}
	}
	return err
}

// stmt prepares a statement once for the life of the writer.
func (t *tx) stmt(text string) (*sql.Stmt, error) {
	if s, ok := t.w.stmts[text]; ok {
		return s, nil
	}
	s, err := t.w.conn.PrepareContext(t.ctx, text)
	if err != nil {
		return nil, fmt.Errorf("%w in %s", err, text)
	}
	t.w.stmts[text] = s
	return s, nil
}

func (t *tx) exec(text string, args ...any) (sql.Result, error) {
	if t.w.fail != nil {
		if err := t.w.fail(text); err != nil {
			return nil, err
		}
	}
	s, err := t.stmt(text)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(t.ctx, args...)
}

// insert runs an INSERT and returns the new rowid.
func (t *tx) insert(text string, args ...any) (int64, error) {
	res, err := t.exec(text, args...)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// row reads the first row of a query into dest; found is false without one.
func (t *tx) row(text string, args []any, dest ...any) (found bool, err error) {
	s, err := t.stmt(text)
	if err != nil {
		return false, err
	}
	err = s.QueryRowContext(t.ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// each calls f for every row of a query.
func (t *tx) each(text string, args []any, f func(scan func(dest ...any) error) error) error {
	s, err := t.stmt(text)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(t.ctx, args...)
	return eachRow(rows, err, f)
}

// each calls f for every row of a query of the readers.
func (d *DB) each(ctx context.Context, text string, args []any, f func(scan func(dest ...any) error) error) error {
	rows, err := d.r.QueryContext(ctx, text, args...)
	return eachRow(rows, err, f)
}

func eachRow(rows *sql.Rows, err error, f func(scan func(dest ...any) error) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// visible marks that readers can see a change. The mark is a time and only
// ever grows, also when the clock is set back.
func (t *tx) visible() error {
	_, err := t.exec("UPDATE state SET value = max(value + 1, ?) WHERE key = 'changed'", t.now)
	return err
}

// numbered gives the transaction its number among those that change articles.
func (t *tx) numbered() error {
	_, err := t.row("UPDATE state SET value = value + 1 WHERE key = 'write' RETURNING value", nil, &t.number)
	return err
}

// registry marks that the lists of sources, companies or clusters changed.
func (t *tx) registry() error {
	if _, err := t.exec("UPDATE state SET value = value + 1 WHERE key = 'registry'"); err != nil {
		return err
	}
	return t.visible()
}
