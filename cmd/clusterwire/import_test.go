package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds"
	"clusterwire/feeds/news"
	"clusterwire/store"
)

const clustersCSV = `Name,Status,Certainty,H100 equivalents,Chip type (primary),Chip quantity (primary),Chip type (secondary),Chip quantity (secondary),Location,First Operational Date,Reported Power Capacity (MW),Reported Cost
xAI Colossus Memphis,Existing,Confirmed,100000,NVIDIA H100 SXM5 80GB,100000,,,Memphis,2024-07-22,,
Little Known Cluster,Planned,Likely,,,,,,,,300,1000000
`

const sitesCSV = `Name,Current H100 equivalents,Current power (MW),Current total capital cost (2025 USD billions),Address
Little Known Cluster,5,30,1,"1 Main St, Anytown"
`

// importFile writes a file and imports it, or asks for the report.
func importFile(t *testing.T, db, content string, flags ...string) (code int, out, said string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "table.csv")
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return call(t, "", append([]string{"import", "epoch", path, "--db", db}, flags...)...)
}

func TestImportEpoch(t *testing.T) {
	path := newDatabase(t)
	for range 2 { // again does no harm
		for _, file := range []string{clustersCSV, sitesCSV} {
			if code, out, said := importFile(t, path, file); code != exitOK || !strings.Contains(out, "statements imported") {
				t.Fatalf("code %d: %s%s", code, out, said)
			}
		}
	}
	db, err := store.OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for cluster, want := range map[string]int{"colossus": 4, "little-known-cluster": 6} {
		statements, _, err := db.Statements(t.Context(), cluster, 100)
		if err != nil || len(statements) != want {
			t.Errorf("%s: %d statements, want %d, %v", cluster, len(statements), want, err)
		}
	}
	handler, err := site(t.Context(), db, public{}, newLog(os.Stderr))
	if err != nil {
		t.Fatal(err)
	}
	const credit = "Data on GPU Clusters"
	for page, credited := range map[string]bool{"/clusters": true, "/cluster/colossus": true, "/cluster/little-known-cluster": true, "/cluster/hyperion": false, "/": true, "/company/xai": true, "/about": false} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, page, nil))
		if body := w.Body.String(); w.Code != http.StatusOK || strings.Contains(body, credit) != credited || credited != strings.Contains(body, "CC BY 4.0") {
			t.Errorf("%s: %d, credited %v, want %v", page, w.Code, !credited, credited)
		}
	}
}

func TestImportRefusesOtherFiles(t *testing.T) {
	path := newDatabase(t)
	for _, file := range []string{"", "a,b\n1,2\n", "Name,Chip type (primary)\n", "\x00\x01", "Name,Chip type (primary)\n\"broken"} {
		code, _, said := importFile(t, path, file)
		if code != exitBadData || strings.Count(said, "\n") != 1 {
			t.Errorf("%q: code %d, said %q", file, code, said)
		}
	}
	if code, _, said := call(t, "", "import", "epoch", filepath.Join(t.TempDir(), "none.csv"), "--db", path); code != exitError || strings.Count(said, "\n") != 1 {
		t.Errorf("missing file: code %d, said %q", code, said)
	}
}

func TestImportReport(t *testing.T) {
	path := newDatabase(t)
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := feeds.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	text := news.Text{Title: "xAI doubles Colossus", Language: "en", Body: "The cluster Colossus in Memphis now has 200,000 Nvidia H100 GPUs. Colossus draws 250 megawatts from the grid.", Published: time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)}
	opened := news.Opened{Article: news.Article{Source: "delta-courier-0", URL: "https://courier.example/1", Title: text.Title, Text: text.Body, Published: text.Published}, Reading: reader.Read(text)}
	if err := db.AddSource(t.Context(), news.Source{Slug: "delta-courier-0", Name: "Delta Courier"}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := db.SaveArticles(t.Context(), []news.Opened{opened}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	code, out, said := importFile(t, path, clustersCSV, "--report", "--json")
	if code != exitOK {
		t.Fatalf("code %d: %s", code, said)
	}
	found := map[string]bool{}
	for line := range strings.Lines(out) {
		var g gapLine
		if err := json.Unmarshal([]byte(line), &g); err != nil {
			t.Fatal(err)
		}
		switch {
		case g.Metric == news.MetricChips && g.News != nil && g.Database != nil && g.Newer && g.Differs:
			found["both"] = g.News.Value == "200000" && g.Database.Value == "100000" && g.News.Article != 0
		case g.Metric == news.MetricPower && g.Cluster == "colossus":
			found["news alone"] = g.Database == nil
		case g.Metric == news.MetricPower:
			found["file alone"] = g.News == nil && g.Database.Value == "300"
		}
	}
	if !found["both"] || !found["news alone"] || !found["file alone"] {
		t.Errorf("found %v in\n%s", found, out)
	}
	code, out, said = importFile(t, path, clustersCSV, "--report")
	if !strings.Contains(out, "200,000 (2025-03-01)") || !strings.Contains(out, "1m USD") || !strings.Contains(out, "300 MW") {
		t.Errorf("figures are not for a person to read:\n%s", out)
	}
	if code != exitOK || !strings.Contains(out, "newer, differs") || !strings.Contains(out, "the news lacks it") || !strings.Contains(out, "Epoch AI lacks it") {
		t.Errorf("code %d: %s%s", code, out, said)
	}
}

func TestClusters(t *testing.T) {
	path := newDatabase(t)
	if code, _, said := importFile(t, path, clustersCSV); code != exitOK {
		t.Fatalf("code %d: %s", code, said)
	}
	code, out, said := call(t, "", "clusters", "--db", path)
	if code != exitOK || !strings.Contains(out, "hyperion") || !strings.Contains(out, "Little Known Cluster") {
		t.Errorf("code %d: %s%s", code, out, said)
	}
	claims := map[string]int{}
	code, out, said = call(t, "", "clusters", "--db", path, "--json")
	for line := range strings.Lines(out) {
		var c clusterLine
		if err := json.Unmarshal([]byte(line), &c); err != nil || c.Name == "" || c.Aliases == nil {
			t.Errorf("%v: %s", err, line)
		}
		claims[c.Slug] = c.Claims
	}
	if code != exitOK || len(claims) < 80 || claims["colossus"] != 4 || claims["little-known-cluster"] != 2 || claims["hyperion"] != 0 {
		t.Errorf("code %d, %d clusters, %v: %s", code, len(claims), claims, said)
	}
}
