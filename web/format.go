package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A format is one way to write a list.
type format struct {
	suffix string
	mime   string
	accept string // media types that ask for it, separated by spaces
	name   string // for people
}

// The formats of a list.
var (
	formatHTML     = format{"", "text/html; charset=utf-8", "text/html application/xhtml+xml", "HTML"}
	formatJSON     = format{"json", "application/json", "application/json application/problem+json", "JSON"}
	formatAtom     = format{"atom", "application/atom+xml; charset=utf-8", "application/atom+xml", "Atom"}
	formatRSS      = format{"rss", "application/rss+xml; charset=utf-8", "application/rss+xml", "RSS"}
	formatJSONFeed = format{"feed.json", "application/feed+json", "application/feed+json", "JSON Feed"}
	formatCSV      = format{"csv", "text/csv; charset=utf-8; header=present", "text/csv", "CSV"}
	formatNDJSON   = format{"ndjson", "application/x-ndjson", "application/x-ndjson application/jsonl", "NDJSON"}
)

// exports lists every format but the page itself, longest suffix first.
func exports() []format {
	return []format{formatJSONFeed, formatJSON, formatAtom, formatRSS, formatCSV, formatNDJSON}
}

// feedFormats lists the formats of feeds.
func feedFormats() []format { return []format{formatAtom, formatRSS, formatJSONFeed} }

// syndicated reports whether a format is one of feeds.
func (f format) syndicated() bool { return slices.Contains(feedFormats(), f) }

// counted reports whether a list says in a format how long it is in all.
func (f format) counted() bool { return f == formatHTML || f == formatJSON }

// feedLinks are the links to the feeds of a list that its page gives in its
// head.
func feedLinks(path string, values url.Values) (out []link) {
	for _, f := range feedFormats() {
		out = append(out, link{address(path, f.suffix, values), f.accept})
	}
	return out
}

// formatLinks are the links to a list in some formats that a person sees.
func formatLinks(path string, values url.Values, formats ...format) (out []link) {
	for _, f := range formats {
		out = append(out, link{address(path, f.suffix, values), f.name})
	}
	return out
}

// cutFormat splits the suffix of a format from a path.
func cutFormat(path string) (string, format) {
	for _, f := range exports() {
		if stem, found := strings.CutSuffix(path, "."+f.suffix); found && !strings.HasSuffix(stem, "/") {
			return stem, f
		}
	}
	return path, formatHTML
}

// formatOf is the format that a request asks for: by suffix, else by Accept.
func formatOf(r *http.Request) format {
	if _, f := cutFormat(r.URL.Path); f.suffix != "" {
		return f
	}
	return negotiate(r.Header.Get("Accept"))
}

// negotiate picks a format by Accept. Whoever takes anything gets the page.
func negotiate(accept string) format {
	weights := parseWeights(accept)
	best, bestQ := formatHTML, weights["text/html"]
	if w := weights["application/xhtml+xml"]; w > bestQ {
		bestQ = w
	}
	if w := weights["*/*"]; w > bestQ {
		bestQ = w
	}
	for _, f := range exports() {
		for _, mime := range strings.Fields(f.accept) {
			if q := weights[mime]; q > bestQ {
				best, bestQ = f, q
			}
		}
	}
	return best
}

// address writes a path with a suffix and parameters, in a fixed order.
func address(path, suffix string, values url.Values) string {
	if suffix != "" {
		if path == "/" {
			path = "/index"
		}
		path += "." + suffix
	}
	if q := values.Encode(); q != "" {
		path += "?" + q
	}
	return path
}
