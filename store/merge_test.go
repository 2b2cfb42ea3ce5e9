package store

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

// TestKeepMerged writes and merges by turns: at rest few segments are left, the
// engine finds the index whole, and every article is found by the words that
// it was found by.
func TestKeepMerged(t *testing.T) {
	ctx := t.Context()
	db, err := Open(ctx, filepath.Join(t.TempDir(), "news.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rng := rand.New(rand.NewPCG(13, 13))
	phrases := make([]string, 40)
	for i := range phrases {
		phrases[i] = randomPhrase(rng).Expr()
	}
	keeping, stop := context.WithCancel(ctx)
	kept := make(chan error, 1)
	for round := range 3 {
		for part := range 24 {
			batch := make([]news.Opened, 10)
			for i := range batch {
				batch[i] = randomArticle(rng, (round*20+part)*10+i) // some change, so that old rows are deleted
			}
			if _, err := db.SaveArticles(ctx, batch); err != nil {
				t.Fatal(err)
			}
		}
		many, found := segmentsAndFinds(t, db, phrases)
		if round == 0 {
			go func() { kept <- db.keepMerged(keeping, 50*time.Millisecond) }()
		}
		left, again := many, found
		for deadline := time.Now().Add(20 * time.Second); left > 7 && time.Now().Before(deadline); {
			time.Sleep(50 * time.Millisecond)
			left, again = segmentsAndFinds(t, db, phrases)
			if !slices.Equal(again, found) {
				t.Fatalf("found %v before merging, %v after", found, again)
			}
		}
		if left > 7 || round == 0 && many < 8 {
			t.Errorf("round %d: of %d segments %d are left", round, many, left)
		}
	}
	stop()
	if err := <-kept; err != nil {
		t.Error(err)
	}
	for more := true; more; {
		if more, err = db.Merge(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.write(ctx, func(t *tx) error {
		_, err := t.exec("INSERT INTO search (search) VALUES ('integrity-check')")
		return err
	}); err != nil {
		t.Error(err)
	}
}

// segmentsAndFinds counts the segments, and the articles that each text finds.
func segmentsAndFinds(t *testing.T, db *DB, texts []string) (segments int, found []int) {
	t.Helper()
	if err := db.snapshot(t.Context(), func(s *sql.Tx) error {
		p, err := openPostings(t.Context(), s, nil)
		if err == nil {
			segments = len(p.segments)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		var n int
		if err := db.r.QueryRowContext(t.Context(), "SELECT count(*) FROM search WHERE search MATCH ?", text).Scan(&n); err != nil {
			t.Fatal(err)
		}
		found = append(found, n)
	}
	return segments, found
}
