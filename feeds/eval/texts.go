package eval

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	"clusterwire/feeds/news"
)

// LabelledText is a text with what a person says that it is about.
type LabelledText struct {
	Line      int // of the file that it was read from
	Text      news.Text
	Relevant  bool
	Companies []string // Company.Slug of all that the text names
	Subjects  []string // of these, those that it is about; nil where nobody said
	Topics    []string // nil where nobody said
}

// ReadTexts reads labelled texts, one a line:
//
//	[de] + nvidia xai / power chips :: title || body
//
// "+" is a text about AI infrastructure, "-" one that is not. A company with a
// star, "xai*", is what the text is about; the others are named in passing. A
// text without a star has no labels of roles. The language
// may be left out where all texts of a file share one, the topics where
// nobody labelled them, and the body. "#" begins a comment line.
func ReadTexts(r io.Reader, language string) ([]LabelledText, error) {
	var out []LabelledText
	n := 0
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		n++
		line := strings.TrimSpace(s.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		t, err := parseText(line, language)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		t.Line = n
		out = append(out, t)
	}
	return out, s.Err()
}

func parseText(line, language string) (LabelledText, error) {
	var t LabelledText
	t.Text.Language = language
	if rest, ok := strings.CutPrefix(line, "["); ok {
		t.Text.Language, line, ok = strings.Cut(rest, "]")
		if !ok {
			return t, fmt.Errorf("no end of the language in %q", line)
		}
		line = strings.TrimLeftFunc(line, unicode.IsSpace)
	}
	labels, text, ok := strings.Cut(line, "::")
	if !ok {
		return t, fmt.Errorf("no \"::\" in %q", line)
	}
	title, body, _ := strings.Cut(text, "||")
	t.Text.Title, t.Text.Body = strings.TrimSpace(title), strings.TrimSpace(body)
	companies, topics, labelled := strings.Cut(labels, "/")
	fields := strings.Fields(companies)
	if len(fields) == 0 || fields[0] != "+" && fields[0] != "-" {
		return t, fmt.Errorf("no verdict in %q", line)
	}
	t.Relevant, t.Companies = fields[0] == "+", fields[1:]
	for i, slug := range t.Companies {
		plain, subject := strings.CutSuffix(slug, "*")
		if subject {
			t.Companies[i], t.Subjects = plain, append(t.Subjects, plain)
		}
	}
	if labelled {
		t.Topics = strings.Fields(topics)
	}
	return t, nil
}
