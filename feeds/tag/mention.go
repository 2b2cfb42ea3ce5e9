package tag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"clusterwire/feeds/news"
)

// maxEvidence is how many quotes a mention or topic keeps.
const maxEvidence = 5

// found is what a text has of one company.
type found struct {
	company     int
	names       []hit // accepted
	rule        string
	weight      float64 // how much it is named
	inTitle     bool    // by a name, a product or a person
	nameInTitle bool
	support     support
	against     map[string]bool // words that touch none of its names
	established bool            // an unambiguous alias stands in the text
}

// support is the words that speak for a company: the first place of each, in
// order, and which of them stand in each sentence.
type support struct {
	first      []hit
	bySentence map[place][]hit
}

// place is a sentence of the title or the body.
type place struct {
	title    bool
	sentence int
}

func (s *support) add(h hit) {
	if s.bySentence == nil {
		s.bySentence = map[place][]hit{}
	}
	same := func(f hit) bool { return f.low == h.low }
	if !slices.ContainsFunc(s.first, same) {
		s.first = append(s.first, h)
	}
	at := place{h.title, h.sentence}
	if near := s.bySentence[at]; len(near) < 2 && !slices.ContainsFunc(near, same) {
		s.bySentence[at] = append(near, h)
	}
}

// near are the first two words that speak for it in the sentence of a name.
func (s *support) near(h hit) []hit { return s.bySentence[place{h.title, h.sentence}] }

// beside reports whether another word than the name itself speaks for it in
// its own sentence.
func (s *support) beside(h hit) bool {
	return slices.ContainsFunc(s.near(h), func(f hit) bool { return f.low != h.low })
}

// mentions decides which aliases stand for their companies.
func (t *Tagger) mentions(s *scanned) []news.Mention {
	byCompany := map[int]*found{}
	var order []*found
	names := s.names()
	for _, h := range names {
		if byCompany[h.owner] == nil {
			byCompany[h.owner] = &found{company: h.owner}
			order = append(order, byCompany[h.owner])
		}
		if h.strength == certain {
			byCompany[h.owner].established = true
		}
	}
	for _, h := range s.hits[useFor] {
		if c := byCompany[h.owner]; c != nil {
			c.support.add(h)
		}
	}
	for _, c := range order {
		if !t.companies[c.company].site {
			continue
		}
		for _, h := range s.hits[useSite] {
			c.support.add(h)
		}
	}
	for _, h := range s.hits[useAgainst] {
		if c := byCompany[h.owner]; c != nil && !touches(h, s.hits[useAlias]) {
			if c.against == nil {
				c.against = map[string]bool{}
			}
			c.against[h.low] = true
		}
	}
	for _, h := range names {
		c := byCompany[h.owner]
		if rule, ok := t.proves(s, c, h); ok {
			c.accept(h, rule)
		}
	}
	order = slices.DeleteFunc(order, func(c *found) bool { return len(c.names) == 0 })
	return t.roles(s, order)
}

// names are the alias hits that nothing around them rules out, in order.
func (s *scanned) names() []hit {
	var out []hit
	for _, h := range s.hits[useAlias] {
		if h.rule == "ticker" && !s.quotesTicker(h) || s.inAddress(h) || s.ruledOut(h) {
			continue
		}
		out = append(out, h)
	}
	return out
}

// ruledOut reports whether a phrase that speaks against the company covers
// the hit ("Amazon rainforest"), or a longer name does ("AWS Lambda"). What
// stands beyond doubt inside another's name stays ("Azure OpenAI").
func (s *scanned) ruledOut(h hit) bool {
	for _, a := range around(s.hits[useAgainst], h) {
		if a.owner == h.owner && overlap(a, h) && a.lo <= h.lo && h.hi <= a.hi {
			return true
		}
	}
	for _, o := range around(s.hits[useAlias], h) {
		if o.hi-o.lo > h.hi-h.lo && overlap(o, h) && (o.owner == h.owner && o.strength >= h.strength || o.owner != h.owner && h.strength < certain) {
			return true
		}
	}
	return false
}

func touches(h hit, names []hit) bool {
	return slices.ContainsFunc(around(names, h), func(n hit) bool { return n.owner == h.owner && overlap(n, h) })
}

// around is the run of hits, which are in order, that can touch h: no
// pattern is longer than reach.
func around(hits []hit, h hit) []hit {
	const reach = 100
	from, _ := slices.BinarySearchFunc(hits, hit{title: h.title, lo: h.lo - reach}, inOrder)
	to, _ := slices.BinarySearchFunc(hits, hit{title: h.title, lo: h.hi + reach}, inOrder)
	return hits[from:to]
}

// inOrder compares hits by where they begin, those of the title first.
func inOrder(a, b hit) int {
	if a.title != b.title {
		if a.title {
			return -1
		}
		return 1
	}
	return cmp.Compare(a.lo, b.lo)
}

// quotesTicker reports whether a ticker stands as tickers are quoted: $NVDA,
// (NVDA), NASDAQ: NVDA. One with a dot (2330.TW) is quoted by itself.
func (s *scanned) quotesTicker(h hit) bool {
	if strings.Contains(h.written, ".") {
		return true
	}
	f := s.part(h)
	before := string(f.low[max(0, h.lo-14):h.lo])
	switch {
	case strings.HasSuffix(before, "$"):
		return true
	case strings.HasSuffix(before, "(") && f.after(h.hi) == ')':
		return true
	}
	before = strings.TrimSpace(before)
	for _, exchange := range []string{"nasdaq:", "nyse:", "nasdaqgs:", "nyse american:", "tsx:"} {
		if strings.HasSuffix(before, exchange) {
			return true
		}
	}
	return false
}

// maxAddress is how many bytes around a name are looked at for an address.
const maxAddress = 120

// inAddress reports whether a hit is part of a web or mail address.
func (s *scanned) inAddress(h hit) bool {
	text := s.Body
	if h.title {
		text = s.Title
	}
	from, to := h.start, h.end
	for from > 0 && h.start-from < maxAddress && addressByte(text[from-1]) {
		from--
	}
	for to < len(text) && to-h.end < maxAddress && addressByte(text[to]) {
		to++
	}
	token := text[from:to]
	return strings.Contains(token, "://") || strings.HasPrefix(token, "www.") ||
		beginsWithHost(token) ||
		strings.Contains(token[1:], "@") && strings.Contains(token, ".")
}

// beginsWithHost reports "host.tld/…", as addresses are often written.
func beginsWithHost(token string) bool {
	host, _, path := strings.Cut(token, "/")
	dot := strings.LastIndexByte(host, '.')
	return path && dot > 0 && len(host)-dot > 2 && !strings.ContainsAny(host[dot:], "0123456789")
}

func addressByte(b byte) bool {
	return b > ' ' && b < 0x7f && !strings.ContainsRune("\"'()<>[],;|", rune(b))
}

// proves decides one ambiguous name by what speaks for and against it. The
// points are small whole numbers so that a person can follow them: a likely
// name has one and a weak one none, and one is needed. A long text has every
// word in it, so there a vague name's must stand in its sentence.
func (t *Tagger) proves(s *scanned, c *found, h hit) (string, bool) {
	rule := fmt.Sprintf("%s %q", h.rule, h.written)
	if h.strength == certain {
		return rule, true
	}
	points := int(h.strength)
	reason := ""
	if c.established {
		points += 2
	}
	words := c.support.first
	if h.strength == vague && len(s.Body) > longText {
		words = c.support.near(h)
	}
	for _, f := range words {
		if overlap(f, h) || f.low == h.low {
			continue
		}
		reason = cmp.Or(reason, fmt.Sprintf(" with %q", string(s.part(f).raw[f.lo:f.hi])))
		if points++; points >= 3 {
			break
		}
	}
	if h.strength == vague && c.support.beside(h) {
		points++
	}
	if h.strength == weak && s.capitalInside(h) {
		points++
		reason = cmp.Or(reason, " with its capital")
	}
	if h.strength <= weak {
		if verb, ok := s.verbAfter(h); ok {
			points++
			reason = cmp.Or(reason, fmt.Sprintf(" before %q", verb))
		}
	}
	if h.strength == weak {
		if word, ok := s.context(h); ok {
			points++
			reason = cmp.Or(reason, fmt.Sprintf(" with %q", word))
		}
	}
	points -= min(len(c.against), 2)
	return rule + reason, points >= 1
}

// capitalInside reports whether a name stands capitalised inside a sentence
// that capitalises names alone: not a title in capitals, not German.
func (s *scanned) capitalInside(h hit) bool {
	f := s.part(h)
	if s.nouns || !unicode.IsUpper(f.after(h.lo)) || h.lo < 2 || f.before(h.lo) != ' ' {
		return false
	}
	// The words before must begin in lower case, as must that after it.
	before := strings.Fields(string(f.raw[max(0, h.lo-60):h.lo]))
	if len(before) == 0 || !startsLower(before[len(before)-1]) {
		return false
	}
	after := strings.Fields(string(f.raw[h.hi:min(len(f.raw), h.hi+60)]))
	return len(after) == 0 || startsLower(after[0])
}

// startsLower reports a word of letters that begins in lower case and ends
// no sentence.
func startsLower(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsLower(r) && !strings.ContainsAny(word, ".!?:")
}

// verbAfter finds what companies do right behind a name: "Meta says".
func (s *scanned) verbAfter(h hit) (string, bool) {
	f := s.part(h)
	at := h.hi
	if rest := string(f.low[at:min(len(f.low), at+3)]); strings.HasPrefix(rest, "'s ") {
		return "'s", true
	}
	for _, v := range around(s.hits[useVerb], h) {
		if v.title == h.title && v.lo > at-1 && v.lo <= at+1 {
			return string(f.raw[v.lo:v.hi]), true
		}
	}
	return "", false
}

// context finds another company that is named beyond doubt, anywhere in the
// text, or a word of technology or business. The words do not speak for a
// product, which may be the name of a film or a person in the same business.
func (s *scanned) context(h hit) (string, bool) {
	words := s.hits[useContext][:min(len(s.hits[useContext]), 8)]
	for _, w := range words {
		if h.rule == "name" && !overlap(w, h) {
			return string(s.part(w).raw[w.lo:w.hi]), true
		}
	}
	for _, n := range s.certainNames() {
		if n.owner != h.owner && !overlap(n, h) {
			return string(s.part(n).raw[n.lo:n.hi]), true
		}
	}
	return "", false
}

// certainNames is the first name beyond doubt of each of up to three companies.
func (s *scanned) certainNames() []hit {
	if s.certain == nil {
		s.certain = []hit{}
		for _, n := range s.hits[useAlias] {
			if n.strength == certain && n.rule != "ticker" && len(s.certain) < 3 &&
				!slices.ContainsFunc(s.certain, func(c hit) bool { return c.owner == n.owner }) {
				s.certain = append(s.certain, n)
			}
		}
	}
	return s.certain
}

// accept counts a name: a product or a person says less of what a text is
// about than the company's own name does.
func (c *found) accept(h hit, rule string) {
	if c.names = append(c.names, h); c.rule == "" || h.rule == "name" && !strings.HasPrefix(c.rule, "name") {
		c.rule = rule
	}
	weight := 0.5
	switch {
	case h.rule == "name":
		weight = 1
	case h.strength == vague:
		weight = 0.25
	}
	if h.title {
		weight *= 3
		c.inTitle = true
		c.nameInTitle = c.nameInTitle || h.rule == "name"
	}
	c.weight += weight
}
