package store_test

import (
	"testing"
	"time"

	"clusterwire/feeds/news"
	"clusterwire/store/storetest"
)

// A feed that has moved is not followed a second time when the catalog still
// names its old address.
func TestAddSourceKnowsAliases(t *testing.T) {
	db := storetest.Open(t)
	source := news.Source{Slug: "a", Name: "A", Site: "https://a.example/", Kind: news.KindLocal, Trust: news.TrustReports}
	old := []news.Feed{{URL: "https://a.example/old"}}
	if err := db.AddSource(t.Context(), source, old); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	due, err := db.DueFeeds(t.Context(), now, 10)
	if err != nil || len(due) != 1 {
		t.Fatalf("%v, %v", due, err)
	}
	f := due[0]
	f.URL, f.Aliases = "https://a.example/new", []string{f.URL}
	if _, err := db.SavePoll(t.Context(), news.Poll{Feed: f}, now); err != nil {
		t.Fatal(err)
	}
	if err := db.AddSource(t.Context(), source, old); err != nil {
		t.Fatal(err)
	}
	all, err := db.Sources(t.Context())
	if err != nil || len(all) != 1 || len(all[0].Feeds) != 1 || all[0].Feeds[0].URL != f.URL {
		t.Errorf("%+v, %v", all, err)
	}
}
