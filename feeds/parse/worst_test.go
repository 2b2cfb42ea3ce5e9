package parse

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/eval/cost"
	"clusterwire/feeds/news"
)

// worst are bodies of a size in bytes, each made to cost as much as it can.
func worst(size int) map[string]string {
	fill := func(piece string) string { return strings.Repeat(piece, size/len(piece)) }
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
		"of the feed":   rssOf(fill("<x:a y='z'>t</x:a>") + item("x")),
		"categories":    rssOf("<item><title>t</title>" + fill("<category>c</category>") + "</item>"),
		"attributes":    rssOf(fill("<item><title>t</title>" + strings.Repeat("<a b='' c='' d='' e='' f='' g='' h='' i='' j='' k=''/>", 300) + "</item>")),
		"namespaces":    namespaces64(fill("<a xmlns:q='x'/>")),
		"latin":         "<?xml version='1.0' encoding='iso-8859-1'?>" + rssOf(fill(item(strings.Repeat("\xe9", 9000)))),
		"sitemap":       "<urlset>" + fill("<url><loc>http://x.example/a</loc></url>") + "</urlset>",
		"JSON, items":   feed(fill(`{"id":"1"},`)),
		"JSON, texts":   feed(fill(`{"content_html":"` + strings.Repeat("<p>a</p>", 2000) + `"},`)),
		"JSON, members": feed(fill(`{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6},`)),
		"JSON, tags":    feed(`{"tags":[` + fill(`"a",`) + `""]},`),
	}
}

// namespaces64 is a feed that holds inner where 200 elements are open that
// each declare 64 namespaces, and then an item.
func namespaces64(inner string) string {
	var b strings.Builder
	b.WriteString("<rss><channel><title>t</title>")
	for i := range 200 {
		b.WriteString("<a")
		for j := range 64 {
			fmt.Fprintf(&b, " xmlns:p%d_%d='x'", i, j)
		}
		b.WriteString(">")
	}
	b.WriteString(inner + strings.Repeat("</a>", 200) + "<item><title>t</title></item></channel></rss>")
	return b.String()
}

// largest is the size of the largest body that is fetched.
const largest = 16 << 20

// TestWorst reads them smaller. The limit is for what would never end.
func TestWorst(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	for name, text := range worst(cost.Fewer(largest / 8)) {
		var doc news.Document
		var err error
		read := make(chan struct{})
		go func() {
			defer close(read)
			doc, err = Feed([]byte(text), Input{URL: "https://publisher.example/feed"})
		}()
		select {
		case <-read:
		case <-ctx.Done():
			t.Fatalf("%s: not read after five minutes", name)
		}
		checkBounds(t, doc)
		if err == nil && len(doc.Items) == 0 {
			t.Errorf("%s: neither items nor an error", name)
		}
	}
}

// BenchmarkWorst reads them at their largest.
func BenchmarkWorst(b *testing.B) {
	for name, text := range worst(largest) {
		body := []byte(text)
		b.Run(name, func(b *testing.B) {
			cost.Measure(b, func() error {
				_, err := Feed(body, Input{URL: "https://publisher.example/feed"})
				return err
			})
		})
	}
}

// TestNamespaceBomb: a declaration among thousands costs no copy of them all.
// Without a bound on what is in scope this would take minutes.
func TestNamespaceBomb(t *testing.T) {
	body := namespaces64(strings.Repeat("<a xmlns:q='x'/>", cost.Fewer(200_000)))
	if doc := mustFeed(t, body, Input{}); len(doc.Items) != 1 {
		t.Errorf("%d items", len(doc.Items))
	}
}
