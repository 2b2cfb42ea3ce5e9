package extract

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"clusterwire/feeds/clean"
	"clusterwire/feeds/news"
)

// plainArticle is an article of paragraphs without markup.
func plainArticle(text, method string) article {
	a := article{method: method}
	for _, p := range strings.Split(text, "\n\n") {
		if p != "" {
			a.blocks = append(a.blocks, block{text: p, tag: atom.P})
		}
	}
	return a
}

// text is the article's paragraphs, separated by blank lines, free of control
// and invisible characters.
func (a article) text() string {
	var out strings.Builder
	for _, b := range a.blocks {
		gap := "\n\n"
		for line := range strings.SplitSeq(b.text, "\n") {
			if line = clean.Line(line, 0); line == "" {
				continue
			}
			if out.Len() > 0 {
				out.WriteString(gap)
			}
			out.WriteString(line)
			gap = "\n"
		}
	}
	return out.String()
}

func (a article) words() int {
	n := 0
	for _, b := range a.blocks {
		n += countWords(b.text)
	}
	return n
}

// fill puts text, HTML and links into a page.
func (a article) fill(page *news.Page, base *url.URL) {
	page.Text = a.text()
	if a.root == nil {
		page.HTML = clean.HTML(a.markup(), base)
		return
	}
	a.prune()
	page.Links = links(a.root, base)
	var b strings.Builder
	if html.Render(&b, a.root) == nil {
		page.HTML = clean.HTML(b.String(), base)
	}
}

// markup is HTML for blocks that have none.
func (a article) markup() string {
	var b strings.Builder
	for _, bl := range a.blocks {
		b.WriteString("<p>" + html.EscapeString(bl.text) + "</p>\n")
	}
	return b.String()
}

// prune removes from the article's tree the text of every block that was not
// kept, and then whatever is left empty.
func (a article) prune() {
	kept := map[*html.Node]bool{}
	for _, b := range a.blocks {
		for _, t := range b.texts {
			kept[t] = true
		}
	}
	var walk func(n *html.Node) bool // reports whether n has content
	walk = func(n *html.Node) bool {
		if n.Type == html.TextNode {
			return kept[n]
		}
		has := n.DataAtom == atom.Img || n.DataAtom == atom.Br
		for c := n.FirstChild; c != nil; {
			next := c.NextSibling
			switch {
			case walk(c):
				has = has || c.DataAtom != atom.Br
			case c.Type != html.TextNode || strings.TrimSpace(c.Data) != "":
				n.RemoveChild(c)
			}
			c = next
		}
		return has
	}
	walk(a.root)
}

const maxLinks = 200

// links lists the addresses that an article links to, each once.
func links(root *html.Node, base *url.URL) []string {
	var out []string
	seen := map[string]bool{base.String(): true}
	for n := range root.Descendants() {
		if n.DataAtom != atom.A || len(out) >= maxLinks {
			continue
		}
		if u := clean.URL(attr(n, "href"), base); u != "" && !seen[u] && !sameButFragment(u, base) {
			seen[u] = true
			out = append(out, u)
		}
	}
	return out
}

func sameButFragment(link string, base *url.URL) bool {
	page, _, _ := strings.Cut(base.String(), "#")
	link, _, _ = strings.Cut(link, "#")
	return link == page
}
