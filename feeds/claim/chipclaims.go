package claim

import (
	"math"
	"slices"
	"strings"

	"clusterwire/feeds/news"
)

// leastChips is the smallest count of accelerators that is a claim: fewer are
// what one server holds.
const leastChips = 16

// leastAlone is the count below which the sentence must speak of a cluster:
// fewer are what one model, or one server room, is said to use.
const leastAlone = 100

// leastSite is the count from which "each" speaks of sites or pods, not of
// the servers within.
const leastSite = 1000

// mostChips bounds a count of accelerators; more is a misread.
const mostChips = 2e8

// chipClaim reads q as a count of accelerators.
func (d *doc) chipClaim(s *sentence, q *quantity) (news.Claim, span, bool) {
	if q.currency != "" || q.metric != "" || q.vague || q.article || s.isYear(q) || s.isPart(q) {
		return news.Claim{}, span{}, false
	}
	c, ok := s.chipsAfter(q.to)
	if !ok {
		c, ok = s.chipsBefore(q)
	}
	if !ok {
		c, ok = d.clusterSize(s, q)
	}
	lo, hi := q.count()
	if q.letter == "m" && q.letter != "" && lo < 1000 {
		ok = false
	}
	if !ok || hi < leastChips || hi > mostChips || slices.Contains(domains, hi) && !s.systemSize(c) || lo != float64(int64(lo)) {
		return news.Claim{}, span{}, false
	}
	few := hi < leastAlone && !s.systemSize(c) && d.countedIn != s.index+1
	if few || s.perUnit(q, c) || s.notChips(q, c) || d.traded(s, q) || d.national(s, q) || d.sold(s, q, c) {
		return news.Claim{}, span{}, false
	}
	claim := news.Claim{Metric: news.MetricChips, Unit: "count", Qualifier: q.qualifier, Chip: s.chipOf(q, c)}
	if claim.Chip == "" {
		claim.Chip = d.earlierChip(s, c)
	}
	setRange(&claim, lo, hi)
	at := span{min(q.from, c.from), max(q.to, c.to)}
	if h, ok := s.equivalent(q, c); ok {
		if claim.Chip != "H100" {
			return news.Claim{}, span{}, false
		}
		claim.Metric, claim.Unit, claim.Chip, claim.Basis = news.MetricH100e, "H100e", "", news.BasisStated
		return claim, span{min(at.from, h.from), max(at.to, h.to)}, true
	}
	return claim, at, true
}

// equivReach is how many tokens before a count a word may stand that makes it a
// measure: "entspreche die Rechenleistung dort jetzt gut 12.000 H100".
const equivReach = 6

// equivalent reports whether the counted chips are a measure: "the equivalent
// of 100,000 H100s", "H100-equivalents".
func (s *sentence) equivalent(q *quantity, c counted) (hit, bool) {
	if h, ok := s.firstIn(min(q.from, c.from), min(c.to+3, len(s.toks)), "equiv", ""); ok {
		return h, true
	}
	lo, _ := s.clause(q.from, q.to)
	return s.firstIn(max(lo, q.from-equivReach), q.from, "equiv", "")
}

// clusterSize reads a figure that counts a cluster's accelerators without
// naming them: "100k cluster", "it will double in size to 200k".
func (d *doc) clusterSize(s *sentence, q *quantity) (counted, bool) {
	lo, _ := q.count()
	if lo < 1000 || q.bare || q.words {
		return counted{}, false
	}
	thousands := q.numTo > q.numFrom && s.text(q.numTo-1) == "k"
	for i := q.to; i < q.to+4 && thousands; i++ {
		if h, ok := s.starting(i, "coll"); ok {
			return counted{from: q.from, to: h.to}, true
		}
		if s.skipFill(i) == i && !s.has(i, "strong") {
			break
		}
	}
	if !s.any(q.from-3, q.numFrom, "growto") || !s.any(q.from-8, q.from, "growth") || d.counts == 0 {
		return counted{}, false
	}
	if t := s.text(q.to); q.to < len(s.toks) && s.toks[q.to].kind == word && !s.has(q.to, "prep") && t != "and" {
		return counted{}, false
	}
	h, _ := s.firstIn(q.from-8, q.from, "growth", "")
	return counted{from: h.from, to: q.to}, true
}

// chipOf names the accelerator that is counted. Where only "GPUs" or an
// architecture are counted, a chip that the sentence names right beside, or
// that belongs to the architecture, is meant.
func (s *sentence) chipOf(q *quantity, c counted) string {
	names := slices.Clone(c.chips)
	if len(names) == 2 && s.reader.chips[names[0]].isFamily != s.reader.chips[names[1]].isFamily {
		names = slices.DeleteFunc(names, func(n string) bool { return s.reader.chips[n].isFamily })
	}
	if len(names) > 1 && !s.joint(c) {
		names = names[len(names)-1:]
	}
	if len(names) == 1 {
		return s.member(names[0])
	}
	if len(names) == 0 {
		return s.beside(q, c)
	}
	return strings.Join(names, "/")
}

// joint reports whether several names are joined: "GB200s & GB300s".
func (s *sentence) joint(c counted) bool {
	for i := c.from; i < c.to; i++ {
		if t := s.text(i); t == "/" || t == "&" || s.has(i, "joinand") {
			return true
		}
	}
	return false
}

// member returns the one chip of an architecture that the sentence names, or
// the architecture.
func (s *sentence) member(name string) string {
	if !s.reader.chips[name].isFamily {
		return name
	}
	family, found := s.reader.chips[name].family, ""
	if name == "Blackwell Ultra" || name == "Grace Blackwell" {
		family = "Blackwell"
	}
	for _, h := range s.hits {
		if h.kind != "chip" {
			continue
		}
		if k := s.reader.chips[h.value]; !k.isFamily && k.family == family {
			if found != "" && found != k.name {
				return name
			}
			found = k.name
		}
	}
	if found == "" {
		return name
	}
	return found
}

// beside returns the only chip that the sentence names, if it stands close to
// generic counted things and no other figure counts it.
func (s *sentence) beside(q *quantity, c counted) string {
	name, at := "", 0
	for _, h := range longest(s.hits, "chip") {
		if name != "" && name != h.value {
			return ""
		}
		name, at = h.value, h.from
	}
	if name == "" || s.any(min(at, c.to), max(at, c.from), "incl") || s.countedElsewhere(at, c) {
		return ""
	}
	if vendor := s.vendorIn(c); vendor != "" && vendor != s.reader.chips[name].vendor {
		return ""
	}
	return name
}

// vendorIn returns the maker that a counted phrase names: "AMD GPUs".
func (s *sentence) vendorIn(c counted) string {
	for i := c.from; i < c.to; i++ {
		if h, ok := s.starting(i, "vendor"); ok {
			return h.value
		}
	}
	return ""
}

// countedElsewhere reports whether a figure other than the one of c stands
// right before the chip at token at.
func (s *sentence) countedElsewhere(at int, c counted) bool {
	for i := at - 1; i >= 0 && i > at-5; i-- {
		if i >= c.from && i < c.to {
			return false
		}
		if !s.masked[i] && (s.toks[i].kind == digits || s.has(i, "num")) {
			return true
		}
	}
	return false
}

// setRange sets a claim's value.
func setRange(c *news.Claim, lo, hi float64) {
	lo, hi = rounded(lo), rounded(hi)
	c.ValueLo, c.ValueHi = &lo, &hi
}

// rounded takes off what converting units adds beyond ten figures.
func rounded(v float64) float64 {
	if v == 0 || v == math.Trunc(v) {
		return v
	}
	unit := math.Pow(10, 9-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*unit) / unit
}

// earlierChip returns the chip that "these chips" or "AMD GPUs" refers back
// to: the only one of its maker that the sentence before names.
func (d *doc) earlierChip(s *sentence, c counted) string {
	if s.index == 0 || len(c.chips) > 0 {
		return ""
	}
	vendor := s.vendorIn(c)
	if vendor == "" && !s.any(c.from, c.to, "these") {
		return ""
	}
	name := ""
	for _, h := range longest(d.sentences[s.index-1].hits, "chip") {
		if vendor != "" && s.reader.chips[h.value].vendor != vendor {
			continue
		}
		if name != "" && name != h.value {
			return ""
		}
		name = h.value
	}
	return name
}
