package parse

import (
	"net/url"
	"strings"
)

// node is one element of a document. Its key is its name in our vocabulary:
// lower case, with the usual prefix of its namespace, and none for the
// formats' own elements: "title", "dc:creator", "content:encoded".
type node struct {
	key    string
	attrs  []attr
	kids   []kid
	parent *node
	size   int // bytes of own text kept
}

type attr struct{ key, value string }

// kid is an element or a piece of text.
type kid struct {
	node *node
	text string
}

// attr returns the value of an attribute, "" if it is not there.
func (n *node) attr(key string) string {
	for _, a := range n.attrs {
		if a.key == key {
			return a.value
		}
	}
	return ""
}

// first returns the first child with one of the keys, best key first.
func (n *node) first(keys ...string) *node {
	for _, key := range keys {
		for _, k := range n.kids {
			if k.node != nil && k.node.key == key {
				return k.node
			}
		}
	}
	return nil
}

// all returns the children with any of the keys, in document order.
func (n *node) all(keys ...string) []*node {
	var found []*node
	for _, k := range n.kids {
		if k.node == nil {
			continue
		}
		for _, key := range keys {
			if k.node.key == key {
				found = append(found, k.node)
			}
		}
	}
	return found
}

// text returns all text within, without markup.
func (n *node) text() string {
	if n == nil {
		return ""
	}
	if len(n.kids) == 1 && n.kids[0].node == nil {
		return n.kids[0].text
	}
	var b strings.Builder
	n.addText(&b)
	return b.String()
}

func (n *node) addText(b *strings.Builder) {
	for _, k := range n.kids {
		if k.node != nil {
			k.node.addText(b)
		} else {
			b.WriteString(k.text)
		}
	}
}

// trimmed returns the text of the first child with one of the keys that has any.
func (n *node) trimmed(keys ...string) string {
	for _, key := range keys {
		for _, k := range n.kids {
			if k.node != nil && k.node.key == key {
				if t := strings.TrimSpace(k.node.text()); t != "" {
					return t
				}
			}
		}
	}
	return ""
}

// hasMarkup reports whether there are elements within.
func (n *node) hasMarkup() bool {
	for _, k := range n.kids {
		if k.node != nil {
			return true
		}
	}
	return false
}

// within is what the elements below n cost, see tree.keep. Those that declare
// namespaces count for less than they did.
func (n *node) within() int {
	total := 0
	for _, k := range n.kids {
		if k.node != nil {
			total += 1 + len(k.node.attrs)/4 + k.node.within()
		}
	}
	return total
}

// markup writes what is within as HTML, with links resolved against the
// xml:base of each element. It is not clean yet.
func (n *node) markup(base *url.URL) string {
	var b strings.Builder
	n.addMarkup(&b, base)
	return b.String()
}

var escapeMarkup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;")

func (n *node) addMarkup(b *strings.Builder, base *url.URL) {
	for _, k := range n.kids {
		if k.node == nil {
			b.WriteString(escapeMarkup.Replace(k.text))
			continue
		}
		name := k.node.key[strings.IndexByte(k.node.key, ':')+1:]
		inner := rebase(base, k.node.attr("xml:base"))
		b.WriteString("<" + name)
		for _, a := range k.node.attrs {
			value := a.value
			if a.key == "href" || a.key == "src" || a.key == "cite" {
				value = resolve(inner, value)
			}
			b.WriteString(" " + a.key + `="` + escapeMarkup.Replace(value) + `"`)
		}
		b.WriteString(">")
		if voidElements[name] {
			continue
		}
		k.node.addMarkup(b, inner)
		b.WriteString("</" + name + ">")
	}
}

// voidElements are those of HTML that have no end tag.
var voidElements = map[string]bool{
	"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true,
	"link": true, "meta": true, "source": true, "track": true, "wbr": true,
}

// base returns what relative links within n are resolved against: xml:base
// of the element and those around it, by RFC 3986, and at last the document.
func (n *node) base(document *url.URL) *url.URL {
	if n == nil {
		return document
	}
	return rebase(n.parent.base(document), n.attr("xml:base"))
}

// language returns the xml:lang that holds for n.
func (n *node) language() string {
	for ; n != nil; n = n.parent {
		if lang := n.attr("xml:lang"); lang != "" {
			return lang
		}
	}
	return ""
}

// rebase resolves a new base against the old one. A base of another scheme
// than http and https is not believed.
func rebase(base *url.URL, ref string) *url.URL {
	ref = strings.TrimSpace(ref)
	if ref == "" {
		return base
	}
	u, err := url.Parse(ref)
	if err != nil {
		return base
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return base
	}
	return u
}

// resolve makes ref absolute if it can be.
func resolve(base *url.URL, ref string) string {
	ref = strings.TrimSpace(ref)
	u, err := url.Parse(ref)
	if err != nil || base == nil || ref == "" {
		return ref
	}
	return base.ResolveReference(u).String()
}
