package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"clusterwire/feeds/claim"
	"clusterwire/feeds/news"
	"clusterwire/store"
	"clusterwire/store/storetest"
	"clusterwire/web/dump"
)

// dumped writes a dump of an archive.
func dumped(t testing.TB, db Store, dir string) dump.Manifest {
	t.Helper()
	m, err := Dump(t.Context(), Config{Store: db, Weigh: claim.Weigh, BaseURL: "https://wire.example", Now: func() time.Time { return present }}, dir, func(string, int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// filled is an archive with stories and with figures of a database.
func filled(t testing.TB) *store.DB {
	t.Helper()
	db := archive(t, 60)
	placed(t, db)
	figure := 100_000.0
	rows := []news.Statement{{Claim: news.Claim{Metric: news.MetricChips, ValueLo: &figure, ValueHi: &figure, Qualifier: news.Exact, Unit: "count", Chip: "H100", Cluster: "colossus", Modality: news.Operational, Method: "import"},
		Source: news.Source{Slug: "epoch-ai", Name: "Epoch AI"}, Title: "Colossus", URL: "https://epoch.example/colossus"}}
	if err := db.ImportStatements(t.Context(), rows[0].Source, nil, rows); err != nil {
		t.Fatal(err)
	}
	return db
}

// lines are the rows of a file of NDJSON.
func lines(t testing.TB, path string) []any {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	zip, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []any
	for dec := json.NewDecoder(zip); ; {
		var row any
		if err := dec.Decode(&row); err == io.EOF {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		out = append(out, row)
	}
}

// parquetRows are the rows of a file of Parquet, read by its own schema.
func parquetRows(t testing.TB, path string) []any {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := parquet.NewReader(file)
	defer r.Close()
	var out []any
	for {
		var row any
		if err := r.Read(&row); err == io.EOF {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		out = append(out, row)
	}
}

// common brings a row to what NDJSON and Parquet have in common: numbers are
// numbers, instants milliseconds, and what is null is left out.
func common(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, x := range v {
			if x = common(x); x != nil {
				out[key] = x
			}
		}
		return out
	case []any:
		out := []any{}
		for _, x := range v {
			out = append(out, common(x))
		}
		return out
	case []byte:
		return common(string(v))
	case int64:
		return float64(v)
	case string:
		if at, err := time.Parse(time.RFC3339, v); err == nil && strings.HasSuffix(v, "Z") {
			return float64(at.UnixMilli())
		}
	}
	return v
}

// everyItem walks a list of the API to its end.
func everyItem(t testing.TB, h http.Handler, path string) []any {
	t.Helper()
	var out []any
	for next := ""; ; {
		list := decode[listJSON[any]](t, get(t, h, path+next).Body)
		if out = append(out, list.Items...); list.Next == nil {
			return out
		}
		next = "&cursor=" + url.QueryEscape(*list.Next)
	}
}

// byText orders rows, since a dump has them in its own order.
func byText(t testing.TB, rows []any) []string {
	t.Helper()
	out := []string{}
	for _, row := range rows {
		body, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(body))
	}
	slices.Sort(out)
	return out
}

// What stands in the dump is what the API gives, object by object, in both
// formats, and every file is what the manifest says.
func TestDumpIsWhatTheAPIGives(t *testing.T) {
	db, dir := filled(t), t.TempDir()
	m := dumped(t, db, dir)
	h := testSite(t, db, nil)
	want := map[string][]any{}
	for table, path := range map[string]string{"articles": "/articles?limit=200", "stories": "/stories?limit=200", "claims": "/claims?limit=200", "clusters": "/clusters?", "companies": "/companies?", "sources": "/sources?"} {
		path, _ = strings.CutSuffix(root+path, "?")
		want[table] = everyItem(t, h, path)
	}
	got := map[string][]any{}
	for _, f := range m.Files {
		path := filepath.Join(dir, f.Name)
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(body)
		if hex.EncodeToString(sum[:]) != f.SHA256 || int64(len(body)) != f.Bytes {
			t.Errorf("%s is not what the manifest says", f.Name)
		}
		if f.Format == dump.Parquet {
			continue
		}
		plain := lines(t, path)
		if len(plain) != f.Rows {
			t.Errorf("%s: %d rows, the manifest says %d", f.Name, len(plain), f.Rows)
		}
		got[f.Table] = append(got[f.Table], plain...)
		columnar := parquetRows(t, strings.TrimSuffix(path, dump.NDJSON)+dump.Parquet)
		if a, b := common(plain), common(columnar); len(plain) > 0 && !reflect.DeepEqual(a, b) {
			t.Errorf("%s says otherwise as Parquet:\n%.600v\n%.600v", f.Name, b, a)
		}
		for _, row := range plain {
			if seen, day := row.(map[string]any)["first_seen"], f.Day; day != nil && !strings.HasPrefix(seen.(string), *day) {
				t.Errorf("%s has an article of %v", f.Name, seen)
			}
		}
	}
	for table, rows := range want {
		if len(rows) == 0 {
			t.Errorf("the archive has no %s", table)
		}
		if a, b := byText(t, rows), byText(t, got[table]); !slices.Equal(a, b) {
			t.Errorf("%s: %d rows in the dump, %d in the API, or they differ:\n%.400s\n%.400s", table, len(b), len(a), b, a)
		}
	}
	if len(m.Credits) != 1 || m.Credits[0].Licence != "CC BY 4.0" || m.Site != "https://wire.example" || m.Generated == nil {
		t.Errorf("%+v", m)
	}
}

// After an edit and a withdrawal the days of those articles are written again,
// no other, and following the changes from the manifest brings the same two.
func TestDumpFollowsTheArchive(t *testing.T) {
	db, dir := archive(t, 40), t.TempDir()
	first := dumped(t, db, dir)
	edited, gone := storetest.Article(3), storetest.Article(20)
	edited.Article.Title, edited.Article.Text = "Edited", edited.Article.Text+" Edited."
	gone.Article.Text += " Withdrawn."
	gone.Reading.Verdict = news.Verdict{}
	if _, err := db.SaveArticles(t.Context(), []news.Opened{edited, gone}); err != nil {
		t.Fatal(err)
	}
	changes := decode[changesJSON](t, get(t, testSite(t, db, nil), root+"/changes?cursor="+url.QueryEscape(*first.Changes)).Body)
	if len(changes.Items) != 2 || changes.More {
		t.Errorf("%d changes behind the dump, want 2", len(changes.Items))
	}
	second := dumped(t, db, dir)
	rows := func(m dump.Manifest) (n int) {
		for _, f := range m.Files {
			if f.Table == "articles" && f.Format == dump.Parquet {
				n += f.Rows
			}
		}
		return n
	}
	if rows(second) != rows(first)-1 {
		t.Errorf("%d articles, were %d and one was withdrawn", rows(second), rows(first))
	}
	days := map[string]bool{edited.Article.FirstSeen.UTC().Format(time.DateOnly): true, gone.Article.FirstSeen.UTC().Format(time.DateOnly): true}
	for _, f := range first.Files {
		now, found := second.Find(f.Name)
		if f.Day != nil && (!found || (now.SHA256 != f.SHA256) != days[*f.Day]) {
			t.Errorf("%s: changed %v, want %v", f.Name, now.SHA256 != f.SHA256, days[*f.Day])
		}
	}
}

// slow is a store that ends a dump after some pages.
type slow struct {
	Store
	left int
	stop func()
}

func (s *slow) Listed(ctx context.Context, ids []int64) ([]news.Hit, error) {
	if s.left--; s.left == 0 {
		s.stop()
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return s.Store.Listed(ctx, ids)
}

// A dump that was stopped goes on where it was.
func TestDumpGoesOn(t *testing.T) {
	db, dir := archive(t, 60), t.TempDir()
	days, err := db.Arrivals(t.Context())
	if err != nil || len(days) < 4 {
		t.Fatal(len(days), err)
	}
	ctx, stop := context.WithCancel(t.Context())
	_, err = Dump(ctx, Config{Store: &slow{db, 3, stop}, BaseURL: "https://wire.example"}, dir, func(string, int, int) {})
	if err == nil {
		t.Fatal("a stopped dump says that it is done")
	}
	if m, err := dump.Read(dir); err != nil || len(m.Files) != 4 || m.Generated != nil {
		t.Fatalf("after two days: %+v, %v", m, err)
	}
	again := &slow{db, -1, nil}
	m, err := Dump(t.Context(), Config{Store: again, BaseURL: "https://wire.example"}, dir, func(string, int, int) {})
	if err != nil || m.Generated == nil || len(m.Files) != 2*len(days)+10 {
		t.Fatalf("%d files, %v", len(m.Files), err)
	}
	if asked := -1 - again.left; asked != len(days)-2 {
		t.Errorf("%d days were read again, want %d", asked, len(days)-2)
	}
}

func TestDumpsOverHTTP(t *testing.T) {
	db, dir := filled(t), t.TempDir()
	empty := get(t, testSite(t, db, func(c *Config) { c.Dumps = dir }), "/dumps")
	if empty.Code != 200 || !strings.Contains(empty.Body.String(), "first is being made") {
		t.Errorf("before the first dump: %d", empty.Code)
	}
	m := dumped(t, db, dir)
	server := httptest.NewServer(testSite(t, db, func(c *Config) { c.Dumps = dir }))
	defer server.Close()
	ask := func(method, path string, headers ...string) (*http.Response, []byte) {
		t.Helper()
		r, err := http.NewRequest(method, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", "gzip, br, zstd") // a file comes as it is all the same
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		resp, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, body
	}
	for _, f := range m.Files {
		resp, body := ask("GET", "/dumps/"+f.Name)
		sum := sha256.Sum256(body)
		if kind := resp.Header.Get("Content-Type"); resp.StatusCode != 200 || hex.EncodeToString(sum[:]) != f.SHA256 || kind != dumpTypes()[f.Format] || resp.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: %d %s, %d bytes", f.Name, resp.StatusCode, kind, len(body))
		}
		if want := "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"; resp.Header.Get("Repr-Digest") != want {
			t.Errorf("%s: Repr-Digest %q, want %q", f.Name, resp.Header.Get("Repr-Digest"), want)
		}
	}
	name := "/dumps/claims.parquet"
	whole, body := ask("GET", name)
	tag := whole.Header.Get("ETag")
	for _, c := range []struct {
		name    string
		method  string
		headers []string
		status  int
		body    []byte
	}{
		{"a part", "GET", []string{"Range", "bytes=4-9"}, 206, body[4:10]},
		{"the end", "GET", []string{"Range", "bytes=-4"}, 206, []byte("PAR1")},
		{"a part of this version", "GET", []string{"Range", "bytes=4-9", "If-Range", tag}, 206, body[4:10]},
		{"a part of another version", "GET", []string{"Range", "bytes=4-9", "If-Range", `"other"`}, 200, body},
		{"what is there already", "GET", []string{"If-None-Match", tag}, 304, nil},
		{"the headers alone", "HEAD", nil, 200, nil},
		{"behind the end", "GET", []string{"Range", "bytes=99999999-"}, 416, nil},
	} {
		resp, got := ask(c.method, name, c.headers...)
		if resp.StatusCode != c.status || c.body != nil && !bytes.Equal(got, c.body) {
			t.Errorf("%s: %d, %d bytes; want %d, %d", c.name, resp.StatusCode, len(got), c.status, len(c.body))
		}
	}
	if resp, _ := ask("HEAD", name); resp.ContentLength != int64(len(body)) || resp.Header.Get("Accept-Ranges") != "bytes" || resp.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("HEAD: %v", resp.Header)
	}
	manifest := decode[dump.Manifest](t, bytes.NewReader(must(ask("GET", "/dumps/manifest.json", "Accept-Encoding", "identity"))))
	if !reflect.DeepEqual(manifest, m) {
		t.Error("the manifest that is served is another")
	}
	page := string(must(ask("GET", "/dumps", "Accept-Encoding", "identity")))
	for _, part := range []string{`href="/dumps/claims.parquet"`, `href="/dumps/articles-2024-09-02.ndjson.gz"`, "Epoch AI", "CC BY 4.0"} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %s", part)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "secret.txt"), []byte("secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	for path, status := range map[string]int{"/dumps/secret.txt": 404, "/dumps/..%2fsecret.txt": 404, "/dumps/.manifest.json.part": 404, "/dumps/manifest.json.lock": 404, "/dumps/articles-1999-01-01.parquet": 404, "/dumps/claims.parquet?x=1": 400} {
		if resp, body := ask("GET", path); resp.StatusCode != status || bytes.Contains(body, []byte("secret")) && status == 200 || resp.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", path, resp.StatusCode, resp.Header.Get("Content-Type"))
		}
	}
	if w := get(t, testSite(t, db, func(c *Config) { c.Dumps = "" }), "/dumps"); w.Code != 404 {
		t.Errorf("a site without dumps: %d", w.Code)
	}
}

func must(_ *http.Response, body []byte) []byte { return body }
