package claim

import (
	"slices"
	"strings"

	"clusterwire/feeds/news"
)

// license says what a figure of power or money is of, and by what evidence. It
// is a site's only where a word licenses it: nothing is taken for a site's
// because no rule forbids it.
type license struct {
	of  carrier
	why string // the evidence, a constant of this file
}

// What licenses a figure, or refuses it.
const (
	byLink     = "a noun that nobody knows, or land, follows: \"2 GW of peat\""
	byWords    = "what it is of stands right beside it"
	byMoney    = "no word says that the amount is spent"
	byLand     = "a country is spoken of"
	byBefore   = "the nearest thing before it"
	byHead     = "a noun that nobody knows is of, or leads to, the site before it"
	byPart     = "a part of the site, or what is done there, before it"
	byRival    = "a noun that nobody knows stands between it and any site"
	byAfter    = "a site after it in its clause"
	byFurther  = "a site further on in its sentence"
	byTopic    = "the text is about one cluster"
	byCarrying = "the sentences before speak of it"
	byCompany  = "a company spends, and nothing says on what"
	byBuilder  = "a company that builds sites, or accelerators, stand with it"
	byHeadline = "it stands in a headline, and what follows speaks of a site"
)

// refuses reports whether a license is certain that a figure is no site's: a noun
// that nobody knows follows it or leads to the site.
func (l license) refuses() bool {
	return l.of == ofAlien && slices.Contains([]string{byLink, byHead}, l.why)
}

// license weighs the words around q in the order of how much they tell: what
// stands beside it, what stands before it, what follows, and what the text has
// been about.
func (d *doc) license(s *sentence, q *quantity) license {
	l := d.licenseHere(s, q)
	if l.of == ofNone && q.currency != "" && !s.has(q.from-1, "article") && d.heads(s) && s.spends(q) {
		return license{ofSite, byHeadline}
	}
	return l
}

// spends reports whether a word of spending stands in the sentence of an amount.
func (s *sentence) spends(q *quantity) bool {
	return s.anyOf(0, len(s.toks), "stakes", "spend", "build") || s.any(q.from-6, q.to+6, "basis")
}

// licenseHere is license by the sentence of q and those before it.
func (d *doc) licenseHere(s *sentence, q *quantity) license {
	lo, hi := s.clause(q.from, q.to)
	if d.ofUnknown(s, q) || q.currency != "" && s.forLand(q) {
		return license{ofAlien, byLink}
	}
	if c := d.attached(s, q); c != ofNone {
		return license{c, byWords}
	}
	if q.currency != "" && !s.priced(q, lo, hi) && !d.namesCluster(s) && !d.onTopic(s) {
		return license{ofNone, byMoney}
	}
	if d.landSubject(s, lo, q.from) {
		return license{ofMany, byLand}
	}
	if q.currency != "" && d.intoCountry(s, q, lo, hi) {
		return license{ofAlien, byLand}
	}
	if l := d.licenseBefore(s, q); l.of != ofNone {
		return l
	}
	if l := d.licenseAfter(s, q, hi); l.of != ofNone {
		return l
	}
	if q.currency == "" && !s.any(0, len(s.toks), ofPlant) && d.generator(s, q) == ofPlant { // "They have a capacity of", after plants
		return license{ofAlien, byCarrying}
	}
	if q.currency != "" && len(d.mentionsIn(s, 0, q.from)) > 0 && !d.infrastructure(s) && !s.any(0, len(s.toks), "ground") {
		return license{ofNone, byCompany}
	}
	if d.onTopic(s) {
		return license{ofSite, byTopic}
	}
	if c := d.carriedOn(s); c != ofNone {
		return license{c, byCarrying}
	}
	if d.countedIn == s.index+1 || d.developed(s) {
		return license{ofSite, byBuilder}
	}
	return license{}
}

// intoCountry reports whether an amount goes into a country, no site named in
// its clause, lo..hi, before that or as its purpose: "invests $5 billion in Germany
// and builds …".
func (d *doc) intoCountry(s *sentence, q *quantity, lo, hi int) bool {
	for i := q.to; i < q.to+3 && i < len(s.toks); i++ {
		h, ok := s.starting(i, "place")
		if !ok || !s.country(h) || !s.ends(i, "prep") || !s.toks[i].upper {
			continue
		}
		return !s.any(lo, q.from, "strong") && !s.any(lo, q.from, "ground") && !s.any(h.to, hi, "serves") && !d.onTopic(s)
	}
	return false
}

// ofUnknown reports whether a figure counts what no list knows: "2 GW of peat".
func (d *doc) ofUnknown(s *sentence, q *quantity) bool {
	if s.lang == "de" && q.to < len(s.toks) { // "40 Millionen Euro Gewerbesteuer"
		t := &s.toks[q.to]
		return t.kind == word && t.upper && !d.known(s, q.to)
	}
	h, ok := s.starting(q.to, "link")
	if !ok && q.currency != "" && s.lang == fallback { // "$200 million for roads"
		h, ok = s.starting(q.to, "serves")
	}
	if !ok {
		return false
	}
	at := h.to
	if t := s.text(at); t == "'" || t == "’" {
		at++
	}
	return at < len(s.toks) && s.toks[at].kind == word && !s.toks[at].upper && !d.known(s, at) && !s.has(at, "det")
}

// forLand reports whether an amount bought land: "paid $61 million for 1,100 acres".
func (s *sentence) forLand(q *quantity) bool {
	h, ok := s.starting(q.to, "serves")
	if !ok {
		return false
	}
	for i := h.to; i < h.to+4; i++ {
		if u, ok := s.starting(i, "unit"); ok && strings.HasPrefix(u.value, string(news.MetricArea)+" ") {
			return true
		}
	}
	return false
}

// licenseBefore looks back from q for the nearest thing that it can be of.
func (d *doc) licenseBefore(s *sentence, q *quantity) license {
	turbines := false
	lo, _ := s.clause(q.from, q.to)
	for i := q.from - 1; i >= 0; i-- {
		i = d.beforeInsertion(s, q, i)
		if c := d.carrierAt(s, i); c != ofNone {
			if c != ofAlien && q.currency != "" && d.headed(s, i) {
				return license{ofAlien, byHead}
			}
			return license{c, byBefore}
		}
		turbines = turbines || s.has(i, ofTurbines)
		if s.works(i) && !s.inPlace(i) || q.currency != "" && (turbines || s.supplies(i)) || s.likens(i, q) {
			return license{ofAlien, byBefore}
		}
		if !turbines && d.partOf(s, q, i) {
			if q.currency != "" && d.headed(s, i) {
				return license{ofAlien, byHead}
			}
			return license{ofSite, byPart}
		}
		if q.currency != "" && s.powers == ofSite && s.isPower(i) { // "een capaciteit van 44 megawatt en een prijskaartje van"
			return license{ofSite, byPart}
		}
		if (i >= lo || q.currency == "" || !isGlyphLanguage(s.lang)) && d.rival(s, i) { // 首批部署1.2万张加速卡，总投资46亿元
			return license{ofAlien, byRival}
		}
	}
	if turbines && d.carriedOn(s) != ofSite && !d.onTopic(s) { // machines that serve no site
		return license{ofAlien, byBefore}
	}
	return license{}
}

// headed reports whether the site that begins at token i only says more of a
// noun that no list knows: "a new road to the site".
func (d *doc) headed(s *sentence, i int) bool {
	for ; i > 0; i-- { // over articles, which may hold the preposition: "dei data center"
		for _, link := range []string{"serves", "link", "rangeto"} {
			if h, ok := s.ending(i, link); ok && h.from > 0 {
				t := &s.toks[h.from-1]
				return t.kind == word && t.upper == (s.lang == "de") && !d.known(s, h.from-1)
			}
		}
		if !s.has(i-1, "det") {
			break
		}
	}
	return false
}

// beforeInsertion steps from the comma at token i over what is inserted between a
// subject and the verb that q's clause begins with: "the campus, next to a field,
// will draw 700 MW".
func (d *doc) beforeInsertion(s *sentence, q *quantity, i int) int {
	lo, _ := s.clause(q.from, q.to)
	if i != lo-1 || s.text(i) != "," || !s.has(lo, "mod") {
		return i
	}
	from, to := s.clause(i-1, i-1)
	for at := from; at < to; at++ {
		if d.carrierAt(s, at) != ofNone {
			return i
		}
	}
	if from > 0 && s.text(from-1) == "," {
		return from - 1
	}
	return i
}

// supplies reports whether token i names what brings power to a site: its price is
// not the site's.
func (s *sentence) supplies(i int) bool {
	h, ok := s.starting(i, "basis")
	return s.has(i, "gridword") || ok && strings.HasPrefix(h.value, "power_mw ") && h.value != "power_mw it" && h.value != "power_mw facility"
}

// partOf reports whether token i names a part of the site that the text speaks
// of, or for power, what it is a measure of there.
func (d *doc) partOf(s *sentence, q *quantity, i int) bool {
	if !(s.has(i, "site") || q.currency == "" && s.has(i, s.part())) || s.lang == "ko" && !s.toks[i].spaced && i > 0 {
		return false
	}
	if isGlyphLanguage(s.lang) && d.saysWhich(s, i) {
		return false
	}
	return d.infrastructure(s) || d.since(s) <= backPower
}

// saysWhich reports whether what stands right before the word at token i says that
// it is of no site: 光伏治沙项目.
func (d *doc) saysWhich(s *sentence, i int) bool {
	for at := i - 1; at >= max(0, i-reachAfter) && !s.parts(at); at-- {
		if d.carrierAt(s, at) == ofAlien {
			return true
		}
	}
	return false
}

// licenseAfter looks on from q, first in its clause, which ends before token hi,
// then in what no semicolon parts from it.
func (d *doc) licenseAfter(s *sentence, q *quantity, hi int) license {
	for i := q.to; i < hi; i++ {
		if c := d.carrierAt(s, i); c != ofNone {
			return license{c, byAfter}
		}
		if q.currency != "" && (s.has(i, ofTurbines) || s.supplies(i)) {
			return license{ofAlien, byAfter}
		}
		if d.partOf(s, q, i) {
			return license{ofSite, byAfter}
		}
		if d.rival(s, i) && !isGlyphLanguage(s.lang) { // their verbs come last
			return license{ofAlien, byRival}
		}
	}
	_, end := s.stretch(q)
	for i := hi; i < end; i++ {
		if d.carrierAt(s, i) == ofSite {
			return license{ofSite, byFurther}
		}
	}
	return license{}
}

// spending are the kinds of words that tell that an amount is spent on something.
var spending = []string{"spend", "weak", "basis", "deal", "debt", "build", "stakes"}

// priced reports whether an amount in the clause lo..hi is a price: a word of
// spending stands there, or one that names a price leads to it, or it is a part
// of a list of measures, or all that the clause says.
func (s *sentence) priced(q *quantity, lo, hi int) bool {
	if s.paid || q.from-lo <= 1 && q.to == hi { // "cost 600 million, later 500 million were added"
		return true
	}
	if from, to := s.stretch(q); !s.amountIn(from, lo) && !s.amountIn(hi, to) {
		lo, hi = from, to // the only one: all words of money are its
	}
	if slices.ContainsFunc(spending, func(kind string) bool { return s.any(lo, hi, kind) }) {
		return true
	}
	return s.ends(q.from, "serves") || s.ends(q.from, "link") || s.has(q.to, "at") || s.measuredBeside(q)
}

// amountIn reports whether another amount stands in tokens from..to.
func (s *sentence) amountIn(from, to int) bool { return s.any(from, to, "cur") }

// measuredBeside reports whether a figure goes on a list of measures: "12 MW
// and 60 million euros".
func (s *sentence) measuredBeside(q *quantity) bool {
	at := q.from - 1
	if !s.has(at, "joinand") && s.text(at) != "," {
		return false
	}
	for i := max(0, at-4); i < at; i++ {
		if h, ok := s.starting(i, "unit"); ok && h.to == at {
			return true
		}
	}
	return false
}

// rivalGlyphs is how many characters in a row make a noun in scripts without
// spaces.
const rivalGlyphs = 2

// rival reports whether a noun that no list knows begins at token i; in Chinese,
// Japanese and Korean, whether one ends there. It may be what the figure is of.
func (d *doc) rival(s *sentence, i int) bool {
	t := &s.toks[i]
	switch {
	case d.known(s, i):
		return false
	case t.kind == glyph:
		return d.glyphRival(s, i)
	case s.lang == "de":
		return i > 0 && t.upper && !s.germanName(i) && !s.ofSite(i)
	case t.upper || i == 0:
		return false
	}
	if p := s.text(i - 1); p == "'" || p == "’" {
		i--
	}
	return s.has(i-1, "det") && !s.ends(i-1, "relative") && !s.ofSite(i-1) // "que la sustituye"
}

// germanName reports whether the capital at token i is one of a name, not of a
// noun: "in Marienpark", "Betreiber Edis", "European Sovereign Cloud".
func (s *sentence) germanName(i int) bool {
	before := &s.toks[i-1]
	if before.kind == mark || s.ends(i, "prep") || before.upper && len(s.reader.function[before.text]) == 0 {
		return true
	}
	return i+1 < len(s.toks) && s.toks[i+1].upper
}

// ofSite reports whether what begins at token i only says more of a site before
// it: "a data center for robots".
func (s *sentence) ofSite(i int) bool {
	for _, link := range []string{"serves", "link", "prep"} {
		h, ok := s.ending(i, link)
		if !ok {
			continue
		}
		for _, kind := range []string{"strong", "campus", "ground", "coll"} {
			if s.ends(h.from, kind) {
				return true
			}
		}
	}
	return false
}

// glyphRival reports whether a noun that no list knows ends at token i: two
// characters in a row, in Korean with a particle, in Japanese Han: Katakana write names.
func (d *doc) glyphRival(s *sentence, i int) bool {
	from := i + 1
	for from > 0 && s.toks[from-1].kind == glyph && !d.known(s, from-1) && (s.lang != "ja" || s.isHan(from-1)) {
		from--
		if s.lang == "ko" && s.toks[from].spaced {
			break
		}
	}
	if i+1-from < rivalGlyphs {
		return false
	}
	return s.lang != "ko" || strings.Contains("은는이가을를", s.text(i+1)) && s.text(i+1) != "" && (from == 0 || s.toks[from].spaced || s.toks[from-1].kind != glyph)
}

// doubtful are the kinds of words that explain nothing: they name what is no
// site, or forbid.
var doubtful = []string{"alien", "works", ofPlant, ofTurbines, "notsite", "no", "ledger", "like", "unlike", "gridword"}

// known reports whether token i can't be a noun of something else: a list has
// it, or it is a name, a place or a small word.
func (d *doc) known(s *sentence, i int) bool {
	if s.known == nil {
		s.known = d.readKnown(s)
	}
	return s.known[i]
}

func (d *doc) readKnown(s *sentence) []bool {
	known := make([]bool, len(s.toks))
	for i := range s.toks {
		t := &s.toks[i]
		known[i] = t.kind != word && t.kind != glyph || t.kind == word && (len(t.text) < 3 || len(s.reader.function[t.text]) > 0)
	}
	mark := func(from, to int) {
		for i := from; i < to; i++ {
			known[i] = true
		}
	}
	for _, h := range s.hits {
		if !slices.Contains(doubtful, h.kind) {
			mark(h.from, h.to)
		}
	}
	for _, p := range s.places() {
		mark(p.from, p.to)
	}
	for _, m := range d.mentionsIn(s, 0, len(s.toks)) {
		for i := range s.toks {
			if s.toks[i].start >= m.start && s.toks[i].end <= m.end {
				known[i] = true
			}
		}
	}
	return known
}
