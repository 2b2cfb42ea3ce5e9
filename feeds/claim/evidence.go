package claim

import (
	"fmt"
	"math"
	"slices"

	"clusterwire/feeds/news"
)

// clue is what a reading of one metric says of a figure beyond what is asked of
// all: a named condition, and whether it holds.
type clue struct {
	name  string
	holds bool
}

// evidence collects the names of what holds for a figure. They are the rows of
// data/evidence.txt, and are the same in all languages, so that what one
// language taught holds for ten.
type evidence []string

func (e *evidence) add(name string, holds bool) {
	if holds {
		*e = append(*e, name)
	}
}

// wordKinds are the kinds of words that are looked for around a figure, each with
// its names in evidence: in the figure's clause, elsewhere in its sentence.
var wordKinds = nearAndFar("works", "alien", ofPlant, ofTurbines, "gridword", "notsite", "spend", "deal", "debt", "stakes", "raise",
	"trade", "train", "firm", "industry", "demand", "onsite", "build", "role", "ground", "campus", "center", "coll", "strong",
	"chip", "gpu", "site", "weak", "box", "unlike", "like", "cur", "numof", "each", "pers", "yearly", "nation", "pronoun",
	"compare", "its")

// textKinds are the kinds of words that are looked for in the whole text, each
// with its names in evidence: in one or two sentences, in more.
var textKinds = onceAndOften("strong", "campus", "center", "coll", "ai", "gpu", "chip", "works", "alien", ofPlant, "ground", "notsite",
	"industry", "nation", "ledger")

// siteKinds are those of them that name a site.
var siteKinds = []string{"strong", "campus", "center", "coll"}

type kindNames struct{ kind, one, other string }

func nearAndFar(kinds ...string) (names []kindNames) {
	for _, k := range kinds {
		names = append(names, kindNames{k, "clause: " + k, "sentence: " + k})
	}
	return names
}

func onceAndOften(kinds ...string) (names []kindNames) {
	for _, k := range kinds {
		names = append(names, kindNames{k, "text: " + k, "text, often: " + k})
	}
	return names
}

// evidenceOf lists what holds for the figure q, of which c is to be made.
func (d *doc) evidenceOf(s *sentence, q *quantity, c *news.Claim, clues []clue) evidence {
	e := make(evidence, 0, 64)
	for _, clue := range clues {
		e.add(clue.name, clue.holds)
	}
	lo, hi := s.clause(q.from, q.to)
	if c.Metric == news.MetricOnlineDate {
		lo, hi = s.clause(q.from, q.from)
	} else {
		l := d.license(s, q)
		e.add("is "+l.of.String(), true)
		e.add("because "+l.why, l.why != "")
		e.add("beside "+d.attached(s, q).String(), true)
	}
	d.ofText(s, &e)
	d.ofSentence(s, q, &e)
	metric := metricWord(c.Metric)
	e.add("forbidden in clause", s.no(lo, hi, metric))
	e.add("forbidden near", s.no(max(0, q.from-10), min(len(s.toks), q.to+10), metric))
	e.add("forbidden in sentence", s.no(0, len(s.toks), metric))
	for _, k := range wordKinds {
		if s.any(lo, hi, k.kind) {
			e.add(k.one, true)
		} else {
			e.add(k.other, s.any(0, len(s.toks), k.kind))
		}
	}
	for _, m := range []news.Modality{news.Planned, news.UnderConstruction, news.Operational, news.Denied, news.Cancelled, news.Rumored} {
		_, ok := s.firstIn(lo, hi, "mod", string(m))
		e.add("clause: "+string(m), ok)
	}
	e.add("number in words", q.words)
	e.add("number is an article", q.article)
	e.add("unit left out", q.elided)
	e.add("qualifier "+string(c.Qualifier), true)
	e.add(sizeOf(c), c.ValueHi != nil)
	return e
}

// ofText lists what the text and the sentences before tell.
func (d *doc) ofText(s *sentence, e *evidence) {
	e.add("before: "+d.carriedOn(s).String(), true)
	switch since := d.since(s); {
	case since <= 3:
		e.add("sentences since: "+string(rune('0'+since)), true)
	case since <= backPower:
		e.add("sentences since: 4-5", true)
	case since <= backAbout:
		e.add("sentences since: 6-8", true)
	default:
		e.add("sentences since: more", true)
	}
	e.add("text: titled", d.titled)
	e.add("text: about", d.about)
	e.add("text: speaks of data centers", d.strong)
	e.add("text: cluster", len(d.clusters) > 0)
	e.add("text: claims before", len(d.claims) > 0)
	if d.kinds == nil {
		d.kinds = d.kindsOfText()
	}
	*e = append(*e, d.kinds...)
}

// kindsOfText lists the kinds of words, and of companies, that stand in the text.
func (d *doc) kindsOfText() evidence {
	e := evidence{}
	site := false
	for _, k := range textKinds {
		n := 0
		for _, s := range d.sentences {
			if s.any(0, len(s.toks), k.kind) {
				n++
			}
		}
		e.add(k.one, n > 0)
		e.add(k.other, n > 2)
		site = site || n > 0 && slices.Contains(siteKinds, k.kind)
	}
	e.add("text: no site", !site)
	d.companiesAmong("text", d.mentions, &e)
	return e
}

// ofSentence lists what the sentence of a figure tells.
func (d *doc) ofSentence(s *sentence, q *quantity, e *evidence) {
	e.add("sentence: infrastructure", s.infrastructure())
	e.add("sentence: infrastructure by its company", d.infrastructure(s))
	e.add("sentence: cluster", d.namesCluster(s))
	e.add("sentence: on the text's cluster", d.onTopic(s))
	e.add("sentence: goes on about infrastructure", d.near(s))
	e.add("sentence: in a headline", d.heads(s))
	e.add("sentence: first", s.index == 0)
	e.add("sentence: at the beginning", s.index > 0 && s.index < leadSentences)
	e.add("sentence: in glyphs", isGlyphLanguage(s.lang))
	e.add("sentence: claim before", s.claimed)
	e.add("sentence: chips before", d.countedIn == s.index+1)
	e.add("sentence: sums up", s.aggregate())
	e.add("sentence: sites are a measure", s.onlyMeasures())
	e.add("sentence: a country's", d.national(s, q))
	e.add("sentence: by the year", s.yearly())
	e.add("sentence: sites may be several", s.onlySeveral())
	e.add("sentence: sites are several", s.showsSeveral())
	e.add("sentence: one site", d.ofOneSite(s, q))
	d.companiesAmong("in front", d.mentionsIn(s, 0, q.from), e)
	d.companiesAmong("sentence", d.mentionsIn(s, 0, len(s.toks)), e)
	e.add("sentence: companies", d.companies(s) >= manyCompanies)
	town, wide := false, false
	for _, p := range s.places() {
		town, wide = town || !p.country && !p.province, wide || p.country || p.province
	}
	e.add("sentence: town", town)
	e.add("sentence: country or province", wide)
	e.add("sentence: no place", !town && !wide)
}

// companiesAmong lists the kinds of companies among mentions.
func (d *doc) companiesAmong(where string, mentions []named, e *evidence) {
	develops, sells, builds, other := false, false, false, false
	for _, m := range mentions {
		switch {
		case d.reader.develop[m.slug]:
			develops = true
		case isVendor(m.slug):
			sells = true
		case d.reader.builders[m.slug]:
			builds = true
		default:
			other = true
		}
	}
	e.add(where+": company of data centers", develops)
	e.add(where+": maker of chips", sells)
	e.add(where+": company with clusters", builds)
	e.add(where+": other company", other)
	e.add(where+": no company", len(mentions) == 0)
}

// metricWord is what the words that forbid a metric call it: see sentence.no.
func metricWord(m news.Metric) string {
	switch m {
	case news.MetricPower:
		return "power"
	case news.MetricArea:
		return "area"
	case news.MetricWater:
		return "water"
	case news.MetricBuildDays:
		return "days"
	case news.MetricOnlineDate:
		return "date"
	case news.MetricH100e:
		return "chips"
	}
	return string(m)
}

// unitsOfMoney are how much of a currency is worth a dollar, as an order of
// magnitude.
var unitsOfMoney = map[string]float64{"JPY": 100, "KRW": 1000, "CNY": 6, "MXN": 20, "BRL": 6, "INR": 80, "TWD": 30}

// sizeOf names the size of a figure among those of its metric: in half orders of
// magnitude.
func sizeOf(c *news.Claim) string {
	if c.ValueHi == nil {
		return ""
	}
	v := *c.ValueHi
	if per, ok := unitsOfMoney[c.Currency]; ok {
		v /= per
	}
	return fmt.Sprintf("size of %s: 1e%g", metricWord(c.Metric), math.Floor(2*math.Log10(v))/2)
}
