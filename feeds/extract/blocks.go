package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// block is one paragraph, heading, list entry, table row or caption.
type block struct {
	text  string // white space collapsed, line breaks kept as "\n"
	link  int    // bytes of text that stand in links
	tag   atom.Atom
	node  *html.Node   // the element that holds the text most closely
	kinds kind         // what stands around it
	texts []*html.Node // the text nodes it was read from
}

// kind says within what a block stands.
type kind uint16

const (
	inQuote kind = 1 << iota
	inList
	inTable
	inCaption
	inHeading
	inPre
	inHeader
	inEmbed
)

// blocks cuts the text under root into blocks, in document order.
func blocks(root *html.Node) []block {
	c := cutter{}
	c.walk(root, root, 0, false)
	c.flush()
	return c.out
}

// cutter collects inline text until a block begins or ends.
type cutter struct {
	out   []block
	buf   strings.Builder
	link  int
	node  *html.Node
	kinds kind
	texts []*html.Node // the text nodes it was read from
}

func (c *cutter) flush() {
	text := squeeze(c.buf.String())
	if text != "" {
		c.out = append(c.out, block{text: text, link: min(c.link, len(text)), tag: c.node.DataAtom, node: c.node, kinds: c.kinds, texts: c.texts})
	}
	c.buf.Reset()
	c.link, c.texts = 0, nil
}

// walk reads n; holder is the innermost block element around it.
func (c *cutter) walk(n, holder *html.Node, kinds kind, inLink bool) {
	switch n.Type {
	case html.TextNode:
		c.text(n.Data, holder, kinds, inLink)
		c.texts = append(c.texts, n)
		return
	case html.ElementNode, html.DocumentNode:
	default:
		return
	}
	switch {
	case n.DataAtom == atom.Br:
		c.text(lineBreak, holder, kinds, inLink)
		return
	case skipped(n.DataAtom):
		return
	case n.DataAtom == atom.Tr && !holdsBlocks(n):
		c.row(n, kinds|inTable)
		return
	}
	isBlock := blockLevel(n.DataAtom)
	if isBlock {
		c.flush()
		holder = n
		kinds |= kindOf(n.DataAtom)
	}
	inLink = inLink || n.DataAtom == atom.A
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.walk(child, holder, kinds, inLink)
	}
	if isBlock {
		c.flush()
	}
}

func (c *cutter) text(s string, holder *html.Node, kinds kind, inLink bool) {
	if c.buf.Len() == 0 {
		c.node, c.kinds = holder, kinds
	}
	c.buf.WriteString(s)
	if inLink {
		c.link += len(strings.TrimSpace(s))
	}
}

// row reads a table row of plain cells as one block.
func (c *cutter) row(tr *html.Node, kinds kind) {
	c.flush()
	first := true
	for cell := tr.FirstChild; cell != nil; cell = cell.NextSibling {
		if cell.Type != html.ElementNode {
			continue
		}
		if !first {
			c.text(" | ", tr, kinds, false)
		}
		first = false
		for child := cell.FirstChild; child != nil; child = child.NextSibling {
			c.walk(child, tr, kinds, false)
		}
	}
	if strings.Trim(c.buf.String(), " |\n\t\r") == "" {
		c.buf.Reset()
	}
	c.flush()
}

// lineBreak stands for <br> until squeeze, where every other run of white
// space becomes one space.
const lineBreak = "\x00"

// squeeze collapses white space and turns line breaks into "\n".
func squeeze(s string) string {
	parts := strings.Split(s, lineBreak)
	out := parts[:0]
	for _, p := range parts {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "\n")
}

func holdsBlocks(n *html.Node) bool {
	for cell := n.FirstChild; cell != nil; cell = cell.NextSibling {
		for d := range cell.Descendants() {
			if d.Type == html.ElementNode && blockLevel(d.DataAtom) {
				return true
			}
		}
	}
	return false
}

func blockLevel(a atom.Atom) bool {
	switch a {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Caption, atom.Center, atom.Dd,
		atom.Details, atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hgroup, atom.Hr, atom.Li, atom.Main,
		atom.Nav, atom.Ol, atom.P, atom.Pre, atom.Section, atom.Summary, atom.Table, atom.Tbody, atom.Td, atom.Tfoot,
		atom.Th, atom.Thead, atom.Tr, atom.Ul:
		return true
	}
	return false
}

// skipped names elements whose text is nobody's prose.
func skipped(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Textarea, atom.Select, atom.Button, atom.Svg,
		atom.Math, atom.Iframe, atom.Object, atom.Head, atom.Title, atom.Audio, atom.Video, atom.Canvas:
		return true
	}
	return false
}

func kindOf(a atom.Atom) kind {
	switch a {
	case atom.Blockquote:
		return inQuote
	case atom.Li, atom.Dd, atom.Dt:
		return inList
	case atom.Table, atom.Td, atom.Th:
		return inTable
	case atom.Figcaption, atom.Caption, atom.Figure:
		return inCaption
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return inHeading
	case atom.Pre:
		return inPre
	case atom.Header:
		return inHeader
	}
	return 0
}
