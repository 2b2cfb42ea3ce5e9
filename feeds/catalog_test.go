package feeds

import (
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"

	"clusterwire/feeds/news"
)

// speaksFor says which sources of the catalog speak for a company of the
// mission. The companies' slugs are those of the registry in feeds/tag.
var speaksFor = map[string][]string{
	"xai":              {"xai"},
	"meta":             {"meta-newsroom", "meta-data-centers", "meta-engineering", "meta-ai"},
	"microsoft":        {"microsoft-blog", "microsoft-local", "microsoft-source", "azure-blog"},
	"openai":           {"openai"},
	"apple":            {"apple-newsroom", "apple-ml"},
	"google":           {"google-keyword", "google-cloud", "google-deepmind", "google-research"},
	"amazon":           {"amazon-news", "amazon-ir", "aws-news", "aws-hpc"},
	"oracle":           {"oracle-news", "oracle-cloud"},
	"nvidia":           {"nvidia-newsroom", "nvidia-blog", "nvidia-developer"},
	"amd":              {"amd"},
	"intel":            {"intel"},
	"broadcom":         {"broadcom"},
	"tsmc":             {"tsmc"},
	"qualcomm":         {"qualcomm"},
	"ibm":              {"ibm-research"},
	"dell":             {"dell"},
	"hpe":              {"hpe"},
	"supermicro":       {"supermicro"},
	"coreweave":        {"coreweave"},
	"lambda":           {"lambda"},
	"crusoe":           {"crusoe"},
	"nebius":           {"nebius"},
	"anthropic":        {"anthropic"},
	"mistral":          {"mistral"},
	"tesla":            {"tesla"},
	"spacex":           {"spacex"},
	"softbank":         {"softbank"},
	"alibaba":          {"alibaba"},
	"bytedance":        {"bytedance"},
	"tencent":          {"tencent"},
	"baidu":            {"baidu"},
	"huawei":           {"huawei"},
	"samsung":          {"samsung", "samsung-kr"},
	"sk":               {"sk-hynix", "sk-hynix-kr", "sk-telecom"},
	"humain":           {"humain"},
	"g42":              {"g42"},
	"groq":             {"groq"},
	"cerebras":         {"cerebras"},
	"deutsche-telekom": {"deutsche-telekom"},
	"core-scientific":  {"core-scientific"},
}

func TestCatalogCoverage(t *testing.T) {
	entries, err := Catalog()
	if err != nil {
		t.Fatal(err)
	}
	bySlug := map[string]news.Source{}
	languages, kinds := map[string]int{}, map[news.SourceKind]int{}
	feeds := 0
	for _, e := range entries {
		bySlug[e.Source.Slug] = e.Source
		languages[e.Source.Language]++
		kinds[e.Source.Kind]++
		feeds += len(e.Feeds)
	}
	t.Logf("%d sources, %d feeds, %d languages %v, kinds %v", len(entries), feeds, len(languages), languages, kinds)
	if len(entries) < 150 {
		t.Errorf("%d sources, want 150", len(entries))
	}
	if len(languages) < 10 {
		t.Errorf("%d languages, want 10", len(languages))
	}
	for _, k := range news.SourceKinds() {
		if kinds[k] == 0 {
			t.Errorf("no source of kind %s", k)
		}
	}
	for company, slugs := range speaksFor {
		for _, slug := range slugs {
			if s, ok := bySlug[slug]; !ok || s.Kind != news.KindCompany || s.Trust != news.TrustOriginal {
				t.Errorf("%s: source %s is not in the catalog as a company speaking of itself: %+v", company, slug, s)
			}
		}
	}
}

// TestCatalogForm checks what parsing alone can't know: two entries for one
// publisher, and addresses that would be refused or doubled once canonical.
func TestCatalogForm(t *testing.T) {
	entries, err := Catalog()
	if err != nil {
		t.Fatal(err)
	}
	names, sites, addresses := map[string]string{}, map[string]string{}, map[string]string{}
	for _, e := range entries {
		s := e.Source
		if other, double := names[s.Name]; double {
			t.Errorf("%s and %s are both called %q", s.Slug, other, s.Name)
		}
		site := strings.TrimSuffix(s.Site, "/")
		if other, double := sites[site]; double {
			t.Errorf("%s and %s have one site, %s", s.Slug, other, site)
		}
		names[s.Name], sites[site] = s.Slug, s.Slug
		for _, f := range e.Feeds {
			u, err := url.Parse(f.URL)
			if err != nil || u.Scheme != "https" || u.Fragment != "" || u.User != nil || u.Port() != "" {
				t.Errorf("%s: %s is not a plain https address", s.Slug, f.URL)
			}
			key := strings.TrimPrefix(u.Host, "www.") + strings.TrimSuffix(u.Path, "/") + "?" + u.RawQuery
			if other, double := addresses[key]; double {
				t.Errorf("%s and %s have one feed, %s", s.Slug, other, f.URL)
			}
			addresses[key] = s.Slug
			if _, err := cascadia.ParseGroup(f.Selector); f.Selector != "" && err != nil {
				t.Errorf("%s: selector %s: %v", s.Slug, f.Selector, err)
			}
			if f.Source != s.Slug || f.State != news.FeedActive {
				t.Errorf("%s: feed %+v", s.Slug, f)
			}
		}
	}
}

func TestParseCatalogRefuses(t *testing.T) {
	const good = "a\tA\thttps://a.example\tlocal\ten\tUS\t2\thttps://a.example/feed\trss\t-\t-"
	edit := func(col int, value string) string {
		cells := strings.Split(good, "\t")
		cells[col] = value
		return strings.Join(cells, "\t")
	}
	for _, c := range []struct{ name, tsv, want string }{
		{"too few columns", "# head\n\na\tb", "line 3: 2 columns"},
		{"empty column", edit(colNote, ""), "line 1: column 11"},
		{"blank at the end", edit(colNote, "x "), "line 1: column 11"},
		{"bad slug", edit(colSlug, "A_b"), `line 1: "A_b" is no slug`},
		{"no name", edit(colName, none), "has no name"},
		{"bad site", edit(colSite, "a.example"), "is no web address"},
		{"bad kind", edit(colKind, "press"), "is no kind of source"},
		{"bad language", edit(colLanguage, "English"), "is no language"},
		{"bad country", edit(colCountry, "usa"), "is no country"},
		{"bad trust", edit(colTrust, "4"), "trust"},
		{"bad feed address", edit(colFeedURL, "ftp://a.example/feed"), "is no web address"},
		{"bad feed kind", edit(colFeedKind, "html"), "is no kind of feed"},
		{"listing without selector", edit(colFeedKind, "listing"), "selector"},
		{"selector without listing", edit(colSelector, "a"), "selector"},
		{"feed twice", good + "\n" + edit(colSlug, "b"), "line 2: feed https://a.example/feed stands in line 1"},
		{"source repeated", good + "\n" + edit(colFeedURL, "https://a.example/2"), "line 2: column 2"},
		{"feeds of a source apart", good + "\n" + strings.NewReplacer("a\tA", "b\tB", "/feed", "/b").Replace(good) +
			"\n" + edit(colFeedURL, "https://a.example/2"), "line 3: slug a belongs to line 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parseCatalog(c.tsv)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestParseCatalogFurtherFeed(t *testing.T) {
	entries, err := parseCatalog("# head\na\tA\thttps://a.example\tlocal\ten\t-\t2\thttps://a.example/feed\t-\t-\tone\n" +
		"a\t-\t-\t-\t-\t-\t-\thttps://a.example/all\tlisting\th2 > a[href]\ttwo\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || len(entries[0].Feeds) != 2 {
		t.Fatalf("entries %+v", entries)
	}
	if note := entries[0].Source.Note; note != "one; two" {
		t.Errorf("note %q", note)
	}
	want := news.Feed{Source: "a", URL: "https://a.example/all", Kind: news.FeedListing, Selector: "h2 > a[href]", State: news.FeedActive}
	if !reflect.DeepEqual(entries[0].Feeds[1], want) {
		t.Errorf("feed %+v, want %+v", entries[0].Feeds[1], want)
	}
}
