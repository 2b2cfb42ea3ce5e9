package store

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

// TestNearAgreesWithWhole asks for pages without their total, which are found
// among the nearest articles where that is enough, and compares them with those
// read off the set of all, while articles arrive and change.
func TestNearAgreesWithWhole(t *testing.T) {
	ctx := t.Context()
	db, err := Open(ctx, filepath.Join(t.TempDir(), "news.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.nearest = 60
	rng := rand.New(rand.NewPCG(9, 9))
	add := func(rng *rand.Rand, from, n int) error {
		batch := make([]news.Opened, n)
		for i := range batch {
			batch[i] = randomArticle(rng, from+i)
		}
		_, err := db.SaveArticles(ctx, batch)
		return err
	}
	if err := add(rng, 0, 1200); err != nil {
		t.Fatal(err)
	}
	var writing sync.WaitGroup
	stop := make(chan struct{})
	writing.Go(func() {
		rng := rand.New(rand.NewPCG(10, 10))
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
			if err := add(rng, 600+n*10, 20); err != nil { // half of them are there already
				t.Error(err)
				return
			}
		}
	})
	near, back := 0, 0
	for range 150 {
		q := randomQuery(rng)
		for page := range 4 {
			db.sets.forget()
			n, next := checkNear(t, db, q, page == 2)
			if near += n; len(q.Cursor) > 1 && q.Cursor[1] == 'b' {
				back += n
			}
			if next == "" {
				break
			}
			q.Cursor = next
		}
	}
	close(stop)
	writing.Wait()
	if near < 100 || back < 20 {
		t.Errorf("only %d pages were found near, %d of them backwards", near, back)
	}
}

// forget lets go of all sets.
func (c *sets) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.age.Len() > 0 {
		c.drop(c.age.Front())
	}
}

// checkNear compares a page with and without total, and gives the cursor of the
// one after it, or before it.
func checkNear(t *testing.T, db *DB, q news.Query, before bool) (near int, next string) {
	t.Helper()
	err := db.snapshot(t.Context(), func(s *sql.Tx) error {
		q.Uncounted = true
		p, err := db.plan(t.Context(), s, q)
		if err != nil {
			return err
		}
		if found, err := db.near(t.Context(), s, p); err != nil {
			return err
		} else if found != nil {
			near++
		}
		few, err := db.search(t.Context(), s, q)
		if err != nil {
			return err
		}
		q.Uncounted = false
		all, err := db.search(t.Context(), s, q)
		if err != nil {
			return err
		}
		if all.Total < len(all.Hits) || few.Total != 0 {
			t.Errorf("%+v: totals %d and %d of %d hits", q, all.Total, few.Total, len(all.Hits))
		}
		if next = all.Next; before && all.Prev != "" {
			next = all.Prev
		}
		if p.docs.ahead(p.write) { // of the snapshot, so that sets show what it does not
			near = 0
			return nil
		}
		if all.Total = 0; !reflect.DeepEqual(few, all) {
			t.Errorf("%+v: %d hits, next %q, prev %q; of the whole %d, %q, %q", q, len(few.Hits), few.Next, few.Prev, len(all.Hits), all.Next, all.Prev)
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	return near, next
}

func (m *docs) ahead(write int64) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.write > write
}

// randomQuery is a query whose words nobody may have asked for before.
func randomQuery(rng *rand.Rand) news.Query {
	var parts []string
	for range 1 + rng.IntN(2) {
		var words []string
		for range 1 + rng.IntN(3) {
			words = append(words, fmt.Sprintf("w%d", rng.IntN(30)))
		}
		parts = append(parts, []string{"", "-", "", "title:"}[rng.IntN(4)]+`"`+strings.Join(words, " ")+`"`)
	}
	q := news.Query{Text: strings.Join(parts, []string{" ", " OR "}[rng.IntN(2)]), Limit: 1 + rng.IntN(30), Order: []news.Order{news.OrderNewest, news.OrderNewest, news.OrderOldest}[rng.IntN(3)]}
	if rng.IntN(3) == 0 {
		q.Companies = []string{"c1", "c2"}
	}
	if rng.IntN(4) == 0 {
		q.Since = time.Date(2020, 2, 1+rng.IntN(100), 0, 0, 0, 0, time.UTC)
		q.Until = q.Since.AddDate(0, 0, 20+rng.IntN(200))
	}
	return q
}
