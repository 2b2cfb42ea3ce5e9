package clean

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clusterwire/feeds/eval/corpus"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var testBase, _ = url.Parse("https://publisher.example/news/2026/")

// danger re-parses clean HTML as a browser would and names the first
// dangerous construct in it, "" if there is none.
func danger(t testing.TB, clean string) string {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(clean), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return "does not parse: " + err.Error()
	}
	for _, n := range nodes {
		for d := range n.Descendants() {
			if found := nodeDanger(d); found != "" {
				return found
			}
		}
		if found := nodeDanger(n); found != "" {
			return found
		}
	}
	return ""
}

func nodeDanger(n *html.Node) string {
	if n.Type == html.CommentNode || n.Type == html.DoctypeNode {
		return "comment or doctype"
	}
	if n.Type != html.ElementNode {
		return ""
	}
	if elements[n.Data] == unknown || n.Namespace != "" {
		return "element " + n.Namespace + ":" + n.Data
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "href", "src", "cite":
			u, err := url.Parse(a.Val)
			if err != nil || u.Scheme != "http" && u.Scheme != "https" && (u.Scheme != "mailto" || n.Data != "a") {
				return "address " + a.Val
			}
			if u.Scheme != "mailto" && u.Host == "" {
				return "no host in " + a.Val
			}
		case "rel", "title", "lang", "dir", "alt", "width", "height", "colspan", "rowspan", "span", "start", "value", "datetime":
		default:
			return "attribute " + a.Key
		}
	}
	return ""
}

// checkClean runs one payload through the sanitiser (X1) and again (X2).
func checkClean(t testing.TB, payload string) {
	t.Helper()
	once := HTML(payload, testBase)
	if found := danger(t, once); found != "" {
		t.Errorf("%.200q left %s in %.300q", payload, found, once)
	}
	if twice := HTML(once, testBase); twice != once {
		t.Errorf("%.200q: cleaned again, %.300q became %.300q", payload, once, twice)
	}
	if html, text := HTMLText(payload, testBase); html != once || text != Text(once) {
		t.Errorf("%.200q: in one pass %.300q and %.300q, in two %.300q and %.300q", payload, html, text, once, Text(once))
	}
}

// eventNames are the handlers that browsers know, by what they belong to.
const eventNames = `abort activate afterprint afterscriptexecute afterupdate animationcancel animationend
animationiteration animationstart auxclick beforeactivate beforecopy beforecut beforedeactivate beforeeditfocus
beforeinput beforematch beforepaste beforeprint beforescriptexecute beforetoggle beforeunload beforeupdate begin
blur bounce cancel canplay canplaythrough cellchange change click close command compositionend compositionstart
compositionupdate contentvisibilityautostatechange contextlost contextmenu contextrestored controlselect copy
cuechange cut dataavailable datasetchanged datasetcomplete dblclick deactivate drag dragdrop dragend dragenter
dragexit dragleave dragover dragstart drop durationchange emptied end ended error errorupdate filterchange finish
focus focusin focusout formdata fullscreenchange fullscreenerror gamepadconnected gamepaddisconnected
gotpointercapture hashchange help input invalid keydown keypress keyup languagechange layoutcomplete load
loadeddata loadedmetadata loadend loadstart location losecapture lostpointercapture mediacomplete mediaerror
message messageerror mousedown mouseenter mouseleave mousemove mouseout mouseover mouseup mousewheel move moveend
movestart mozfullscreenchange offline online outofsync pagehide pagereveal pageshow pageswap paste pause play
playing pointercancel pointerdown pointerenter pointerleave pointermove pointerout pointerover pointerrawupdate
pointerup popstate progress propertychange ratechange readystatechange rejectionhandled repeat reset resize
resizeend resizestart resume reverse rowdelete rowenter rowexit rowinserted scroll scrollend scrollsnapchange
search securitypolicyviolation seek seeked seeking select selectionchange selectstart show slotchange stalled start
stop storage submit suspend syncrestored timeerror timeupdate toggle touchcancel touchend touchmove touchstart
trackchange transitioncancel transitionend transitionrun transitionstart unhandledrejection unload urlflip
visibilitychange volumechange waiting webkitanimationend wheel zoom`

// generated returns our own hostile set: every handler on ten elements, and
// every scheme that runs code in every disguise and place.
func generated() []string {
	var out []string
	for _, event := range strings.Fields(eventNames) {
		for _, tag := range []string{"a href=http://x.example", "img src=x", "svg", "body", "div", "input autofocus", "video src=x", "details open", "p", "marquee"} {
			out = append(out, fmt.Sprintf(`<%s on%s=alert(1) tabindex=1 id=x class=y style="x:expression(alert(1))">t`, tag, event))
		}
	}
	disguises := []func(string) string{
		func(s string) string { return s },
		strings.ToUpper,
		func(s string) string { return s[:3] + "\t" + s[3:] },
		func(s string) string { return s[:3] + "\n" + s[3:] },
		func(s string) string { return s[:3] + "\x00" + s[3:] },
		func(s string) string { return "\x01 " + s },
		func(s string) string { return " \u00a0" + s },
		func(s string) string { return s[:2] + "&Tab;" + s[2:] },
		func(s string) string { return fmt.Sprintf("&#%d;", s[0]) + s[1:] },
		func(s string) string { return fmt.Sprintf("&#x%06x", s[0]) + s[1:] },
		func(s string) string { return strings.Replace(s, ":", "&colon;", 1) },
		func(s string) string { return strings.Replace(s, ":", "%3a", 1) },
		func(s string) string { return `\u006a` + s[1:] },
		func(s string) string { return "https:" + s },
		func(s string) string { return "//" + s },
	}
	schemes := []string{"javascript:alert(1)", "vbscript:msgbox(1)", "livescript:x", "data:text/html,<script>alert(1)</script>",
		"data:image/svg+xml;base64,PHN2Zz4=", "file:///etc/passwd", "view-source:http://x.example", "blob:http://x.example/1",
		"jar:http://x.example!/a", "about:blank", "filesystem:http://x.example/a", "ftp://x.example/a"}
	places := []string{`<a href="%s">t</a>`, `<img src="%s">`, `<blockquote cite="%s">t</blockquote>`, `<form action="%s"><button formaction="%[1]s">t`,
		`<iframe src="%s">`, `<object data="%s">`, `<a href='%s' ping="%[1]s">t`, `<svg><a xlink:href="%s">t`, `<base href="%s">`, `<link rel=stylesheet href="%s">`,
		`<meta http-equiv=refresh content="0;url=%s">`, `<img srcset="%s 1x" data-src="%[1]s">`, `<div style="background:url(%s)">t`}
	for _, scheme := range schemes {
		for _, disguise := range disguises {
			for _, place := range places {
				out = append(out, fmt.Sprintf(place, disguise(scheme)))
			}
		}
	}
	return append(out, mutants...)
}

// mutants are payloads that change their meaning when parsed twice (X6).
var mutants = []string{
	`<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">`,
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
	`<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
	`<noscript><noscript><script>alert(1)</script></noscript></noscript>`,
	`<textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea>`,
	`<xmp><p title="</xmp><svg/onload=alert(1)>">`,
	`<![CDATA[<script>alert(1)</script>]]>`,
	`<![CDATA[<![CDATA[<script>alert(1)</script>]]>]]>`,
	`<!--><script>alert(1)</script>-->`, `<!--!><img src=x onerror=alert(1)>-->`, `<!-- --!><script>alert(1)</script>`,
	`&lt;script&gt;alert(1)&lt;/script&gt;`, `&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;`,
	`<scr<script>ipt>alert(1)</scr</script>ipt>`, `<<script>alert(1)//<</script>`, `<img src="x` + "`" + `onerror=alert(1)">`,
	`<a href="http://x.example/&quot; onclick=alert(1) &quot;">t</a>`, `<a title='"><script>alert(1)</script>' href=/x>t</a>`,
	`<img alt="` + "``" + `onerror=alert(1)" src=/x>`, `<table><a href=/x><tr><td></a><b><table><p></td><svg>`,
	`<select><option><style></select><img src=x onerror=alert(1)></style>`, `<template><script>alert(1)</script></template><p>t`,
	`<p><table><p></table><li></p><td><a href=/1><a href=/2>`, `<a href=/1><div><a href=/2><b></a></div></b>`,
	`<plaintext><script>alert(1)</script>`, `<title><img src=x onerror=alert(1)></title>t`, "<a\x00href=/x\x0conclick=alert(1)>t",
	`<a href=/x href="javascript:alert(1)">t</a>`, `<a href="javascript:alert(1)" href=/x>t</a>`, `<img src=/x src=1 onerror=alert(1)//`,
	`<a href="mailto:a@b.example?subject=a%2Bb&body=<script>">t</a>`, `<a href="mailto:%22onx@b.example">t</a>`, `<a href="mailto:javascript:alert(1)">t</a>`,
}

func TestSanitiserOnGeneratedSet(t *testing.T) {
	payloads := generated()
	if len(payloads) < 1630+240 {
		t.Fatalf("only %d payloads generated", len(payloads))
	}
	for _, payload := range payloads {
		checkClean(t, payload)
	}
}

func TestSanitiserOnPublishedPayloads(t *testing.T) {
	dir := corpus.Path(t, "xss")
	files, err := filepath.Glob(filepath.Join(dir, "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, file := range files {
		for _, payload := range payloadsOf(t, file) {
			checkClean(t, payload)
			n++
		}
	}
	t.Logf("%d payloads", n)
	if n < 3770 {
		t.Errorf("only %d payloads found", n)
	}
}

// payloadsOf reads one file of payloads: a list in JSON, or lines, which are
// also tried as one document.
func payloadsOf(t *testing.T, file string) []string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Ext(file) == ".json" {
		var list []string
		if err := json.Unmarshal(raw, &list); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		return list
	}
	return append(strings.Split(string(raw), "\n"), string(raw))
}

// keeps is what must come through: text, links, lists, tables, code, images.
var keeps = []struct{ in, want string }{
	{`plain text & more`, `plain text &amp; more`},
	{`<p>One</p><p>Two`, `<p>One</p><p>Two</p>`},
	{`<p>One<p>Two`, `<p>One</p><p>Two</p>`},
	{`<b>bold</b> <i>it</i> <em>em</em> <strong>st</strong>`, `<b>bold</b> <i>it</i> <em>em</em> <strong>st</strong>`},
	{`<a href="/x?a=1&amp;b=2">t</a>`, `<a href="https://publisher.example/x?a=1&amp;b=2" rel="` + linkRel + `">t</a>`},
	{`<a href="#note">t</a>`, `<a href="https://publisher.example/news/2026/#note" rel="` + linkRel + `">t</a>`},
	{`<a href="//other.example/y">t</a>`, `<a href="https://other.example/y" rel="` + linkRel + `">t</a>`},
	{`<a href="mailto:press@x.example?subject=Hi%20there">t</a>`, `<a href="mailto:press@x.example?subject=Hi%20there" rel="` + linkRel + `">t</a>`},
	{`<a href="javascript:alert(1)">t</a>`, `t`},
	{`<a name="x">t</a>`, `t`},
	{`<ul><li>a<li>b<ul><li>c</ul></ul>`, `<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>`},
	{`<ol start="3"><li value="4">a</ol>`, `<ol start="3"><li value="4">a</li></ol>`},
	{`<dl><dt>a<dd>b<dt>c</dl>`, `<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>`},
	{`<table><tr><th>h<td colspan=2 onclick=x>c<tr><td>d</table>`, `<table><tr><th>h</th><td colspan="2">c</td></tr><tr><td>d</td></tr></table>`},
	{`<table><caption>c</caption><thead><tr><th>h</thead><tbody><tr><td>d</table>`, `<table><caption>c</caption><thead><tr><th>h</th></tr></thead><tbody><tr><td>d</td></tr></tbody></table>`},
	{`<pre><code>if a &lt; b {
	x()
}</code></pre>`, `<pre><code>if a &lt; b {
	x()
}</code></pre>`},
	{`<figure><img src="a.png" alt="A &quot;b&quot;" width=10 height=20 class=x><figcaption>c</figcaption></figure>`,
		`<figure><img src="https://publisher.example/news/2026/a.png" alt="A &#34;b&#34;" height="20" width="10"><figcaption>c</figcaption></figure>`},
	{`<img src="data:image/gif;base64,R0=" data-src="/real.jpg">`, `<img src="https://publisher.example/real.jpg">`},
	{`<img src="/count.gif" width=1 height=1>`, ``},
	{`<noscript><img src="/real.jpg" onerror=x></noscript>`, `<img src="https://publisher.example/real.jpg">`},
	{`<blockquote cite="https://x.example/q" class=tweet><p>q</p></blockquote>`, `<blockquote cite="https://x.example/q"><p>q</p></blockquote>`},
	{`<h2 id=x>H</h2>t<hr>u<br/>v`, `<h2>H</h2>t<hr>u<br>v`},
	{`<time datetime="2026-11-01">Nov</time> H<sub>2</sub>O x<sup>2</sup>`, `<time datetime="2026-11-01">Nov</time> H<sub>2</sub>O x<sup>2</sup>`},
	{`<span style="color:red">t</span><font color=red>u</font>`, `tu`},
	{`<object data=x>fallback`, `fallback`},
	{`<object data=x>inner</object>t`, `t`},
	{`<script>alert("<p>")</script>t<style>p{}</style>`, `t`},
	{`a < b > c <3`, `a &lt; b &gt; c &lt;3`},
	{`<p lang="de" dir=ltr>x</p><p lang="a b">y</p>`, `<p dir="ltr" lang="de">x</p><p>y</p>`},
	{`数据中心 <b>10万</b> 📈`, `数据中心 <b>10万</b> 📈`},
	{`<ruby>電<rp>(</rp><rt>でん</rt></ruby>`, `<ruby>電<rp>(</rp><rt>でん</rt></ruby>`},
	{"a\x00b\x08c&#0;&#x1;d&#150;e", "abc\ufffdd–e"},
	{`</p></div>x</b>`, `x`},
	{`<![CDATA[<p>x</p>]]>`, `<p>x</p>`},
	{`a<!-- never closed >b`, `ab`},
	{`a<iframe src=x>b`, `ab`},
	{`<title>a</title>b<textarea>c <b>d</b></textarea>`, `bc &lt;b&gt;d&lt;/b&gt;`},
	{`<article><header>h</header><section>s</section></article>`, `<article><header>h</header><section>s</section></article>`},
	{`<details open><summary>s</summary>d</details>`, `<details><summary>s</summary>d</details>`},
}

func TestSanitiserKeeps(t *testing.T) {
	for _, k := range keeps {
		if got := HTML(k.in, testBase); got != k.want {
			t.Errorf("HTML(%q)\n got %q\nwant %q", k.in, got, k.want)
		}
		checkClean(t, k.in)
	}
	if got := HTML(`<a href="/x">t</a>`, nil); got != "t" {
		t.Errorf("without a base a relative link leads nowhere, yet was kept: %q", got)
	}
}

func TestSanitiserBounds(t *testing.T) {
	deep := func(tag string, n int) string { return strings.Repeat("<"+tag+">x", n) }
	for name, in := range map[string]string{
		"long text":  strings.Repeat("wörter ", 300_000),
		"long value": `<p title="` + strings.Repeat("x", 3<<20) + `">t`,
		"attributes": `<p ` + strings.Repeat("a=1 ", 200_000) + `>t`,
		"divs":       deep("div", 100_000), "b and p": deep("b><p", 50_000), "tables": deep("table", 50_000),
		"cells": deep("table><tr><td", 20_000), "selects": deep("select", 50_000), "links": deep("a href=/x", 50_000),
		"fonts": deep("font", 50_000), "svg": deep("svg", 50_000), "objects": deep("object", 20_000),
		"ends": strings.Repeat("</div>", 200_000), "lt": strings.Repeat("<", 500_000), "amp": strings.Repeat("&", 500_000),
		"comments": strings.Repeat("<!--", 200_000), "quotes": strings.Repeat(`<a href="`, 100_000), "li": deep("li", 100_000),
	} {
		t.Run(name, func(t *testing.T) {
			got := HTML(in, testBase)
			if len(got) > maxHTML {
				t.Errorf("%d bytes given, more than %d", len(got), maxHTML)
			}
			checkClean(t, in)
			if strings.Contains(in, ">x") && !strings.Contains(name, "svg") && !strings.Contains(got, "x") {
				t.Errorf("text lost")
			}
		})
	}
}

func FuzzSanitize(f *testing.F) {
	for _, k := range keeps {
		f.Add(k.in)
	}
	for _, m := range mutants {
		f.Add(m)
	}
	f.Fuzz(func(t *testing.T, in string) {
		if len(in) > 64<<10 {
			t.Skip()
		}
		checkClean(t, in)
		Text(in)
		Title(in)
	})
}

// BenchmarkHTML cleans an article of 20 KB: the pass and the gate, and the
// gate alone.
func BenchmarkHTML(b *testing.B) {
	article := strings.Repeat(`<p class="body">The operator's <a href="/grid?a=1" onclick="x()">grid</a> takes 150&nbsp;MW &amp; more, `+
		`<b>chips</b> come "later".</p><figure><img src="a.png" alt="A" width="600"><figcaption>c</figcaption></figure>`, 90)
	b.Run("all", func(b *testing.B) {
		b.SetBytes(int64(len(article)))
		b.ReportAllocs()
		for b.Loop() {
			HTML(article, testBase)
		}
	})
	clean := HTML(article, testBase)
	b.Run("gate", func(b *testing.B) {
		b.SetBytes(int64(len(clean)))
		b.ReportAllocs()
		for b.Loop() {
			pass(clean)
		}
	})
}
