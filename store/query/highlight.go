package query

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"clusterwire/feeds/news"
)

// How many bytes of a text are looked through for a snippet: the beginning,
// and more where nothing matches there.
const (
	usualSnippetSource = 16 << 10
	maxSnippetSource   = 128 << 10
)

// span is a piece of a text that matches phrase number phrase.
type span struct{ start, end, phrase int }

// Words reports whether the tree asks for any word.
func (t Tree) Words() bool { return len(t.phrases(false)) > 0 }

// phrases returns the phrases that a match shows; title phrases where asked.
func (t Tree) phrases(title bool) []*Node {
	var out []*Node
	var walk func(n *Node)
	walk = func(n *Node) {
		switch {
		case n == nil || n.Op == OpNot:
			return
		case n.Op == OpPhrase && (title || !n.Title):
			out = append(out, n)
		}
		for _, k := range n.Kids {
			walk(k)
		}
	}
	walk(t.Root)
	return out
}

// Highlight returns a short text whole, cut into what matches and what doesn't.
func (t Tree) Highlight(text string) []news.Fragment {
	return fragments(text, 0, len(text), find(text, t.phrases(true)))
}

// Snippet returns about runes characters of a text, around the place where
// most of the query's words stand close together. Without any match it is
// the beginning of the text; of a tree without words it is nil.
func (t Tree) Snippet(text string, runes int) []news.Fragment {
	phrases := t.phrases(false)
	if len(phrases) == 0 {
		return nil
	}
	if len(text) > maxSnippetSource {
		text = strings.ToValidUTF8(text[:maxSnippetSource], "")
	}
	head := text
	if len(head) > usualSnippetSource {
		head = strings.ToValidUTF8(text[:usualSnippetSource], "")
	}
	matches := find(head, phrases)
	if len(matches) == 0 && len(head) < len(text) {
		matches = find(text, phrases)
	}
	from := 0
	if len(matches) > 0 {
		from = before(text, matches[densest(text, matches, runes)].start, runes/5)
	}
	to := after(text, from, runes)
	out := fragments(text, from, to, matches)
	if from > 0 {
		out = append([]news.Fragment{{Text: "… "}}, out...)
	}
	if to < len(text) {
		out = append(out, news.Fragment{Text: " …"})
	}
	return tidy(out)
}

// find returns where phrases stand in a text, in order.
func find(text string, phrases []*Node) []span {
	var out []span
	tokens := Analyze(text)
	for i := range tokens {
		for p, n := range phrases {
			if end, ok := matchAt(tokens, i, n); ok {
				out = append(out, span{tokens[i].Start, end, p})
			}
		}
	}
	return out
}

func matchAt(tokens []Token, i int, n *Node) (end int, ok bool) {
	if i+len(n.Terms) > len(tokens) {
		return 0, false
	}
	for k, term := range n.Terms {
		t := tokens[i+k]
		last := k == len(n.Terms)-1
		switch {
		case last && n.Prefix && strings.HasPrefix(t.Term, term):
			if single(term) && t.Term != term { // the first character of a pair
				return t.Start + (t.End-t.Start)/2, true
			}
		case t.Term != term:
			return 0, false
		}
		end = t.End
	}
	return end, true
}

// densest returns the match after which most different phrases follow within
// a window, the first of equals.
func densest(text string, matches []span, runes int) int {
	best, most := 0, 0
	for i := range matches {
		seen, count := uint64(0), 0
		limit := matches[i].start + runes*3/2
		for j := i; j < len(matches) && matches[j].start < limit; j++ {
			if bit := uint64(1) << (matches[j].phrase % 64); seen&bit == 0 {
				seen |= bit
				count++
			}
		}
		if count > most {
			best, most = i, count
		}
	}
	return best
}

// before steps back about runes characters from at, to the start of a word.
func before(text string, at, runes int) int {
	from := at
	for ; runes > 0 && from > 0; runes-- {
		r, size := utf8.DecodeLastRuneInString(text[:from])
		if r == '\n' {
			return from
		}
		from -= size
	}
	if from == 0 {
		return 0
	}
	if i := strings.IndexFunc(text[from:at], breaks); i >= 0 {
		_, size := utf8.DecodeRuneInString(text[from+i:])
		return from + i + size
	}
	return from
}

// after steps on about runes characters, to the end of a word.
func after(text string, from, runes int) int {
	to := from
	for ; runes > 0 && to < len(text); runes-- {
		_, size := utf8.DecodeRuneInString(text[to:])
		to += size
	}
	if to == len(text) {
		return to
	}
	if i := strings.LastIndexFunc(text[from:to], breaks); i > (to-from)/2 {
		return from + i
	}
	return to
}

func breaks(r rune) bool { return unicode.IsSpace(r) || classOf(r) == pair }

// fragments cuts text[from:to] at the matches within.
func fragments(text string, from, to int, matches []span) []news.Fragment {
	var out []news.Fragment
	at := from
	for i := 0; i < len(matches); {
		start, end := matches[i].start, matches[i].end
		for i++; i < len(matches) && matches[i].start <= end; i++ {
			end = max(end, matches[i].end)
		}
		if start < at || end > to {
			continue
		}
		if start > at {
			out = append(out, news.Fragment{Text: text[at:start]})
		}
		out = append(out, news.Fragment{Text: text[start:end], Match: true})
		at = end
	}
	if at < to {
		out = append(out, news.Fragment{Text: text[at:to]})
	}
	return out
}

// lineBreaks are line breaks and tabs in a row.
var lineBreaks = regexp.MustCompile(`[\n\r\t]+`)

// tidy turns line breaks into spaces, those at the edge of a fragment too:
// what follows is another paragraph, not the same word.
func tidy(list []news.Fragment) []news.Fragment {
	for i := range list {
		list[i].Text = lineBreaks.ReplaceAllString(list[i].Text, " ")
	}
	return list
}
