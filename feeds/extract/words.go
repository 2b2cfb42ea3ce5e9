package extract

import (
	"unicode"
	"unicode/utf8"
)

// eachWord calls f with every word of s: a run of letters and digits, or one
// character of a script that is written without spaces.
func eachWord(s string, f func(word string)) {
	start := -1
	for i, r := range s {
		switch {
		case r >= 0x2E80 && unspaced(r):
			if start >= 0 {
				f(s[start:i])
				start = -1
			}
			f(s[i : i+utf8.RuneLen(r)])
		case wordRune(r):
			if start < 0 {
				start = i
			}
		case start >= 0:
			f(s[start:i])
			start = -1
		}
	}
	if start >= 0 {
		f(s[start:])
	}
}

func wordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}

// unspaced reports whether r belongs to a script without spaces between words.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

// countWords counts the words of s.
func countWords(s string) int {
	n := 0
	eachWord(s, func(string) { n++ })
	return n
}

// hashes returns the 64-bit FNV-1a hash of every word of s, letters folded to
// lower case where they are ASCII.
func hashes(s string) []uint64 {
	out := make([]uint64, 0, len(s)/5+1)
	eachWord(s, func(word string) {
		h := uint64(14695981039346656037)
		for i := range len(word) {
			c := word[i]
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			h = (h ^ uint64(c)) * 1099511628211
		}
		out = append(out, h)
	})
	return out
}

// shingle joins the hashes of three words in a row.
func shingle(a, b, c uint64) uint64 {
	return (a*31+b)*1099511628211 ^ c*0x9E3779B97F4A7C15
}

// wordSet is the set of single words and of trigrams of a text.
type wordSet struct {
	bytes    int
	words    map[uint64]struct{}
	trigrams map[uint64]struct{}
}

func newWordSet(text string) wordSet {
	h := hashes(text)
	set := wordSet{bytes: len(text), words: make(map[uint64]struct{}, len(h)/2), trigrams: make(map[uint64]struct{}, len(h))}
	for i, w := range h {
		set.words[w] = struct{}{}
		if i >= 2 {
			set.trigrams[shingle(h[i-2], h[i-1], w)] = struct{}{}
		}
	}
	return set
}

// share is the part of the trigrams of text, 0 to 1, that stand in the set.
// A text of under three words counts its words instead.
func (s wordSet) share(text string) float64 {
	h := hashes(text)
	if len(h) == 0 {
		return 0
	}
	found, total := 0, 0
	if len(h) < 3 {
		for _, w := range h {
			total++
			if _, ok := s.words[w]; ok {
				found++
			}
		}
		return float64(found) / float64(total)
	}
	for i := 2; i < len(h); i++ {
		total++
		if _, ok := s.trigrams[shingle(h[i-2], h[i-1], h[i])]; ok {
			found++
		}
	}
	return float64(found) / float64(total)
}
