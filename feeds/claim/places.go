package claim

import (
	"strings"

	"clusterwire/feeds/news"
)

// loadPlaces reads places.txt: a name on each line, in all the forms that
// articles use.
func (r *Reader) loadPlaces() error {
	return eachLine(data, "data/places.txt", func(line string) error {
		for _, name := range strings.Split(line, "|") {
			if err := r.lexicon.add("place", "", "", strings.TrimSpace(name)); err != nil {
				return err
			}
		}
		return nil
	})
}

// placeReach is how many tokens may stand between a site and its place.
const placeReach = 14

// readPlaces reads where infrastructure stands.
func (d *doc) readPlaces(s *sentence) {
	next := 0
	for _, h := range longest(s.hits, "place") {
		if h.from < next || s.toks[h.from].kind == word && !s.toks[h.from].upper {
			continue
		}
		if s.namedOn(h.to) { // "Nashville Zoo", "Georgia Power"
			continue
		}
		at := span{s.placeStart(h.from), s.placeEnd(h.to)}
		next = at.to
		site, cluster, ok := d.siteOf(s, at)
		if !ok {
			continue
		}
		if s.no(min(site.from, at.from), max(site.to, at.to), "location") {
			continue
		}
		q := quantity{from: min(site.from, at.from), to: max(site.to, at.to)}
		c := news.Claim{Metric: news.MetricLocation, Unit: "place", Qualifier: news.Exact,
			ValueText: s.body[s.toks[at.from].start:s.toks[at.to-1].end]}
		d.finish(s, &quantity{from: at.from, to: at.to}, span{q.from, q.to}, &c)
		c.Cluster = cluster
		c.Date = ""
		d.claims = append(d.claims, c)
	}
}

// placeStart takes in capitalized words before a known state or country, as
// in "Mount Pleasant, Wisconsin".
func (s *sentence) placeStart(from int) int {
	if s.text(from-1) != "," {
		return from
	}
	i := from - 1
	for i > 0 && from-1-i < 4 && s.toks[i-1].kind == word && s.toks[i-1].upper && !s.has(i-1, "month") {
		i--
	}
	if i == from-1 || !s.has(i-1, "prep") {
		return from
	}
	return i
}

// placeEnd takes in the state or country after a place: ", Tennessee".
func (s *sentence) placeEnd(to int) int {
	for s.text(to) == "," {
		h, ok := s.starting(to+1, "place")
		if !ok || s.listed(h.to) {
			break
		}
		to = h.to
	}
	return to
}

// siteOf returns the infrastructure that a place belongs to: a cluster that
// the registry puts there, or the site named close before "in <place>".
func (d *doc) siteOf(s *sentence, at span) (span, string, bool) {
	name := s.text(at.from)
	for _, h := range d.clustersIn(s.index, s.index) {
		city, _, _ := strings.Cut(d.reader.clusters[h.slug].Place, ",")
		if f := strings.Fields(fold(city)); len(f) > 0 && f[0] == name && h.from != at.from {
			return span{h.from, h.to}, h.slug, true
		}
	}
	if isGlyphLanguage(s.lang) {
		h, ok := s.firstIn(at.to, at.to+placeReach, "strong", "")
		for i := at.to; i < h.from && ok; i++ {
			ok = !s.parts(i)
		}
		led := s.has(at.from-1, "prep") || at.from == 0 && (s.has(at.to, "link") || s.has(at.to, "prep"))
		return span{h.from, h.to}, "", ok && led
	}
	if h, ok := s.starting(at.to, "strong"); ok && s.text(at.from) != "u" && s.text(at.from) != "united" && !s.has(h.to, "notsite") && !strings.HasSuffix(s.text(h.to-1), "s") { // "its Ohio data center"
		return span{h.from, h.to}, "", true
	}
	before := at.from - 1
	if s.has(before, "small") && s.has(before-1, "prep") { // "en la Patagonia"
		before--
	}
	if !s.has(before, "prep") {
		return span{}, "", false
	}
	if h, ok := s.firstIn(at.to, at.to+7, "strong", ""); ok && s.any(0, before, "mod") && !s.parts(at.to) { // "construiront à Fouju un campus"
		return span{h.from, h.to}, "", true
	}
	for i := at.from - 2; i >= 0 && i > at.from-placeReach; i-- {
		if s.parts(i) && s.text(i) != "," {
			break
		}
		if h, ok := s.starting(i, "strong"); ok {
			return span{h.from, h.to}, "", true
		}
		for _, c := range d.clustersIn(s.index, s.index) {
			if c.from == i {
				return span{c.from, c.to}, c.slug, true
			}
		}
	}
	return span{}, "", false
}

// listed reports whether another place follows at token i: "Finland, France
// and Iceland" is a list.
func (s *sentence) listed(i int) bool {
	return (s.has(i, "joinand") || s.text(i) == ",") && s.has(i+1, "place")
}
