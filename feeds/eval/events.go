package eval

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// LabelledArticle is an article with the event that a person says it reports.
type LabelledArticle struct {
	Text   news.Text
	Event  string
	Source string
	Echo   bool // repeats what another reported
}

// ReadEvents reads labelled articles. "@ event day" opens an event; each line
// after it is an article: language, source, "o" if it reports itself or "e" if
// it repeats another, headline, and after a bar a text. "#" begins a comment.
// Each article is given an address of its own.
func ReadEvents(r io.Reader) ([]LabelledArticle, error) {
	var out []LabelledArticle
	var event string
	var day time.Time
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<20)
	for n := 1; s.Scan(); n++ {
		line := strings.TrimSpace(s.Text())
		f := strings.SplitN(line, " ", 4)
		var err error
		switch {
		case line == "" || line[0] == '#':
		case f[0] == "@" && len(f) == 3:
			event = f[1]
			day, err = time.Parse(time.DateOnly, f[2])
		case len(f) == 4 && event != "" && (f[2] == "o" || f[2] == "e"):
			title, body, _ := strings.Cut(f[3], " | ")
			address := fmt.Sprintf("https://%s.example/%d", f[1], len(out))
			out = append(out, LabelledArticle{news.Text{Title: title, Body: body, Language: f[0], Published: day, URL: address}, event, f[1], f[2] == "e"})
		default:
			err = fmt.Errorf("neither event nor article: %q", line)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return out, s.Err()
}
