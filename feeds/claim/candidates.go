package claim

import (
	"slices"
	"strings"

	"clusterwire/feeds/news"
)

// maxCandidateWords is how many capitalized words the name of a site may have.
const maxCandidateWords = 4

// candidates returns the sites that a text names and the registry lacks: "its
// Horizon campus", "a supercomputer named Coatlicue", "Project Marigold". A
// place, a company, the first word of a sentence and a headline's capitals are
// none. German writes every noun with a capital, and scripts of glyphs have no
// capitals, so there nothing tells a name. Each is given once.
func (d *doc) candidates() []news.Candidate {
	var found []news.Candidate
	for _, s := range d.sentences {
		if isGlyphLanguage(s.lang) || s.lang == "de" || len(s.hits) == 0 || !d.near(s) || s.headline() {
			continue
		}
		for i := range s.toks {
			from, to, ok := s.candidateAt(i)
			if !ok || !d.mayName(s, from, to) {
				continue
			}
			name := s.body[s.toks[from].start:s.toks[to-1].end]
			slug := slugOf(name)
			if d.reader.clusters[slug] != nil || slices.ContainsFunc(found, func(c news.Candidate) bool { return c.Slug == slug }) {
				continue
			}
			org, _ := d.nearestOrg(s, 0, len(s.toks), span{from, to})
			found = append(found, news.Candidate{Slug: slug, Name: name, Company: org, Evidence: d.quote(s, span{from, to})})
		}
	}
	return found
}

// candidateAt returns the name that begins at token i by one of three signs: it
// is a Project, a word for a machine or a campus follows it, or a word for
// naming stands before it and one for a site before that.
func (s *sentence) candidateAt(i int) (from, to int, ok bool) {
	if s.text(i) == "project" && s.toks[i].upper && i > 0 {
		to = s.nameEnd(i + 1)
		return i, to, to == i+2 && !s.has(to, "strong")
	}
	if i == 0 || !s.candidateWord(i) {
		return 0, 0, false
	}
	to = s.nameEnd(i)
	if s.has(to, "machine") && !s.plural(hit{from: to, to: to + 1}) && !s.candidateWord(i-1) {
		return i, to, true
	}
	before := i
	for before > 0 && isCloser(s.text(before-1)) || s.text(before-1) == "„" || s.text(before-1) == "«" || s.text(before-1) == "‘" || s.text(before-1) == "'" {
		before--
	}
	h, named := s.ending(before, "naming")
	return i, to, named && s.anyOf(h.from-6, h.from, "machine", "strong", "ground")
}

// anyOf reports whether a hit of one of the kinds lies within from..to.
func (s *sentence) anyOf(from, to int, kinds ...string) bool {
	return slices.ContainsFunc(kinds, func(kind string) bool { return s.any(from, to, kind) })
}

// nameEnd returns the token past the capitalized words, and a number after
// them, that begin at token i.
func (s *sentence) nameEnd(i int) int {
	to := i
	for to < len(s.toks) && to-i < maxCandidateWords && s.candidateWord(to) {
		to++
	}
	if to > i && to < len(s.toks) && s.toks[to].kind == digits && len(s.toks[to].text) == 1 {
		to++
	}
	return to
}

// candidateWord reports whether token i may be a word of a site's name.
func (s *sentence) candidateWord(i int) bool {
	if i < 0 || i >= len(s.toks) {
		return false
	}
	t := &s.toks[i]
	if t.kind != word || !t.upper || len(t.text) < 4 || s.masked[i] || len(s.reader.function[t.text]) > 0 {
		return false
	}
	for n := s.first[i]; n < s.first[i+1]; n++ {
		switch s.hits[n].kind {
		case "mod", "role", "small", "fill", "swap", "basis":
		default:
			return false
		}
	}
	return true
}

// mayName reports whether tokens from..to can be a name: no company stands
// within or owns it, and it is no town or region.
func (d *doc) mayName(s *sentence, from, to int) bool {
	for i := from; i < to; i++ {
		if len(d.mentionsIn(s, i, i+1)) > 0 {
			return false
		}
	}
	if s.text(to) == "'" || s.text(to) == "’" {
		return false
	}
	name := s.body[s.toks[from].start:s.toks[to-1].end]
	first := s.body[s.toks[from].start:s.toks[from].end]
	return !d.reader.isTown(name, false) && !d.reader.isTown(first, false) && !strings.HasSuffix(townKey(name), " county")
}

// headline reports whether most words have a capital, so that one proves
// nothing.
func (s *sentence) headline() bool {
	words, capitals := 0, 0
	for i := range s.toks {
		if t := &s.toks[i]; t.kind == word && t.end-t.start > 3 {
			words++
			if t.upper {
				capitals++
			}
		}
	}
	return capitals*3 > words*2
}
