package parse

import (
	"maps"
	"strings"
)

// namespaces maps what the addresses of namespaces hold to the prefix that
// they have here, "" for the formats' own elements: those of which something
// is read. Elements of others keep the prefix that they have. Addresses are compared in
// lower case without "http://", "https://" and a slash at the end, since
// publishers write all of these.
var namespaces = map[string]string{
	"purl.org/rss/1.0":                         "",
	"my.netscape.com/rdf/simple/0.9":           "",
	"my.netscape.com/publish/formats/rss-0.91": "",
	"channel.netscape.com/rdf/simple/0.9":      "",
	"backend.userland.com/rss":                 "",
	"backend.userland.com/rss2":                "",
	"backend.userland.com/rss091":              "",
	"blogs.law.harvard.edu/tech/rss":           "",
	"cyber.law.harvard.edu/rss/rss.html":       "",
	"purl.org/net/rss1.1#":                     "",
	"www.w3.org/2005/atom":                     "",
	"purl.org/atom/ns#":                        "",
	"www.sitemaps.org/schemas/sitemap/0.9":     "",
	"www.google.com/schemas/sitemap/0.84":      "",
	"www.google.com/schemas/sitemap/0.9":       "",

	"www.w3.org/1999/02/22-rdf-syntax-ns#":    "rdf",
	"purl.org/dc/elements/1.1":                "dc",
	"purl.org/dc/terms":                       "dcterms",
	"purl.org/rss/1.0/modules/dcterms":        "dcterms",
	"purl.org/rss/1.0/modules/content":        "content",
	"purl.org/rss/1.0/modules/syndication":    "sy",
	"purl.org/rss/1.0/modules/link":           "l",
	"purl.org/syndication/history/1.0":        "fh",
	"search.yahoo.com/mrss":                   "media",
	"www.itunes.com/dtds/podcast-1.0.dtd":     "itunes",
	"rssnamespace.org/feedburner/ext/1.0":     "feedburner",
	"schemas.pocketsoap.com/rss/mydescmodule": "szf",
	"www.google.com/schemas/sitemap-news/0.9": "news",
	"www.w3.org/1999/xhtml":                   "xhtml",
	"www.w3.org/xml/1998/namespace":           "xml",
	"urn:clusterwire:opml":                    "clusterwire",
}

// namespace returns the prefix that stands for an address here, and whether
// the address is known.
func namespace(address string) (prefix string, known bool) {
	address = strings.ToLower(strings.TrimSpace(address))
	address = strings.TrimPrefix(strings.TrimPrefix(address, "http://"), "https://")
	prefix, known = namespaces[strings.TrimSuffix(address, "/")]
	return prefix, known
}

// scope is what the prefixes of names mean at one place of a document. It is
// never changed once it is in use: a declaration makes a new one.
type scope map[string]string

// with returns a scope that also holds the declarations among attrs. One that
// holds maxPrefixes takes no more: an honest document has a dozen, and each
// declaration of a hostile one would copy them all.
func (s scope) with(attrs []attr) scope {
	copied := false
	for _, a := range attrs {
		prefix, ok := strings.CutPrefix(a.key, "xmlns")
		if !ok || prefix != "" && prefix[0] != ':' {
			continue
		}
		prefix = strings.TrimPrefix(prefix, ":")
		meaning, known := namespace(a.value)
		if !known {
			meaning = prefix
		}
		if now, declared := s[prefix]; declared && now == meaning || !declared && len(s) >= maxPrefixes {
			continue
		}
		if !copied {
			next := make(scope, len(s)+4)
			maps.Copy(next, s)
			s, copied = next, true
		}
		s[prefix] = meaning
	}
	return s
}

// attributes are those of an element as they are kept: named in our
// vocabulary, without the declarations of namespaces.
func (s scope) attributes(from []attr) []attr {
	n := 0
	for _, a := range from {
		if !strings.HasPrefix(a.key, "xmlns") {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	kept := make([]attr, 0, n)
	for _, a := range from {
		if strings.HasPrefix(a.key, "xmlns") {
			continue
		}
		if prefix, _, ok := strings.Cut(a.key, ":"); ok && prefix != "xml" {
			a.key = s.key(a.key)
		}
		kept = append(kept, a)
	}
	return kept
}

// key returns a name as it is written here. An undeclared prefix means what
// its letters say.
func (s scope) key(name string) string {
	prefix, local, ok := strings.Cut(name, ":")
	if !ok {
		prefix, local = "", name
	}
	meaning, declared := s[prefix]
	if !declared {
		meaning = prefix
		if prefix == "atom" || prefix == "atom10" || prefix == "rss" {
			meaning = ""
		}
	}
	if meaning == "" {
		return local
	}
	if meaning == prefix {
		return name
	}
	return meaning + ":" + local
}
