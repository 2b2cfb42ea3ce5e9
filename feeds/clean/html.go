package clean

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// Limits of the sanitiser. Below maxDepth no parser refuses what it gives.
const (
	maxHTML   = 512 << 10 // bytes given
	maxSource = 4 * maxHTML
	maxDepth  = 100 // elements open at once; deeper ones leave their text behind
	maxClose  = maxDepth * 16
)

// HTML returns fragment as harmless HTML of at most 512 KiB: only elements
// and attributes of our policy, every one closed, links and images absolute
// (resolved against base, which may be nil) with http, https or mailto alone.
// Text, links, lists, tables, code, images and quotations survive. Cleaning
// what is clean changes nothing.
//
// One pass of ours over its tokens drops what is no text of the document,
// nests and closes elements, bounds depth and length and makes addresses
// absolute; then all passes the gate, which is bluemonday's with our policy.
// The output holds no element that switches a parser's state (no script,
// style, svg, math, textarea, ...), so every parser reads in it the same
// tokens that were written.
func HTML(fragment string, base *url.URL) string {
	s := &sanitiser{base: base}
	return s.run(fragment)
}

// HTMLText returns what HTML returns, and the Text of that, in one pass.
func HTMLText(fragment string, base *url.URL) (clean, text string) {
	s := &sanitiser{base: base, plain: &textWriter{}}
	clean = s.run(fragment)
	return clean, s.plain.result()
}

func (s *sanitiser) run(fragment string) string {
	walk(cut(fragment, maxSource), s)
	s.closeTo(0)
	return pass(s.out.String())
}

// sanitiser is the state of one pass: what was written and what is open.
type sanitiser struct {
	out  strings.Builder
	base *url.URL
	open []string       // names of open elements, outermost first
	shut map[string]int // start tags that were too deep, whose end tags are to be ignored; nil until there are any
	full bool

	plain *textWriter // also gets what is kept, if not nil
}

// text writes text, escaped as the gate does it.
func (s *sanitiser) text(t string) {
	t = legalString(t)
	if s.write(html.EscapeString(t)) && s.plain != nil {
		s.plain.text(t)
	}
}

func (s *sanitiser) done() bool { return s.full }

// write appends out, or ends the pass where the limit would be passed: whole
// tokens alone, and room for the end tags of all that is open.
func (s *sanitiser) write(out string) bool {
	if s.full || s.out.Len()+len(out) > maxHTML-maxClose {
		s.full = true
		return false
	}
	s.out.WriteString(out)
	return true
}

// start writes a start tag if the policy keeps the element here.
func (s *sanitiser) start(name string, attrs map[string]string) {
	kind := elements[name]
	if kind == unknown {
		if breaks[name] {
			s.closeParagraph()
		}
		return
	}
	link := ""
	if name == "a" {
		if link = s.linkOf(attrs); link == "" {
			return
		}
	}
	if (kind == tabular || kind == cell || name == "col") && !slices.Contains(s.open, "table") {
		return
	}
	s.imply(name, kind)
	if kind != void && len(s.open) >= maxDepth {
		if s.shut == nil {
			s.shut = map[string]int{}
		}
		s.shut[name]++
		return
	}
	out := s.render(name, attrs, link)
	if out == "" || !s.write(out) {
		return
	}
	if s.plain != nil {
		s.plain.start(name, nil)
	}
	if kind == void {
		return
	}
	s.open = append(s.open, name)
}

// render is the start tag with the attributes that the policy keeps, and of an
// <a> where it leads; "" for an image without an address or with the size of a
// tracking pixel.
func (s *sanitiser) render(name string, attrs map[string]string, link string) string {
	if len(attrs) == 0 && name != "img" {
		return "<" + name + ">"
	}
	var b strings.Builder
	b.WriteByte('<')
	b.WriteString(name)
	put := func(key, value string) {
		b.WriteString(` ` + key + `="`)
		b.WriteString(html.EscapeString(value))
		b.WriteByte('"')
	}
	switch name {
	case "a":
		put("href", link)
		put("rel", linkRel)
	case "img":
		src := s.imageOf(attrs)
		if src == "" || isPixel(attrs) {
			return ""
		}
		put("src", src)
	case "blockquote", "q", "del", "ins":
		if cite := URL(attrs["cite"], s.base); cite != "" {
			put("cite", cite)
		}
	}
	for _, key := range sortedKeys(attrs) {
		if key == "href" || key == "src" || key == "cite" || key == "rel" || attributes[name][key] == nil && attributes[""][key] == nil {
			continue
		}
		if value := cut(legalString(attrs[key]), maxValue); value != "" || key == "alt" {
			put(key, value)
		}
	}
	b.WriteByte('>')
	return b.String()
}

func sortedKeys(attrs map[string]string) []string {
	keys := make([]string, 0, len(attrs))
	for k := range attrs {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// linkOf is where a link leads: an absolute address or a mailto.
func (s *sanitiser) linkOf(attrs map[string]string) string {
	href := strings.TrimSpace(attrs["href"])
	if len(href) > 7 && strings.EqualFold(href[:7], "mailto:") {
		return mailto(href)
	}
	return URL(href, s.base)
}

// mailto rebuilds a mailto link from its address and subject; "" if that is
// no address.
func mailto(href string) string {
	u, err := url.Parse(href)
	if err != nil || len(href) > maxURL || !strings.Contains(u.Opaque, "@") {
		return ""
	}
	out := url.URL{Scheme: "mailto", Opaque: u.Opaque}
	if subject := u.Query().Get("subject"); subject != "" {
		out.RawQuery = "subject=" + strings.ReplaceAll(url.QueryEscape(subject), "+", "%20")
	}
	return out.String()
}

// imageOf is the address of an image.
func (s *sanitiser) imageOf(attrs map[string]string) string {
	for _, key := range imageSources {
		if src := attrs[key]; src != "" {
			if src = URL(src, s.base); src != "" {
				return src
			}
		}
	}
	return ""
}

// isPixel reports whether an image is there to count readers.
func isPixel(attrs map[string]string) bool {
	tiny := func(v string) bool { return v == "0" || v == "1" || v == "0px" || v == "1px" }
	return tiny(attrs["width"]) && tiny(attrs["height"])
}

// closers lists, for an element that starts, what it closes and how far up
// that is looked for.
var closers = map[string]struct{ closes, within []string }{
	"li":    {[]string{"li"}, []string{"ul", "ol"}},
	"dt":    {[]string{"dt", "dd"}, []string{"dl"}},
	"dd":    {[]string{"dt", "dd"}, []string{"dl"}},
	"tr":    {[]string{"tr", "caption", "colgroup"}, []string{"table"}},
	"td":    {[]string{"td", "th", "caption"}, []string{"table", "tr"}},
	"th":    {[]string{"td", "th", "caption"}, []string{"table", "tr"}},
	"thead": {[]string{"thead", "tbody", "tfoot", "caption", "colgroup"}, []string{"table"}},
	"tbody": {[]string{"thead", "tbody", "tfoot", "caption", "colgroup"}, []string{"table"}},
	"tfoot": {[]string{"thead", "tbody", "tfoot", "caption", "colgroup"}, []string{"table"}},
	"h1":    {headings, nil}, "h2": {headings, nil}, "h3": {headings, nil},
	"h4": {headings, nil}, "h5": {headings, nil}, "h6": {headings, nil},
	"a": {[]string{"a"}, nil},
}

var headings = []string{"h1", "h2", "h3", "h4", "h5", "h6"}

// imply closes what HTML says the start of name closes.
func (s *sanitiser) imply(name string, kind role) {
	if kind == block || kind == table || name == "hr" {
		s.closeParagraph()
	}
	rule, ok := closers[name]
	if !ok {
		return
	}
	found := -1
	for i := len(s.open) - 1; i >= 0; i-- {
		if slices.Contains(rule.closes, s.open[i]) {
			found = i
			if len(rule.closes) == 1 {
				break
			}
			continue
		}
		if slices.Contains(rule.within, s.open[i]) || isCell(s.open[i]) && kind != tabular && kind != cell {
			break
		}
	}
	if found >= 0 {
		s.closeTo(found)
	}
}

func isCell(name string) bool { return elements[name] == cell || elements[name] == table }

// closeParagraph closes an open <p>, which holds inline elements alone.
func (s *sanitiser) closeParagraph() {
	for i := len(s.open) - 1; i >= 0; i-- {
		if s.open[i] == "p" {
			s.closeTo(i)
			return
		}
		if elements[s.open[i]] != inline {
			return
		}
	}
}

// end closes the innermost open element of that name, and what is inside it.
// An end tag inside a table cell closes nothing outside of the cell.
func (s *sanitiser) end(name string) {
	if s.shut[name] > 0 {
		s.shut[name]--
		return
	}
	kind := elements[name]
	if kind == unknown {
		if breaks[name] {
			s.closeParagraph()
		}
		return
	}
	for i := len(s.open) - 1; i >= 0; i-- {
		if s.open[i] == name {
			s.closeTo(i)
			return
		}
		inTable := kind == tabular || kind == cell
		if inTable && s.open[i] == "table" || isCell(s.open[i]) && !inTable && kind != table {
			return
		}
	}
}

// closeTo writes the end tags of all open elements from n on, innermost first.
func (s *sanitiser) closeTo(n int) {
	for i := len(s.open) - 1; i >= n; i-- {
		s.out.WriteString("</" + s.open[i] + ">")
		if s.plain != nil {
			s.plain.end(s.open[i])
		}
	}
	s.open = s.open[:n]
}

// legalString is legal for a string.
func legalString(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	return strings.Map(legalRune, s)
}

// cut shortens s to at most n bytes, at the boundary of a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
