package store

import (
	"context"
	"database/sql"

	"clusterwire/feeds/news"
)

// Figures returns the claims that stand in each of some articles, in the order
// in which the article makes them.
func (d *DB) Figures(ctx context.Context, articles []int64) (map[int64][]news.Claim, error) {
	out := map[int64][]news.Claim{}
	err := d.snapshot(ctx, func(s *sql.Tx) error {
		stmt := s.StmtContext(ctx, d.statedStmt)
		for _, id := range articles {
			rows, err := stmt.QueryContext(ctx, id)
			err = eachRow(rows, err, func(scan func(dest ...any) error) error {
				c, err := scanClaim(scan)
				out[id] = append(out[id], c)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}
