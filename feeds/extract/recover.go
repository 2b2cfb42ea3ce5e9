package extract

import (
	"strconv"
	"sync"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// recover puts back what readability drops within an article: embedded posts
// and quoted statements between its paragraphs, which often hold its first
// figures; paragraphs between its own that trafilatura confirms; and a lede
// that stands in the page's header.
func (a *article) recover(t *tree, confirmed wordSet) {
	if len(a.blocks) == 0 || a.root == nil {
		return
	}
	at := places(a.blocks)
	first, last := at[0], at[len(at)-1]
	taken := map[int]bool{}
	for _, p := range at {
		taken[p] = true
	}
	have := sync.OnceValue(func() wordSet { return newWordSet(a.text()) })
	var found []*html.Node
	for n := range t.doc.Descendants() {
		p, numbered := placeOf(n)
		if !numbered && !embedded(n) || taken[p] && numbered || within(n, found) {
			continue
		}
		if !numbered {
			p, _ = place(n)
		}
		quoted := n.DataAtom == atom.Blockquote || embedded(n)
		between := p > first && p < last
		switch {
		case quoted && p > first && p <= last+embedReach:
		case between && paragraph(n.DataAtom) && confirmed.bytes > 0:
		case p < first && n.DataAtom == atom.P && confirmed.bytes > 0 && isLede(n):
		default:
			continue
		}
		text := textOf(n, 8192)
		if text != "" && have().share(text) < agreed && (quoted || confirmed.share(text) >= certain && !linky(n, text)) {
			found = append(found, n)
		}
	}
	for _, n := range found {
		a.insert(n, at)
		at = places(a.blocks)
	}
}

// certain is the share of trigrams at which trafilatura's text is taken to
// hold a paragraph that readability has dropped.
const certain = .9

func paragraph(a atom.Atom) bool {
	return a == atom.P || a == atom.H2 || a == atom.H3 || a == atom.H4
}

// ledeRunes is the least length of a lede.
const ledeRunes = 80

// isLede reports a sentence in a <header>, which readability never reads.
func isLede(n *html.Node) bool {
	for p, up := n.Parent, 0; p != nil && up < 4; p, up = p.Parent, up+1 {
		if p.DataAtom == atom.Header {
			text := textOf(n, 2048)
			return utf8.RuneCountInString(text) >= ledeRunes && endsSentence(text)
		}
	}
	return false
}

// linky reports a paragraph of which more than half is links.
func linky(n *html.Node, text string) bool {
	link := 0
	for d := range n.Descendants() {
		if d.DataAtom == atom.A {
			link += len(textOf(d, 4096))
		}
	}
	return link*2 > len(text)
}

// embedReach is how many block elements below the last paragraph a post may
// stand that ends an article.
const embedReach = 6

// embedNames are the classes of the elements that publishers' embedding
// scripts replace.
var embedNames = []string{"twitter-tweet", "twitter-video", "instagram-media", "tiktok-embed", "bluesky-embed", "mastodon-embed",
	"fb-post", "reddit-embed", "reddit-card", "threads-post", "text-post-media"}

func embedded(n *html.Node) bool {
	if n.DataAtom != atom.Blockquote && n.DataAtom != atom.Div {
		return false
	}
	class := attr(n, "class")
	return class != "" && containsAny(class, embedNames)
}

// place is the number that number gave to n, or to the closest numbered
// element around it.
func place(n *html.Node) (int, bool) {
	for ; n != nil; n = n.Parent {
		if i, ok := placeOf(n); ok {
			return i, true
		}
	}
	return 0, false
}

func placeOf(n *html.Node) (int, bool) {
	if n.Type != html.ElementNode {
		return 0, false
	}
	i, err := strconv.Atoi(attr(n, mark))
	return i, err == nil
}

// places gives each block its place in the page: never before the block
// above it, because extractors wrap text in elements without a number.
func places(bs []block) []int {
	at := make([]int, len(bs))
	for i, b := range bs {
		at[i], _ = place(b.node)
		if i > 0 {
			at[i] = max(at[i], at[i-1])
		}
	}
	return at
}

func within(n *html.Node, outer []*html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		for _, o := range outer {
			if p == o {
				return true
			}
		}
	}
	return false
}

// insert puts a copy of n, an element of the page, behind the last block that
// stands before it there.
func (a *article) insert(n *html.Node, at []int) {
	p, _ := place(n)
	i := 0
	for i < len(at) && at[i] < p {
		i++
	}
	copied := clone(n)
	if i == 0 {
		a.root.InsertBefore(copied, a.root.FirstChild)
		a.blocks = append(blocks(copied), a.blocks...)
		return
	}
	after := a.blocks[i-1].node
	for after.Parent != nil && after.Parent != a.root && !flowsIn(after.Parent) {
		after = after.Parent
	}
	if after.Parent == nil {
		return
	}
	after.Parent.InsertBefore(copied, after.NextSibling)
	added := blocks(copied)
	if n.DataAtom == atom.Blockquote || embedded(n) {
		for j := range added {
			added[j].kinds |= inQuote | inEmbed
		}
	}
	a.blocks = append(a.blocks[:i:i], append(added, a.blocks[i:]...)...)
}

// flowsIn reports whether a quotation may stand in n beside paragraphs.
func flowsIn(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Div, atom.Article, atom.Section, atom.Main, atom.Body, atom.Td:
		return true
	}
	return false
}

func clone(n *html.Node) *html.Node {
	c := &html.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data, Namespace: n.Namespace, Attr: append([]html.Attribute(nil), n.Attr...)}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.AppendChild(clone(child))
	}
	return c
}
