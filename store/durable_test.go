package store_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"clusterwire/feeds/news"
	"clusterwire/store"
	"clusterwire/store/storetest"
)

// The ids W1 to W12 are those of the catalogue of hostile input.

// TestMain lets the test binary play the process that is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv("CLUSTERWIRE_TEST_INGEST"); path != "" {
		if err := ingest(path); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
	}
	if path := os.Getenv("CLUSTERWIRE_TEST_BACKUP"); path != "" {
		if err := backUp(path); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// ingest stores articles until it is killed and prints the number of each
// after it was acknowledged.
func ingest(path string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	first, err := strconv.Atoi(os.Getenv("CLUSTERWIRE_TEST_FIRST"))
	if err != nil {
		return err
	}
	for _, s := range storetest.Sources() {
		if err := db.AddSource(ctx, s, nil); err != nil {
			return err
		}
	}
	fmt.Println("open")
	for i := first; ; i += 3 {
		batch := []news.Opened{storetest.Article(i), storetest.Article(i + 1), storetest.Article(i + 2)}
		if _, err := db.SaveArticles(ctx, batch); err != nil {
			return err
		}
		fmt.Println(i + 2)
	}
}

// TestW1KillDuringIngest kills a process that ingests at random moments.
// CLUSTERWIRE_KILLS=1000 go test ./store -run W1 -timeout 30m does it a
// thousand times.
func TestW1KillDuringIngest(t *testing.T) {
	kills := 6
	if s := os.Getenv("CLUSTERWIRE_KILLS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		kills = n
	}
	path := filepath.Join(t.TempDir(), "news.db")
	acked, next := map[int]bool{}, 0
	for range kills {
		last := killed(t, path, next, time.Duration(5+rand.IntN(60))*time.Millisecond)
		for i := next; i <= last; i++ {
			acked[i] = true
		}
		next = max(next, last+1)
	}
	db := storetest.OpenAt(t, path)
	stored := map[string]int{}
	for q := (news.Query{Limit: 200}); ; {
		res, err := db.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range res.Hits {
			stored[h.URL]++
		}
		if q.Cursor = res.Next; q.Cursor == "" {
			break
		}
	}
	for i := range acked {
		if url := storetest.Article(i).Article.URL; stored[url] != 1 {
			t.Errorf("article %d was acknowledged and is stored %d times", i, stored[url])
		}
	}
	if len(acked) == 0 {
		t.Error("no article was acknowledged: the test shows nothing")
	}
	checked(t, path)
	t.Logf("%d kills, %d acknowledged, %d stored", kills, len(acked), len(stored))
}

// killed runs the ingesting process and kills it some time after it has opened
// the archive. It returns the last number acknowledged.
func killed(t *testing.T, path string, first int, after time.Duration) int {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=none")
	cmd.Env = append(os.Environ(), "CLUSTERWIRE_TEST_INGEST="+path, "CLUSTERWIRE_TEST_FIRST="+strconv.Itoa(first))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	last := first - 1
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		switch text := lines.Text(); {
		case text == "open":
			time.AfterFunc(after, func() { cmd.Process.Kill() })
		case strings.HasPrefix(text, "error"):
			t.Fatal(text)
		default:
			if last, err = strconv.Atoi(text); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the process ended by itself")
	}
	return last
}

func checked(t *testing.T, path string) {
	t.Helper()
	problems, err := store.Check(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
}

func TestW3KillDuringCreation(t *testing.T) {
	for i := range 6 {
		path := filepath.Join(t.TempDir(), "news.db")
		cmd := exec.Command(os.Args[0], "-test.run=none")
		cmd.Env = append(os.Environ(), "CLUSTERWIRE_TEST_INGEST="+path, "CLUSTERWIRE_TEST_FIRST=0")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(5+8*i) * time.Millisecond)
		cmd.Process.Kill()
		cmd.Wait()
		db, err := store.Open(t.Context(), path)
		if err != nil {
			t.Fatalf("after a kill at the start: %v", err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		checked(t, path)
	}
}

func TestW4WritersAndReaders(t *testing.T) {
	db := storetest.Open(t)
	storetest.Registry(t, db)
	var wg sync.WaitGroup
	end := time.Now().Add(700 * time.Millisecond)
	for w := range 16 {
		wg.Go(func() {
			for i := w * 100_000; time.Now().Before(end); i++ {
				if _, err := db.SaveArticles(t.Context(), []news.Opened{storetest.Article(i)}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for range 64 {
		wg.Go(func() {
			for time.Now().Before(end) {
				res, err := db.Search(t.Context(), news.Query{Text: "report"})
				if err != nil {
					t.Error(err)
					return
				}
				if res.Total < len(res.Hits) {
					t.Errorf("%d hits of %d", len(res.Hits), res.Total)
				}
			}
		})
	}
	wg.Wait()
	checked(t, db.Path())
}

func TestW6RefusesWhatIsNoArchive(t *testing.T) {
	good := filepath.Join(t.TempDir(), "good.db")
	db, err := store.Open(t.Context(), good)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Registry(t, db)
	for i := range 20 {
		if _, err := db.SaveArticles(t.Context(), []news.Opened{storetest.Article(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		make func(path string) error
		want string
	}{
		{"header zeroed", damage(whole, func(b []byte) []byte { clear(b[:100]); return b }), "not a database"},
		{"truncated", damage(whole, func(b []byte) []byte { return b[:len(b)/2] }), "damaged"},
		{"schema page flipped", damage(whole, func(b []byte) []byte {
			for i := 100; i < 4096; i++ {
				b[i] ^= 0xff
			}
			return b
		}), "damaged"},
		{"HTML", func(path string) error { return os.WriteFile(path, []byte("<!doctype html><p>Not found"), 0o600) }, "not a database"},
		{"empty", func(path string) error { return os.WriteFile(path, nil, 0o600) }, "0 bytes"},
		{"of another program", foreign, "another program"},
		{"newer", changed(good, "PRAGMA user_version = 9999"), "newer clusterwire"},
		{"other steps", changed(good, "UPDATE migration SET checksum = 'x'"), "not the one that this program knows"},
		{"folder", func(path string) error { return os.Mkdir(path, 0o700) }, "is a folder"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "news.db")
			if err := c.make(path); err != nil {
				t.Fatal(err)
			}
			before, _ := os.ReadFile(path) // a folder has none
			for what, open := range map[string]func() (*store.DB, error){
				"open":      func() (*store.DB, error) { return store.Open(t.Context(), path) },
				"read only": func() (*store.DB, error) { return store.OpenReadOnly(t.Context(), path) },
			} {
				db, err := open()
				var refused *store.OpenError
				if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") || refused.Hint == "" {
					t.Errorf("%s: %v", what, err)
				}
				if err == nil {
					db.Close()
				}
			}
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Error("the file was changed")
			}
		})
	}
}

func damage(whole []byte, change func([]byte) []byte) func(path string) error {
	return func(path string) error { return os.WriteFile(path, change([]byte(string(whole))), 0o600) }
}

func foreign(path string) error {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	_, err = db.Exec("CREATE TABLE feeds (id INTEGER)")
	return errors.Join(err, db.Close())
}

// changed copies an archive and runs a statement on the copy.
func changed(from, statement string) func(path string) error {
	return func(path string) error {
		if err := copyTo(from, path); err != nil {
			return err
		}
		db, err := sql.Open("sqlite", path+"?_pragma=journal_mode(DELETE)")
		if err != nil {
			return err
		}
		_, err = db.Exec(statement)
		return errors.Join(err, db.Close())
	}
}

func copyTo(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o600)
}

// TestW6PagesAfterCrash: damage that opening alone does not see is found when
// the last writer did not close the archive.
func TestW6PagesAfterCrash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "news.db")
	killed(t, path, 0, 300*time.Millisecond)
	db := storetest.OpenAt(t, path)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for p := 6; p < len(b)/16384; p++ {
		clear(b[p*16384 : (p+1)*16384])
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+"-wal", make([]byte, 32), 0o600); err != nil { // an unclean end
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), path); !errors.As(err, new(*store.OpenError)) || !strings.Contains(err.Error(), "restore with") {
		t.Errorf("damaged pages: %v", err)
	}
}

func TestW8SecondProcess(t *testing.T) {
	db, _ := storetest.Filled(t, 3)
	_, err := store.Open(t.Context(), db.Path())
	var refused *store.OpenError
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), fmt.Sprintf("in use by process %d", os.Getpid())) {
		t.Errorf("second writer: %v", err)
	}
	reader, err := store.OpenReadOnly(t.Context(), db.Path())
	if err != nil {
		t.Fatal(err)
	}
	if res, err := reader.Search(t.Context(), news.Query{}); err != nil || res.Total != 3 {
		t.Errorf("reader: %d, %v", res.Total, err)
	}
	if err := reader.SaveAttempt(t.Context(), 1, news.Attempt{}); err == nil {
		t.Error("a reader wrote")
	}
	if _, err := db.SaveArticles(t.Context(), []news.Opened{storetest.Article(3)}); err != nil {
		t.Error(err)
	}
	if res, err := reader.Search(t.Context(), news.Query{}); err != nil || res.Total != 4 || len(res.Hits) != 4 {
		t.Errorf("reader after a write: %d, %v", res.Total, err)
	}
	if err := reader.Close(); err != nil {
		t.Error(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := store.Open(t.Context(), db.Path())
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// TestW9PowerLoss copies file and log as a power failure leaves them: with all
// that was synced, or with less of the log, cut anywhere.
func TestW9PowerLoss(t *testing.T) {
	db := storetest.Open(t)
	storetest.Registry(t, db)
	const rounds = 10
	for round := range rounds {
		for i := range 5 {
			if _, err := db.SaveArticles(t.Context(), []news.Opened{storetest.Article(round*5 + i)}); err != nil {
				t.Fatal(err)
			}
		}
		acked := (round + 1) * 5
		path := filepath.Join(t.TempDir(), "news.db")
		if err := copyTo(db.Path(), path); err != nil {
			t.Fatal(err)
		}
		log, err := os.ReadFile(db.Path() + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		cut := round%2 == 1
		if cut {
			log = log[:rand.IntN(len(log))]
			acked = 0
		}
		if err := os.WriteFile(path+"-wal", log, 0o600); err != nil {
			t.Fatal(err)
		}
		lost, err := store.Open(t.Context(), path)
		if err != nil && cut && strings.Contains(err.Error(), "another program") {
			continue // cut before the first transaction
		}
		if err != nil {
			t.Fatal(err)
		}
		st, err := lost.Stats(t.Context())
		if err != nil || st.Articles < acked {
			t.Errorf("%d articles of %d, %v", st.Articles, acked, err)
		}
		if err := lost.Close(); err != nil {
			t.Error(err)
		}
		checked(t, path)
	}
}

func TestW11PathsAndPermissions(t *testing.T) {
	dir := t.TempDir()
	odd := filepath.Join(dir, "a b", "näme?x=1#y%20&_pragma=z.db")
	db := storetest.OpenAt(t, odd)
	if _, err := os.Stat(odd); err != nil {
		t.Error(err)
	}
	link := filepath.Join(dir, "link.db")
	if err := os.Symlink(odd, link); err != nil {
		t.Skip("no symbolic links:", err)
	}
	if _, err := store.Open(t.Context(), link); !errors.As(err, new(*store.OpenError)) {
		t.Errorf("the same file by another name: %v", err)
	}
	if db.Path() == link {
		t.Error("the link was not resolved")
	}
	if os.Getuid() == 0 {
		t.Skip("permissions do not bind the superuser")
	}
	closed := filepath.Join(dir, "closed")
	if err := os.Mkdir(closed, 0o500); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), filepath.Join(closed, "news.db")); !errors.Is(err, fs.ErrPermission) || errors.As(err, new(*store.OpenError)) {
		t.Errorf("a folder without permission: %v", err)
	}
}

func TestNoSuchFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), filepath.Join(file, "news.db")); err == nil || errors.As(err, new(*store.OpenError)) {
		t.Errorf("a folder that can't be made: %v", err)
	}
	if _, err := store.OpenReadOnly(t.Context(), filepath.Join(t.TempDir(), "none.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing to read: %v", err)
	}
}
