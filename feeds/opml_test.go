package feeds_test

import (
	"bytes"
	"reflect"
	"testing"

	"clusterwire/feeds"
	"clusterwire/feeds/news"
)

func TestCatalogSurvivesOPML(t *testing.T) {
	catalog, err := feeds.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	var sources []news.SourceHealth
	for i, entry := range catalog {
		for j := range entry.Feeds {
			catalog[i].Feeds[j].Title = entry.Source.Name // an export has a name for each feed
		}
		sources = append(sources, news.SourceHealth{Source: entry.Source, Feeds: entry.Feeds})
	}
	var file bytes.Buffer
	if err := feeds.ExportOPML(&file, sources); err != nil {
		t.Fatal(err)
	}
	back, err := feeds.ImportOPML(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if len(back) != len(catalog) {
		t.Fatalf("%d sources came back of %d", len(back), len(catalog))
	}
	for i := range catalog {
		if !reflect.DeepEqual(back[i], catalog[i]) {
			t.Fatalf("%s came back as\n%+v, was\n%+v", catalog[i].Source.Slug, back[i], catalog[i])
		}
	}
}

func TestImportOfAnotherReadersList(t *testing.T) {
	const file = `<?xml version="1.0"?><opml version="1.0"><body><outline text="Energy"><outline type="rss" text="Grid Dispatch"
xmlUrl="https://www.grid-dispatch.example/feed" htmlUrl="https://www.grid-dispatch.example/"/>
<outline text="Grid, in German" xmlUrl="https://www.grid-dispatch.example/de.xml" htmlUrl="https://www.grid-dispatch.example/de"/></outline></body></opml>`
	got, err := feeds.ImportOPML([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0].Source.Slug != "grid-dispatch-example" || got[0].Source.Name != "Grid Dispatch" || len(got[0].Feeds) != 2 {
		t.Errorf("%+v", got)
	}
	if _, err := feeds.ImportOPML([]byte("<html>")); err == nil {
		t.Error("a web page was taken for a list of feeds")
	}
}
