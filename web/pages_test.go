package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"clusterwire/feeds/news"
	"clusterwire/store/storetest"
)

func TestEveryPageAnswers(t *testing.T) {
	db := archive(t, 40)
	placed(t, db)
	h := testSite(t, db, nil)
	for _, path := range pagesOf(t, db) {
		w := get(t, h, path)
		if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %s", path, w.Code, w.Header().Get("Content-Type"))
		}
	}
}

// X11, X12, X8: the policy stands on every page, no page has script or style
// of its own, what leads outside says so, and nothing a publisher wrote
// becomes markup.
func TestPagesAreSafe(t *testing.T) {
	db := archive(t, 40)
	placed(t, db)
	h := testSite(t, db, nil)
	for _, path := range append(pagesOf(t, db), "/nowhere", "/search?from=x", "/company/none", "/article/1") {
		w := get(t, h, path)
		if got := w.Header().Get("Content-Security-Policy"); got != "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'" {
			t.Errorf("%s: policy %q", path, got)
		}
		if w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Header().Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: headers %v", path, w.Header())
		}
		doc, err := html.Parse(strings.NewReader(w.Body.String()))
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		for n := range doc.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			checkElement(t, path, n)
			for _, a := range n.Attr {
				if a.Key == "id" && ids[a.Val] {
					t.Errorf("%s: two elements have the id %s", path, a.Val)
				}
				ids[a.Val] = ids[a.Val] || a.Key == "id"
			}
		}
	}
}

func checkElement(t *testing.T, path string, n *html.Node) {
	t.Helper()
	at := map[string]string{}
	for _, a := range n.Attr {
		at[a.Key] = a.Val
		if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
			t.Errorf("%s: <%s %s=%q>", path, n.Data, a.Key, a.Val)
		}
	}
	switch n.Data {
	case "style", "iframe", "object", "embed", "base":
		t.Errorf("%s: <%s>", path, n.Data)
	case "script":
		if at["type"] != "application/ld+json" && (n.FirstChild != nil || !strings.HasPrefix(at["src"], "/static/")) {
			t.Errorf("%s: a script of its own: %v", path, n.Attr)
		}
	case "img":
		t.Errorf("%s: a picture: %v", path, n.Attr)
	case "a":
		checkLink(t, path, at)
	}
}

func checkLink(t *testing.T, path string, at map[string]string) {
	t.Helper()
	href := at["href"]
	outside := strings.Contains(href, "://") || strings.HasPrefix(href, "//")
	if outside && at["rel"] != "noopener noreferrer nofollow ugc" {
		t.Errorf("%s: %q leads outside with rel %q", path, href, at["rel"])
	}
	if outside && !strings.HasPrefix(href, "https://") && !strings.HasPrefix(href, "http://") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(href)), "javascript") {
		t.Errorf("%s: link to %q", path, href)
	}
}

// X8: of a snippet only the marks are markup, whatever stands inside it.
func TestSnippetMarksAreTheOnlyMarkup(t *testing.T) {
	db := archive(t, 0)
	h := testSite(t, db, nil)
	body := get(t, h, "/search?q=alert").Body.String()
	if !strings.Contains(body, "<mark>alert</mark>") {
		t.Error("the match is not marked")
	}
	if strings.Contains(body, "<script>alert") || strings.Contains(body, "<img") {
		t.Error("a publisher's markup stands on the page")
	}
	found := decode[listJSON[articleJSON]](t, get(t, h, "/api/v1/search?q=alert").Body)
	if len(found.Items) != 1 || found.Items[0].Snippet == nil || !strings.Contains(*found.Items[0].Snippet, "alert") {
		t.Fatalf("%+v", found)
	}
	if strings.Contains(*found.Items[0].Snippet, "<mark>") {
		t.Error("the snippet of the API has markup")
	}
}

// One article is found on every page and in every answer where it belongs.
func TestOneArticleEverywhere(t *testing.T) {
	db := archive(t, 40)
	h := testSite(t, db, nil)
	const title = "Colossus è acceso: centomila GPU in quattro mesi"
	id := articlePath(articleWithTitle(t, db, title).ID)
	for _, path := range []string{"/", "/search?q=centomila", "/company/xai", "/topic/power", "/source/rack-letter", "/search?lang=it", id,
		"/api/v1/articles", "/api/v1/search?q=centomila&lang=it", "/api/v1" + strings.Replace(id, "article", "articles", 1),
		"/feed.atom", "/feed.rss", "/feed.json", "/index.csv", "/index.ndjson", "/search.feed.json?q=centomila", "/company/xai/feed.atom", "/company/xai.rss"} {
		if w := get(t, h, path); w.Code != 200 || !strings.Contains(w.Body.String(), title) {
			t.Errorf("%s: %d, and the article is not there", path, w.Code)
		}
	}
	body := get(t, h, id).Body.String()
	original, own := strings.Index(body, `href="https://rack.example/it"`), strings.Index(body, "Companies, and why")
	if original < 0 || own < original {
		t.Error("the link to the original does not come first")
	}
	for _, want := range []string{`lang="it"`, "<mark>NVIDIA</mark>", "names a cluster"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page of the article lacks %q", want)
		}
	}
	if body := get(t, h, "/").Body.String(); strings.Contains(body, "The film is out") {
		t.Error("an article off the topic stands on the front page")
	}
}

func TestRightToLeft(t *testing.T) {
	h := testSite(t, archive(t, 0), nil)
	body := get(t, h, "/").Body.String()
	for _, want := range []string{`<h3 lang="ar" dir="rtl">`, `<h3 lang="he" dir="rtl">`, `<h3 lang="ja" dir="ltr">`, `<h3 dir="auto">`} {
		if !strings.Contains(body, want) {
			t.Errorf("the front page lacks %s", want)
		}
	}
}

func TestEmptyArchive(t *testing.T) {
	db, _ := emptyArchive(t)
	h := testSite(t, db, nil)
	for path, want := range map[string]string{"/": "Nothing on the wire yet", "/newest": "Nothing on the wire yet", "/search?q=x": "Nothing to search yet", "/disputes": "No figure is disputed", "/archive": "The archive is empty", "/clusters": "No figures yet", "/feed.atom": "<feed", "/feed.rss": "<channel>", "/api/v1/articles": `"items": []`} {
		if w := get(t, h, path); w.Code != 200 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d, lacks %q", path, w.Code, want)
		}
	}
}

// A machine without a network: the site says that nothing can be read, before
// and after the feeds were asked.
func TestNoFeedCanBeRead(t *testing.T) {
	db := storetest.Open(t)
	storetest.Registry(t, db)
	h := testSite(t, db, nil)
	says := func(path, want string) {
		t.Helper()
		if body := get(t, h, path).Body.String(); !strings.Contains(body, want) {
			t.Errorf("%s lacks %q", path, want)
		}
	}
	says("/sources", "3 wait to be asked for the first time.")
	due, err := db.DueFeeds(t.Context(), present, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range due {
		f.Checked, f.Attempt = present, news.Attempt{Failures: 1, Class: "dns", Error: "dns: lookup a.example: no such host", Next: present.Add(time.Hour)}
		if _, err := db.SavePoll(t.Context(), news.Poll{Feed: f}, present); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(statsTime) // counts may be that old
	says("/", "No feed can be read")
	says("/sources", "3 need attention.")
}

// The first minute of a new archive: how far it is, and no page kept.
func TestFilling(t *testing.T) {
	db := storetest.Open(t)
	storetest.Registry(t, db)
	h := testSite(t, db, nil)
	w := get(t, h, "/")
	for _, want := range []string{"The wire is starting", `<progress max="3" value="0"`, "of 3 feeds asked", `http-equiv="refresh"`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("an archive that begins: the front page lacks %q", want)
		}
	}
	if w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("it may be kept: %s", w.Header().Get("Cache-Control"))
	}
	due, err := db.DueFeeds(t.Context(), present, 10)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range due {
		f.Checked, f.Read, f.Attempt.Next = present, present, present.Add(time.Hour)
		if _, err := db.SavePoll(t.Context(), news.Poll{Feed: f, Items: storetest.Items(f, 2)}, present); err != nil {
			t.Fatal(err)
		}
		time.Sleep(statsTime) // counts may be that old
		body := get(t, h, "/").Body.String()
		if want := fmt.Sprintf(`value="%d"`, i+1); !strings.Contains(body, want) || !strings.Contains(body, fmt.Sprintf(`<b class="num">%d</b> articles waiting`, 2*(i+1))) {
			t.Errorf("after %d feeds the front page lacks %s", i+1, want)
		}
	}
	if _, err := db.SaveArticles(t.Context(), []news.Opened{storetest.Article(1)}); err != nil {
		t.Fatal(err)
	}
	if body := get(t, h, "/").Body.String(); strings.Contains(body, "The wire is") {
		t.Error("every feed was asked and there is news, and the page still says that it fills")
	}
}
