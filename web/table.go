package web

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"html"
	"strings"
)

// csvHead names the columns of a list of articles.
func csvHead() []string {
	return []string{"id", "published", "title", "url", "source", "source_name", "language", "byline", "companies", "topics", "summary", "page"}
}

// csv writes a list as RFC 4180.
func (l *list) csv() ([]byte, error) {
	var buf bytes.Buffer
	w := newCSV(&buf)
	if err := w.Write(csvHead()); err != nil {
		return nil, err
	}
	for i, a := range l.articles() {
		h := l.Results.Hits[i]
		a.ID, a.Page = l.entryID(h), l.Base+l.entryPath(h)
		if err := w.Write(csvRow(a)); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return buf.Bytes(), w.Error()
}

func newCSV(buf *bytes.Buffer) *csv.Writer {
	w := csv.NewWriter(buf)
	w.UseCRLF = true
	return w
}

func csvRow(a articleJSON) []string {
	published := ""
	if a.Published != nil {
		published = rfc3339(*a.Published)
	}
	companies := make([]string, len(a.Companies))
	for i, c := range a.Companies {
		companies[i] = c.Slug
	}
	return cells(a.ID, published, a.Title, a.URL, a.Source.Slug, a.Source.Name, a.Language, a.Byline,
		strings.Join(companies, " "), strings.Join(a.Topics, " "), a.Summary, a.Page)
}

// cells makes each cell safe for a spreadsheet: what begins like a formula
// gets an apostrophe before it (OWASP, "CSV Injection").
func cells(row ...string) []string {
	for i, cell := range row {
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			row[i] = "'" + cell
		}
	}
	return row
}

// ndjson writes a list as one object a line.
func (l *list) ndjson() ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	if l.stories != nil {
		for _, x := range l.storyItems() {
			if err := enc.Encode(x); err != nil {
				return nil, err
			}
		}
		return buf.Bytes(), nil
	}
	for _, a := range l.articles() {
		if err := enc.Encode(a); err != nil {
			return nil, err
		}
	}
	return buf.Bytes(), nil
}

// escapeText writes plain text for a place where readers expect markup, as in
// the description of an RSS item.
func escapeText(s string) string { return html.EscapeString(s) }
