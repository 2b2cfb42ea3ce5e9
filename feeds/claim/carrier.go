package claim

import "slices"

// carrier is what a figure of power is of, as far as the words around it say.
type carrier int

const (
	ofNone  carrier = iota // no word says
	ofSite                 // a site, or several that are counted or somebody's
	ofMany                 // data centers at large: a country's, the industry's
	ofAlien                // what is no site: a power plant, a wind farm, a queue for the grid
)

// String names a carrier in evidence.
func (c carrier) String() string {
	return [...]string{"nothing", "a site", "sites at large", "something else"}[c]
}

// How many tokens may part a figure from the word for what it is of where that
// stands right before ("a campus with up to 300 MW") and right after it ("the
// 300-megawatt Duane Arnold nuclear plant").
const (
	reachBefore = 3
	reachAfter  = 5
)

// attached returns what stands right before, else right after, a figure.
func (d *doc) attached(s *sentence, q *quantity) carrier {
	if c := d.attachedBefore(s, q); c != ofNone {
		return c
	}
	return d.attachedAfter(s, q)
}

// ofOneSite reports whether a figure is attached to one site that a place is
// named for: whatever it is compared with, it is that site's.
func (d *doc) ofOneSite(s *sentence, q *quantity) bool {
	return d.attached(s, q) == ofSite && !s.showsSeveral() && len(s.places()) > 0
}

// costs reports whether an amount is what a site costs. Data centers at large are
// sites if somebody spends on them, or a town has them.
func (d *doc) costs(s *sentence, q *quantity) bool {
	switch d.license(s, q).of {
	case ofSite:
		return true
	case ofMany:
		return s.any(0, q.from, "stakes") || len(d.mentionsIn(s, 0, q.from)) > 0 || slices.ContainsFunc(s.places(), func(p placeHit) bool { return !p.country })
	}
	return false
}

// likens reports whether a word of comparison begins at token i, with what is
// compared between it and q: "more than the city of Memphis, 900 MW".
func (s *sentence) likens(i int, q *quantity) bool {
	h, ok := s.starting(i, "unlike")
	return ok && h.to < q.from && !s.ends(h.to, "pre") // not "more than"
}

// carriedOn returns what the last sentence before s that has a carrier speaks
// of: a site, if it names one at all.
func (d *doc) carriedOn(s *sentence) (last carrier) {
	for i := s.index - 1; i >= max(0, s.index-backPower) && last == ofNone; i-- {
		p := d.sentences[i]
		if p.claimed {
			return ofSite
		}
		if p.powers != ofNone {
			return p.powers
		}
		for at := range p.toks {
			c := d.carrierAt(p, at)
			if c == ofSite {
				return ofSite
			}
			last = max(last, c)
		}
	}
	return last
}

// attachedBefore reads "a campus with 300 MW", "the plant (300 MW)", 数据中心300兆瓦.
func (d *doc) attachedBefore(s *sentence, q *quantity) carrier {
	for i := q.from - 1; i >= max(0, q.from-1-reachBefore); i-- {
		if c := d.carrierAt(s, i); c != ofNone {
			return c
		}
		if s.parts(i) && !(i == q.from-1 && (s.text(i) == "," || s.text(i) == "(" || s.text(i) == "（" || s.text(i) == "，")) || s.has(i, "mod") {
			break
		}
	}
	return ofNone
}

// attachedAfter reads "300-megawatt data center", "300 MW of wind", and "$9 billion,
// 1.5-gigawatt data center".
func (d *doc) attachedAfter(s *sentence, q *quantity) carrier {
	if s.text(q.to) == "," && q.to+1 < len(s.toks) && s.lang == fallback {
		if n, ok := s.readNumber(q.to + 1); ok {
			if next := s.quantity(n); next.metric != "" && s.text(next.to-1) != "," {
				return d.attachedAfter(s, &next)
			}
		}
	}
	for i := q.to; i < min(len(s.toks), q.to+reachAfter); i++ {
		if s.parts(i) || s.has(i, "joinand") || s.has(i, "but") || s.has(i, "mod") {
			break
		}
		if c := d.carrierAt(s, i); c != ofNone {
			if c != ofAlien && q.currency != "" && d.headed(s, i) { // "$500 million for the cables of data centers"
				return ofAlien
			}
			return c
		}
	}
	return ofNone
}

// landSubject reports whether a country or a state is what the clause from lo
// speaks of, before token at.
func (d *doc) landSubject(s *sentence, lo, at int) bool {
	for i := lo; i < min(at, lo+2); i++ {
		if h, ok := s.starting(i, "place"); ok && s.country(h) && !s.ends(i, "prep") && !s.any(h.to, at, "strong") {
			return true
		}
	}
	return false
}

// carrierAt returns what the word is that begins at token i. A sentence is asked
// often, so it keeps the answers.
func (d *doc) carrierAt(s *sentence, i int) carrier {
	if s.carriers == nil {
		s.carriers = make([]carrier, len(s.toks))
		for at := range s.carriers {
			s.carriers[at] = d.readCarrier(s, at)
		}
	}
	return s.carriers[i]
}

func (d *doc) readCarrier(s *sentence, i int) carrier {
	if s.has(i, "alien") {
		return ofAlien
	}
	if h, ok := s.starting(i, ofPlant); ok && !s.backs(h.to) {
		return ofAlien
	}
	for _, c := range d.clustersIn(s.index, s.index) {
		if c.from == i {
			return ofSite
		}
	}
	if s.has(i, "strong") && s.siteCompound(i) {
		return ofSite
	}
	h, installed := s.installation(i)
	if !installed {
		var ok bool
		if h, ok = s.starting(i, "ground"); !ok && !(s.has(i, "center") && s.infrastructure()) {
			return ofNone
		} else if !ok {
			h, _ = s.starting(i, "center")
		}
	}
	switch {
	case s.governed(h.from), s.has(h.to, "notsite"):
		return ofAlien
	case installed && s.plural(h) && !d.counted(s, h): // "the buildings" are known, "data centers" may be all
		return ofMany
	case installed && isGlyphLanguage(s.lang) && d.onDemand(s) && !d.somebodys(s): // no plural tells
		return ofMany
	}
	return ofSite
}

// onDemand reports whether the sentence, or the one that it goes on about, is about
// demand.
func (d *doc) onDemand(s *sentence) bool {
	if s.any(0, len(s.toks), "demand") {
		return true
	}
	if s.index == 0 {
		return false
	}
	p := d.sentences[s.index-1]
	return p.any(0, len(p.toks), "demand") && !p.claimed
}

// somebodys reports whether a sentence about demand, in a language that shows no
// plural, speaks of some site: it names a company or a place, or goes on about a
// site.
func (d *doc) somebodys(s *sentence) bool {
	n := len(s.toks)
	if len(d.mentionsIn(s, 0, n)) > 0 || d.namesCluster(s) || d.since(s) == 1 || s.any(0, n, "num") {
		return true
	}
	return slices.ContainsFunc(s.places(), func(p placeHit) bool { return !p.country })
}

// measuredIn reports whether the site that begins at token i only measures
// something else: "as much as ten data centers", "tanto como medio centro de datos".
func (s *sentence) measuredIn(i int) bool {
	for at := i - 1; at >= max(0, i-3); at-- {
		n, ok := s.readNumber(at)
		if (ok && n.to == i || s.ends(i, "several")) && (s.ends(at, "like") || s.ends(at, "unlike")) {
			return true
		}
	}
	return false
}

// onlyMeasures reports whether the sentence names sites only to measure something
// else.
func (s *sentence) onlyMeasures() bool {
	measures := false
	for i := range s.toks {
		if s.has(i, "strong") {
			if !s.measuredIn(i) {
				return false
			}
			measures = true
		}
	}
	return measures
}

// governed reports whether the site that begins at token i only says more of
// something else before it: "requests of data centers", "wind power for a data
// center".
func (s *sentence) governed(i int) bool {
	if !s.ends(i, "link") && !s.ends(i, "prep") && !s.ends(i, "serves") {
		return false
	}
	for at := i - 1; at >= max(0, i-reachAfter) && !s.parts(at) && !s.has(at, "mod"); at-- {
		if s.has(at, "alien") {
			return true
		}
	}
	return false
}

// ofWorks reports whether a figure is of other premises: the nearest that the
// sentence names before it, or right after it, are no site.
func (d *doc) ofWorks(s *sentence, q *quantity) bool {
	if d.attached(s, q) == ofSite {
		return false
	}
	_, hi := s.clause(q.from, q.to)
	for i := q.to; i < min(hi, q.to+reachAfter); i++ {
		if s.works(i) {
			return true
		}
	}
	for i := q.from - 1; i >= 0; i-- {
		if s.works(i) {
			return true
		}
		if c := d.carrierAt(s, i); c == ofSite || s.likens(i, q) {
			return c != ofSite
		}
	}
	return false
}

// ofOther reports whether a figure is of other premises, or the nearest before it
// or attached to it are data centers at large. A power plant may have stood there.
func (d *doc) ofOther(s *sentence, q *quantity) bool {
	of := d.attached(s, q)
	for i := q.from - 1; i >= 0 && of == ofNone; i-- {
		of = d.carrierAt(s, i)
	}
	return of == ofMany || d.ofWorks(s, q)
}

// works reports whether token i names other premises; a factory of AI is none.
func (s *sentence) works(i int) bool {
	return s.has(i, "works") && !s.has(i, "strong") && !s.ends(i+1, "strong")
}

// backs reports whether the clause of token at says that a plant only stands by
// for a site: "will supply backup power".
func (s *sentence) backs(at int) bool {
	lo, hi := s.clause(at-1, at)
	_, ok := s.firstIn(lo, hi, "basis", "power_mw backup")
	return ok
}

// fewSites is how many sites are taken for somebody's that the sentence doesn't
// name: more are a region's.
const fewSites = 40

// counted reports whether several sites are some: "its 28 sites", "three data
// centers", or those of a company that the sentence names before.
func (d *doc) counted(s *sentence, h hit) bool {
	if s.toks[h.from].upper && s.lang != "de" && h.from > 0 && s.toks[h.from-1].upper { // "Switch Datacenters" is a company
		return true
	}
	if s.has(h.from-1, "det") && s.index > 0 && d.developed(d.sentences[s.index-1]) { // "The data centers will draw"
		return true
	}
	for i := max(0, h.from-3); i < h.from; i++ {
		if n, ok := s.readNumber(i); ok && n.to <= h.from && n.value <= fewSites && !s.ends(i, "pers") && !s.any(n.to, h.from, "unit") {
			return true
		}
		if s.has(i, "its") {
			return true
		}
	}
	return slices.ContainsFunc(d.mentionsIn(s, 0, h.from), func(m named) bool { return d.reader.builders[m.slug] })
}

// developed reports whether a sentence names a company whose business is data
// centers.
func (d *doc) developed(s *sentence) bool {
	return slices.ContainsFunc(d.mentionsIn(s, 0, len(s.toks)), func(m named) bool { return d.reader.develop[m.slug] })
}
