package extract

import (
	"errors"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
)

// hostilePages are pages built to cost time or memory: D6 and D10 of the
// catalogue of hostile input, and what trafilatura and html.Parse are known
// to suffer from.
func hostilePages() map[string]string {
	article := "<h1>A title of some words</h1>" + strings.Repeat("<p>Plain sentences of prose, long enough to be taken for an article by anybody who reads them.</p>", 20)
	return map[string]string{
		"100k nested divs":       strings.Repeat("<div>", fewer(100_000)) + article,
		"600 nested divs":        strings.Repeat("<div>", 600) + article + strings.Repeat("</div>", 600),
		"500 nested divs":        strings.Repeat("<div>", 450) + article + strings.Repeat("</div>", 450),
		"50k b p":                strings.Repeat("<b><p>", 50_000) + article,
		"50k tables":             strings.Repeat("<table>", 50_000) + article,
		"50k selects":            strings.Repeat("<select>", 50_000) + article,
		"50k links":              strings.Repeat("<a href=x>", 50_000) + article,
		"100k paragraphs":        strings.Repeat("<p>one two three four five", fewer(100_000)),
		"10k paragraphs":         strings.Repeat("<p>one two three four five", 10_000),
		"5k paragraphs of prose": strings.Repeat("<p>"+strings.Repeat("one two, ", 6), 5_000),
		"900 KB in nested divs":  strings.Repeat("<div>", 400) + strings.Repeat("<p>"+strings.Repeat("one two, ", 100)+"<a href=/x>link</a>", 1_000),
		"5k spans":               article + strings.Repeat("<span>one two three</span> ", 5_000),
		"5k list items":          article + "<ul>" + strings.Repeat("<li>one two three</li>", 5_000) + "</ul>",
		"5k breaks":              article + strings.Repeat("one two three<br>", 5_000),
		"3k divs with links":     article + strings.Repeat("<div>one <a href=/x>two three</a></div>", 3_000),
		"3k blockquotes":         article + strings.Repeat("<blockquote>one two three four five</blockquote>", 3_000) + article,
		"2k table rows":          article + "<table>" + strings.Repeat("<tr><td>one<td>two", 2_000) + "</table>",
		"a tag of attributes":    "<p " + strings.Repeat("a ", fewer(2_000_000)) + ">" + article,
		"tags of attributes":     strings.Repeat("<p "+strings.Repeat("a=1 b ", 100)+">", 10_000) + article,
		"one endless word":       article + "<p>" + strings.Repeat("x", fewer(3<<20)),
		"endless text":           article + "<p>" + strings.Repeat("word and ", fewer(1<<20)),
		"an endless title":       "<title>" + strings.Repeat("x ", fewer(2<<20)) + "</title>" + article,
		"an endless comment":     "<!--" + strings.Repeat("- ", fewer(2<<20)) + "-->" + article,
		"an endless script":      "<script>" + strings.Repeat("<p>a=1;", fewer(1<<20)) + "</script>" + article,
		"200k tags":              strings.Repeat("<i>x</i>", fewer(200_000)) + article,
		"300k tags":              strings.Repeat("<i>x", fewer(300_000)) + article,
		"deep json-ld":           `<script type="application/ld+json">` + strings.Repeat(`{"@graph":[`, 50_000) + "</script>" + article,
		"wide json-ld":           `<script type="application/ld+json">[` + strings.Repeat(`{"@type":"Article","author":[{"name":"x"}]},`, 20_000) + "{}]</script>" + article,
		"10k metas":              strings.Repeat(`<meta name="author" content="x">`, 10_000) + article,
		"unclosed formatting":    strings.Repeat("<b><i><u><s><em><strong>", 60) + strings.Repeat("<p>x", 4_000) + article,
		"open comment":           article + "<!--" + strings.Repeat("x", fewer(1<<20)),
		"49k siblings":           article + "<div>" + strings.Repeat("<div>a</div>", fewer(49_000)) + "</div>",
		"19k siblings":           article + "<div>" + strings.Repeat("<div>a b c</div>", 19_900) + "</div>",
		"19k links":              article + strings.Repeat("<a href=/path>some link text</a> ", 19_000),
		"inline depth":           strings.Repeat("<span>", 480) + strings.Repeat("<p>one two three four five, six</p>", 2000),
		"depth of text":          strings.Repeat("<div>", 300) + strings.Repeat("<p>one two three four five, six</p>", 3000),
		"a giant table":          article + "<table>" + strings.Repeat("<tr>"+strings.Repeat("<td>1", 20), 2300) + "</table>",
		"a giant attribute":      article + `<div title="` + strings.Repeat("x", fewer(9<<20)) + `">x</div>`,
		"a giant class":          article + `<div class="` + strings.Repeat("x ", fewer(2<<20)) + `">x</div>`,
		"attributes":             strings.Repeat("<p a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8>one two</p>", 19_000) + article,
		"2M entities":            article + "<p>" + strings.Repeat("&amp;", fewer(2<<20)),
		"a million numbers":      article + "<p>" + strings.Repeat("&#233;", fewer(1<<20)),
		"10 MB of Latin":         "<meta charset=iso-8859-1>" + article + "<p>" + strings.Repeat("\xe9", fewer(9<<20)),
		"10 MB of prose":         article + strings.Repeat("<p>"+strings.Repeat("Sentences of prose, long enough to be an article. ", 20), fewer(9000)),
		"entities without names": article + "<p>" + strings.Repeat("&#x110000;&#0;&bogus;", fewer(100_000)),
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

// BenchmarkHostile reads them. Peak is the greatest size of the process in MB,
// all pages and the test itself with it, on Linux.
func BenchmarkHostile(b *testing.B) {
	for name, text := range hostilePages() {
		body := []byte(text)
		b.Run(name, func(b *testing.B) {
			debug.FreeOSMemory()
			forgotten := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) == nil
			for b.Loop() {
				if _, err := Page(body, Input{URL: "https://example.com/a", ContentType: "text/html"}); err != nil {
					b.Fatal(err)
				}
			}
			if forgotten {
				b.ReportMetric(peak(b), "peak-MB")
			}
		})
	}
}

// peak is the greatest size of the process since it was forgotten.
func peak(b *testing.B) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	if err != nil {
		b.Fatal(err)
	}
	return kb / 1000
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
