package extract

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"clusterwire/feeds/clean"
)

// NewsTarget finds the publisher's own address behind a link of Google News:
// in the link itself, where older ones carry it, else in the page that the
// link leads to (canonical, refresh, or the article's anchor). ok is false
// where neither reveals it: the answer of Google's script is not asked for.
//
// body may be nil to look at the link alone.
func NewsTarget(body []byte, in Input) (target string, ok bool) {
	base, err := pageURL(in.URL)
	if err != nil || !newsHost(base.Hostname()) {
		return "", false
	}
	if t := inLink(base); t != "" {
		return t, true
	}
	if checkHTML(body, in.ContentType) != nil {
		return "", false
	}
	text, _ := clean.UTF8(body[:min(len(body), MaxBody)], in.ContentType)
	t := revealed(parse(text).doc, base)
	return t, t != ""
}

// inLink reads the publisher's address off a link of Google News.
func inLink(base *url.URL) string {
	for _, key := range []string{"url", "q", "continue"} {
		if t := publisher(base.Query().Get(key), base); t != "" {
			return t
		}
	}
	return publisher(encoded(base.Path), base)
}

func newsHost(host string) bool {
	return host == "news.google.com" || host == "www.google.com" || host == "news.url.google.com"
}

// publisher is raw as a clean address, "" if it is none or Google's own.
func publisher(raw string, base *url.URL) string {
	link := clean.URL(strings.TrimSpace(raw), base)
	u, err := url.Parse(link)
	if link == "" || err != nil || googles(u.Hostname()) {
		return ""
	}
	return clean.Canonical(link)
}

func googles(host string) bool {
	d := registrable(host)
	label, _, _ := strings.Cut(d, ".")
	return label == "google" || d == "gstatic.com" || d == "googleusercontent.com" || d == "googleapis.com" || d == "youtube.com" || d == "withgoogle.com"
}

// encoded reads the address inside the last element of a path such as
// /rss/articles/CBMi…: base64 of a protocol buffer, whose field 4 was the
// address in clear until 2024.
func encoded(path string) string {
	last := path[strings.LastIndexByte(path, '/')+1:]
	if !strings.HasPrefix(last, "CB") || len(last) > 4096 {
		return ""
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(last, "="))
	if err != nil {
		return ""
	}
	i := bytes.Index(raw, []byte("http"))
	if i < 1 {
		return ""
	}
	// The byte before a string is its length; two bytes above 127.
	n := int(raw[i-1])
	if i >= 2 && raw[i-2] >= 0x80 {
		n = int(raw[i-2]&0x7f) | n<<7
	}
	if n < 8 || i+n > len(raw) {
		return ""
	}
	return string(raw[i : i+n])
}

// revealed looks for the publisher's address in a page of Google News.
func revealed(doc *html.Node, base *url.URL) string {
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		raw := ""
		switch {
		case n.DataAtom == atom.Link && hasWord(attr(n, "rel"), "canonical"):
			raw = attr(n, "href")
		case n.DataAtom == atom.Meta && strings.EqualFold(attr(n, "http-equiv"), "refresh"):
			_, raw, _ = strings.Cut(attr(n, "content"), "=")
			raw = strings.Trim(raw, `'" `)
		case n.DataAtom == atom.Meta && strings.EqualFold(attr(n, "property"), "og:url"):
			raw = attr(n, "content")
		case hasAttr(n, "data-n-au"):
			raw = attr(n, "data-n-au")
		case n.DataAtom == atom.A && (hasWord(attr(n, "rel"), "nofollow") || hasAttr(n, "jsname")):
			raw = attr(n, "href")
		}
		if t := publisher(raw, base); raw != "" && t != "" {
			return t
		}
	}
	return ""
}
