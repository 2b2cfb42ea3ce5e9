package parse

import (
	"errors"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

// mustFeed reads a body that has to be a feed.
func mustFeed(t testing.TB, body string, in Input) news.Document {
	t.Helper()
	if in.URL == "" {
		in.URL = "https://publisher.example/dir/feed.xml"
	}
	doc, err := Feed([]byte(body), in)
	if err != nil {
		t.Fatalf("%v\n%.500s", err, body)
	}
	return doc
}

func TestRSS(t *testing.T) {
	doc := mustFeed(t, `<?xml version="1.0"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:fh="http://purl.org/syndication/history/1.0">
<channel><title>Grid &amp;amp; Chips</title><link>https://publisher.example/</link><description>All about &lt;b&gt;power&lt;/b&gt;</description>
<language>en-GB</language><lastBuildDate>Mon, 02 Nov 2026 10:00:00 GMT</lastBuildDate><ttl>90</ttl>
<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>12</sy:updateFrequency>
<skipHours><hour>3</hour><hour>24</hour><hour>x</hour></skipHours><skipDays><day>Sunday</day></skipDays>
<atom:link rel="self" href="https://publisher.example/feed"/><atom:link rel="hub" href="https://hub.example/"/>
<atom:link rel="prev-archive" href="/2025.xml"/><fh:complete/>
<image><title>Logo</title><link>https://wrong.example/</link></image>
<item><title>New &lt;i&gt;campus&lt;/i&gt; opens</title><link> /news/campus </link><guid isPermaLink="false">id 7</guid>
<pubDate>Sun, 01 Nov 2026 12:00:00 +0200</pubDate><dc:creator>Writer One</dc:creator><author>two@publisher.example (Writer Two)</author>
<category>Power</category><category>Power</category><description>Short <![CDATA[<p>text</p>]]></description>
<content:encoded><![CDATA[<p onclick="x()">Long <a href="more">text</a></p><script>x</script>]]></content:encoded>
<enclosure url="pic.jpg" type="image/jpeg" length="12"/></item>
</channel></rss>`, Input{})
	if doc.Kind != news.FeedRSS || doc.Title != "Grid & Chips" || doc.Link != "https://publisher.example/" || doc.Description != "All about power" ||
		doc.Language != "en" || doc.Self != "https://publisher.example/feed" || doc.Hub != "https://hub.example/" ||
		doc.Next != "https://publisher.example/2025.xml" || !doc.Complete || doc.Damaged {
		t.Errorf("document %+v", doc)
	}
	if p := doc.Pace; p.Every != 2*time.Hour || len(p.SkipHours) != 2 || p.SkipHours[1] != 0 || len(p.SkipDays) != 1 {
		t.Errorf("pace %+v", p)
	}
	if len(doc.Items) != 1 {
		t.Fatalf("%d items", len(doc.Items))
	}
	item := doc.Items[0]
	if item.GUID != "id 7" || item.Key != "id 7" || item.URL != "https://publisher.example/news/campus" || item.Title != "New campus opens" ||
		!item.Published.Equal(time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC)) || strings.Join(item.Authors, "|") != "Writer Two|Writer One" && strings.Join(item.Authors, "|") != "Writer One|Writer Two" ||
		len(item.Categories) != 1 || item.Summary != "Short\n\ntext" || item.ContentText != "Long text" || item.Language != "en" {
		t.Errorf("item %+v", item)
	}
	if want := `<p>Long <a href="https://publisher.example/dir/more" rel="noopener noreferrer nofollow ugc">text</a></p>`; item.ContentHTML != want {
		t.Errorf("content %q", item.ContentHTML)
	}
	if len(item.Enclosures) != 1 || item.Enclosures[0] != (news.Enclosure{URL: "https://publisher.example/dir/pic.jpg", Type: "image/jpeg", Length: 12}) {
		t.Errorf("enclosures %+v", item.Enclosures)
	}
}

func TestAtom(t *testing.T) {
	doc := mustFeed(t, `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de-AT" xml:base="https://base.example/a/b.xml">
<title type="text">Plain &lt;b&gt; &amp;amp;</title><link href="/"/><updated>2026-11-02T00:00:00Z</updated>
<entry xml:base="c/"><id>urn:1</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">One <em>two</em></div></title>
<link rel="self" href="self"/><link rel="alternate" type="application/pdf" href="pdf"/><link href="page"/><link rel="enclosure" href="f.mp3" length="x"/>
<published>2026-10-01T00:00:00Z</published><updated>2026-10-02T00:00:00Z</updated><author><name>N</name><email>e@x.example</email></author>
<category term="t" label="Label"/><summary>A &lt; B</summary>
<content type="xhtml" xml:base="d/"><div xmlns="http://www.w3.org/1999/xhtml"><p xml:base="/e/">x<a href="y">z</a></p><img src="i.png"/></div></content>
<source><title>Other</title><link href="https://other.example/"/></source></entry>
<entry><id>https://base.example/2</id><title type="html">&amp;lt;tag&amp;gt; AT&amp;amp;T</title><updated>2026-10-03T00:00:00Z</updated><content type="image/png">iVBORw0KGgo=</content></entry></feed>`, Input{})
	if doc.Kind != news.FeedAtom || doc.Title != "Plain <b> &amp;" || doc.Link != "https://base.example/" || doc.Language != "de" {
		t.Errorf("document %+v", doc)
	}
	item := doc.Items[0]
	if item.Title != "One two" || item.URL != "https://base.example/a/c/page" || item.Authors[0] != "N" || item.Categories[0] != "Label" ||
		item.Summary != "A < B" || item.Updated.Day() != 2 || item.Published.Day() != 1 || item.Enclosures[0].URL != "https://base.example/a/c/f.mp3" {
		t.Errorf("item %+v", item)
	}
	if !strings.Contains(item.ContentHTML, `href="https://base.example/e/y"`) || !strings.Contains(item.ContentHTML, `src="https://base.example/a/c/d/i.png"`) {
		t.Errorf("content %q", item.ContentHTML)
	}
	item = doc.Items[1]
	if item.Title != "<tag> AT&T" || item.URL != "https://base.example/2" || item.Published.Day() != 3 || item.ContentHTML != "" {
		t.Errorf("second item %+v", item)
	}
}

func TestEscapedTwice(t *testing.T) {
	doc := mustFeed(t, `<rss><channel><item><title>t</title><description>&amp;lt;p&amp;gt;One &amp;lt;b&amp;gt;two&amp;lt;/b&amp;gt;&amp;lt;/p&amp;gt;</description></item>
<item><title>u</title><description>Write &amp;lt;b&amp;gt;bold&amp;lt;/b&amp;gt; so.</description></item></channel></rss>`, Input{})
	if got := doc.Items[0].ContentHTML; got != "<p>One <b>two</b></p>" {
		t.Errorf("escaped twice: %q", got)
	}
	if got := doc.Items[1].ContentText; got != "Write <b>bold</b> so." {
		t.Errorf("markup as the subject: %q", got)
	}
}

func TestAtom03AndRDF(t *testing.T) {
	doc := mustFeed(t, `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="base64" type="text/html">PGI+Qm9sZDwvYj4=</title>
<issued>2003-12-31T10:14:55Z</issued><modified>2004-01-01</modified><content type="text/html" mode="escaped">&lt;p&gt;x&lt;/p&gt;</content></entry></feed>`, Input{})
	if item := doc.Items[0]; item.Title != "Bold" || item.Published.Year() != 2003 || item.Updated.Year() != 2004 || item.ContentHTML != "<p>x</p>" {
		t.Errorf("Atom 0.3: %+v", item)
	}
	doc = mustFeed(t, `<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:x="http://purl.org/dc/elements/1.1/">
<channel r:about="https://p.example/"><title>T</title><link>https://p.example/</link><items><r:Seq><r:li r:resource="https://p.example/1"/></r:Seq></items></channel>
<item r:about="https://p.example/1"><title>One</title><x:date>2026-01-02</x:date><x:creator>C</x:creator></item></r:RDF>`, Input{})
	if item := doc.Items[0]; doc.Title != "T" || item.GUID != "https://p.example/1" || item.URL != "https://p.example/1" || item.Updated.IsZero() || item.Published.IsZero() || item.Authors[0] != "C" {
		t.Errorf("RDF: %+v", item)
	}
}

func TestJSONFeed(t *testing.T) {
	doc := mustFeed(t, `{"version":"https://jsonfeed.org/version/1.1","title":"J &amp; K","home_page_url":"/","next_url":"/2","language":"fr-CA","expired":true,
"hubs":[{"type":"WebSub","url":"https://hub.example/"}],"authors":[{"name":"Feed Author"}],"items":[
{"id":7,"url":"a","title":"One","content_text":"line\nbreak <b>\n\npara","date_published":"2026-01-02T03:04:05Z","tags":["x",3],"attachments":[{"url":"f.mp3","mime_type":"audio/mpeg","size_in_bytes":9}]},
5,{"id":"https://publisher.example/b","content_html":"<p onclick=x>h</p>","author":{"name":"Own"},"date_modified":"2026-02-03","tags":"nope","title":{"x":1}}]}`, Input{})
	if doc.Kind != news.FeedJSON || doc.Title != "J & K" || doc.Link != "https://publisher.example/" || doc.Next == "" || doc.Hub == "" || !doc.Expired || doc.Language != "fr" || !doc.Damaged || len(doc.Items) != 2 {
		t.Fatalf("document %+v", doc)
	}
	one, two := doc.Items[0], doc.Items[1]
	if one.GUID != "7" || one.URL != "https://publisher.example/dir/a" || one.ContentHTML != "<p>line<br>break &lt;b&gt;</p><p>para</p>" || one.Authors[0] != "Feed Author" || len(one.Enclosures) != 1 || one.Enclosures[0].Length != 9 {
		t.Errorf("one %+v", one)
	}
	if two.URL != "https://publisher.example/b" || two.ContentHTML != "<p>h</p>" || two.Authors[0] != "Own" || two.Published.Month() != 2 || two.Title != "" {
		t.Errorf("two %+v", two)
	}
}

func TestSitemap(t *testing.T) {
	doc := mustFeed(t, `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://p.example/1</loc><lastmod>2026-11-02</lastmod><n:news><n:publication><n:name>Paper</n:name><n:language>en</n:language></n:publication>
<n:publication_date>2026-11-01T10:00:00+01:00</n:publication_date><n:title>Campus &amp; grid</n:title><n:keywords>a, b</n:keywords></n:news></url>
<url><loc>https://p.example/2</loc></url><url><loc>javascript:x</loc></url></urlset>`, Input{})
	if doc.Kind != news.FeedSitemap || doc.Title != "Paper" || len(doc.Items) != 2 {
		t.Fatalf("%+v", doc)
	}
	if item := doc.Items[0]; item.Title != "Campus & grid" || item.Published.Hour() != 9 || item.Updated.Day() != 2 || item.Language != "en" || len(item.Categories) != 2 || item.Key != "p.example/1" {
		t.Errorf("%+v", item)
	}
	doc = mustFeed(t, `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://p.example/a.xml</loc></sitemap><sitemap><loc>/b.xml</loc></sitemap></sitemapindex>`, Input{})
	if strings.Join(doc.Sitemaps, " ") != "https://p.example/a.xml https://publisher.example/b.xml" {
		t.Errorf("%v", doc.Sitemaps)
	}
	doc = mustFeed(t, `<sitemapindex><sitemap><loc>/1.xml</loc></sitemap><sitemap><loc>/2.xml</loc><lastmod>2025-01-01</lastmod></sitemap><sitemap><loc>/3.xml</loc><lastmod>2026-01-01</lastmod></sitemap></sitemapindex>`, Input{URL: "https://p.example/"})
	if strings.Join(doc.Sitemaps, " ") != "https://p.example/3.xml https://p.example/2.xml https://p.example/1.xml" {
		t.Errorf("not the last changed first: %v", doc.Sitemaps)
	}
}

// TestDamage reads what strict parsers give up on: every item that is still
// there must be found, and the damage be reported.
func TestDamage(t *testing.T) {
	item := func(n string) string {
		return "<item><title>T" + n + "</title><link>https://p.example/" + n + "</link></item>"
	}
	rss := func(inner string) string {
		return `<rss version="2.0"><channel><title>F</title>` + inner + `</channel></rss>`
	}
	for name, c := range map[string]struct {
		body    string
		items   int
		damaged bool
	}{
		"sound":                    {rss(item("1") + item("2")), 2, false},
		"white space before":       {"\n\n  " + rss(item("1")), 1, false},
		"mark before":              {"\ufeff" + rss(item("1")), 1, false},
		"warning before":           {"<b>Warning</b>: x in y.php <br />" + rss(item("1")), 1, true},
		"text before":              {"Notice: x\n" + rss(item("1")), 1, true},
		"comment before":           {"<!-- cached --><?xml version='1.0'?>" + rss(item("1")), 1, false},
		"script behind":            {rss(item("1")) + "<script>x</script>", 1, true},
		"cut in an item":           {strings.TrimSuffix(rss(item("1")+item("2")), "</link></item></channel></rss>"), 2, true},
		"cut in a tag":             {`<rss><channel>` + item("1") + `<item><title>T2</title><link`, 2, true},
		"cut in CDATA":             {`<rss><channel>` + item("1") + `<item><title>T2</title><description><![CDATA[so`, 2, true},
		"bare ampersands":          {rss("<item><title>A & B &c; &nbsp;&hellip;</title><link>https://p.example/?a=1&b=2&copy=3</link></item>"), 1, false},
		"stray less-than":          {rss("<item><title>1 < 2 and a<3</title></item>" + item("2")), 2, true},
		"HTML not escaped":         {rss("<item><title>T</title><description><p>One<br>two<p>three</description></item>" + item("2")), 2, true},
		"attribute unquoted":       {rss("<item><title>T</title><enclosure url=https://p.example/f.mp3 /></item>"), 1, true},
		"quotation mark missing":   {rss(`<item><title>T</title><enclosure url="https://p.example/f.mp3 type="a/b"/></item>` + item("2")), 2, true},
		"comment not closed":       {rss(item("1") + "<!-- x" + item("2")), 2, true},
		"CDATA not closed":         {rss("<item><title><![CDATA[T</title></item>" + item("2")), 2, true},
		"end tag missing":          {rss("<item><title>T</item>" + item("2")), 2, true},
		"end tag without start":    {rss("<item></b><title>T</title></item></x>" + item("2")), 2, true},
		"end tag of another case":  {rss("<item><Title>T</title></ITEM>" + item("2")), 2, false},
		"control characters":       {rss("<item><title>T\x08\x00&#8;&#x0;</title></item>"), 1, false},
		"prefix not declared":      {rss("<item><title>T</title><dc:creator>C</dc:creator></item>"), 1, false},
		"entity of HTML":           {rss("<item><title>&eacute;&rsquo;&mdash;</title></item>"), 1, false},
		"elements behind the root": {rss(item("1")) + item("2"), 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			doc := mustFeed(t, c.body, Input{})
			if len(doc.Items) != c.items || doc.Damaged != c.damaged {
				t.Errorf("%d items, want %d; damaged %v %v, want %v", len(doc.Items), c.items, doc.Damaged, doc.Warnings, c.damaged)
			}
			for i, item := range doc.Items {
				if item.Title == "" {
					t.Errorf("item %d lost its title: %+v", i, item)
				}
			}
		})
	}
	doc := mustFeed(t, rss("<item><title>A & B &c; AT&amp;T</title><link>https://p.example/?a=1&b=2&copy=3</link></item>"), Input{})
	if got := doc.Items[0]; got.Title != "A & B &c; AT&T" || got.URL != "https://p.example/?a=1&b=2&copy=3" {
		t.Errorf("%+v", got)
	}
}

func TestErrors(t *testing.T) {
	for name, c := range map[string]struct{ body, class string }{
		"nothing":       {"", ClassEmpty},
		"white space":   {" \n\t ", ClassEmpty},
		"page":          {"<!DOCTYPE html><html><head><title>Log in</title></head><body><p>x</body></html>", ClassHTML},
		"page, no html": {"<head><title>x</title></head>", ClassHTML},
		"text":          {"404 page not found", ClassNotAFeed},
		"other XML":     {`<?xml version="1.0"?><note><to>x</to></note>`, ClassNotAFeed},
		"other JSON":    {`{"error":"not found"}`, ClassNotAFeed},
		"JSON array":    {`[1,2]`, ClassNotAFeed},
		"cut at once":   {`<rss version="2.0"><chan`, ClassTruncated},
		"cut JSON":      {`{"version":"https://jsonfeed.org/version/1","items":[{"id":`, ClassTruncated},
		"deep":          {`<rss><channel><item>` + strings.Repeat("<a>", 1000), ClassTooComplex},
		"image":         {"\x89PNG\r\n\x1a\n\x00\x00", ClassNotAFeed},
	} {
		_, err := Feed([]byte(c.body), Input{URL: "https://p.example/"})
		var e *Error
		if !errors.As(err, &e) || e.Class != c.class || e.Reason == "" {
			t.Errorf("%s: %v, want class %s", name, err, c.class)
		}
	}
}
