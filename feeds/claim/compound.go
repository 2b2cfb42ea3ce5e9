package claim

import "strings"

// compound reads a number that a language writes as one word: the German
// "zweihunderttausend", the Dutch "honderdduizend", the Italian "centomila".
func (s *sentence) compound(w string) (float64, bool) {
	table := s.reader.compounds[s.lang]
	if table == nil || len(w) < 5 || len(w) > 60 {
		return 0, false
	}
	return table.read(w)
}

// compounds holds the parts of the number words of one language.
type compounds struct {
	small    map[string]float64 // below one hundred
	hundred  string
	thousand []string
	and      string // between ones and tens: "einundzwanzig"
}

// read reads w as a whole, or reports false.
func (c *compounds) read(w string) (float64, bool) {
	for _, t := range c.thousand {
		left, right, ok := strings.Cut(w, t)
		if !ok {
			continue
		}
		l, okL := c.hundreds(left)
		r, okR := c.hundreds(right)
		if left == "" {
			l, okL = 1, true
		}
		if right == "" {
			r, okR = 0, true
		}
		return l*1000 + r, okL && okR
	}
	return c.hundreds(w)
}

func (c *compounds) hundreds(w string) (float64, bool) {
	left, right, ok := strings.Cut(w, c.hundred)
	if !ok {
		return c.tens(w)
	}
	l, okL := c.tens(left)
	r, okR := c.tens(right)
	if left == "" {
		l, okL = 1, true
	}
	if right == "" {
		r, okR = 0, true
	}
	return l*100 + r, okL && okR && l < 10
}

func (c *compounds) tens(w string) (float64, bool) {
	if v, ok := c.small[w]; ok {
		return v, v < 100
	}
	for i := 2; i < len(w)-2; i++ { // "fünfundzwanzig", "ventidue"
		a, okA := c.small[w[:i]]
		rest := strings.TrimPrefix(w[i:], c.and)
		b, okB := c.small[rest]
		if okA && okB && a < 100 && b < 100 && (a < 10 && b >= 20 || a >= 20 && b < 10) {
			return a + b, true
		}
	}
	return 0, false
}

// newCompounds returns the number words that are written as one, by language,
// with small as the words below a hundred of the data files.
func newCompounds(small map[string]map[string]float64) map[string]*compounds {
	return map[string]*compounds{
		"de": {small: small["de"], hundred: "hundert", thousand: []string{"tausend"}, and: "und"},
		"nl": {small: small["nl"], hundred: "honderd", thousand: []string{"duizend"}, and: "en"},
		"it": {small: small["it"], hundred: "cento", thousand: []string{"mila", "mille"}},
	}
}
