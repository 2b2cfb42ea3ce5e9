package store_test

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"

	"clusterwire/feeds/news"
	"clusterwire/store"
	"clusterwire/store/storetest"
)

// TestW5FullFilesystem fills a real file system of 6 MB. Only the superuser
// may mount one; TestW5DiskFull does the same with a limit of the engine.
func TestW5FullFilesystem(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=6m"); err != nil {
		t.Skip("can't mount a file system:", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	path := filepath.Join(dir, "news.db")
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { db.Close() }()
	storetest.Registry(t, db)
	acked := 0
	save := func() error {
		batch := make([]news.Opened, 10)
		for i := range batch {
			batch[i] = storetest.Article(acked + i)
		}
		_, err := db.SaveArticles(t.Context(), batch)
		if err == nil {
			acked += len(batch)
		}
		return err
	}
	for size := 6; size <= 8; size++ {
		for err = nil; err == nil; err = save() {
			if acked > 100_000 {
				t.Fatal("the disk is never full")
			}
		}
		if !errors.As(err, new(*store.FullError)) {
			t.Fatalf("on a full disk of %d MB: %v", size, err)
		}
		if err := save(); !errors.As(err, new(*store.FullError)) {
			t.Fatalf("again: %v", err)
		}
		if res, err := db.Search(t.Context(), news.Query{Text: "report"}); err != nil || res.Total != acked || len(res.Hits) == 0 {
			t.Fatalf("while full: %d articles of %d, %v", res.Total, acked, err)
		}
		if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size="+string(rune('0'+size+1))+"m"); err != nil {
			t.Fatal(err)
		}
		if err := save(); err != nil {
			t.Fatalf("with room again: %v", err)
		}
	}
	checked(t, path)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if db, err = store.Open(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if st, err := db.Stats(t.Context()); err != nil || st.Articles != acked {
		t.Errorf("%d articles of %d, %v", st.Articles, acked, err)
	}
	t.Logf("%d articles", acked)
}
