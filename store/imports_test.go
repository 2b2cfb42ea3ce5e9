package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"clusterwire/feeds/news"
	"clusterwire/store"
	"clusterwire/store/storetest"
)

// importOf makes statements of powers, all from one address.
func importOf(url, cluster string, powers ...float64) []news.Statement {
	var out []news.Statement
	for _, mw := range powers {
		out = append(out, news.Statement{Title: "A row", URL: url, Language: "en", Claim: news.Claim{Cluster: cluster, Metric: news.MetricPower, Unit: "MW", ValueLo: &mw, ValueHi: &mw, Method: "import"}})
	}
	return out
}

// powers are the imported values that stand about a cluster, lowest first.
func powers(t *testing.T, db *store.DB, cluster string) []float64 {
	t.Helper()
	statements, _, err := db.Statements(t.Context(), cluster, 100)
	if err != nil {
		t.Fatal(err)
	}
	out := []float64{}
	for _, s := range statements {
		if s.Claim.Method != "import" {
			continue
		}
		if s.Article != 0 || s.Title != "A row" || s.URL == "" || s.Language != "en" || s.Source.Name != "Tables" || s.Claim.ID == 0 {
			t.Errorf("%+v", s)
		}
		out = append(out, *s.Claim.ValueLo)
	}
	slices.Sort(out)
	return out
}

func listed(t *testing.T, db *store.DB) []string {
	t.Helper()
	clusters, err := db.Clusters(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, c := range clusters {
		out = append(out, c.Slug)
	}
	return out
}

func TestImport(t *testing.T) {
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "news.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	tables := news.Source{Slug: "tables", Name: "Tables", Site: "https://tables.example"}
	registry := []news.Cluster{{Slug: "colossus", Name: "Colossus"}}
	found := []news.Cluster{{Slug: "barn", Name: "Barn", Place: "Iowa"}}
	const one, two = "https://tables.example/one", "https://tables.example/two"
	must(db.SyncClusters(t.Context(), registry))
	must(db.ImportStatements(t.Context(), tables, found, slices.Concat(importOf(one, "colossus", 150, 150, 300), importOf(one, "barn", 5))))
	must(db.ImportStatements(t.Context(), tables, nil, importOf(two, "colossus", 280)))
	if got := powers(t, db, "colossus"); !slices.Equal(got, []float64{150, 150, 280, 300}) {
		t.Errorf("imported %v", got)
	}
	must(db.SyncClusters(t.Context(), registry)) // as at every start
	if got := listed(t, db); !slices.Equal(got, []string{"barn", "colossus"}) {
		t.Errorf("listed %v", got)
	}
	before, _, err := db.Statements(t.Context(), "colossus", 100)
	must(err)

	// The next edition of one table has lost a row, and the barn.
	must(db.ImportStatements(t.Context(), tables, nil, importOf(one, "colossus", 150, 400)))
	if got := powers(t, db, "colossus"); !slices.Equal(got, []float64{150, 280, 400}) {
		t.Errorf("imported again: %v", got)
	}
	if got := powers(t, db, "barn"); len(got) > 0 {
		t.Errorf("the barn still has %v", got)
	}
	if got := listed(t, db); !slices.Equal(got, []string{"colossus"}) {
		t.Errorf("listed %v", got)
	}
	after, _, err := db.Statements(t.Context(), "colossus", 100)
	must(err)
	if id := func(list []news.Statement, v float64) int64 {
		for _, s := range list {
			if *s.Claim.ValueLo == v && s.URL == one {
				return s.Claim.ID
			}
		}
		return 0
	}; id(before, 150) == 0 || id(before, 150) != id(after, 150) {
		t.Error("a statement that is made again became another")
	}
}

// A search for figures is one for articles: what was imported is in none.
func TestImportIsNoArticle(t *testing.T) {
	db, _ := storetest.Filled(t, 20)
	count := func() string {
		t.Helper()
		var out string
		for _, q := range []string{"power:>=1", "gpus:>=1", ""} {
			res, err := db.Search(t.Context(), news.Query{Text: q})
			if err != nil {
				t.Fatal(err)
			}
			out += fmt.Sprint(q, " ", res.Total, " ")
		}
		return out
	}
	before := count()
	if err := db.ImportStatements(t.Context(), news.Source{Slug: "tables", Name: "Tables"}, nil, importOf("https://tables.example", "colossus", 150)); err != nil {
		t.Fatal(err)
	}
	if after := count(); after != before {
		t.Errorf("before %s, after %s", before, after)
	}
	if _, err := db.Article(t.Context(), 0); !errors.Is(err, news.ErrNotFound) {
		t.Errorf("article 0: %v", err)
	}
}
