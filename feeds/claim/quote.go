package claim

import (
	"clusterwire/feeds/news"
)

// clause returns the tokens around from..to up to the next mark that parts
// clauses, on either side.
func (s *sentence) clause(from, to int) (lo, hi int) {
	lo, hi = max(0, from), min(max(to, from), len(s.toks))
	for lo > 0 && !s.parts(lo-1) {
		lo--
	}
	for hi < len(s.toks) && !s.parts(hi) {
		hi++
	}
	return lo, hi
}

// parts reports whether token i parts clauses.
func (s *sentence) parts(i int) bool {
	if i < 0 || i >= len(s.toks) {
		return false
	}
	t := &s.toks[i]
	switch t.kind {
	case newline:
		return true
	case mark:
	default:
		return false
	}
	if t.text == "–" && !t.spaced && i > 0 && s.toks[i-1].kind == digits {
		return false // "9–11"
	}
	switch t.text {
	case ",", ";", ":", "(", ")", "–", "—", "。", "，", "、", "；", "：", "（", "）", "?", "!", "…", "|", "•", "・":
		return true
	}
	return false
}

// quote cuts the smallest clause that holds the tokens of at. The mark after
// it is left out.
func (d *doc) quote(s *sentence, at span) news.Evidence {
	lo, hi := s.wideClause(at)
	for hi > at.to && s.toks[hi-1].kind == mark && isStop(s.toks[hi-1].text) {
		hi--
	}
	for lo < at.from && isCloser(s.toks[lo].text) || lo < at.from && s.toks[lo].kind == newline {
		lo++
	}
	for hi > at.to && (isCloser(s.toks[hi-1].text) && s.toks[hi-1].text != ")" || s.toks[hi-1].kind == newline) {
		hi--
	}
	if hi < len(s.toks) && s.toks[hi].text == ")" && s.opens(lo, hi) {
		hi++
	}
	start, end := s.toks[lo].start, s.toks[hi-1].end
	return news.Evidence{Start: start, End: end, Quote: d.body[start:end], In: d.in}
}

func isStop(t string) bool {
	return t == "." || t == "!" || t == "?" || t == "。" || t == "…"
}

// opens reports whether a bracket opened in lo..hi is still open at its end.
func (s *sentence) opens(lo, hi int) bool {
	open := 0
	for i := lo; i < hi; i++ {
		switch s.toks[i].text {
		case "(":
			open++
		case ")":
			open--
		}
	}
	return open > 0
}

// leastQuote is how many tokens make a quote that a person understands.
const leastQuote = 5

// wideClause returns the clause of at; one that is only a figure ("de 100 MW")
// takes in the clause before it, or else after it.
func (s *sentence) wideClause(at span) (lo, hi int) {
	lo, hi = s.clause(at.from, at.to)
	for range 2 {
		if hi-lo >= leastQuote || s.any(lo, hi, "chip") || s.any(lo, hi, "gpu") || s.any(lo, hi, "strong") || s.any(lo, hi, "weak") {
			break
		}
		switch {
		case lo > 1 && s.text(lo-1) == ",":
			lo, _ = s.clause(lo-2, lo-1)
		case hi+1 < len(s.toks) && s.text(hi) == ",":
			_, hi = s.clause(hi+1, hi+2)
		}
	}
	return lo, hi
}
