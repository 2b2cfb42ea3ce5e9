package extract

import (
	"regexp"
	"strconv"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// recover puts back what readability drops within an article: embedded posts
// and quoted statements between its paragraphs, which often hold its first
// figures, and the lede above them where trafilatura confirms it.
func (a *article) recover(t *tree) {
	if len(a.blocks) == 0 || a.root == nil {
		return
	}
	at := places(a.blocks)
	first, last := at[0], at[len(at)-1]
	have := newWordSet(a.text())
	var quotes []*html.Node
	for n := range t.doc.Descendants() {
		if n.DataAtom != atom.Blockquote && !embedded(n) {
			continue
		}
		if p, ok := place(n); ok && p > first && p <= last+embedReach && !within(n, quotes) && have.share(textOf(n, 4096)) < agreed {
			quotes = append(quotes, n)
		}
	}
	for _, q := range quotes {
		a.insert(q, at)
		at = places(a.blocks)
	}
}

// embedReach is how many block elements below the last paragraph a post may
// stand that ends an article.
const embedReach = 6

// embedClass names the elements that publishers' embedding scripts replace.
var embedClass = regexp.MustCompile(`(^|\s)(twitter-(tweet|video)|instagram-media|tiktok-embed|bluesky-embed|mastodon-embed|fb-post|reddit-(embed|card)|threads-post|text-post-media)`)

func embedded(n *html.Node) bool {
	return n.Type == html.ElementNode && n.DataAtom != atom.A && embedClass.MatchString(attr(n, "class"))
}

// place is the number that number gave to n, or to the closest numbered
// element around it.
func place(n *html.Node) (int, bool) {
	for ; n != nil; n = n.Parent {
		if i, err := strconv.Atoi(attr(n, mark)); err == nil {
			return i, true
		}
	}
	return 0, false
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
	if i == 0 {
		return
	}
	copied := clone(n)
	after := a.blocks[i-1].node
	for after.Parent != nil && after.Parent != a.root && !flowsIn(after.Parent) {
		after = after.Parent
	}
	if after.Parent == nil {
		return
	}
	after.Parent.InsertBefore(copied, after.NextSibling)
	added := blocks(copied)
	for j := range added {
		added[j].kinds |= inQuote | inEmbed
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
