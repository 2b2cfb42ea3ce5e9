package clean

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// maxText bounds the plain text of one fragment, in bytes.
const maxText = 1 << 20

// Text returns the plain text of an HTML fragment: blank lines between
// paragraphs and other blocks, line ends for <br>, list items and table rows,
// entities decoded, runs of white space folded except in <pre>, scripts and
// styles left out. It is not escaped: whoever shows it must do that.
func Text(fragment string) string {
	w := &textWriter{}
	walk(cut(fragment, maxSource), w)
	return w.result()
}

func (w *textWriter) result() string { return strings.TrimRight(w.out.String(), " \n") }

// textWriter gathers text; gap is the white space owed before the next word.
type textWriter struct {
	out strings.Builder
	gap gap
	pre int // open <pre> elements
}

type gap int

const (
	noGap gap = iota
	space
	newline
	blankLine
)

var gaps = [...]string{noGap: "", space: " ", newline: "\n", blankLine: "\n\n"}

// lineBreaks are the elements that end a line, not a paragraph.
var lineBreaks = map[string]bool{
	"br": true, "li": true, "tr": true, "dt": true, "dd": true, "option": true, "summary": true, "div": true,
	"figcaption": true, "caption": true, "address": true, "hr": true,
}

// owe asks for at least g before the next word.
func (w *textWriter) owe(g gap) { w.gap = max(w.gap, g) }

func (w *textWriter) start(name string, _ map[string]string) { w.element(name, false) }

func (w *textWriter) end(name string) { w.element(name, true) }

func (w *textWriter) done() bool { return w.out.Len() >= maxText }

// element owes the white space that an element's start or end stands for.
func (w *textWriter) element(name string, ending bool) {
	if name == "pre" {
		if !ending {
			w.pre++
		} else if w.pre > 0 {
			w.pre--
		}
	}
	switch kind := elements[name]; {
	case name == "br" && w.gap >= newline:
		w.owe(blankLine)
	case lineBreaks[name]:
		w.owe(newline)
	case name == "td" || name == "th":
		w.owe(space)
	case kind == block || kind == table || breaks[name]:
		w.owe(blankLine)
	}
}

func (w *textWriter) text(t string) {
	if t = legalString(t); w.done() {
		return
	}
	if w.pre > 0 {
		if w.gap > space && w.out.Len() > 0 {
			w.out.WriteString(gaps[w.gap])
		}
		w.gap = noGap
		w.out.WriteString(strings.ReplaceAll(t, "\r\n", "\n"))
		return
	}
	for len(t) > 0 {
		i := strings.IndexFunc(t, unicode.IsSpace)
		if i == 0 {
			w.owe(space)
			t = strings.TrimLeftFunc(t, unicode.IsSpace)
			continue
		}
		if i < 0 {
			i = len(t)
		}
		if w.out.Len() > 0 {
			w.out.WriteString(gaps[w.gap])
		}
		w.gap = noGap
		w.out.WriteString(t[:i])
		t = t[i:]
	}
}

// Line returns s as one line of at most maxRunes characters (no limit if that
// is 0 or less): white space folded; controls, line and paragraph separators,
// invisible and bidirectional controls taken out, since they can make a title
// read as another. A line that is cut ends in "…".
func Line(s string, maxRunes int) string {
	if maxRunes > 0 {
		s = cut(s, 64*maxRunes+4096) // long before any cut that shows
	}
	s = strings.Join(strings.Fields(strings.Map(lineRune, legalString(s))), " ")
	if maxRunes <= 0 || len(s) <= maxRunes {
		return s
	}
	n := 0
	keep := 0 // bytes of the first maxRunes-1 runes
	for i := range s {
		if n == maxRunes-1 {
			keep = i
		}
		if n++; n > maxRunes {
			return strings.TrimRight(s[:keep], " ") + "…"
		}
	}
	return s
}

// lineRune maps white space to a space and drops what must not stand in a line.
func lineRune(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r):
		return -1
	case 0x202A <= r && r <= 0x202E, 0x2066 <= r && r <= 0x2069, r == 0x200E, r == 0x200F, r == 0x061C: // bidirectional
		return -1
	case r == 0x200B, r == 0x2060, r == 0xFEFF, r == 0x00AD, 0xFFF9 <= r && r <= 0xFFFB, 0xE0000 <= r && r <= 0xE007F && r != 0xE007F: // invisible
		return -1
	}
	return r
}

var (
	// looksLikeHTML finds what plain text does not hold by chance: the end
	// tag of an element, a void element, or a comment.
	looksLikeHTML = regexp.MustCompile(`(?i)</[a-z][a-z0-9]*\s*>|<(?:br|hr|wbr|p)\s*/?>|<img\s|<[a-z]+\s[^>]*=[^>]*>|<!--|<!\[CDATA\[`)
	entity        = regexp.MustCompile(`&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});`)
)

// IsHTML reports whether s holds markup that plain text does not hold by
// chance: an end tag, a void element, an element with attributes, a comment.
func IsHTML(s string) bool { return looksLikeHTML.MatchString(s) }

// Title returns the plain text of a title of any feed, as one line without
// limit. Feeds write plain text, HTML, and HTML escaped once too often; what
// is no markup ("if a <b" or "the <div> tag") stays as it is.
func Title(s string) string {
	s = cut(s, maxText)
	for range 3 {
		switch {
		case looksLikeHTML.MatchString(s):
			s = Text(s)
		case entity.MatchString(s):
			s = entity.ReplaceAllStringFunc(s, html.UnescapeString)
		default:
			return Line(s, 0)
		}
	}
	return Line(s, 0)
}
