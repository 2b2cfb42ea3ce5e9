package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"clusterwire/store"
	"clusterwire/web/dump"
)

// A person dumps an archive, sees that another process can't at the same time,
// and that serve, told a directory, does it by itself and serves the files.
func TestDump(t *testing.T) {
	work := t.TempDir()
	path, dir := filepath.Join(work, "wire.db"), filepath.Join(work, "dumps")
	db, err := store.Open(t.Context(), path)
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	if code, out, said := call(t, "", "dump", "--db", path, dir); code != exitOK || !strings.Contains(out, "0 articles and the tables in 10 files") {
		t.Fatalf("code %d, %s%s", code, out, said)
	}
	unlock, err := store.Lock(filepath.Join(dir, dump.ManifestName), "")
	if err != nil {
		t.Fatal(err)
	}
	code, _, said := call(t, "", "dump", "--db", path, dir)
	if code != exitBadData || !strings.Contains(said, "is in use") || strings.Count(said, "\n") != 1 {
		t.Errorf("two at once: code %d, %s", code, said)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
}

func TestServeMakesDumps(t *testing.T) {
	path, dir := newDatabase(t, publisher(t, "127.0.0.1", 1, 0).URL+"/feed.xml"), filepath.Join(t.TempDir(), "dumps")
	base := serving(t, program(t, "serve", "--listen", "127.0.0.1:0", "--db", path, "--dumps", dir))
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		if m, err := dump.Read(dir); err == nil && m.Generated != nil {
			break
		}
		if time.Since(began) > 30*time.Second {
			t.Fatal("no dump was written")
		}
	}
	resp, err := http.Get(base + "/dumps/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var m dump.Manifest
	if err := json.NewDecoder(resp.Body).Decode(&m); err != nil || m.Generated == nil || len(m.Files) < 10 {
		t.Errorf("%d %v, %d files", resp.StatusCode, err, len(m.Files))
	}
}

// A dump is due once a day of UTC, some minutes after midnight.
func TestDumpDue(t *testing.T) {
	dir := t.TempDir()
	at := func(text string) time.Time {
		x, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	if !dumpDue(dir, at("2026-11-22T00:00:00Z")) {
		t.Error("the first is not due")
	}
	body := `{"schema": 1, "generated": "2026-11-22T00:10:30Z"}`
	if err := os.WriteFile(filepath.Join(dir, dump.ManifestName), []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
	for now, want := range map[string]bool{"2026-11-22T00:11:00Z": false, "2026-11-22T23:59:00Z": false, "2026-11-23T00:09:00Z": false, "2026-11-23T00:10:00Z": true, "2026-11-23T01:30:00+02:00": false, "2026-12-01T00:00:00Z": true} {
		if dumpDue(dir, at(now)) != want {
			t.Errorf("at %s: due %v, want %v", now, !want, want)
		}
	}
}
