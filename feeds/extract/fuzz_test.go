package extract

import (
	"net/url"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzPage checks what must hold of every page, whatever its bytes: no panic,
// valid UTF-8, no markup in plain fields, only http addresses, nothing active
// in the HTML, nothing but the stub's beginning in a refused page.
func FuzzPage(f *testing.F) {
	for _, pattern := range []string{"testdata/pages/it-embedded-post.html", "testdata/pages/en-noarchive-mirror.html", "testdata/refused/soft404-fr.html"} {
		body, err := os.ReadFile(pattern)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body, "https://example.com/a", "text/html")
	}
	f.Add([]byte("<table><tr><td><select><p><svg><p><style><a id='</style><img src=x onerror=alert(1)>'>"), "https://example.com", "")
	f.Add([]byte("<title><title><h1><h1></p><br/></br><frameset>"), "http://[::1]/", "text/html; charset=utf-16")
	f.Add([]byte("\xff\xfe<\x00p\x00"), "https://example.com/%zz", "text/plain")
	f.Fuzz(func(t *testing.T, body []byte, address, contentType string) {
		if len(body) > 1<<16 {
			return
		}
		page, err := Page(body, Input{URL: address, ContentType: contentType})
		if err != nil {
			return
		}
		for _, s := range []string{page.Title, page.Byline, page.Text, page.HTML, page.Site, page.Summary} {
			if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\x1b") {
				t.Errorf("unclean field %q", s)
			}
		}
		for _, u := range append([]string{page.Image, page.Canonical}, page.Links...) {
			if p, err := url.Parse(u); u != "" && (err != nil || p.Scheme != "http" && p.Scheme != "https") {
				t.Errorf("address %q", u)
			}
		}
		lower := strings.ToLower(page.HTML)
		for _, bad := range []string{"<script", "<style", "<iframe", "<svg", "javascript:", " on" + "error=\""} {
			if strings.Contains(lower, bad) && !strings.Contains(strings.ToLower(page.Text), bad) {
				t.Errorf("%s in %q", bad, page.HTML)
			}
		}
		if page.Refused != "" && page.Refused != paywall && page.Text+page.HTML != "" {
			t.Errorf("refused as %s with text %q", page.Refused, page.Text)
		}
		if _, err := Listing(body, Input{URL: address, ContentType: contentType}, "a"); err != nil {
			t.Errorf("a page that is no listing: %v", err)
		}
		Discover(body, Input{URL: address, ContentType: contentType})
		NewsTarget(body, Input{URL: "https://news.google.com/rss/articles/" + address, ContentType: contentType})
	})
}
