package parse

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"clusterwire/feeds/clean"
	"clusterwire/feeds/news"

	"github.com/mmcdole/gofeed"
)

// Input says where a body came from.
type Input struct {
	URL             string // final address, after redirects; relative links are resolved against it
	ContentType     string // Content-Type as the server sent it
	ContentLocation string // Content-Location as the server sent it, "" if it did not
}

// base is what relative links are resolved against, nil if nothing is known.
func (in Input) base() *url.URL {
	u, err := url.Parse(in.URL)
	if err != nil || u.Host == "" {
		u = nil
	}
	return rebase(u, in.ContentLocation)
}

// rootTag finds where a document begins behind what was printed before it.
var rootTag = regexp.MustCompile(`(?i)<(?:[a-z0-9]+:)?(?:rss|rdf|feed|urlset|sitemapindex)[\s>]`)

// rootInPage finds a whole feed inside of a page, by what a page would not
// say by chance.
var rootInPage = regexp.MustCompile(`(?i)<feed\s[^>]*xmlns=["']http://www\.w3\.org/2005/Atom|<rss\s[^>]*version=|<rdf:RDF\s[^>]*xmlns=["']http://purl\.org/rss/`)

// junkWindow is how far the root is looked for behind other things.
const junkWindow = 64 << 10

// Feed reads a feed or sitemap of any format. The error, if any, is an
// *Error. A damaged body gives what it still holds, with Document.Damaged
// set; a body that holds no item and ends in its middle is an error.
func Feed(body []byte, in Input) (news.Document, error) {
	if first := bytes.TrimLeft(body, "\xef\xbb\xbf \t\r\n\x00"); len(first) > 0 && first[0] == '{' {
		return jsonFeed(first, in)
	}
	text, _ := clean.UTF8(body, in.ContentType)
	src := strings.TrimSpace(string(text))
	if src == "" {
		return news.Document{}, &Error{ClassEmpty, "the body is empty"}
	}
	if src[0] == '{' {
		return jsonFeed([]byte(src), in)
	}
	doc, err := readXML(src)
	var junk string
	if err == nil && !known(doc.root) {
		expression := rootTag
		if isHTML(doc.root) {
			expression = rootInPage
		}
		if at := expression.FindStringIndex(src[:min(len(src), junkWindow)]); at != nil && at[0] > 0 {
			junk = "something stands before the feed"
			doc, err = readXML(src[at[0]:])
		}
	}
	if errors.Is(err, errTooDeep) {
		return news.Document{}, &Error{ClassTooComplex, fmt.Sprintf("elements are nested deeper than %d", maxDepth)}
	}
	if err != nil {
		return news.Document{}, &Error{ClassNotAFeed, err.Error()}
	}
	if junk != "" && doc.damage == "" {
		doc.damage = junk
	}
	return doc.read(in)
}

// known reports whether root is that of a format we read.
func known(root *node) bool {
	if root == nil {
		return false
	}
	switch root.key {
	case "rss", "feed", "channel", "urlset", "sitemapindex":
		return true
	}
	return root.key == "rdf:rdf" || root.key == "rdf"
}

// isHTML reports whether root is that of a page.
func isHTML(root *node) bool {
	if root == nil {
		return false
	}
	switch strings.TrimPrefix(root.key, "xhtml:") {
	case "html", "head", "body", "script", "meta", "div":
		return true
	}
	return false
}

// read turns the tree into a news.Document.
func (d *document) read(in Input) (news.Document, error) {
	switch {
	case isHTML(d.root):
		return news.Document{}, &Error{ClassHTML, "an HTML page stands where a feed was"}
	case !known(d.root):
		name := "no element"
		if d.root != nil {
			name = "<" + clean.Line(d.root.key, 40) + ">"
		}
		return news.Document{}, &Error{ClassNotAFeed, "the document begins with " + name + ", which no feed does"}
	case strings.HasSuffix(d.root.key, "rdf") && len(d.items) == 0 && d.root.first("channel") == nil:
		return news.Document{}, &Error{ClassNotAFeed, "the document is RDF about something else"}
	case d.unclosed && len(d.items) == 0 && d.root.key != "sitemapindex":
		if d.root.first("channel", "title", "id") == nil {
			return news.Document{}, &Error{ClassTruncated, "the document ends before its first item"}
		}
	}
	var out news.Document
	var err error
	switch d.root.key {
	case "urlset", "sitemapindex":
		out = d.sitemap(in)
	default:
		out, err = d.feed(in)
	}
	if err != nil {
		return out, err
	}
	if d.damage != "" {
		out.Damaged = true
		out.Warnings = append(out.Warnings, d.damage)
	}
	if d.dropped > 0 {
		out.Warnings = append(out.Warnings, fmt.Sprintf("%d older items left out", d.dropped))
	}
	out.Items = identify(out.Items)
	return out, nil
}

// feed reads RSS, RDF, Atom and CDF: gofeed reads the normal form.
func (d *document) feed(in Input) (news.Document, error) {
	head := d.root
	if channel := d.root.first("channel"); channel != nil && d.root.key != "feed" {
		head = channel
	}
	base := in.base()
	w := &normal{doc: d, base: base, head: fields{
		node: head, base: head.base(base),
		atom: d.root.key == "feed", old: isAtom03(d.root),
	}}
	feed, err := newReader().Parse(w)
	if err != nil {
		return news.Document{}, &Error{ClassNotAFeed, "gofeed: " + clean.Line(err.Error(), maxTitle)}
	}
	return translate(feed, base), nil
}

// newReader returns gofeed set to do what is asked for and no more.
func newReader() *gofeed.Parser {
	p := gofeed.NewParser()
	p.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	p.KeepOriginalFeed = true
	return p
}

// isAtom03 reports whether the older Atom is spoken, whose texts are XML
// unless they say that they are escaped.
func isAtom03(root *node) bool {
	return root.key == "feed" && strings.HasPrefix(root.attr("version"), "0.")
}
