package web

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"clusterwire/feeds/news"
	"clusterwire/store/storetest"
)

// The form of answers that scripts rely on, as written in the issue.
func TestListForm(t *testing.T) {
	h := testSite(t, archive(t, 40), nil)
	body := get(t, h, "/api/v1/articles?limit=2").Body.Bytes()
	list := decode[map[string]any](t, strings.NewReader(string(body)))
	for _, key := range []string{"items", "total", "next", "warnings"} {
		if _, there := list[key]; !there {
			t.Errorf("a list lacks %s", key)
		}
	}
	item := list["items"].([]any)[0].(map[string]any)
	for _, key := range []string{"id", "title", "url", "source", "published", "language", "companies", "summary"} {
		if _, there := item[key]; !there {
			t.Errorf("an article lacks %s", key)
		}
	}
	if _, isText := item["id"].(string); !isText {
		t.Errorf("id is %T", item["id"])
	}
	if _, err := time.Parse(time.RFC3339, item["published"].(string)); err != nil {
		t.Error(err)
	}
	source, company := item["source"].(map[string]any), item["companies"].([]any)[0].(map[string]any)
	if source["slug"] == "" || source["name"] == "" || company["slug"] == "" || company["role"] == "" {
		t.Errorf("%v %v", source, company)
	}
	found := decode[map[string]any](t, get(t, h, "/api/v1/search?q=turbines").Body)
	if s, ok := found["items"].([]any)[0].(map[string]any)["snippet"].(string); !ok || !strings.Contains(s, "turbines") {
		t.Errorf("snippet %q", s)
	}
	last := decode[map[string]any](t, get(t, h, "/api/v1/articles?q=zzzz").Body)
	if next, there := last["next"]; !there || next != nil {
		t.Errorf("next at the end is %v", next)
	}
}

func TestProblems(t *testing.T) {
	h := testSite(t, archive(t, 3), nil)
	for _, c := range []struct {
		path      string
		status    int
		code      string
		parameter string
	}{
		{"/api/v1/articles?compny=xai", 400, "bad_parameter", "compny"},
		{"/api/v1/articles?limit=x", 400, "bad_parameter", "limit"},
		{"/api/v1/articles?since=soon", 400, "bad_parameter", "since"},
		{"/api/v1/articles?cursor=nonsense", 400, "bad_parameter", "cursor"},
		{"/api/v1/articles?fields=id,nope", 400, "bad_parameter", "fields"},
		{"/api/v1/companies?q=x", 400, "bad_parameter", "q"},
		{"/api/v1/claims?metric=x", 400, "bad_parameter", "metric"},
		{"/api/v1/claims?cursor=zz", 400, "bad_parameter", "cursor"},
		{"/api/v1/export?format=xlsx", 400, "bad_parameter", "format"},
		{"/api/v1/articles/1", 404, "not_found", ""},
		{"/api/v1/articles/x", 404, "not_found", ""},
		{"/api/v1/articles/007", 404, "not_found", ""},
		{"/api/v1/companies/nobody", 404, "not_found", ""},
		{"/api/v1/clusters/nowhere", 404, "not_found", ""},
		{"/api/v1/nothing", 404, "not_found", ""},
		{"/api/v2/articles", 404, "not_found", ""},
		{"/search.json?from=x", 400, "bad_parameter", "from"},
		{"/company/nobody.atom", 404, "not_found", ""},
		{"/companies.atom", 404, "not_found", ""},
	} {
		w := get(t, h, c.path)
		p := decode[problem](t, w.Body)
		if w.Code != c.status || p.Status != c.status || p.Code != c.code || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s %+v", c.path, w.Code, w.Header().Get("Content-Type"), p)
		}
		if c.parameter != "" && (len(p.Errors) != 1 || p.Errors[0].Parameter != c.parameter || p.Errors[0].Pointer != "#/query/"+c.parameter || !strings.Contains(p.Detail, c.parameter)) {
			t.Errorf("%s: %+v", c.path, p)
		}
		if p.Type != "https://wire.example/api#"+c.code {
			t.Errorf("type %q", p.Type)
		}
	}
}

// A cursor works in every format and size, but not for another list, and
// nobody can make one.
func TestCursorsAreSealed(t *testing.T) {
	db := archive(t, 60)
	h := testSite(t, db, nil)
	next := *decode[listJSON[articleJSON]](t, get(t, h, "/api/v1/articles?company=xai&limit=5").Body).Next
	for path, status := range map[string]int{
		"/api/v1/articles?company=xai&limit=5&cursor=": 200, "/api/v1/search?company=xai&limit=50&fields=id&cursor=": 200, "/search.atom?company=xai&cursor=": 200, "/company/xai?cursor=": 200,
		"/api/v1/articles?company=meta&cursor=": 400, "/api/v1/articles?cursor=": 400, "/api/v1/articles?company=xai&sort=oldest&cursor=": 400, "/api/v1/articles?company=xai&q=a&cursor=": 400,
	} {
		if w := get(t, h, path+next); w.Code != status {
			t.Errorf("%s: %d, want %d", path, w.Code, status)
		}
	}
	for _, made := range []string{next[:len(next)-1] + "A", "x" + next, strings.Split(next, "~")[0], "~", "nf01"} {
		if w := get(t, h, "/api/v1/articles?company=xai&cursor="+url.QueryEscape(made)); w.Code != 400 {
			t.Errorf("cursor %q: %d", made, w.Code)
		}
	}
	other := testSite(t, db, func(c *Config) { c.Secret = "another" })
	if w := get(t, other, "/api/v1/articles?company=xai&cursor="+next); w.Code != 400 {
		t.Errorf("a cursor signed with another key: %d", w.Code)
	}
}

// A script that walks by cursor sees each article once and misses none, while
// new ones arrive.
func TestWalkWhileArticlesArrive(t *testing.T) {
	db, opened := storetest.Filled(t, 300)
	h := testSite(t, db, nil)
	seen, next := map[string]int{}, ""
	for page := 0; ; page++ {
		list := decode[listJSON[articleJSON]](t, get(t, h, "/api/v1/articles?limit=7&cursor="+url.QueryEscape(next)).Body)
		for _, item := range list.Items {
			seen[item.URL]++
		}
		if list.Next == nil {
			break
		}
		next = *list.Next
		if page < 30 {
			late := []news.Opened{storetest.Article(5000 + page), storetest.Article(9000 + page)}
			late[1].Article.Published = storetest.Start.Add(time.Duration(page) * time.Minute) // found late, published in between
			if _, err := db.SaveArticles(t.Context(), late); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, o := range opened {
		if seen[o.Article.URL] != 1 {
			t.Errorf("%s came %d times", o.Article.URL, seen[o.Article.URL])
		}
	}
	for address, n := range seen {
		if n != 1 {
			t.Errorf("%s came %d times", address, n)
		}
	}
}

func TestLinkHeader(t *testing.T) {
	h := testSite(t, archive(t, 40), nil)
	w := get(t, h, "/api/v1/articles?company=xai&limit=5&fields=id")
	first := w.Header().Get("Link")
	_, rest, found := strings.Cut(first, `rel="first", <https://wire.example`)
	address, _, closed := strings.Cut(rest, `>; rel="next"`)
	if !found || !closed {
		t.Fatalf("Link: %s", first)
	}
	second := get(t, h, address)
	if second.Code != 200 || !strings.Contains(second.Header().Get("Link"), `rel="prev"`) || second.Body.String() == w.Body.String() {
		t.Errorf("%s: %d, Link %s", address, second.Code, second.Header().Get("Link"))
	}
}

func TestFields(t *testing.T) {
	h := testSite(t, archive(t, 3), nil)
	list := decode[listJSON[map[string]any]](t, get(t, h, "/api/v1/articles?fields=title,url").Body)
	for _, item := range list.Items {
		if len(item) != 3 || item["id"] == nil || item["url"] == nil {
			t.Errorf("%v", item)
		}
	}
}

// Any query gives the same articles in the same order in every format.
func TestFormatsAgree(t *testing.T) {
	db := archive(t, 120)
	h := testSite(t, db, nil)
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	for range 60 {
		values := url.Values{}
		for key, value := range map[string]string{"q": pick("", "", "turbines", "report", "phase -part", `"first phase"`, "xyzzy"), "company": pick("", "xai", "meta", "xai,meta"), "topic": pick("", "power"),
			"lang": pick("", "", "de", "en"), "since": pick("", "2024-09-03"), "limit": pick("", "5", "50"), "sort": pick("", "newest", "oldest")} {
			if value != "" {
				values.Set(key, value)
			}
		}
		query := values.Encode()
		want := idsOf(t, "json", get(t, h, "/api/v1/search?"+query).Body.String())
		for _, suffix := range []string{"json", "feed.json", "atom", "rss", "csv", "ndjson"} {
			w := get(t, h, "/search."+suffix+"?"+query)
			if got := idsOf(t, suffix, w.Body.String()); w.Code != 200 || !slices.Equal(got, want) {
				t.Errorf("%s.%s: %d\n got %v\nwant %v", query, suffix, w.Code, got, want)
			}
		}
		if got := idsOf(t, "html", get(t, h, "/search?"+query).Body.String()); !slices.Equal(got, want) {
			t.Errorf("%s, the page:\n got %v\nwant %v", query, got, want)
		}
	}
}

func TestAcceptChoosesTheFormat(t *testing.T) {
	h := testSite(t, archive(t, 10), nil)
	for accept, kind := range map[string]string{"application/json": "application/json", "application/atom+xml": "application/atom+xml", "text/csv": "text/csv", "*/*": "text/html"} {
		for _, path := range []string{"/", "/search?q=report", "/company/xai", "/topic/power", "/cluster/colossus"} {
			w := get(t, h, path, "Accept", accept)
			if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), kind) || !strings.Contains(w.Header().Get("Vary"), "Accept") {
				t.Errorf("%s as %s: %d %s", path, accept, w.Code, w.Header().Get("Content-Type"))
			}
		}
	}
}

// idsOf reads the ids of a list out of any format.
func idsOf(t *testing.T, suffix, body string) []string {
	t.Helper()
	ids := []string{}
	switch suffix {
	case "json", "feed.json":
		list := decode[struct{ Items []struct{ ID string } }](t, strings.NewReader(body))
		for _, item := range list.Items {
			ids = append(ids, item.ID)
		}
	case "ndjson":
		for _, line := range strings.Split(strings.TrimSpace(body), "\n") {
			if line != "" {
				ids = append(ids, decode[struct{ ID string }](t, strings.NewReader(line)).ID)
			}
		}
	case "csv":
		for _, row := range csvRows(t, strings.NewReader(body))[1:] {
			ids = append(ids, row[0])
		}
	case "html":
		for _, part := range strings.Split(body, `data-id="`)[1:] {
			id, _, _ := strings.Cut(part, `"`)
			ids = append(ids, id)
		}
	default:
		feed, err := gofeed.NewParser().ParseString(body)
		if err != nil {
			t.Fatalf("%s: %v", suffix, err)
		}
		for _, item := range feed.Items {
			ids = append(ids, item.GUID[strings.LastIndexByte(item.GUID, '/')+1:])
		}
	}
	return ids
}

// X4's way out: a feed gives back what the archive holds, through a reader of
// feeds that knows nothing of us.
func TestFeedsRoundTrip(t *testing.T) {
	db := archive(t, 20)
	h := testSite(t, db, nil)
	res, err := db.Search(t.Context(), news.Query{Limit: defaultLimit})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/feed.atom", "/feed.rss", "/feed.json"} {
		feed, err := gofeed.NewParser().Parse(get(t, h, path).Body)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if feed.Title != "clusterwire" || feed.FeedLink == "" && path != "/feed.rss" || len(feed.Items) != len(res.Hits) {
			t.Errorf("%s: %q %q, %d items", path, feed.Title, feed.FeedLink, len(feed.Items))
		}
		for i, hit := range res.Hits {
			item := feed.Items[i]
			link := item.Link
			if path == "/feed.json" {
				link = hit.URL // gofeed gives url, which is our page; external_url is the original
			}
			if item.Title != strings.TrimSpace(titleOf(hit.Title, hit.URL)) || link != hit.URL || item.PublishedParsed == nil || !item.PublishedParsed.Equal(hit.Published.Truncate(time.Second)) {
				t.Errorf("%s item %d: %q %q %v\nwant %q %q %v", path, i, item.Title, item.Link, item.PublishedParsed, hit.Title, hit.URL, hit.Published)
			}
		}
	}
}

func TestEmptyAndFilteredFeeds(t *testing.T) {
	h := testSite(t, archive(t, 20), nil)
	for path, n := range map[string]int{"/feed.atom?q=zzzz": 0, "/feed.rss?q=zzzz": 0, "/feed.json?q=zzzz": 0, "/feed.atom?q=centomila": 1, "/feed.atom?company=meta&limit=5": 5, "/company/meta/feed.json?limit=3": 3} {
		feed, err := gofeed.NewParser().Parse(get(t, h, path).Body)
		if err != nil || len(feed.Items) != n {
			t.Errorf("%s: %v, %d items, want %d", path, err, len(feed.Items), n)
		}
	}
}

// The document describes what is served: every operation answers, and its
// answer is as its schema says, to the last field.
func TestOpenAPI(t *testing.T) {
	db := archive(t, 20)
	h := testSite(t, db, nil)
	body := get(t, h, "/openapi.json").Body.Bytes()
	var doc struct {
		OpenAPI string
		Paths   map[string]struct {
			Get struct {
				OperationID string
				Parameters  []struct{ Name, In string }
				Responses   map[string]struct {
					Content map[string]struct{ Schema map[string]any }
				}
			}
		}
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal(body, &doc); err != nil || doc.OpenAPI != "3.1.0" {
		t.Fatal(err, doc.OpenAPI)
	}
	golden(t, "testdata/openapi.golden.json", body)
	schemas := compiler(t, body)
	article := articlePath(articleWithTitle(t, db, "Colossus è acceso: centomila GPU in quattro mesi").ID)
	examples := map[string]string{"{id}": strings.TrimPrefix(article, "/article/")}
	ids := map[string]bool{}
	for path, p := range doc.Paths {
		if ids[p.Get.OperationID] || p.Get.OperationID == "" {
			t.Errorf("%s: operation %q", path, p.Get.OperationID)
		}
		ids[p.Get.OperationID] = true
		slug := "xai"
		if strings.Contains(path, "/clusters/") {
			slug = "colossus"
		}
		address := strings.NewReplacer("{id}", examples["{id}"], "{slug}", slug).Replace(path)
		w := get(t, h, address)
		if w.Code != 200 {
			t.Errorf("%s: %d", address, w.Code)
		}
		if content, isJSON := p.Get.Responses["200"].Content["application/json"]; isJSON {
			validate(t, schemas, address, content.Schema["$ref"].(string), w.Body.String())
		}
		bad := get(t, h, address+"?no-such=1")
		validate(t, schemas, address, "#/components/schemas/Problem", bad.Body.String())
		if bad.Code != 400 {
			t.Errorf("%s with an unknown parameter: %d", address, bad.Code)
		}
	}
	if len(ids) < 16 {
		t.Errorf("%d operations", len(ids))
	}
	for _, op := range (&site{}).operations() {
		if op.Example != "" {
			if w := get(t, h, op.Path+op.Example); w.Code != 200 {
				t.Errorf("example %s%s: %d", op.Path, op.Example, w.Code)
			}
		}
	}
}

// compiler holds the document with its objects closed, so that a field which
// the schema does not know fails validation.
func compiler(t *testing.T, body []byte) *jsonschema.Compiler {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range doc.(map[string]any)["components"].(map[string]any)["schemas"].(map[string]any) {
		s.(map[string]any)["additionalProperties"] = false
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	return c
}

func validate(t *testing.T, c *jsonschema.Compiler, address, ref, body string) {
	t.Helper()
	schema, err := c.Compile("openapi.json" + ref)
	if err != nil {
		t.Fatalf("%s: %v", ref, err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%s is not as %s says: %v", address, ref, err)
	}
}

func TestClaimsByCursor(t *testing.T) {
	h := testSite(t, archive(t, 20), nil)
	all := decode[listJSON[statementJSON]](t, get(t, h, "/api/v1/claims?cluster=colossus&limit=200").Body)
	var quotes []string
	for next := ""; ; {
		page := decode[listJSON[statementJSON]](t, get(t, h, "/api/v1/claims?cluster=colossus&limit=3&cursor="+next).Body)
		for _, c := range page.Items {
			quotes = append(quotes, c.URL+c.Quote)
		}
		if page.Next == nil {
			break
		}
		next = *page.Next
	}
	if len(quotes) != len(all.Items) || len(quotes) != all.Total || len(quotes) < 10 {
		t.Errorf("%d by cursor, %d at once, total %d", len(quotes), len(all.Items), all.Total)
	}
}

// An export holds everything that matches, in both formats.
func TestExport(t *testing.T) {
	db, opened := storetest.Filled(t, 450)
	h := testSite(t, db, nil)
	nd := idsOf(t, "ndjson", get(t, h, "/api/v1/export").Body.String())
	table := idsOf(t, "csv", get(t, h, "/api/v1/export?format=csv").Body.String())
	if len(nd) != len(opened) || !slices.Equal(nd, table) {
		t.Errorf("%d lines, %d rows, %d articles", len(nd), len(table), len(opened))
	}
	if w := get(t, h, "/api/v1/export?q="+url.QueryEscape("report")+"&company=xai"); len(idsOf(t, "ndjson", w.Body.String())) != 225 {
		t.Errorf("filtered: %d", len(idsOf(t, "ndjson", w.Body.String())))
	}
}

func TestSuggest(t *testing.T) {
	h := testSite(t, archive(t, 3), nil)
	list := decode[listJSON[suggestion]](t, get(t, h, "/api/v1/suggest?q=CO").Body)
	got := fmt.Sprint(list.Items)
	if !strings.Contains(got, "Core Scientific") || !strings.Contains(got, "Colossus") || !strings.Contains(got, "construction") || strings.Contains(got, "Meta") {
		t.Error(got)
	}
	if w := get(t, h, "/suggest?q=co"); !strings.HasPrefix(w.Body.String(), "[\n  \"co\"") || w.Header().Get("Content-Type") != "application/x-suggestions+json" {
		t.Errorf("%s", w.Body)
	}
}

func TestDiscovery(t *testing.T) {
	db, _ := storetest.Filled(t, 30)
	h := testSite(t, db, nil)
	for _, path := range []string{"/opensearch.xml", "/sitemap.xml", "/sitemap/pages.xml", "/sitemap/2024-09.xml", "/companies.opml"} {
		w := get(t, h, path)
		var any struct {
			XMLName xml.Name
			Inner   []byte `xml:",innerxml"`
		}
		if err := xml.Unmarshal(w.Body.Bytes(), &any); err != nil || w.Code != 200 {
			t.Errorf("%s: %d %v", path, w.Code, err)
		}
	}
	articles := get(t, h, "/sitemap/2024-09.xml").Body.String()
	if n := strings.Count(articles, "<loc>https://wire.example/article/"); n != 30 {
		t.Errorf("the sitemap of the month has %d articles", n)
	}
	for _, loc := range strings.Split(get(t, h, "/sitemap/pages.xml").Body.String(), "<loc>https://wire.example")[1:] {
		path, _, _ := strings.Cut(loc, "<")
		if w := get(t, h, path); w.Code != 200 {
			t.Errorf("sitemap names %s: %d", path, w.Code)
		}
	}
	if robots := get(t, h, "/robots.txt").Body.String(); !strings.Contains(robots, "Disallow: /search?") || !strings.Contains(robots, "Sitemap: https://wire.example/sitemap.xml") {
		t.Error(robots)
	}
	if w := get(t, testSite(t, db, func(c *Config) { c.Contact = "" }), "/.well-known/security.txt"); w.Code != 404 {
		t.Errorf("security.txt without a contact: %d", w.Code)
	}
	txt := get(t, h, "/.well-known/security.txt").Body.String()
	_, rest, _ := strings.Cut(txt, "Expires: ")
	line, _, _ := strings.Cut(rest, "\n")
	expires, err := time.Parse(time.RFC3339, line)
	if err != nil || expires.Before(present.AddDate(0, 0, 30)) || expires.After(present.AddDate(1, 0, 0)) || !strings.Contains(txt, "Contact: mailto:desk@wire.example") {
		t.Errorf("%v\n%s", err, txt)
	}
}

func TestHeadOfPages(t *testing.T) {
	db := archive(t, 20)
	h := testSite(t, db, nil)
	titles := map[string]string{}
	for _, path := range pagesOf(t, db) {
		body := get(t, h, path).Body.String()
		for _, want := range []string{`<link rel="canonical" href="https://wire.example/`, `<meta property="og:title"`, `<meta name="description"`, `rel="search"`, `<html lang="en">`, `name="viewport"`, `class="skip"`, `<h1`} {
			if !strings.Contains(body, want) && !(want == `<meta name="description"` && strings.HasPrefix(path, "/article/")) {
				t.Errorf("%s lacks %s", path, want)
			}
		}
		if strings.Count(body, "<h1") != 1 {
			t.Errorf("%s has %d main headings", path, strings.Count(body, "<h1"))
		}
		_, rest, _ := strings.Cut(body, "<title>")
		title, _, _ := strings.Cut(rest, "</title>")
		canonical, _, _ := strings.Cut(strings.SplitN(body, `rel="canonical" href="`, 2)[1], `"`)
		if other, taken := titles[title]; taken && other != canonical && !strings.HasPrefix(path, "/search") {
			t.Errorf("%s and %s have one title: %s", canonical, other, title)
		}
		titles[title] = canonical
	}
	body := get(t, h, "/company/xai").Body.String()
	_, rest, _ := strings.Cut(body, `<script type="application/ld+json">`)
	linked, _, _ := strings.Cut(rest, "</script>")
	var ld map[string]any
	if err := json.Unmarshal([]byte(linked), &ld); err != nil || ld["@type"] != "CollectionPage" || strings.ContainsAny(linked, "<>") {
		t.Errorf("JSON-LD: %v\n%.300s", err, linked)
	}
}

func TestLargeIDs(t *testing.T) {
	for _, bad := range []string{"", "0", "-1", "+1", "01", "1.0", "9223372036854775808", "１"} {
		if _, err := articleID(bad); err == nil {
			t.Errorf("%q was taken for an id", bad)
		}
	}
	if id, err := articleID(strconv.FormatInt(1<<62, 10)); err != nil || id != 1<<62 {
		t.Error(id, err)
	}
}
