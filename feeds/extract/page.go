package extract

import (
	"bytes"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"clusterwire/feeds/clean"
	"clusterwire/feeds/news"
)

// Input says where a page came from.
type Input struct {
	URL         string // final address, after redirects
	ContentType string // header as sent; "" if there was none
}

// Error says why bytes are no HTML page that could be read.
type Error struct {
	Class  string // machine-readable: "empty", "pdf", "image", "not_html", "bad_url"
	Reason string // one line, for a person
}

// Error gives the reason.
func (e *Error) Error() string { return "extract: " + e.Reason }

// MaxBody is how many bytes of a page are read; the rest is ignored, and a
// warning says so.
const MaxBody = 10 << 20

// Page reads the article on a page.
//
// The text is what go-readability and go-trafilatura agree on, block by block.
// Every field is clean: text is plain, HTML is sanitised, addresses are
// absolute http or https. Refused names pages that hold no article:
// "challenge", "cookiewall", "paywall", "soft404", "login" or "empty". Their
// Text is empty, but for that of a "paywall": the beginning that it shows. The error is always an *Error.
func Page(body []byte, in Input) (news.Page, error) {
	return readPage(body, in, deadline)
}

// readPage is Page with a deadline for the extractors.
func readPage(body []byte, in Input, limit time.Duration) (news.Page, error) {
	base, err := pageURL(in.URL)
	if err != nil {
		return news.Page{}, err
	}
	if err := checkHTML(body, in.ContentType); err != nil {
		return news.Page{}, err
	}
	page := news.Page{URL: base.String()}
	text, cut := readable(body, in.ContentType)
	if cut {
		page.Warnings = append(page.Warnings, "page cut at 10 MiB")
	}
	tree := parse(text)
	facts := gather(tree.doc)
	links := baseOf(tree.doc, base)
	facts.fill(&page, base, links)
	if newsHost(base.Hostname()) {
		page.Canonical = firstOf(inLink(base), revealed(tree.doc, base), page.Canonical)
	}

	art := readArticle(tree, facts, links, limit)
	page.Warnings = append(append(page.Warnings, tree.warnings...), art.warnings...)
	page.Method = art.method
	page.Refused = refuse(tree, facts, art, base)
	if page.Refused != "" && page.Refused != paywall {
		return page, nil
	}
	art.fill(&page, links)
	return page, nil
}

// readable is a page in UTF-8 and whether it was cut: one that is short enough
// as sent may be too long as UTF-8, which takes more bytes for a letter.
func readable(body []byte, contentType string) (text []byte, cut bool) {
	text, _ = clean.UTF8(body[:min(len(body), MaxBody)], contentType)
	if len(text) > MaxBody {
		return bytes.ToValidUTF8(text[:MaxBody], nil), true // but for a letter cut in two
	}
	return text, len(body) > MaxBody
}

func pageURL(raw string) (*url.URL, error) {
	u, err := url.Parse(clean.URL(raw, nil))
	if err != nil || u.Host == "" {
		return nil, &Error{Class: "bad_url", Reason: "the page's address is no absolute http or https URL"}
	}
	return u, nil
}

// checkHTML refuses what is certainly no HTML. A wrong Content-Type alone
// refuses nothing: servers send pages as text/plain and octet-stream.
func checkHTML(body []byte, contentType string) error {
	head := bytes.TrimLeft(body[:min(len(body), 1024)], "\xef\xbb\xbf \t\r\n")
	if len(head) == 0 {
		return &Error{Class: "empty", Reason: "the page is empty"}
	}
	declared, _, _ := mime.ParseMediaType(contentType)
	sniffed, _, _ := mime.ParseMediaType(http.DetectContentType(head))
	switch {
	case sniffed == "application/pdf" || declared == "application/pdf" && sniffed != "text/html":
		return &Error{Class: "pdf", Reason: "a PDF document, not an HTML page"}
	case strings.HasPrefix(sniffed, "image/"), strings.HasPrefix(declared, "image/") && sniffed != "text/html":
		return &Error{Class: "image", Reason: "an image, not an HTML page"}
	case strings.HasPrefix(sniffed, "text/"), wide(head):
		return nil
	case sniffed == "application/octet-stream" && looksHTML(head):
		return nil
	}
	return &Error{Class: "not_html", Reason: "not an HTML page but " + sniffed}
}

// wide reports UTF-16 or UTF-32, which sniffing takes for binary data.
func wide(head []byte) bool {
	if len(head) < 4 {
		return false
	}
	return bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) ||
		head[0] == '<' && head[1] == 0 || head[0] == 0 && head[len(head)-1] != 0 && bytes.IndexByte(head, '<') >= 0
}

// looksHTML reports a tag near the start, for pages with stray control bytes.
func looksHTML(head []byte) bool {
	lower := bytes.ToLower(head)
	for _, tag := range []string{"<!doctype", "<html", "<head", "<body", "<meta", "<title", "<div", "<p"} {
		if bytes.Contains(lower, []byte(tag)) {
			return true
		}
	}
	return false
}
