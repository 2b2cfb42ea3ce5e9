package claim

import (
	"fmt"
	"strconv"

	"clusterwire/feeds/news"
)

// date reads a fuzzy date that begins at token i and returns it as 2024-09-02,
// 2024-09, 2024-Q3, 2024-H1 or 2024, with the token past its end.
func (s *sentence) date(i int) (string, int, bool) {
	if h, ok := s.starting(i, "month"); ok && s.toks[i].kind == word {
		return s.monthDate(h)
	}
	for _, part := range []struct{ kind, sign string }{{"quarter", "Q"}, {"half", "H"}} {
		if h, ok := s.starting(i, part.kind); ok {
			at := s.skipDateWords(h.to)
			if year, ok := s.year(at); ok {
				return fmt.Sprintf("%d-%s%s", year, part.sign, h.value), at + 1, true
			}
		}
	}
	if s.toks[i].kind != digits {
		return "", i, false
	}
	if day, ok := s.day(i); ok { // 2 September 2024, 2. September 2024
		at := i + 1
		if s.text(at) == "." || s.text(at) == "de" || s.text(at) == "º" {
			at++
		}
		if h, ok := s.starting(at, "month"); ok {
			year := s.skipDateWords(h.to)
			if y, ok := s.year(year); ok {
				return fmt.Sprintf("%d-%02s-%02d", y, h.value, day), year + 1, true
			}
		}
	}
	return s.yearFirst(i)
}

// monthDate reads "September 2, 2024" and "September 2024".
func (s *sentence) monthDate(h hit) (string, int, bool) {
	at := h.to
	if s.text(at) == "." {
		at++
	}
	if day, ok := s.day(at); ok {
		next := at + 1
		if s.text(next) == "," || s.text(next) == "th" || s.text(next) == "st" {
			next++
		}
		if year, ok := s.year(next); ok {
			return fmt.Sprintf("%d-%02s-%02d", year, h.value, day), next + 1, true
		}
	}
	at = s.skipDateWords(at)
	if year, ok := s.year(at); ok {
		return fmt.Sprintf("%d-%02s", year, h.value), at + 1, true
	}
	return "", h.from, false
}

// yearFirst reads "2024", "2024年9月2日", "2027年第三季度", "2026년 하반기".
func (s *sentence) yearFirst(i int) (string, int, bool) {
	year, ok := s.year(i)
	if !ok {
		return "", i, false
	}
	at := i + 1
	if t := s.text(at); t != "年" && t != "년" {
		return strconv.Itoa(year), at, true
	}
	at++
	if s.text(at) == "度" { // a fiscal year
		at++
	}
	for _, part := range []struct{ kind, sign string }{{"quarter", "Q"}, {"half", "H"}} {
		if h, ok := s.starting(at, part.kind); ok {
			return fmt.Sprintf("%d-%s%s", year, part.sign, h.value), h.to, true
		}
	}
	month, ok := s.small(at, 12)
	if t := s.text(at + 1); !ok || t != "月" && t != "월" {
		return strconv.Itoa(year), at, true
	}
	day, ok := s.small(at+2, 31)
	if t := s.text(at + 3); !ok || t != "日" && t != "일" {
		return fmt.Sprintf("%d-%02d", year, month), at + 2, true
	}
	return fmt.Sprintf("%d-%02d-%02d", year, month, day), at + 4, true
}

func (s *sentence) skipDateWords(i int) int {
	for n := 0; n < 3 && s.has(i, "datelink"); n++ {
		h, _ := s.starting(i, "datelink")
		i = h.to
	}
	return i
}

// year returns the year that token i is: four digits, 2000 to 2045.
func (s *sentence) year(i int) (int, bool) {
	if i < 0 || i >= len(s.toks) || s.toks[i].kind != digits || len(s.toks[i].text) != 4 {
		return 0, false
	}
	y, err := strconv.Atoi(s.toks[i].text)
	return y, err == nil && y >= 2000 && y <= 2045
}

func (s *sentence) day(i int) (int, bool) { return s.small(i, 31) }

// small returns the whole number from 1 to most that token i is.
func (s *sentence) small(i, most int) (int, bool) {
	if i < 0 || i >= len(s.toks) || s.toks[i].kind != digits || len(s.toks[i].text) > 2 {
		return 0, false
	}
	n, err := strconv.Atoi(s.toks[i].text)
	return n, err == nil && n >= 1 && n <= most
}

// dateOf returns the date that q's clause, or the start of its sentence,
// states: of several the one that follows the figure at once.
func (s *sentence) dateOf(q *quantity) string {
	lo, hi := s.clause(q.from, q.to)
	if d := s.dateRightAfter(q, hi); d != "" {
		return d
	}
	for i := lo; i < hi; i++ {
		if i >= q.from && i < q.to || s.masked[i] {
			continue
		}
		if d, to, ok := s.date(i); ok && (len(d) > 4 || s.dated(i, to)) {
			return d
		}
	}
	return ""
}

// dateRightAfter returns the date of "230,000 processors in July 2025": one
// that no comma and no "and" parts from the figure.
func (s *sentence) dateRightAfter(q *quantity, hi int) string {
	const near = 4 // tokens: a noun or two, and "in"
	for i := q.to; i < min(q.to+near, hi) && !s.masked[i]; i++ {
		switch s.text(i) {
		case ",", ";", ":", "(", ".", "、", "，":
			return ""
		}
		if s.has(i, "joinand") {
			return ""
		}
		if d, to, ok := s.date(i); ok && (len(d) > 4 || s.dated(i, to)) {
			return d
		}
	}
	return ""
}

// dated reports whether a lone year is a date and no count: a word of time
// stands before it, 年 after it, or what happens then.
func (s *sentence) dated(i, to int) bool {
	if s.lang == "de" && to < len(s.toks) && !s.toks[to].upper && s.toks[to].kind == word && !s.has(to, "unit") && !s.has(to, "gpu") && s.has(i-1, "mod") {
		return true // "soll 2027 in Stuttgart anlaufen"
	}
	return s.has(to, "online") || s.has(i-1, "datelink") || s.has(i-1, "prep") || s.has(i-1, "hardby") || to > i+1 || s.text(i-1) == "(" || s.text(i-1) == "-" || s.text(i-1) == "/"
}

// readDates reads when infrastructure goes, or went, into service.
func (d *doc) readDates(s *sentence) {
	for i := 0; i < len(s.toks); i++ {
		if s.masked[i] {
			continue
		}
		value, to, ok := s.date(i)
		if !ok {
			continue
		}
		if len(value) > 4 || s.dated(i, to) {
			d.dateClaim(s, span{i, to}, value)
		}
		i = to - 1
	}
}

// dateReach is how many tokens may stand between a date and its verb.
const dateReach = 10

// dateClaim makes a claim of a date if a word of going into service stands
// with it.
func (d *doc) dateClaim(s *sentence, at span, value string) {
	h, ok := s.onlineWord(at)
	if !ok || value < "2012" {
		return
	}
	q := quantity{from: min(at.from, h.from), to: max(at.to, h.to), qualifier: news.Exact}
	goesOn := d.since(s) == 1 && d.carriedOn(s) == ofSite && !d.plantsAround(s)
	clues := []clue{
		{"forbidden", s.no(q.from-3, q.to, "date")},
		{"goes on", goesOn},
		{"plants around", s.index > 0 && d.plantsAround(s)},
		{"weak word", h.value == "weak"},
		{"unsaid", h.value == "weak" && !d.speaksOfSite(s, &q)},
	}
	c := news.Claim{Metric: news.MetricOnlineDate, Unit: "date", ValueText: value, Qualifier: news.Exact}
	if s.any(at.from-3, at.from, "hardby") || s.any(at.to, at.to+3, "hardby") {
		c.Qualifier = news.AtMost
	}
	d.finish(s, &quantity{from: at.from, to: at.to}, span{q.from, q.to}, &c)
	c.Date = ""
	switch {
	case s.any(q.from-6, q.to+4, "full"):
		c.Basis = news.BasisFull
	case c.Phase != "":
		c.Basis = news.BasisPhase
	}
	if !d.publish(s, &q, &c, clues) {
		return
	}
	d.claims = append(d.claims, c)
}

// plantsAround reports whether a sentence, or the one before it, speaks of power
// plants: what starts may be one of them.
func (d *doc) plantsAround(s *sentence) bool {
	p := d.sentences[s.index-1]
	return p.any(0, len(p.toks), ofPlant) || p.any(0, len(p.toks), "alien") || s.any(0, len(s.toks), ofPlant) || s.any(0, len(s.toks), "alien")
}

// speaksOfSite reports whether q's clause, or what stands before
// it, names what opens: much else is
// launched, or becomes available.
func (d *doc) speaksOfSite(s *sentence, q *quantity) bool {
	lo, hi := max(0, q.from-12), min(len(s.toks), q.to+14)
	for _, h := range d.clustersIn(s.index, s.index) {
		if h.from >= lo && h.to <= hi {
			return true
		}
	}
	return s.any(lo, hi, "strong") || s.any(lo, hi, "coll") || s.any(lo, hi, "phase") || s.any(lo, hi, "site") || s.any(lo, hi, "ground")
}

// onlineWord returns the word of going into service that belongs to a date:
// the nearest before it, or in scripts that put the verb last, after it.
func (s *sentence) onlineWord(at span) (best hit, ok bool) {
	back := at.from
	if (s.lang == "ja" || s.lang == "ko") && s.any(at.to, at.to+dateReach, "growth") { // 2029년 103MW로 커진다
		back = max(0, at.from-dateReach)
	}
	for n := s.first[max(0, at.from-dateReach)]; n < s.first[back]; n++ {
		h := s.hits[n]
		if h.kind != "online" || h.to > at.from || s.crosses(h.to, at.from) || s.parted(h.to, at) {
			continue
		}
		if !ok || h.value == best.value || best.value == "weak" {
			best, ok = h, true
		}
	}
	reach := 16
	switch {
	case ok:
		return best, true
	case s.lang == "de" || s.lang == "nl": // "soll Ende 2027 ans Netz gehen"
	case !isGlyphLanguage(s.lang) && at.from > 3:
		return best, false
	}
	if h, found := s.firstIn(at.to, at.to+reach, "online", ""); found && !s.crosses(at.to, h.from) {
		return h, true
	}
	return best, false
}

// verbLast reports whether verbs end a clause in the language of the sentence, so
// that figures stand between a date and what happens then.
func (s *sentence) verbLast() bool {
	return isGlyphLanguage(s.lang) || s.lang == "de" || s.lang == "nl"
}

// parted reports whether a date belongs to another clause than what stands
// before token lo: one with a verb or a figure of its own.
func (s *sentence) parted(lo int, at span) bool {
	from, to := s.clause(at.from, at.to)
	if from <= lo {
		return false
	}
	for i := from; i < to; i++ {
		if i >= at.from && i < at.to {
			continue
		}
		if s.toks[i].kind == digits && !s.masked[i] || s.has(i, "unit") {
			return true
		}
		if h, ok := s.starting(i, "mod"); ok && h.to <= to && !s.has(i, "online") && i > at.to {
			return true
		}
	}
	return false
}

// crosses reports whether another year, another figure or the end of a thought
// lies in lo..hi.
func (s *sentence) crosses(lo, hi int) bool {
	for i := lo; i < hi && i < len(s.toks); i++ {
		if t := s.text(i); t == ";" || t == "；" || t == ")" {
			return true
		}
		if _, ok := s.year(i); ok || s.has(i, "unit") && !s.verbLast() {
			return true
		}
	}
	return false
}
