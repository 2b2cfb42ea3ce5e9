package claim

import (
	"slices"
	"strings"
)

// siteOf returns the infrastructure that a place belongs to: a cluster that
// the registry puts there, the site named right after it or close before "in
// <place>", or what the sentence that begins with it is about.
func (d *doc) siteOf(s *sentence, p placeHit, made int) (span, string, bool) {
	if at, slug, ok := d.clusterIn(s, p); ok {
		return at, slug, true
	}
	if isGlyphLanguage(s.lang) {
		at, ok := s.glyphSite(p)
		if named := d.clustersIn(s.index, s.index); !ok && len(named) > 0 && named[0].to <= p.from && s.has(p.to, "at") { // 富岳は神戸市で稼働し
			return span{named[0].from, named[0].to}, named[0].slug, true
		}
		if !ok && (s.has(p.to, "at") || s.lang == "zh" && s.ends(p.from, "prep")) {
			at, ok = d.countedAt(s, p, made)
		}
		return at, "", ok
	}
	if at, ok := s.siteBeside(p); ok {
		return at, "", true
	}
	if s.ends(p.from, "townhall") { // "the commune of Fouju refuses the data center"
		return s.siteAlone(p.to)
	}
	before := p.from
	if h, ok := s.ending(before, "small"); ok && s.ends(h.from, "prep") || s.demonym(before-1) { // "en la Patagonia", "im norwegischen Øygarden"
		before = max(h.from, before-1)
	}
	if p.from == 0 && p.known && !p.country && (s.has(p.to, "mod") || s.any(p.to, p.to+1, "mod")) { // "Maringá will have a data center"
		if at, slug, ok := s.siteAlone(p.to); ok && at.from <= p.to+placeReach {
			return at, slug, true
		}
	}
	h, ok := s.ending(before, "prep")
	if !ok || s.has(h.from-1, "distance") { // "150 miles west of Fort Worth"
		return span{}, "", false
	}
	if s.ofBody(p) {
		return span{}, "", false
	}
	if at, slug, ok := d.siteBefore(s, p, h.from); ok {
		return at, slug, true
	}
	if at, ok := s.siteAfter(p, h.from); ok {
		return at, "", true
	}
	at, ok := d.countedAt(s, p, made)
	return at, "", ok
}

// siteBeside returns the site that is named right after a place: "its Ohio data
// center", "its Childress, Texas, campus".
func (s *sentence) siteBeside(p placeHit) (span, bool) {
	if h, ok := s.starting(p.to, "strong"); ok && !s.toks[p.to].upper && s.text(p.from) != "u" && s.text(p.from) != "united" && !s.has(h.to, "notsite") && !s.plural(h) { // "its Ohio data center"; the Barcelona Supercomputing Center is a name
		return span{h.from, h.to}, true
	}
	if h, ok := s.starting(p.to, "ground"); ok && p.known && !p.country && !s.plural(h) && !s.has(h.to, "notsite") { // "the Richland Parish campus"
		return span{h.from, h.to}, true
	}
	if h, ok := s.starting(p.to+1, "strong"); ok && s.text(p.to) == "," && s.apposed(p) && !s.plural(h) && !s.has(h.to, "notsite") { // "its Loughton, Essex, data center"
		return span{h.from, h.to}, true
	}
	if h, ok := s.starting(p.to+1, "ground"); ok && s.text(p.to) == "," && s.apposed(p) && !s.plural(h) { // "its Childress, Texas, campus"
		return span{h.from, h.to}, true
	}
	return span{}, false
}

// demonym reports whether token i is an adjective of a country or a region between
// a preposition and a place, in German and Dutch.
func (s *sentence) demonym(i int) bool {
	if i < 1 || s.toks[i].kind != word {
		return false
	}
	switch s.lang {
	case "de":
		return !s.toks[i].upper && strings.HasSuffix(s.text(i), "schen") && s.ends(i, "prep")
	case "nl":
		return s.toks[i].upper && strings.HasSuffix(s.text(i), "se") && (s.ends(i, "prep") || s.text(i-1) == "het" && s.ends(i-1, "prep"))
	}
	return false
}

// clusterIn returns the cluster of the sentence that the registry puts at p,
// that p is a name of, or that is named right after it: メンフィスの「コロッサス」.
func (d *doc) clusterIn(s *sentence, p placeHit) (span, string, bool) {
	name := s.body[s.toks[p.from].start:s.toks[p.to-1].end]
	for _, h := range d.clustersIn(s.index, s.index) { // "in Shackelford County, Texas" names a site
		if h.from < p.to && h.to > p.from && s.ends(p.from, "prep") && len(d.clusters) > 1 {
			return span{h.from, h.to}, h.slug, true
		}
	}
	for _, h := range d.clustersIn(s.index, s.index) {
		city, _, _ := strings.Cut(d.reader.clusters[h.slug].Place, ",")
		if city == "" || h.from == p.from {
			continue
		}
		close := h.from >= p.to && h.from <= p.to+3
		if strings.HasPrefix(fold(name), fold(city)) || close && (s.adjoins(p.to, h.from) || !isGlyphLanguage(s.lang) && d.reader.home(h.slug, name)) {
			return span{h.from, h.to}, d.seatOr(s, p, h.slug), true
		}
	}
	return span{}, "", false
}

// adjoins reports whether a name at token to stands right after a place that
// ends at token from: with no comma, or verb, between.
func (s *sentence) adjoins(from, to int) bool {
	for i := from; i < to; i++ {
		if s.parts(i) {
			return false
		}
	}
	return isGlyphLanguage(s.lang) || to-from < 3
}

// seatOr returns the cluster that the place p itself is a name of, else slug.
func (d *doc) seatOr(s *sentence, p placeHit, slug string) string {
	for _, h := range d.clustersIn(s.index, s.index) {
		if h.from >= p.from && h.from < p.to && h.slug != slug && !d.reader.umbrella(h.slug, slug) {
			return h.slug
		}
	}
	return slug
}

// home reports whether the registry puts a cluster at a place of this name.
func (r *Reader) home(slug, name string) bool {
	place := r.clusters[slug].Place
	return place != "" && alike(place, name)
}

// siteBefore looks for the site before the preposition at token prep.
func (d *doc) siteBefore(s *sentence, p placeHit, prep int) (span, string, bool) {
	reach := placeReach
	if !p.known {
		reach = 3
		if h, ok := s.ending(prep, "unit"); ok { // "centro de datos de 402 MW en Escatrón"
			reach += prep - h.from + 2
		}
	}
	for i := prep - 1; i >= 0 && i >= prep-reach; i-- {
		if s.parts(i) && s.text(i) != "," || s.has(i, "but") {
			break
		}
		if h, ok := s.installation(i); ok && !s.has(h.to, "notsite") {
			return span{h.from, h.to}, "", !p.country || !s.plural(h)
		}
		if h, ok := s.starting(i, "ground"); ok && i >= prep-6 && !p.country && !s.plural(h) {
			return span{h.from, h.to}, "", true
		}
		for _, c := range d.clustersIn(s.index, s.index) {
			name := s.body[s.toks[p.from].start:s.toks[p.to-1].end]
			if c.from == i && (c.to >= prep-1 || d.reader.home(c.slug, name)) {
				return span{c.from, c.to}, d.seatOr(s, p, c.slug), true
			}
		}
	}
	return span{}, "", false
}

// siteAfter looks for the site after a place: "construiront à Fouju un campus",
// "In Cáceres the firm promises a data center".
func (s *sentence) siteAfter(p placeHit, prep int) (span, bool) {
	opens := prep == 0 || s.parts(prep-1) || s.has(prep-1, "but")
	reach := 7
	if opens && !p.country {
		reach = placeReach
	}
	if !p.known || p.country && opens {
		return span{}, false
	}
	for i := p.to; i < p.to+reach && i < len(s.toks); i++ {
		h, ok := s.installation(i)
		if !ok && opens && !p.country {
			h, ok = s.starting(i, "ground")
		}
		if ok {
			return span{h.from, h.to}, !s.plural(h) && (opens || i <= p.to+2 || s.any(prep-4, prep, "mod"))
		}
		if p.country && s.has(i, "joinand") {
			break
		}
		if s.parts(i) && !((opens || i == p.to && s.apposed(p)) && s.text(i) == ",") {
			break
		}
	}
	return span{}, false
}

// siteAlone returns the one site that the sentence names from token at on.
func (s *sentence) siteAlone(at int) (span, string, bool) {
	for i := at; i < len(s.toks); i++ {
		if h, ok := s.installation(i); ok {
			return span{h.from, h.to}, "", !s.plural(h)
		}
	}
	return span{}, "", false
}

// apposed reports whether a place holds a comma, as "Caucaia, no Ceará", and
// so is followed by one.
func (s *sentence) apposed(p placeHit) bool {
	for i := p.from; i < p.to; i++ {
		if s.text(i) == "," {
			return true
		}
	}
	return false
}

// installation returns the word for something that stands somewhere that
// begins at token i; computing power does not.
func (s *sentence) installation(i int) (hit, bool) {
	h, ok := s.starting(i, "strong")
	for _, kind := range []string{"coll", "campus"} {
		if !ok {
			h, ok = s.starting(i, kind)
		}
	}
	not, _ := s.starting(i, "nosite")
	return h, ok && not.to < h.to && !s.compounded(i)
}

// compounded reports whether token i is a longer word that only begins with a
// data center: "Rechenzentrumsbetreiber", "datacentermarkt".
func (s *sentence) compounded(i int) bool {
	for _, base := range []string{"rechenzentrum", "datacenter"} {
		if rest, ok := strings.CutPrefix(s.text(i), base); ok {
			return len(rest) > 2
		}
	}
	return false
}

// part returns the kind of the words for a site, or a part of it.
func (s *sentence) part() string {
	if s.lang == fallback {
		return "site"
	}
	return "weak"
}

// pluralArticles are what shows in Italian that several data centers are meant.
var pluralArticles = []string{"i", "gli", "dei", "degli", "ai", "dai", "nei", "sui", "alcuni", "molti", "altri", "nuovi"}

// plural reports whether a word for a site means several: "data centers",
// "Rechenzentren".
func (s *sentence) plural(h hit) bool {
	w := s.text(h.to - 1)
	if s.has(h.from-1, "link") && s.has(h.from-2, s.part()) { // "un campus de centros de datos"
		w = s.text(h.from - 2)
	}
	switch s.lang {
	case "ja", "ko":
		n := h.to
		return n+1 < len(s.toks) && s.toks[n].kind == digits && strings.Contains("か곳개カ箇", s.text(n+1)) && s.toks[n+1].kind == glyph
	case "de":
		return strings.HasSuffix(w, "zentren") || strings.HasSuffix(w, "fabriken")
	case "it": // "i data center"
		return slices.Contains(pluralArticles, s.text(h.from-1))
	}
	switch w {
	case "campus", "datos", "dados", "donnees":
		w = s.text(h.from)
	}
	return strings.HasSuffix(w, "s") && w != "campus"
}

// listed reports whether another place follows at token i: "Finland, France
// and Iceland" is a list.
func (s *sentence) listed(i int) bool {
	return (s.has(i, "joinand") || s.text(i) == ",") && s.has(i+1, "place")
}
