package tag

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// use is what a pattern is evidence of.
type use int

const (
	useAlias   use = iota // a company, by owner
	useFor                // speaks for an ambiguous alias of the owner
	useAgainst            // speaks against it
	useContext            // technology or business
	useVerb               // what companies do, right after their name
	useSite               // sites and machines: speaks for the companies that say so
	useTopic              // a topic, by owner
	useClass              // a class of the verdict, by owner
)

// strength is how much an alias proves alone, as its key is marked in the data.
type strength int

const (
	vague   strength = -1 // "??": needs words of its own nearby
	weak    strength = 0  // "?": needs something that speaks for it
	likely  strength = 1  // "+": stands unless something speaks against it
	certain strength = 2  // no mark
)

// pattern is one string to be found.
type pattern struct {
	use       use
	owner     int // index of company, topic or class
	strength  strength
	rule      string // "name", "product", "person", "ticker": what a match proves
	written   string // as in the data, hyphens as blanks
	low       string // the same in lower case
	openStart bool   // may begin inside a word: "*rechenzentrum"
	openEnd   bool   // may end inside a word: "rechenzentr*"
	unit      bool   // may touch a figure before it, though no letter: "#MW" in "100MW", not in "BMW"
	exact     bool   // case counts
	capital   bool   // must begin with a capital
	langs     string // " de nl " or "" for all
	from      time.Time
	until     time.Time
}

// parsePattern reads one pattern of the data: "*" at an end leaves that end
// open, and inside a pattern it stands for any ending of a word; "~" stands for
// a blank or nothing, "=" makes case count, "#" begins a unit, which may touch
// the figure before it, and braces limit it: {de nl} to languages,
// {2021-10-28..} or {..2021-10-28} to the days on which it was true. It returns
// a pattern for each spelling.
func parsePattern(text string) ([]pattern, error) {
	var p pattern
	text = strings.TrimSpace(text)
	if i := strings.IndexByte(text, '{'); i >= 0 {
		limits, ok := strings.CutSuffix(text[i+1:], "}")
		if !ok {
			return nil, fmt.Errorf("no closing brace in %q", text)
		}
		if err := p.limit(limits); err != nil {
			return nil, err
		}
		text = strings.TrimSpace(text[:i])
	}
	text, p.exact = strings.CutPrefix(text, "=")
	text, p.unit = strings.CutPrefix(text, "#")
	text, p.openStart = strings.CutPrefix(text, "*")
	p.openStart = p.openStart || p.unit
	text, p.openEnd = strings.CutSuffix(text, "*")
	if text == "" {
		return nil, fmt.Errorf("an empty pattern")
	}
	var out []pattern
	for _, spelling := range spellings(text) {
		q := p
		folded := fold(spelling)
		q.written, q.low = string(folded.raw), strings.ReplaceAll(string(folded.low), "*", string(anyEnding))
		out = append(out, q)
	}
	return out, nil
}

// spellings expands each "~" to a blank and to nothing.
func spellings(text string) []string {
	before, after, found := strings.Cut(text, "~")
	if !found {
		return []string{text}
	}
	var out []string
	for _, rest := range spellings(after) {
		out = append(out, before+" "+rest, before+rest)
	}
	return out
}

// limit reads what stands in braces.
func (p *pattern) limit(limits string) error {
	for _, l := range strings.Fields(limits) {
		from, until, period := strings.Cut(l, "..")
		if !period {
			if p.langs == "" {
				p.langs = " "
			}
			p.langs += l + " "
			continue
		}
		for _, end := range []struct {
			text string
			day  *time.Time
		}{{from, &p.from}, {until, &p.until}} {
			if end.text == "" {
				continue
			}
			day, err := time.Parse(time.DateOnly, end.text)
			if err != nil {
				return err
			}
			*end.day = day
		}
	}
	return nil
}

// inLanguage reports whether the pattern is tried in a language. English
// words stand in texts of every language, and so are always tried.
func (p *pattern) inLanguage(language string) bool {
	return p.langs == "" || language == "" || strings.Contains(p.langs, " "+language+" ")
}

// at reports whether the pattern was true on a day; an undated text gets the
// benefit of the doubt.
func (p *pattern) at(day time.Time) bool {
	if day.IsZero() {
		return true
	}
	return (p.from.IsZero() || !day.Before(p.from)) && (p.until.IsZero() || day.Before(p.until))
}

// class of a rune where words end: a boundary is where it changes.
type runeClass int

const (
	between  runeClass = iota // punctuation, blanks, Han and Hiragana: words may begin and end anywhere
	letters                   // alphabets and digits
	katakana                  //
	hangul
)

func classOf(r rune) runeClass {
	switch {
	case r < utf8.RuneSelf:
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' {
			return letters
		}
		return between
	case r == 'ー' || r >= 'ァ' && r <= 'ヺ':
		return katakana
	case r >= 0x3040 && r <= 0x30ff || r >= 0x3400 && r <= 0x9fff:
		return between
	case r >= 0xac00 && r <= 0xd7a3:
		return hangul
	case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r):
		return letters
	}
	return between
}
