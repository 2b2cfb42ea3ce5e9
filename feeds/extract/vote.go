package extract

import (
	"fmt"
	"net/url"
	"slices"
	"time"
	"unicode/utf8"

	readability "codeberg.org/readeck/go-readability/v2"
	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// agreed is the share of a block's trigrams that must stand in trafilatura's
// text. Measured insensitive between .3 and .9.
const agreed = .6

// covered is the part of trafilatura's text that the vote must leave.
const covered = .5

// deadline is how long the extractors may take together: two hundred times
// what a page takes, so only a hostile one meets it.
const deadline = 1200 * time.Millisecond

// article is the text that was found, and by which method.
type article struct {
	blocks   []block
	root     *html.Node // what the blocks were cut from; nil if there is no tree
	method   string     // "vote", "readability", "trafilatura", "json-ld", "plain"
	warnings []string
}

// readings is what the two extractors made of a page; nil where one gave up.
type readings struct {
	readability *html.Node
	trafilatura *html.Node
	words       wordSet // trafilatura's, for the vote
	warnings    []string
}

// readArticle finds the article's blocks in a tree, whose facts have been
// gathered. The tree is changed by it.
func readArticle(t *tree, f *facts, base *url.URL, limit time.Duration) article {
	if t.plain == "" && (f.shown > maxText || f.nested > maxNested) {
		t.flatten("too much text: read as plain text")
	}
	if t.plain == "" {
		strip(t.doc, false)
		if r, ok := readWithin(limit, t, f, base); ok {
			art := vote(r)
			art.warnings = append(art.warnings, r.warnings...)
			art.recover(t, r.words)
			art.blocks = tidy(art.blocks, f)
			return art
		}
		t.flatten("extraction took too long: read as plain text")
	}
	return plainArticle(t.plain, "plain")
}

// readWithin runs the extractors with a deadline. Neither can be cancelled:
// one that takes longer goes on in the background with the tree, which then
// is its own, and its result is dropped.
func readWithin(limit time.Duration, t *tree, f *facts, base *url.URL) (readings, bool) {
	done := make(chan readings, 1)
	doc := t.doc
	both := t.tags <= maxVoteTags && f.paras*f.bytes <= maxVoteCost && f.nested <= maxVoteDepth*f.bytes
	go func() { done <- read(doc, both, f, base) }()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case r := <-done:
		return r, true
	case <-timer.C:
		return readings{}, false
	}
}

// read runs the extractors over one tree, which each copies. Where
// readability keeps nearly all text of a small page there is nothing to vote
// on, and trafilatura, the costlier of the two, is spared. A panic in either,
// which hostile pages have caused, loses its reading alone.
func read(doc *html.Node, both bool, f *facts, base *url.URL) (r readings) {
	r.guard("readability", func() { r.readability = readably(doc, base) })
	if both && !r.complete(f) {
		metas := satisfy(doc, f)
		r.guard("trafilatura", func() {
			var text string
			r.trafilatura, text = trafilate(doc, base)
			r.words = newWordSet(text)
		})
		for _, m := range metas {
			m.Parent.RemoveChild(m)
		}
	}
	return r
}

// A page of at most plainTags elements of which nearlyAll of the text was
// taken for the article leaves nothing to vote on.
const (
	plainTags = 64
	nearlyAll = .94
)

func (r readings) complete(f *facts) bool {
	if r.readability == nil || f.elements > plainTags {
		return false
	}
	n := 0
	for _, b := range blocks(r.readability) {
		n += len(b.text)
	}
	return float64(n) >= nearlyAll*float64(f.shown)
}

// satisfy puts metadata into the head for trafilatura, which else searches
// the whole tree for an author and a title that we have gathered already.
func satisfy(doc *html.Node, f *facts) []*html.Node {
	head := find(doc, atom.Head)
	if head == nil {
		return nil
	}
	var added []*html.Node
	for name, value := range map[string]string{
		"og:title": firstOf(f.title, "title"), "og:author": "Staff Writer", "og:url": "https://example.com/", "og:type": "article",
		"og:description": "description", "og:site_name": "Site", "og:image": "https://example.com/", "og:article:tag": "tag",
	} {
		m := &html.Node{Type: html.ElementNode, DataAtom: atom.Meta, Data: "meta", Attr: []html.Attribute{{Key: "property", Val: name}, {Key: "content", Val: value}}}
		head.AppendChild(m)
		added = append(added, m)
	}
	return added
}

func find(n *html.Node, a atom.Atom) *html.Node {
	for d := range n.Descendants() {
		if d.DataAtom == a {
			return d
		}
	}
	return nil
}

// guard runs one extractor, and notes it if it panics.
func (r *readings) guard(name string, extract func()) {
	defer func() {
		if p := recover(); p != nil {
			r.warnings = append(r.warnings, fmt.Sprintf("%s failed: %v", name, p))
		}
	}()
	extract()
}

func trafilate(doc *html.Node, base *url.URL) (*html.Node, string) {
	res, err := trafilatura.ExtractDocument(doc, trafilatura.Options{
		OriginalURL:     base,
		Focus:           trafilatura.FavorRecall,
		ExcludeComments: true,
		HtmlDateMode:    trafilatura.Disabled,
	})
	if err != nil {
		return nil, ""
	}
	return res.ContentNode, res.ContentText
}

func readably(doc *html.Node, base *url.URL) *html.Node {
	p := readability.NewParser()
	p.DisableJSONLD = true
	p.KeepClasses = true
	art, err := p.ParseDocument(doc, base)
	if err != nil {
		return nil
	}
	return art.Node
}

// vote keeps readability's blocks that trafilatura confirms, and its prose
// among them that trafilatura passes over: ledes above all. Where the two
// agree on less than half of the text, or on a small part of trafilatura's,
// one of them has missed the article.
func vote(r readings) article {
	if r.readability == nil {
		return whole(r.trafilatura, "trafilatura")
	}
	all := blocks(r.readability)
	if r.trafilatura == nil {
		return article{blocks: all, root: r.readability, method: "readability"}
	}
	agree := make([]bool, len(all))
	total, got := 0, 0
	for i, b := range all {
		agree[i] = r.words.share(b.text) >= agreed
		total += len(b.text)
		if agree[i] {
			got += len(b.text)
		}
	}
	if got*2 >= total && float64(got) >= covered*float64(r.words.bytes) {
		return article{blocks: withProse(all, agree), root: r.readability, method: "vote"}
	}
	why := fmt.Sprintf("extractors agree on %d of %d and %d bytes", got, total, r.words.bytes)
	if r.words.bytes*2 < total && countElements(r.readability, atom.Article) < manyArticles {
		return article{blocks: all, root: r.readability, method: "readability", warnings: []string{why}}
	}
	art := whole(r.trafilatura, "trafilatura")
	art.warnings = []string{why}
	return art
}

// manyArticles is how many <article> elements tell a list of posts, of which
// readability takes all and trafilatura the first.
const manyArticles = 3

// withProse keeps the blocks that are agreed on, up to two sentences above
// them, and sentences that stand between them as their siblings.
func withProse(all []block, agree []bool) []block {
	first := slices.Index(agree, true)
	var kept []block
	for i, b := range all {
		switch {
		case agree[i]:
		case i < first && i >= first-2 && isProse(b):
		case i > first && i+1 < len(all) && agree[i-1] && agree[i+1] && isProse(b) && b.node.Parent == all[i-1].node.Parent:
		default:
			continue
		}
		kept = append(kept, b)
	}
	return kept
}

// proseRunes is the least length of a sentence that nobody confirms.
const proseRunes = 80

func isProse(b block) bool {
	return utf8.RuneCountInString(b.text) >= proseRunes && endsSentence(b.text) && !isCaption(b) && b.link*2 < len(b.text)
}

func countElements(n *html.Node, a atom.Atom) int {
	count := 0
	for d := range n.Descendants() {
		if d.DataAtom == a {
			count++
		}
	}
	return count
}

func whole(n *html.Node, method string) article {
	if n == nil {
		return article{method: method}
	}
	return article{blocks: blocks(n), root: n, method: method}
}
