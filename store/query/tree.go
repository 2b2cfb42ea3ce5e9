package query

import (
	"fmt"
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
	OpNumber           // a claim in the range of Number
	OpDate             // published from Since until before Until
)

// Node is one node of a query tree.
type Node struct {
	Op     Op
	Kids   []*Node
	Terms  []string // of a phrase, as Analyze gives them
	Prefix bool     // the last term is only a beginning
	Title  bool     // in the headline alone
	Tokens []string // of a filter: index tokens, see FilterToken
	Number *Number
	Since  time.Time // zero: open
	Until  time.Time
}

// Tree is a parsed query. Its zero value matches everything.
type Tree struct {
	Root    *Node     // nil: no condition but the following
	Since   time.Time // zero: open
	Until   time.Time
	Subject bool // companies of filters are to be the subject
}

// Number is a condition on the claims of an article.
type Number struct {
	Field    string // as typed: "gpus", "power", "cost"
	Metrics  []news.Metric
	Lo, Hi   float64 // in the unit of the metric; infinite where open
	Currency string  // "" any
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

// Whole returns the tree as one node over articles that satisfy all of the
// filters given, each a list of alternative tokens. At least one filter is
// needed: a condition that only excludes excludes from the first.
func (t Tree) Whole(filters ...[]string) *Node {
	all := &Node{Op: OpAnd}
	for _, tokens := range filters {
		all.Kids = append(all.Kids, &Node{Op: OpFilter, Tokens: tokens})
	}
	if t.Root != nil {
		all.Kids = append(all.Kids, t.Root)
	}
	return rooted(all, all.Kids[0])
}

// rooted gives every "not" that stands alone something to exclude from, since
// FTS5 can't negate alone, and joins what is nested without need.
func rooted(n, everything *Node) *Node {
	c := *n
	c.Kids = nil
	switch n.Op {
	case OpNot:
		return rooted(&Node{Op: OpAnd, Kids: []*Node{n}}, everything)
	case OpOr:
		for _, k := range n.Kids {
			c.Kids = append(c.Kids, rooted(k, everything))
		}
	case OpAnd:
		positive := false
		for _, k := range n.Kids {
			switch k.Op {
			case OpNot:
				c.Kids = append(c.Kids, &Node{Op: OpNot, Kids: []*Node{rooted(k.Kids[0], everything)}})
				continue
			case OpAnd:
				for _, kk := range k.Kids {
					if kk.Op == OpNot {
						kk = &Node{Op: OpNot, Kids: []*Node{rooted(kk.Kids[0], everything)}}
					} else {
						kk, positive = rooted(kk, everything), true
					}
					c.Kids = append(c.Kids, kk)
				}
				continue
			}
			c.Kids, positive = append(c.Kids, rooted(k, everything)), true
		}
		if !positive {
			c.Kids = append([]*Node{everything}, c.Kids...)
		}
	}
	return &c
}

// Expr returns the FTS5 expression of the tree, see Whole. Every string in it
// is quoted, so no text of a user becomes syntax.
func (t Tree) Expr(filters ...[]string) string { return t.Whole(filters...).Expr() }

// Key tells a phrase, filter or number from all others.
func (n *Node) Key() string {
	if n.Op == OpNumber {
		return fmt.Sprintf("%v %v..%v %s", n.Number.Metrics, n.Number.Lo, n.Number.Hi, n.Number.Currency)
	}
	return n.Expr()
}

// Expr returns the FTS5 expression of a node of Tree.Whole that has no numbers
// and dates, which are not in the index.
func (n *Node) Expr() string {
	var b strings.Builder
	write(&b, n)
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

func write(b *strings.Builder, n *Node) {
	switch n.Op {
	case OpPhrase:
		writePhrase(b, n)
	case OpFilter:
		writeTokens(b, n.Tokens)
	case OpOr:
		writeList(b, n.Kids, " OR ")
	case OpAnd:
		writeAnd(b, n.Kids)
	}
}

// writeAnd writes what is excluded last: "a NOT b AND c" would exclude b from
// c alone.
func writeAnd(b *strings.Builder, kids []*Node) {
	b.WriteByte('(')
	between := ""
	for _, k := range kids {
		if k.Op != OpNot {
			b.WriteString(between)
			write(b, k)
			between = " AND "
		}
	}
	for _, k := range kids {
		if k.Op == OpNot {
			b.WriteString(" NOT ")
			write(b, k.Kids[0])
		}
	}
	b.WriteByte(')')
}

func writeList(b *strings.Builder, kids []*Node, between string) {
	b.WriteByte('(')
	for i, k := range kids {
		if i > 0 {
			b.WriteString(between)
		}
		write(b, k)
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
