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
	lo, hi := s.clause(at.from, at.to)
	for hi > at.to && s.toks[hi-1].kind == mark && isStop(s.toks[hi-1].text) {
		hi--
	}
	for lo < at.from && isCloser(s.toks[lo].text) || lo < at.from && s.toks[lo].kind == newline {
		lo++
	}
	for hi > at.to && (isCloser(s.toks[hi-1].text) && s.toks[hi-1].text != ")" || s.toks[hi-1].kind == newline) {
		hi--
	}
	start, end := s.toks[lo].start, s.toks[hi-1].end
	return news.Evidence{Start: start, End: end, Quote: d.body[start:end], In: d.in}
}

func isStop(t string) bool {
	return t == "." || t == "!" || t == "?" || t == "。" || t == "…"
}
