package query

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold returns a word in lower case without accents, full-width forms and
// presentation forms. Marks that make another letter (Devanagari vowels,
// Japanese voicing) stay.
func fold(word string, ascii bool) string {
	if ascii {
		return strings.ToLower(word)
	}
	var b strings.Builder
	b.Grow(len(word))
	for _, r := range norm.NFKD.String(word) {
		if r < 0x80 {
			if r <= ' ' || r == '"' || r == '=' { // signs that are made of a space and a mark
				continue
			}
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			b.WriteByte(byte(r))
			continue
		}
		if accent(r) {
			continue
		}
		r = unicode.ToLower(r)
		if s, ok := letters[r]; ok {
			b.WriteString(s)
			continue
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

// accent reports whether a decomposed rune is a mark that search ignores:
// combining accents, Arabic and Hebrew vowel points, invisible joiners.
func accent(r rune) bool {
	return 0x0300 <= r && r <= 0x036f || 0x0591 <= r && r <= 0x05c7 || 0x064b <= r && r <= 0x065f ||
		r == 0x0670 || r == 0x0640 || r == 0xad || r == 0x200c || r == 0x200d
}

// letters are those that have no decomposition but a plain spelling.
var letters = map[rune]string{
	'ß': "ss", 'ø': "o", 'æ': "ae", 'œ': "oe", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ħ': "h",
	'’': "'", '\u02bc': "'", 'ς': "σ", 'ё': "е",
}

// foldRune folds one character of a script that is indexed in pairs.
func foldRune(s string) string {
	if s >= "\u3400" && s <= "\u9fff" { // Han and Hangul compose to themselves
		return s
	}
	return strings.ReplaceAll(norm.NFKC.String(s), " ", "")
}

// stem takes the plural s off a word, after Harman, "How effective is
// suffixing?" (1991), the S stemmer. It is weak on purpose: it is applied to
// words of every language that writes Latin letters.
func stem(w string) string {
	n := len(w)
	if n < 4 || w[n-1] != 's' {
		return w
	}
	switch w[n-2] {
	case 's', 'i', '\'':
		return w
	case 'u':
		if n != 4 || w[1] != 'p' { // not GPUs, CPUs, TPUs
			return w
		}
	case 'e':
		if w[n-3] == 'i' && n > 4 && w[n-4] != 'a' && w[n-4] != 'e' {
			return w[:n-3] + "y"
		}
	}
	return w[:n-1]
}

// spelling returns the one term for words of one meaning.
func spelling(term string) string {
	switch term {
	case "centre", "centres":
		return "center"
	case "datacentre", "datacentres":
		return "datacenter"
	case "fibre", "fibres":
		return "fiber"
	case "apis":
		return "api"
	}
	return stem(term)
}

// compounds are words that are written as one, with a hyphen and as two.
var compounds = map[string]string{
	"data center":    "datacenter",
	"super computer": "supercomputer",
	"super cluster":  "supercluster",
	"hyper scale":    "hyperscale",
	"hyper scaler":   "hyperscaler",
	"co location":    "colocation",
	"giga watt":      "gigawatt",
	"mega watt":      "megawatt",
	"sub station":    "substation",
	"micro grid":     "microgrid",
	"green field":    "greenfield",
	"brown field":    "brownfield",
}

// second reports whether a term is the second part of a compound. It spares
// nearly every word the look-up of a joined key.
func second(term string) bool {
	switch term {
	case "center", "computer", "cluster", "scale", "scaler", "location", "watt", "station", "grid", "field":
		return true
	}
	return false
}

// compoundTerms gives the parts of each compound.
var compoundTerms = splitCompounds()

func splitCompounds() map[string][2]string {
	parts := make(map[string][2]string, len(compounds))
	for written, term := range compounds {
		first, rest, _ := strings.Cut(written, " ")
		parts[term] = [2]string{first, rest}
	}
	return parts
}
