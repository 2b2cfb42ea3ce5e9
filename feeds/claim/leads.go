package claim

import (
	"slices"

	"clusterwire/feeds/news"
)

// readLead reads where the site is that a text has figures of, but no place: the
// only town that its beginning puts something in, as headlines do.
func (d *doc) readLead() {
	if len(d.claims) == 0 || slices.ContainsFunc(d.claims, func(c news.Claim) bool { return c.Metric == news.MetricLocation }) {
		return
	}
	var in *sentence
	var only placeHit
	name := ""
	for _, s := range d.sentences[:min(leadSentences, len(d.sentences))] {
		for _, p := range s.places() {
			here := townKey(s.body[s.toks[p.from].start:s.toks[p.to-1].end])
			switch {
			case p.country || !p.known || here == name || !s.puts(p) || !d.speaksOfSiteAt(s, p):
			case name != "":
				return
			default:
				in, only, name = s, p, here
			}
		}
	}
	if name != "" {
		d.placeClaim(in, only, only.span, only.span, "")
	}
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
		return !s.has(h.from, "link") && !s.has(h.from, "from") && !s.has(h.from-1, "distance")
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
