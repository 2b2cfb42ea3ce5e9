// Package storetest makes real archives for tests: a SQLite file in the
// test's own folder, and sample values to fill it with.
//
//	db := storetest.Open(t)
//	db, articles := storetest.Filled(t, 40)
//
// Everything in it is invented, under reserved .example names.
package storetest

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
	"clusterwire/store"
)

// Open opens a new archive in t.TempDir and closes it when the test ends.
func Open(t testing.TB) *store.DB {
	t.Helper()
	return OpenAt(t, filepath.Join(t.TempDir(), "news.db"))
}

// OpenAt opens the archive at path and closes it when the test ends.
func OpenAt(t testing.TB, path string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close %s: %v", path, err)
		}
	})
	return db
}

// Filled opens an archive with the sample registry and n sample articles.
func Filled(t testing.TB, n int) (*store.DB, []news.Opened) {
	t.Helper()
	db := Open(t)
	Registry(t, db)
	opened := make([]news.Opened, n)
	for i := range opened {
		opened[i] = Article(i)
	}
	if _, err := db.SaveArticles(t.Context(), opened); err != nil {
		t.Fatal(err)
	}
	return db, opened
}

// Start is when the first sample article was published; each further one
// comes an hour later.
var Start = time.Date(2024, 9, 2, 8, 0, 0, 0, time.UTC)

// Companies are the companies of the sample registry.
func Companies() []news.Company {
	return []news.Company{
		{Slug: "xai", Name: "xAI", Country: "US", Kind: "lab", Site: "https://xai.example/"},
		{Slug: "nvidia", Name: "NVIDIA", Country: "US", Kind: "chips", Site: "https://nvidia.example/"},
		{Slug: "meta", Name: "Meta", Country: "US", Kind: "lab", Site: "https://meta.example/"},
		{Slug: "core-scientific", Name: "Core Scientific", Country: "US", Kind: "cloud", Site: "https://core.example/"},
	}
}

// Clusters are the clusters of the sample registry.
func Clusters() []news.Cluster {
	return []news.Cluster{
		{Slug: "colossus", Name: "Colossus", Aliases: []string{"Colossus 1"}, Operator: "xai", Owner: "xai", Place: "Memphis", Country: "US", Note: "not the film"},
		{Slug: "hyperion", Name: "Hyperion", Operator: "meta", Place: "Richland Parish", Country: "US"},
	}
}

// Sources are the sources of the sample registry.
func Sources() []news.Source {
	return []news.Source{
		{Slug: "rack-letter", Name: "Rack Letter", Site: "https://rack.example/", Kind: news.KindDCTrade, Language: "en", Country: "US", Trust: news.TrustReports, Note: "weekly"},
		{Slug: "netzblick", Name: "Netzblick", Site: "https://netzblick.example/", Kind: news.KindEnergy, Language: "de", Country: "DE", Trust: news.TrustReports},
		{Slug: "xai", Name: "xAI News", Site: "https://xai.example/", Kind: news.KindCompany, Language: "en", Country: "US", Trust: news.TrustOriginal},
	}
}

// Registry stores the sample companies, clusters and sources, each source with
// one feed.
func Registry(t testing.TB, db *store.DB) {
	t.Helper()
	if err := db.SyncCompanies(t.Context(), Companies()); err != nil {
		t.Fatal(err)
	}
	if err := db.SyncClusters(t.Context(), Clusters()); err != nil {
		t.Fatal(err)
	}
	for _, s := range Sources() {
		if err := db.AddSource(t.Context(), s, []news.Feed{{URL: s.Site + "feed.xml"}}); err != nil {
			t.Fatal(err)
		}
	}
}

// Article is sample article number i with its reading: relevant, by the
// sources in turn, about xAI or Meta in turn, with one claim.
func Article(i int) news.Opened {
	s := Sources()[i%3]
	company, cluster := "xai", "colossus"
	if i%2 == 1 {
		company, cluster = "meta", "hyperion"
	}
	at := Start.Add(time.Duration(i) * time.Hour)
	url := fmt.Sprintf("%snews/%d", s.Site, i)
	text := fmt.Sprintf("Report %d from the site. The first phase draws %d MW from the grid, and NVIDIA delivers the racks.\n\nWork on the data center goes on.", i, 100+i)
	quote := fmt.Sprintf("draws %d MW", 100+i)
	start := strings.Index(text, quote)
	mw := float64(100 + i)
	evidence := news.Evidence{Start: start, End: start + len(quote), Quote: quote}
	return news.Opened{
		Article: news.Article{
			Source: s.Slug, URL: url, Canonical: url, Title: fmt.Sprintf("%s expands its cluster, part %d", company, i), Byline: "The desk",
			Published: at, Dated: news.DatedPage, Modified: at.Add(time.Minute), Language: s.Language, Summary: fmt.Sprintf("Report %d from the site.", i),
			Image: s.Site + "a.jpg", Text: text, HTML: "<p>" + text + "</p>", Method: "vote", Links: []string{s.Site}, FirstSeen: at.Add(time.Hour), Revision: 1,
			Raw: []byte("<html><body><p>" + text + "</p></body></html>"),
		},
		Reading: news.Reading{
			Language: s.Language, Rules: "sample-1", Verdict: news.Verdict{Relevant: true, Score: 0.9, Reason: "names a cluster"},
			Mentions: []news.Mention{
				{Company: company, Role: news.RoleSubject, Rule: "name", Evidence: []news.Evidence{{Start: 0, End: len(company), Quote: company, In: news.InTitle}}},
				{Company: "nvidia", Role: news.RoleMentioned, Rule: "name", Evidence: []news.Evidence{{Start: strings.Index(text, "NVIDIA"), End: strings.Index(text, "NVIDIA") + 6, Quote: "NVIDIA"}}},
			},
			Topics:   []news.TopicTag{{Topic: news.TopicPower, Evidence: []news.Evidence{evidence}}},
			Clusters: []news.ClusterTag{{Cluster: cluster, Evidence: []news.Evidence{evidence}}},
			Claims: []news.Claim{{Metric: news.MetricPower, ValueLo: &mw, ValueHi: &mw, Qualifier: news.Exact, Unit: "MW", Basis: news.BasisGrid,
				Modality: news.Operational, Cluster: cluster, Org: company, OrgRole: news.OrgOperator, Evidence: evidence}},
		},
	}
}

// Items are n sample items of a feed, as parsing gives them.
func Items(feed news.Feed, n int) []news.Item {
	items := make([]news.Item, n)
	for i := range items {
		url := fmt.Sprintf("https://%s.example/items/%d", feed.Source, i)
		items[i] = news.Item{Key: url, GUID: url, URL: url, Title: fmt.Sprintf("Item %d", i), Published: Start.Add(time.Duration(i) * time.Minute),
			Summary: "What it says", Hash: fmt.Sprintf("hash-%d", i)}
	}
	return items
}
