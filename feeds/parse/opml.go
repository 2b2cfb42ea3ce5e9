package parse

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"clusterwire/feeds/clean"
)

// OPMLFeed is one feed of a list of subscriptions. Title and Text are the two
// names that OPML 2.0 has for it; programs fill either.
type OPMLFeed struct {
	URL         string // xmlUrl, absolute
	Title       string
	Text        string
	Site        string // htmlUrl, absolute; "" if not stated
	Type        string // "rss" by habit, whatever the format
	Version     string
	Description string
	Language    string
	Categories  []string          // of the category attribute
	Folders     []string          // titles of the outlines around it, outermost first
	Ours        map[string]string // attributes in our namespace: "source", "kind", "country" ...
}

// opmlNamespace marks the attributes that are ours.
const opmlNamespace = "urn:clusterwire:opml"

// maxOPMLValue bounds one text of an OPML file, in runes.
const maxOPMLValue = 2000

// OPML reads a list of feeds. Outlines without a feed are folders; deeper
// than 32 of them the folders' names are left out. The error is an *Error; on
// more than 5,000 feeds it is "too_complex" and the first 5,000 are given.
func OPML(body []byte) ([]OPMLFeed, error) {
	text, _ := clean.UTF8(body, "")
	src := strings.TrimSpace(string(text))
	if src == "" {
		return nil, &Error{ClassEmpty, "the file is empty"}
	}
	doc, err := readXML(src)
	switch {
	case errors.Is(err, errTooDeep):
		return nil, &Error{ClassTooComplex, fmt.Sprintf("outlines are nested deeper than %d", maxDepth)}
	case err != nil:
		return nil, &Error{ClassNotAFeed, err.Error()}
	case doc.root == nil || doc.root.key != "opml":
		return nil, &Error{ClassNotAFeed, "the file is no OPML"}
	}
	r := opmlReader{}
	parent := doc.root.first("body")
	if parent == nil {
		parent = doc.root
	}
	r.outlines(parent, nil)
	if r.full {
		return r.feeds, &Error{ClassTooComplex, fmt.Sprintf("the file lists more than %d feeds", maxOutlines)}
	}
	if doc.unclosed && len(r.feeds) == 0 {
		return nil, &Error{ClassTruncated, "the file ends before its first feed"}
	}
	return r.feeds, nil
}

type opmlReader struct {
	feeds []OPMLFeed
	full  bool
}

// outlines reads the outlines below n.
func (r *opmlReader) outlines(n *node, folders []string) {
	for _, o := range n.all("outline") {
		if r.full {
			return
		}
		inner := folders
		if address := feedAddress(o); address != "" {
			if len(r.feeds) >= maxOutlines {
				r.full = true
				return
			}
			r.feeds = append(r.feeds, opmlFeed(o, address, folders))
		} else if name := opmlText(firstOf(o.attr("title"), o.attr("text"))); name != "" && len(folders) < maxFolders {
			inner = append(slices.Clone(folders), name)
		}
		r.outlines(o, inner)
	}
}

// feedAddress is the address of an outline's feed. "feed:" is how some
// programs write "http:".
func feedAddress(o *node) string {
	raw := strings.TrimSpace(firstOf(o.attr("xmlurl"), o.attr("url")))
	if rest, ok := strings.CutPrefix(raw, "feed:"); ok {
		if raw = rest; strings.HasPrefix(raw, "//") {
			raw = "http:" + raw
		}
	}
	return clean.URL(raw, nil)
}

func opmlText(s string) string { return clean.Line(s, maxOPMLValue) }

func opmlFeed(o *node, address string, folders []string) OPMLFeed {
	feed := OPMLFeed{
		URL:         address,
		Title:       opmlText(o.attr("title")),
		Text:        opmlText(o.attr("text")),
		Site:        clean.URL(o.attr("htmlurl"), nil),
		Type:        opmlText(o.attr("type")),
		Version:     opmlText(o.attr("version")),
		Description: opmlText(o.attr("description")),
		Language:    opmlText(o.attr("language")),
		Folders:     folders,
	}
	for category := range strings.SplitSeq(o.attr("category"), ",") {
		if category = opmlText(category); category != "" && len(feed.Categories) < maxCategories {
			feed.Categories = append(feed.Categories, category)
		}
	}
	for _, a := range o.attrs {
		if name, ok := strings.CutPrefix(a.key, "clusterwire:"); ok {
			if feed.Ours == nil {
				feed.Ours = map[string]string{}
			}
			feed.Ours[name] = opmlText(a.value)
		}
	}
	return feed
}

// WriteOPML writes feeds as OPML 2.0 in UTF-8, in their order, those of one
// folder that follow each other below one outline. OPML reads the same list
// back. Names in Ours must be lower case letters and underscores.
func WriteOPML(w io.Writer, title string, feeds []OPMLFeed) error {
	out := &opmlWriter{w: bufio.NewWriter(w)}
	out.line(0, `<?xml version="1.0" encoding="UTF-8"?>`)
	out.line(0, `<opml version="2.0" xmlns:clusterwire="`+opmlNamespace+`">`)
	out.line(1, `<head><title>`+escapeXML(title)+`</title></head>`)
	out.line(1, `<body>`)
	var open []string
	for _, feed := range feeds {
		shared := 0
		for shared < len(open) && shared < len(feed.Folders) && open[shared] == feed.Folders[shared] {
			shared++
		}
		for i := len(open); i > shared; i-- {
			out.line(1+i, `</outline>`)
		}
		for i := shared; i < len(feed.Folders); i++ {
			out.line(2+i, `<outline`+opmlAttr("text", feed.Folders[i])+opmlAttr("title", feed.Folders[i])+`>`)
		}
		open = feed.Folders
		out.line(2+len(open), feed.outline())
	}
	for i := len(open); i > 0; i-- {
		out.line(1+i, `</outline>`)
	}
	out.line(1, `</body>`)
	out.line(0, `</opml>`)
	return out.w.Flush()
}

// opmlWriter writes indented lines. Errors are kept by the buffer until the end.
type opmlWriter struct{ w *bufio.Writer }

func (o *opmlWriter) line(depth int, s string) {
	o.w.WriteString(strings.Repeat("  ", depth))
	o.w.WriteString(s)
	o.w.WriteByte('\n')
}

// outline is the element of one feed.
func (f OPMLFeed) outline() string {
	var b strings.Builder
	b.WriteString("<outline")
	if f.Text == "" { // required by OPML 2.0
		b.WriteString(` text=""`)
	}
	for _, a := range []attr{
		{"text", f.Text}, {"title", f.Title}, {"type", f.Type}, {"xmlUrl", f.URL}, {"htmlUrl", f.Site},
		{"version", f.Version}, {"description", f.Description}, {"language", f.Language},
		{"category", strings.Join(f.Categories, ",")},
	} {
		b.WriteString(opmlAttr(a.key, a.value))
	}
	names := make([]string, 0, len(f.Ours))
	for name := range f.Ours {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b.WriteString(opmlAttr("clusterwire:"+name, f.Ours[name]))
	}
	b.WriteString("/>")
	return b.String()
}

func opmlAttr(name, value string) string {
	if value == "" {
		return ""
	}
	return " " + name + `="` + escapeXML(value) + `"`
}

func escapeXML(s string) string {
	var b strings.Builder
	// Writing to a strings.Builder never fails.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}
