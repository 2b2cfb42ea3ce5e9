package parse

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"clusterwire/feeds/clean"
	"clusterwire/feeds/news"
)

// The elements that hold a date, best first. What RSS and Atom call the
// publication stands before what Dublin Core calls a date of any kind.
var (
	publishedKeys = []string{"published", "pubdate", "issued", "dcterms:issued", "dcterms:available"}
	updatedKeys   = []string{"updated", "modified", "dcterms:modified", "dc:date", "lastmod"}
	createdKeys   = []string{"created", "dcterms:created", "dcterms:dateaccepted"}
)

// entry reads one item of RSS, RDF, Atom or CDF.
//
// Published is the date of publication. Where an entry states none, it is
// that of creation, else Updated: RSS 1.0 and many Atom feeds have no other.
func entry(n *node, document *url.URL, feed fields, feedLanguage string) news.Item {
	f := fields{node: n, base: n.base(document), atom: feed.atom, old: feed.old}
	item := news.Item{
		GUID:       f.guid(),
		URL:        f.address(),
		Title:      f.title("title", "dc:title", "media:title", "itunes:title"),
		Published:  f.date(publishedKeys...),
		Updated:    f.date(updatedKeys...),
		Authors:    f.authors(),
		Categories: f.categories(),
		Language:   language(n.trimmed("dc:language", "language"), n.language(), feedLanguage),
		Enclosures: f.enclosures(),
	}
	if item.Updated.IsZero() {
		item.Updated, _ = clean.Date(n.attr("lastmod")) // CDF
	}
	if item.Published.IsZero() {
		item.Published = f.date(createdKeys...)
	}
	if item.Published.IsZero() {
		item.Published = item.Updated
	}
	if item.Title == "" {
		if group := n.first("media:group", "media:content"); group != nil {
			item.Title = clean.Line(clean.Title(group.trimmed("media:title")), maxTitle)
		}
	}
	f.readTexts(&item)
	return item
}

// readTexts reads the content of an entry and its summary. Either stands in
// for the other where it is missing.
func (f fields) readTexts(item *news.Item) {
	html, summary := f.html("description", "summary", "dc:description", "abstract", "itunes:summary", "szf:blurb", "media:description")
	if group := f.node.first("media:group"); html == "" && group != nil {
		html, summary = fields{node: group, base: f.base}.html("media:description")
	}
	item.ContentHTML, item.ContentText = f.html("content:encoded", "content", "xhtml:body", "body", "fullitem", "xhtml:div")
	if item.ContentHTML == "" {
		item.ContentHTML, item.ContentText = html, summary
	}
	item.Summary = cutText(summary, maxSummary)
}

// itemTime is the date by which items are kept when there are too many.
func itemTime(n *node) time.Time {
	f := fields{node: n}
	if t := f.date(publishedKeys...); !t.IsZero() {
		return t
	}
	return f.date(updatedKeys...)
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

// address is the page of an entry: the original behind a counting redirect,
// else its link, else an identifier that is an address.
func (f fields) address() string {
	if u := clean.URL(f.node.trimmed("feedburner:origlink", "pheedo:origlink"), f.base); u != "" {
		return u
	}
	if u := f.link(); u != "" {
		return u
	}
	if u := clean.URL(f.node.attr("href"), f.base); u != "" { // CDF
		return u
	}
	if guid := f.node.first("guid"); guid != nil && !strings.EqualFold(guid.attr("ispermalink"), "false") {
		text := strings.TrimSpace(guid.text())
		if strings.Contains(text, "://") || guid.attr("ispermalink") != "" {
			return clean.URL(text, f.base)
		}
	}
	for _, id := range []string{f.node.attr("rdf:about"), f.node.trimmed("id")} {
		if strings.HasPrefix(id, "http") {
			return clean.URL(id, f.base)
		}
	}
	return ""
}

// link is the page that a feed or entry stands for: among several the first
// alternate in HTML, else the text of a link, else any alternate.
func (f fields) link() string {
	var html, text, other string
	for _, l := range f.node.all("link", "l:link", "xhtml:link") {
		base := rebase(f.base, l.attr("xml:base"))
		ref, hasRef := l.attr("href"), l.attr("href") != ""
		rel := strings.ToLower(l.attr("rel"))
		if !hasRef {
			ref = l.text()
			if strings.TrimSpace(ref) == "" {
				ref = l.attr("rdf:resource")
			}
		}
		u := clean.URL(ref, base)
		switch {
		case u == "":
		case !hasRef:
			if text == "" && (rel == "" || rel == "alternate") {
				text = u
			}
		case rel != "" && rel != "alternate":
		case l.attr("type") == "" || strings.Contains(l.attr("type"), "html"):
			if html == "" {
				html = u
			}
		case other == "":
			other = u
		}
	}
	if !f.atom && text != "" {
		return text
	}
	return firstOf(html, text, other)
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// rel is the address of the first link with one of the relations, best first.
func (f fields) rel(relations ...string) string {
	for _, relation := range relations {
		for _, l := range f.node.all("link") {
			for word := range strings.FieldsSeq(strings.ToLower(l.attr("rel"))) {
				if word != relation {
					continue
				}
				if u := clean.URL(l.attr("href"), rebase(f.base, l.attr("xml:base"))); u != "" {
					return u
				}
			}
		}
	}
	return ""
}

// enclosures are the files that an entry points at.
func (f fields) enclosures() []news.Enclosure {
	var found []news.Enclosure
	add := func(n *node, ref, size string) {
		u := clean.URL(ref, rebase(f.base, n.attr("xml:base")))
		if u == "" || len(found) >= maxEnclosures {
			return
		}
		for _, e := range found {
			if e.URL == u {
				return
			}
		}
		length, err := strconv.ParseInt(strings.TrimSpace(size), 10, 64)
		if err != nil || length < 0 {
			length = 0
		}
		found = append(found, news.Enclosure{URL: u, Type: clean.Line(n.attr("type"), maxName), Length: length})
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
