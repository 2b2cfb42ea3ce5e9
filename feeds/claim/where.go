package claim

import (
	"strings"

	"clusterwire/feeds/news"
)

// placeMention is a name in a text that may be the place of its site.
type placeMention struct {
	s    *sentence
	p    placeHit
	name string
}

// placeMentions finds every name of a place in d, more of them than places of
// sites: towns of the gazetteer wherever a text may put something.
func (d *doc) placeMentions() []placeMention {
	var found []placeMention
	for _, s := range d.sentences {
		last := 0
		for _, p := range s.placesAnywhere() {
			listed, ok := s.starting(p.from, "place")
			if p.from < last || len(d.mentionsIn(s, p.from, p.from+1)) > 0 && !(ok && listed.to > p.from+1) { // a town may stand for who built there
				continue
			}
			last = p.to
			found = append(found, placeMention{s, p, s.body[s.toks[p.from].start:s.toks[p.to-1].end]})
		}
	}
	return found
}

// placesAnywhere is places with the towns of the gazetteer that no locative
// leads to.
func (s *sentence) placesAnywhere() []placeHit {
	found := s.places()
	if isGlyphLanguage(s.lang) {
		return found
	}
	var all []placeHit
	n := 0
	for i := 0; i < len(s.toks); i++ {
		for n < len(found) && found[n].to <= i {
			n++
		}
		if n < len(found) && found[n].from <= i {
			all = append(all, found[n])
			i = found[n].to - 1
			continue
		}
		if s.toks[i].kind != word || !s.toks[i].upper || i > 0 && s.toks[i-1].kind == word && s.toks[i-1].upper && !s.ends(i, "prep") && !s.ends(i, "link") && s.lang != "de" {
			continue
		}
		to, known := s.townAt(i)
		if _, apposed := s.apposedTown(placeHit{span: span{i, to}}); known && !apposed && (n >= len(found) || to <= found[n].from) {
			all = append(all, placeHit{span: span{i, to}, known: true})
			i = to - 1
		}
	}
	return all
}

// fullestPlaces gives each place the fullest name that the text has for it.
func (d *doc) fullestPlaces() {
	var all []placeMention
	for i := range d.claims {
		c := &d.claims[i]
		if c.Metric != news.MetricLocation {
			continue
		}
		if all == nil {
			all = d.placeMentions()
		}
		for _, m := range all {
			only := len(m.name)-len(c.ValueText) <= len("市") && strings.HasPrefix(m.name, c.ValueText) // 구미시 is often the body that speaks
			if fuller(fold(m.name), fold(c.ValueText)) && (isGlyphLanguage(m.s.lang) && (!only || m.s.puts(m.p)) || m.p.from > 0 && !isGlyphLanguage(m.s.lang)) {
				c.ValueText, c.Evidence = m.name, d.quote(m.s, m.p.span)
			}
		}
	}
}
