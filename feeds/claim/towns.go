package claim

import (
	"fmt"
	"slices"
	"strings"
)

// loadTowns reads towns.txt, whose lines stand in the order of townKey.
func (r *Reader) loadTowns() error {
	b, err := data.ReadFile("data/towns.txt")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			r.towns = append(r.towns, line)
		}
	}
	if len(r.towns) == 0 {
		return fmt.Errorf("towns.txt is empty")
	}
	return nil
}

// townKey is what towns are compared by: the form of tokens.
func townKey(name string) string { return strings.ReplaceAll(fold(name), "’", "'") }

// shortTown is the least length, in bytes, of the first word of a longer name
// that a town is called by: Montereau of Montereau-Fault-Yonne.
const shortTown = 7

// isTown reports whether name is a town of the gazetteer, or, with short, begins
// the name of one: few words of English do not.
func (r *Reader) isTown(name string, short bool) bool {
	key := townKey(name)
	at, found := slices.BinarySearchFunc(r.towns, key, func(town, key string) int { return strings.Compare(townKey(town), key) })
	if found || !short || len(key) < shortTown || at == len(r.towns) {
		return found
	}
	rest, begun := strings.CutPrefix(townKey(r.towns[at]), key)
	return begun && (rest[0] == '-' || rest[0] == ' ')
}

// maxTownWords is how many tokens the name of a town may have, hyphens and
// apostrophes counted.
const maxTownWords = 8

// townAt returns the token past the longest town that begins at the capital
// of token i, or past the longest run of capitalized words where the
// gazetteer knows none.
func (s *sentence) townAt(i int) (to int, known bool) {
	alone := s.placeWord(i) // else the first word of a longer name: "São João de Meriti"
	if !alone && (s.toks[i].kind != word || !s.toks[i].upper || s.masked[i]) {
		return i, false
	}
	for j := i + 1; j <= len(s.toks) && j-i <= maxTownWords; j++ {
		if s.toks[j-1].kind == word && (alone || s.placeWord(j-1)) && s.reader.isTown(s.body[s.toks[i].start:s.toks[j-1].end], s.lang != fallback) {
			to, known = j, true
		}
		if j == len(s.toks) || s.toks[j].kind != word && !s.joinsName(j) {
			break
		}
	}
	if known {
		to = s.townEnd(i, to)
	}
	if known && to == i+1 && s.acronym(i) { // the CEA is no town
		return i, false
	}
	if known || !alone {
		return max(to, i), known
	}
	to = i + 1
	for to < len(s.toks) && to-i < maxTownWords {
		switch {
		case s.placeWord(to):
			to++
		case s.joinsName(to) && s.toks[to+1].kind == word:
			to += 2
		default:
			h, ok := s.starting(to, "townlink")
			if !ok || !s.placeWord(h.to) {
				return to, false
			}
			to = h.to + 1
		}
	}
	return to, false
}

// townEnd returns the token past the parts that go on the name of the town of the
// gazetteer at tokens from..to.
func (s *sentence) townEnd(from, to int) int {
	for s.text(to) == "-" && s.joinsName(to) && s.placeWord(to+1) { // Frankfurt-Rödelheim
		to += 2
	}
	for {
		h, ok := s.starting(to, "townlink")
		if !ok && s.has(to, "article") { // "Móra la Nova"
			h, ok = s.starting(to, "article")
		}
		if !ok || h.to >= len(s.toks) || !s.placeWord(h.to) || !s.reader.isTown(s.body[s.toks[from].start:s.toks[h.to].end], true) {
			break
		}
		to = h.to + 1
	}
	for (s.lang == "pt" || s.lang == "es") && from > 2 && s.placeWord(to) { // Cachoeira Paulista
		to++
	}
	return to
}

// longestAcronym is how many letters in capitals are taken for a body's name; a
// town that a report begins with has more.
const longestAcronym = 4

// acronym reports whether token i is written in capitals and short.
func (s *sentence) acronym(i int) bool {
	name := s.body[s.toks[i].start:s.toks[i].end]
	return len(name) <= longestAcronym && strings.ToUpper(name) == name
}

// joinsName reports whether token i is a hyphen or an apostrophe within a
// name: "Seine-et-Marne", "L'Aquila".
func (s *sentence) joinsName(i int) bool {
	switch s.text(i) {
	case "-", "'", "’", "‑":
		return !s.toks[i].spaced && i+1 < len(s.toks) && !s.toks[i+1].spaced
	}
	return false
}

// placeWord reports whether token i may be a word of a place's name: a
// capital, and nothing else that the lexicon knows.
func (s *sentence) placeWord(i int) bool {
	if i < 0 || i >= len(s.toks) {
		return false
	}
	t := &s.toks[i]
	if t.kind != word || !t.upper || len(t.text) < 3 || s.masked[i] || len(s.reader.function[t.text]) > 0 {
		return false
	}
	for n := s.first[i]; n < s.first[i+1]; n++ {
		switch s.hits[n].kind {
		case "place", "small", "prep", "townlink":
		default:
			return false
		}
	}
	return true
}
