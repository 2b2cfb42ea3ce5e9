package parse

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"clusterwire/feeds/clean"
	"clusterwire/feeds/eval/cost"
	"clusterwire/feeds/news"

	"golang.org/x/net/html"
	"golang.org/x/text/encoding/htmlindex"
)

// The tests here are named by the catalogue of hostile input: D for bombs, E
// for encodings, Q for identity, X for markup.

func rssOf(items string) string {
	return `<rss version="2.0"><channel><title>F</title>` + items + `</channel></rss>`
}

// checkBounds fails where a document holds more than the limits allow.
func checkBounds(t testing.TB, doc news.Document) {
	t.Helper()
	if len(doc.Items) > maxItems {
		t.Errorf("%d items", len(doc.Items))
	}
	texts := []string{doc.Title, doc.Description, doc.Link, doc.Self, doc.Hub, doc.Next, doc.Language}
	for _, item := range doc.Items {
		texts = append(texts, item.Key, item.GUID, item.URL, item.Title, item.Summary, item.ContentHTML, item.ContentText, item.Language)
		texts = append(texts, item.Authors...)
		texts = append(texts, item.Categories...)
		for _, e := range item.Enclosures {
			texts = append(texts, e.URL, e.Type)
		}
		if utf8.RuneCountInString(item.Title) > maxTitle || len(item.GUID) > maxGUID || len(item.URL) > 2048 ||
			len(item.ContentHTML) > maxField || len(item.Categories) > maxCategories || len(item.Authors) > maxPeople || len(item.Enclosures) > maxEnclosures {
			t.Errorf("item over the limits: title %d, guid %d, url %d, html %d", len(item.Title), len(item.GUID), len(item.URL), len(item.ContentHTML))
		}
		if item.Key == "" || item.Hash == "" {
			t.Errorf("item without key or hash: %+v", item)
		}
	}
	for _, text := range texts {
		if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' && r != '\r' }) {
			t.Errorf("unclean text %.100q", text)
		}
	}
}

func TestD4Entities(t *testing.T) {
	laughs := `<!DOCTYPE r [<!ENTITY a "lol">`
	for c := 'b'; c <= 'k'; c++ {
		laughs += fmt.Sprintf(`<!ENTITY %c "%s">`, c, strings.Repeat(fmt.Sprintf("&%c;", c-1), 10))
	}
	big := strings.Repeat("x", 100_000)
	for name, body := range map[string]string{
		"billion laughs":      laughs + "]>" + rssOf("<item><title>&k;&a;</title></item>"),
		"quadratic":           `<!DOCTYPE r [<!ENTITY a "` + big + `">]>` + rssOf("<item><title>"+strings.Repeat("&a;", 10_000)+"</title></item>"),
		"small and often":     `<!DOCTYPE r [<!ENTITY a "` + big[:250] + `">]>` + rssOf("<item><description>t"+strings.Repeat("&a;", 100_000)+"</description></item>"),
		"recursive":           `<!DOCTYPE r [<!ENTITY a "&b;"><!ENTITY b "&a;">]>` + rssOf("<item><title>x&a;</title></item>"),
		"external":            `<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b SYSTEM "http://127.0.0.1/">]>` + rssOf("<item><title>x&a;&b;</title></item>"),
		"parameter":           `<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd">%p;]>` + rssOf("<item><title>x</title></item>"),
		"type elsewhere":      `<!DOCTYPE rss SYSTEM "http://127.0.0.1/x.dtd">` + rssOf("<item><title>x</title></item>"),
		"markup in an entity": `<!DOCTYPE r [<!ENTITY a "<item><title>n</title></item>">]>` + rssOf("<item><title>x&a;</title></item>"),
	} {
		t.Run(name, func(t *testing.T) {
			doc := mustFeed(t, body, Input{})
			checkBounds(t, doc)
			if len(doc.Items) != 1 || len(doc.Items[0].ContentHTML) > 2*maxExpanded {
				t.Errorf("%d items, content of %d bytes", len(doc.Items), len(doc.Items[0].ContentHTML))
			}
			if strings.Contains(doc.Items[0].Title, "root:") || strings.Count(doc.Items[0].Title, "lol") > 1 {
				t.Errorf("title %q", doc.Items[0].Title)
			}
		})
	}
	doc := mustFeed(t, `<!DOCTYPE rss [<!ENTITY co "A &#38; B"><!ENTITY nbsp "&#160;">]>`+rssOf("<item><title>&co;&nbsp;C</title></item>"), Input{})
	if got := doc.Items[0].Title; got != "A & B C" {
		t.Errorf("plain entities of the document type: %q", got)
	}
}

func TestD5ManyReferences(t *testing.T) {
	doc := mustFeed(t, rssOf("<item><title>t</title><description>"+strings.Repeat("&amp;amp;&#8217;", 5000)+"</description></item>"), Input{})
	if got := doc.Items[0].ContentText; got != strings.Repeat("&’", 5000) {
		t.Errorf("%d runes", utf8.RuneCountInString(got))
	}
}

func TestD6Depth(t *testing.T) {
	for _, depth := range []int{100, 250} {
		doc := mustFeed(t, rssOf("<item><title>t</title><description>"+strings.Repeat("<b>", depth)+"deep"+strings.Repeat("</b>", depth)+"</description></item>"), Input{})
		if doc.Items[0].ContentText != "deep" {
			t.Errorf("depth %d: %+v", depth, doc.Items[0])
		}
	}
	for _, depth := range []int{1000, cost.Fewer(1_000_000)} {
		_, err := Feed([]byte(rssOf("<item><description>"+strings.Repeat("<b>", depth))), Input{})
		var e *Error
		if !errors.As(err, &e) || e.Class != ClassTooComplex {
			t.Errorf("depth %d: %v", depth, err)
		}
		escaped := mustFeed(t, rssOf("<item><title>t</title><description>"+strings.Repeat("&lt;b&gt;", depth)+"deep</description></item>"), Input{})
		checkBounds(t, escaped)
	}
}

func TestD7BadReferences(t *testing.T) {
	doc := mustFeed(t, rssOf("<item><title>a&#999999999999;b&#xD800;c&#0;d&#x110000;e&#-1;f&#x;g</title></item>"), Input{})
	if got := doc.Items[0].Title; got != "a\ufffdb\ufffdcd\ufffde&#-1;f&#x;g" {
		t.Errorf("%q", got)
	}
}

func TestD8ManyItems(t *testing.T) {
	var b strings.Builder
	for i := range cost.Fewer(200_000) {
		fmt.Fprintf(&b, "<item><guid>%d</guid><title>t</title></item>", i)
	}
	doc := mustFeed(t, rssOf(b.String()), Input{})
	checkBounds(t, doc)
	if len(doc.Items) != maxItems || doc.Items[0].GUID != "0" || doc.Items[maxItems-1].GUID != "999" || len(doc.Warnings) == 0 {
		t.Errorf("%d items, from %q to %q, warnings %v", len(doc.Items), doc.Items[0].GUID, doc.Items[len(doc.Items)-1].GUID, doc.Warnings)
	}
	b.Reset()
	for i := range 5000 { // the oldest first
		fmt.Fprintf(&b, "<item><guid>%d</guid><pubDate>%d</pubDate></item>", i, 1_500_000_000+i)
	}
	doc = mustFeed(t, rssOf(b.String()), Input{})
	if len(doc.Items) != maxItems || doc.Items[0].GUID != "4000" || doc.Items[maxItems-1].GUID != "4999" {
		t.Errorf("%d items, from %q", len(doc.Items), doc.Items[0].GUID)
	}
}

// TestManyJSONItems: what is left out of a long JSON Feed is said as for XML,
// and does not make it a damaged one.
func TestManyJSONItems(t *testing.T) {
	feed := func(n int, end string) string {
		var b strings.Builder
		for i := range n { // the oldest first
			fmt.Fprintf(&b, `{"id":"%d","date_published":"%s"},`, i, time.Unix(1_500_000_000+int64(i), 0).UTC().Format(time.RFC3339))
		}
		return `{"version":"https://jsonfeed.org/version/1.1","items":[` + strings.TrimSuffix(b.String(), ",") + end
	}
	for name, c := range map[string]struct {
		body     string
		last     string
		damaged  bool
		warnings []string
	}{
		"all that a feed may have": {feed(maxItems, `]}`), "999", false, nil},
		"more":                     {feed(2500, `]}`), "2499", false, []string{"1500 older items left out"}},
		"more than are looked at":  {feed(maxListed+2, `],"title":"T"}`), "99999", false, []string{"99000 older items left out", "2 items after the first 100000 left out"}},
		"more, cut": {feed(2500, ``), "2499", true,
			[]string{"the JSON breaks off: EOF", "1500 older items left out"}},
		"more than are looked at, cut": {feed(maxListed+2, ``), "99999", true,
			[]string{"the JSON breaks off: EOF", "99000 older items left out", "2 items after the first 100000 left out"}},
	} {
		doc := mustFeed(t, c.body, Input{})
		if len(doc.Items) != maxItems || doc.Items[maxItems-1].GUID != c.last || doc.Damaged != c.damaged || !slices.Equal(doc.Warnings, c.warnings) {
			t.Errorf("%s: %d items to %s, damaged %v, %q", name, len(doc.Items), doc.Items[len(doc.Items)-1].GUID, doc.Damaged, doc.Warnings)
		}
	}
}

func TestD9HugeFields(t *testing.T) {
	long := strings.Repeat("wörd ", cost.Fewer(500_000))
	var attributes, categories, extensions strings.Builder
	for i := range cost.Fewer(200_000) {
		fmt.Fprintf(&attributes, " a%d='x'", i)
	}
	for i := range cost.Fewer(100_000) {
		fmt.Fprintf(&categories, "<category>c%d</category>", i)
		fmt.Fprintf(&extensions, "<x:a%d><x:b><x:c/></x:b></x:a%d>", i%100, i%100)
	}
	for name, item := range map[string]string{
		"title":      "<title>" + strings.Repeat(long, 5) + "</title>",
		"guid":       "<title>t</title><guid>" + long + "</guid>",
		"link":       "<title>t</title><link>https://x.example/" + long + "</link>",
		"content":    "<title>t</title><description>" + long + "</description>",
		"attributes": "<title" + attributes.String() + ">t</title>",
		"categories": "<title>t</title>" + categories.String(),
		"extensions": "<title>t</title>" + extensions.String(),
	} {
		t.Run(name, func(t *testing.T) {
			doc := mustFeed(t, rssOf("<item>"+item+"</item><item><title>next</title></item>"), Input{})
			checkBounds(t, doc)
			if len(doc.Items) != 2 || doc.Items[0].Title == "" || doc.Items[1].Title != "next" {
				t.Errorf("%d items", len(doc.Items))
			}
		})
	}
}

// TestLinearCost reads what makes careless readers search to the end again
// and again: at quadratic cost these inputs would take hours.
func TestLinearCost(t *testing.T) {
	for _, piece := range []string{
		"<!--", "<![CDATA[", "<?x", "<!DOCTYPE [", "<!DOCTYPE x '", "</a", "<a b=\"", "<a b='", "<a b=\"'", "<", "&", "&#", "<a ", "<a><![CDATA[</a>",
		"<item>", "</item>", "<a/>", "<entry><![CDATA[", "<a xmlns:b='c'/>",
	} {
		body := "<rss><channel><item><title>t</title></item>" + strings.Repeat(piece, cost.Fewer(1<<19)/len(piece))
		doc, err := Feed([]byte(body), Input{URL: "https://p.example/"})
		var e *Error
		if err != nil && (!errors.As(err, &e) || e.Class != ClassTooComplex) {
			t.Errorf("%q: %v", piece, err)
		}
		if err == nil && len(doc.Items) == 0 {
			t.Errorf("%q: the item is lost", piece)
		}
		if _, err := Feed([]byte(strings.Repeat(piece, cost.Fewer(1<<18)/len(piece))), Input{}); err == nil && piece != "<item>" && piece != "<entry><![CDATA[" {
			t.Errorf("%q alone is taken for a feed", piece)
		}
	}
}

func TestD11JSON(t *testing.T) {
	feed := func(members string) string { return `{"version":"https://jsonfeed.org/version/1.1",` + members + `}` }
	item := `{"id":"1","title":"t","url":"https://p.example/1"}`
	for name, c := range map[string]struct {
		body    string
		items   int
		damaged bool
	}{
		"deep extension":  {feed(`"items":[` + item + `],"_x":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000)), 1, false},
		"too deep":        {feed(`"items":[` + item + `],"_x":` + strings.Repeat("[", 20_000)), 1, true},
		"huge number":     {feed(`"_x":` + strings.Repeat("9", 10<<20) + `,"items":[` + item + `]`), 1, false},
		"number as id":    {feed(`"items":[{"id":` + strings.Repeat("9", 1<<20) + `}]`), 1, false},
		"duplicate keys":  {feed(`"items":[` + item + `],"items":[` + item + `]`), 1, false},
		"wrong types":     {feed(`"title":[],"home_page_url":{},"authors":"x","items":[` + item + `,null,[],"x",{"id":{},"title":5,"url":[],"authors":[1],"tags":{},"attachments":7}]`), 2, true},
		"cut":             {strings.TrimSuffix(feed(`"items":[`+item+`,{"id":"2","ti`), "}"), 1, true},
		"items no array":  {feed(`"title":"x","items":` + item), 0, true},
		"lone surrogate":  {feed(`"items":[{"id":"1","title":"a\ud800b\u0000c"}]`), 1, false},
		"bytes not UTF-8": {feed(`"items":[{"id":"1","title":"a` + "\xff" + `b"}]`), 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			doc, err := Feed([]byte(c.body), Input{URL: "https://p.example/"})
			if c.items == 0 {
				var e *Error
				if !errors.As(err, &e) {
					t.Errorf("no error, %+v", doc)
				}
				return
			}
			if err != nil || len(doc.Items) != c.items || doc.Damaged != c.damaged {
				t.Fatalf("%d items, damaged %v, %v", len(doc.Items), doc.Warnings, err)
			}
			checkBounds(t, doc)
		})
	}
}

func TestD13Dates(t *testing.T) {
	for _, date := range []string{strings.Repeat("1", 1<<20), strings.Repeat("(", 10_000), "Mon, 02 Nov 2026 " + strings.Repeat("(a)", 10_000), strings.Repeat("a,", 1<<19)} {
		checkBounds(t, mustFeed(t, rssOf("<item><title>t</title><pubDate>"+date+"</pubDate></item>"), Input{}))
	}
}

// TestEncodings reads one feed in every encoding that feeds come in, declared
// by the document and by the server alone.
func TestEncodings(t *testing.T) {
	for name, title := range map[string]string{
		"windows-1250": "Łódź źródło", "windows-1251": "Новости дата-центра", "windows-1252": "Café – “Größe”", "windows-1253": "Ειδήσεις",
		"windows-1254": "Ağustos şebeke", "windows-1255": "חדשות", "windows-1256": "أخبار", "windows-1257": "Žinios", "windows-1258": "tin",
		"windows-874": "ข่าว", "iso-8859-2": "Łódź", "iso-8859-3": "Ħal", "iso-8859-4": "Žinios", "iso-8859-5": "Новости", "iso-8859-6": "أخبار",
		"iso-8859-7": "Ειδήσεις", "iso-8859-8": "חדשות", "iso-8859-10": "Æðey", "iso-8859-13": "Žinios", "iso-8859-14": "Ŵy", "iso-8859-15": "Prix 5 €",
		"iso-8859-16": "Știri", "koi8-r": "Новости", "koi8-u": "Новини їх", "macintosh": "Café", "ibm866": "Новости", "x-mac-cyrillic": "Новости",
		"gbk": "数据中心新闻", "gb18030": "数据中心新闻", "big5": "資料中心新聞", "euc-jp": "データセンター", "shift_jis": "データセンター",
		"iso-2022-jp": "データセンター", "euc-kr": "데이터센터", "utf-8": "数据 Café", "utf-16le": "数据 Café", "utf-16be": "数据 Café",
	} {
		enc, err := htmlindex.Get(name)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for how, in := range map[string]Input{"declared": {}, "served": {ContentType: "application/rss+xml; charset=" + name}} {
			declaration := ""
			if how == "declared" {
				declaration = `<?xml version="1.0" encoding="` + name + `"?>`
			}
			body, err := enc.NewEncoder().String(declaration + rssOf("<item><title>"+title+"</title></item>"))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if how == "served" && strings.HasPrefix(name, "utf-16") {
				body = map[string]string{"utf-16le": "\xff\xfe", "utf-16be": "\xfe\xff"}[name] + body
			}
			if got := mustFeed(t, body, in).Items[0].Title; got != title {
				t.Errorf("%s, %s: %q, want %q", name, how, got, title)
			}
		}
	}
}

func TestEncodingsStripWhatHides(t *testing.T) {
	doc := mustFeed(t, rssOf("<item><title>a\u202egnp\u202c\u2066b\ufeff\u0000\u0008c &#x202E;d</title></item>"), Input{})
	if got := doc.Items[0].Title; got != "agnpbc d" {
		t.Errorf("%q", got)
	}
	good := strings.Repeat("<item><title>größer</title></item>", 50)
	doc = mustFeed(t, rssOf(good+"<item><title>bad \xff\xfe byte</title></item>"), Input{ContentType: "text/xml; charset=utf-8"})
	if last := doc.Items[len(doc.Items)-1]; !utf8.ValidString(last.Title) || !strings.HasPrefix(last.Title, "bad ") || !strings.HasSuffix(last.Title, " byte") {
		t.Errorf("%q", last.Title)
	}
}

func keysOf(t *testing.T, items string) []string {
	t.Helper()
	var keys []string
	for _, item := range mustFeed(t, rssOf(items), Input{}).Items {
		keys = append(keys, item.Key)
	}
	return keys
}

func TestIdentity(t *testing.T) {
	one := func(items string) string {
		t.Helper()
		keys := keysOf(t, items)
		if len(keys) != 1 {
			t.Fatalf("%d keys of %s", len(keys), items)
		}
		return keys[0]
	}
	if one("<item><guid>http://www.p.example/?p=1</guid></item>") != one("<item><guid>https://p.example/?p=1</guid></item>") {
		t.Error("Q1: a move to https makes a new item")
	}
	if one("<item><guid>http://p.example/#a</guid></item>") == one("<item><guid>http://p.example/#b</guid></item>") {
		t.Error("two anchors of one page are one item")
	}
	if one("<item><guid>7</guid><link>https://p.example/a</link></item>") != one("<item><guid>7</guid><link>https://p.example/b</link></item>") {
		t.Error("Q2: a changed link makes a new item")
	}
	var same strings.Builder
	for i := range 10 {
		fmt.Fprintf(&same, "<item><guid>x</guid><title>T%d</title><link>https://p.example/%d</link></item>", i, i)
	}
	if keys := keysOf(t, same.String()); len(keys) != 10 || len(unique(keys)) != 10 {
		t.Errorf("Q3: of ten items with one guid %v are kept", keys)
	}
	if a, b := one("<item><title>T</title><description>a</description></item>"), one("<item><title>T</title><description>b</description></item>"); a == b || a == "" {
		t.Error("Q4: items without guid and link are not told apart by content")
	}
	if one("<item><link>http://www.p.example/a/?utm_source=rss</link></item>") != one("<item><link>https://p.example/a</link></item>") {
		t.Error("an address with tracking parameters is another item")
	}
	doc := func(text string) news.Item {
		return mustFeed(t, rssOf("<item><guid>1</guid><title>T</title><description>"+text+"</description></item>"), Input{}).Items[0]
	}
	if a, b := doc("one"), doc("two"); a.Key != b.Key || a.Hash == b.Hash {
		t.Error("Q6: an edit is not seen as one")
	}
	if a, b := doc("one &lt;b&gt;two&lt;/b&gt;"), doc("one  &lt;i&gt;two&lt;/i&gt;"); a.Hash != b.Hash {
		t.Error("a change of markup alone is taken for an edit")
	}
	if keys := keysOf(t, strings.Repeat("<item><guid>1</guid><title>T</title><link>https://p.example/1</link></item>", 3)); len(keys) != 1 {
		t.Errorf("an item repeated three times is %d items", len(keys))
	}
}

func unique(keys []string) map[string]bool {
	set := map[string]bool{}
	for _, k := range keys {
		set[k] = true
	}
	return set
}

// payloads are hostile texts for every field (X4, X6).
var payloads = []string{
	`<script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `"><svg onload=alert(1)>`, `javascript:alert(1)`, `<a href="javascript:alert(1)">t</a>`,
	`&lt;script&gt;alert(1)&lt;/script&gt;`, `&amp;lt;img src=x onerror=alert(1)&amp;gt;`, `<![CDATA[<script>alert(1)</script>]]>`,
	`<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">`, `<iframe srcdoc="<script>alert(1)</script>">`, `data:text/html,<script>alert(1)</script>`,
	`https://x.example/"onmouseover="alert(1)`, "java\tscript:alert(1)", `{{constructor.constructor('alert(1)')()}}`, `</title><script>alert(1)</script>`,
}

// hundred are payloads, and what they are made of in wrappings that let them
// through somewhere.
func hundred() []string {
	all := payloads
	for _, core := range payloads[:9] {
		for _, wrap := range []string{`">%s`, `'>%s`, `</title>%s`, `</script>%s`, `]]>%s`, `--><!-- -->%s`, "\u202e%s", `{{.}}%s`, `https://x.example/"%s`, `&amp;lt;%s`} {
			all = append(all, fmt.Sprintf(wrap, core))
		}
	}
	return all
}

// TestX4EveryField puts each payload into each field of each format. Fields of
// HTML must be clean, addresses must be of the web, and texts are plain.
func TestX4EveryField(t *testing.T) {
	escaped := func(s string) string { return html.EscapeString(s) }
	for _, p := range hundred() {
		e := escaped(p)
		asJSON := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\t", `\t`).Replace(p)
		for format, body := range map[string]string{
			"rss":    `<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>` + e + `</title><link>` + e + `</link><description>` + e + `</description><language>` + e + `</language><image><url>` + e + `</url></image><item><title>` + e + `</title><link>` + e + `</link><guid>` + e + `</guid><author>` + e + `</author><category>` + e + `</category><comments>` + e + `</comments><description>` + e + `</description><content:encoded>` + e + `</content:encoded><enclosure url="` + e + `" type="` + e + `"/><media:content url="` + e + `"/><media:title>` + e + `</media:title></item></channel></rss>`,
			"rdf":    `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"><channel rdf:about="` + e + `"><title>` + e + `</title><link>` + e + `</link><description>` + e + `</description><dc:language>` + e + `</dc:language></channel><image rdf:resource="` + e + `"><url>` + e + `</url></image><item rdf:about="` + e + `"><title>` + e + `</title><description>` + e + `</description><link>` + e + `</link><dc:creator>` + e + `</dc:creator><dc:subject>` + e + `</dc:subject><dc:identifier>` + e + `</dc:identifier><content:encoded>` + e + `</content:encoded><enclosure rdf:resource="` + e + `" type="` + e + `"/><media:content url="` + e + `" type="` + e + `"><media:title>` + e + `</media:title></media:content></item></rdf:RDF>`,
			"atom":   `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xml:base="` + e + `" xml:lang="` + e + `"><title type="html">` + e + `</title><subtitle>` + e + `</subtitle><link href="` + e + `"/><link rel="hub" href="` + e + `"/><logo>` + e + `</logo><entry><id>` + e + `</id><title>` + e + `</title><link href="` + e + `"/><link rel="enclosure" href="` + e + `" type="` + e + `"/><author><name>` + e + `</name><uri>` + e + `</uri></author><category term="` + e + `" label="` + e + `"/><summary type="html">` + e + `</summary><content type="html">` + e + `</content><media:group><media:content url="` + e + `"/><media:description>` + e + `</media:description></media:group></entry></feed>`,
			"xhtml":  `<feed xmlns="http://www.w3.org/2005/Atom"><title type="xhtml">` + p + `</title><entry><id>` + e + `</id><title type="xhtml">` + p + `</title><content type="xhtml"><div>` + p + `</div></content></entry></feed>`,
			"base64": `<feed version="0.3"><entry><id>` + e + `</id><title mode="base64">` + base64.StdEncoding.EncodeToString([]byte(p)) + `</title><content mode="base64" type="text/html">` + base64.StdEncoding.EncodeToString([]byte(p)) + `</content></entry></feed>`,
			"json":   `{"version":"https://jsonfeed.org/version/1.1","title":"` + asJSON + `","home_page_url":"` + asJSON + `","feed_url":"` + asJSON + `","next_url":"` + asJSON + `","icon":"` + asJSON + `","description":"` + asJSON + `","language":"` + asJSON + `","hubs":[{"url":"` + asJSON + `"}],"items":[{"id":"` + asJSON + `","url":"` + asJSON + `","external_url":"` + asJSON + `","title":"` + asJSON + `","summary":"` + asJSON + `","content_html":"` + asJSON + `","content_text":"` + asJSON + `","language":"` + asJSON + `","tags":["` + asJSON + `"],"authors":[{"name":"` + asJSON + `"}],"attachments":[{"url":"` + asJSON + `","mime_type":"` + asJSON + `"}]}]}`,
		} {
			doc := mustFeed(t, body, Input{})
			if len(doc.Items) != 1 {
				t.Fatalf("%s %q: %d items", format, p, len(doc.Items))
			}
			checkBounds(t, doc)
			item := doc.Items[0]
			addresses := []string{doc.Link, doc.Self, doc.Hub, doc.Next, item.URL}
			for _, enclosure := range item.Enclosures {
				addresses = append(addresses, enclosure.URL)
			}
			for _, a := range addresses {
				if u, err := url.Parse(a); a != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || strings.ContainsAny(a, `"<> `)) {
					t.Errorf("%s %q: address %q", format, p, a)
				}
			}
			if again := clean.HTML(item.ContentHTML, nil); again != item.ContentHTML {
				t.Errorf("%s %q: content %q is not clean", format, p, item.ContentHTML)
			}
			lines := append([]string{doc.Title, doc.Language, item.Title, item.Language}, append(item.Authors, item.Categories...)...)
			for _, enclosure := range item.Enclosures {
				lines = append(lines, enclosure.Type)
			}
			for _, text := range lines {
				if strings.ContainsAny(text, "\n\t\u202e") {
					t.Errorf("%s %q: %q is more than a line", format, p, text)
				}
			}
		}
	}
}

func FuzzFeedParse(f *testing.F) {
	for _, p := range payloads {
		f.Add([]byte(rssOf("<item><title>" + p + "</title><link>" + p + "</link></item>")))
	}
	for _, body := range []string{
		`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="//x"><entry><content type="xhtml"><div xml:base="y"><a href="z">`,
		`{"version":"https://jsonfeed.org/version/1","items":[{"id":1},`, `<!DOCTYPE r [<!ENTITY a "b">]><rss><channel><item><title>&a;&#1;&#x80;`,
		`<urlset><url><loc>https://x.example/`, "\xff\xfe<\x00r\x00s\x00s\x00>\x00", `<rdf:RDF><item rdf:about="x"/>`, `<CHANNEL><ITEM HREF="x" LASTMOD="2003">`,
		`<rss><channel><item><title><![CDATA[a]]<b c='d" e=f/></title`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		doc, err := Feed(body, Input{URL: "https://p.example/feed"})
		var e *Error
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("an error of another kind: %v", err)
		}
		checkBounds(t, doc)
		again, _ := Feed(body, Input{URL: "https://p.example/feed"})
		if len(again.Items) != len(doc.Items) || len(doc.Items) > 0 && again.Items[0].Key != doc.Items[0].Key {
			t.Error("read twice, the items differ")
		}
	})
}
