package query

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// filterFields are the fields that are index tokens.
var filterFields = map[string]string{
	"company": FilterCompany, "topic": FilterTopic, "source": FilterSource, "kind": FilterKind,
	"lang": FilterLanguage, "language": FilterLanguage, "country": FilterCountry, "cluster": FilterCluster, "has": FilterHas,
}

// hasValues are what has: can ask for.
var hasValues = []string{"claims", "image", "cluster", "company"}

// field reads one lexeme with a field before it.
func (p *parser) field(l lexeme) *Node {
	if kind, ok := filterFields[l.field]; ok {
		return p.filter(l, kind)
	}
	switch l.field {
	case "title", "headline":
		return p.words(l, true)
	case "company.role":
		return p.role(l)
	case "after", "before", "date":
		return p.date(l)
	}
	if _, ok := numberFields[l.field]; ok {
		return p.number(l)
	}
	if near := Nearest(l.field, Fields()); near != "" {
		p.warn("there is no field %q (did you mean %s:?): searched as words", l.field, near)
	} else {
		p.warn("there is no field %q: searched as words", l.field)
	}
	return p.asWords(l)
}

// asWords searches a lexeme as if its field were a word.
func (p *parser) asWords(l lexeme) *Node {
	plain := lexeme{kind: lexWord, text: l.typed, typed: l.typed, prefix: l.prefix}
	return p.words(plain, false)
}

// Fields lists the fields of the query language.
func Fields() []string {
	names := []string{"title", "company.role", "after", "before", "date"}
	for f := range filterFields {
		names = append(names, f)
	}
	for f := range numberFields {
		names = append(names, f)
	}
	slices.Sort(names)
	return names
}

func (p *parser) filter(l lexeme, kind string) *Node {
	n := &Node{Op: OpFilter}
	for _, value := range strings.Split(l.text, ",") {
		value = strings.ToLower(strings.Join(strings.Fields(value), "-"))
		if value == "" {
			continue
		}
		if kind == FilterHas && !slices.Contains(hasValues, value) {
			p.warn("has:%s is not known (there is has:%s): searched as words", value, strings.Join(hasValues, ", has:"))
			return p.asWords(l)
		}
		n.Tokens = append(n.Tokens, FilterToken(kind, value))
	}
	if len(n.Tokens) == 0 || len(n.Tokens) > maxTerms {
		p.warn("%q has no usable value: searched as words", l.typed)
		return p.asWords(l)
	}
	return n
}

func (p *parser) role(l lexeme) *Node {
	switch strings.ToLower(l.text) {
	case "subject":
		p.tree.Subject = true
	case "mentioned", "any": // what company: means anyway
	default:
		p.warn("company.role:%s is not known (subject or mentioned): searched as words", l.text)
		return p.asWords(l)
	}
	return nil
}

// subjects returns the tree with every company asked for as the subject; a
// tree without a company asks for any subject.
func subjects(n *Node) *Node {
	found := false
	var walk func(n *Node) *Node
	walk = func(n *Node) *Node {
		c := *n
		c.Tokens = nil
		for _, t := range n.Tokens {
			if slug, ok := strings.CutPrefix(t, FilterCompany+"="); ok {
				t, found = FilterSubject+"="+slug, true
			}
			c.Tokens = append(c.Tokens, t)
		}
		c.Kids = make([]*Node, len(n.Kids))
		for i, k := range n.Kids {
			c.Kids[i] = walk(k)
		}
		return &c
	}
	if n == nil {
		return nil
	}
	if with := walk(n); found {
		return with
	}
	return n
}

// date reads after:, before: and date:.
func (p *parser) date(l lexeme) *Node {
	from, to := l.text, l.text
	if l.field == "date" {
		if a, b, ok := strings.Cut(l.text, ".."); ok {
			from, to = a, b
		}
	}
	start, _, okFrom := Span(from)
	_, end, okTo := Span(to)
	switch {
	case l.field == "after" && okFrom:
		end = time.Time{}
	case l.field == "before" && okFrom:
		start, end = time.Time{}, start
	case l.field == "date" && okFrom && okTo && start.Before(end):
	case l.field == "date" && okFrom && to == "":
		end = time.Time{}
	case l.field == "date" && from == "" && okTo:
		start = time.Time{}
	default:
		p.warn("%q is no date (2024, 2024-09, 2024-Q3 or 2024-09-02): searched as words", l.typed)
		return p.asWords(l)
	}
	return &Node{Op: OpDate, Since: start, Until: end}
}

// hoist takes the dates that hold for the whole query out of its root.
func (t *Tree) hoist() {
	var walk func(n *Node) *Node
	walk = func(n *Node) *Node {
		switch {
		case n == nil:
			return nil
		case n.Op == OpDate:
			if n.Since.After(t.Since) {
				t.Since = n.Since
			}
			if !n.Until.IsZero() && (t.Until.IsZero() || n.Until.Before(t.Until)) {
				t.Until = n.Until
			}
			return nil
		case n.Op == OpAnd:
			kids := make([]*Node, len(n.Kids))
			for i, k := range n.Kids {
				kids[i] = walk(k)
			}
			return join(OpAnd, kids)
		}
		return n
	}
	t.Root = walk(t.Root)
}

var dateForm = regexp.MustCompile(`^(\d{4})(?:-(?:[Qq]([1-4])|[Hh]([12])|(\d{1,2})(?:-(\d{1,2}))?))?$`)

// Span returns the first instant of a date written as year, half, quarter,
// month or day, and the first instant after it.
func Span(text string) (start, end time.Time, ok bool) {
	m := dateForm.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return start, end, false
	}
	year, _ := strconv.Atoi(m[1])
	first := func(month, day int) time.Time { return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC) }
	number := func(i int) int { n, _ := strconv.Atoi(m[i]); return n }
	switch {
	case m[2] != "":
		start = first(number(2)*3-2, 1)
		end = start.AddDate(0, 3, 0)
	case m[3] != "":
		start = first(number(3)*6-5, 1)
		end = start.AddDate(0, 6, 0)
	case m[5] != "":
		start = first(number(4), number(5))
		if start.Day() != number(5) || int(start.Month()) != number(4) {
			return start, end, false
		}
		end = start.AddDate(0, 0, 1)
	case m[4] != "":
		if number(4) < 1 || number(4) > 12 {
			return start, end, false
		}
		start = first(number(4), 1)
		end = start.AddDate(0, 1, 0)
	default:
		start = first(1, 1)
		end = start.AddDate(1, 0, 0)
	}
	return start, end, true
}
