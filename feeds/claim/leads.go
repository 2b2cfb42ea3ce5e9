package claim

import (
	"slices"
	"strings"

	"clusterwire/feeds/news"
)

// readLead reads where the site is that a text has figures of, but no place nearer
// than a province: the only town that its beginning puts something in, as headlines
// do, else the only one that stands in the text as the place of anything.
func (d *doc) readLead() {
	if len(d.claims) == 0 || slices.ContainsFunc(d.claims, func(c news.Claim) bool {
		return c.Metric == news.MetricLocation && !slices.Contains(d.wide, c.ValueText)
	}) {
		return
	}
	all := d.placeMentions()
	for _, pass := range []func(placeMention) bool{
		func(m placeMention) bool {
			return m.s.index < leadSentences && m.p.known && m.s.puts(m.p) && d.speaksOfSiteAt(m.s, m.p) && !m.s.ofBody(m.p) && !m.s.no(m.p.from-4, m.p.from, "location")
		},
		func(m placeMention) bool { return m.s.claimed && d.mayHold(m) },
		func(m placeMention) bool { return m.s.index == 0 && m.heads() && d.mayHold(m) },
		d.mayHold,
	} {
		m, n := only(all, pass)
		if n == 1 {
			d.placeClaim(m.s, m.p, m.p.span, m.p.span, d.claimed())
		}
		if n > 0 {
			return
		}
	}
}

// claimed returns the cluster that all claims are of, "" if there is none.
func (d *doc) claimed() string {
	slug := d.claims[0].Cluster
	if slices.ContainsFunc(d.claims, func(c news.Claim) bool { return c.Cluster != slug }) {
		return ""
	}
	return slug
}

// only returns the first of the towns that pass, and how many towns they are.
func only(all []placeMention, pass func(placeMention) bool) (found placeMention, towns int) {
	seen := map[string]bool{}
	for _, m := range all {
		if m.p.country || m.p.province || seen[townKey(m.name)] || !pass(m) {
			continue
		}
		switch key := townKey(m.name); {
		case len(seen) == 0, strings.HasPrefix(key, townKey(found.name)+" "): // Ferrera, and Ferrera Erbognone
			delete(seen, townKey(found.name))
			found = m
			seen[key] = true
		case !strings.HasPrefix(townKey(found.name), key+" "):
			seen[key] = true
		}
	}
	return found, len(seen)
}

// heads reports whether a town begins its sentence as headlines do that say of it
// what comes there: "Trino, via libera …", "Nierstein: …", "Illange accueillera …".
func (m placeMention) heads() bool {
	s, to := m.s, m.p.to
	return m.p.from == 0 && !isGlyphLanguage(s.lang) && (s.text(to) == ":" || s.text(to) == "," || s.has(to, "gets"))
}

// mayHold reports whether a town is one that a text may speak of as its site's: a
// word leads to it, or it heads the sentence, or it is a university's, and its
// clause speaks of nothing else that stands there.
func (d *doc) mayHold(m placeMention) bool {
	s, p := m.s, m.p
	lo, hi := s.clause(p.from, p.to)
	for i := max(lo, p.from-besidePlace); i < min(hi, p.to+besidePlace); i++ {
		if s.works(i) || s.has(i, "alien") || s.has(i, ofPlant) || s.has(i, "notsite") {
			return false
		}
	}
	if s.any(p.from-4, p.from, "distance") || s.no(p.from-4, p.from, "location") || s.ofBody(p) {
		return false
	}
	if isGlyphLanguage(s.lang) || m.heads() {
		return true
	}
	return s.ends(p.from, "prep") || s.ends(p.from, "link") || s.ends(p.from, "townhall") || s.ends(p.from, "university") || s.ends(p.from, "chooses") || s.demonym(p.from-1)
}

// besidePlace is how many tokens on either side of a town are asked what stands there.
const besidePlace = 7

// ofBody reports whether a place only says whose body acts, or which province: "un
// juzgado de Santiago", "in provincia di Lodi".
func (s *sentence) ofBody(p placeHit) bool {
	h, ok := s.ending(p.from, "link")
	if !ok {
		h, ok = s.ending(p.from, "prep")
	}
	if !ok {
		return false
	}
	at := h.from
	if s.has(at-1, "det") || s.toks[max(0, at-1)].kind == mark {
		at--
	}
	return s.ends(at, "body")
}

// speaksOfSiteAt reports whether what is said with a place is said of a site: a
// figure of one, a site or a headline stands with it, and nothing that is none.
func (d *doc) speaksOfSiteAt(s *sentence, p placeHit) bool {
	lo, hi := s.stretch(&quantity{from: p.from, to: p.to})
	for _, kind := range []string{"alien", "works", ofPlant, "notsite"} {
		if s.any(lo, hi, kind) {
			return false
		}
	}
	if len(d.mentionsIn(s, p.from, p.from+1)) > 0 {
		return false
	}
	start, end := s.toks[lo].start, s.toks[hi-1].end
	if slices.ContainsFunc(d.claims, func(c news.Claim) bool { return c.Start < end && c.End > start }) {
		return true
	}
	if s.any(lo, hi, "unit") || s.any(lo, hi, "cur") {
		return false
	}
	return d.near(s) || s.index == 0 && len(d.sentences) > 1 && d.begins(1)
}

// puts reports whether something is in the place p, or p heads what follows:
// "in Lübbenau", "Fouju: …", 韶关で.
func (s *sentence) puts(p placeHit) bool {
	if isGlyphLanguage(s.lang) {
		return s.lang == "zh" && s.ends(p.from, "prep") || s.lang != "zh" && s.has(p.to, "at")
	}
	if h, ok := s.ending(p.from, "prep"); ok {
		return (!s.has(h.from, "link") || s.has(h.from, "locative")) && !s.has(h.from, "from") && !s.has(h.from-1, "distance")
	}
	return p.from == 0 && s.text(p.to) == ":"
}

// countedAt returns the span of the first figure of a site in the clause of p, or
// in the part of the sentence that no semicolon parts from it if that names no
// other place: "has 2,000 H200 running in Norway".
func (d *doc) countedAt(s *sentence, p placeHit, made int) (span, bool) {
	if h, ok := s.ending(p.from, "prep"); ok && s.has(h.from, "small") { // "the government of Aragón"
		return span{}, false
	}
	if h, ok := s.ending(p.from, "prep"); !p.known || ok && s.ends(h.from, "notsite") {
		return span{}, false
	}
	lo, hi := s.clause(p.from, p.to)
	switch alone := len(s.places()) == 1; {
	case alone && !p.country:
		lo, hi = s.stretch(&quantity{from: p.from, to: p.to})
	case p.country && !alone:
		return span{}, false
	}
	for _, c := range d.claims[made:] {
		if c.Metric == news.MetricLocation {
			continue
		}
		for i := lo; i < hi; i++ {
			if s.toks[i].start >= c.Start && s.toks[i].end <= c.End && s.toks[i].kind == digits {
				return span{i, i + 1}, true
			}
		}
	}
	return span{}, false
}
