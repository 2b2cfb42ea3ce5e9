package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"sort"
	"strconv"
	"strings"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migration is one step of the schema. Its number is the user_version of a
// database that has it.
type migration struct {
	number   int
	name     string
	sql      string
	checksum string
}

// migrations returns the steps in order. A file is named NNNN_what.sql,
// without gaps from 0001.
func migrations() ([]migration, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	var steps []migration
	for i, name := range names {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		base := strings.TrimSuffix(strings.TrimPrefix(name, "migrations/"), ".sql")
		digits, what, _ := strings.Cut(base, "_")
		if n, err := strconv.Atoi(digits); err != nil || n != i+1 {
			return nil, fmt.Errorf("migration %s: want number %04d", name, i+1)
		}
		sum := sha256.Sum256(text)
		steps = append(steps, migration{number: i + 1, name: what, sql: string(text), checksum: hex.EncodeToString(sum[:8])})
	}
	return steps, nil
}

// pending returns the steps that a database lacks. It refuses one that has
// steps we don't know, or others than we know.
func pending(ctx context.Context, conn *sql.Conn, path string) ([]migration, error) {
	steps, err := migrations()
	if err != nil {
		return nil, err
	}
	var version int
	if err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return nil, err
	}
	if version > len(steps) {
		return nil, &OpenError{Path: path, Reason: fmt.Sprintf("was written by a newer clusterwire (schema %d, this one knows %d)", version, len(steps)),
			Hint: "use the newer program, or restore a backup made by this one"}
	}
	return steps[version:], verifyMigrations(ctx, conn, path, steps[:version])
}

// migrate brings the schema up to date. Each step is one transaction together
// with its user_version, so a kill leaves the step done or undone.
func migrate(ctx context.Context, conn *sql.Conn, path string, progress func(step, of int, name string)) error {
	steps, err := pending(ctx, conn, path)
	if err != nil {
		return err
	}
	for _, m := range steps {
		if progress != nil {
			progress(m.number, steps[len(steps)-1].number, m.name)
		}
		if err := m.apply(ctx, conn); err != nil {
			return fmt.Errorf("migration %04d (%s): %w", m.number, m.name, err)
		}
	}
	return nil
}

func (m migration) apply(ctx context.Context, conn *sql.Conn) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	script := m.sql
	if m.number == 1 {
		script = `CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL);` + script
	}
	script += fmt.Sprintf("\n;PRAGMA user_version = %d; PRAGMA application_id = %d;", m.number, applicationID)
	if _, err := tx.ExecContext(ctx, script); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO migration VALUES (?, ?, ?)", m.number, m.name, m.checksum); err != nil {
		return err
	}
	return tx.Commit()
}

// verifyMigrations refuses a database whose steps were not the ones we know.
func verifyMigrations(ctx context.Context, conn *sql.Conn, path string, done []migration) error {
	for _, m := range done {
		var checksum string
		err := conn.QueryRowContext(ctx, "SELECT checksum FROM migration WHERE number = ?", m.number).Scan(&checksum)
		if err != nil {
			return fmt.Errorf("migration %04d: %w", m.number, err)
		}
		if checksum != m.checksum {
			return &OpenError{Path: path, Reason: fmt.Sprintf("schema step %04d (%s) is not the one that this program knows", m.number, m.name),
				Hint: "use the program that wrote it, or restore a backup"}
		}
	}
	return nil
}
