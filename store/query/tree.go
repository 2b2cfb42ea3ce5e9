package query

import (
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// Op says what a Node does with its kids.
type Op int

// The operations.
const (
	OpPhrase Op = iota // Terms side by side
	OpFilter           // any of Tokens
	OpAnd              // all kids
	OpOr               // any kid
	OpNot              // not Kids[0]
)

// Node is one node of a query tree.
type Node struct {
	Op     Op
	Kids   []*Node
	Terms  []string // of a phrase, as Analyze gives them
	Prefix bool     // the last term is only a beginning
	Title  bool     // in the headline alone
	Tokens []string // of a filter: index tokens, see FilterToken
}

// Tree is a parsed query. Its zero value matches everything.
type Tree struct {
	Root    *Node // nil: no condition on the text
	Since   time.Time
	Until   time.Time
	Numbers []Number
	Subject bool // companies of filters are to be the subject
}

// Number is a condition on the claims of an article.
type Number struct {
	Field    string // as typed: "gpus", "power", "cost"
	Metrics  []news.Metric
	Lo, Hi   float64 // in the unit of the metric; infinite where open
	Currency string  // "" any
	Not      bool
}

// Warning says what of a query was not understood and what was done instead.
type Warning string

// Filter kinds are the dimensions that stand in the index as tokens.
const (
	FilterCompany  = "c"  // names it
	FilterSubject  = "cs" // is about it
	FilterTopic    = "t"
	FilterSource   = "s"
	FilterKind     = "k"
	FilterLanguage = "l"
	FilterCountry  = "g"
	FilterCluster  = "cl"
	FilterHas      = "has"
	FilterVisible  = "v" // "1" relevant, "0" hidden
)

// FilterToken returns the index token of a filter. It holds a "=", which no
// term of a text does, so tokens and words can't be mistaken.
func FilterToken(kind, value string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '-', r >= 0x80:
			return r
		}
		return '-'
	}, value)
	return kind + "=" + clean
}

// TokenChars are the ASCII marks, besides letters and digits, that terms and
// filter tokens hold. The index has to keep them.
const TokenChars = `=-.$&+#`

// Expr returns the FTS5 expression of the tree over articles that satisfy all
// of the filters given, each a list of alternative tokens; at least one filter
// is needed, since FTS5 can't negate alone. Every string in it is quoted, so
// no text of a user becomes syntax.
func (t Tree) Expr(filters ...[]string) string {
	var b strings.Builder
	base := make([]*Node, 0, len(filters)+1)
	for _, tokens := range filters {
		base = append(base, &Node{Op: OpFilter, Tokens: tokens})
	}
	if t.Root != nil {
		base = append(base, t.Root)
	}
	everything := &Node{Op: OpFilter, Tokens: filters[0]}
	write(&b, &Node{Op: OpAnd, Kids: base}, everything)
	return b.String()
}

// InTitle returns the tree with every word to be found in the headline, and
// whether it has any word.
func (t Tree) InTitle() (Tree, bool) {
	words := false
	var walk func(n *Node) *Node
	walk = func(n *Node) *Node {
		c := *n
		if n.Op == OpPhrase {
			words = true
			c.Title = true
		}
		if n.Op == OpNot {
			return &c
		}
		c.Kids = make([]*Node, len(n.Kids))
		for i, k := range n.Kids {
			c.Kids[i] = walk(k)
		}
		return &c
	}
	if t.Root == nil {
		return t, false
	}
	t.Root = walk(t.Root)
	return t, words
}

func write(b *strings.Builder, n, everything *Node) {
	switch n.Op {
	case OpPhrase:
		writePhrase(b, n)
	case OpFilter:
		writeTokens(b, n.Tokens)
	case OpOr:
		b.WriteByte('(')
		for i, k := range n.Kids {
			if i > 0 {
				b.WriteString(" OR ")
			}
			write(b, k, everything)
		}
		b.WriteByte(')')
	case OpNot:
		write(b, &Node{Op: OpAnd, Kids: []*Node{n}}, everything)
	case OpAnd:
		writeAnd(b, n, everything)
	}
}

func writeAnd(b *strings.Builder, n, everything *Node) {
	var yes, no []*Node
	var sort func(kids []*Node)
	sort = func(kids []*Node) {
		for _, k := range kids {
			switch k.Op {
			case OpNot:
				no = append(no, k.Kids[0])
			case OpAnd:
				sort(k.Kids)
			default:
				yes = append(yes, k)
			}
		}
	}
	sort(n.Kids)
	if len(yes) == 0 {
		yes = []*Node{everything}
	}
	b.WriteByte('(')
	for i, k := range yes {
		if i > 0 {
			b.WriteString(" AND ")
		}
		write(b, k, everything)
	}
	for _, k := range no {
		b.WriteString(" NOT ")
		write(b, k, everything)
	}
	b.WriteByte(')')
}

func writePhrase(b *strings.Builder, n *Node) {
	switch {
	case n.Title:
		b.WriteString("{title} : ")
	case n.Prefix: // else "c*" would meet the filter tokens
		b.WriteString("{title body} : ")
	}
	b.WriteByte('"')
	for i, t := range n.Terms {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strings.ReplaceAll(t, `"`, ``))
	}
	b.WriteByte('"')
	if n.Prefix {
		b.WriteByte('*')
	}
}

func writeTokens(b *strings.Builder, tokens []string) {
	if len(tokens) != 1 {
		b.WriteByte('(')
	}
	for i, t := range tokens {
		if i > 0 {
			b.WriteString(" OR ")
		}
		b.WriteByte('"')
		b.WriteString(strings.ReplaceAll(t, `"`, ``))
		b.WriteByte('"')
	}
	if len(tokens) != 1 {
		b.WriteByte(')')
	}
}

// With returns the tree with one more condition.
func (t Tree) With(n *Node) Tree {
	t.Root = join(OpAnd, []*Node{t.Root, n})
	return t
}

// Phrases returns the terms of every word and phrase that is asked for.
func (t Tree) Phrases() [][]string {
	var out [][]string
	for _, n := range t.phrases(true) {
		out = append(out, n.Terms)
	}
	return out
}
