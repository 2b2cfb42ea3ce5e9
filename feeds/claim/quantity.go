package claim

import (
	"strings"

	"clusterwire/feeds/news"
)

// quantity is a figure with all that belongs to it: range, currency, unit and
// hedge.
type quantity struct {
	from, to       int // tokens from the hedge to the unit
	numFrom, numTo int // tokens of the figures alone
	lo, hi         float64
	other          float64 // second reading of a single figure, see number
	bare           bool
	letter         string
	words          bool
	article        bool
	currency       string // ISO code
	metric         string // of the unit: a news.Metric, "energy", "memory", "other" or ""
	factor         float64
	qualifier      news.Qualifier
	elided         bool // its unit stands with the figure that it grows from
	vague          bool // "several hundred", "dozens of": no figure to claim
}

// quantities reads every figure of the sentence.
func (s *sentence) quantities() []quantity {
	var found []quantity
	var power *quantity // the last
	for i := 0; i < len(s.toks); {
		if s.masked[i] {
			i++
			continue
		}
		s.rangeBegun = s.any(i-3, i, "between")
		n, ok := s.readNumber(i)
		if !ok {
			i++
			continue
		}
		q := s.quantity(n)
		if q.to <= i {
			i++
			continue
		}
		if power != nil {
			s.elide(power, &q)
		}
		if q.metric == string(news.MetricPower) {
			power = &q
		}
		found = append(found, q)
		i = max(q.to, n.to)
	}
	return found
}

// mostGrowth is how many times a site grows at most in one sentence.
const mostGrowth = 20

// elide gives a bare figure the unit of the power before it: "2 GW by 2030 and
// could grow to five".
func (s *sentence) elide(before, q *quantity) {
	if q.metric != "" || q.currency != "" || q.vague || s.isYear(q) || !s.parts(q.to) && q.to < len(s.toks) && !s.has(q.to, "prep") && !s.has(q.to, "datelink") {
		return
	}
	if q.lo <= before.lo || q.lo > mostGrowth*before.hi || s.any(before.to, q.from, "gpu") || s.any(q.to, q.to+2, "gpu") {
		return
	}
	for i := before.to; i < q.from; i++ {
		if s.parts(i) {
			return // the quote would not hold the unit
		}
	}
	for i := q.numFrom - 1; i >= before.to && i >= q.numFrom-4; i-- {
		if s.has(i, "growto") {
			q.metric, q.factor, q.elided = before.metric, before.factor, true
			return
		}
	}
}

// quantity completes a number.
func (s *sentence) quantity(n number) quantity {
	q := quantity{from: n.from, to: n.to, numFrom: n.from, numTo: n.to, lo: n.value, hi: n.value, other: n.other,
		bare: n.bare, letter: n.letter, words: n.words, article: n.article, qualifier: news.Exact, factor: 1}
	if n.lo > 0 {
		q.lo, q.qualifier = n.lo, news.Range
	}
	s.currencyBefore(&q)
	s.currencyAfter(&q)
	s.unitAfter(&q)
	s.rangeAfter(&q)
	s.hedge(&q)
	q.vague = n.words && s.vagueBefore(q.from) || s.text(q.to) == "%" || s.text(q.to) == "％"
	return q
}

// currencyBefore reads "$", "US$", "EUR" before the figure.
func (s *sentence) currencyBefore(q *quantity) {
	at := q.from
	if s.text(at-1) == "." && s.text(at-2) == "rs" {
		at--
	}
	if h, ok := s.longestCurrency(at); ok {
		q.currency, q.from = s.iso(h.value), h.from
	}
}

func (s *sentence) longestCurrency(at int) (hit, bool) {
	h, ok := s.ending(at, "cur")
	if ok && h.to-h.from == 2 && len(s.toks[h.from].text) == 1 && s.toks[h.to-1].spaced {
		h, ok = s.starting(h.to-1, "cur") // the article of "a $19bn deal" makes no Australian dollars
	}
	if !ok || s.toks[h.from].kind == word && h.to-h.from == 1 && len(s.toks[h.from].text) > 3 {
		return hit{}, false // "dollar" belongs to a figure before it
	}
	return h, true
}

// currencyAfter reads "dollars", "di euro", 美元 after the figure.
func (s *sentence) currencyAfter(q *quantity) {
	if q.currency != "" {
		return
	}
	at := s.skipLink(s.skipDash(q.to))
	if h, ok := s.starting(at, "cur"); ok {
		q.currency, q.to = s.iso(h.value), h.to
		return
	}
	// "10 Mrd. US-Dollar", "10 billion Canadian dollars"
	if h, ok := s.starting(at+1, "cur"); ok && s.toks[at].kind == word && h.to == at+2 && s.has(at, "curword") {
		q.currency, q.to = s.iso(h.value), h.to
	}
}

// iso resolves the sign that two countries share.
func (s *sentence) iso(code string) string {
	if code != "YEN" {
		return code
	}
	if s.lang == "zh" {
		return "CNY"
	}
	return "JPY"
}

// unitAfter reads the unit after the figure.
func (s *sentence) unitAfter(q *quantity) {
	if q.currency != "" {
		return
	}
	for _, at := range []int{s.skipDash(q.to), s.skipLink(q.to)} {
		if h, ok := s.starting(at, "unit"); ok {
			q.metric, q.factor = splitUnit(h.value)
			q.to = h.to
			return
		}
	}
	before := q.from
	if h, ok := s.hedgeBefore(before); ok { // 就业岗位约400个
		before = h.from
	}
	if h, ok := s.ending(before, "unit"); ok && s.has(q.to, "counter") && strings.HasPrefix(h.value, "jobs ") { // 일자리 500개
		q.metric, q.factor = splitUnit(h.value)
		q.from = h.from
		return
	}
	s.unitFurther(q)
}

// unitFurther reads a unit that adjectives part from its figure: "300
// permanent jobs", "50 additional megawatts".
func (s *sentence) unitFurther(q *quantity) {
	for i := q.to; i < q.to+3 && i < len(s.toks) && s.toks[i].kind == word && s.toks[i].spaced; i++ {
		if s.has(i, "gpu") || s.has(i, "chip") || s.has(i, "scale") || s.has(i, "joinand") {
			return
		}
		h, ok := s.starting(i+1, "unit")
		if !ok {
			continue
		}
		metric, factor := splitUnit(h.value)
		if metric == "jobs" || metric == "power_mw" && s.has(i, "fill") && i == q.to {
			q.metric, q.factor, q.to = metric, factor, h.to
		}
		return
	}
}

func (s *sentence) skipDash(i int) int {
	if t := s.text(i); t == "-" || t == "‑" || t == "–" {
		return i + 1
	}
	return i
}

// skipLink steps over "of", "di", "de", "d'" and their like.
func (s *sentence) skipLink(i int) int {
	if h, ok := s.starting(i, "link"); ok {
		if t := s.text(h.to); t == "'" || t == "’" {
			return h.to + 1
		}
		return h.to
	}
	return i
}

// rangeAfter joins a second figure: "3 to 5 GW", "$3bn–$5bn", "50.000-60.000".
func (s *sentence) rangeAfter(q *quantity) {
	if from, ok := s.ending(q.from, "from"); s.isYear(q) && !s.ends(q.from, "pre") && (!ok || s.ends(from.from, "month")) {
		return // "122,000 in September 2024 to 230,000", but "from 2000 to 2500"
	}
	at := q.to
	switch {
	case s.has(at, "dash") && !s.masked[at]:
		h, _ := s.starting(at, "dash")
		at = h.to
	case s.has(at, "rangeto") && !s.changes(q.from):
		h, _ := s.starting(at, "rangeto")
		at = h.to
	case s.rangeBegun && s.has(at, "joinand"):
		h, _ := s.starting(at, "joinand")
		at = h.to
	default:
		return
	}
	if h, ok := s.starting(at, "cur"); ok && q.currency != "" {
		at = h.to
	}
	if at >= len(s.toks) || s.masked[at] {
		return
	}
	n, ok := s.readNumber(at)
	if !ok || n.article {
		return
	}
	second := quantity{from: at, to: n.to, numTo: n.to, lo: n.value, hi: n.value, letter: n.letter, factor: 1}
	s.currencyAfter(&second)
	if second.currency == "" {
		s.unitAfter(&second)
	}
	s.joinRange(q, second)
}

// joinRange makes q and second one range if they can be one.
func (s *sentence) joinRange(q *quantity, second quantity) {
	if q.metric != "" && second.metric != "" && q.metric != second.metric || q.currency != "" && second.currency != "" && q.currency != second.currency {
		return
	}
	lo, hi := q.lo, second.hi
	if q.metric == "" && q.currency == "" || q.letter == "" && q.metric == "" {
		for scale := 1e3; lo < hi/200 && scale <= 1e12; scale *= 1e3 { // "3 to 5 billion": the scale stands once
			if l := q.lo * scale; l < hi && l > hi/200 {
				lo = l
				break
			}
		}
	}
	factor := q.factor
	if q.metric == "" {
		factor = second.factor
	} else if second.metric != "" && second.factor != q.factor {
		return
	}
	if lo >= hi || lo < hi/200 || lo == 0 {
		return
	}
	q.lo, q.hi, q.other, q.to, q.numTo, q.factor, q.qualifier = lo, hi, hi, second.to, second.numTo, factor, news.Range
	q.bare = false
	if q.metric == "" {
		q.metric = second.metric
	}
	if q.currency == "" {
		q.currency = second.currency
	}
	if q.letter == "" {
		q.letter = second.letter
	}
}

// changes reports whether the sentence speaks before token i of growth, so
// that "from 5 to 40 MW" is two figures, not a range.
func (s *sentence) changes(i int) bool {
	return s.any(i-2, i, "from") && s.any(max(0, i-12), i, "growth")
}

// hedge reads "nearly", "up to", "or more" around the quantity.
func (s *sentence) hedge(q *quantity) {
	if h, ok := s.hedgeBefore(q.from); ok {
		q.from = h.from
		if q.qualifier != news.Range {
			q.qualifier = news.Qualifier(h.value)
		}
		return
	}
	for _, at := range []int{q.numTo, q.to} {
		if h, ok := s.starting(at, "post"); ok && q.qualifier != news.Range {
			q.qualifier = news.Qualifier(h.value)
			q.to = max(q.to, h.to)
			if at == q.numTo && q.metric == "" && q.currency == "" {
				s.unitAfter(q)
			}
			return
		}
	}
}

// hedgeBefore finds the hedge that ends before token at, small words between
// allowed: "up to a total of".
func (s *sentence) hedgeBefore(at int) (hit, bool) {
	for range 4 {
		if h, ok := s.ending(at, "pre"); ok {
			return h, true
		}
		if at == 0 || !s.has(at-1, "small") && s.toks[at-1].text != "\"" {
			break
		}
		at--
	}
	return hit{}, false
}

// vagueBefore reports whether "several", "hundreds of" and their like make
// the figure none.
func (s *sentence) vagueBefore(at int) bool {
	_, ok := s.ending(at, "several")
	return ok
}

// single reports whether the quantity is one figure, not a range.
func (q *quantity) single() bool { return q.lo == q.hi }

// count returns the quantity as whole things: one separator before three
// digits then parts thousands, whatever the language's custom, as nobody
// counts 100.000 chips to a thousandth.
func (q *quantity) count() (lo, hi float64) {
	if q.single() && q.lo != q.other && (q.lo != float64(int64(q.lo)) || q.lo < 1000 && q.other >= 1000) {
		return q.other, q.other
	}
	return q.lo, q.hi
}
