package store

import (
	"context"
	"database/sql"
)

// statements are texts that each connection prepares once, which takes longer
// than to run many of them.
type statements map[string]*sql.Stmt

// prepare makes statements ready. It needs a connection, so it must not be
// called by who holds one.
func prepare(ctx context.Context, db *sql.DB, texts ...string) (statements, error) {
	all := statements{}
	for _, text := range texts {
		stmt, err := db.PrepareContext(ctx, text)
		if err != nil {
			return nil, err
		}
		all[text] = stmt
	}
	return all, nil
}

// query runs a text within a snapshot, prepared or not.
func (x statements) query(ctx context.Context, s *sql.Tx, text string, args ...any) (*sql.Rows, error) {
	if stmt, ok := x[text]; ok {
		return s.StmtContext(ctx, stmt).QueryContext(ctx, args...)
	}
	return s.QueryContext(ctx, text, args...)
}
