package query

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Token is one term of a text and where it stands.
type Token struct {
	Term       string // as the index holds it: folded, stemmed, no spaces
	Start, End int    // byte offsets in the analysed text
}

// maxTerm is the greatest length of a term in bytes. Longer words are cut:
// they are addresses and encoded data that nobody types.
const maxTerm = 48

// Analyze returns the terms of a text in the order in which they stand.
//
//   - Words are folded (case, accents, full width) and lose a plural s.
//   - "data center", "data-center" and "data centre" are "datacenter".
//   - Chinese, Japanese, Korean and Thai runs become overlapping pairs of
//     characters, and the last character alone, so that every character of a
//     run begins a term.
//   - "$10B", "$10 billion" and "$10bn" are the terms "$", "10", "b".
//   - "AT&T", "C++" and "C#" are one term each.
func Analyze(text string) []Token {
	a := analyzer{text: text, tokens: make([]Token, 0, len(text)/6+1)}
	a.run(len(text))
	return a.tokens
}

// IndexText returns the terms of a text joined by spaces, as the index takes
// them. The parts of compounds stand once more at the end, so that "center"
// alone still finds "data center"; the gap keeps them out of phrases.
func IndexText(text string) string {
	tokens := Analyze(text)
	var b strings.Builder
	b.Grow(len(text) + len(text)/8)
	var parts [8]string
	n := 0
	for i, t := range tokens {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.Term)
		if n+2 > len(parts) || t.End-t.Start <= len(t.Term) || !isSplit(text[t.Start:t.End]) {
			continue
		}
		if c, ok := compoundTerms[t.Term]; ok && !slices.Contains(parts[:n], c[0]) {
			parts[n], parts[n+1] = c[0], c[1]
			n += 2
		}
	}
	for i := 0; i < n; i++ {
		b.WriteString(" = ")
		b.WriteString(parts[i])
	}
	return b.String()
}

// isSplit reports whether a compound was written as two words.
func isSplit(written string) bool { return strings.ContainsAny(written, " -\u00a0\u2010\u2011\n\t") }

type analyzer struct {
	text   string
	pos    int
	tokens []Token
	number bool // the last token is a number, and a unit may follow it
}

// class says how a rune takes part in words.
type class uint8

const (
	other class = iota
	letter
	digit
	pair   // scripts without spaces: Han, kana
	hangul // written with spaces, but with endings and joined words
	seAsia // Thai, Lao, Khmer, Burmese: no spaces between words
)

func classOf(r rune) class {
	switch {
	case r < utf8.RuneSelf:
		return asciiClass(byte(r))
	case r < 0x0e00:
		return wordClass(r)
	case r <= 0x0eff || 0x1000 <= r && r <= 0x109f || 0x1780 <= r && r <= 0x17ff:
		if unicode.IsLetter(r) || unicode.IsMark(r) {
			return seAsia
		}
		return wordClass(r)
	case 0x3400 <= r && r <= 0x4dbf, 0x4e00 <= r && r <= 0x9fff, 0xf900 <= r && r <= 0xfaff, 0x20000 <= r && r <= 0x323af,
		0x3041 <= r && r <= 0x309f, 0x30a1 <= r && r <= 0x30ff && r != 0x30fb, 0xff66 <= r && r <= 0xff9f, r == 0x3005, r == 0x3007:
		return pair
	case 0xac00 <= r && r <= 0xd7a3, 0x1100 <= r && r <= 0x11ff, 0x3131 <= r && r <= 0x318e:
		return hangul
	}
	return wordClass(r)
}

// asciiClass is classOf for a byte of ASCII, other for any else.
func asciiClass(c byte) class { return asciiClasses[c] }

// asciiClasses is a table, since it is asked for every byte of every text.
var asciiClasses = func() (table [256]class) {
	for c := byte('0'); c <= '9'; c++ {
		table[c] = digit
	}
	for c := byte('a'); c <= 'z'; c++ {
		table[c], table[c-'a'+'A'] = letter, letter
	}
	return table
}()

func wordClass(r rune) class {
	switch {
	case unicode.IsLetter(r) || unicode.IsMark(r):
		return letter
	case unicode.IsDigit(r):
		return digit
	}
	return other
}

func (a *analyzer) peek(at int) (rune, int) {
	if at >= len(a.text) {
		return 0, 0
	}
	if c := a.text[at]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(a.text[at:])
}

// run goes on until it has passed a place in the text.
func (a *analyzer) run(to int) {
	for to = min(to, len(a.text)); a.pos < to; {
		r, size := a.peek(a.pos)
		switch c := classOf(r); c {
		case letter:
			a.word()
		case digit:
			a.figure()
		case pair, hangul, seAsia:
			a.pairs(c)
		default:
			a.mark(r, size)
		}
	}
}

// mark passes what stands between words. A currency sign before a number is a
// term of its own: "$10B" is found as typed, and "10B" finds it too.
func (a *analyzer) mark(r rune, size int) {
	if sign := currencySign(r); sign != "" {
		next, _ := a.peek(a.pos + size)
		if classOf(next) == digit {
			a.add(sign, a.pos, a.pos+size)
		}
	}
	if r != ' ' && r != '-' && r != 0xa0 && r != 0x202f && r != 0x2009 && r != 0x2011 && r != 0x2010 {
		a.number = false
	}
	a.pos += size
}

func currencySign(r rune) string {
	switch r {
	case '$', '\uff04':
		return "$"
	case '€', '£', '₩', '₹', '₽':
		return string(r)
	case '¥', '\uffe5':
		return "¥"
	}
	return ""
}

func (a *analyzer) add(term string, start, end int) {
	if term == "" {
		return
	}
	if len(term) > maxTerm {
		cut := maxTerm
		for cut > 0 && !utf8.RuneStart(term[cut]) {
			cut--
		}
		term = term[:cut]
	}
	a.tokens = append(a.tokens, Token{Term: term, Start: start, End: end})
}

// word reads letters and the digits within, and the marks that join them.
func (a *analyzer) word() {
	start := a.pos
	plain, marked := true, false // ASCII; with a mark inside
	for a.pos < len(a.text) {
		b := a.text[a.pos]
		if asciiClass(b) != other {
			a.pos++
			continue
		}
		if b < utf8.RuneSelf && b != '&' && b != '\'' && b != '.' { // none that joins
			break
		}
		r, size := a.peek(a.pos)
		c := classOf(r)
		if c != letter && c != digit {
			if a.joins(r, size, start) {
				marked = true
				plain = plain && r < utf8.RuneSelf
				a.pos += size
				continue
			}
			break
		}
		plain = plain && r < utf8.RuneSelf
		a.pos += size
	}
	end := a.pos
	word := a.text[start:end]
	if plusPlus := a.suffix(word); plusPlus > 0 {
		a.pos += plusPlus
		a.number = false
		a.add(strings.ToLower(a.text[start:a.pos]), start, a.pos)
		return
	}
	term := fold(word, plain)
	if a.number {
		a.number = false
		if u, ok := unitWords[term]; ok {
			a.add(u, start, end)
			return
		}
	}
	if plain && !marked {
		a.addWord(term, start, end)
		return
	}
	if strings.IndexByte(word, '.') >= 0 {
		term = strings.ReplaceAll(term, ".", "")
	}
	a.apostrophe(word, term, start, end)
}

// joins reports whether a mark inside a word belongs to it: the & of AT&T,
// the dots of U.S., an apostrophe.
func (a *analyzer) joins(r rune, size, start int) bool {
	next, _ := a.peek(a.pos + size)
	nc := classOf(next)
	switch r {
	case '&':
		return nc == letter && a.pos-start <= 4 && short(a.text[a.pos+size:])
	case '\'', '’', '\u02bc':
		return nc == letter
	case '.':
		return nc == letter && acronym(a.text[start:a.pos]) && acronymNext(a.text[a.pos+size:])
	case 0xad, 0x200d, 0x200c: // soft hyphen and joiners are not seen by readers
		return nc == letter || nc == digit
	}
	return false
}

// short reports whether a word of at most four letters begins here.
func short(s string) bool {
	n := 0
	for _, r := range s {
		if c := classOf(r); c != letter && c != digit {
			break
		}
		if n++; n > 4 {
			return false
		}
	}
	return n > 0
}

// acronym reports whether s is single letters with dots between: "U.S".
func acronym(s string) bool {
	for i := 0; i < len(s); i++ {
		if (i%2 == 1) != (s[i] == '.') {
			return false
		}
		if i%2 == 0 && (s[i] < 'A' || s[i] > 'Z') {
			return false
		}
	}
	return len(s)%2 == 1
}

// acronymNext reports whether one capital letter stands alone here.
func acronymNext(s string) bool {
	if s == "" || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s[1:])
	c := classOf(r)
	return len(s) == 1 || c != letter && c != digit
}

// suffix returns the length of the ++ or # that belongs to C++ and C#.
func (a *analyzer) suffix(word string) int {
	if len(word) != 1 {
		return 0
	}
	rest := a.text[a.pos:]
	switch {
	case strings.HasPrefix(rest, "++"):
		return 2
	case strings.HasPrefix(rest, "#"):
		return 1
	}
	return 0
}

// apostrophe splits elisions (l'énergie), drops the English genitive and
// joins contractions, then adds the word with its compounds.
func (a *analyzer) apostrophe(word, term string, start, end int) {
	cut := strings.IndexByte(term, '\'')
	if cut < 0 {
		a.addWord(term, start, end)
		return
	}
	head, tail := term[:cut], term[cut+1:]
	switch tail {
	case "s":
		a.addWord(head, start, end)
	case "t", "re", "ve", "ll", "d", "m":
		a.addWord(head+tail, start, end)
	default:
		at := start + strings.IndexAny(word, "'’\u02bc")
		_, size := utf8.DecodeRuneInString(a.text[at:])
		a.addWord(head, start, at)
		a.addWord(strings.ReplaceAll(tail, "'", ""), at+size, end)
	}
}

// addWord adds a word, joined with the one before where the two are a compound.
func (a *analyzer) addWord(term string, start, end int) {
	term = spelling(term)
	if n := len(a.tokens); n > 0 && second(term) {
		last := &a.tokens[n-1]
		if joined, ok := compounds[last.Term+" "+term]; ok && closeBy(a.text[last.End:start]) {
			last.Term, last.End = joined, end
			return
		}
	}
	a.add(term, start, end)
}

// closeBy reports whether only a space or hyphen lies between two words.
func closeBy(gap string) bool {
	switch gap {
	case " ", "-", "\u00a0", "\u2010", "\u2011", "\n", "":
		return true
	}
	return false
}

// pairs reads a run of a script without spaces as overlapping pairs of
// characters and the last character alone.
func (a *analyzer) pairs(c class) {
	a.number = false
	prevStart, prev := -1, ""
	for a.pos < len(a.text) {
		r, size := a.peek(a.pos)
		if classOf(r) != c {
			break
		}
		if next, more := a.peek(a.pos + size); voicing(next) { // a mark of its own, but one character to readers
			size += more
		}
		cur := foldRune(a.text[a.pos : a.pos+size])
		if prevStart >= 0 {
			a.add(prev+cur, prevStart, a.pos+size)
		}
		prevStart, prev = a.pos, cur
		a.pos += size
	}
	a.add(prev, prevStart, a.pos)
}

// voicing reports whether a rune is a Japanese voicing mark that was written
// apart from its character.
func voicing(r rune) bool { return r == 0x3099 || r == 0x309a || r == 0xff9e || r == 0xff9f }
