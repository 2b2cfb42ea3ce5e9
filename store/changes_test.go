package store_test

import (
	"testing"

	"clusterwire/feeds/news"
	"clusterwire/store"
	"clusterwire/store/storetest"
)

// follow reads changes to their end and gives what a copy would then hold.
func follow(t *testing.T, db *store.DB, from string, held map[int64]string) string {
	t.Helper()
	for {
		page, err := db.Changes(t.Context(), from, 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Items {
			if held[c.ID] = c.Title; c.Hidden {
				delete(held, c.ID)
			}
		}
		if from = page.Next; !page.More {
			return from
		}
	}
}

// Whoever follows the changes holds what the archive shows.
func TestChanges(t *testing.T) {
	db, opened := storetest.Filled(t, 10)
	held := map[int64]string{}
	place := follow(t, db, "", held)
	if len(held) != 10 {
		t.Fatalf("the first walk gives %d articles, want 10", len(held))
	}
	if last, err := db.LastChange(t.Context()); err != nil {
		t.Fatal(err)
	} else if page, err := db.Changes(t.Context(), last, 10); err != nil || len(page.Items) != 0 || page.Next != last || page.More {
		t.Errorf("behind every change: %+v, %v", page, err)
	}
	edited := opened[2]
	edited.Article.Title, edited.Article.Text = "Another headline", edited.Article.Text+" And more."
	fresh := storetest.Article(11)
	if _, err := db.SaveArticles(t.Context(), []news.Opened{edited, fresh}); err != nil {
		t.Fatal(err)
	}
	gone := opened[4].Reading
	gone.Article, gone.Verdict.Relevant = opened[4].Article.ID, false
	if err := db.SaveReadings(t.Context(), []news.Reading{gone}); err != nil {
		t.Fatal(err)
	}
	page, err := db.Changes(t.Context(), place, 100)
	if err != nil || len(page.Items) != 3 {
		t.Fatalf("after three changes: %d items, %v", len(page.Items), err)
	}
	follow(t, db, place, held)
	res, err := db.Search(t.Context(), news.Query{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Hits) != 10 || len(held) != 10 {
		t.Fatalf("the archive shows %d, the copy holds %d, want 10", len(res.Hits), len(held))
	}
	for _, h := range res.Hits {
		if held[h.ID] != h.Title {
			t.Errorf("article %d: the copy has %q, the archive %q", h.ID, held[h.ID], h.Title)
		}
	}
	if _, err := db.Changes(t.Context(), "x-y", 1); err == nil {
		t.Error("a made-up place is taken")
	}
}

func TestSecret(t *testing.T) {
	path := t.TempDir() + "/news.db"
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	first, err := db.Secret(t.Context())
	if err != nil || len(first) < 20 {
		t.Fatalf("%d characters, %v", len(first), err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if again, err := storetest.OpenAt(t, path).Secret(t.Context()); err != nil || again != first {
		t.Errorf("after opening again it is another, %v", err)
	}
	if other, err := storetest.Open(t).Secret(t.Context()); err != nil || other == first {
		t.Errorf("another archive has the same, %v", err)
	}
	read, err := store.OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	if again, err := read.Secret(t.Context()); err != nil || again != first {
		t.Errorf("read alone it is another, %v", err)
	}
}
