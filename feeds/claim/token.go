package claim

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is the class of a token.
type kind uint8

const (
	word    kind = iota // a run of letters of an alphabet, digits within: "h100", "gb200s"
	digits              // a run that starts with a digit, separators within: "24,576", "1.2"
	glyph               // one character of a script without spaces: Han, Kana, Hangul
	mark                // one other character
	newline             // one or more line ends
)

// token is one piece of a text.
type token struct {
	start, end int
	text       string // lower case, without accents, full width made narrow
	kind       kind
	spaced     bool // white space stands before it
	upper      bool // starts with a capital
}

// tokenize cuts s into tokens. White space is dropped; line ends are kept.
func tokenize(s string, dst []token) []token {
	spaced := true
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		switch {
		case r == '\n' || r == '\u2028' || r == '\u2029':
			end := i + n
			for end < len(s) && (s[end] == '\n' || s[end] == '\r' || s[end] == ' ' || s[end] == '\t') {
				end++
			}
			dst = append(dst, token{start: i, end: end, text: "\n", kind: newline, spaced: true})
			i, spaced = end, true
			continue
		case r == ideographicSpace: // parts what headlines say
			dst = append(dst, token{start: i, end: i + n, text: "|", kind: mark, spaced: true})
			i, spaced = i+n, true
			continue
		case isBlank(r):
			i, spaced = i+n, true
			continue
		case isDigit(r):
			end := digitRun(s, i)
			dst = append(dst, token{start: i, end: end, text: fold(s[i:end]), kind: digits, spaced: spaced})
			i, spaced = end, false
			if end+1 < len(s) && s[end] == 'x' && s[end+1] >= 'A' && s[end+1] <= 'Z' { // "2048xH100"
				dst = append(dst, token{start: end, end: end + 1, text: "x", kind: mark})
				i++
			}
			continue
		case isGlyph(r):
			dst = append(dst, token{start: i, end: i + n, text: s[i : i+n], kind: glyph, spaced: spaced})
		case unicode.IsLetter(r):
			end := wordRun(s, i)
			if n := len("GPU"); end > i+n+1 && strings.EqualFold(s[i:i+n], "GPU") && isPlain(s[i+n:end]) {
				end = i + n // "GPU3000基"
			}
			dst = append(dst, token{start: i, end: end, text: fold(s[i:end]), kind: word, spaced: spaced, upper: unicode.IsUpper(r)})
			i, spaced = end, false
			continue
		default:
			dst = append(dst, token{start: i, end: i + n, text: fold(s[i : i+n]), kind: mark, spaced: spaced})
		}
		i, spaced = i+n, false
	}
	return dst
}

// ideographicSpace is the wide space that Japanese headlines put between their parts.
const ideographicSpace = 0x3000

func isBlank(r rune) bool {
	return r == ' ' || r == '\t' || r == '\r' || r == 0xFEFF || r == 0x200B || unicode.IsSpace(r)
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' || r >= '０' && r <= '９' }

// isGlyph reports whether r belongs to a script that is written without
// spaces, or (Hangul) glues particles to its words.
func isGlyph(r rune) bool {
	return r >= 0x3040 && (r <= 0x30FF || r >= 0x3400 && r <= 0x9FFF || r >= 0xAC00 && r <= 0xD7A3 || r == 0x3005)
}

// digitRun returns the end of the number that starts at i: digits with single
// separators between them.
func digitRun(s string, i int) int {
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if isDigit(r) {
			i += n
			continue
		}
		switch r {
		case '.', ',', '\'', '’', '，', '．':
			if next, _ := utf8.DecodeRuneInString(s[i+n:]); !isDigit(next) {
				return i
			}
			i += n
		default:
			return i
		}
	}
	return i
}

// wordRun returns the end of the word that starts at i: letters, and digits
// that follow them ("H100", "TPUv4").
func wordRun(s string, i int) int {
	for i < len(s) {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		if !(r >= '0' && r <= '9' || unicode.IsLetter(r) && !isGlyph(r) || unicode.Is(unicode.Mn, r)) {
			break
		}
		i += n
	}
	return i
}

// fold lowers s, strips accents of Latin letters and narrows full-width forms.
func fold(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			b.WriteRune(unicode.ToLower(r))
		case r >= 0xFF01 && r <= 0xFF5E:
			b.WriteRune(unicode.ToLower(r - 0xFEE0))
		case unicode.Is(unicode.Mn, r):
		default:
			b.WriteString(foldLatin(unicode.ToLower(r)))
		}
	}
	return b.String()
}

// foldLatin strips the accent of one lower-case letter.
func foldLatin(r rune) string {
	switch r {
	case 'à', 'á', 'â', 'ã', 'ä', 'å', 'ā':
		return "a"
	case 'ç', 'č', 'ć':
		return "c"
	case 'è', 'é', 'ê', 'ë', 'ē', 'ě':
		return "e"
	case 'ì', 'í', 'î', 'ï', 'ī':
		return "i"
	case 'ñ', 'ń':
		return "n"
	case 'ò', 'ó', 'ô', 'õ', 'ö', 'ø', 'ō':
		return "o"
	case 'ù', 'ú', 'û', 'ü', 'ū':
		return "u"
	case 'ý', 'ÿ':
		return "y"
	case 'š':
		return "s"
	case 'ž':
		return "z"
	case 'ß':
		return "ss"
	case 'œ':
		return "oe"
	case 'æ':
		return "ae"
	}
	return string(r)
}
