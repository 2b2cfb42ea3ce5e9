package query

import (
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
	return fragments(nil, text, 0, find(text, t.phrases(true)))
}

// Snippet returns about runes characters of a text, around the place where
// most of the query's words stand close together. Without any match it is
// the beginning of the text; of a tree without words it is nil.
func (t Tree) Snippet(text string, runes int) []news.Fragment {
	var s Snippets
	s.Ask(t, runes)
	return s.Of(text)
}

// Snippets cuts the snippets of many texts, of one query after another with
// the same memory. It may not be used by several goroutines at once.
type Snippets struct {
	runes int
	find  finder
}

// Ask has the snippets that follow show a tree in about runes characters.
func (s *Snippets) Ask(t Tree, runes int) {
	s.runes, s.find.phrases, s.find.longest = runes, t.phrases(false), 0
	for _, n := range s.find.phrases {
		s.find.longest = max(s.find.longest, len(n.Terms))
	}
}

// Of returns the snippet of a text, see Tree.Snippet. It holds nothing of the
// text itself.
func (s *Snippets) Of(text string) []news.Fragment {
	if len(s.find.phrases) == 0 {
		return nil
	}
	if len(text) > maxSnippetSource {
		text = strings.ToValidUTF8(text[:maxSnippetSource], "")
	}
	s.find.start(text)
	from := 0
	if at := s.place(); at >= 0 {
		from = before(text, s.find.spans[at].start, s.runes/5)
	}
	to := after(text, from, s.runes)
	s.find.past(to)
	out := make([]news.Fragment, 0, 8)
	if from > 0 {
		out = append(out, news.Fragment{Text: "… "})
	}
	out = fragments(out, strings.Clone(text[from:to]), from, s.find.spans)
	if to < len(text) {
		out = append(out, news.Fragment{Text: " …"})
	}
	return tidy(out)
}

// place returns the match to begin the snippet at, -1 if there is none. It
// reads no more of the text than it has to: not beyond a place that has every
// phrase, nor far where something matched before.
//
// How much is read at a time makes no difference to such a place: of two that
// have every phrase the first is found first, since whatever else it lacked
// would stand after the second.
func (s *Snippets) place() int {
	f := &s.find
	for at := firstStep; ; at += min(at, snippetStep) {
		more := f.read(at)
		best, most := densest(f.spans, s.runes, len(f.phrases))
		if most == len(f.phrases) || !more || at >= usualSnippetSource && most > 0 {
			return best
		}
	}
}

// How much of a text is read at a time, in bytes: little at first, since most
// texts begin with what they are about.
const (
	firstStep   = 256
	snippetStep = 1 << 10
)

// finder finds where phrases stand in a text, from its beginning on.
type finder struct {
	phrases []*Node
	longest int // of the phrases, in terms
	a       analyzer
	next    int // the first token that was not compared
	spans   []span
}

func (f *finder) start(text string) {
	f.a = analyzer{text: text, tokens: f.a.tokens[:0]}
	f.next, f.spans = 0, f.spans[:0]
}

// read goes on to a place in the text, and a little further. It reports
// whether there is more.
func (f *finder) read(to int) (more bool) {
	f.a.run(to)
	more = f.a.pos < len(f.a.text)
	end := len(f.a.tokens)
	if more { // the last tokens may grow, or be the beginning of a phrase
		end -= f.longest + 1
	}
	for ; f.next < end; f.next++ {
		for p, n := range f.phrases {
			if stop, ok := matchAt(f.a.tokens, f.next, n); ok {
				f.spans = append(f.spans, span{f.a.tokens[f.next].Start, stop, p})
			}
		}
	}
	return more
}

// past reads on until every match that begins before a place is found.
func (f *finder) past(to int) {
	for at := to; f.read(at) && (f.next == 0 || f.a.tokens[f.next-1].Start < to); {
		at += firstStep
	}
}

// find returns where phrases stand in a text, in order.
func find(text string, phrases []*Node) []span {
	f := finder{phrases: phrases}
	f.start(text)
	f.read(len(text))
	return f.spans
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
// a window, the first of equals, and how many; -1 if nothing matches. It stops
// at one that has all.
func densest(matches []span, runes, all int) (best, most int) {
	best = -1
	for i := 0; i < len(matches) && most < all; i++ {
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
	return best, most
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

// fragments adds a piece of a text that begins at a place in it, cut at the
// matches within.
func fragments(out []news.Fragment, piece string, from int, matches []span) []news.Fragment {
	at := 0
	for i := 0; i < len(matches); {
		start, end := matches[i].start-from, matches[i].end-from
		for i++; i < len(matches) && matches[i].start-from <= end; i++ {
			end = max(end, matches[i].end-from)
		}
		if start < at || end > len(piece) {
			continue
		}
		if start > at {
			out = append(out, news.Fragment{Text: piece[at:start]})
		}
		out = append(out, news.Fragment{Text: piece[start:end], Match: true})
		at = end
	}
	if at < len(piece) {
		out = append(out, news.Fragment{Text: piece[at:]})
	}
	return out
}

// tidy turns line breaks and tabs in a row into one space, those at the edge
// of a fragment too: what follows is another paragraph, not the same word.
func tidy(list []news.Fragment) []news.Fragment {
	for i := range list {
		if strings.ContainsAny(list[i].Text, lineBreaks) {
			list[i].Text = spaced(list[i].Text)
		}
	}
	return list
}

const lineBreaks = "\n\r\t"

func spaced(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	inside := false
	for i := range len(text) {
		if strings.IndexByte(lineBreaks, text[i]) < 0 {
			inside = false
			b.WriteByte(text[i])
		} else if !inside {
			inside = true
			b.WriteByte(' ')
		}
	}
	return b.String()
}
