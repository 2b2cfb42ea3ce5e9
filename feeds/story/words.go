package story

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// plain folds a text for comparison: compatibility forms and accents go, all
// is lower case, and quotes are straight.
func plain(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r < 0x80:
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			b.WriteByte(byte(r))
		case r == '’' || r == '‘' || r == 'ʼ':
			b.WriteByte('\'')
		case isCJK(r):
			b.WriteRune(r)
		case r == 'ß':
			b.WriteString("ss")
		default:
			for _, d := range norm.NFKD.String(string(r)) {
				if !unicode.Is(unicode.Mn, d) {
					b.WriteRune(unicode.ToLower(d))
				}
			}
		}
	}
	return b.String()
}

// isCJK reports whether r belongs to a script that is written without blanks.
func isCJK(r rune) bool {
	const first = 0x1100 // of them all, in Hangul
	return r >= first && (unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || r == 'ー')
}

// words cuts a plain text into words. A run of a script without blanks is one
// word here; see bigrams.
func words(s string) []string {
	var out []string
	start, kind := -1, 0
	flush := func(end int) {
		if start >= 0 {
			if w := strings.Trim(s[start:end], ".,'"); w != "" {
				out = append(out, strings.TrimSuffix(w, "'s"))
			}
		}
		start = -1
	}
	for i, r := range s {
		k := 0
		switch {
		case isCJK(r):
			k = 2
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			k = 1
		case (r == '.' || r == ',' || r == '\'') && start >= 0 && kind == 1 && inside(s, i, r):
			k = 1
		}
		if k != kind || k == 0 {
			flush(i)
		}
		if k != 0 && start < 0 {
			start = i
		}
		kind = k
	}
	flush(len(s))
	return out
}

// inside reports whether the mark r at i stands inside of a word or number:
// 4.5, 640,000, U.S, Ternus's.
func inside(s string, i int, r rune) bool {
	if i == 0 || i+1 >= len(s) {
		return false
	}
	before, after := s[i-1], s[i+1]
	digit := func(c byte) bool { return '0' <= c && c <= '9' }
	if r == '\'' {
		return !digit(after) && (after|0x20) >= 'a' && (after|0x20) <= 'z'
	}
	if digit(before) && digit(after) {
		return true
	}
	letter := func(c byte) bool { return 'a' <= c && c <= 'z' }
	single := i < 2 || !letter(s[i-2])
	return r == '.' && letter(before) && letter(after) && single // an abbreviation: u.s, a.i
}

// stem takes the endings of inflection from a word, the same for every
// language that is written in Latin letters: less than a stemmer of each would
// take, but a word and its cognate in a neighbouring language often end alike
// after it. It never touches words with digits, nor leaves fewer than four letters.
func stem(w string) string {
	if len(w) < 5 {
		if len(w) == 4 && w[3] == 's' && w[2] != 's' && w[2] != 'u' && w[2] != 'i' {
			return w[:3]
		}
		return w
	}
	for i := 0; i < len(w); i++ {
		if w[i] < 'a' || w[i] > 'z' {
			return w
		}
	}
	for _, e := range endings {
		if strings.HasSuffix(w, e.cut) && len(w)-len(e.cut) >= 3 {
			w = w[:len(w)-len(e.cut)] + e.put
			break
		}
	}
	if n := len(w); n > 4 && w[n-1] == w[n-2] && !strings.ContainsRune("lse", rune(w[n-1])) {
		w = w[:n-1] // planned: plann, plan
	}
	if n := len(w); n > 4 && strings.ContainsRune("eaoiy", rune(w[n-1])) {
		w = w[:n-1]
	}
	return w
}

// endings are tried in this order, and the first that fits is taken.
var endings = []struct{ cut, put string }{
	{"sses", "ss"}, {"ators", "at"}, {"ator", "at"}, {"ations", "at"}, {"ation", "at"}, {"azioni", "at"}, {"azione", "at"}, {"ungen", ""}, {"ments", ""},
	{"ment", ""}, {"ings", ""}, {"ing", ""}, {"ies", "y"}, {"ied", "y"}, {"ers", ""}, {"er", ""}, {"edly", ""},
	{"ed", ""}, {"ily", "y"}, {"ly", ""}, {"es", ""}, {"ss", "ss"}, {"us", "us"}, {"is", "is"}, {"s", ""},
}
