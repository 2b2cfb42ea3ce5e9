package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"clusterwire/feeds/news"
	"clusterwire/store"
	"clusterwire/store/storetest"
)

// naming is sample article i, which names candidates.
func naming(i int, names ...string) news.Opened {
	o := storetest.Article(i)
	for _, n := range names {
		o.Reading.Candidates = append(o.Reading.Candidates, news.Candidate{Slug: n, Name: "The " + n, Company: o.Reading.Mentions[0].Company,
			Evidence: news.Evidence{Start: 0, End: 6, Quote: "Report"}})
	}
	return o
}

func candidates(t *testing.T, db *store.DB, rejected bool) string {
	t.Helper()
	list, err := db.Candidates(t.Context(), rejected)
	if err != nil {
		t.Fatal(err)
	}
	out := ""
	for _, x := range list {
		out += fmt.Sprintf("%s:%d/%d ", x.Slug, x.Articles, x.Sources)
	}
	return out
}

func TestCandidates(t *testing.T) {
	db := storetest.Open(t)
	storetest.Registry(t, db)
	opened := []news.Opened{naming(0, "horizon"), naming(1, "horizon", "marigold"), naming(3, "marigold"), naming(2, "colossus"), naming(4, "kuiper")}
	if _, err := db.SaveArticles(t.Context(), opened); err != nil {
		t.Fatal(err)
	}
	if got := candidates(t, db, false); got != "horizon:2/2 marigold:2/2 kuiper:1/1 " {
		t.Errorf("candidates %q: a cluster of the registry is none", got)
	}
	list, err := db.Candidates(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	if x := list[0]; x.Name != "The horizon" || x.Company != "meta" || x.Newest.Article == 0 || x.Newest.Claim.Quote != "Report" || x.Newest.Source.Name == "" || x.Newest.URL == "" || x.Newest.Published.IsZero() {
		t.Errorf("candidate %+v", x)
	}

	marigold := news.Cluster{Slug: "marigold", Name: "Marigold", Aliases: []string{"Mary"}, Operator: "meta", Place: "West Texas", Country: "US", Note: "no flower"}
	for range 2 { // again does no harm
		if err := db.ConfirmCluster(t.Context(), marigold); err != nil {
			t.Fatal(err)
		}
		if err := db.RejectCluster(t.Context(), "kuiper"); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.SyncClusters(t.Context(), append(storetest.Clusters(), marigold)); err != nil { // as at the next start
		t.Fatal(err)
	}
	if got := candidates(t, db, false) + "| " + candidates(t, db, true); got != "horizon:2/2 | kuiper:1/1 " {
		t.Errorf("after a ruling: %q", got)
	}
	confirmed, err := db.Confirmed(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "confirmed", confirmed, []news.Cluster{marigold})
	if err := db.RejectCluster(t.Context(), "marigold"); err != nil {
		t.Fatal(err)
	}
	if got := candidates(t, db, true); got != "marigold:2/2 kuiper:1/1 " {
		t.Errorf("taken back: %q", got)
	}
	if confirmed, err = db.Confirmed(t.Context()); err != nil || len(confirmed) != 0 {
		t.Errorf("still confirmed: %+v, %v", confirmed, err)
	}
	var bad *news.BadInputError
	if err := db.ConfirmCluster(t.Context(), storetest.Clusters()[0]); !errors.As(err, &bad) {
		t.Errorf("a cluster of the registry was confirmed: %v", err)
	}
}

// TestCandidatesFollowReading: an article that is read again names what it
// names then, a hidden one nothing.
func TestCandidatesFollowReading(t *testing.T) {
	db := storetest.Open(t)
	storetest.Registry(t, db)
	opened := []news.Opened{naming(0, "horizon"), naming(1, "marigold")}
	if _, err := db.SaveArticles(t.Context(), opened); err != nil {
		t.Fatal(err)
	}
	first, second := opened[0].Reading, opened[1].Reading
	first.Candidates = naming(0, "quetzal").Reading.Candidates
	second.Verdict.Relevant = false
	if err := db.SaveReadings(t.Context(), []news.Reading{first, second}); err != nil {
		t.Fatal(err)
	}
	if got := candidates(t, db, false); got != "quetzal:1/1 " {
		t.Errorf("candidates %q", got)
	}
}

// TestClaimsPages: pages of claims neither skip nor repeat one, by each filter.
func TestClaimsPages(t *testing.T) {
	db, opened := storetest.Filled(t, 10)
	hidden := opened[7].Reading
	hidden.Verdict.Relevant = false
	if err := db.SaveReadings(t.Context(), []news.Reading{hidden}); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		q    news.ClaimQuery
		want string
	}{
		{news.ClaimQuery{}, "109 108 106 105 104 103 102 101 100 "},
		{news.ClaimQuery{Cluster: "colossus"}, "108 106 104 102 100 "},
		{news.ClaimQuery{Company: "meta"}, "109 105 103 101 "},
		{news.ClaimQuery{Company: "meta", Cluster: "colossus"}, ""},
		{news.ClaimQuery{Metric: news.MetricPower, Cluster: "hyperion"}, "109 105 103 101 "},
		{news.ClaimQuery{Metric: news.MetricCost}, ""},
	}
	for _, test := range tests {
		for _, limit := range []int{1, 3, 100} {
			q, got, total := test.q, "", 0
			q.Limit = limit
			for {
				page, err := db.Claims(t.Context(), q)
				if err != nil || len(page.Statements) > limit {
					t.Fatalf("%+v: %d statements, %v", q, len(page.Statements), err)
				}
				for _, s := range page.Statements {
					got += fmt.Sprintf("%g ", *s.Claim.ValueLo)
					total++
				}
				if q.Cursor = page.Next; q.Cursor == "" {
					if page.Total != total || page.AtLeast {
						t.Errorf("%+v: total %d of %d", q, page.Total, total)
					}
					break
				}
			}
			if got != test.want {
				t.Errorf("%+v: %s, want %s", q, got, test.want)
			}
		}
	}
	for _, cursor := range []string{"zz", "-", "1-0", "x-!"} {
		var bad *news.BadInputError
		if _, err := db.Claims(t.Context(), news.ClaimQuery{Limit: 1, Cursor: cursor}); !errors.As(err, &bad) {
			t.Errorf("cursor %q: %v", cursor, err)
		}
	}
}

// TestRejectedButImported: a cluster that a person no longer confirms stays on
// the list while an import's statements about it stand.
func TestRejectedButImported(t *testing.T) {
	db := storetest.Open(t)
	barn := news.Cluster{Slug: "barn", Name: "Barn"}
	steps := []func() error{
		func() error { return db.ConfirmCluster(t.Context(), barn) },
		func() error {
			return db.ImportStatements(t.Context(), news.Source{Slug: "tables", Name: "Tables"}, nil, importOf("https://tables.example/one", "barn", 5))
		},
		func() error { return db.RejectCluster(t.Context(), "barn") },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	if got := listed(t, db); !slices.Equal(got, []string{"barn"}) {
		t.Errorf("listed are %v", got)
	}
	if err := db.ImportStatements(t.Context(), news.Source{Slug: "tables", Name: "Tables"}, nil, importOf("https://tables.example/one", "colossus", 5)); err != nil {
		t.Fatal(err)
	}
	if got := listed(t, db); slices.Contains(got, "barn") {
		t.Errorf("nothing stands about the barn, and listed are %v", got)
	}
}
