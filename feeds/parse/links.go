package parse

import (
	"strings"

	"clusterwire/feeds/clean"
)

// address is the page of an entry: the original behind a counting redirect,
// else its link, else an identifier that is an address.
func (f fields) address() string {
	if u := clean.URL(f.node.trimmed("feedburner:origlink", "pheedo:origlink"), f.base); u != "" {
		return u
	}
	if u := f.link(); u != "" {
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
// alternate in HTML, else the text of a link, else any alternate, else what
// CDF writes as an attribute.
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
	return firstOf(html, text, other, clean.URL(f.node.attr("href"), f.base))
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// rel is the address of the first link with a relation.
func (f fields) rel(relation string) string {
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
	return ""
}
