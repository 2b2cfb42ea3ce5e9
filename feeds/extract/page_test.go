package extract

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"clusterwire/feeds/news"
)

// UPDATE_GOLDEN=1 writes the golden files anew.
var update = os.Getenv("UPDATE_GOLDEN") != ""

// address is the first line of a fixture: <!-- url: https://... -->
var fixtureURL = regexp.MustCompile(`^<!-- url: (\S+) -->`)

func fixtures(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", filepath.FromSlash(pattern)))
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixture %s: %v", pattern, err)
	}
	return files
}

func readFixture(t *testing.T, file string) ([]byte, Input) {
	t.Helper()
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	in := Input{URL: "https://news.example/2026/a", ContentType: "text/html; charset=utf-8"}
	if m := fixtureURL.FindSubmatch(body); m != nil {
		in.URL = string(m[1])
	}
	return body, in
}

// TestPages compares every field of every page of ours with its golden file.
func TestPages(t *testing.T) {
	for _, file := range fixtures(t, "pages/*.html") {
		body, in := readFixture(t, file)
		page, err := readPage(body, in, patient)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		var got bytes.Buffer
		enc := json.NewEncoder(&got)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(page); err != nil {
			t.Fatal(err)
		}
		golden := strings.TrimSuffix(file, ".html") + ".json"
		if update {
			if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s: got\n%s\nwant\n%s", file, got.Bytes(), want)
		}
	}
}

// TestRefused reads pages that are no article; the name of a fixture begins
// with the reason that it must be refused for.
func TestRefused(t *testing.T) {
	for _, file := range fixtures(t, "refused/*.html") {
		body, in := readFixture(t, file)
		page, err := readPage(body, in, patient)
		want, _, _ := strings.Cut(filepath.Base(file), "-")
		if err != nil || page.Refused != want {
			t.Errorf("%s: refused %q, %v; text %q", file, page.Refused, err, page.Text)
		}
		if page.Text != "" && want != paywall {
			t.Errorf("%s: text of a refused page: %q", file, page.Text)
		}
	}
}

// TestKept reads articles that look like pages to refuse.
func TestKept(t *testing.T) {
	for _, file := range fixtures(t, "kept/*.html") {
		body, in := readFixture(t, file)
		page, err := readPage(body, in, patient)
		if err != nil || page.Refused != "" || page.Text == "" {
			t.Errorf("%s: refused %q, %v, text %q", file, page.Refused, err, page.Text)
		}
	}
}

func TestNoPage(t *testing.T) {
	cases := []struct{ name, body, contentType, class string }{
		{"empty", "", "text/html", "empty"},
		{"blank", " \n\t", "text/html", "empty"},
		{"pdf", "%PDF-1.7\n%\xe2\xe3", "text/html", "pdf"},
		{"declared pdf", "\x01\x02\x03\x04", "application/pdf", "pdf"},
		{"png", "\x89PNG\r\n\x1a\n0000", "image/png", "image"},
		{"jpeg as html", "\xff\xd8\xff\xe0\x00\x10JFIF", "text/html", "image"},
		{"zip", "PK\x03\x04abcdefgh", "text/html", "not_html"},
		{"video", "\x00\x00\x00\x18ftypmp42....mp42", "video/mp4", "not_html"},
	}
	for _, c := range cases {
		_, err := Page([]byte(c.body), Input{URL: "https://example.com/a", ContentType: c.contentType})
		if e := (*Error)(nil); !errors.As(err, &e) || e.Class != c.class || e.Error() == "" {
			t.Errorf("%s: %v, want class %s", c.name, err, c.class)
		}
	}
	for _, u := range []string{"", "/a", "ftp://example.com/a", "javascript:alert(1)", "https://"} {
		_, err := Page([]byte("<p>x"), Input{URL: u})
		if e := (*Error)(nil); !errors.As(err, &e) || e.Class != "bad_url" {
			t.Errorf("address %q: %v", u, err)
		}
	}
}

// TestOddButHTML reads pages whose bytes or type do not look like HTML.
func TestOddButHTML(t *testing.T) {
	article := "<html><body><h1>Halls</h1><p>" + strings.Repeat("The hall was opened on Monday, the operator said. ", 10) + "</p></body></html>"
	utf16 := []byte{0xff, 0xfe}
	for _, c := range article {
		utf16 = append(utf16, byte(c), 0)
	}
	cases := []struct {
		name        string
		body        []byte
		contentType string
	}{
		{"plain text", []byte(article), "text/plain"},
		{"octet stream", []byte(article), "application/octet-stream"},
		{"no type", []byte(article), ""},
		{"image by mistake", []byte("<!doctype html>" + article), "image/png"},
		{"control bytes", []byte("\x00\x01" + article), "text/html"},
		{"utf-16", utf16, "text/html"},
	}
	for _, c := range cases {
		page, err := Page(c.body, Input{URL: "https://example.com/a", ContentType: c.contentType})
		if err != nil || !strings.Contains(page.Text, "The hall was opened on Monday") {
			t.Errorf("%s: %v %q", c.name, err, page.Text)
		}
	}
}

func TestMetadata(t *testing.T) {
	const end = `</head><body><article><h1>A headline of several words</h1><p>Text of the article, which is long enough to be read as one.</p></article></body></html>`
	date := func(p news.Page) string { return p.Published.Format("2006-01-02T15:04Z") }
	canonical := func(p news.Page) string { return p.Canonical }
	byline := func(p news.Page) string { return p.Byline }
	title := func(p news.Page) string { return p.Title }
	lang := func(p news.Page) string { return p.Language }
	modified := func(p news.Page) string { return p.Modified.Format("2006-01-02T15:04Z") }
	image := func(p news.Page) string { return p.Image }
	keep := func(p news.Page) string { return map[bool]string{true: "no", false: "yes"}[p.NoArchive] }
	cases := []struct {
		name, head, url string
		field           func(news.Page) string
		want            string
	}{
		{"date: json-ld", `<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2026-02-03T04:05:00Z"}</script><meta property="article:published_time" content="2025-01-01">`, "", date, "2026-02-03T04:05Z"},
		{"date: broken json-ld", "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"headline\":\"a\nb\",\"datePublished\":\"2026-02-03\"};</script>", "", date, "2026-02-03T00:00Z"},
		{"date: graph", `<script type="application/ld+json">[{"@graph":[{"@type":"WebSite"},{"@type":["Article"],"datePublished":"2026-02-03"}]}]</script>`, "", date, "2026-02-03T00:00Z"},
		{"date: open graph", `<meta property="article:published_time" content="2026-02-03T04:05:00+02:00">`, "", date, "2026-02-03T02:05Z"},
		{"date: dublin core", `<meta name="DC.date.issued" content="2026-02-03">`, "", date, "2026-02-03T00:00Z"},
		{"date: microdata", `</head><body><span itemprop="datePublished" content="2026-02-03">yesterday</span>`, "", date, "2026-02-03T00:00Z"},
		{"date: time element", `</head><body><time class="updated" datetime="2026-03-01">x</time><time datetime="2026-02-03">x</time>`, "", date, "2026-02-03T00:00Z"},
		{"date: address", ``, "https://example.com/2026/02/03/slug", date, "2026-02-03T00:00Z"},
		{"date: written", `</head><body><p>Published on February 3rd, 2026 by staff</p>`, "", date, "2026-02-03T00:00Z"},
		{"date: none", `<meta name="date" content="soon">`, "", date, "0001-01-01T00:00Z"},
		{"canonical: own", `<link rel="canonical" href="/b?utm_source=x">`, "", canonical, "https://example.com/b"},
		{"canonical: subdomain", `<link rel="canonical" href="https://www.example.com/b">`, "", canonical, "https://www.example.com/b"},
		{"canonical: another's", `<link rel="canonical" href="https://bignews.example/b">`, "", canonical, "https://example.com/a"},
		{"canonical: another's under one suffix", `<link rel="canonical" href="https://bignews.co.uk/b">`, "https://evil.co.uk/a", canonical, "https://evil.co.uk/a"},
		{"canonical: front page", `<link rel="canonical" href="https://example.com/">`, "", canonical, "https://example.com/a"},
		{"canonical: scheme", `<link rel="canonical" href="javascript:alert(1)"><meta property="og:url" content="https://example.com/c">`, "", canonical, "https://example.com/c"},
		{"canonical: amp cache", `<link rel="canonical" href="https://www.example.org/b">`, "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/amp/b", canonical, "https://www.example.org/b"},
		{"canonical: amp cache of another", `<link rel="canonical" href="https://bignews.example/b">`, "https://evil-example.cdn.ampproject.org/c/s/evil.example/b", canonical, "https://evil.example/b"},
		{"byline: json-ld", `<script type="application/ld+json">{"@type":"Article","author":[{"name":"Ana B"},{"name":"Ana B"},"Cem D"]}</script>`, "", byline, "Ana B, Cem D"},
		{"byline: prefix and date", `<meta name="author" content="By Ana B | March 3, 2026 10:15 AM">`, "", byline, "Ana B"},
		{"byline: nobody", `<meta name="author" content="admin"><meta name="dc.creator" content="https://example.com/ana">`, "", byline, ""},
		{"title: open graph with site", `<meta property="og:title" content="Another headline entirely | Site"><meta property="og:site_name" content="Site">`, "", title, "Another headline entirely"},
		{"title: heading in title", `<title>A headline of several words - Example</title><meta property="og:title" content="Click now">`, "", title, "A headline of several words"},
		{"title: site before", `<title>Example » Only in the title</title>`, "", title, "Only in the title"},
		{"language: html", `<meta http-equiv="content-language" content="de">`, "", lang, "en"},
		{"modified: json-ld", `<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2026-02-03","dateModified":"2026-02-04T05:06:00Z"}</script>`, "", modified, "2026-02-04T05:06Z"},
		{"modified: open graph", `<meta property="article:published_time" content="2026-02-03"><meta property="article:modified_time" content="2026-02-04T05:06:00+01:00">`, "", modified, "2026-02-04T04:06Z"},
		{"modified: dublin core", `<meta name="DCTERMS.issued" content="2026-02-03"><meta name="dcterms.modified" content="2026-02-04">`, "", modified, "2026-02-04T00:00Z"},
		{"modified: microdata", `</head><body><meta itemprop="datePublished" content="2026-02-03"><meta itemprop="dateModified" content="2026-02-04">`, "", modified, "2026-02-04T00:00Z"},
		{"byline: microdata", `</head><body><span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">Ana B</span></span>`, "", byline, "Ana B"},
		{"byline: dublin core", `<meta name="DC.creator" content="Ana B">`, "", byline, "Ana B"},
		{"byline: open graph", `<meta property="article:author" content="Ana B">`, "", byline, "Ana B"},
		{"byline: of an organisation", `<script type="application/ld+json">{"@type":"NewsArticle","author":{"@type":"Organization","name":"Delta Agency"}}</script>`, "", byline, "Delta Agency"},
		{"title: json-ld", `<script type="application/ld+json">{"@type":"NewsArticle","headline":"A headline of several words"}</script><title>x</title>`, "", title, "A headline of several words"},
		{"title: microdata", `<title>x</title></head><body><h2 itemprop="headline">A headline of several words</h2>`, "", title, "A headline of several words"},
		{"title: dublin core", `<meta name="DC.title" content="A headline of several words"><title>x</title>`, "", title, "A headline of several words"},
		{"language: json-ld", `<script type="application/ld+json">{"@type":"NewsArticle","inLanguage":"en-US"}</script>`, "", lang, "en"},
		{"image: json-ld", `<script type="application/ld+json">{"@type":"NewsArticle","image":[{"@type":"ImageObject","url":"/i/hall.jpg"}]}</script>`, "", image, "https://example.com/i/hall.jpg"},
		{"image: open graph", `<meta property="og:image" content="//cdn.example.com/hall.jpg">`, "", image, "https://cdn.example.com/hall.jpg"},
		{"image: twitter", `<meta name="twitter:image" content="https://example.com/hall.jpg">`, "", image, "https://example.com/hall.jpg"},
		{"image: of a scheme that runs", `<meta property="og:image" content="javascript:alert(1)">`, "", image, ""},
		{"robots: noarchive", `<meta name="robots" content="index,NOARCHIVE">`, "", keep, "no"},
		{"robots: max-snippet", `<meta name="robots" content="index, max-image-preview:large">`, "", keep, "yes"},
		{"robots: another's", `<meta name="bingbot" content="noarchive">`, "", keep, "yes"},
	}
	for _, c := range cases {
		u := c.url
		if u == "" {
			u = "https://example.com/a"
		}
		page, err := Page([]byte(`<!doctype html><html lang="en-GB"><head>`+c.head+end), Input{URL: u, ContentType: "text/html"})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if got := c.field(page); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
