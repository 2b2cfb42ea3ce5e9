package claim

import (
	"strconv"

	"clusterwire/feeds/news"
)

// modality returns how real the sentence says that q's thing is. A denial, a
// cancellation or a rumour holds for the whole sentence; else the word that
// stands nearest before the figure decides, and if none does, the first after
// it. A word of being ("has", "operational") right after one of planning
// ("will have") is a plan.
func (s *sentence) modality(q *quantity) news.Modality {
	lo, hi := s.stretch(q)
	for _, m := range []news.Modality{news.Denied, news.Cancelled, news.Rumored} {
		for n := s.first[lo]; n < s.first[hi]; n++ {
			if h := s.hits[n]; h.kind == "mod" && h.value == string(m) && !s.isMonth(h) && !(m == news.Cancelled && s.has(h.to, "incl")) {
				return m
			}
		}
	}
	if s.lang == "ja" || s.lang == "ko" {
		return s.modLast(q, hi)
	}
	if s.any(q.to, q.to+6, "onorder") {
		return news.Planned
	}
	if h, ok := s.modBefore(lo, q.from); ok {
		if s.negated(h) {
			return news.Denied
		}
		if s.has(h.from, "base") && s.coordinated(lo, h.from) {
			return news.Planned
		}
		return news.Modality(h.value)
	}
	for n := s.first[min(q.to, len(s.toks))]; n < s.first[hi]; n++ {
		if h := s.hits[n]; h.kind == "mod" {
			if s.another(q.to, h.from) {
				break
			}
			return news.Modality(h.value)
		}
	}
	return ""
}

// another reports whether a comma and an "and" part a verb from a figure before
// it: what it says is of something else, "uses nine megawatts, and the waste heat
// will warm the district". Where verbs come last it may be of both.
func (s *sentence) another(to, verb int) bool {
	if s.verbLast() {
		return false
	}
	for i := to; i+1 < verb; i++ {
		if s.text(i) == "," && s.has(i+1, "joinand") {
			return true
		}
	}
	return false
}

// coordinated reports whether the verb at token i shares a word of planning
// with one before it: "would cover 250 acres and cost $7 billion".
func (s *sentence) coordinated(lo, i int) bool {
	if i == 0 || !s.has(i-1, "joinand") && s.text(i-1) != "," {
		return false
	}
	_, ok := s.firstIn(lo, i, "mod", string(news.Planned))
	return ok
}

// negated reports whether a word of modality is denied: "does not plan".
func (s *sentence) negated(h hit) bool {
	for i := max(0, h.from-2); i < h.to+2 && i < len(s.toks); i++ {
		if n, ok := s.starting(i, "neg"); ok && !s.has(n.to, "only") && !s.has(n.to, "pre") && !s.parts(i+1) {
			return true
		}
	}
	return false
}

// built returns the modality of a time that building took: it took it, unless
// its own clause speaks of plans.
func (s *sentence) built(q *quantity) news.Modality {
	lo, hi := s.clause(q.from, q.to)
	if _, ok := s.firstIn(lo, hi, "mod", string(news.Planned)); ok {
		return s.modality(q)
	}
	switch m := s.modality(q); m {
	case news.Denied, news.Rumored, news.Cancelled:
		return m
	}
	return news.Operational
}

// modLast returns the modality in a language whose verb comes last: that of
// the last word of it in the clause after q, else in the sentence.
func (s *sentence) modLast(q *quantity, hi int) news.Modality {
	_, end := s.clause(q.from, q.to)
	for _, to := range []int{min(end, hi), hi} {
		for n := s.first[to] - 1; n >= s.first[min(q.numTo, len(s.toks))]; n-- {
			if h := s.hits[n]; h.kind == "mod" && h.to <= to && !s.withinMod(h) {
				return news.Modality(h.value)
			}
		}
	}
	if h, ok := s.modBefore(0, q.from); ok {
		return news.Modality(h.value)
	}
	return ""
}

// withinMod reports whether a word of modality begins within another: 있다 in
// 짓고 있다.
func (s *sentence) withinMod(h hit) bool {
	for n := s.first[max(0, h.from-3)]; n < s.first[h.from]; n++ {
		if o := s.hits[n]; o.kind == "mod" && o.to > h.from {
			return true
		}
	}
	return false
}

// modBefore returns the word of modality nearest before token at.
func (s *sentence) modBefore(lo, at int) (best hit, ok bool) {
	for n := s.first[lo]; n < s.first[at]; n++ {
		h := s.hits[n]
		if h.kind != "mod" || h.to > at || ok && h.to < best.to {
			continue
		}
		if ok && h.from < best.to && h.to-h.from < best.to-best.from {
			continue // within a longer phrase
		}
		if ok && best.value == string(news.Planned) && h.value != string(news.Planned) && h.from-best.to < s.tense() && h.from >= best.to && !s.partedIn(best.to, h.from) {
			h.entry = &entry{kind: h.kind, value: best.value, toks: h.toks}
		}
		best, ok = h, true
	}
	return best, ok
}

// partedIn reports whether something in tokens from..to parts clauses.
func (s *sentence) partedIn(from, to int) bool {
	for i := from; i < to; i++ {
		if s.parts(i) {
			return true
		}
	}
	return false
}

// tense is how many tokens may part a word of planning from the verb that it
// makes a plan: "will have", and, with a date between them, 预计2026年6月投产.
func (s *sentence) tense() int {
	if s.lang == "zh" {
		return 12
	}
	return 4
}

// isMonth reports whether "may" is the month.
func (s *sentence) isMonth(h hit) bool {
	return h.to-h.from == 1 && s.text(h.from) == "may" && s.toks[h.from].upper && h.from > 0
}

// stretch returns the part of the sentence that holds q: a semicolon or a
// "but" parts it.
func (s *sentence) stretch(q *quantity) (lo, hi int) {
	lo, hi = q.from, min(q.to, len(s.toks))
	for lo > 0 && s.text(lo-1) != ";" && s.text(lo-1) != "；" && !s.has(lo-1, "but") {
		lo--
	}
	for hi < len(s.toks) && s.text(hi) != ";" && s.text(hi) != "；" && !s.has(hi, "but") {
		hi++
	}
	return lo, hi
}

// phase returns the phase that q's clause, else what stands before it in the
// sentence, speaks of.
func (s *sentence) phase(q *quantity) string {
	lo, hi := s.clause(q.from, q.to)
	h, ok := s.firstIn(lo, hi, "phase", "")
	if !ok {
		for n := s.first[min(q.from, len(s.toks))] - 1; n >= 0 && !ok; n-- {
			if s.hits[n].kind == "phase" {
				h, ok = s.hits[n], true
			}
		}
	}
	if !ok {
		return ""
	}
	n, err := strconv.Atoi(h.value)
	if err != nil {
		return ""
	}
	return "Phase " + strconv.Itoa(n)
}
