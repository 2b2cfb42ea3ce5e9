package tag

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"clusterwire/feeds/news"
)

// hit is one pattern found in one part of a text. lo and hi are places in
// the folded part, start and end those in the text itself.
type hit struct {
	*pattern
	title      bool
	lo, hi     int
	start, end int
	sentence   int // number within its part; the title is one sentence
}

// scanned is a text with all that was found in it, by use, in order.
type scanned struct {
	news.Text
	title, body folded
	hits        [useClass + 1][]hit
	certain     []hit // of certainNames, nil before it is asked for
	germanic    bool  // a bare "s" makes a genitive
	slavic      bool  // endings follow names
	nouns       bool  // every noun is capitalised
}

// How much of a text is read, in bytes: some forty times an article. What
// strangers send must not cost more than that.
const (
	maxTitle = 2_000
	maxBody  = 100_000
)

// endings of how many letters may follow a name in languages that decline names.
const endingLetters = 3

// wordLetters bounds how far an open match is widened.
const wordLetters = 30

func (t *Tagger) scan(text news.Text) *scanned {
	s := &scanned{Text: text, title: fold(head(text.Title, maxTitle)), body: fold(head(text.Body, maxBody))}
	switch text.Language {
	case "de", "sv", "da", "no", "nl":
		s.germanic = true
		s.nouns = text.Language == "de"
	case "pl", "cs", "sk", "fi", "hu", "ro", "tr", "hr", "sl", "lt", "lv", "et":
		s.slavic = true
	}
	t.find(s, &s.title, true)
	t.find(s, &s.body, false)
	for _, hits := range s.hits {
		slices.SortStableFunc(hits, inOrder) // widening may have moved a beginning
	}
	return s
}

// head cuts text after at most n bytes, between runes.
func head(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// find walks the tries from every place of f where a word may begin.
func (t *Tagger) find(s *scanned, f *folded, title bool) {
	sentence := 0
	previous := ' '
	for i := 0; i < len(f.low); {
		r, size := rune(f.raw[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(f.raw[i:])
		}
		if !title && endsSentence(f, previous, r, i) {
			sentence++
		}
		found := func(id int32, end int) {
			p := &t.patterns[id]
			if !s.accepts(f, p, i, end) {
				return
			}
			lo, hi := f.wholeWord(p, i, end)
			s.hits[p.use] = append(s.hits[p.use], hit{pattern: p, title: title, lo: lo, hi: hi,
				start: int(f.at[lo]), end: f.endOf(hi), sentence: sentence})
		}
		c := classOf(r)
		if c == between || c != classOf(previous) {
			t.trie.walk(f.low, i, found)
		}
		t.inner.walk(f.low, i, found)
		previous = r
		i += size
	}
}

// endOf is the offset in the text behind the folded byte before i: blanks
// that were folded into one do not belong to what stands before them.
func (f *folded) endOf(i int) int {
	last := i - 1
	for last > 0 && f.at[last-1] == f.at[last] {
		last--
	}
	start := int(f.at[last])
	_, size := utf8.DecodeRuneInString(f.text[start:])
	return start + size
}

// endsSentence reports whether a new sentence begins at rune r.
func endsSentence(f *folded, previous, r rune, i int) bool {
	switch previous {
	case '。', '！', '？', '\n':
		return true
	case ' ':
		if i < 2 {
			return false
		}
		before := f.before(i - 1)
		if before == '.' || before == '!' || before == '?' {
			return unicode.IsUpper(r) || r == '"' || r == '“' || r == '«'
		}
		// A line break was folded into the blank: paragraphs end sentences.
		return strings.ContainsRune(f.text[f.at[i-1]:f.at[i]], '\n')
	}
	return false
}

// accepts checks what the trie does not know: language, day, case and where
// the word ends.
func (s *scanned) accepts(f *folded, p *pattern, start, end int) bool {
	if !p.inLanguage(s.Language) || !p.at(s.Published) {
		return false
	}
	if p.exact && string(f.raw[start:end]) != p.written && !s.italianCase(p, f.raw[start:end]) {
		return false
	}
	if p.capital && !unicode.IsUpper(f.after(start)) {
		return false
	}
	if p.unit && unicode.IsLetter(f.before(start)) && classOf(f.before(start)) == letters {
		return false
	}
	return p.openEnd || s.endsWord(f, p, end)
}

// italianCase reports an abbreviation as Italian papers write it: "Aws", "Tpu".
func (s *scanned) italianCase(p *pattern, raw []byte) bool {
	return s.Language == "it" && (p.use != useAlias || p.rule != "ticker" && p.strength >= likely) && len(raw) >= 3 &&
		raw[0] == p.written[0] && string(raw[1:]) == p.low[1:]
}

// wholeWord widens a match whose ends were left open to the word it is in,
// so that a person reads "turbines" and not "turbine".
func (f *folded) wholeWord(p *pattern, lo, hi int) (int, int) {
	for range wordLetters {
		r := f.before(lo)
		if !p.openStart || lo == 0 || classOf(r) != letters || classOf(f.after(lo)) != letters {
			break
		}
		lo -= utf8.RuneLen(r)
	}
	for range wordLetters {
		r := f.after(hi)
		if !p.openEnd || hi == len(f.raw) || classOf(r) != letters || classOf(f.before(hi)) != letters {
			break
		}
		hi += utf8.RuneLen(r)
	}
	return lo, hi
}

// endsWord reports whether a word, or one that p allows to be inflected,
// ends at byte end.
func (s *scanned) endsWord(f *folded, p *pattern, end int) bool {
	last, next := f.before(end), f.after(end)
	c := classOf(next)
	if c == between || c != classOf(last) {
		return true
	}
	if c == hangul {
		return p.use != useAlias || p.strength == certain || f.particle(end)
	}
	if c == katakana {
		return false
	}
	if p.use == useAlias && p.strength == certain && len(p.written) > 4 && unicode.IsLower(last) && unicode.IsUpper(next) {
		return true // "GooglePlay", "AnthropicAI"
	}
	if p.use != useAlias {
		return p.use != useContext && next == 's' && classOf(f.after(end+1)) != letters
	}
	if next == 's' && classOf(f.after(end+1)) != letters {
		return !unicode.IsDigit(last) && (s.germanic || p.strength == certain && len(p.written) > 3) ||
			unicode.IsDigit(last) && p.rule == "product"
	}
	if p.rule == "product" && unicode.IsLetter(last) && (unicode.IsDigit(next) || next == 'v') {
		return true
	}
	cyrillic := unicode.Is(unicode.Cyrillic, last)
	if (s.slavic || cyrillic) && p.strength == certain && len(p.written) > 4 {
		return shortEnding(f, end)
	}
	return false
}

// particles are what Korean sets behind a name: case, topic, "and", "side".
const particles = " 은 는 이 가 을 를 의 와 과 도 만 에 로 으로 에서 에게 에도 에는 까지 부터 보다 처럼 측 측은 사 사는 사가 사의 다 라고 라는 가의 와의 과의 로부터 와도 "

// particle reports whether what follows a Korean name up to the end of the word
// is a particle: an ambiguous name must not be the beginning of another word.
func (f *folded) particle(at int) bool {
	end := at
	for classOf(f.after(end)) == hangul && end < len(f.raw) {
		end += utf8.RuneLen(f.after(end))
	}
	return strings.Contains(particles, " "+string(f.raw[at:end])+" ")
}

// shortEnding reports whether at most endingLetters letters follow.
func shortEnding(f *folded, at int) bool {
	for range endingLetters {
		r := f.after(at)
		if !unicode.IsLetter(r) {
			break
		}
		at += utf8.RuneLen(r)
	}
	return classOf(f.after(at)) != letters
}

// part is the folded part that a hit stands in.
func (s *scanned) part(h hit) *folded {
	if h.title {
		return &s.title
	}
	return &s.body
}

// evidence is a hit as a reader can check it.
func (s *scanned) evidence(h hit) news.Evidence {
	if h.title {
		return news.Evidence{Start: h.start, End: h.end, Quote: s.Title[h.start:h.end], In: news.InTitle}
	}
	return news.Evidence{Start: h.start, End: h.end, Quote: s.Body[h.start:h.end]}
}

// overlap reports whether two hits share a letter.
func overlap(a, b hit) bool {
	return a.title == b.title && a.lo < b.hi && b.lo < a.hi
}
