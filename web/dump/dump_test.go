package dump

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

type row struct {
	ID   int     `json:"id"`
	Text *string `json:"text"`
}

// rows are n rows that say something.
func rows(n int, text string) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for i := range n {
			if !yield(row{i, &text}, nil) {
				return
			}
		}
	}
}

func open(t testing.TB, dir, basis string) *Dir {
	t.Helper()
	d, err := Open(dir, Manifest{Basis: basis, Site: "https://wire.example", Licence: "licence"}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// verified reads the manifest and each file that it lists.
func verified(t testing.TB, dir string) Manifest {
	t.Helper()
	m, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range m.Files {
		body, err := os.ReadFile(filepath.Join(dir, f.Name))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(body)
		if hex.EncodeToString(sum[:]) != f.SHA256 || int64(len(body)) != f.Bytes {
			t.Errorf("%s is not what the manifest says", f.Name)
		}
	}
	return m
}

func filesIn(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// A second run writes what changed and nothing else.
func TestOnlyWhatChanged(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	old, fresh, all := Table{"days", "2026-11-21", "m1"}, Table{"days", "2026-11-22", "m2"}, Table{Name: "all"}
	d := open(t, dir, "one")
	for _, table := range []Table{old, fresh, all} {
		if d.Has(table) {
			t.Errorf("%v is there before it was written", table)
		}
		if err := Write(d, table, rows(3, "first")); err != nil {
			t.Fatal(err)
		}
	}
	if m := verified(t, dir); m.Generated != nil || m.Changes != nil {
		t.Error("a dump that was not finished says that it was")
	} else if m.Site != "https://wire.example" || m.Licence != "licence" {
		t.Errorf("files are listed without whose they are: %+v", m)
	}
	if _, err := d.Finish("cursor", []Credit{}); err != nil {
		t.Fatal(err)
	}
	first := verified(t, dir)

	d = open(t, dir, "one")
	fresh.Mark = "m3"
	if !d.Has(old) || d.Has(fresh) || d.Has(all) {
		t.Error("what stands at its mark, or not, is not known")
	}
	if err := Write(d, fresh, rows(4, "second")); err != nil {
		t.Fatal(err)
	}
	if err := Write(d, all, rows(3, "first")); err != nil {
		t.Fatal(err)
	}
	if err := d.Keep([]Table{fresh, all}); err != nil {
		t.Fatal(err)
	}
	second := verified(t, dir)
	if want := []string{"all.ndjson.gz", "all.parquet", "days-2026-11-22.ndjson.gz", "days-2026-11-22.parquet", ManifestName}; !slices.Equal(filesIn(t, dir), want) {
		t.Errorf("%v are there, want %v", filesIn(t, dir), want)
	}
	same, _ := first.Find("all.parquet")
	if f, _ := second.Find("all.parquet"); f != same {
		t.Errorf("a table that says the same is %v, was %v", f, same)
	}
	if f, _ := second.Find("days-2026-11-22.ndjson.gz"); f.Rows != 4 || *f.Day != "2026-11-22" || f.Table != "days" {
		t.Errorf("%+v", f)
	}
	if *second.Changes != "cursor" {
		t.Error("the place of the last whole dump is lost while the next is made")
	}
	if err := os.Truncate(filepath.Join(dir, "days-2026-11-22.parquet"), 5); err != nil {
		t.Fatal(err)
	}
	if open(t, dir, "one").Has(fresh) {
		t.Error("a file that was cut short is taken for whole")
	}
	if open(t, dir, "other archive").Has(fresh) {
		t.Error("the file of another archive is taken for ours")
	}
}

// A dump that took until after midnight is of the day before: what came since
// may not be in it.
func TestGeneratedWhenItBegan(t *testing.T) {
	now := time.Date(2026, 11, 22, 23, 55, 0, 0, time.UTC)
	d, err := Open(t.TempDir(), Manifest{Basis: "one"}, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	began := now
	now = now.Add(20 * time.Minute)
	if m, err := d.Finish("cursor", []Credit{}); err != nil || !m.Generated.Equal(began) {
		t.Errorf("generated %v, %v; it began %v", m.Generated, err, began)
	}
}

// An error in the middle leaves what was there.
func TestErrorInTheMiddle(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir, "one")
	if err := Write(d, Table{Name: "all"}, rows(3, "first")); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	err := Write(d, Table{Name: "all"}, func(yield func(row, error) bool) {
		_ = yield(row{ID: 7}, nil) && yield(row{}, broken)
	})
	if !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if m := verified(t, dir); len(m.Files) != 2 || m.Files[0].Rows != 3 || len(filesIn(t, dir)) != 3 {
		t.Errorf("%+v, %v", m, filesIn(t, dir))
	}
}

func TestStrangersAreLeftAlone(t *testing.T) {
	for name, body := range map[string]string{"of another program": `{"name": "app", "icons": []}`, "no JSON": "hello"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, ManifestName), []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, Manifest{Basis: "one"}, time.Now); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("a manifest %s: %v", name, err)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file, Manifest{Basis: "one"}, time.Now); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("a file in the place of the directory: %v", err)
	}
}

// busy writes for ever: the same names again and again, and ever new ones.
func busy(dir string) error {
	d, err := Open(dir, Manifest{Basis: "one"}, time.Now)
	for i := 0; err == nil; i++ {
		text := fmt.Sprint(i)
		if err = Write(d, Table{Name: "all"}, rows(500, text)); err == nil {
			err = Write(d, Table{"days", fmt.Sprintf("2026-11-%02d", i%30), text}, rows(100, text))
		}
	}
	return err
}

// written is when the manifest was last put in its place.
func written(dir string) time.Time {
	info, err := os.Stat(filepath.Join(dir, ManifestName))
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// A process that is killed at any moment leaves a manifest of which every word
// is true, and the next takes away what it had begun.
func TestKilled(t *testing.T) {
	if dir := os.Getenv("CLUSTERWIRE_BUSY"); dir != "" {
		t.Fatal(busy(dir))
	}
	dir := t.TempDir()
	for i := range 8 {
		before := written(dir)
		work := exec.Command(os.Args[0], "-test.run=^TestKilled$")
		work.Env = append(os.Environ(), "CLUSTERWIRE_BUSY="+dir)
		if err := work.Start(); err != nil {
			t.Fatal(err)
		}
		for began := time.Now(); ; time.Sleep(time.Millisecond) { // until it has listed several, and something new
			if m, err := Read(dir); err == nil && len(m.Files) >= 4 && written(dir) != before {
				break
			}
			if time.Since(began) > time.Minute {
				t.Error("in a minute no four files were listed")
				break
			}
		}
		time.Sleep(time.Duration(7*i) * time.Millisecond)
		if err := work.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = work.Wait() // it was killed
		verified(t, dir)
	}
	open(t, dir, "one")
	for _, name := range filesIn(t, dir) {
		if strings.HasSuffix(name, unfinished) {
			t.Errorf("%s was left behind", name)
		}
	}
}
