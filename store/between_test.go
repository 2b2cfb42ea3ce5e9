package store

import (
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"clusterwire/feeds/news"
	"clusterwire/store/query"
)

// TestReadBetween reads words, prefixes and phrases between two ids, of lists of
// many pages in one segment and of short ones in others, and compares them with
// what the engine finds there.
func TestReadBetween(t *testing.T) {
	ctx := t.Context()
	db, err := Open(ctx, filepath.Join(t.TempDir(), "news.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rng := rand.New(rand.NewPCG(11, 11))
	save := func(from, n int) {
		t.Helper()
		batch := make([]news.Opened, n)
		for i := range batch {
			batch[i] = randomArticle(rng, from+i)
		}
		if _, err := db.SaveArticles(ctx, batch); err != nil {
			t.Fatal(err)
		}
	}
	for part := range 8 {
		save(part*500, 500)
	}
	mergeAll(t, db)
	for part := range 3 {
		save(3900+part*60, 100) // some change, so that the old rows are deleted
	}
	err = db.snapshot(ctx, func(s *sql.Tx) error {
		whole, err := db.ready(ctx, s, lateMost)
		if err != nil {
			return err
		}
		ids := slices.Sorted(slices.Values(whole.docs.ids))
		found, narrowed := 0, 0
		for range 400 {
			e := whole
			e.since, e.until = ids[rng.IntN(len(ids))], ids[rng.IntN(len(ids))]+int64(rng.IntN(2))
			switch rng.IntN(4) {
			case 0:
				e.since = 0
			case 1:
				e.until = math.MaxInt64
			case 2:
				e.until = e.since + 1
			}
			n := randomPhrase(rng)
			want, err := e.engineFinds(n)
			if err != nil {
				return err
			}
			bits, err := e.read(n)
			if err != nil {
				return fmt.Errorf("%s: %w", n.Expr(), err)
			}
			if got := e.docs.idsOf(bits); !slices.Equal(got, want) {
				t.Errorf("%s between %d and %d: %d articles, the engine finds %d", n.Expr(), e.since, e.until, len(got), len(want))
			}
			found += len(want)
			p, err := e.postings()
			if err != nil {
				return err
			}
			spans, err := p.spans("w0", "w0")
			if err != nil {
				return err
			}
			for _, x := range spans {
				if x.inside {
					narrowed++
				}
			}
		}
		if found < 10_000 || narrowed < 50 {
			t.Errorf("only %d articles were found, and %d lists read from their middle", found, narrowed)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (e evaluation) engineFinds(n *query.Node) ([]int64, error) {
	rows, err := e.s.QueryContext(e.ctx, "SELECT rowid FROM search WHERE search MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid", n.Expr(), e.since, e.until)
	return scanIDs(rows, err)
}

// randomPhrase is a word, a prefix or a phrase, anywhere or in the headline.
func randomPhrase(rng *rand.Rand) *query.Node {
	n := &query.Node{Op: query.OpPhrase, Title: rng.IntN(4) == 0, Prefix: rng.IntN(4) == 0}
	for range 1 + rng.IntN(3) {
		n.Terms = append(n.Terms, fmt.Sprintf("w%d", rng.IntN(4)))
	}
	if n.Title && len(n.Terms) > 1 {
		n.Terms = []string{n.Terms[0], "of", "39"}[:2+rng.IntN(2)]
	}
	return n
}

// TestExtents tells segments apart by more than their number and size: it looks
// so rarely that numbers have been given to others meanwhile.
func TestExtents(t *testing.T) {
	const rarely = 8
	ctx := t.Context()
	db, err := Open(ctx, filepath.Join(t.TempDir(), "news.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rng := rand.New(rand.NewPCG(12, 12))
	for part := range 120 {
		batch := make([]news.Opened, 10)
		for i := range batch {
			batch[i] = randomArticle(rng, part*10+i)
		}
		if _, err := db.SaveArticles(ctx, batch); err != nil {
			t.Fatal(err)
		}
		if part%rarely != 0 {
			continue
		}
		err := db.snapshot(ctx, func(s *sql.Tx) error {
			p, err := openPostings(ctx, s, nil)
			if err != nil {
				return err
			}
			var fresh extents
			want, err := fresh.of(p)
			if err != nil {
				return err
			}
			got, err := db.sets.extents.of(p)
			for g, e := range want {
				if got[g] != e || e.first > e.last {
					t.Errorf("after %d: segment %+v has %+v, said to be %+v", part, g, e, got[g])
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
