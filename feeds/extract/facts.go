package extract

import (
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"clusterwire/feeds/clean"
)

// facts is what a page says about itself, as found and not yet weighed.
type facts struct {
	lang      string
	title     string              // <title>
	headings  []string            // <h1>
	subheads  []string            // the first <h2>
	meta      map[string][]string // lower-case name, property, itemprop or http-equiv -> contents
	canonical string
	linked    []*object // JSON-LD objects, in document order
	times     []timeMark
	bylines   []string
	password  bool // a form asks for a password
	scripts   []string
	bytes     int // of visible text
	shown     int // the same without white space around
	nested    int // visible bytes, each times the elements around it
	elements  int
	paras     int      // <p> elements
	above     []string // short lines above the first heading, the last ones
	below     []string // short lines below it, the first ones
}

// timeMark is a <time> or another element that states a date.
type timeMark struct {
	value string
	prop  string // itemprop and class, lower case
	rank  int    // 0 says that it is the date of publication, 1 that it may be
	mod   bool   // says that it is the date of a change
}

const (
	maxMeta     = 512
	maxTimes    = 64
	maxHeadings = 8
	maxLinked   = 64
	maxScripts  = 200
	maxNear     = 20
)

// gather reads the facts off a tree in one pass.
func gather(doc *html.Node) *facts {
	f := &facts{meta: map[string][]string{}}
	f.walk(doc, 0, false)
	return f
}

func (f *facts) walk(n *html.Node, depth int, hidden bool) {
	if n.Type == html.TextNode && !hidden {
		f.bytes += len(n.Data)
		f.nested += len(n.Data) * depth
		f.shown += len(strings.TrimSpace(n.Data))
		f.line(n.Data)
		return
	}
	if n.Type == html.ElementNode {
		f.elements++
		f.element(n)
		hidden = hidden || skipped(n.DataAtom)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		f.walk(c, depth+1, hidden)
	}
}

// line remembers short text around the first heading, where pages without
// metadata write their date.
func (f *facts) line(s string) {
	if len(f.below) == maxNear || len(s) > 400 {
		return
	}
	if s = strings.TrimSpace(s); len(s) < 6 || len(s) > 80 {
		return
	}
	if len(f.headings) > 0 {
		f.below = append(f.below, s)
		return
	}
	if len(f.above) == maxNear {
		f.above = append(f.above[:0], f.above[1:]...)
	}
	f.above = append(f.above, s)
}

func (f *facts) element(n *html.Node) {
	if n.DataAtom != atom.Meta && hasWord(attr(n, "itemprop"), "headline") && f.meta["headline"] == nil {
		f.meta["headline"] = []string{textOf(n, 2048)}
	}
	switch n.DataAtom {
	case atom.Html:
		f.lang = attr(n, "lang")
	case atom.Title:
		if f.title == "" && (n.Parent == nil || n.Parent.Namespace == "") {
			f.title = textOf(n, 2048)
		}
	case atom.P:
		f.paras++
		f.marked(n)
	case atom.H1:
		if h := textOf(n, 2048); h != "" && len(f.headings) < maxHeadings {
			f.headings = append(f.headings, h)
		}
	case atom.H2:
		if h := textOf(n, 512); h != "" && len(f.subheads) < maxHeadings {
			f.subheads = append(f.subheads, h)
		}
	case atom.Meta:
		f.metaTag(n)
	case atom.Link:
		if hasWord(attr(n, "rel"), "canonical") && f.canonical == "" {
			f.canonical = attr(n, "href")
		}
	case atom.Script:
		f.script(n)
	case atom.Input:
		f.password = f.password || strings.EqualFold(attr(n, "type"), "password")
	default:
		f.marked(n)
	}
}

func (f *facts) metaTag(n *html.Node) {
	content := attr(n, "content")
	if content == "" || len(f.meta) >= maxMeta {
		return
	}
	for _, key := range []string{"property", "name", "itemprop", "http-equiv"} {
		if name := strings.ToLower(strings.TrimSpace(attr(n, key))); name != "" && len(f.meta[name]) < maxMeta {
			f.meta[name] = append(f.meta[name], content)
		}
	}
}

func (f *facts) script(n *html.Node) {
	if src := attr(n, "src"); src != "" && len(f.scripts) < maxScripts {
		f.scripts = append(f.scripts, src)
	}
	if n.FirstChild == nil {
		return
	}
	if strings.Contains(strings.ToLower(attr(n, "type")), "ld+json") && len(f.linked) < maxLinked {
		f.linked = append(f.linked, readLinked(n.FirstChild.Data)...)
		return
	}
	if len(f.scripts) < maxScripts {
		f.scripts = append(f.scripts, n.FirstChild.Data[:min(len(n.FirstChild.Data), 2048)])
	}
}

// marked reads elements that state a date or an author: <time>, microdata,
// and classes that say so.
func (f *facts) marked(n *html.Node) {
	prop := strings.ToLower(attr(n, "itemprop"))
	class := strings.ToLower(attr(n, "class"))
	if prop == "" && class == "" && n.DataAtom != atom.Time && attr(n, "rel") == "" {
		return
	}
	if n.DataAtom == atom.Time || strings.HasPrefix(prop, "date") || dateClass(class) {
		f.addTime(n, prop, class)
	}
	if len(f.bylines) < 8 && (prop == "author" || hasWord(attr(n, "rel"), "author") || bylineClass(class)) {
		if by := textOf(n, 120); by != "" && len(by) < 120 {
			f.bylines = append(f.bylines, by)
		}
	}
}

func (f *facts) addTime(n *html.Node, prop, class string) {
	if len(f.times) >= maxTimes {
		return
	}
	value := attr(n, "datetime")
	if value == "" {
		value = attr(n, "content")
	}
	if value == "" {
		value = textOf(n, 80)
	}
	if value == "" || len(value) > 80 {
		return
	}
	both := prop + " " + class
	t := timeMark{value: value, prop: both, rank: 1}
	t.mod = strings.Contains(both, "modif") || strings.Contains(both, "update")
	if strings.Contains(both, "publish") || strings.Contains(both, "pubdate") || hasAttr(n, "pubdate") {
		t.rank = 0
	}
	f.times = append(f.times, t)
}

// first gives the first non-empty content of the named metas.
func (f *facts) first(names ...string) string {
	for _, name := range names {
		for _, v := range f.meta[name] {
			if v = strings.TrimSpace(v); v != "" {
				return v
			}
		}
	}
	return ""
}

// article is the JSON-LD object that describes the page's article, nil if
// there is none.
func (f *facts) article() *object {
	for _, o := range f.linked {
		if o.isArticle() {
			return o
		}
	}
	return nil
}

// declared reports whether the page says that it is an article.
func (f *facts) declared() bool {
	return f.article() != nil || strings.EqualFold(f.first("og:type"), "article") || f.first("article:published_time") != ""
}

func dateClass(class string) bool {
	for _, w := range strings.Fields(class) {
		switch w {
		case "date", "published", "updated", "timestamp", "entry-date", "post-date", "publish-date", "pubdate",
			"article-date", "article__date", "published-date", "dateline", "datetime", "time", "fecha", "datum", "data":
			return true
		}
	}
	return false
}

func bylineClass(class string) bool {
	for _, w := range strings.Fields(class) {
		if !strings.Contains(w, "author") && !strings.Contains(w, "autor") && !strings.Contains(w, "byline") {
			continue
		}
		if !notName.MatchString(w) {
			return true
		}
	}
	return false
}

// notName tells the classes of what stands around an author's name.
var notName = regexp.MustCompile(`comment|form|field|input|label|name-required|bio|box|avatar|image|img|photo|pic|icon|link-|social|title|role|desc|about|archive|list|info|meta|date|block|wrap|contain|section|area|cat|tag-|follow|box|card|has-|-\d`)

func hasWord(s, word string) bool {
	for _, w := range strings.Fields(s) {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// firstDate is the first of the values that reads as a date.
func firstDate(values ...string) time.Time {
	for _, v := range values {
		if v == "" {
			continue
		}
		if t, ok := clean.Date(v); ok {
			return t
		}
	}
	return time.Time{}
}
