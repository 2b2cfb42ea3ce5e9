package parse

import (
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
)

// worst are bodies of the largest size, each made to cost as much as it can.
func worst() map[string]string {
	fill := func(piece string) string { return strings.Repeat(piece, 16<<20/len(piece)) }
	item := func(text string) string {
		return "<item><title>t</title><description>" + text + "</description></item>"
	}
	feed := func(items string) string {
		return `{"version":"https://jsonfeed.org/version/1.1","items":[` + items + `{}]}`
	}
	return map[string]string{
		"items":         rssOf(fill("<item><title>t</title></item>")),
		"texts":         rssOf(fill(item("<![CDATA[" + strings.Repeat("<p>a</p>", 2000) + "]]>"))),
		"one text":      rssOf(item(fill("x"))),
		"markup":        rssOf(fill(item(strings.Repeat("<p>a</p>", 2000)))),
		"CDATA ends":    rssOf(fill(item(strings.Repeat("]]&gt;", 3000)))),
		"references":    rssOf(fill(item(strings.Repeat("&amp;", 3000)))),
		"links":         "<feed>" + fill("<entry xml:base='http://b.example/'><content type='html'>"+strings.Repeat("&lt;a href='x'>a&lt;/a>", 800)+"</content></entry>") + "</feed>",
		"extensions":    rssOf("<item><title>t</title>" + fill("<x:a><x:b/></x:a>") + "</item>"),
		"of the feed":   rssOf(fill("<x:a y='z'>t</x:a>")),
		"categories":    rssOf("<item><title>t</title>" + fill("<category>c</category>") + "</item>"),
		"attributes":    rssOf(fill("<item><title>t</title>" + strings.Repeat("<a b='' c='' d='' e='' f='' g='' h='' i='' j='' k=''/>", 300) + "</item>")),
		"namespaces":    namespaces64() + strings.Repeat("<a xmlns:q='x'/>", 15<<20/16),
		"latin":         "<?xml version='1.0' encoding='iso-8859-1'?>" + rssOf(fill(item(strings.Repeat("\xe9", 9000)))),
		"sitemap":       "<urlset>" + fill("<url><loc>http://x.example/a</loc></url>") + "</urlset>",
		"JSON, items":   feed(fill(`{"id":"1"},`)),
		"JSON, texts":   feed(fill(`{"content_html":"` + strings.Repeat("<p>a</p>", 2000) + `"},`)),
		"JSON, members": feed(fill(`{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6},`)),
		"JSON, tags":    feed(`{"tags":[` + fill(`"a",`) + `""]},`),
	}
}

// namespaces64 opens 200 elements that each declare 64 namespaces.
func namespaces64() string {
	var b strings.Builder
	b.WriteString("<rss><channel><title>t</title>")
	for i := range 200 {
		b.WriteString("<a")
		for j := range 64 {
			fmt.Fprintf(&b, " xmlns:p%d_%d='x'", i, j)
		}
		b.WriteString(">")
	}
	return b.String()
}

// BenchmarkWorst reads them. Peak is the greatest size of the process in MB,
// the body and the test itself with it, on Linux.
func BenchmarkWorst(b *testing.B) {
	for name, text := range worst() {
		body := []byte(text)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			debug.FreeOSMemory()
			forgotten := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) == nil
			for b.Loop() {
				if _, err := Feed(body, Input{URL: "https://publisher.example/feed"}); err != nil {
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

// TestNamespaceBomb: a declaration among thousands costs no copy of them all.
// Without a bound on what is in scope this would take minutes.
func TestNamespaceBomb(t *testing.T) {
	body := namespaces64() + strings.Repeat("<a xmlns:q='x'/>", fewer(200_000)) + strings.Repeat("</a>", 200) +
		"<item><title>t</title></item></channel></rss>"
	if doc := mustFeed(t, body, Input{}); len(doc.Items) != 1 {
		t.Errorf("%d items", len(doc.Items))
	}
}
