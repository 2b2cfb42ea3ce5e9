package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

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

// leftWAL reports whether the last writer did not close the archive.
func leftWAL(path string) bool {
	info, err := os.Stat(path + "-wal")
	return err == nil && info.Size() > 0
}

// verify refuses what is no archive of ours.
func verify(ctx context.Context, conn *sql.Conn, path string) error {
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
	return nil
}

// quickCheck looks for damaged pages, table by table. It reads the whole file.
func quickCheck(ctx context.Context, conn *sql.Conn, path string, progress func(step, of int, name string)) error {
	var tables []string
	rows, err := conn.QueryContext(ctx, "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 UNION ALL SELECT 'sqlite_schema'")
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
		var name string
		err := scan(&name)
		tables = append(tables, name)
		return err
	})
	if err != nil {
		return explain(path, err)
	}
	for i, name := range tables {
		if progress != nil {
			progress(i, len(tables), "check after a crash")
		}
		var result string
		if err := conn.QueryRowContext(ctx, "PRAGMA quick_check('"+strings.ReplaceAll(name, "'", "''")+"')").Scan(&result); err != nil {
			return explain(path, err)
		}
		if result != "ok" {
			return &OpenError{Path: path, Reason: "is damaged: " + strings.ReplaceAll(result, "\n", " "), Hint: restoreHint}
		}
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

// Explain makes an *OpenError of damage that shows only while an archive is in
// use. Other errors stay as they are.
func Explain(path string, err error) error {
	var open *OpenError
	if c := code(err); errors.As(err, &open) || c != sqlite3.SQLITE_CORRUPT && c != sqlite3.SQLITE_NOTADB {
		return err
	}
	return explain(path, err)
}

// code returns the primary result code of the engine, 0 if err is not its.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}
