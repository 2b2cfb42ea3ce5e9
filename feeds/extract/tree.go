package extract

import (
	"bytes"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds on what is given to whom. trafilatura takes time quadratic in the
// number of elements, and copies all paragraphs read so far with each one;
// html.Parse takes memory linear in elements and attributes, and refuses more
// than 512 open elements by itself.
const (
	maxVoteTags  = 20_000    // over this, readability alone
	maxVoteCost  = 400e6     // paragraphs times bytes of text: over this, readability alone
	maxVoteDepth = 80        // elements around a byte of text on average: over this, readability alone
	maxNested    = 40e6      // bytes of text times the elements around them: over this, no extractor at all
	maxText      = 1 << 20   // bytes of visible text, indentation not: over this, no extractor at all
	maxShown     = 2 << 20   // bytes of text as written, entities too, indentation not: over this, no tree at all
	maxTreeTags  = 50_000    // over this, no tree at all
	maxTreeAttrs = 400_000   // over this, no tree at all
	maxTagWords  = 300_000   // words without a '>' between them: a tag made of attributes
	maxPlainText = 256 << 10 // bytes of text kept where there is no tree
)

// tree is a parsed page and what is known of its size.
type tree struct {
	source   []byte // in UTF-8
	doc      *html.Node
	tags     int
	plain    string // the text, where the page was too complex for a tree
	warnings []string
}

// parse builds the tree of a page in UTF-8. A page that would cost too much
// is given as plain text, with the tree of its head alone.
func parse(source []byte) *tree {
	t := &tree{source: source}
	var ok bool
	if t.tags, ok = survey(source); ok {
		doc, err := html.Parse(bytes.NewReader(source))
		if err == nil {
			t.doc = doc
			number(doc)
			return t
		}
	}
	t.flatten("page too complex: read as plain text")
	return t
}

// flatten gives up the tree for plain text.
func (t *tree) flatten(why string) {
	t.plain = plainText(t.source)
	t.warnings = append(t.warnings, why)
	var err error
	if t.doc, err = html.Parse(strings.NewReader(headOf(t.source))); err != nil {
		t.doc = &html.Node{Type: html.DocumentNode}
	}
}

// visible is the beginning of all text that the page shows, in lower case.
func (t *tree) visible() string {
	if t.plain != "" {
		return strings.ToLower(t.plain[:min(len(t.plain), visibleBytes)])
	}
	return strings.ToLower(textOf(t.doc, visibleBytes))
}

const visibleBytes = 8 << 10

// survey counts start tags, and says whether a tree may be built.
func survey(text []byte) (tags int, ok bool) {
	if bytes.Count(text, []byte("<")) <= maxVoteTags && len(text) < 1<<20 {
		return bytes.Count(text, []byte("<")), true
	}
	for rest := text; len(rest) > 0; {
		i := bytes.IndexByte(rest, '>')
		if i < 0 {
			i = len(rest) - 1
		}
		if i > maxTagWords && countSpaces(rest[:i]) > maxTagWords {
			return 0, false
		}
		rest = rest[i+1:]
	}
	attrs, shown := 0, 0
	raw := false // within script or style, whose text nobody sees
	z := html.NewTokenizer(bytes.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return tags, z.Err() == io.EOF
		case html.TextToken:
			if !raw {
				shown += len(bytes.TrimSpace(z.Raw())) // but for indentation
			}
			if shown > maxShown {
				return tags, false
			}
		case html.EndTagToken:
			raw = false
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			a := atom.Lookup(name)
			raw = a == atom.Script || a == atom.Style
			tags++
			attrs += bytes.Count(z.Raw(), []byte("=")) + countSpaces(z.Raw())
			if tags > maxTreeTags || attrs > maxTreeAttrs*2 {
				return tags, false
			}
		}
	}
}

// countSpaces counts the runs of white space in b.
func countSpaces(b []byte) int {
	n, in := 0, false
	for _, c := range b {
		space := c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'
		if space && !in {
			n++
		}
		in = space
	}
	return n
}

// headOf is the head of a page alone, for its metadata.
func headOf(text []byte) string {
	head := text[:min(len(text), 64<<10)]
	if i := bytes.Index(bytes.ToLower(head), []byte("<body")); i >= 0 {
		head = head[:i]
	}
	return string(head)
}

// plainText is the text of a page without building a tree: every block tag
// begins a paragraph.
func plainText(text []byte) string {
	var out strings.Builder
	z := html.NewTokenizer(bytes.NewReader(text))
	skip := atom.Atom(0)
	for out.Len() < maxPlainText {
		switch z.Next() {
		case html.ErrorToken:
			return paragraphs(out.String())
		case html.TextToken:
			if skip == 0 {
				text := z.Text()
				out.Write(text[:min(len(text), maxPlainText)])
			}
		case html.StartTagToken:
			name, _ := z.TagName()
			a := atom.Lookup(name)
			if skip == 0 && (a == atom.Script || a == atom.Style || a == atom.Head || a == atom.Title || a == atom.Noscript || a == atom.Svg) {
				skip = a
			}
			if blockLevel(a) || a == atom.Br {
				out.WriteString("\n\n")
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if a := atom.Lookup(name); a == skip {
				skip = 0
			} else if blockLevel(a) {
				out.WriteString("\n\n")
			}
		}
	}
	return paragraphs(out.String())
}

// paragraphs tidies text whose paragraphs are separated by blank lines.
func paragraphs(s string) string {
	var out []string
	for _, p := range strings.Split(s, "\n\n") {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "\n\n")
}

// mark is the attribute by which an element of the page is found again in
// what an extractor made of the page.
const mark = "data-cw"

// number gives every block element its place in document order.
func number(doc *html.Node) {
	i := 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == mark })
		if !blockLevel(n.DataAtom) {
			continue
		}
		n.Attr = append(n.Attr, html.Attribute{Key: mark, Val: strconv.Itoa(i)})
		i++
	}
}

// attr is the value of an attribute, "" if it is absent.
func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

// textOf is the text under n, white space collapsed, at most max bytes of it
// or a little more.
func textOf(n *html.Node, max int) string {
	var b strings.Builder
	collect(n, &b, max)
	return strings.Join(strings.Fields(b.String()), " ")
}

func collect(n *html.Node, b *strings.Builder, max int) {
	if b.Len() > max {
		return
	}
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
	}
	if n.Type == html.ElementNode && (skipped(n.DataAtom) && n.DataAtom != atom.Title) {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		collect(c, b, max)
	}
	if n.Type == html.ElementNode && (blockLevel(n.DataAtom) || n.DataAtom == atom.Br) {
		b.WriteByte(' ')
	}
}

// strip removes what no reader reads, so that the extractors, which copy the
// tree several times, copy less. It must come after gather.
func strip(n *html.Node, inParagraph bool) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case c.Type == html.CommentNode, c.Type == html.ElementNode && (unread(c) || inParagraph && popup(c)):
			n.RemoveChild(c)
		default:
			strip(c, inParagraph || c.DataAtom == atom.P)
		}
		c = next
	}
}

// popupClass names what opens over a word of a paragraph.
var popupClass = regexp.MustCompile(`(?i)(rollover|tooltip|popover|hovercard|flyout|popup)[\w-]*(block|content|card|box|panel|body|text|inner)`)

func popup(n *html.Node) bool {
	return (n.DataAtom == atom.Span || n.DataAtom == atom.Div) && popupClass.MatchString(attr(n, "class"))
}

func unread(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Svg, atom.Meta, atom.Link, atom.Base:
		return true
	}
	return false
}
