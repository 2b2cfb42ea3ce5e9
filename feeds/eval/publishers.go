package eval

import (
	"fmt"
	"io/fs"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// ReadArticles reads publishers' files, *.txt, as the demo keeps them: the fields
// of the publisher, then its articles behind "=== slug"; a text behind "--- "
// replaces the one before. The articles are named "publisher/slug".
func ReadArticles(files fs.FS) (map[string]news.Text, error) {
	names, err := fs.Glob(files, "*.txt")
	if err != nil {
		return nil, err
	}
	all := map[string]news.Text{}
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		head, rest, ok := strings.Cut(string(b), "\n=== ")
		if !ok {
			continue // a publisher that has said nothing yet
		}
		fields := fieldsOf(head)
		for _, chunk := range strings.Split(rest, "\n=== ") {
			slug, _, _ := strings.Cut(chunk, "\n")
			text, err := articleOf(fields["language"], chunk)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", name, slug, err)
			}
			all[strings.TrimSuffix(fields["host"], ".example")+"/"+slug] = text
		}
	}
	return all, nil
}

func fieldsOf(text string) map[string]string {
	fields := map[string]string{}
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(line, ":")
		fields[key] = strings.TrimSpace(value)
	}
	return fields
}

func articleOf(language, chunk string) (news.Text, error) {
	head, body, _ := strings.Cut(chunk, "\n\n")
	fields := fieldsOf(head)
	title := fields["title"]
	if _, revised, ok := strings.Cut(body, "\n--- "); ok {
		line, text, _ := strings.Cut(revised, "\n")
		if _, later, ok := strings.Cut(line, " "); ok {
			title = later
		}
		body = text
	}
	published, err := time.Parse(time.RFC3339, fields["date"])
	if err != nil {
		return news.Text{}, err
	}
	if fields["summary"] != "" {
		body = fields["summary"] + "\n\n" + body
	}
	return news.Text{Title: title, Body: withoutMarkup(body), Language: language, Published: published}, nil
}

// withoutMarkup takes the targets of links and the marks of lists, quotations
// and headings off.
func withoutMarkup(body string) string {
	var out strings.Builder
	for line := range strings.Lines(body) {
		for _, mark := range []string{"- ", "> ", "## "} {
			line = strings.TrimPrefix(line, mark)
		}
		for {
			before, rest, ok := strings.Cut(line, "](")
			if !ok {
				break
			}
			_, after, _ := strings.Cut(rest, ")")
			if i := strings.LastIndex(before, "["); i >= 0 {
				before = before[:i] + before[i+1:]
			}
			line = before + after
		}
		out.WriteString(line)
	}
	return strings.TrimSpace(out.String())
}
