package store

import (
	"context"
	"database/sql"
	"slices"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

// TestStoriesChangedSince asks for the stories that changed since, few and
// many, in pages: they come in the order of all, whichever way they are found.
func TestStoriesChangedSince(t *testing.T) {
	db := openTemp(t)
	const all = 3 * mostSorted
	fillStories(t, db, all)
	for _, changed := range []int{1, 30, mostSorted - 1, mostSorted, mostSorted + 1, all} {
		since := time.UnixMicro(int64(all - changed + 1))
		for _, order := range []news.StoryOrder{news.StoriesTop, news.StoriesNewest} {
			column := map[news.StoryOrder]string{news.StoriesTop: "rank", news.StoriesNewest: "last"}[order]
			var want, got []int64
			err := db.snapshot(t.Context(), func(s *sql.Tx) (err error) {
				few, err := fewChanged(t.Context(), s, since)
				if err != nil || few != (changed <= mostSorted) {
					t.Errorf("%d changed: few is %v, %v", changed, few, err)
				}
				rows, err := s.QueryContext(t.Context(), "SELECT id FROM story WHERE changed >= ? ORDER BY "+column+" DESC, id DESC LIMIT 90", since.UnixMicro())
				if want, err = scanIDs(rows, err); err != nil {
					return err
				}
				q := news.StoryQuery{Order: order, Changed: since}
				for len(got) < len(want) {
					var res news.StoryResults
					ids, err := orderedStories(t.Context(), s, q, 30, &res)
					if err != nil {
						return err
					}
					got, q.Cursor = append(got, ids...), res.Next
					if q.Cursor == "" {
						break
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%d changed, by %s: %d stories %v …, want %d %v …", changed, column, len(got), got[:min(5, len(got))], len(want), want[:min(5, len(want))])
			}
		}
	}
}

// fillStories makes n stories whose changes are in the order of their numbers,
// and whose ranks and articles are in none.
func fillStories(tb testing.TB, db *DB, n int) {
	tb.Helper()
	err := db.write(context.Background(), func(t *tx) error {
		_, err := t.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
			INSERT INTO story (articles, rank, last, changed, due) SELECT 1, i * 7919 % 10007, i * 104729 % 1000003, i, 0 FROM n`, n)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// BenchmarkStoriesChangedSince asks a large archive for the thirty stories that
// changed last.
func BenchmarkStoriesChangedSince(b *testing.B) {
	db, err := Open(b.Context(), b.TempDir()+"/news.db")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	const all = 300_000
	fillStories(b, db, all)
	err = db.snapshot(b.Context(), func(s *sql.Tx) error {
		for b.Loop() {
			if _, err := orderedStories(b.Context(), s, news.StoryQuery{Changed: time.UnixMicro(all - 29)}, 50, &news.StoryResults{}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
