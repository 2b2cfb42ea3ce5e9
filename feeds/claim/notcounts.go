package claim

import (
	"slices"
	"strings"
)

// isYear reports whether a bare figure is a year: "in 2024 GPUs".
func (s *sentence) isYear(q *quantity) bool {
	if !q.bare || q.lo < 1990 || q.lo > 2040 {
		return false
	}
	if isGlyphLanguage(s.lang) {
		return s.has(q.to, "yearword")
	}
	return s.has(q.from-1, "datelink") || s.has(q.from-1, "month") || s.has(q.from-1, "prep") || s.has(q.to, "yearword") || s.ends(q.from, "month")
}

func (s *sentence) ends(at int, kind string) bool {
	_, ok := s.ending(at, kind)
	return ok
}

// leastBrand is the count below which a figure after a brand of graphics cards
// is a model's: "an RTX 5060 or 5070".
const leastBrand = 10000

// isPart reports whether a figure is a fraction of a longer thing: a date, a
// version, a path ("29/06/2024", "8x24x32", "GPT-4").
func (s *sentence) isPart(q *quantity) bool {
	before, after := s.text(q.from-1), s.text(q.to)
	if (before == "/" || before == "-" || before == "#" || before == ".") && q.from > 0 && !s.toks[q.from].spaced && q.from == q.numFrom {
		if before != "-" || q.from > 1 && s.toks[q.from-2].kind == word {
			return true
		}
	}
	if (before == "x" || before == "×" || before == "*") && q.from > 1 && s.toks[q.from-2].kind == digits {
		return true // "3 x 1,024": the product isn't stated
	}
	if q.bare && s.model(q) || q.hi < leastBrand && s.any(q.from-8, q.from, "brand") {
		return true
	}
	return after == "/" && q.to+1 < len(s.toks) && s.toks[q.to+1].kind == digits
}

// perUnit reports whether a count is of one node, rack or pod: "each with 8
// GPUs", "8 GPUs per node".
func (s *sentence) perUnit(q *quantity, c counted) bool {
	at := max(c.to, q.to)
	if h, ok := s.starting(at, "pers"); ok && (s.has(h.to, "box") || h.to >= len(s.toks) || s.toks[h.to].kind == mark || s.has(h.to, "fill") || s.text(h.to) == "per") {
		return true
	}
	if s.any(0, q.from, "eachpart") { // of a building of several
		return true
	}
	if _, hi := q.count(); hi >= leastSite {
		return false
	}
	for i := q.from; i > 0 && i > q.from-9; i-- {
		if t := s.text(i - 1); t == ";" || t == "." || t == ")" {
			break
		}
		if s.has(i-1, "each") && !s.any(i, q.from, "total") {
			return true
		}
	}
	return s.ends(q.from, "eachof")
}

// notChips reports whether the words around say that the count is of
// something else: chips sold, made or smuggled, chips in cars.
func (s *sentence) notChips(q *quantity, c counted) bool {
	lo, hi := s.clause(min(q.from, c.from), max(q.to, c.to))
	return s.no(lo, hi, "chips") || s.aggregate()
}

// no reports whether a word in lo..hi forbids a metric.
func (s *sentence) no(lo, hi int, metric string) bool {
	_, a := s.firstIn(lo, hi, "no", metric)
	_, b := s.firstIn(lo, hi, "no", "all")
	return a || b
}

// systemSize reports whether a small count is one of a cluster's machines.
func (s *sentence) systemSize(c counted) bool {
	return slices.Contains(systems, strings.Join(c.chips, "")) || s.any(0, len(s.toks), "strong") || s.any(0, len(s.toks), "coll")
}

// model reports whether a bare figure belongs to a product's name: "RX 460",
// "8060S", "50-series".
func (s *sentence) model(q *quantity) bool {
	if q.from > 0 && q.from == q.numFrom {
		if p := &s.toks[q.from-1]; p.kind == word && p.upper && q.from > 1 && len(s.reader.function[p.text]) == 0 && !s.has(q.from-1, "mod") && !s.has(q.from-1, "gpu") && !s.ends(q.from, "chip") {
			return true
		}
	}
	if s.has(q.from-1, "joinand") && s.text(q.from-2) == "-" {
		return true
	}
	if s.lang == "zh" && (s.text(q.to) == "的" || q.hi < leastSite && s.has(q.to, "gpu") && s.toks[q.to].kind == glyph) {
		return true // "5070 的 GPU", "580显卡": counters are missing
	}
	at := s.skipDash(q.to)
	if s.has(at, "series") || s.text(q.to) == "'" || s.text(q.to) == "’" {
		return true
	}
	if q.to >= len(s.toks) {
		return false
	}
	t := &s.toks[q.to]
	return t.kind == word && !t.spaced && s.skipFill(q.to) == q.to && !s.has(q.to, "gpu") && !s.has(q.to, "chip")
}

// domains are the counts that one rack-scale product holds (HGX, NVL36, NVL72,
// NVL144, NVL576): they count no cluster.
var domains = []float64{16, 18, 32, 36, 72, 144, 576}
