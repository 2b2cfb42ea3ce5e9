package story

import (
	"math"
	"strconv"
	"strings"
	"unicode"
)

// figure is a number with the unit that stands beside it, as two reports of
// one event give it alike, whatever their language.
type figure struct {
	value float64
	unit  string // "$", "€", "mw", "%", "" …
}

// key names a figure to three digits: reports round.
func (f figure) key() string {
	return "#" + f.unit + strconv.FormatFloat(f.value, 'g', 3, 64)
}

// telling reports whether two articles that share the figure are likely to
// speak of one thing. Small counts and years are shared by chance.
func (f figure) telling() bool {
	if f.unit == "" {
		return f.value >= 100 && (f.value < 1900 || f.value > 2100 || f.value != math.Trunc(f.value))
	}
	return f.value != 0
}

// figures reads the numbers of a plain text.
func (m *Matcher) figures(s string) []figure {
	var out []figure
	for i := 0; i < len(s); {
		if s[i] < '0' || s[i] > '9' || i > 0 && wordByte(s[i-1]) {
			i++
			continue
		}
		end := i
		for end < len(s) && (s[end] >= '0' && s[end] <= '9' || (s[end] == '.' || s[end] == ',') && end+1 < len(s) && s[end+1] >= '0' && s[end+1] <= '9') {
			end++
		}
		if v, ok := parseNumber(s[i:end]); ok {
			if f := m.measure(s, i, end, v); f.telling() {
				out = append(out, f)
			}
		}
		i = end
	}
	return out
}

func wordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '.' || c == '-'
}

// parseNumber reads digits with points and commas as English, or as
// continental Europe, writes them: groups of three are thousands.
func parseNumber(s string) (float64, bool) {
	dot, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
	point := max(dot, comma)
	if point >= 0 {
		sep := s[point : point+1]
		grouped := len(s)-point-1 == 3 && !strings.HasPrefix(s, "0") || strings.Count(s, sep) > 1
		if grouped && (dot < 0 || comma < 0) {
			point = -1
		}
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case i == point:
			b.WriteByte('.')
		case s[i] != '.' && s[i] != ',':
			b.WriteByte(s[i])
		}
	}
	v, err := strconv.ParseFloat(b.String(), 64)
	return v, err == nil
}

// measure gives the number v at s[start:end] its scale and unit.
func (m *Matcher) measure(s string, start, end int, v float64) figure {
	f := figure{value: v, unit: currencyBefore(s[:start])}
	rest := s[end:]
	for range 3 { // "640 milioni di dollari", "5 gigawatt", "30亿美元"
		w, after := nextWord(rest, m.scales)
		if w == "" {
			break
		}
		u, known := m.scales[w]
		if !known {
			break
		}
		f.value *= u.times
		if u.unit != "" {
			f.unit = u.unit
		}
		rest = after
	}
	return f
}

// currencyBefore is the currency whose sign or code ends s.
func currencyBefore(s string) string {
	s = strings.TrimRight(s, " ")
	for _, c := range []struct{ sign, unit string }{{"$", "$"}, {"€", "€"}, {"£", "£"}, {"¥", "¥"}, {"₩", "₩"}, {"usd", "$"}, {"eur", "€"}, {"us$", "$"}} {
		if strings.HasSuffix(s, c.sign) {
			return c.unit
		}
	}
	return ""
}

// nextWord is the word that begins s, after blanks and hyphens; of a script
// without blanks the longest beginning that is known.
func nextWord(s string, known map[string]scale) (word, after string) {
	t := strings.TrimLeft(s, " -\u00a0\u202f")
	if strings.HasPrefix(t, "%") || strings.HasPrefix(t, "$") {
		return t[:1], t[1:]
	}
	for _, sign := range []string{"€", "£"} {
		if strings.HasPrefix(t, sign) {
			return sign, t[len(sign):]
		}
	}
	end, cjk := 0, false
	for i, r := range t {
		if isCJK(r) {
			cjk = true
		} else if !unicode.IsLetter(r) {
			break
		}
		end = i + len(string(r))
		if end > 24 {
			break
		}
	}
	if !cjk {
		w := strings.TrimSuffix(t[:end], ".")
		if w == "di" || w == "de" || w == "d" || w == "us" { // "milioni di euro"
			return nextWord(t[end:], known)
		}
		return w, t[end:]
	}
	for ; end > 0; end-- {
		if _, ok := known[t[:end]]; ok {
			return t[:end], t[end:]
		}
	}
	return "", s
}
