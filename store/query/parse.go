package query

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of a query. What lies beyond is left out, with a warning.
const (
	maxBytes = 2000
	maxTerms = 48
	maxDepth = 12
)

// Parse reads a query in the language that the package comment describes. It
// never fails: what can't be understood is searched as words and named in the
// warnings.
func Parse(text string) (Tree, []Warning) {
	p := &parser{}
	if len(text) > maxBytes {
		cut := maxBytes
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut]
		p.warn("the query is longer than %d bytes: the rest was left out", maxBytes)
	}
	text = strings.ToValidUTF8(text, " ")
	var unclosed bool
	if p.input, unclosed = lex(text); unclosed {
		p.warn("a quotation mark is missing its partner: all that follows it was taken as one phrase")
	}
	p.tree.Root = p.alternatives(0)
	for p.at < len(p.input) { // a ")" without its "("
		p.warn("a ) has no ( before it and was left out")
		p.at++
		p.tree.Root = join(OpAnd, []*Node{p.tree.Root, p.alternatives(0)})
	}
	p.tree.hoist()
	if p.tree.Subject {
		p.tree.Root = subjects(p.tree.Root)
	}
	return p.tree, p.warnings
}

type parser struct {
	input    []lexeme
	at       int
	tree     Tree
	warnings []Warning
	terms    int
}

func (p *parser) warn(format string, args ...any) {
	w := Warning(fmt.Sprintf(format, args...))
	for _, have := range p.warnings {
		if have == w {
			return
		}
	}
	if len(p.warnings) < 10 {
		p.warnings = append(p.warnings, w)
	}
}

func (p *parser) next() (lexeme, bool) {
	if p.at < len(p.input) {
		return p.input[p.at], true
	}
	return lexeme{}, false
}

// alternatives reads groups of words with OR between them, up to a ")".
func (p *parser) alternatives(depth int) *Node {
	var kids []*Node
	for {
		kids = append(kids, p.conjunction(depth))
		l, ok := p.next()
		if !ok || l.kind != lexOr {
			return join(OpOr, kids)
		}
		p.at++
	}
}

// conjunction reads what must all hold, up to an OR or ")".
func (p *parser) conjunction(depth int) *Node {
	var kids []*Node
	for {
		l, ok := p.next()
		if !ok || l.kind == lexOr || l.kind == lexClose {
			return join(OpAnd, kids)
		}
		if l.kind == lexWord && l.text == "AND" && l.field == "" {
			p.at++
			continue
		}
		kids = append(kids, p.factor(depth))
	}
}

func (p *parser) factor(depth int) *Node {
	l, ok := p.next()
	if !ok || l.kind == lexOr || l.kind == lexClose {
		return nil
	}
	p.at++
	switch l.kind {
	case lexNot:
		kid := p.factor(depth)
		if kid == nil {
			return nil
		}
		if kid.Op == OpNot {
			return kid.Kids[0]
		}
		return &Node{Op: OpNot, Kids: []*Node{kid}}
	case lexOpen:
		return p.group(depth)
	}
	if p.terms++; p.terms > maxTerms {
		p.warn("the query has more than %d words: the rest was left out", maxTerms)
		return nil
	}
	if l.field != "" {
		return p.field(l)
	}
	for p.sticks(l) {
		next := p.input[p.at]
		l.text, l.typed, l.prefix = l.text+" "+next.text, l.typed+" "+next.typed, next.prefix
		p.at++
	}
	return p.words(l, false)
}

// sticks reports whether the next word belongs to this one, because the two
// side by side make other terms than each alone: "data center", "$10 billion".
func (p *parser) sticks(l lexeme) bool {
	next, ok := p.next()
	if !ok || l.kind != lexWord || l.prefix || next.kind != lexWord || next.field != "" || next.text == "AND" {
		return false
	}
	apart := append(Analyze(l.text), Analyze(next.text)...)
	joined := Analyze(l.text + " " + next.text)
	return !slices.EqualFunc(apart, joined, func(a, b Token) bool { return a.Term == b.Term })
}

func (p *parser) group(depth int) *Node {
	if depth >= maxDepth {
		p.warn("groups stand more than %d deep: the deeper parentheses were left out", maxDepth)
		return nil
	}
	n := p.alternatives(depth + 1)
	if l, ok := p.next(); ok && l.kind == lexClose {
		p.at++
	} else {
		p.warn("a ( is missing its )")
	}
	return n
}

// words makes a phrase of what was typed as a word or between quotes.
func (p *parser) words(l lexeme, title bool) *Node {
	tokens := Analyze(l.text)
	if len(tokens) == 0 {
		if l.kind != lexPhrase || strings.TrimSpace(l.text) != "" {
			p.warn("%q holds nothing that can be searched and was left out", l.typed)
		}
		return nil
	}
	n := phrase(tokens, l.prefix)
	if last := n.Terms[len(n.Terms)-1]; n.Prefix && len(n.Terms) > 1 && len(last) < minEnding {
		n.Prefix = false
		p.warn("the * after %s was left out: after other words it needs three letters before it", strings.TrimSuffix(l.typed, "*"))
	}
	n.Title = title
	if l.kind == lexWord && !l.prefix && len(n.Terms) == 2 && strings.ContainsRune(l.text, '-') && alphabetic(n.Terms) {
		joined := &Node{Op: OpPhrase, Terms: []string{n.Terms[0] + n.Terms[1]}, Title: title}
		return join(OpOr, []*Node{n, joined})
	}
	return n
}

// minEnding is how many bytes of a last word of several its * needs: in a large
// archive it takes seconds to say where any of the thousands of words with two
// letters follows another. A character of a script without spaces has three.
const minEnding = 3

// maxPhrase is the greatest number of terms side by side.
const maxPhrase = 32

// phrase makes a node of the terms of a text. The last character of a run
// without spaces stands in the index as a term of its own; in a query it says
// nothing that the pair before it didn't.
func phrase(tokens []Token, prefix bool) *Node {
	if n := len(tokens); n > 1 {
		last, before := tokens[n-1], tokens[n-2]
		if last.Start < before.End {
			tokens, prefix = tokens[:n-1], false
		}
	}
	if last := tokens[len(tokens)-1]; single(last.Term) {
		prefix = true // begins a pair, or ends a run
	}
	if len(tokens) > maxPhrase {
		tokens, prefix = tokens[:maxPhrase], false
	}
	n := &Node{Op: OpPhrase, Prefix: prefix}
	for _, t := range tokens {
		n.Terms = append(n.Terms, t.Term)
	}
	return n
}

// single reports whether a term is one character of a script without spaces.
func single(term string) bool {
	r, size := utf8.DecodeRuneInString(term)
	return size == len(term) && classOf(r) >= pair
}

func alphabetic(terms []string) bool {
	for _, t := range terms {
		if r, _ := utf8.DecodeRuneInString(t); classOf(r) != letter || strings.ContainsAny(t, "0123456789") {
			return false
		}
	}
	return true
}

// join makes one node of several, leaving out those that say nothing.
func join(op Op, kids []*Node) *Node {
	some := kids[:0:0]
	for _, k := range kids {
		if k != nil {
			some = append(some, k)
		}
	}
	switch len(some) {
	case 0:
		return nil
	case 1:
		return some[0]
	}
	return &Node{Op: op, Kids: some}
}
