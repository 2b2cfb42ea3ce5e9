package claim

import (
	"slices"
	"strings"

	"clusterwire/feeds/news"
)

// Values of places that are no towns.
const (
	isCountry  = "country"
	isProvince = "province"
)

// loadPlaces reads places.txt and provinces.txt: names on each line, in all the
// forms that articles use. A line that begins with "country:" holds countries.
func (r *Reader) loadPlaces() error {
	for file, value := range map[string]string{"data/places.txt": "", "data/provinces.txt": isProvince} {
		err := eachLine(data, file, func(line string) error {
			value := value
			if rest, ok := strings.CutPrefix(line, "country:"); ok {
				value, line = isCountry, rest
			}
			for _, name := range strings.Split(line, "|") {
				if err := r.lexicon.addOnce("place", value, "", strings.TrimSpace(name)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// placeReach is how many tokens may stand between a site and its place.
const placeReach = 14

// placeHit is the name of a place in a sentence.
type placeHit struct {
	span
	country  bool
	province bool // or a region
	known    bool // by a list; else by its capital and what stands before alone
}

// readPlaces reads where infrastructure stands. The claims from made on are
// those of the sentence.
func (d *doc) readPlaces(s *sentence, made int) {
	if !d.near(s) || made == len(d.claims) && (s.powers == ofMany || s.powers == ofAlien) && !d.namesCluster(s) {
		return
	}
	last := placeHit{}
	for _, p := range s.places() {
		if len(d.mentionsIn(s, p.from, p.from+1)) > 0 { // "Arm's data center", the town of Arm
			continue
		}
		site, cluster, ok := d.siteOf(s, p, made)
		if !ok && last.to > 0 && p.from == last.to+1 && (s.has(last.to, "joinand") || s.text(last.to) == ",") { // "in Texas and New York"
			ok = true
		}
		if !ok {
			continue
		}
		if site.to == 0 {
			site = last.span
		}
		last = p
		at := span{min(site.from, p.from), max(site.to, p.to)}
		if s.no(at.from, at.to, "location") || made == len(d.claims) && s.any(0, len(s.toks), "unit") && s.onlySeveral() && (p.country || s.showsSeveral()) { // a sum of the country's, or the town's
			continue
		}
		d.placeClaim(s, p, site, at, cluster)
	}
}

// placeClaim makes a claim of the place p of a site, quoted by the tokens at.
func (d *doc) placeClaim(s *sentence, p placeHit, site, at span, cluster string) {
	c := news.Claim{Metric: news.MetricLocation, Unit: "place", Qualifier: news.Exact,
		ValueText: s.body[s.toks[p.from].start:s.toks[p.to-1].end]}
	d.finish(s, &quantity{from: p.from, to: p.to}, at, &c)
	switch {
	case cluster != "":
		c.Cluster = cluster
		c.Cluster = d.siteOfProject(s, &c)
	case !d.placedAt(s, p, site, c.Cluster):
		c.Cluster = d.seatOr(s, p, "")
	}
	c.Date, c.Phase = "", ""
	d.claims = append(d.claims, c)
	if (p.country || p.province) && !s.listed(p.to) && !s.has(p.from-1, "joinand") {
		d.wide = append(d.wide, c.ValueText)
	}
}

// placedAt reports whether a place is where a cluster stands: the registry puts
// it there, or its name stands in the sentence with the site, in the same
// clause as the place.
func (d *doc) placedAt(s *sentence, p placeHit, site span, slug string) bool {
	if slug == "" {
		return false
	}
	if !isGlyphLanguage(s.lang) && d.reader.home(slug, s.body[s.toks[p.from].start:s.toks[p.to-1].end]) {
		return true
	}
	lo, hi := s.clause(p.from, p.to)
	for _, h := range d.clustersIn(s.index, s.index) {
		if h.slug == slug && (h.from < site.to && h.to > site.from || h.to <= site.from && site.from-h.to < 3 || h.from >= site.to && h.from-site.to < 3) {
			return true
		}
		if h.slug == slug && isGlyphLanguage(s.lang) && h.from >= lo && h.from < hi && !p.country {
			return true
		}
	}
	return false
}

// places finds the names of places, none within another.
func (s *sentence) places() []placeHit {
	if isGlyphLanguage(s.lang) {
		return s.glyphPlaces()
	}
	var found []placeHit
	last := 0
	for i := 0; i < len(s.toks); i++ {
		p, ok := s.placeAt(i)
		if !ok || s.namedOn(p.to) && !s.has(p.to, "site") && !s.has(p.to, nameSure) { // "Nashville Zoo", "Georgia Power"
			continue
		}
		if h, ok := s.ending(p.from, "prep"); ok && h.to > h.from+1 && s.text(h.from-1) == "," && len(found) > 0 && found[len(found)-1].to == h.from-1 { // "Fouju, près de Melun"
			continue
		}
		if town, ok := s.apposedTown(p); ok { // "Solares, en Cantabria"
			if n := len(found); n > 0 && found[n-1].to > town.from {
				continue
			}
			p = town
		}
		whole := span{max(last, s.placeStart(p)), s.placeEnd(p.to)}
		p.province = p.province && whole.from == p.from
		p.span = whole
		found = append(found, p)
		last = p.to
		i = p.to - 1
	}
	return found
}

// placeAt reads the place whose name begins at token i.
func (s *sentence) placeAt(i int) (placeHit, bool) {
	if s.toks[i].kind != word || !s.toks[i].upper {
		return placeHit{}, false
	}
	p := placeHit{span: span{from: i}}
	if h, ok := s.starting(i, "place"); ok {
		p.to, p.country, p.province, p.known = h.to, s.placeIs(h, isCountry), s.placeIs(h, isProvince), true
	}
	led := s.ends(i, "chooses") || s.demonym(i-1) || s.ends(i, "prep") || s.ends(i, "townhall") || s.text(i-1) == "'" || s.text(i-1) == "’"
	if to, known := s.townAt(i); to > p.to && !s.withinName(i) && (known && (led || s.siteWord(to)) || !known && !p.known && (s.ends(i, "locative") && !s.continues(to) || s.ends(i, "townhall"))) {
		p.to, p.country, p.province, p.known = to, false, false, known || s.endsPlace(i, to)
	}
	return p, p.to > i
}

// withinName reports whether the capital at token i goes on a name that begins
// before it: "its Black Pearl site".
func (s *sentence) withinName(i int) bool {
	return s.lang != "de" && i > 1 && s.toks[i-1].upper && s.toks[i-1].kind == word && !s.ends(i, "prep") && !s.ends(i, "townhall") && s.has(i-2, "its")
}

// country reports whether a place is one: some clusters are known to be in a
// country and no nearer.
func (s *sentence) country(h hit) bool { return s.placeIs(h, isCountry) }

// placeIs reports whether a place of the lists is a country, or a province.
func (s *sentence) placeIs(h hit, value string) bool {
	for n := s.first[h.from]; n < s.first[h.from+1]; n++ {
		if o := s.hits[n]; o.kind == "place" && o.to == h.to && o.value == value {
			return true
		}
	}
	return false
}

// inPlace reports whether token i is within the name of a place: Ponte San Pietro
// is no bridge.
func (s *sentence) inPlace(i int) bool {
	return slices.ContainsFunc(s.places(), func(p placeHit) bool { return p.from <= i && i < p.to })
}

// endsPlace reports whether a run of capitals ends in a known place: "West
// Texas".
func (s *sentence) endsPlace(from, to int) bool {
	h, ok := s.ending(to, "place")
	return ok && h.from > from && h.value != isCountry
}

// siteWord reports whether token i names infrastructure, or a part of it.
func (s *sentence) siteWord(i int) bool { return s.has(i, "strong") || s.has(i, "ground") }

// continues reports whether what stands at token to shows that the capital
// before it is no place: a version, a noun that it belongs to, or a headline
// in which every word has one.
func (s *sentence) continues(to int) bool {
	if to < len(s.toks) && s.toks[to].kind != mark && (s.toks[to].kind == digits || s.siteWord(to) || s.has(to, "ai")) {
		return true
	}
	return s.headline()
}

// apposedTown returns the town that the place p only says more of: one that a
// preposition leads to, a comma and another preposition after it. "Grünow bei
// Prenzlau" is one name.
func (s *sentence) apposedTown(p placeHit) (placeHit, bool) {
	h, ok := s.ending(p.from, "prep")
	if ok && s.lang == "de" && s.text(h.from) == "bei" && s.placeWord(h.from-1) && s.ends(h.from-1, "prep") {
		return placeHit{span: span{h.from - 1, p.to}, known: true}, true
	}
	if !ok || s.text(h.from-1) != "," {
		return placeHit{}, false
	}
	to := h.from - 1
	from := to
	for from > 0 && to-from < maxTownWords && (s.placeWord(from-1) || from > 1 && s.joinsName(from-1)) {
		from--
	}
	if from == to || !s.ends(from, "prep") && !s.ends(from, "link") {
		return placeHit{}, false
	}
	town := placeHit{span: span{from, to}, known: p.country || p.province}
	end, known := s.townAt(from)
	listed, ok := s.starting(from, "place")
	return town, known && end == to || ok && listed.to == to && listed.value == "" || town.known
}

// placeStart takes in capitalized words before a state, a country or another known
// place, as in "Mount Pleasant, Wisconsin"; in a list each is one.
func (s *sentence) placeStart(p placeHit) int {
	comma := p.from - 1
	if s.text(comma) != "," || !p.country && !p.province && s.has(p.to, "joinand") {
		return p.from
	}
	i := comma
	for i > 0 && comma-i < 4 && s.toks[i-1].kind == word && s.toks[i-1].upper && !s.has(i-1, "month") {
		i--
	}
	if i == comma || !s.ends(i, "prep") {
		return p.from
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
