package story

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"clusterwire/feeds/news"
)

//go:embed data/outlets.tsv
var outletsTSV []byte

//go:embed data/cues.tsv
var cuesTSV []byte

// citations knows outlets and the words with which a text states that it
// repeats one.
type citations struct {
	outlets       []outlet
	named         map[string]string // name -> outlet
	sources       map[string]string // Source.Slug -> outlet
	before, after []string
}

type outlet struct{ slug, name string }

func (m *Matcher) loadCitations() error {
	m.cites.named, m.cites.sources = map[string]string{}, map[string]string{}
	err := lines("outlets.tsv", outletsTSV, func(f []string) error {
		if len(f) != 2 && len(f) != 3 {
			return fmt.Errorf("want an outlet and its names, and perhaps sources")
		}
		for _, name := range strings.Split(f[1], "|") {
			m.cites.outlets = append(m.cites.outlets, outlet{f[0], name})
			m.cites.named[name] = f[0]
		}
		m.cites.sources[f[0]] = f[0]
		if len(f) == 3 {
			for _, slug := range strings.Split(f[2], "|") {
				m.cites.sources[slug] = f[0]
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return lines("cues.tsv", cuesTSV, func(f []string) error {
		switch {
		case len(f) == 2 && f[0] == "before":
			m.cites.before = append(m.cites.before, f[1])
		case len(f) == 2 && f[0] == "after":
			m.cites.after = append(m.cites.after, f[1])
		default:
			return fmt.Errorf("want before or after, and words")
		}
		return nil
	})
}

// outletOf is the outlet of the list that a source is, "" if it is none. A
// name is compared whole, for many begin as another does, without what says
// after a comma which part of an outlet it is ("The Guardian, Technology").
func (c *citations) outletOf(s news.Source) string {
	if outlet := c.sources[s.Slug]; outlet != "" {
		return outlet
	}
	name, _, _ := strings.Cut(plain(s.Name), ",")
	name = strings.TrimSpace(name)
	if outlet := c.named[name]; outlet != "" {
		return outlet
	}
	article, rest, _ := strings.Cut(name, " ")
	if slices.Contains([]string{"the", "il", "la", "le", "el", "der", "die", "das"}, article) {
		return c.named[rest]
	}
	return ""
}

// cited are the outlets that a folded text says it repeats.
func (c *citations) cited(s string) []string {
	var out []string
	for _, o := range c.outlets {
		if slices.Contains(out, o.slug) {
			continue
		}
		for from := 0; ; {
			i := strings.Index(s[from:], o.name)
			if i < 0 {
				break
			}
			i += from
			from = i + len(o.name)
			if wholeWord(s, i, from) && c.stated(s[:i], s[from:]) {
				out = append(out, o.slug)
				break
			}
		}
	}
	slices.Sort(out)
	return out
}

// wholeWord reports whether s[start:end] is no part of a longer word.
func wholeWord(s string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:start])
	after, _ := utf8.DecodeRuneInString(s[end:])
	letter := func(r rune) bool { return (unicode.IsLetter(r) || unicode.IsDigit(r)) && !isCJK(r) }
	return !letter(before) && !letter(after)
}

// articles are what languages put between a cue and an outlet's name, folded;
// the apostrophe of l' is gone by then.
func articles() []string {
	return []string{
		" the", " il", " lo", " la", " i", " gli", " le", " l", " quanto riporta", " quanto riferisce",
		" les", " el", " los", " las", " die", " der", " das", " dem", " den", " de", " het",
		" a", " o", " as", " os",
	}
}

// quotes may stand around an outlet's name.
const quotes = " \"“”„«»'《》「」『』"

// stated reports whether what stands around a name says that it is the source.
func (c *citations) stated(before, after string) bool {
	before = strings.TrimRight(before, quotes)
	for _, article := range articles() {
		if rest, ok := strings.CutSuffix(before, article); ok {
			before = strings.TrimRight(rest, quotes)
			break
		}
	}
	after = strings.TrimLeft(after, quotes+",，")
	for _, cue := range c.before {
		if strings.HasSuffix(before, cue) && wholeWord(before, len(before)-len(cue), len(before)) {
			return true
		}
	}
	for _, cue := range c.after {
		if strings.HasPrefix(after, cue) && wholeWord(after, 0, len(cue)) {
			return true
		}
	}
	return false
}
