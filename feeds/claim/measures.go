package claim

import (
	"slices"

	"clusterwire/feeds/news"
)

// mostPower bounds the power of one company's sites, in MW; more is what whole
// countries or the industry need.
const mostPower = 60000

// leastKilowatts is the power, in MW, from which a figure in kilowatts is a site's.
const leastKilowatts = 2

// powerClaim reads q as power of a site.
func (d *doc) powerClaim(s *sentence, q *quantity) (news.Claim, span, bool) {
	lo, hi := q.lo*q.factor, q.hi*q.factor
	if q.single() && q.other != q.lo && (hi > 30000 || hi < 1 && q.other*q.factor <= 30000) {
		lo, hi = q.other*q.factor, q.other*q.factor // 1.234 GW, 1,234 MW
	}
	if q.vague || s.perRate(q) || q.words && s.loose(q) || hi < 1 || hi > mostPower || q.factor == 0.001 && hi < leastKilowatts {
		return news.Claim{}, span{}, false
	}
	l := d.license(s, q)
	if l.why != byRival {
		s.powers = l.of
	}
	if l.refuses() {
		return news.Claim{}, span{}, false
	}
	clues := []clue{
		{"license", l.of != ofSite},
		{"about", !d.aboutSite(s, q, "power")},
	}
	c := news.Claim{Metric: news.MetricPower, Unit: "MW", Qualifier: q.qualifier}
	setRange(&c, lo, hi)
	c.Basis = s.basisOf("power_mw", q)
	return c, span{q.from, q.to}, d.publish(s, q, &c, clues)
}

// loose reports whether a power in words names a class of sites, not a figure:
// "a gigawatt-scale cluster", 千兆瓦级.
func (s *sentence) loose(q *quantity) bool {
	return s.has(s.skipDash(q.to), "suffix")
}

// perRate reports whether a quantity is a rate or one unit's share: "120 kW
// per rack", "$3 per GPU hour".
func (s *sentence) perRate(q *quantity) bool {
	if s.text(q.to) == "/" {
		return true
	}
	if h, ok := s.starting(q.to, "pers"); ok {
		switch s.lang {
		case "it", "es", "pt", "fr": // their "per" also means "for" and "by"
			return s.has(h.to, "box") || s.has(h.to, "gpu") || s.has(h.to, "chip") || h.to == len(s.toks)
		}
		return true
	}
	return s.any(q.from-3, q.from, "each") || s.any(0, q.from, "eachpart") || s.eachOfSeveral(q)
}

// eachOfSeveral reports whether one gigawatt is that of each of several sites:
// "quatre sites d'un gigawatt".
func (s *sentence) eachOfSeveral(q *quantity) bool {
	h, ok := s.ending(q.from, "link")
	if p := s.text(q.from - 1); p == "'" || p == "’" {
		h, ok = s.ending(q.from-1, "link")
	}
	if !ok || !q.article {
		return false
	}
	for i := max(0, h.from-4); i < h.from; i++ {
		if n, ok := s.readNumber(i); ok && n.value > 1 && n.to < h.from {
			return s.siteWord(n.to)
		}
	}
	return false
}

// computeClaim reads q as a system's computing power.
func (d *doc) computeClaim(s *sentence, q *quantity) (news.Claim, span, bool) {
	lo, hi := q.lo*q.factor, q.hi*q.factor
	if q.vague || s.perRate(q) || s.perBox(q) || hi > 1e6 || q.factor < 1 && hi < 0.001 {
		return news.Claim{}, span{}, false
	}
	clues := []clue{
		{"about", !d.aboutSite(s, q, "exaflops")},
	}
	c := news.Claim{Metric: news.MetricExaflops, Unit: "EFLOP/s", Qualifier: q.qualifier}
	setRange(&c, lo, hi)
	for i := q.to - 4; i < q.to+6; i++ {
		if h, ok := s.starting(i, "precision"); ok {
			c.Unit = "EFLOP/s " + h.value
		}
	}
	return c, span{q.from, q.to}, d.publish(s, q, &c, clues)
}

// perBox reports whether what follows shares a quantity out by machine: "2.9
// exaflops of FP4 performance per rack".
func (s *sentence) perBox(q *quantity) bool {
	h, ok := s.firstIn(q.to, q.to+6, "pers", "")
	return ok && (s.has(h.to, "box") || s.has(h.to, "gpu") || s.has(h.to, "chip"))
}

// shared reports whether "per building", or the like, begins at token at: a
// quantity before it is that of each of several.
func (s *sentence) shared(at int) bool {
	h, ok := s.starting(at, "pers")
	return ok && s.siteWord(h.to)
}

// areaClaim reads q as floor or land of a site.
func (d *doc) areaClaim(s *sentence, q *quantity) (news.Claim, span, bool) {
	lo, hi := q.lo, q.hi
	if q.factor < 1000 {
		lo, hi = q.count()
	}
	lo, hi = lo*q.factor, hi*q.factor
	if q.vague || s.perRate(q) || hi < 200 || hi > 5e9 {
		return news.Claim{}, span{}, false
	}
	clues := []clue{
		{"other", d.ofOther(s, q)},
		{"about", !d.aboutSite(s, q, "area")},
	}
	c := news.Claim{Metric: news.MetricArea, Unit: "m²", Qualifier: q.qualifier, Basis: s.basisOf("area_m2", q)}
	setRange(&c, lo, hi)
	return c, span{q.from, q.to}, d.publish(s, q, &c, clues)
}

// waterClaim reads q as water by the day.
func (d *doc) waterClaim(s *sentence, q *quantity) (news.Claim, span, bool) {
	to := q.to
	h, _ := s.ending(q.to, "unit")
	if day, ok := s.firstIn(q.to, q.to+5, "perday", ""); ok {
		to = day.to
	} else if day, ok := s.firstIn(q.from-5, q.from, "perday", ""); ok {
		q.from = day.from
	} else if h.value != "water_m3_day 3785.411784" {
		return news.Claim{}, span{}, false
	}
	lo, hi := q.lo, q.hi
	if q.factor < 1 {
		lo, hi = q.count()
	}
	if q.vague || s.perBox(q) || s.shared(to) || s.any(0, q.from, "eachpart") {
		return news.Claim{}, span{}, false
	}
	clues := []clue{
		{"other", d.ofOther(s, q)},
		{"about", !d.aboutSite(s, q, "water") && !d.drinks(s, q)},
	}
	c := news.Claim{Metric: news.MetricWater, Unit: "m³/day", Qualifier: q.qualifier, Basis: s.basisOf("water_m3_day", q)}
	setRange(&c, lo*q.factor, hi*q.factor)
	return c, span{q.from, to}, d.publish(s, q, &c, clues)
}

// drinks reports whether water by the day is that of the site which a sentence
// shortly before is about: nothing else that drinks is named.
func (d *doc) drinks(s *sentence, q *quantity) bool {
	lo, hi := s.clause(q.from, q.to)
	return d.since(s) <= backWeak && d.carriedOn(s) == ofSite && !s.no(0, len(s.toks), "water") && !s.no(lo, hi, "all") && !s.onlyMeasures() && !s.any(0, len(s.toks), ofPlant)
}

// daysClaim reads q as the time that building took.
func (d *doc) daysClaim(s *sentence, q *quantity) (news.Claim, span, bool) {
	lo, hi := q.count()
	from, to := 0, len(s.toks)
	if isGlyphLanguage(s.lang) {
		from, to = s.clause(q.from, q.to)
	}
	if q.vague || hi < 5 || hi > 3000 || !s.any(from, to, "build") || !s.has(q.to, "buildtime") && (s.any(q.from-3, q.to+3, "train") || s.any(q.from-8, q.from, "train")) {
		return news.Claim{}, span{}, false
	}
	clues := []clue{
		{"about", !d.near(s) && d.since(s) > 1 && !d.onTopic(s)},
	}
	c := news.Claim{Metric: news.MetricBuildDays, Unit: "days", Qualifier: q.qualifier}
	setRange(&c, lo, hi)
	return c, span{q.from, q.to}, d.publish(s, q, &c, clues)
}

// jobsClaim reads q as jobs at a site.
func (d *doc) jobsClaim(s *sentence, q *quantity) (news.Claim, span, bool) {
	lo, hi := q.count()
	first, last := s.clause(q.from, q.to)
	if q.vague || hi < 5 || hi > 200000 {
		return news.Claim{}, span{}, false
	}
	clues := []clue{
		{"works", d.ofWorks(s, q)},
		{"about", !d.near(s) && !(d.about && d.since(s) <= backWeak) && !(d.since(s) == 1 && s.any(first, last, "onsite") && d.carriedOn(s) == ofSite)},
	}
	c := news.Claim{Metric: news.MetricJobs, Unit: "count", Qualifier: q.qualifier, Basis: s.basisOf("jobs", q)}
	setRange(&c, lo, hi)
	return c, span{q.from, q.to}, d.publish(s, q, &c, clues)
}

// smallestCost is the smallest amount that is a site's: less buys servers.
const smallestCost = 3e6

// mostCost bounds an amount in a strong currency; as much is what the whole world
// spends.
const mostCost = 1e12

var strong = []string{"USD", "EUR", "GBP", "CHF", "CAD", "AUD", "SGD"}

// costClaim reads q as what infrastructure costs.
func (d *doc) costClaim(s *sentence, q *quantity) (news.Claim, span, bool) {
	if q.vague || q.hi < smallestCost || q.hi > 2e15 || q.hi >= mostCost && slices.Contains(strong, q.currency) || s.perRate(q) || d.valued(s, q) || s.mixed(q) || s.any(0, len(s.toks), "ledger") || d.license(s, q).refuses() {
		return news.Claim{}, span{}, false
	}
	clues := []clue{
		{"about", !d.aboutSite(s, q, "cost")},
		{"works", d.ofWorks(s, q)},
		{"license", !d.costs(s, q)},
		{"unsited", !d.sited(s)},
		{"budget", d.budget(s)},
	}
	c := news.Claim{Metric: news.MetricCost, Unit: q.currency, Currency: q.currency, Qualifier: q.qualifier, Basis: s.basisOf("cost", q)}
	if c.Basis == "" {
		c.Basis = s.contracted(q)
	}
	setRange(&c, q.lo, q.hi)
	if !d.publish(s, q, &c, clues) {
		return c, span{}, false
	}
	s.paid = true
	return c, span{q.from, q.to}, true
}

// mixed reports whether an amount goes to data centers among other things: "verteilt
// auf Büros, Rechenzentren und Stromverträge".
func (s *sentence) mixed(q *quantity) bool {
	for i := q.to; i < len(s.toks); i++ {
		if !s.works(i) {
			continue
		}
		h, _ := s.starting(i, "works")
		if s.has(h.to+1, "strong") && (s.text(h.to) == "," || s.has(h.to, "joinand")) {
			return true
		}
		if s.ends(i-1, "strong") && (s.text(i-1) == "," || s.has(i-1, "joinand")) {
			return true
		}
	}
	return false
}

// sited reports whether an amount can be one of a site: the sentence, the title
// or one shortly before names a place for accelerators, not chips or computing
// power alone.
func (d *doc) sited(s *sentence) bool {
	if d.titled || d.heads(s) || d.onTopic(s) || d.infrastructure(s) && !s.infrastructure() || d.countedIn == s.index+1 && !s.any(0, len(s.toks), "trade") && !s.any(0, len(s.toks), "train") {
		return true
	}
	for i := s.index; i >= max(0, s.index-backAbout); i-- {
		if p := d.sentences[i]; p.claimed || d.namesSite(p) {
			return true
		}
	}
	return false
}

// manyCompanies is how many companies share no site: what they spend is a sum.
const manyCompanies = 3

// companies counts the companies that a sentence names.
func (d *doc) companies(s *sentence) int {
	seen := map[string]bool{}
	for _, m := range d.mentionsIn(s, 0, len(s.toks)) {
		seen[m.slug] = true
	}
	return len(seen)
}

// budget reports whether a sentence speaks of what is spent in a year, or by
// several companies, on no site that it names or places.
func (d *doc) budget(s *sentence) bool {
	if !s.yearly() && d.companies(s) < manyCompanies || d.namesCluster(s) || d.onTopic(s) {
		return false
	}
	for _, p := range s.places() {
		if !p.country {
			return false
		}
	}
	return s.onlySeveral()
}

// yearly reports whether the sentence names the year in which, or by which, an
// amount is spent; "in two years" and 2年間 are how long a site takes.
func (s *sentence) yearly() bool {
	for i := range s.hits {
		if h := &s.hits[i]; h.kind == "yearly" && (h.from == 0 || s.toks[h.from-1].kind != digits) {
			return true
		}
	}
	return false
}

// companyGets is intoCompany where the company stands before the amount:
// OpenAIに500億ドルを投資.
func (d *doc) companyGets(s *sentence, at int) bool {
	for _, m := range d.mentionsIn(s, max(0, at-8), at) {
		i := max(0, at-8)
		for i < at && s.toks[i].start < m.end {
			i++
		}
		if s.has(i, "into") && i+3 >= at {
			return true
		}
	}
	return false
}

// intoCompany reports whether the clause lo..hi puts money into a company, not
// a site: "$3 billion in Anthropic", "its investment in Anthropic", but not "in
// Anthropic's campus".
func (d *doc) intoCompany(s *sentence, q *quantity, lo, hi int) bool {
	for i := lo; i < hi && i+1 < len(s.toks); i++ {
		if !s.has(i, "stakein") || !(i >= q.to && i < q.to+5) && !s.ends(i, "stakes") {
			continue
		}
		for _, m := range d.mentionsIn(s, i+1, i+2) {
			end := i + 1
			for end < len(s.toks) && s.toks[end].start < m.end {
				end++
			}
			return s.text(end) != "'" && s.text(end) != "’" && !s.siteWord(end)
		}
	}
	return false
}

// valued reports whether an amount is what a company is worth or was given: "a
// $19B compute provider", "raises $55M" without a loan or a site to build.
func (d *doc) valued(s *sentence, q *quantity) bool {
	if s.has(q.from-1, "article") && s.any(q.to, q.to+4, "firm") {
		return true
	}
	lo, hi := s.clause(q.from, q.to)
	if s.any(lo, hi, "stakes") && (d.intoCompany(s, q, lo, hi) || d.companyGets(s, q.from)) {
		return true
	}
	if s.no(lo, hi, "worth") && !s.any(lo, hi, "deal") {
		return true
	}
	return s.any(lo, hi, "raise") && !s.any(lo, hi, "debt")
}

// basisOf returns the basis that the words around q state: those in its
// clause, the nearest first; "" if none do.
func (s *sentence) basisOf(metric string, q *quantity) news.Basis {
	lo, hi := s.clause(q.from, q.to)
	best, distance := "", 1<<30
	for n := s.first[lo]; n < s.first[hi]; n++ {
		h := s.hits[n]
		if h.kind != "basis" || len(h.value) <= len(metric) || h.value[:len(metric)+1] != metric+" " {
			continue
		}
		if metric == "power_mw" && s.partedFrom(h, q) {
			continue
		}
		if d := gap(h, q); d < distance {
			best, distance = h.value[len(metric)+1:], d
		}
	}
	return news.Basis(best)
}

// partedFrom reports whether another power stands between a word and q, or an "and"
// before a power plant: "300 MW and its own power plant".
func (s *sentence) partedFrom(h hit, q *quantity) bool {
	for i := h.to; i < q.from; i++ {
		if s.isPower(i) {
			return true
		}
	}
	for i := q.to; i < h.from; i++ {
		if s.isPower(i) || s.has(i, "joinand") && h.value == "power_mw onsite" {
			return true
		}
	}
	return false
}

// contracted returns what an amount is where its sentence begins with it: "The
// contract for the site in Vineland is worth $17.4 billion".
func (s *sentence) contracted(q *quantity) news.Basis {
	lo, _ := s.clause(q.from, q.to)
	if h, ok := s.firstIn(0, min(lo, 4), "basis", "cost commitment"); ok && h.from < lo {
		return news.BasisCommitment
	}
	return news.BasisNone
}

// gap counts the tokens between a hit and a quantity.
func gap(h hit, q *quantity) int {
	if h.to <= q.from {
		return q.from - h.to
	}
	return max(0, h.from-q.to)
}
