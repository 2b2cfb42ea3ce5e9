package web

import (
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

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

// What a list says of an article, the article says of itself, and its page
// leads to its story.
func TestListAndEntryAgree(t *testing.T) {
	db := archive(t, 40)
	placed(t, db)
	h := testSite(t, db, nil)
	inStories := 0
	for _, listed := range decode[listJSON[articleJSON]](t, get(t, h, root+"/articles").Body).Items {
		entry := decode[entryJSON](t, get(t, h, root+"/articles/"+listed.ID).Body).articleJSON
		if !reflect.DeepEqual(entry, listed) {
			t.Errorf("the list says %+v\nthe entry      %+v", listed, entry)
		}
		body := get(t, h, "/article/"+listed.ID).Body.String()
		if listed.Story != nil {
			inStories++
		}
		if listed.Story != nil && !strings.Contains(body, `href="/story/`+*listed.Story+`"`) || listed.Story == nil && strings.Contains(body, `href="/story/`) {
			t.Errorf("article %s: its page does not lead to its story, or to one that it has not", listed.ID)
		}
	}
	if inStories != 12 {
		t.Errorf("%d of the articles are in stories, want 12", inStories)
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
	claims := "/api/v1/claims?cluster=colossus&company=xai&metric=power_mw"
	first := decode[listJSON[statementJSON]](t, get(t, h, claims+"&limit=1").Body)
	if first.Next == nil {
		t.Fatal("the claims end with their first page")
	}
	for path, status := range map[string]int{
		claims + "&limit=1&cursor=": 200, claims + "&limit=5&cursor=": 200, "/api/v1/claims?cursor=": 400, "/api/v1/claims?cluster=hyperion&company=xai&metric=power_mw&cursor=": 400,
		"/api/v1/claims?cluster=colossus&company=meta&metric=power_mw&cursor=": 400, "/api/v1/claims?cluster=colossus&company=xai&metric=chips&cursor=": 400,
		"/api/v1/claims?cluster=colossus&company=xai&cursor=": 400, "/api/v1/claims?company=colossus&cluster=xai&metric=power_mw&cursor=": 400,
	} {
		if w := get(t, h, path+*first.Next); w.Code != status {
			t.Errorf("%s: %d, want %d", path, w.Code, status)
		}
	}
	for _, made := range []string{"1-1", strings.Split(*first.Next, "~")[0]} {
		if w := get(t, h, claims+"&cursor="+made); w.Code != 400 {
			t.Errorf("cursor %q of claims: %d", made, w.Code)
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

// A slip in a slug is told from an archive without news.
func TestUnknownSlugsAreNamed(t *testing.T) {
	h := testSite(t, archive(t, 3), nil)
	for path, want := range map[string]string{"/api/v1/articles?company=xia": "there is no company xia", "/search.json?source=x": "there is no source x", "/search?cluster=y": "there is no cluster y"} {
		if w := get(t, h, path); w.Code != 200 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d, lacks %q", path, w.Code, want)
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
