package extract

import (
	"errors"
	"strings"
	"testing"
)

// hostilePages are pages built to cost time or memory: D6 and D10 of the
// catalogue of hostile input, and what trafilatura and html.Parse are known
// to suffer from.
func hostilePages() map[string]string {
	article := "<h1>A title of some words</h1>" + strings.Repeat("<p>Plain sentences of prose, long enough to be taken for an article by anybody who reads them.</p>", 20)
	return map[string]string{
		"100k nested divs":       strings.Repeat("<div>", 100_000) + article,
		"600 nested divs":        strings.Repeat("<div>", 600) + article + strings.Repeat("</div>", 600),
		"500 nested divs":        strings.Repeat("<div>", 450) + article + strings.Repeat("</div>", 450),
		"50k b p":                strings.Repeat("<b><p>", 50_000) + article,
		"50k tables":             strings.Repeat("<table>", 50_000) + article,
		"50k selects":            strings.Repeat("<select>", 50_000) + article,
		"50k links":              strings.Repeat("<a href=x>", 50_000) + article,
		"100k paragraphs":        strings.Repeat("<p>one two three four five", 100_000),
		"10k paragraphs":         strings.Repeat("<p>one two three four five", 10_000),
		"5k paragraphs of prose": strings.Repeat("<p>"+strings.Repeat("one two, ", 6), 5_000),
		"900 KB in nested divs":  strings.Repeat("<div>", 400) + strings.Repeat("<p>"+strings.Repeat("one two, ", 100)+"<a href=/x>link</a>", 1_000),
		"5k spans":               article + strings.Repeat("<span>one two three</span> ", 5_000),
		"5k list items":          article + "<ul>" + strings.Repeat("<li>one two three</li>", 5_000) + "</ul>",
		"5k breaks":              article + strings.Repeat("one two three<br>", 5_000),
		"3k divs with links":     article + strings.Repeat("<div>one <a href=/x>two three</a></div>", 3_000),
		"3k blockquotes":         article + strings.Repeat("<blockquote>one two three four five</blockquote>", 3_000) + article,
		"2k table rows":          article + "<table>" + strings.Repeat("<tr><td>one<td>two", 2_000) + "</table>",
		"a tag of attributes":    "<p " + strings.Repeat("a ", 2_000_000) + ">" + article,
		"tags of attributes":     strings.Repeat("<p "+strings.Repeat("a=1 b ", 100)+">", 10_000) + article,
		"one endless word":       article + "<p>" + strings.Repeat("x", 3<<20),
		"endless text":           article + "<p>" + strings.Repeat("word and ", 1<<20),
		"an endless title":       "<title>" + strings.Repeat("x ", 2<<20) + "</title>" + article,
		"an endless comment":     "<!--" + strings.Repeat("- ", 2<<20) + "-->" + article,
		"an endless script":      "<script>" + strings.Repeat("<p>a=1;", 1<<20) + "</script>" + article,
		"200k tags":              strings.Repeat("<i>x</i>", 200_000) + article,
		"300k tags":              strings.Repeat("<i>x", 300_000) + article,
		"deep json-ld":           `<script type="application/ld+json">` + strings.Repeat(`{"@graph":[`, 50_000) + "</script>" + article,
		"wide json-ld":           `<script type="application/ld+json">[` + strings.Repeat(`{"@type":"Article","author":[{"name":"x"}]},`, 20_000) + "{}]</script>" + article,
		"10k metas":              strings.Repeat(`<meta name="author" content="x">`, 10_000) + article,
		"unclosed formatting":    strings.Repeat("<b><i><u><s><em><strong>", 60) + strings.Repeat("<p>x", 4_000) + article,
		"open comment":           article + "<!--" + strings.Repeat("x", 1<<20),
		"entities without names": article + "<p>" + strings.Repeat("&#x110000;&#0;&bogus;", 100_000),
	}
}

func TestHostile(t *testing.T) {
	for name, body := range hostilePages() {
		page, err := Page([]byte(body), Input{URL: "https://example.com/a", ContentType: "text/html; charset=utf-8"})
		if e := (*Error)(nil); err != nil && !errors.As(err, &e) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && strings.Contains(body, "<h1>A title") && page.Refused == "" && !strings.Contains(page.Text, "Plain sentences of prose") {
			t.Errorf("%s: the article is lost: %s %.200q", name, page.Method, page.Text)
		}
	}
}

// TestDeadline leaves the extractors behind at once: the page is then read as
// plain text, and says so.
func TestDeadline(t *testing.T) {
	body := hostilePages()["500 nested divs"]
	page, err := readPage([]byte(body), Input{URL: "https://example.com/a", ContentType: "text/html"}, 0)
	if err != nil || page.Method != "plain" || len(page.Warnings) == 0 || !strings.Contains(page.Text, "Plain sentences of prose") {
		t.Errorf("%v %q %v %.100q", err, page.Method, page.Warnings, page.Text)
	}
}

// TestGuard loses the reading of an extractor that panics, and says so.
func TestGuard(t *testing.T) {
	var r readings
	r.guard("readability", func() { panic("index out of range") })
	r.guard("trafilatura", func() {})
	if len(r.warnings) != 1 || r.warnings[0] != "readability failed: index out of range" {
		t.Errorf("warnings %q", r.warnings)
	}
}
