package demo

import (
	"html"
	"strings"
)

// bodyHTML turns paragraphs, as content.go describes them, into HTML.
func bodyHTML(text []string) string {
	var out strings.Builder
	for _, paragraph := range text {
		switch {
		case strings.HasPrefix(paragraph, "## "):
			out.WriteString("<h2>" + inlineHTML(paragraph[3:]) + "</h2>\n")
		case strings.HasPrefix(paragraph, "> "):
			out.WriteString("<blockquote><p>" + inlineHTML(paragraph[2:]) + "</p></blockquote>\n")
		case strings.HasPrefix(paragraph, "- "):
			out.WriteString("<ul>\n")
			for line := range strings.Lines(paragraph) {
				out.WriteString("<li>" + inlineHTML(strings.TrimSpace(strings.TrimPrefix(line, "- "))) + "</li>\n")
			}
			out.WriteString("</ul>\n")
		default:
			out.WriteString("<p>" + inlineHTML(paragraph) + "</p>\n")
		}
	}
	return out.String()
}

// inlineHTML escapes a paragraph and turns [words](address) into links.
func inlineHTML(s string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(s, "](")
		open := strings.LastIndexByte(before, '[')
		if !found || open < 0 {
			out.WriteString(html.EscapeString(s))
			return out.String()
		}
		address, after, _ := strings.Cut(rest, ")")
		out.WriteString(html.EscapeString(before[:open]))
		out.WriteString(`<a href="` + html.EscapeString(address) + `">` + html.EscapeString(before[open+1:]) + "</a>")
		s = after
	}
}
