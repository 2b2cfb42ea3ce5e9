package parse

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// document is what the scanner made of one XML body.
type document struct {
	root     *node
	items    []*node // in document order, at most 2*maxItems before trim
	dropped  int     // items that were too many
	damage   string  // what had to be mended, "" if nothing
	unclosed bool    // the document ends in the middle
}

// frame is one open element. Its node is nil if it is not kept.
type frame struct {
	name  string
	node  *node
	scope scope
}

// tree builds a document from what the scanner reports.
type tree struct {
	doc       *document
	stack     []frame
	nodes     int   // kept outside of items
	itemNodes int   // kept of the item that is open
	item      *node // the item that is open
	mend      func(string)
}

var errTooDeep = errors.New("too deep")

// readXML reads src as a tree of elements. It fails only on depth.
func readXML(src string) (*document, error) {
	s := &scanner{src: src}
	doc := &document{}
	t := &tree{doc: doc, mend: s.mend}
	if err := s.scan(t); err != nil {
		return nil, err
	}
	if len(t.stack) > 0 {
		s.mend("the document ends before its end")
		doc.unclosed = true
		for len(t.stack) > 0 {
			t.pop()
		}
	}
	doc.trim(maxItems)
	doc.damage = s.damage
	return doc, nil
}

func (t *tree) open() string {
	if len(t.stack) == 0 {
		return ""
	}
	return t.stack[len(t.stack)-1].name
}

// isItem reports whether an element is one entry of a list. It may stand
// anywhere: where a channel's own elements are not closed, its items lie
// within them.
func isItem(key, parent string) bool {
	return key == "item" || key == "entry" || key == "url" && parent == "urlset"
}

func (t *tree) start(name string, attrs []attr, selfClosing bool) error {
	if len(t.stack) >= maxDepth {
		return errTooDeep
	}
	var around scope
	var parent *node
	if len(t.stack) > 0 {
		top := t.stack[len(t.stack)-1]
		around, parent = top.scope, top.node
	} else if t.doc.root != nil {
		if len(t.stack) == 0 && !selfClosing {
			t.mend("elements behind the root")
		}
		parent = t.doc.root
		around = nil
	}
	in := around.with(attrs)
	n := &node{key: in.key(name), parent: parent}
	if t.keep(n, len(attrs)) {
		n.attrs = in.attributes(attrs)
	} else {
		n = nil
	}
	t.stack = append(t.stack, frame{name, n, in})
	if selfClosing {
		t.pop()
	}
	return nil
}

// keep attaches n to the document unless there is too much already. Four
// attributes count as much as an element.
func (t *tree) keep(n *node, attrs int) bool {
	if t.doc.root == nil {
		t.doc.root = n
		return true
	}
	if n.parent == nil {
		return false // its parent was not kept
	}
	if t.item == nil && isItem(n.key, n.parent.key) {
		t.item, t.itemNodes = n, 0
		return true // kept with the items, not below its parent
	}
	if t.item != nil && t.itemNodes >= maxItemNodes || t.nodes >= maxNodes {
		return false
	}
	cost := 1 + attrs/4
	if t.nodes += cost; t.item != nil {
		t.itemNodes += cost
	}
	n.parent.kids = append(n.parent.kids, kid{node: n})
	return true
}

func (t *tree) pop() {
	top := t.stack[len(t.stack)-1]
	t.stack = t.stack[:len(t.stack)-1]
	if top.node != nil && top.node == t.item {
		t.item = nil
		t.doc.items = append(t.doc.items, top.node)
		if len(t.doc.items) >= 2*maxItems {
			before := count(t.doc.items)
			t.doc.trim(maxItems)
			t.nodes -= before - count(t.doc.items)
		}
	}
}

// count is what the elements within nodes cost.
func count(nodes []*node) int {
	n := 0
	for _, each := range nodes {
		n += each.within()
	}
	return n
}

// end closes the innermost element of that name and what is inside it. An end
// tag without its start is passed over, as is one that would close an item
// from inside of a text.
func (t *tree) end(name string) {
	for i := len(t.stack) - 1; i >= 0; i-- {
		if t.stack[i].name != name {
			continue
		}
		if i < len(t.stack)-1 {
			t.mend("an element is not closed")
		}
		for len(t.stack) > i {
			t.pop()
		}
		return
	}
	t.mend("an end tag without its start")
}

func (t *tree) text(s string) {
	if len(t.stack) == 0 {
		if strings.TrimSpace(s) != "" {
			t.mend("text outside of the root")
		}
		return
	}
	n := t.stack[len(t.stack)-1].node
	if n == nil || s == "" || n.size >= maxField {
		return
	}
	if n.size+len(s) > maxField {
		s = strings.ToValidUTF8(s[:maxField-n.size], "")
	}
	n.size += len(s)
	n.kids = append(n.kids, kid{text: s})
}

// trim keeps the n newest items.
func (d *document) trim(n int) {
	before := len(d.items)
	d.items = pick(d.items, n, itemTime)
	d.dropped += before - len(d.items)
}

// pick keeps the n newest of items by their time, in their order. Items
// without a time count as new as the one before them: lists begin with the
// newest.
func pick[T any](items []T, n int, at func(T) time.Time) []T {
	if len(items) <= n {
		return items
	}
	times := make([]time.Time, len(items))
	order := make([]int, len(items))
	last := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	for i, item := range items {
		if t := at(item); !t.IsZero() {
			last = t
		}
		times[i], order[i] = last, i
	}
	slices.SortStableFunc(order, func(a, b int) int { return times[b].Compare(times[a]) })
	keep := make([]bool, len(items))
	for _, i := range order[:n] {
		keep[i] = true
	}
	kept := make([]T, 0, 2*n)
	for i, item := range items {
		if keep[i] {
			kept = append(kept, item)
		}
	}
	return kept
}
