package extract

import (
	"fmt"
	"html"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clusterwire/feeds/eval/corpus"

	xhtml "golang.org/x/net/html"
)

// payloads are hostile fragments: some of ours, and published lists where the
// corpora are present.
func payloads(t *testing.T) []string {
	t.Helper()
	list := []string{
		`<script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `<a href="java&#9;script:alert(1)">x</a>`, `<svg onload=alert(1)>`,
		`<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">`, `<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>`,
		`<iframe srcdoc="<script>alert(1)</script>"></iframe>`, `<blockquote class="twitter-tweet"><p onclick=alert(1)>quoted</p><iframe src=//evil.example></iframe></blockquote>`,
		`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, `<form action=javascript:alert(1)><input type=submit></form>`, `"><script>alert(1)</script>`,
		`<table><tr><td onmouseover=alert(1)>1</td></tr></table>`, `<pre style="background:url(javascript:alert(1))">x</pre>`,
	}
	return append(list, published(t)...)
}

func published(t *testing.T) []string {
	var list []string
	t.Run("published", func(t *testing.T) {
		files, err := filepath.Glob(filepath.Join(corpus.Path(t, "xss"), "*.txt"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, strings.Split(string(raw), "\n")...)
		}
	})
	return list
}

// TestPayloads puts hostile fragments into the text and every field of a page
// and looks at what comes out as a browser would.
func TestPayloads(t *testing.T) {
	const at = 20 // payloads a page
	list := payloads(t)
	for i := 0; i < len(list); i += at {
		group := list[i:min(i+at, len(list))]
		q := html.EscapeString(group[0])
		body := fmt.Sprintf(`<html><head><title>%s</title><meta name="author" content="%s"><meta property="og:title" content="%s"><meta property="og:image" content="%s"><meta name="description" content="%s"><link rel="canonical" href="%s"></head><body><article><h1>Halls</h1><p>%s</p><div>%s</div><p>%s</p></article>`,
			q, q, q, q, q, q, sentence+sentence, strings.Join(group, "</div><div>"+sentence), sentence+sentence)
		page, err := Page([]byte(body), Input{URL: "https://example.com/a", ContentType: "text/html"})
		if err != nil {
			t.Fatal(err)
		}
		for _, address := range append([]string{page.Canonical, page.Image}, page.Links...) {
			if u, err := url.Parse(address); address != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http") {
				t.Errorf("%.100q: address %q", group, address)
			}
		}
		for _, bad := range active(t, page.HTML) {
			t.Errorf("payloads from %d: %s in %.300q", i, bad, page.HTML)
		}
	}
}

// active lists the elements and attributes of a fragment that could do
// anything but show text.
func active(t *testing.T, fragment string) []string {
	t.Helper()
	doc, err := xhtml.Parse(strings.NewReader(fragment))
	if err != nil {
		t.Fatal(err)
	}
	var bad []string
	for n := range doc.Descendants() {
		if n.Type != xhtml.ElementNode {
			continue
		}
		switch n.Data {
		case "script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "meta", "link", "base", "template":
			bad = append(bad, "<"+n.Data+">")
		}
		for _, a := range n.Attr {
			scheme, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(a.Val)), ":")
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "id" || a.Key == "class" || a.Key == mark ||
				(a.Key == "href" || a.Key == "src") && scheme != "http" && scheme != "https" && scheme != "mailto" {
				bad = append(bad, a.Key+"="+a.Val)
			}
		}
	}
	return bad
}
