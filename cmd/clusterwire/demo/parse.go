package demo

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// parsePublisher reads one file of content/.
func parsePublisher(text string) (*publisher, error) {
	head, rest, _ := strings.Cut(text, "\n=== ")
	p := &publisher{Charset: "utf-8", Validator: "both", Trust: news.TrustReports, Zone: time.UTC, Words: map[string]string{}}
	if err := p.fieldsOf(head); err != nil {
		return nil, err
	}
	if p.Host == "" || p.Name == "" || p.Kind == "" || p.Feed == "" || p.Template == "" || p.Path == "" || len(p.Nav) == 0 {
		return nil, fmt.Errorf("a publisher has a host, name, kind, feed, template, path and nav")
	}
	if rest != "" {
		for _, chunk := range strings.Split(rest, "\n=== ") {
			a, err := parseArticle(chunk)
			if err != nil {
				return nil, err
			}
			a.pub = p
			p.Articles = append(p.Articles, a)
		}
	}
	slices.SortStableFunc(p.Articles, func(a, b *article) int { return b.Date.Compare(a.Date) })
	return p, nil
}

// fieldsOf reads the head of a publisher's file.
func (p *publisher) fieldsOf(head string) error {
	return eachField(head, func(key, value string) error {
		var err error
		switch key {
		case "host":
			p.Host = value
		case "name":
			p.Name = value
		case "tagline":
			p.Tagline = value
		case "language":
			p.Language = value
		case "country":
			p.Country = value
		case "note":
			p.Note = value
		case "kind":
			p.Kind = news.SourceKind(value)
		case "trust":
			var n int
			n, err = strconv.Atoi(value)
			p.Trust = news.Trust(n)
		case "feed":
			p.Format, p.Feed, _ = strings.Cut(value, " ")
		case "cut":
			p.Cut = true
		case "down":
			p.Down = true
		case "template":
			p.Template = value
		case "charset":
			p.Charset = value
		case "validator":
			p.Validator = value
		case "gzip":
			p.Gzip = true
		case "path":
			p.Path = value
		case "dates":
			p.Dates = value
		case "zone":
			p.Zone, err = zone(value)
		case "nav":
			p.Nav = list(value)
		default:
			word, ok := strings.CutPrefix(key, "word ")
			if !ok {
				return fmt.Errorf("field %q means nothing", key)
			}
			p.Words[word] = value
		}
		return err
	})
}

// parseArticle reads one article, from behind its "=== ".
func parseArticle(chunk string) (*article, error) {
	head, body, _ := strings.Cut(chunk, "\n\n")
	slug, fields, _ := strings.Cut(head, "\n")
	a := &article{Slug: strings.TrimSpace(slug)}
	err := eachField(fields, func(key, value string) error {
		var err error
		switch key {
		case "title":
			a.Title = value
		case "by":
			a.By = value
		case "summary":
			a.Summary = value
		case "date":
			a.Date, err = time.Parse(time.RFC3339, value)
		case "tags":
			a.Tags = list(value)
		case "canonical":
			a.Canonical = value
		case "track":
			a.Track = value
		case "amp":
			a.AMP = true
		case "twice":
			a.Twice = true
		case "fails":
			a.Fails, err = strconv.Atoi(value)
		default:
			return fmt.Errorf("field %q means nothing", key)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.Slug, err)
	}
	first, second, revised := strings.Cut("\n"+body, "\n--- ")
	a.Text = paragraphs(first)
	if revised {
		line, text, _ := strings.Cut(second, "\n")
		when, title, _ := strings.Cut(line, " ")
		a.Revised = &revision{Title: title, Text: paragraphs(text)}
		if a.Revised.Date, err = time.Parse(time.RFC3339, when); err != nil {
			return nil, fmt.Errorf("%s: %w", a.Slug, err)
		}
	}
	if a.Title == "" || a.Date.IsZero() || len(a.Text) == 0 {
		return nil, fmt.Errorf("%s: an article has a title, a date and a text", a.Slug)
	}
	return a, nil
}

// eachField calls f for each "key: value" line.
func eachField(text string, f func(key, value string) error) error {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		key, value, found := strings.Cut(line, ":")
		if !found {
			return fmt.Errorf("%q is no field", line)
		}
		if err := f(key, strings.TrimSpace(value)); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}

// list splits at commas.
func list(value string) []string {
	parts := strings.Split(value, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// paragraphs splits at empty lines.
func paragraphs(text string) []string {
	var out []string
	for _, p := range strings.Split(text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// zone reads an offset such as +09:00. Publishers keep one offset all year
// round: the world of the demo has no need of a time-zone database.
func zone(offset string) (*time.Location, error) {
	t, err := time.Parse("-07:00", offset)
	if err != nil {
		return nil, err
	}
	_, seconds := t.Zone()
	return time.FixedZone("", seconds), nil
}
