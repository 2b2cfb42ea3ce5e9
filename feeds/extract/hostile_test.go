package extract

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"clusterwire/feeds/eval/cost"
)

// hostilePages are pages built to cost time or memory: D6 and D10 of the
// catalogue of hostile input, and what trafilatura and html.Parse are known
// to suffer from.
func hostilePages() map[string]string {
	article := "<h1>A title of some words</h1>" + strings.Repeat("<p>Plain sentences of prose, long enough to be taken for an article by anybody who reads them.</p>", 20)
	return map[string]string{
		"100k nested divs":       strings.Repeat("<div>", cost.Fewer(100_000)) + article,
		"600 nested divs":        strings.Repeat("<div>", 600) + article + strings.Repeat("</div>", 600),
		"500 nested divs":        strings.Repeat("<div>", 450) + article + strings.Repeat("</div>", 450),
		"50k b p":                strings.Repeat("<b><p>", 50_000) + article,
		"50k tables":             strings.Repeat("<table>", 50_000) + article,
		"50k selects":            strings.Repeat("<select>", 50_000) + article,
		"50k links":              strings.Repeat("<a href=x>", 50_000) + article,
		"100k paragraphs":        strings.Repeat("<p>one two three four five", cost.Fewer(100_000)),
		"10k paragraphs":         strings.Repeat("<p>one two three four five", 10_000),
		"5k paragraphs of prose": strings.Repeat("<p>"+strings.Repeat("one two, ", 6), 5_000),
		"900 KB in nested divs":  strings.Repeat("<div>", 400) + strings.Repeat("<p>"+strings.Repeat("one two, ", 100)+"<a href=/x>link</a>", 1_000),
		"5k spans":               article + strings.Repeat("<span>one two three</span> ", 5_000),
		"5k list items":          article + "<ul>" + strings.Repeat("<li>one two three</li>", 5_000) + "</ul>",
		"5k breaks":              article + strings.Repeat("one two three<br>", 5_000),
		"3k divs with links":     article + strings.Repeat("<div>one <a href=/x>two three</a></div>", 3_000),
		"3k blockquotes":         article + strings.Repeat("<blockquote>one two three four five</blockquote>", 3_000) + article,
		"2k table rows":          article + "<table>" + strings.Repeat("<tr><td>one<td>two", 2_000) + "</table>",
		"a tag of attributes":    "<p " + strings.Repeat("a ", cost.Fewer(2_000_000)) + ">" + article,
		"tags of attributes":     strings.Repeat("<p "+strings.Repeat("a=1 b ", 100)+">", 10_000) + article,
		"one endless word":       article + "<p>" + strings.Repeat("x", cost.Fewer(3<<20)),
		"endless text":           article + "<p>" + strings.Repeat("word and ", cost.Fewer(1<<20)),
		"an endless title":       "<title>" + strings.Repeat("x ", cost.Fewer(2<<20)) + "</title>" + article,
		"an endless comment":     "<!--" + strings.Repeat("- ", cost.Fewer(2<<20)) + "-->" + article,
		"an endless script":      "<script>" + strings.Repeat("<p>a=1;", cost.Fewer(1<<20)) + "</script>" + article,
		"200k tags":              strings.Repeat("<i>x</i>", cost.Fewer(200_000)) + article,
		"300k tags":              strings.Repeat("<i>x", cost.Fewer(300_000)) + article,
		"deep json-ld":           `<script type="application/ld+json">` + strings.Repeat(`{"@graph":[`, 50_000) + "</script>" + article,
		"wide json-ld":           `<script type="application/ld+json">[` + strings.Repeat(`{"@type":"Article","author":[{"name":"x"}]},`, 20_000) + "{}]</script>" + article,
		"10k metas":              strings.Repeat(`<meta name="author" content="x">`, 10_000) + article,
		"unclosed formatting":    strings.Repeat("<b><i><u><s><em><strong>", 60) + strings.Repeat("<p>x", 4_000) + article,
		"open comment":           article + "<!--" + strings.Repeat("x", cost.Fewer(1<<20)),
		"49k siblings":           article + "<div>" + strings.Repeat("<div>a</div>", cost.Fewer(49_000)) + "</div>",
		"19k siblings":           article + "<div>" + strings.Repeat("<div>a b c</div>", 19_900) + "</div>",
		"19k links":              article + strings.Repeat("<a href=/path>some link text</a> ", 19_000),
		"inline depth":           strings.Repeat("<span>", 480) + strings.Repeat("<p>one two three four five, six</p>", 2000),
		"depth of text":          strings.Repeat("<div>", 300) + strings.Repeat("<p>one two three four five, six</p>", 3000),
		"a giant table":          article + "<table>" + strings.Repeat("<tr>"+strings.Repeat("<td>1", 20), 2300) + "</table>",
		"a giant attribute":      article + `<div title="` + strings.Repeat("x", cost.Fewer(9<<20)) + `">x</div>`,
		"a giant class":          article + `<div class="` + strings.Repeat("x ", cost.Fewer(2<<20)) + `">x</div>`,
		"attributes":             strings.Repeat("<p a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8>one two</p>", 19_000) + article,
		"2M entities":            article + "<p>" + strings.Repeat("&amp;", cost.Fewer(2<<20)),
		"a million numbers":      article + "<p>" + strings.Repeat("&#233;", cost.Fewer(1<<20)),
		"10 MB of Latin":         "<meta charset=iso-8859-1>" + article + "<p>" + strings.Repeat("\xe9", cost.Fewer(9<<20)),
		"10 MB of prose":         article + strings.Repeat("<p>"+strings.Repeat("Sentences of prose, long enough to be an article. ", 20), cost.Fewer(9000)),
		"indentation":            article + strings.Repeat("<div>"+strings.Repeat(" ", 300)+"</div>\n", 8_000),
		"10 MB of indentation":   article + strings.Repeat("<div>"+strings.Repeat(" ", 500)+"</div>\n", cost.Fewer(19_000)),
		"entities without names": article + "<p>" + strings.Repeat("&#x110000;&#0;&bogus;", cost.Fewer(100_000)),
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

// TestIndentation: blanks between elements are no text, however many.
func TestIndentation(t *testing.T) {
	body := hostilePages()["indentation"]
	if _, ok := survey([]byte(body)); !ok || len(body) < maxShown {
		t.Errorf("a page of %d bytes is too complex", len(body))
	}
	page, err := readPage([]byte(body), Input{URL: "https://example.com/a", ContentType: "text/html"}, time.Minute)
	if err != nil || len(page.Warnings) > 0 || page.Method == "plain" || !strings.Contains(page.Text, "Plain sentences of prose") {
		t.Errorf("%v %q %v %.100q", err, page.Method, page.Warnings, page.Text)
	}
}

// TestCut: what is over MaxBody is left out, with one warning and no half of a
// letter; also where it is over that in UTF-8 alone.
func TestCut(t *testing.T) {
	for name, c := range map[string]struct {
		body, charset string
		cut           bool
	}{
		"short":               {"<p>é", "utf-8", false},
		"as long as may be":   {strings.Repeat("x", MaxBody), "utf-8", false},
		"too long":            {strings.Repeat("x", MaxBody+1), "utf-8", true},
		"too long as UTF-8":   {strings.Repeat("\xe9", MaxBody/2+1), "iso-8859-1", true},
		"a letter cut in two": {"x" + strings.Repeat("\xe9", MaxBody/2), "iso-8859-1", true},
		"too long both ways":  {"x" + strings.Repeat("\xe9", MaxBody), "iso-8859-1", true},
	} {
		text, cut := readable([]byte(c.body), "text/html; charset="+c.charset)
		if cut != c.cut || len(text) > MaxBody || c.cut && len(text) < MaxBody-1 || !utf8.Valid(text) {
			t.Errorf("%s: %d bytes, cut %v, valid %v", name, len(text), cut, utf8.Valid(text))
		}
	}
	body := "<script>" + strings.Repeat("\xe9", MaxBody/2) + "</script>"
	page, err := Page([]byte(body), Input{URL: "https://example.com/a", ContentType: "text/html; charset=iso-8859-1"})
	if n := count(page.Warnings, "page cut at 10 MiB"); err != nil || n != 1 {
		t.Errorf("%d warnings, %v", n, err)
	}
}

func count(list []string, want string) (n int) {
	for _, s := range list {
		if s == want {
			n++
		}
	}
	return n
}

// BenchmarkHostile reads them.
func BenchmarkHostile(b *testing.B) {
	for name, text := range hostilePages() {
		body := []byte(text)
		b.Run(name, func(b *testing.B) {
			cost.Measure(b, func() error {
				_, err := Page(body, Input{URL: "https://example.com/a", ContentType: "text/html"})
				return err
			})
		})
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
