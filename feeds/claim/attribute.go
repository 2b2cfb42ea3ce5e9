package claim

import (
	"strings"

	"clusterwire/feeds/news"
)

// clusterAt returns the slug of the cluster that tokens at of s are about: the
// one that their clause names, else their sentence, else the paragraph before
// it, else the one that the whole text is about; "" if another company or
// cluster comes between, or several are meant.
func (d *doc) clusterAt(s *sentence, at span) string {
	lo, hi := s.clause(at.from, at.to)
	if s.any(lo, hi, "dual") {
		return ""
	}
	own, named := d.ownHit(s, at, lo, hi)
	from := lo
	if !named {
		from = 0
	}
	if ord, ok := s.ordinal(at, from, hi, own, named); ok {
		slug, known := d.numbered(s, ord.value)
		if known || ord.value != "1" {
			return slug
		}
	}
	if named {
		own.slug = d.siteOfProgramme(s, own)
		switch {
		case own.several || own.slug == "":
			return ""
		case own.from >= lo && own.from < hi && (own.from < at.to || !d.built(s, at, own.slug)):
			return own.slug
		case d.foreign(s, at, own.slug):
			return ""
		}
		return own.slug
	}
	if s.any(0, len(s.toks), "another") || s.any(0, len(s.toks), "compare") {
		return ""
	}
	slug := d.carried(s)
	if slug == "" || d.foreign(s, at, slug) || d.elsewhere(s, hi, slug) {
		return ""
	}
	return slug
}

// ownHit returns the cluster that the sentence names for tokens at: in the
// clause lo..hi the last before them, else the first after; else so in the
// sentence. Of a programme and one of its sites in the same clause the site is
// meant.
func (d *doc) ownHit(s *sentence, at span, lo, hi int) (best clusterHit, ok bool) {
	hits := d.clustersIn(s.index, s.index)
	for _, within := range []span{{lo, hi}, {0, len(s.toks)}} {
		after, found := clusterHit{}, false
		for _, h := range hits {
			switch {
			case h.from < within.from || h.from >= within.to || ok && d.reader.umbrella(h.slug, best.slug) || s.likened(h):
			case h.from < at.to, ok && d.reader.umbrella(best.slug, h.slug):
				best, ok = h, true
			case s.any(max(hi, at.to), h.from, "ordinal"):
			case !found || d.reader.umbrella(after.slug, h.slug):
				after, found = h, true
			}
		}
		if ok {
			return best, true
		}
		if found {
			return after, true
		}
	}
	return clusterHit{}, false
}

// likened reports whether a cluster is only what another is compared with:
// "as large as Colossus", 「富岳」と同じ.
func (s *sentence) likened(h clusterHit) bool {
	to := h.to
	if to < len(s.toks) && isCloser(s.text(to)) {
		to++
	}
	return s.has(to, "likened") || s.ends(h.from, "like")
}

// siteOfProgramme returns the site that is meant where a programme's name stands
// with a word for a site: one that the sentence names, or the text is about.
func (d *doc) siteOfProgramme(s *sentence, own clusterHit) string {
	if d.reader.clusters[own.slug].Place != "" {
		return own.slug
	}
	site := false
	for i := max(0, own.from-2); i < own.to+3 && i < len(s.toks); i++ {
		h, ok := s.starting(i, "ground")
		if !ok {
			h, ok = s.starting(i, "campus")
		}
		site = site || ok && !s.plural(h)
	}
	if !site {
		return own.slug
	}
	for _, h := range d.clustersIn(s.index, s.index) {
		if d.reader.umbrella(own.slug, h.slug) {
			return h.slug
		}
	}
	if d.reader.umbrella(own.slug, d.topic) {
		return d.topic
	}
	if len(d.reader.sites(own.slug)) > 0 {
		return ""
	}
	return own.slug
}

// sites lists the sites of a programme.
func (r *Reader) sites(programme string) []string {
	var found []string
	for _, c := range r.listed {
		if r.umbrella(programme, c.Slug) {
			found = append(found, c.Slug)
		}
	}
	return found
}

// umbrella reports whether programme is the name of a programme that site
// belongs to: Stargate and Stargate Abilene.
func (r *Reader) umbrella(programme, site string) bool {
	return programme != "" && strings.HasPrefix(site, programme+"-") && r.clusters[programme].Place == ""
}

// carriedBack is how many sentences of a paragraph back the cluster may be
// named that a sentence goes on about.
const carriedBack = 6

// carried returns the cluster that a sentence goes on about which names none.
func (d *doc) carried(s *sentence) string {
	if d.begins(s.index) {
		if d.topic == "" {
			return d.paragraphBefore(s.index)
		}
		return d.topic
	}
	for i := s.index - 1; i >= max(0, s.index-carriedBack); i-- {
		p := d.sentences[i]
		if slug, ok := d.onlyCluster(i); ok {
			if slug == "" || d.turns(i+1, s.index, slug) {
				return ""
			}
			if d.reader.umbrella(slug, d.topic) {
				return d.topic
			}
			return slug
		}
		if o, ok := p.firstIn(0, len(p.toks), "ordinal", ""); ok {
			slug, _ := d.numbered(p, o.value)
			return slug
		}
		if d.begins(i) || p.any(0, len(p.toks), "another") {
			break
		}
	}
	if d.topic != "" && d.turns(d.paragraph(s.index), s.index, d.topic) {
		return ""
	}
	return d.topic
}

// paragraphBefore returns the only cluster that the paragraph before the one
// that begins with sentence i names.
func (d *doc) paragraphBefore(i int) string {
	s := d.sentences[i]
	if i == 0 || len(d.mentionsIn(s, 0, len(s.toks))) > 0 || !strings.Contains(d.body[d.sentences[i-1].lastWord():d.sentences[i].firstWord()], "\n\n") {
		return ""
	}
	from := d.paragraph(i - 1)
	slug, _ := d.reader.single(d.clustersIn(from, i-1))
	if slug == "" || d.turns(from, i, slug) {
		return ""
	}
	return slug
}

// onlyCluster returns the cluster that sentence i names, "" if it names
// several and none of them is what the text is about; false if it names none.
func (d *doc) onlyCluster(i int) (slug string, named bool) {
	s := d.sentences[i]
	for _, h := range d.clustersIn(i, i) {
		switch {
		case h.several:
			return "", true
		case !named || d.reader.umbrella(slug, h.slug):
			slug, named = h.slug, true
		case h.slug != slug && !d.reader.umbrella(h.slug, slug):
			return d.namedBeside(i), true
		}
	}
	if o, ok := s.firstIn(0, len(s.toks), "ordinal", "2"); ok && named {
		for _, h := range d.clustersIn(i, i) {
			if h.from <= o.to && h.to >= o.from {
				return slug, true
			}
		}
		return "", true
	}
	return slug, named
}

// namedBeside returns what the text is about if sentence i names it beside others.
func (d *doc) namedBeside(i int) string {
	for _, h := range d.clustersIn(i, i) {
		if h.slug == d.topic {
			return d.topic
		}
	}
	return ""
}

// begins reports whether sentence i begins a paragraph or an item of a list.
func (d *doc) begins(i int) bool {
	if i == 0 {
		return true
	}
	return strings.Contains(d.body[d.sentences[i-1].lastWord():d.sentences[i].firstWord()], "\n")
}

// paragraph returns the first sentence of the paragraph of sentence i.
func (d *doc) paragraph(i int) int {
	for !d.begins(i) {
		i--
	}
	return i
}

// firstWord and lastWord return where the sentence's words begin and end in
// the text.
func (s *sentence) firstWord() int {
	for i := range s.toks {
		if s.toks[i].kind != newline {
			return s.toks[i].start
		}
	}
	return s.toks[0].start
}

func (s *sentence) lastWord() int {
	for i := len(s.toks) - 1; i >= 0; i-- {
		if s.toks[i].kind != newline {
			return s.toks[i].end
		}
	}
	return s.toks[0].start
}

// turns reports whether one of the sentences from..to, without the last, turns
// to a company that has clusters of its own, but not slug.
func (d *doc) turns(from, to int, slug string) bool {
	for i := from; i < to; i++ {
		s := d.sentences[i]
		other, own := false, false
		for _, m := range d.mentionsIn(s, 0, len(s.toks)) {
			own = own || d.reader.runs(m.slug, slug)
			other = other || d.reader.builders[m.slug] && !isVendor(m.slug)
		}
		if other && !own {
			return true
		}
	}
	return false
}

// runs reports whether a company operates or owns a cluster, or the programme
// that it belongs to.
func (r *Reader) runs(company, slug string) bool {
	c := r.clusters[slug]
	if company == c.Operator || company == c.Owner {
		return true
	}
	programme, _, _ := strings.Cut(slug, "-")
	p := r.clusters[programme]
	return p != nil && r.umbrella(programme, slug) && company == p.Operator
}

// foreign reports whether the clause of at, or what stands before it in the
// sentence, names a company that has nothing to do with the cluster, and none
// that has. A figure of power may be given by its supplier, an amount by who lends
// it.
func (d *doc) foreign(s *sentence, at span, slug string) bool {
	foreign := false
	lo, hi := s.clause(at.from, at.to)
	_, lent := s.firstIn(lo, hi, "basis", "cost financing")
	for _, m := range d.mentionsIn(s, 0, at.from) {
		if d.reader.runs(m.slug, slug) {
			return false
		}
		if lent && !d.reader.builders[m.slug] {
			continue
		}
		if m.start < s.toks[lo].start && !d.reader.builders[m.slug] || isVendor(m.slug) {
			continue
		}
		_, grid := s.firstIn(0, len(s.toks), "basis", "power_mw grid")
		supplies := s.measuresAt(at, news.MetricPower) && grid && s.roleOf(m, lo, at.from) != news.OrgDeveloper
		foreign = foreign || d.reader.builders[m.slug] || !supplies
	}
	return foreign
}

// built reports whether a company that has clusters of its own, but not slug,
// is named before at in its clause.
func (d *doc) built(s *sentence, at span, slug string) bool {
	lo, _ := s.clause(at.from, at.to)
	for _, m := range d.mentionsIn(s, lo, at.from) {
		if d.reader.builders[m.slug] && !isVendor(m.slug) && !d.reader.runs(m.slug, slug) {
			return true
		}
	}
	return false
}

// measuresAt reports whether tokens at hold a unit of the metric.
func (s *sentence) measuresAt(at span, m news.Metric) bool {
	for n := s.first[at.from]; n < s.first[at.to]; n++ {
		if h := s.hits[n]; h.kind == "unit" && strings.HasPrefix(h.value, string(m)+" ") {
			return true
		}
	}
	return false
}

// elsewhere reports whether the sentence, up to hi, speaks of a place that is
// not the cluster's.
func (d *doc) elsewhere(s *sentence, hi int, slug string) bool {
	home := d.reader.clusters[slug].Place
	if isGlyphLanguage(s.lang) || home == "" {
		return false
	}
	for _, h := range s.hits {
		if h.kind != "place" || !s.toks[h.from].upper || h.from >= hi {
			continue
		}
		if !alike(home, s.body[s.toks[h.from].start:s.toks[h.to-1].end]) && !s.parts(h.from-1) {
			return true
		}
	}
	return false
}
