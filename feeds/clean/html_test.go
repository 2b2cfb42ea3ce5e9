package clean

import (
	"net/url"
	"strings"
	"testing"

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
	payloads := published(t)
	for _, payload := range payloads {
		checkClean(t, payload)
	}
	t.Logf("%d payloads", len(payloads))
	if len(payloads) < 3770 {
		t.Errorf("only %d payloads found", len(payloads))
	}
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
