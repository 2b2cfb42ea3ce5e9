package claim

import (
	"math"
	"strconv"
	"strings"
)

// number is a figure in a sentence, digits or words, with its scale ("k",
// "million", 万) applied.
type number struct {
	from, to int     // tokens; to is past the last
	value    float64 // by the custom of the sentence's language
	other    float64 // the other reading of one separator ("1.234"); equals value if there is none
	bare     bool    // digits alone: no scale, no separator
	letter   string  // a scale of one letter that means a scale only where the unit says so: "m", "b", "t"
	words    bool    // written in words
	article  bool    // "un gigawatt": one only where a unit follows at once
	lo       float64 // "six-figure": the least; 0 otherwise
}

// readNumber reads the number that begins at token i, or reports false.
func (s *sentence) readNumber(i int) (number, bool) {
	t := &s.toks[i]
	if h, ok := s.starting(i, "figures"); ok {
		n, _ := strconv.Atoi(h.value)
		return number{from: i, to: h.to, lo: math.Pow10(n - 1), value: math.Pow10(n) - 1, other: math.Pow10(n) - 1, words: true}, true
	}
	if h, ok := s.starting(i, "whole"); ok {
		v := s.floatOf(h)
		return number{from: i, to: h.to, value: v, other: v, words: true}, true
	}
	switch t.kind {
	case digits:
		return s.readDigits(i)
	case glyph:
		return s.readGlyphs(i)
	case word:
		return s.readWords(i)
	}
	return number{}, false
}

// readDigits reads a number in digits and the scale after it.
func (s *sentence) readDigits(i int) (number, bool) {
	raw, to := s.toks[i].text, i+1
	grouped := false
	for to < len(s.toks) && s.spaceGroup(i, to) { // 100 000
		raw += s.toks[to].text
		to++
		grouped = true
	}
	value, other, ok := parseDigits(raw, s.comma)
	if !ok {
		return number{}, false
	}
	n := number{from: i, to: to, value: value, other: other, bare: !grouped && isPlain(raw)}
	if to < len(s.toks) && s.toks[to].kind == glyph {
		return s.scaleGlyphs(n), true
	}
	return s.scaleWords(n), true
}

// spaceGroup reports whether token j continues the number that begins at i
// after a space: three digits, a lone space between, and a language or a kind
// of space that does so.
func (s *sentence) spaceGroup(i, j int) bool {
	prev, t := &s.toks[j-1], &s.toks[j]
	if t.kind != digits || len(t.text) != 3 || !isPlain(t.text) || prev.kind != digits {
		return false
	}
	if j == i+1 && (len(prev.text) > 3 || prev.text[0] == '0') || !isPlain(prev.text) {
		return false
	}
	switch gap := s.body[prev.end:t.start]; gap {
	case "\u00a0", "\u202f", "\u2009":
		return true
	case " ":
		return s.spaces
	}
	return false
}

func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// parseDigits reads digits with separators. comma says that the language
// writes decimals with a comma. other is the second reading of a number such
// as 1.234, which may be one and a bit or a thousand and more.
func parseDigits(raw string, comma bool) (value, other float64, ok bool) {
	raw = strings.NewReplacer("’", "'", "，", ",", "．", ".").Replace(raw)
	if len(raw) > 24 {
		return 0, 0, false
	}
	seps := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, raw)
	switch {
	case seps == "":
		v, err := strconv.ParseFloat(raw, 64)
		return v, v, err == nil
	case len(seps) == 1:
		return parseOneSep(raw, seps[0], comma)
	}
	last := seps[len(seps)-1]
	if strings.Count(seps, string(last)) == len(seps) { // 1,234,567
		v, ok := joinGroups(raw, last)
		return v, v, ok
	}
	if strings.Count(seps, string(last)) > 1 {
		return 0, 0, false
	}
	cut := strings.LastIndexByte(raw, last) // 1.234,5
	v, ok := joinGroups(raw[:cut], seps[0])
	if !ok || strings.Count(seps[:len(seps)-1], string(seps[0])) != len(seps)-1 {
		return 0, 0, false
	}
	frac, err := strconv.ParseFloat("0."+raw[cut+1:], 64)
	return v + frac, v + frac, err == nil
}

// parseOneSep reads digits with one separator.
func parseOneSep(raw string, sep byte, comma bool) (value, other float64, ok bool) {
	whole, frac, _ := strings.Cut(raw, string(sep))
	decimal, err := strconv.ParseFloat(whole+"."+frac, 64)
	if err != nil {
		return 0, 0, false
	}
	grouped, isGroup := joinGroups(raw, sep)
	switch {
	case sep == '\'':
		return grouped, grouped, isGroup
	case !isGroup || whole == "0":
		return decimal, decimal, true
	case (sep == ',') == comma:
		return decimal, grouped, true
	}
	return grouped, decimal, true
}

// joinGroups reads digits in groups of three (or 12,34,567 as in India).
func joinGroups(raw string, sep byte) (float64, bool) {
	groups := strings.Split(raw, string(sep))
	for i, g := range groups {
		lakh := len(g) == 2 && i < len(groups)-1
		if i == 0 && (len(g) > 3 || len(g) == 0) || i > 0 && len(g) != 3 && !lakh {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(strings.Join(groups, ""), 64)
	return v, err == nil
}

// scaleWords applies the scale words after n: "100k", "1.2 billion", "10 Mrd.".
func (s *sentence) scaleWords(n number) number {
	for range 2 { // "2 hundred thousand"
		h, ok := s.starting(n.to, "scale")
		if !ok {
			break
		}
		t := &s.toks[h.from]
		if next := s.text(h.to); next == "²" || next == "³" { // square metres, not millions
			break
		}
		if len(t.text) == 1 && t.kind == word {
			if t.spaced && t.text == "k" || n.letter != "" {
				break
			}
			if t.text != "k" {
				n.letter = t.text
			}
		}
		f := s.floatOf(h)
		if s.lang == "es" && f == 1e6 && n.other >= 1000 && n.other == 1000*n.value { // "4,800 millones", as Mexico writes thousands
			n.value = n.other
		}
		n.value, n.other, n.bare, n.to = decimal(n.value*f), decimal(n.other*f), false, h.to
		if rest, ok := s.afterMil(n); ok { // "14 mil 480 GPU", "4 mil 800 millones"
			n = rest
			continue
		}
		if n.letter != "" || t.text == "k" {
			break
		}
	}
	if n.to < len(s.toks) && s.toks[n.to].text == "." && s.abbreviated(n.to-1) {
		n.to++
	}
	return n
}

// afterMil adds the digits that follow a thousand in Spanish and Portuguese.
func (s *sentence) afterMil(n number) (number, bool) {
	if s.text(n.to-1) != "mil" || n.to >= len(s.toks) || s.toks[n.to].kind != digits || len(s.toks[n.to].text) != 3 {
		return n, false
	}
	v, err := strconv.ParseFloat(s.toks[n.to].text, 64)
	if err != nil {
		return n, false
	}
	n.value += v
	n.other, n.to = n.value, n.to+1
	return n, true
}

// decimal takes off what binary fractions leave: 1.1 times 10,000 is 11,000.
func decimal(v float64) float64 { return math.Round(v*1e6) / 1e6 }

// abbreviated reports whether token i is a scale that is written with a full
// stop: "Mrd.", "Mio.".
func (s *sentence) abbreviated(i int) bool {
	switch s.toks[i].text {
	case "mrd", "mio", "mia", "mill", "bln", "mln", "mld":
		return true
	}
	return false
}

// readWords reads a number in words: "two hundred thousand", "centomila".
func (s *sentence) readWords(i int) (number, bool) {
	total, current, last := 0.0, 0.0, i
	seen, article, scaled := false, false, false
	for j := i; j < len(s.toks); {
		if h, ok := s.starting(j, "scale"); ok && (seen || s.bareScale(j)) && len(s.toks[j].text) > 1 {
			f := s.floatOf(h)
			if f == 100 {
				current = max(current, 1) * f
			} else {
				total += max(current, 1) * f
				current = 0
			}
			seen, scaled, j, last = true, true, h.to, h.to
			continue
		}
		v, to, ok := s.numberWord(j)
		if ok {
			if seen && current > 0 && !addable(current, v) {
				if v >= 1000 {
					return number{}, false
				}
				break
			}
			current += v
			seen, j, last = true, to, to
			continue
		}
		if !seen && s.has(j, "article") {
			article, seen, current, j, last = true, true, 1, j+1, j+1
			continue
		}
		if seen && !article && s.joinsNumbers(j) {
			j++
			continue
		}
		break
	}
	if !seen || article && !scaled && s.lang == fallback { // "a gigawatt" is how large sites are called
		return number{}, false
	}
	v := total + current
	return number{from: i, to: last, value: v, other: v, words: true, article: article && !scaled}, true
}

// addable reports whether v may follow current within one number: "twenty
// one", "hundred twenty", never "two three".
func addable(current, v float64) bool {
	switch {
	case math.Mod(current, 1000) == 0:
		return v < 1000
	case math.Mod(current, 100) == 0:
		return v < 100
	case math.Mod(current, 10) == 0:
		return v < 10 || current == 60 && v < 20 || current == 80 && v < 20 // soixante-dix, quatre-vingt-dix
	}
	return false
}

// bareScale reports whether the scale word at i may begin a number: "mil GPU",
// "mille", "hunderttausend", but neither "million" nor "hundred".
func (s *sentence) bareScale(i int) bool {
	switch s.toks[i].text {
	case "mil", "mille", "tausend", "duizend":
		return true
	}
	return false
}

// numberWord reads one number word, compounds included ("duecentomila").
func (s *sentence) numberWord(i int) (value float64, to int, ok bool) {
	if h, ok := s.starting(i, "num"); ok {
		return s.floatOf(h), h.to, true
	}
	if s.toks[i].kind == word {
		if v, ok := s.compound(s.toks[i].text); ok {
			return v, i + 1, true
		}
	}
	return 0, i, false
}

// joinsNumbers reports whether token i stands between the words of one number.
func (s *sentence) joinsNumbers(i int) bool {
	if i+1 >= len(s.toks) || s.toks[i].text != "-" && !(s.has(i, "joinand") && s.toks[i].text != "und") {
		return false
	}
	if _, _, ok := s.numberWord(i + 1); !ok {
		return false
	}
	return s.toks[i].text == "-" || !s.rangeBegun
}
