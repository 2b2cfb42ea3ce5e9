package web

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
	"clusterwire/store/storetest"
)

func TestDiscovery(t *testing.T) {
	db, _ := storetest.Filled(t, 30)
	h := testSite(t, db, nil)
	for _, path := range []string{"/opensearch.xml", "/sitemap.xml", "/sitemap/pages.xml", "/sitemap/news.xml", "/sitemap/2024-09.xml", "/companies.opml"} {
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
	story, _ := placed(t, db)
	for path, want := range map[string]string{"/sitemap/stories-2024-09.xml": storyPath(story), "/sitemap/2024-09-02.xml": "/article/", "/sitemap.xml": "/sitemap/stories-2024-09.xml"} {
		if body := get(t, h, path).Body.String(); !strings.Contains(body, "<loc>https://wire.example"+want) {
			t.Errorf("%s does not name %s: %s", path, want, body)
		}
	}
	fresh := testSite(t, db, func(c *Config) { c.Now = func() time.Time { return storetest.Start.Add(31 * time.Hour) } })
	if body := get(t, fresh, "/sitemap/news.xml").Body.String(); strings.Count(body, "<news:title>") < 5 || !strings.Contains(body, "<news:publication_date>2024-09-0") {
		t.Errorf("the sitemap of news: %s", body)
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

// A sitemap holds as many addresses as it may, whatever is left out of it, and
// that of news no story whose lead is old.
func TestSitemapsOfStories(t *testing.T) {
	db, opened := storetest.Filled(t, 30)
	story, _ := placed(t, db)
	alone := storetest.Article(40) // newer than any article of the story
	if _, err := db.SaveArticles(t.Context(), []news.Opened{alone}); err != nil {
		t.Fatal(err)
	}
	newest, err := db.Search(t.Context(), news.Query{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Place(t.Context(), []news.Arrival{{Article: newest.Hits[0].ID, Revision: 1}}, 10,
		func(int, []news.Neighbour) (news.Placement, error) { return news.Placement{Reason: "alone"}, nil })
	if err != nil {
		t.Fatal(err)
	}
	var body strings.Builder
	month := news.Query{Since: storetest.Start, Until: storetest.Start.AddDate(0, 1, 0), Limit: 5}
	if err := (&site{store: db}).storyLocations(t.Context(), &body, "", month, 1); err != nil {
		t.Fatal(err)
	}
	if got := body.String(); strings.Count(got, "<loc>") != 1 || !strings.Contains(got, "<loc>"+storyPath(story)+"</loc>") {
		t.Errorf("a sitemap of one story: %q", got)
	}

	e, err := db.Story(t.Context(), story)
	if err != nil {
		t.Fatal(err)
	}
	last := opened[29].Article.Published
	if !e.Lead.Published.Before(last) {
		t.Fatalf("the lead of the story is of %s, its last article of %s", e.Lead.Published, last)
	}
	for since, want := range map[time.Time]bool{e.Lead.Published: true, e.Lead.Published.Add(time.Minute): false} {
		h := testSite(t, db, func(c *Config) { c.Now = func() time.Time { return since.AddDate(0, 0, newsDays) } })
		if got := get(t, h, "/sitemap/news.xml").Body.String(); strings.Contains(got, storyPath(story)+"<") != want {
			t.Errorf("news since %s: a story whose lead is of %s is there: %v\n%s", since, e.Lead.Published, !want, got)
		}
	}
}

func TestHeadOfPages(t *testing.T) {
	db := archive(t, 20)
	placed(t, db)
	h := testSite(t, db, nil)
	titles, descriptions := map[string]string{}, map[string]string{}
	oneText := func(path string) bool {
		return strings.HasPrefix(path, "/search") || strings.HasPrefix(path, "/article/") || strings.Contains(path, "?")
	}
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
		_, rest, _ = strings.Cut(body, `<meta name="description" content="`)
		description, _, _ := strings.Cut(rest, `"`)
		if other, taken := descriptions[description]; taken && other != canonical && !oneText(path) {
			t.Errorf("%s and %s have one description: %s", canonical, other, description)
		}
		descriptions[description] = canonical
	}
	body := get(t, h, "/company/xai").Body.String()
	_, rest, _ := strings.Cut(body, `<script type="application/ld+json">`)
	linked, _, _ := strings.Cut(rest, "</script>")
	var ld map[string]any
	if err := json.Unmarshal([]byte(linked), &ld); err != nil || ld["@type"] != "CollectionPage" || strings.ContainsAny(linked, "<>") {
		t.Errorf("JSON-LD: %v\n%.300s", err, linked)
	}
}

// Pages ignore parameters that they do not have, which others hang on links to
// measure their readers, and name themselves and their lists without them.
func TestPagesIgnoreUnknownParameters(t *testing.T) {
	db := archive(t, 40)
	placed(t, db)
	h := testSite(t, db, nil)
	for _, path := range pagesOf(t, db) {
		with := path + "?utm_source=letter&fbclid=1"
		if strings.Contains(path, "?") {
			with = path + "&utm_source=letter&fbclid=1"
		}
		plain, marked := get(t, h, path), get(t, h, with)
		if marked.Code != 200 || strings.Contains(marked.Body.String(), "utm_source") || strings.Contains(marked.Body.String(), "fbclid") || strings.Contains(marked.Header().Get("Link"), "utm_source") {
			t.Errorf("%s: %d, or it repeats what it was asked in vain", with, marked.Code)
		}
		if a, b := canonicalOf(plain.Body.String()), canonicalOf(marked.Body.String()); a != b || a == "" {
			t.Errorf("%s calls itself %q, without the parameters %q", with, b, a)
		}
	}
	for _, path := range []string{"/search.json?q=report", "/stories.atom?company=xai", "/claims.csv?cluster=colossus", "/companies.json?x=1"} {
		if w := get(t, h, path+"&utm_source=letter"); w.Code != 200 || strings.Contains(w.Body.String(), "utm_source") {
			t.Errorf("%s with an unknown parameter: %d", path, w.Code)
		}
	}
}

func canonicalOf(body string) string {
	_, rest, _ := strings.Cut(body, `<link rel="canonical" href="`)
	address, _, _ := strings.Cut(rest, `"`)
	return address
}

// However many months a story spans, all sitemaps together name each address
// once.
func TestSitemapsNameEachAddressOnce(t *testing.T) {
	db := storetest.Open(t)
	var opened []news.Opened
	for i := range 6 { // of three months
		o := storetest.Article(i)
		o.Article.Published = storetest.Start.AddDate(0, i/2, i)
		o.Article.FirstSeen = o.Article.Published
		opened = append(opened, o)
	}
	if _, err := db.SaveArticles(t.Context(), opened); err != nil {
		t.Fatal(err)
	}
	res, err := db.Search(t.Context(), news.Query{})
	if err != nil {
		t.Fatal(err)
	}
	story := int64(0)
	for _, h := range res.Hits {
		err := db.Place(t.Context(), []news.Arrival{{Article: h.ID, Revision: 1}}, 10,
			func(int, []news.Neighbour) (news.Placement, error) {
				return news.Placement{Story: story, Reason: "one event"}, nil
			})
		if err != nil {
			t.Fatal(err)
		}
		now, err := db.Listed(t.Context(), []int64{h.ID})
		if err != nil {
			t.Fatal(err)
		}
		story = now[0].Story
	}
	h := testSite(t, db, nil)
	seen := map[string]string{}
	for _, part := range strings.Split(get(t, h, "/sitemap.xml").Body.String(), "<loc>https://wire.example")[1:] {
		name, _, _ := strings.Cut(part, "<")
		if name == "/sitemap/news.xml" { // which is of some of the same, those of the last days
			continue
		}
		for _, loc := range strings.Split(get(t, h, name).Body.String(), "<loc>")[1:] {
			address, _, _ := strings.Cut(loc, "<")
			if seen[address] != "" {
				t.Errorf("%s stands in %s and %s", address, seen[address], name)
			}
			seen[address] = name
		}
	}
	if latest := res.Hits[0].Published.Format("2006-01"); seen["https://wire.example"+storyPath(story)] != "/sitemap/stories-"+latest+".xml" {
		t.Errorf("the story stands in %q, its latest article is of %s", seen["https://wire.example"+storyPath(story)], latest)
	}
}
