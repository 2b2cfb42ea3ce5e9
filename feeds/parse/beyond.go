package parse

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"time"

	"clusterwire/feeds/clean"

	"golang.org/x/net/html"
)

// This file and links.go hold all that is read here of feeds in XML and not by
// gofeed, since gofeed lacks it or gets it wrong. What it finds is written where
// gofeed looks for it (normal.go). What is read so of JSON Feed is in
// jsonfeed.go and translateJSON.
//
//	what                         why                                                       shown by
//	names of fields              publishers mix formats: dcterms, media:title, summary in  TestBeyond
//	                             RSS, description and pubDate in Atom; the tables below
//	dates                        clean.Date reads more forms than gofeed; of two dates     TestBeyond, clean.TestDate
//	                             gofeed takes the last, valid or not
//	relative addresses           against "http://h/dir/feed.xml" it resolves as if that    TestAtom, TestBeyond
//	                             were a directory, and none without xml:base
//	the page among links         it takes the last link of RSS and the first of Atom,      TestAtom, TestBeyond
//	                             a PDF too; no guid, rdf:about, origlink, link of text
//	ids                          it writes Atom's ids anew as addresses; no rdf:about      TestBeyond
//	types of texts               a text says "html", "text", "xhtml" or base64 by rules    TestAtom, TestAtom03AndRDF
//	                             that differ by format and version; it tells no caller
//	links inside texts           of one element's own xml:base                             TestAtom
//	relations of links           hub, next and prev-archive                                TestRSS
//	languages                    xml:lang of an entry and of RSS                           TestBeyond
//	authors, categories, files   of RSS: more than one author, names with brackets,        TestBeyond, TestRSS
//	                             labels, media:keywords; media:content
//	CDF                          no reader at all                                          TestBeyond

// The elements in which a field is looked for, best first.
var (
	titleKeys       = []string{"title", "dc:title", "media:title", "itunes:title"}
	descriptionKeys = []string{"description", "subtitle", "tagline", "dc:description", "itunes:subtitle", "itunes:summary", "abstract"}
	summaryKeys     = []string{"description", "summary", "dc:description", "abstract", "itunes:summary", "szf:blurb", "media:description"}
	contentKeys     = []string{"content:encoded", "content", "xhtml:body", "body", "fullitem", "xhtml:div"}
	changedKeys     = []string{"updated", "modified", "dcterms:modified", "lastbuilddate", "dc:date", "pubdate", "published", "dcterms:issued", "created", "dcterms:created"}
	// What RSS and Atom call the publication stands before what Dublin Core
	// calls a date of any kind, and a creation last.
	publishedKeys = []string{"published", "pubdate", "issued", "dcterms:issued", "dcterms:available"}
	createdKeys   = []string{"created", "dcterms:created", "dcterms:dateaccepted"}
	updatedKeys   = []string{"updated", "modified", "dcterms:modified", "dc:date", "lastmod"}
	authorKeys    = []string{"author", "dc:creator", "dc:author", "itunes:author", "managingeditor", "media:credit"}
	categoryKeys  = []string{"category", "dc:subject", "itunes:category", "media:keywords", "itunes:keywords", "keywords", "news:keywords"}
)

// fields reads the fields of a feed or entry from its element.
type fields struct {
	node *node
	base *url.URL // of the element
	atom bool     // the texts are Atom's, which say of what type they are
	old  bool     // Atom 0.3
}

// title is the first title among keys that says something, as plain text.
func (f fields) title(keys ...string) string {
	for _, key := range keys {
		for _, n := range f.node.all(key) {
			html, plain := f.construct(n)
			if plain == "" {
				plain = clean.Title(html)
			}
			if line := clean.Line(plain, maxTitle); line != "" {
				return line
			}
		}
	}
	return ""
}

// html is the first text among keys that is not empty, as HTML that is not
// clean yet, and what its links are to be resolved against.
func (f fields) html(keys ...string) (raw string, base *url.URL) {
	for _, key := range keys {
		for _, n := range f.node.all(key) {
			raw, plain := f.construct(n)
			if plain != "" {
				raw = escapeMarkup.Replace(plain)
			} else {
				raw = unescapeTwice(raw)
			}
			if strings.TrimSpace(raw) != "" {
				return raw, rebase(f.base, n.attr("xml:base"))
			}
		}
	}
	return "", f.base
}

// unescapeTwice mends HTML that was escaped once too often: it has no markup
// of its own, and begins with what would be markup.
func unescapeTwice(raw string) string {
	if strings.Contains(raw, "<") || !strings.HasPrefix(strings.TrimSpace(raw), "&lt;") {
		return raw
	}
	if text := html.UnescapeString(raw); clean.IsHTML(text) {
		return text
	}
	return raw
}

// construct reads a text: either its HTML or, where it is known to be none,
// its plain text. Both are empty for what is no text.
func (f fields) construct(n *node) (html, plain string) {
	kind := strings.ToLower(strings.TrimSpace(n.attr("type")))
	mode := strings.ToLower(n.attr("mode"))
	if n.hasMarkup() {
		return n.markup(rebase(f.base, n.attr("xml:base"))), ""
	}
	text := n.text()
	isHTML := strings.Contains(kind, "html")
	isText := !strings.Contains(kind, "/") || strings.HasPrefix(kind, "text/") || isHTML || strings.Contains(kind, "xml")
	if mode == "base64" || !isText {
		decoded, ok := fromBase64(text)
		if !ok && mode == "base64" || isMedia(kind) {
			return "", ""
		}
		if ok {
			text = decoded
		}
	}
	switch {
	case isHTML && kind == "xhtml" && f.atom:
		return escapeMarkup.Replace(text), ""
	case isHTML:
		return text, ""
	case f.atom && n.key != "content:encoded" && (kind == "" && !f.old && !clean.IsHTML(text) || kind == "text" || kind == "text/plain"):
		return "", text // without a type it is plain text by the book, and HTML in many real feeds
	}
	return text, ""
}

// fromBase64 decodes text if it is base64 of text.
func fromBase64(text string) (string, bool) {
	packed := strings.Map(func(r rune) rune {
		if isSpace(r) {
			return -1
		}
		return r
	}, text)
	raw, err := base64.StdEncoding.DecodeString(packed)
	if err != nil || len(raw) == 0 {
		return "", false
	}
	decoded, _ := clean.UTF8(raw, "")
	return string(decoded), true
}

// isMedia reports whether a type is of what can't be read.
func isMedia(kind string) bool {
	for _, prefix := range []string{"image/", "audio/", "video/", "font/", "application/pdf", "application/zip"} {
		if strings.HasPrefix(kind, prefix) {
			return true
		}
	}
	return false
}

// date is the first date among keys that is one. Of one key two are tried.
func (f fields) date(keys ...string) time.Time {
	for _, key := range keys {
		found := f.node.all(key)
		for _, n := range found[:min(len(found), 2)] {
			if t, ok := clean.Date(n.text()); ok {
				return t
			}
		}
	}
	return time.Time{}
}

// itemTime is the date by which items are kept when there are too many.
func itemTime(n *node) time.Time {
	return fields{node: n}.date(slices.Concat(publishedKeys, updatedKeys)...)
}

// people are the authors of an entry as they are written, by name where one
// is given.
func (f fields) people() []string {
	var found []string
	for _, n := range f.node.all(authorKeys...) {
		if n.key == "media:credit" && n.attr("role") != "author" || n.key == "itunes:author" && len(found) > 0 {
			continue
		}
		name := n.text()
		if n.hasMarkup() {
			name = firstOf(n.trimmed("name", "foaf:name"), n.trimmed("email"), name)
		}
		found = append(found, name)
	}
	return found
}

// subjects are the categories of an entry, as its feed words them.
func (f fields) subjects() []string {
	var found []string
	for _, n := range f.node.all(categoryKeys...) {
		texts := []string{firstOf(n.attr("label"), n.attr("term"), strings.TrimSpace(n.text()), n.attr("text"))}
		if strings.HasSuffix(n.key, "keywords") {
			texts = strings.Split(texts[0], ",")
		}
		found = append(found, texts...)
	}
	return found
}

// file is an enclosure as it is written.
type file struct{ url, kind, size string }

// files are what an entry points at, with absolute addresses.
func (f fields) files() []file {
	var found []file
	add := func(n *node, ref, size string) {
		if u := clean.URL(ref, rebase(f.base, n.attr("xml:base"))); u != "" {
			found = append(found, file{u, n.attr("type"), size})
		}
	}
	for _, n := range f.node.all("enclosure") {
		add(n, firstOf(n.attr("url"), n.attr("href"), n.attr("rdf:resource")), n.attr("length"))
	}
	for _, n := range f.node.all("link") {
		if strings.EqualFold(n.attr("rel"), "enclosure") {
			add(n, n.attr("href"), n.attr("length"))
		}
	}
	media := f.node.all("media:content")
	for _, group := range f.node.all("media:group") {
		media = append(media, group.all("media:content")...)
	}
	for _, n := range media {
		add(n, n.attr("url"), n.attr("filesize"))
	}
	return found
}

// guid is the identifier as it was given. One of absurd length is given by
// its hash.
func (f fields) guid() string {
	return boundGUID(firstOf(f.node.trimmed("guid", "id"), strings.TrimSpace(f.node.attr("rdf:about")), f.node.trimmed("dc:identifier")))
}

func boundGUID(id string) string {
	if len(id) > maxGUID {
		return "sha256:" + digest(id)
	}
	return id
}
