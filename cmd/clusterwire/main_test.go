package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"clusterwire/feeds"
	"clusterwire/feeds/news"
	"clusterwire/store"
)

// asProgram makes the test binary behave as the program itself, so that tests
// can start it, signal it and kill it.
const asProgram = "CLUSTERWIRE_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program is the program as a child process, cut off from the user's settings.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "XDG_CONFIG_HOME="+t.TempDir(), "CLUSTERWIRE_ALLOW=127.0.0.0/8")
	cmd.Stderr = os.Stderr
	return cmd
}

// call runs the program in this process.
func call(t *testing.T, stdin string, args ...string) (code int, out, notes string) {
	t.Helper()
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	var o, n bytes.Buffer
	code = run(t.Context(), args, strings.NewReader(stdin), &o, &n)
	return code, o.String(), n.String()
}

func TestErrorsAreOneLineWithTheRightCode(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	notes := file("notes.txt", strings.Repeat("these are notes and no database\n", 200))
	settings := file("bad.toml", "listen = \"127.0.0.1:0\"\ncolour = \"blue\"\n")
	garbage := file("garbage.xml", "\x00\x01\x02 nothing")
	empty, filled := filepath.Join(dir, "empty.db"), filepath.Join(dir, "filled.db")
	db, err := store.Open(t.Context(), filled)
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	damaged := filepath.Join(dir, "damaged.db")
	whole, err := os.ReadFile(filled)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	clear(whole[8*page:])
	file("damaged.db", string(whole))
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	tests := []struct {
		name string
		args []string
		code int
		says string
	}{
		{"search in a damaged database", []string{"search", "x", "--db", damaged}, exitBadData, "restore with"},
		{"verify a damaged database", []string{"verify", "--db", damaged}, exitBadData, "restore with"},
		{"list a damaged database", []string{"clusters", "list", "--db", damaged}, exitBadData, "restore with"},
		{"unknown flag", []string{"collect", "--fast"}, exitUsage, "--fast"},
		{"unknown command", []string{"fetch"}, exitUsage, "fetch"},
		{"no command", nil, exitUsage, "expected"},
		{"unknown setting", []string{"--config", settings, "version"}, exitUsage, "colour"},
		{"missing settings", []string{"--config", filepath.Join(dir, "none.toml"), "version"}, exitUsage, "none.toml"},
		{"no address to serve on", []string{"serve", "--db", filepath.Join(dir, "serve.db"), "--listen", "8080"}, exitUsage, "can't serve on 8080"},
		{"address in use", []string{"serve", "--db", filepath.Join(dir, "serve.db"), "--listen", taken.Addr().String()}, exitError, "in use"},
		{"bad network", []string{"--allow", "home", "--db", empty, "collect"}, exitUsage, "home"},
		{"database of another program", []string{"collect", "--db", notes}, exitBadData, "notes.txt"},
		{"no database to search", []string{"search", "x", "--db", filepath.Join(dir, "none.db")}, exitError, "none.db: file does not exist: serve"},
		{"read-only place", []string{"collect", "--db", "/proc/clusterwire.db"}, exitError, "/proc/clusterwire.db"},
		{"garbage for a feed", []string{"inspect", "feed", garbage}, exitBadData, "garbage.xml"},
		{"missing file", []string{"inspect", "feed", filepath.Join(dir, "none.xml")}, exitError, "none.xml"},
		{"unreachable host", []string{"inspect", "feed", "http://127.0.0.1:1/feed", "--allow", "127.0.0.0/8"}, exitError, "refused"},
		{"private address", []string{"inspect", "feed", "http://10.0.0.1/feed"}, exitError, "egress_denied"},
		{"unknown kind of source", []string{"sources", "add", "http://x.example", "--kind", "blog"}, exitUsage, "blog"},
		{"dump where a file is", []string{"dump", "--db", filled, garbage}, exitError, "garbage.xml"},
		{"dump without an archive", []string{"dump", "--db", filepath.Join(dir, "none.db"), dir}, exitError, "none.db"},
		{"date", []string{"inspect", "text", garbage, "--published", "yesterday"}, exitUsage, "yesterday"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, _, said := call(t, "", tt.args...)
			if code != tt.code {
				t.Errorf("exit code %d, want %d; said %q", code, tt.code, said)
			}
			if strings.Count(said, "\n") != 1 || !strings.Contains(said, tt.says) {
				t.Errorf("said %q, want one line with %q", said, tt.says)
			}
		})
	}
}

func TestEveryCommandHasAnExample(t *testing.T) {
	for _, command := range []string{
		"serve", "collect", "demo", "search", "sources list", "sources add", "sources remove", "sources check", "sources import", "sources export",
		"inspect feed", "inspect article", "inspect text", "backfill", "reread", "verify", "clusters list", "clusters candidates", "clusters confirm", "clusters reject", "import epoch", "dump", "eval", "backup", "restore", "check", "bench", "version",
	} {
		code, out, said := call(t, "", append(strings.Fields(command), "--help")...)
		if code != exitOK || !strings.Contains(out, "Example") || !strings.Contains(out, "clusterwire "+command) {
			t.Errorf("help of %q: code %d, %s%s", command, code, out, said)
		}
	}
}

func TestSettingsOrder(t *testing.T) {
	dir := t.TempDir()
	settings := filepath.Join(dir, "config.toml")
	if err := os.WriteFile(settings, []byte(`db = "/proc/from-file.db"`), 0o644); err != nil {
		t.Fatal(err)
	}
	_, _, said := call(t, "", "collect", "--config", settings)
	if !strings.Contains(said, "from-file.db") {
		t.Errorf("the file was not read: %s", said)
	}
	t.Setenv("CLUSTERWIRE_DB", "/proc/from-environment.db")
	if _, _, said = call(t, "", "collect", "--config", settings); !strings.Contains(said, "from-environment.db") {
		t.Errorf("the environment does not go before the file: %s", said)
	}
	if _, _, said = call(t, "", "collect", "--config", settings, "--db", "/proc/from-flag.db"); !strings.Contains(said, "from-flag.db") {
		t.Errorf("the flag does not go before the environment: %s", said)
	}
}

func TestInspectBatchAnswersEachLine(t *testing.T) {
	in := `{"id":1,"text":"xAI put 100,000 Nvidia H100 GPUs to work in its Memphis data center, called Colossus."}
no json
{"id":"z","text":"The apple orchards are in bloom.","published":"2024-09-02T10:00:00Z"}

{"id":3,"text":"x","published":"soon"}
`
	code, out, said := call(t, in, "inspect", "text", "--batch")
	if code != exitOK {
		t.Fatalf("code %d: %s", code, said)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d lines, want 4:\n%s", len(lines), out)
	}
	for i, id := range []string{"1", "null", `"z"`, "3"} {
		var line struct {
			ID        json.RawMessage
			Error     string
			Lang      string
			Companies []struct{ Slug string }
			Claims    []any
		}
		if err := json.Unmarshal([]byte(lines[i]), &line); err != nil {
			t.Fatalf("line %d: %v: %s", i, err, lines[i])
		}
		if string(line.ID) != id && !(id == "null" && line.ID == nil) {
			t.Errorf("line %d has id %s, want %s", i, line.ID, id)
		}
		if failed := i == 1 || i == 3; failed != (line.Error != "") {
			t.Errorf("line %d: error %q", i, line.Error)
		}
		if i == 0 && (line.Lang != "en" || len(line.Companies) != 2 || len(line.Claims) == 0) {
			t.Errorf("line 0: %s", lines[0])
		}
	}
}

// publisher serves one feed of n items and their pages on a loopback address
// of its own, since politeness goes by host.
func publisher(t *testing.T, host string, n int, delay time.Duration) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/feed.xml", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"one"`)
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, `<rss version="2.0"><channel><title>Delta Courier</title>`)
		for i := range n {
			fmt.Fprintf(w, `<item><title>xAI adds hall %d in Memphis</title><link>http://%s/story/%d</link><guid>%d</guid><pubDate>Tue, 03 Sep 2024 %02d:%02d:00 GMT</pubDate></item>`,
				i, r.Host, i, i, i/60, i%60)
		}
		fmt.Fprint(w, `</channel></rss>`)
	})
	mux.HandleFunc("/story/{i}", func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(delay)
		fmt.Fprintf(w, `<html lang="en"><head><title>xAI adds hall %[1]s in Memphis</title></head><body><article><h1>xAI adds hall %[1]s in Memphis</h1>
<p>The training cluster Colossus gets hall number %[1]s, full of Nvidia H100 accelerators, says the company. The data center takes its power from the grid and from gas turbines.</p>
<p>Neighbours ask how much water the cooling of hall %[1]s will need, and the city's utility promises an answer before the council votes on the next substation.</p></article></body></html>`, r.PathValue("i"))
	})
	ln, err := net.Listen("tcp", host+":0")
	if err != nil {
		t.Fatal(err)
	}
	server := &httptest.Server{Listener: ln, Config: &http.Server{Handler: mux}}
	server.Start()
	t.Cleanup(server.Close)
	return server
}

// newDatabase makes a database that follows publishers.
func newDatabase(t *testing.T, addresses ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "wire.db")
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	for i, address := range addresses {
		source := news.Source{Slug: fmt.Sprintf("delta-courier-%d", i), Name: "Delta Courier", Site: address, Kind: news.KindLocal, Language: "en", Country: "US", Trust: news.TrustReports}
		if err := db.AddSource(t.Context(), source, []news.Feed{{Source: source.Slug, URL: address}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// get reads a page of the site.
func get(t *testing.T, url string) (int, string) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// serving starts the program and returns the address that it prints first.
func serving(t *testing.T, cmd *exec.Cmd) (base string) {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	base, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		t.Fatalf("first line is %q, error %v", line, err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return base
}

// movingClock is a clock that a test moves.
type movingClock struct{ ahead atomic.Int64 }

func (c *movingClock) now() time.Time       { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *movingClock) pass(d time.Duration) { c.ahead.Add(int64(d)) }

func TestOneItemFromPublisherToSiteAndAPI(t *testing.T) {
	broken := true
	mux := http.NewServeMux()
	real := publisher(t, "127.0.0.1", 1, 0)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if broken && strings.HasPrefix(r.URL.Path, "/story/") {
			http.Error(w, "the press is broken", http.StatusBadGateway)
			return
		}
		real.Config.Handler.ServeHTTP(w, r)
	})
	front := httptest.NewServer(mux)
	t.Cleanup(front.Close)

	e := &env{ctx: t.Context(), in: strings.NewReader(""), out: io.Discard, err: io.Discard}
	e.common.DB = newDatabase(t, front.URL+"/feed.xml")
	e.common.Allow = []string{"127.0.0.0/8"}
	r, err := openRooms(e)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.close)
	handler, err := site(t.Context(), r.db, public{}, r.log)
	if err != nil {
		t.Fatal(err)
	}
	served := httptest.NewServer(handler)
	t.Cleanup(served.Close)

	clock := &movingClock{}
	line := r.line(feeds.Config{Now: clock.now})
	const headline = "xAI adds hall 0 in Memphis"
	shown := func(path string) bool {
		status, body := get(t, served.URL+path)
		if status != http.StatusOK {
			t.Fatalf("%s answers %d: %s", path, status, body)
		}
		return strings.Contains(body, headline)
	}
	paths := []string{"/", "/company/xai", "/search?q=turbines", "/api/v1/search?q=%22gas+turbines%22+company:xai"}

	summary, err := line.Collect(t.Context())
	if err != nil || summary.Items.New != 1 || summary.Articles.Failed != 1 {
		t.Fatalf("while the page fails: %s, error %v", summary, err)
	}
	for _, path := range paths {
		if shown(path) {
			t.Errorf("%s shows an article whose page was never read", path)
		}
	}
	broken = false
	clock.pass(time.Hour)
	if summary, err = line.Collect(t.Context()); err != nil || summary.Articles.Stored != 1 {
		t.Fatalf("once the page is there: %s, error %v", summary, err)
	}
	for _, path := range paths {
		if !shown(path) {
			t.Errorf("%s does not show the article", path)
		}
	}
}

func TestServeStartsAndEnds(t *testing.T) {
	server := publisher(t, "127.0.0.1", 1, 0)
	path := newDatabase(t, server.URL+"/feed.xml")
	cmd := program(t, "serve", "--listen", "127.0.0.1:0", "--db", path)
	base := serving(t, cmd)
	deadline := time.Now().Add(time.Minute)
	shows := func(path, text string) {
		for {
			status, body := get(t, base+path)
			if status != http.StatusOK {
				t.Fatalf("%s answers %d: %s", path, status, body)
			}
			if strings.Contains(body, text) {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("%s never shows %q:\n%s", path, text, body)
			}
			time.Sleep(50 * time.Millisecond)
		}
	}
	shows("/", "xAI adds hall 0 in Memphis")

	// Others may add and remove sources meanwhile.
	second := publisher(t, "127.0.0.1", 1, 0)
	if code, _, said := call(t, "", "sources", "add", second.URL+"/feed.xml", "--slug", "second", "--db", path, "--allow", "127.0.0.0/8"); code != exitOK {
		t.Errorf("sources add while serve runs: code %d, %s", code, said)
	}
	shows("/api/v1/sources", `"slug": "second"`)
	if code, _, said := call(t, "", "sources", "remove", "second", "--db", path); code != exitOK {
		t.Errorf("sources remove while serve runs: code %d, %s", code, said)
	}
	if code, _, said := call(t, "", "sources", "remove", "second", "--db", path); code != exitError || !strings.Contains(said, "no source is called") {
		t.Errorf("sources remove of none while serve runs: code %d, %s", code, said)
	}
	if _, body := get(t, base+"/api/v1/sources"); strings.Contains(body, `"slug": "second"`) {
		t.Error("the source that was removed is there")
	}
	if code, _, said := call(t, "", "collect", "--db", path); code != exitBadData || !strings.Contains(said, "in use by process") {
		t.Errorf("collect while serve runs: code %d, %s", code, said)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("after SIGTERM: %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("still there ten seconds after SIGTERM")
	}
	if _, err := os.Stat(path + ".sock"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket stays behind: %v", err)
	}
}

func TestBackupCheckRestore(t *testing.T) {
	path := newDatabase(t, "http://publisher.example/feed.xml")
	copied := filepath.Join(t.TempDir(), "copy.db")
	if code, _, said := call(t, "", "backup", copied, "--db", path); code != exitOK {
		t.Fatalf("backup: code %d, %s", code, said)
	}
	if code, _, said := call(t, "", "backup", copied, "--db", path); code != exitError || !strings.Contains(said, copied) {
		t.Errorf("a backup over another one: code %d, %s", code, said)
	}
	if err := os.WriteFile(path, []byte(strings.Repeat("lost ", 4000)), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _, _ := call(t, "", "check", "--db", path); code != exitBadData {
		t.Errorf("check of a lost database: code %d, want %d", code, exitBadData)
	}
	if code, _, said := call(t, "", "restore", copied, "--db", path); code != exitOK {
		t.Fatalf("restore: code %d, %s", code, said)
	}
	if code, out, said := call(t, "", "check", "--db", path); code != exitOK || !strings.Contains(out, "0 problems") {
		t.Errorf("check after the restore: code %d, %s%s", code, out, said)
	}
	if _, out, _ := call(t, "", "sources", "list", "--json", "--db", path); !strings.Contains(out, "publisher.example") {
		t.Errorf("the sources did not come back: %s", out)
	}
}

func TestKilledWhileCollecting(t *testing.T) {
	const publishers, each = 8, 4
	var addresses []string
	for i := range publishers {
		addresses = append(addresses, publisher(t, fmt.Sprintf("127.0.1.%d", i+1), each, 5*time.Millisecond).URL+"/feed.xml")
	}
	path := newDatabase(t, addresses...)
	for _, life := range []time.Duration{150, 400, 900, 1500} {
		cmd := program(t, "collect", "--db", path)
		cmd.Stderr = nil
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(life * time.Millisecond)
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed: its error says so
	}
	// The rest, in this process: politeness leaves a second between two pages.
	code, out, said := call(t, "", "collect", "--db", path, "--allow", "127.0.0.0/8")
	if code != exitOK {
		t.Fatalf("after the kills: code %d, %s%s", code, out, said)
	}
	db, err := store.OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	seen := map[string]int{}
	results, err := db.Search(t.Context(), news.Query{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	for _, hit := range results.Hits {
		seen[hit.URL]++
	}
	if want := publishers * each; results.Total != want || len(seen) != want {
		t.Errorf("%d articles, %d different, want %d", results.Total, len(seen), want)
	}
	stats, err := db.Stats(context.Background())
	if err != nil || stats.ToOpen != 0 {
		t.Errorf("%d items left to open, error %v", stats.ToOpen, err)
	}
}
