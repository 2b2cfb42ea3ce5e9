package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
)

// Secret is a random key of the archive, made when it is first asked for and
// the same ever after, in a backup, too. An archive that was opened for
// reading alone and has none gives "".
func (d *DB) Secret(ctx context.Context) (string, error) {
	var key string
	err := d.r.QueryRowContext(ctx, "SELECT value FROM state WHERE key = 'secret'").Scan(&key)
	if !errors.Is(err, sql.ErrNoRows) || d.w == nil {
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
		return key, err
	}
	err = d.write(ctx, func(t *tx) error {
		if _, err := t.exec("INSERT OR IGNORE INTO state VALUES ('secret', ?)", rand.Text()); err != nil {
			return err
		}
		_, err := t.row("SELECT value FROM state WHERE key = 'secret'", nil, &key)
		return err
	})
	return key, err
}
