package clean

import (
	"strings"

	"golang.org/x/net/html"
)

// visitor receives what a reader of a fragment would see: text and elements,
// without the content of scripts, styles and embedded documents.
type visitor interface {
	start(name string, attrs map[string]string)
	end(name string)
	text(t string) // decoded
	done() bool    // no more is wanted
}

// maxMends bounds how often a walk begins anew behind something unclosed.
const maxMends = 200

// walker reads a fragment of HTML token by token.
type walker struct {
	src   string
	pos   int            // where the next token begins
	last  map[string]int // where the last end of a kind stands, -1 for none
	lower string         // src in lower case, once it is needed
	skip  string         // the dropped element that is open
	raw   string         // the raw text element that has just begun
	mends int
}

// walk shows fragment to v. What is opened and never closed (a comment, an
// <iframe>, a <title>) does not swallow the rest, as it would in a browser:
// feeds cut their texts anywhere.
func walk(fragment string, v visitor) {
	if fragment != "" && !strings.ContainsAny(fragment, "<&\r\x00") { // no markup, as in most names and titles
		v.text(fragment)
		return
	}
	if strings.Contains(fragment, "<![CDATA[") { // XML that was wrapped once too often: HTML knows no such thing
		fragment = strings.ReplaceAll(strings.ReplaceAll(fragment, "<![CDATA[", ""), "]]>", "")
	}
	w := &walker{src: fragment, last: map[string]int{}}
	for w.mends <= maxMends && !w.run(v) {
		w.mends++
	}
}

// run reads tokens to the end; false asks for another run from pos on.
func (w *walker) run(v visitor) bool {
	z := html.NewTokenizer(strings.NewReader(w.src[w.pos:]))
	for !v.done() {
		kind := z.Next()
		if kind == html.ErrorToken {
			return true
		}
		begin := w.pos
		w.pos += len(z.Raw())
		switch kind {
		case html.CommentToken:
			if unclosed := strings.HasPrefix(w.src[begin:], "<!--") && w.pos == len(w.src) && !w.comes("-->", begin); unclosed {
				if i := strings.IndexByte(w.src[begin:], '>'); i >= 0 {
					w.pos = begin + i + 1
					return false
				}
			}
		case html.TextToken:
			w.textToken(z, v)
		case html.StartTagToken, html.SelfClosingTagToken:
			name, attrs := tag(z)
			if again := w.startToken(name, attrs, kind == html.SelfClosingTagToken, v); again {
				return false
			}
		case html.EndTagToken:
			name, _ := tag(z)
			w.raw = ""
			switch {
			case w.skip == "":
				v.end(name)
			case w.skip == name:
				w.skip = ""
			}
		}
	}
	return true
}

// textToken shows text. That of <noscript> is markup to us, who run no script.
func (w *walker) textToken(z *html.Tokenizer, v visitor) {
	raw := w.raw
	w.raw = ""
	switch {
	case w.skip != "" || dropped[raw]:
	case raw == "noscript":
		inner := string(z.Raw())
		if !strings.Contains(strings.ToLower(inner), "<noscript") {
			walk(inner, v)
		}
	default:
		v.text(string(z.Text()))
	}
}

// startToken shows an element, or begins to pass over one. It returns true
// where the tokenizer would take the rest for raw text that has no end.
func (w *walker) startToken(name string, attrs map[string]string, selfClosing bool, v visitor) (again bool) {
	w.raw = ""
	if w.skip != "" {
		return false
	}
	if rawText[name] {
		w.raw = name
		if name != "script" && name != "style" && !w.comes("</"+name, w.pos) {
			w.raw = ""
			v.start(name, attrs)
			return true
		}
		v.start(name, attrs)
		return false
	}
	if dropped[name] {
		if !selfClosing && w.comes("</"+name, w.pos) {
			w.skip = name
		}
		return false
	}
	v.start(name, attrs)
	return false
}

// comes reports whether end, in lower case, still comes at or behind pos.
func (w *walker) comes(end string, pos int) bool {
	at, known := w.last[end]
	if !known {
		if w.lower == "" {
			w.lower = lowerASCII(w.src)
		}
		at = strings.LastIndex(w.lower, end)
		w.last[end] = at
	}
	return at >= pos
}

// lowerASCII keeps every byte at its place, which strings.ToLower does not.
func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c | 0x20
		}
	}
	return string(b)
}

// tag reads the name and attributes of the current tag. Of attributes given
// twice the first counts, as it does in a browser.
func tag(z *html.Tokenizer) (name string, attrs map[string]string) {
	n, more := z.TagName()
	name = string(n)
	for i := 0; more && i < 64; i++ {
		var k, v []byte
		k, v, more = z.TagAttr()
		if attrs == nil {
			attrs = map[string]string{}
		}
		if _, twice := attrs[string(k)]; !twice {
			attrs[string(k)] = string(v)
		}
	}
	return name, attrs
}
