package claim

import "strings"

// grounds are the endings of words for the land that something stood on: the
// Kraftwerksgelände is where a site may come.
var grounds = []string{"gelande", "areal", "standort", "terrein", "grundstuck", "flache", "bouwterrein"}

// forgetFormer takes what stood somewhere before for no more than a known word:
// "a former steel mill", "dell'ex zuccherificio", シャープ工場跡. What comes there is
// a site all the same.
func (s *sentence) forgetFormer() {
	for n := range s.hits {
		h := &s.hits[n]
		switch h.kind {
		case "alien", "works", ofPlant:
			if s.former(h) {
				h.entry = &entry{kind: "plain", lang: h.lang, toks: h.toks}
			}
		}
	}
}

// former reports whether words say of what h names that it was there before.
func (s *sentence) former(h *hit) bool {
	last := s.text(h.to - 1)
	for _, end := range grounds {
		if strings.HasSuffix(last, end) {
			return true
		}
	}
	for _, o := range s.hits {
		if o.kind == "former" && (o.to == h.from || o.to == h.from-1 && !s.parts(o.to) && s.toks[o.to].kind == word) || o.kind == "formerly" && o.from == h.to {
			return true
		}
	}
	return false
}
