package parse

import (
	"bytes"
	"encoding/xml"
	"io"
	"net/url"
	"strings"
	"time"

	"clusterwire/feeds/clean"
)

// normal gives a repaired document as the RSS 2.0 or Atom 1.0 that gofeed
// reads without loss: well-formed UTF-8, every field under the name that
// gofeed has for it, titles as plain text, other texts as HTML, addresses
// absolute, dates by RFC 3339. It is written as it is read, item by item, so
// that it never stands in memory as a whole.
type normal struct {
	doc  *document
	head fields
	base *url.URL // of the document
	next int      // the part that is written next: head, items, end
	buf  bytes.Buffer
}

// dialect holds the names of one format where RSS and Atom differ. The
// prefixes are those that gofeed knows; they need no declaration for it.
type dialect struct {
	open, item, close                  string
	description, summary, content      string
	changed, published, updated, ident string
}

var (
	rssNames  = dialect{"<rss version=\"2.0\"><channel>", "item", "</channel></rss>", "description", "description", "content:encoded", "lastBuildDate", "pubDate", "dc:date", "guid"}
	atomNames = dialect{"", "entry", "</feed>", "subtitle", "summary", "content", "updated", "published", "updated", "dc:identifier"}
)

func (w *normal) names() dialect {
	if w.head.atom {
		return atomNames
	}
	return rssNames
}

// Read is io.Reader's.
func (w *normal) Read(p []byte) (int, error) {
	for w.buf.Len() == 0 {
		switch i := w.next - 1; {
		case i < 0:
			w.writeHead()
		case i < len(w.doc.items):
			w.writeItem(w.doc.items[i])
			w.doc.items[i] = nil // its texts are free as soon as they are read
		case i == len(w.doc.items):
			w.buf.WriteString(w.names().close)
		default:
			return 0, io.EOF
		}
		w.next++
	}
	return w.buf.Read(p)
}

// headPlain are the elements of a head that are read as they are.
var headPlain = []string{"sy:updateperiod", "sy:updatefrequency"}

// headRelations are the relations of a feed's links that are used.
var headRelations = []string{"self", "hub", "next", "prev-archive"}

func (w *normal) writeHead() {
	f, is := w.head, w.names()
	lang := language(f.node.trimmed("language", "dc:language"), f.node.language())
	if f.atom {
		w.element("feed", "", "xml:lang", lang)
		w.buf.Truncate(w.buf.Len() - len("</feed>"))
	} else {
		w.buf.WriteString(is.open)
		w.text("language", lang)
	}
	w.text("title", f.title("title", "dc:title"))
	description, _ := f.html(descriptionKeys...)
	w.text(is.description, description)
	w.page(f.link())
	w.date(is.changed, f.date(changedKeys...))
	for _, relation := range headRelations {
		if u := f.rel(relation); u != "" {
			w.link(relation, u)
		}
	}
	w.text("itunes:new-feed-url", clean.URL(f.node.trimmed("itunes:new-feed-url"), f.base))
	for _, key := range headPlain {
		w.text(key, cutText(f.node.trimmed(key), maxName))
	}
	w.text("rss:ttl", cutText(f.node.trimmed("ttl"), maxName))
	if f.node.first("fh:complete") != nil {
		w.text("fh:complete", "true")
	}
	w.list("skipHours", "hour")
	w.list("skipDays", "day")
}

// list writes the words of skipHours or skipDays.
func (w *normal) list(name, each string) {
	n := w.head.node.first(strings.ToLower(name))
	if n == nil {
		return
	}
	w.buf.WriteString("<" + name + ">")
	found := n.all(each)
	for _, word := range found[:min(len(found), 2*maxCategories)] {
		w.text(each, cutText(strings.TrimSpace(word.text()), maxName))
	}
	w.buf.WriteString("</" + name + ">")
}

func (w *normal) writeItem(n *node) {
	is := w.names()
	f := fields{node: n, base: n.base(w.base), atom: w.head.atom, old: w.head.old}
	w.buf.WriteString("<" + is.item + ">")
	group := fields{node: &node{}, base: f.base}
	if g := n.first("media:group", "media:content"); g != nil {
		group.node = g
	}
	w.text("title", firstOf(f.title(titleKeys...), group.title("media:title")))
	w.element(is.ident, f.guid(), "isPermaLink", "false")
	w.page(f.address())
	w.date(is.published, firstTime(f.date(publishedKeys...), f.date(createdKeys...)))
	lastmod, _ := clean.Date(n.attr("lastmod")) // CDF
	w.date(is.updated, firstTime(f.date(updatedKeys...), lastmod))
	summary, base := f.html(summaryKeys...)
	if summary == "" {
		summary, base = group.html("media:description")
	}
	w.html(is.summary, "summary", summary, base)
	content, base := f.html(contentKeys...)
	w.html(is.content, "content", content, base)
	w.text("dc:language", language(n.trimmed("dc:language", "language"), n.language()))
	people := f.people()
	for _, person := range people[:min(len(people), 2*maxPeople)] {
		w.person(person)
	}
	subjects := f.subjects()
	for _, subject := range subjects[:min(len(subjects), 8*maxCategories)] {
		w.category(subject)
	}
	files := f.files()
	for _, file := range files[:min(len(files), 8*maxEnclosures)] {
		if f.atom {
			w.element("link", "", "rel", "enclosure", "href", file.url, "type", file.kind, "length", file.size)
		} else {
			w.element("enclosure", "", "url", file.url, "type", file.kind, "length", file.size)
		}
	}
	w.buf.WriteString("</" + is.item + ">")
}

func firstTime(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// page writes the link to the page of a feed or entry.
func (w *normal) page(u string) {
	switch {
	case u == "":
	case w.head.atom:
		w.link("alternate", u)
	default:
		w.text("link", u)
	}
}

// link writes a link with a relation.
func (w *normal) link(relation, u string) {
	name := "atom:link"
	if w.head.atom {
		name = "link"
	}
	w.element(name, "", "rel", relation, "href", u)
}

// person writes an author. Of RSS it is dc:creator, of which gofeed reads all.
func (w *normal) person(name string) {
	name = cutText(name, 4*maxName)
	if !w.head.atom {
		w.text("dc:creator", name)
		return
	}
	w.buf.WriteString("<author>")
	w.text("name", name)
	w.buf.WriteString("</author>")
}

func (w *normal) category(name string) {
	name = cutText(name, 4*maxName)
	if w.head.atom {
		w.element("category", "", "term", name)
		return
	}
	w.text("category", name)
}

func (w *normal) date(name string, t time.Time) {
	if !t.IsZero() {
		w.text(name, t.UTC().Format(time.RFC3339Nano))
	}
}

// html writes a text of an item. Where its base is not the document's, that
// stands beside it for translateItem: gofeed knows no base of a text.
func (w *normal) html(name, which, text string, base *url.URL) {
	w.text(name, text)
	if text != "" && base != nil && base != w.base {
		w.text("base:"+which, base.String())
	}
}

// text writes an element with text alone, nothing without any.
func (w *normal) text(name, text string) {
	if text != "" {
		w.element(name, text)
	}
}

// element writes an element with text and attributes.
func (w *normal) element(name, text string, attributes ...string) {
	w.buf.WriteString("<" + name)
	for i := 0; i < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			w.buf.WriteString(" " + attributes[i] + `="`)
			// Writing to a bytes.Buffer never fails.
			_ = xml.EscapeText(&w.buf, []byte(attributes[i+1]))
			w.buf.WriteByte('"')
		}
	}
	w.buf.WriteByte('>')
	if text != "" {
		w.buf.WriteString("<![CDATA[")
		w.buf.WriteString(strings.ReplaceAll(strings.Map(xmlRune, text), "]]>", "]]]]><![CDATA[>"))
		w.buf.WriteString("]]>")
	}
	w.buf.WriteString("</" + name + ">")
}

// xmlRune drops what XML 1.0 does not allow. References inside of a text that
// was escaped twice can bring it back.
func xmlRune(r rune) rune {
	if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
		return -1
	}
	return r
}
