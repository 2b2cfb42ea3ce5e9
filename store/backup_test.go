package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"clusterwire/feeds/news"
	"clusterwire/store"
	"clusterwire/store/storetest"
)

// backUp copies an archive again and again until it is killed, and says so
// each time before and after.
func backUp(path string) error {
	db, err := store.OpenReadOnly(context.Background(), path)
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		fmt.Println("begin")
		if err := db.Backup(context.Background(), fmt.Sprintf("%s.%d", path, i)); err != nil {
			return err
		}
		fmt.Println("end", i)
	}
}

// TestW3KillDuringBackup kills a process that copies the archive: a copy that
// has its name is whole, the archive is as it was, and the next copy does not
// mind what is left of the last.
func TestW3KillDuringBackup(t *testing.T) {
	db, opened := storetest.Filled(t, 300)
	half := 0
	for i := 0; i < 50 && half < 3; i++ {
		cmd := exec.Command(os.Args[0], "-test.run=none")
		cmd.Env = append(os.Environ(), "CLUSTERWIRE_TEST_BACKUP="+db.Path())
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if strings.HasPrefix(lines.Text(), "error") {
				t.Fatal(lines.Text())
			}
			if lines.Text() == "begin" {
				time.AfterFunc(time.Duration(i%6*7)*time.Millisecond, func() { cmd.Process.Kill() })
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the process ended by itself")
		}
		copies, err := filepath.Glob(db.Path() + ".[0-9]*")
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range copies {
			if strings.Contains(path, ".part") {
				half++
				continue
			}
			if ro, err := store.OpenReadOnly(t.Context(), path); err != nil {
				t.Errorf("a copy that has its name: %v", err)
			} else {
				if st, err := ro.Stats(t.Context()); err != nil || st.Articles != len(opened) {
					t.Errorf("%d articles of %d, %v", st.Articles, len(opened), err)
				}
				ro.Close()
			}
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
	}
	if half == 0 {
		t.Error("no copy was interrupted: the test shows nothing")
	}
	checked(t, db.Path())
}

func TestW7BackupWhileIngesting(t *testing.T) {
	db := storetest.Open(t)
	storetest.Registry(t, db)
	var wg sync.WaitGroup
	stop, acked := make(chan struct{}), make(chan int, 100_000)
	wg.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			if _, err := db.SaveArticles(t.Context(), []news.Opened{storetest.Article(i)}); err != nil {
				t.Error(err)
				return
			}
			acked <- i
		}
	})
	for range 20 {
		<-acked
	}
	before := 20 + len(acked)
	reader, err := store.OpenReadOnly(t.Context(), db.Path())
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "backup.db")
	if err := reader.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	if err := reader.Close(); err != nil {
		t.Error(err)
	}
	close(stop)
	wg.Wait()
	if err := db.Backup(t.Context(), copied); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a backup over another: %v", err)
	}
	checked(t, copied)
	target := filepath.Join(t.TempDir(), "news.db")
	if err := os.WriteFile(target, []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	aside, err := store.Restore(t.Context(), copied, target)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(aside); err != nil || string(b) != "damaged" {
		t.Errorf("what was there: %q, %v", b, err)
	}
	st, err := storetest.OpenAt(t, target).Stats(t.Context())
	if err != nil || st.Articles < before {
		t.Errorf("%d articles restored of %d acknowledged before the backup, %v", st.Articles, before, err)
	}
	if _, err := store.Restore(t.Context(), copied, db.Path()); !errors.As(err, new(*store.OpenError)) {
		t.Errorf("restore over an open archive: %v", err)
	}
	if _, err := store.Restore(t.Context(), aside, filepath.Join(t.TempDir(), "x.db")); !errors.As(err, new(*store.OpenError)) {
		t.Errorf("restore of what is no backup: %v", err)
	}
}
