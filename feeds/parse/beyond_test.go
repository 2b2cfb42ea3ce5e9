package parse

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

// TestBeyond shows each thing that gofeed lacks or gets wrong, by name.
func TestBeyond(t *testing.T) {
	rss := func(item string) string { return rssOf("<item>" + item + "</item>") }
	atom := func(entry string) string {
		return `<feed xmlns="http://www.w3.org/2005/Atom"><entry>` + entry + `</entry></feed>`
	}
	day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }
	const media = ` xmlns:media="http://search.yahoo.com/mrss/"`
	for name, c := range map[string]struct {
		body string
		got  func(news.Item) any
		want any
	}{
		"title of Media RSS":          {rss(`<media:title` + media + `>T</media:title>`), title, "T"},
		"title in a group":            {atom(`<media:group` + media + `><media:title>T</media:title></media:group>`), title, "T"},
		"title that says nothing":     {rss(`<title>&lt;b&gt;&lt;/b&gt;</title><dc:title>T</dc:title>`), title, "T"},
		"two titles":                  {rss(`<title>T</title><title>U</title>`), title, "T"},
		"description in Atom":         {atom(`<description>S</description>`), summary, "S"},
		"summary in RSS":              {rss(`<summary>S</summary>`), summary, "S"},
		"description of Media RSS":    {rss(`<media:description type="plain"` + media + `>summary1</media:description>`), summary, "summary1"},
		"pubDate in Atom":             {atom(`<pubDate>Sun, 01 Nov 2026 00:00:00 GMT</pubDate>`), published, day(1)},
		"dcterms":                     {rss(`<dcterms:issued>2026-11-01</dcterms:issued><dcterms:modified>2026-11-02</dcterms:modified>`), published, day(1)},
		"changed, by dcterms":         {rss(`<dcterms:issued>2026-11-01</dcterms:issued><dcterms:modified>2026-11-02</dcterms:modified>`), updated, day(2)},
		"created before changed":      {atom(`<updated>2026-11-02</updated><created>2026-11-01</created>`), published, day(1)},
		"date that is none, then one": {rss(`<pubDate>soon</pubDate><pubDate>2026-11-01</pubDate>`), published, day(1)},
		"date in words":               {rss(`<pubDate>1. November 2026</pubDate>`), published, day(1)},
		"permalink":                   {rss(`<guid>https://p.example/1</guid>`), link, "https://p.example/1"},
		"no permalink":                {rss(`<guid isPermaLink="false">https://p.example/1</guid>`), link, ""},
		"counted link":                {rss(`<link>https://c.example/x</link><feedburner:origLink>https://p.example/1</feedburner:origLink>`), link, "https://p.example/1"},
		"two links":                   {rss(`<link>https://p.example/1</link><link>https://p.example/2</link>`), link, "https://p.example/1"},
		"link of Atom in RSS":         {rss(`<link rel="self" href="/x"/><link href="/1"/>`), link, "https://publisher.example/1"},
		"text of a link in Atom":      {atom(`<link>https://p.example/1</link>`), link, "https://p.example/1"},
		"PDF before the page":         {atom(`<link type="application/pdf" href="/a.pdf"/><link href="/1"/>`), link, "https://publisher.example/1"},
		"relative, with a base":       {`<rss xml:base="http://h.example/dir/feed.xml"><channel><item><link>a</link></item></channel></rss>`, link, "http://h.example/dir/a"},
		"id as it is":                 {atom(`<id> HTTP://P.example/a b?ä#1 </id>`), guid, "HTTP://P.example/a b?ä#1"},
		"rdf:about":                   {`<rdf:RDF><item rdf:about="https://p.example/1"/></rdf:RDF>`, guid, "https://p.example/1"},
		"identifier of Dublin Core":   {rss(`<title>t</title><dc:identifier>7</dc:identifier>`), guid, "7"},
		"more than one author":        {rss(`<author>A (Reuters) B</author><author>C</author><dc:creator>D</dc:creator>`), authors, []string{"A (Reuters) B", "C", "D"}},
		"author of Atom in RSS":       {rss(`<author><name>N</name><email>e@p.example</email></author>`), authors, []string{"N"}},
		"creator in Atom":             {atom(`<title>t</title><dc:creator>D</dc:creator>`), authors, []string{"D"}},
		"labels and keywords":         {rss(`<category term="t" label="L"/><media:keywords` + media + `>a, b</media:keywords>`), subjects, []string{"L", "a", "b"}},
		"subject in Atom":             {atom(`<title>t</title><dc:subject>S</dc:subject>`), subjects, []string{"S"}},
		"files of Media RSS":          {rss(`<media:group` + media + `><media:content url="/f.mp4" fileSize="9" type="video/mp4"/></media:group>`), files, []news.Enclosure{{URL: "https://publisher.example/f.mp4", Type: "video/mp4", Length: 9}}},
		"language of an entry":        {atom(`<title xml:lang="fr">t</title><dc:language>de-AT</dc:language>`), languageOf, "de"},
		"language of RSS":             {`<rss xml:lang="it"><channel><item><title>t</title></item></channel></rss>`, languageOf, "it"},
		"CDF, its link":               {`<CHANNEL HREF="https://p.example/"><ITEM HREF="/1" LASTMOD="2026-11-01"><TITLE>T</TITLE><ABSTRACT>S</ABSTRACT></ITEM></CHANNEL>`, link, "https://publisher.example/1"},
		"CDF, its date":               {`<CHANNEL HREF="https://p.example/"><ITEM HREF="/1" LASTMOD="2026-11-01"><TITLE>T</TITLE><ABSTRACT>S</ABSTRACT></ITEM></CHANNEL>`, published, day(1)},
		"CDF, its text":               {`<CHANNEL HREF="https://p.example/"><ITEM HREF="/1" LASTMOD="2026-11-01"><TITLE>T</TITLE><ABSTRACT>S</ABSTRACT></ITEM></CHANNEL>`, summary, "S"},
		"end of CDATA in a text":      {rss(`<description>a]]&gt;b &lt;![CDATA[ c</description>`), summary, "ab c"},
		"controls written twice":      {rss(`<title>t</title><description>&amp;lt;p>x&amp;#xFFFE;&amp;#1;y</description>`), summary, "xy"},
	} {
		t.Run(name, func(t *testing.T) {
			doc := mustFeed(t, c.body, Input{})
			if len(doc.Items) != 1 {
				t.Fatalf("%d items", len(doc.Items))
			}
			if got := c.got(doc.Items[0]); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %#v, want %#v", got, c.want)
			}
		})
	}
}

func title(i news.Item) any      { return i.Title }
func summary(i news.Item) any    { return i.Summary }
func published(i news.Item) any  { return i.Published }
func updated(i news.Item) any    { return i.Updated }
func link(i news.Item) any       { return i.URL }
func guid(i news.Item) any       { return i.GUID }
func authors(i news.Item) any    { return i.Authors }
func subjects(i news.Item) any   { return i.Categories }
func files(i news.Item) any      { return i.Enclosures }
func languageOf(i news.Item) any { return i.Language }

// TestMaxContent: the HTML of all items together is bounded.
func TestMaxContent(t *testing.T) {
	var entries strings.Builder
	for i := range 60 {
		fmt.Fprintf(&entries, `<entry><id>%d</id><content type="html">%s</content></entry>`, i, strings.Repeat(`&lt;a href="x">a&lt;/a>`, 1000))
	}
	doc := mustFeed(t, `<feed xml:base="http://b.example/`+strings.Repeat("b", 1000)+`/">`+entries.String()+`</feed>`, Input{})
	total := 0
	for _, item := range doc.Items {
		total += len(item.ContentHTML)
	}
	if len(doc.Items) != 60 || total < maxContent/2 || total > maxContent+maxField || len(doc.Warnings) != 1 {
		t.Errorf("%d items, %d bytes of HTML, warnings %v", len(doc.Items), total, doc.Warnings)
	}
}
