package web

import (
	"fmt"
	"testing"
	"time"

	"clusterwire/feeds"
	"clusterwire/feeds/news"
	"clusterwire/store"
	"clusterwire/store/storetest"
)

// crowded is an archive with the registries and the catalog of the product, in
// which many companies, clusters and sources are in the news, with claims.
func crowded(t testing.TB, n int) *store.DB {
	t.Helper()
	db := storetest.Open(t)
	reader, err := feeds.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := feeds.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	sources := make([]news.SourceHealth, len(catalog))
	for i, entry := range catalog {
		sources[i] = news.SourceHealth{Source: entry.Source, Feeds: entry.Feeds}
	}
	companies, clusters := reader.Companies(), reader.Clusters()
	for i := range 700 { // as many as a database of clusters brings
		clusters = append(clusters, news.Cluster{Slug: fmt.Sprintf("site-%d", i), Name: fmt.Sprintf("Imported site number %d", i), Operator: companies[i%len(companies)].Slug, Place: "Somewhere, Texas", Country: "US"})
	}
	for _, err := range []error{db.SyncCompanies(t.Context(), companies), db.SyncClusters(t.Context(), clusters), db.AddSources(t.Context(), sources)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	opened := make([]news.Opened, n)
	for i := range opened {
		o := storetest.Article(i)
		o.Article.Source = sources[i%len(sources)].Source.Slug
		o.Article.Published = present.Add(-time.Duration(i) * 31 * time.Minute)
		evidence := o.Reading.Mentions[1].Evidence
		for k := range 9 {
			o.Reading.Mentions = append(o.Reading.Mentions, news.Mention{Company: companies[(i+k*k)%len(companies)].Slug, Role: news.RoleSubject, Rule: "name", Evidence: evidence})
		}
		o.Reading.Topics = append(o.Reading.Topics, news.TopicTag{Topic: news.Topics()[i%len(news.Topics())]})
		chips := float64(1000 * (i + 1))
		o.Reading.Claims[0].Cluster = clusters[i%len(clusters)].Slug
		o.Reading.Claims = append(o.Reading.Claims, news.Claim{Metric: news.MetricChips, ValueLo: &chips, ValueHi: &chips, Unit: "chips", Chip: "GB200", Basis: news.BasisInstalled,
			Modality: news.Planned, Cluster: clusters[i%len(clusters)].Slug, Org: "xai", OrgRole: news.OrgOperator, Evidence: evidence[0]})
		opened[i] = o
	}
	if _, err := db.SaveArticles(t.Context(), opened); err != nil {
		t.Fatal(err)
	}
	return db
}

// A page with all its parts is at most 100 KB on the wire, whatever it shows.
func TestPageWeight(t *testing.T) {
	for name, db := range map[string]*store.DB{"sample": archive(t, 200), "crowded": crowded(t, 1500)} {
		h := testSite(t, db, nil)
		placed(t, db)
		parts := 0
		for _, path := range []string{"/static/wire.css", "/static/wire.js", "/static/icon.svg", "/static/prefetch.json"} {
			parts += get(t, h, path, "Accept-Encoding", "gzip").Body.Len()
		}
		if script := get(t, h, "/static/wire.js").Body.Len(); script > 30<<10 {
			t.Errorf("the script has %d bytes, more than 30 KB", script)
		}
		heaviest, where := 0, ""
		for _, path := range append(pagesOf(t, db), "/clusters?page=2") {
			n := get(t, h, path, "Accept-Encoding", "gzip").Body.Len() + parts
			if n > heaviest {
				heaviest, where = n, path
			}
			if n > 100<<10 {
				t.Errorf("%s: %s with its parts: %d bytes compressed", name, path, n)
			}
		}
		t.Logf("%s: the heaviest is %s with %d bytes, %d of them style and script", name, where, heaviest, parts)
	}
}
