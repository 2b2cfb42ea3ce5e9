package claim

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"clusterwire/feeds/news"
)

// sentence is a stretch of text between full stops, with the words of the
// lexicon found in it. Token positions are relative to the sentence.
type sentence struct {
	reader     *Reader
	body       string // the whole text, which token offsets point into
	toks       []token
	hits       []hit // those that hold in lang, ordered by from
	first      []int // first[i] is the first hit that begins at or after token i
	lang       string
	comma      bool // decimals are written with a comma
	spaces     bool // thousands may be parted by a space
	rangeBegun bool // "between" stands before: "and" parts two numbers
	index      int  // in the text
	masked     []bool
	claimed    bool      // a figure in it is a site's
	paid       bool      // an amount in it is what a site costs
	powers     carrier   // what the last figure of power in it is of
	carriers   []carrier // what begins at each token, nil if nobody asked: see carrierAt
	known      []bool    // whether a list knows each token, nil if nobody asked: see doc.known
	infra      uint8     // whether infrastructure is named: 0 not asked, 1 no, 2 yes
}

// newSentence finds the lexicon's words in toks.
func (r *Reader) newSentence(body string, toks []token, lang string, index int) *sentence {
	s := &sentence{reader: r, body: body, toks: toks, lang: lang, index: index}
	switch lang {
	case "de", "fr", "it", "es", "pt", "nl":
		s.comma, s.spaces = true, true
	}
	s.hits = r.lexicon.find(toks, lang)
	s.addFutures()
	s.forgetFormer()
	s.first = make([]int, len(toks)+1)
	n := 0
	for i := range s.first {
		for n < len(s.hits) && s.hits[n].from < i {
			n++
		}
		s.first[i] = n
	}
	s.mask()
	return s
}

// futures are the endings of the future tense where verbs have one, by
// language, with their accents: "costerà", "tendrán", "abritera".
var futures = map[string][]string{
	"it": {"erà", "irà", "eranno", "iranno", "arà", "aranno", "rrà", "rranno"},
	"es": {"ará", "erá", "irá", "arán", "erán", "irán", "drá", "drán"},
	"pt": {"ará", "erá", "irá", "arão", "erão", "irão"},
	"fr": {"era", "ira", "eront", "iront", "dra", "dront"},
}

// addFutures adds a hit of planning for each verb in the future tense.
func (s *sentence) addFutures() {
	endings := futures[s.lang]
	if endings == nil {
		return
	}
	planned := &entry{kind: "mod", value: string(news.Planned), lang: s.lang, toks: 1}
	for i := range s.toks {
		t := &s.toks[i]
		if t.kind != word || t.upper || t.end-t.start < 6 {
			continue
		}
		if slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(s.body[t.start:t.end], e) }) {
			s.hits = append(s.hits, hit{from: i, to: i + 1, entry: planned})
		}
	}
	slices.SortStableFunc(s.hits, func(a, b hit) int { return a.from - b.from })
}

// mask marks the tokens of names, so that the 910 of "Ascend 910B" or the 2
// of "Colossus 2" is not read as a number.
func (s *sentence) mask() {
	s.masked = make([]bool, len(s.toks))
	for _, h := range s.hits {
		if h.kind == "chip" || h.kind == nameSure || h.kind == nameMaybe {
			for i := h.from; i < h.to; i++ {
				s.masked[i] = true
			}
		}
	}
}

// starting returns the longest hit of a kind that begins at token i.
func (s *sentence) starting(i int, kind string) (best hit, ok bool) {
	if i < 0 || i >= len(s.toks) {
		return hit{}, false
	}
	for n := s.first[i]; n < s.first[i+1]; n++ {
		if h := s.hits[n]; h.kind == kind && h.to > best.to {
			best, ok = h, true
		}
	}
	return best, ok
}

// ending returns the longest hit of a kind that ends before token i.
func (s *sentence) ending(i int, kind string) (best hit, ok bool) {
	for from := max(0, i-8); from < i; from++ {
		for n := s.first[from]; n < s.first[from+1]; n++ {
			if h := s.hits[n]; h.kind == kind && h.to == i && !ok {
				best, ok = h, true
			}
		}
	}
	return best, ok
}

// has reports whether a hit of a kind begins at token i.
func (s *sentence) has(i int, kind string) bool {
	_, ok := s.starting(i, kind)
	return ok
}

// any reports whether a hit of a kind lies within tokens from..to.
func (s *sentence) any(from, to int, kind string) bool {
	_, ok := s.firstIn(from, to, kind, "")
	return ok
}

// firstIn returns the first hit of a kind (and value, unless "") in from..to.
func (s *sentence) firstIn(from, to int, kind, value string) (hit, bool) {
	from, to = max(0, from), min(to, len(s.toks))
	if from >= to {
		return hit{}, false
	}
	for n := s.first[from]; n < s.first[to]; n++ {
		if h := s.hits[n]; h.kind == kind && h.to <= to && (value == "" || h.value == value) {
			return h, true
		}
	}
	return hit{}, false
}

// floatOf returns the value of a hit as a number; the loader has checked it.
func (s *sentence) floatOf(h hit) float64 {
	v, err := strconv.ParseFloat(h.value, 64)
	if err != nil {
		return 0
	}
	return v
}

// text returns token i's folded text, "" outside the sentence.
func (s *sentence) text(i int) string {
	if i < 0 || i >= len(s.toks) {
		return ""
	}
	return s.toks[i].text
}

// split cuts tokens into sentences and calls fn with each.
func split(body string, toks []token, fn func([]token)) {
	start := 0
	for i := range toks {
		if !endsSentence(body, toks, start, i) {
			continue
		}
		end := i + 1
		for end < len(toks) && isCloser(toks[end].text) && !toks[end].spaced {
			end++ // the quotation mark after a full stop
		}
		if end > start {
			fn(toks[start:end])
		}
		start = end
	}
	if start < len(toks) {
		fn(toks[start:])
	}
}

func isCloser(s string) bool {
	switch s {
	case "”", "\"", "»", ")", "’", "」", "』", "）", "“":
		return true
	}
	return false
}

// maxTokens bounds a sentence: longer ones are tables or lists.
const maxTokens = 220

// endsSentence reports whether token i is the last of the sentence that
// begins at start.
func endsSentence(body string, toks []token, start, i int) bool {
	t := &toks[i]
	if i < start {
		return false
	}
	if i-start >= maxTokens {
		return true
	}
	switch {
	case t.kind == newline:
		return lineEnds(body, toks, start, i)
	case t.kind != mark:
		return false
	}
	switch t.text {
	case "。", "!", "?", "！", "？", "…", "｡":
		return true
	case ".":
		return stopEnds(toks, i)
	}
	return false
}

// stopEnds reports whether the full stop at i ends a sentence: a capital, a
// digit or a quotation mark follows after a space, and no abbreviation stands
// before.
func stopEnds(toks []token, i int) bool {
	if i+1 == len(toks) {
		return true
	}
	next := &toks[i+1]
	if next.kind == newline || isCloser(next.text) && !next.spaced {
		return true
	}
	if next.text == "." || !next.spaced && next.kind != glyph {
		return false
	}
	if i > 0 && isAbbreviation(&toks[i-1]) || isOrdinal(toks, i) {
		return false
	}
	return next.upper || next.kind == digits || next.kind == glyph || next.kind == mark
}

// isOrdinal reports whether the full stop at i makes a number an ordinal, as in
// "am 14. September" and "im 2. Quartal": a short number after a word that
// German puts before one.
func isOrdinal(toks []token, i int) bool {
	if i < 2 || toks[i].spaced || toks[i-1].kind != digits || len(toks[i-1].text) > 2 {
		return false
	}
	switch toks[i-2].text {
	case "am", "vom", "zum", "zur", "ab", "seit", "den", "der", "dem", "des", "im", "beim":
		return true
	}
	return false
}

func isAbbreviation(t *token) bool {
	if t.kind != word {
		return false
	}
	if len(t.text) == 1 && t.upper { // an initial, or "U.S."
		return true
	}
	switch t.text {
	case "inc", "corp", "co", "ltd", "mr", "mrs", "ms", "dr", "st", "no", "vs", "approx", "ca", "circa", "sq", "ft",
		"mrd", "mio", "bzw", "z", "dott", "sig", "sr", "sra", "nr", "rs", "jan", "feb", "aug", "sept",
		"oct", "nov", "dec", "gov", "sen", "rep", "fig", "est", "mld", "mln", "prof", "etc", "aprox", "env":
		return true
	}
	return false
}

// lineEnds reports whether the line end at i ends a sentence. A blank line
// does. A single one does not where the line was only wrapped: a lower-case
// letter follows, or a digit, or the line ends amid a phrase.
func lineEnds(body string, toks []token, start, i int) bool {
	lines := 0
	for _, r := range body[toks[i].start:toks[i].end] {
		if r == '\n' || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
			lines++
		}
	}
	if lines > 1 || i == start || i+1 >= len(toks) {
		return true
	}
	prev, next := &toks[i-1], &toks[i+1]
	switch {
	case prev.text == "," || prev.text == ":" && next.kind == digits:
		return false
	case prev.kind == mark:
		return true
	case next.kind == word && !next.upper, next.kind == digits && i-start < 8:
		return false
	case prev.kind == digits && i-start < 8:
		return false
	}
	return !wrapsOn(prev.text)
}

// wrapsOn reports whether a line cannot end in this word but by wrapping.
func wrapsOn(w string) bool {
	switch w {
	case "of", "the", "a", "an", "with", "using", "and", "to", "in", "on", "for", "by", "from", "di", "de", "der", "la", "our":
		return true
	}
	return false
}
