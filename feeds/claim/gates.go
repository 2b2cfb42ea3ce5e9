package claim

import (
	"slices"
	"strings"

	"clusterwire/feeds/news"
)

// aboutSite reports whether a measure in the sentence is one of AI
// infrastructure: the sentence names a data center, a cluster, accelerators,
// or speaks of the site that the sentences before are about, and nothing says
// otherwise.
func (d *doc) aboutSite(s *sentence, q *quantity, metric string) bool {
	lo, hi := s.clause(q.from, q.to)
	if s.no(lo, hi, metric) && !(metric == "power" && d.ofOneSite(s, q)) || s.aggregate() || s.onlyMeasures() || d.national(s, q) {
		return false
	}
	if metric == "cost" && (s.no(max(0, q.from-10), min(len(s.toks), q.to+10), metric) || s.yearly() && !s.infrastructure()) {
		return false
	}
	if !d.infrastructure(s) && !d.namesCluster(s) && !d.onTopic(s) {
		if c := d.carriedOn(s); c == ofMany || c == ofAlien {
			return false
		}
	}
	if d.near(s) || metric == "area" && s.powers == ofSite && s.measuredBeside(q) { // "22 mégawatts et 12 000 m²"
		return true
	}
	since := d.since(s)
	if l := d.license(s, q); l.of == ofSite && d.topical(s) && (since == 1 || l.why == byHeadline || (metric == "power" || metric == "cost") && l.why != byCarrying && l.why != byTopic) {
		return true
	}
	return metric == "power" && d.onTopic(s) || metric == "power" && d.about && since <= backPower && !s.no(0, len(s.toks), metric)
}

// How many sentences back infrastructure may be named that a sentence goes on
// about: with a word for a part of it, with any word that it may be meant by,
// and in a text that is about infrastructure from its first sentences on.
const (
	backWeak  = 3
	backPower = 5 // in a text that is about infrastructure; or with a figure of power alone
	backAbout = 8
)

// near reports whether the sentence is about infrastructure, or continues one
// that is.
func (d *doc) near(s *sentence) bool {
	if d.infrastructure(s) || d.namesCluster(s) {
		return true
	}
	part, weak := s.any(0, len(s.toks), s.part()), s.any(0, len(s.toks), "weak")
	switch {
	case d.titled && part:
		return true
	case !d.strong && len(d.clusters) == 0 && len(d.claims) == 0:
		return false
	}
	since := d.since(s)
	switch {
	case since == 1 && s.any(0, 2, "pronoun"): // "It would draw …"
		return true
	case weak && (since <= backWeak || d.about && since <= backPower) || d.about && part && since <= backAbout:
		return true
	}
	return weak && d.onTopic(s)
}

// since counts the sentences back to the last that is about infrastructure, up
// to one more than backAbout.
func (d *doc) since(s *sentence) int {
	back := 1
	for ; back <= backAbout && s.index-back >= 0; back++ {
		if p := d.sentences[s.index-back]; d.infrastructure(p) || d.namesCluster(p) || p.claimed {
			return back
		}
	}
	return backAbout + 1
}

// infrastructure reports whether the sentence names infrastructure, or a site
// with its power, or its water by the day, and a company that runs clusters, or
// power and a company whose business is data centers.
func (d *doc) infrastructure(s *sentence) bool {
	if s.infrastructure() {
		return true
	}
	if s.any(0, len(s.toks), "campus") && (d.developed(s) || s.measures(news.MetricArea) && (d.builds(s) || slices.ContainsFunc(d.headlined(s), func(m named) bool { return d.reader.develop[m.slug] }))) {
		return true
	}
	power, ground := s.measures(news.MetricPower) || s.measures(news.MetricArea) && d.developed(s), s.any(0, len(s.toks), "ground")
	if !power && !(ground && s.any(0, len(s.toks), "perday")) {
		return false
	}
	own := d.mentionsIn(s, 0, len(s.toks))
	if slices.ContainsFunc(own, func(m named) bool { return d.reader.develop[m.slug] }) {
		return true
	}
	return ground && slices.ContainsFunc(append(own, d.headlined(s)...), func(m named) bool { return d.reader.builders[m.slug] && !isVendor(m.slug) })
}

// topical reports whether the text gives any sign that its sites are data centers: it
// names one, or a campus, or its sentence a company that has some, or nothing else
// that stands anywhere.
func (d *doc) topical(s *sentence) bool {
	if d.strong || len(d.clusters) > 0 || len(d.claims) > 0 {
		return true
	}
	others := false
	for _, p := range d.sentences {
		n := len(p.toks)
		if p.anyOf(0, n, "campus", "center", "coll") {
			return true
		}
		others = others || p.anyOf(0, n, "works", "alien", ofPlant)
	}
	return !others || slices.ContainsFunc(append(d.mentionsIn(s, 0, len(s.toks)), d.headlined(s)...), func(m named) bool {
		return d.reader.develop[m.slug] || d.reader.builders[m.slug] && !isVendor(m.slug)
	})
}

// builds reports whether a company that has clusters builds something by the words
// of a sentence.
func (d *doc) builds(s *sentence) bool {
	if _, ok := s.firstIn(0, len(s.toks), "mod", string(news.UnderConstruction)); !ok && !s.any(0, len(s.toks), "role") {
		return false
	}
	return slices.ContainsFunc(d.mentionsIn(s, 0, len(s.toks)), func(m named) bool { return d.reader.builders[m.slug] && !isVendor(m.slug) })
}

// infrastructure reports whether the sentence itself names infrastructure: by
// its words, or as a site with GPUs, a campus for AI or with its megawatts, or
// a cluster with its computing power.
func (s *sentence) infrastructure() bool {
	if s.infra == 0 {
		s.infra = 1
		if s.namesInfrastructure() {
			s.infra = 2
		}
	}
	return s.infra == 2
}

func (s *sentence) namesInfrastructure() bool {
	campus, center, coll, ai, part, gpu := false, false, false, false, false, false
	for i := range s.hits {
		switch s.hits[i].kind {
		case "strong", "chip", nameSure:
			return true
		case "campus", "center":
			campus = campus || s.hits[i].kind == "campus"
			center = true
			if s.hits[i].kind == "center" && s.powerIn(s.hits[i].to, s.hits[i].to+5) {
				return true
			}
		case "coll":
			coll = true
		case "ai":
			ai = true
		case "site":
			part = true
		case "basis":
			if s.hits[i].value == "power_mw it" && s.measures(news.MetricPower) {
				return true
			}
		case "gpu":
			gpu = gpu || s.hits[i].lang == ""
		}
	}
	return part && gpu || campus && (ai || s.measures(news.MetricPower)) || center && ai || coll && s.measures(news.MetricExaflops)
}

// powerIn reports whether a unit of power stands in tokens from..to, nothing parted
// from the first: "un centre de 700 MW".
func (s *sentence) powerIn(from, to int) bool {
	for i := from; i < to && i < len(s.toks) && !s.parts(i); i++ {
		if s.isPower(i) {
			return true
		}
	}
	return false
}

// measures reports whether the sentence holds a unit of the metric.
func (s *sentence) measures(m news.Metric) bool {
	for i := range s.hits {
		if h := &s.hits[i]; h.kind == "unit" && strings.HasPrefix(h.value, string(m)+" ") {
			return true
		}
	}
	return false
}

// namesCluster reports whether the sentence names a cluster of the registry.
func (d *doc) namesCluster(s *sentence) bool {
	return len(d.clustersIn(s.index, s.index)) > 0
}

// manySites is how many data centers no one company has: what so many need
// together is a country's, or the industry's.
const manySites = 100

// aggregate reports whether the sentence sums up a country or the industry.
func (s *sentence) aggregate() bool {
	for n := range s.hits {
		if h := &s.hits[n]; h.kind == "industry" && (s.lang != "ja" || s.begins(h.from)) { // not in 産業界
			return true
		}
	}
	for i := range s.toks {
		if s.toks[i].kind != digits || !s.has(i+1, "strong") || s.has(i+1, "gpu") || s.has(i+1, "chip") {
			continue
		}
		if n, ok := s.readDigits(i); ok && n.to == i+1 && max(n.value, n.other) >= manySites && !s.toks[i].upper {
			if _, isYear := s.year(i); !isYear {
				return true
			}
		}
	}
	return false
}

// national reports whether a figure is one of a country: the country is what
// the sentence is about, and it names no company, no town, and no single site.
func (d *doc) national(s *sentence, q *quantity) bool {
	lo, _ := s.clause(q.from, q.to)
	if isGlyphLanguage(s.lang) { // what begins a sentence is the topic of all its clauses
		lo = 0
	}
	found := s.any(lo, q.from, "nation")
	for _, p := range s.places() {
		if !p.country {
			return false
		}
		led := s.has(p.to, "at") || s.has(p.to, "into") || s.ends(p.from, "prep")
		found = found || p.from <= 2 && p.to <= q.from && !led
	}
	if !found || d.namesCluster(s) || !s.onlySeveral() {
		return false
	}
	return !slices.ContainsFunc(d.mentionsIn(s, 0, q.from), func(m named) bool { return d.reader.builders[m.slug] })
}

// onlySeveral reports whether all installations that the sentence names are in
// the plural, or may be, in languages that show none.
func (s *sentence) onlySeveral() bool {
	switch s.lang {
	case "it", "zh", "ja", "ko":
		return true
	}
	for i := range s.toks {
		if h, ok := s.installation(i); ok && !s.plural(h) {
			return false
		}
	}
	return true
}

// leastSold is the count from which chips of their maker, with no site named,
// are those that it sells.
const leastSold = 50000

// sold reports whether a count is what a maker of chips is said to have, with
// no site that they are for: "Nvidia has delivered 6 million Blackwell chips".
func (d *doc) sold(s *sentence, q *quantity, c counted) bool {
	lo, hi := s.clause(q.from, q.to)
	if _, most := q.count(); most < leastSold || d.namesSite(s) || s.any(lo, hi, "train") {
		return false
	}
	maker, at := false, min(q.from, c.from)
	named := d.mentionsIn(s, lo, at)
	if len(named) == 0 && s.index > 0 { // "The company expects to sell"
		p := d.sentences[s.index-1]
		named = d.mentionsIn(p, 0, len(p.toks))
	}
	for _, m := range named {
		if m.end+1 >= s.toks[at].start { // right before the count it says whose chips they are
			continue
		}
		if !isVendor(m.slug) {
			return false
		}
		maker = true
	}
	return maker
}

// showsSeveral reports whether the sentence names an installation in the plural.
func (s *sentence) showsSeveral() bool {
	for i := range s.toks {
		if h, ok := s.installation(i); ok && s.plural(h) {
			return true
		}
	}
	return false
}

// traded reports whether a count is of chips that are bought, sold or let into
// a country, with no site that they are for: in its own sentence, or in the one
// before.
func (d *doc) traded(s *sentence, q *quantity) bool {
	lo, hi := s.clause(q.from, q.to)
	if !s.any(lo, hi, "trade") || d.namesSite(s) {
		return false
	}
	return s.index == 0 || !d.namesSite(d.sentences[s.index-1])
}

// siteCompound reports whether token i is a data center's project or land in
// one word: "datacenterproject".
func (s *sentence) siteCompound(i int) bool {
	for _, part := range []string{"project", "projekt", "campus", "park", "complex", "komplex", "standort", "locatie", "gelände", "terrein"} {
		if strings.HasSuffix(s.text(i), part) {
			return true
		}
	}
	return false
}

// namesSite reports whether the sentence names a place for accelerators: a
// cluster, a data center, a campus, a building.
func (d *doc) namesSite(s *sentence) bool {
	if d.namesCluster(s) {
		return true
	}
	for i := range s.toks {
		if _, ok := s.installation(i); ok || s.has(i, "ground") || s.has(i, "strong") && s.siteCompound(i) {
			return true
		}
	}
	return false
}
