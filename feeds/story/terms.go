package story

// terms are the words of a folded text as keys: concepts where a word is one,
// stems otherwise, and pairs of characters in scripts without blanks.
func (m *Matcher) terms(folded string) []string {
	ws := words(folded)
	var out []string
	for i := 0; i < len(ws); {
		if isCJK(firstRune(ws[i])) {
			out = m.runTerms(out, ws[i])
			i++
			continue
		}
		if c, n := m.concept(ws[i:]); n > 0 {
			out = append(out, c)
			i += n
			continue
		}
		if len(ws[i]) > 1 || ws[i][0] >= '0' && ws[i][0] <= '9' {
			out = append(out, stem(ws[i]))
		}
		i++
	}
	return out
}

// concept is the longest concept that begins ws, and how many words it takes.
func (m *Matcher) concept(ws []string) (string, int) {
	key, found, n := "", "", 0
	for i := range min(m.longest, len(ws)) {
		if i > 0 {
			key += " "
		}
		key += ws[i]
		if c, ok := m.concepts[key]; ok {
			found, n = c, i+1
		}
	}
	return found, n
}

// runTerms appends the terms of a run without blanks: the concepts in it, and
// the pairs of characters between them.
func (m *Matcher) runTerms(out []string, run string) []string {
	runes := []rune(run)
	rest := 0 // where the characters begin that belong to no concept
	for i := 0; i < len(runes); {
		c, n := m.runConcept(runes[i:])
		if n == 0 {
			i++
			continue
		}
		if i > rest {
			out = append(out, bigrams(runes[rest:i])...)
		}
		out = append(out, c)
		i += n
		rest = i
	}
	if rest < len(runes) {
		out = append(out, bigrams(runes[rest:])...)
	}
	return out
}

func (m *Matcher) runConcept(runes []rune) (string, int) {
	for n := min(m.longestRun, len(runes)); n > 1; n-- {
		if c, ok := m.concepts[string(runes[:n])]; ok {
			return c, n
		}
	}
	return "", 0
}

// bigrams are the pairs of neighbouring characters.
func bigrams(runes []rune) []string {
	if len(runes) == 1 {
		return []string{string(runes)}
	}
	out := make([]string, 0, len(runes)-1)
	for i := 1; i < len(runes); i++ {
		out = append(out, string(runes[i-1:i+1]))
	}
	return out
}
