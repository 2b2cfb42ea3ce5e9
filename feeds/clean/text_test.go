package clean

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"plain & simple", "plain & simple"},
		{"<p>One  two\nthree</p><p>Four</p>", "One two three\n\nFour"},
		{"a<br>b<br><br>c", "a\nb\n\nc"},
		{"<ul><li>a<li>b</ul>after", "a\nb\n\nafter"},
		{"<h1>H</h1>text", "H\n\ntext"},
		{"<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"},
		{"x<script>alert('<p>')</script>y<style>p{}</style>", "xy"},
		{"A&amp;T &lt;b&gt; &#8217; &nbsp;x", "A&T <b> ’ x"},
		{"<pre>a\n  b</pre>c", "a\n  b\n\nc"},
		{"<p>un<b>broken</b> word</p>", "unbroken word"},
		{"<noscript><p>n</p></noscript>", "n"},
		{"a < b and c > d", "a < b and c > d"},
		{"<svg><text>no</text></svg>yes", "yes"},
		{"数据<b>中心</b>", "数据中心"},
	} {
		if got := Text(c.in); got != c.want {
			t.Errorf("Text(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestTitle(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"  Two\n lines\t", "Two lines"},
		{"AT&T", "AT&T"},
		{"AT&amp;T", "AT&T"},
		{"AT&amp;amp;T", "AT&T"},
		{"It&amp;#8217;s", "It’s"},
		{"<b>Bold</b> move", "Bold move"},
		{"&lt;b&gt;Bold&lt;/b&gt; move", "Bold move"},
		{"The <div> tag", "The <div> tag"},
		{"if a <b or c> d", "if a <b or c> d"},
		{"1 < 2 &amp; 3", "1 < 2 & 3"},
		{"x<script>alert(1)</script>", "x"},
		{`<img src=x onerror="alert(1)">t`, "t"},
		{"<![CDATA[Inside]]>", "Inside"},
		{"a\u202egnp.exe\u200b b", "agnp.exe b"},
		{"Q&A", "Q&A"},
		{"a\x00b\u2028c", "ab c"},
		{"👩‍💻 works", "👩‍💻 works"},
	} {
		if got := Title(c.in); got != c.want {
			t.Errorf("Title(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestLineCuts(t *testing.T) {
	for _, c := range []struct {
		in, want string
		runes    int
	}{
		{"short", "short", 5},
		{"longer", "long…", 5},
		{"one two", "one…", 5},
		{"数据中心建设", "数据…", 3},
		{"any length", "any length", 0},
	} {
		got := Line(c.in, c.runes)
		if got != c.want {
			t.Errorf("Line(%q, %d) = %q, want %q", c.in, c.runes, got, c.want)
		}
		if c.runes > 0 && utf8.RuneCountInString(got) > c.runes {
			t.Errorf("Line(%q, %d) has %d runes", c.in, c.runes, utf8.RuneCountInString(got))
		}
	}
	if got := Line(strings.Repeat("x", 15<<20), 512); utf8.RuneCountInString(got) != 512 {
		t.Errorf("a title of 15 MB was cut to %d runes", utf8.RuneCountInString(got))
	}
}
