package tag

import (
	"cmp"
	"slices"
)

// trie finds which of many strings begin at a place. Words begin at few
// places, so walking it from each of them is quicker than an automaton over
// all bytes, and simpler.
type trie struct {
	nodes  []trieNode
	labels []byte  // of all edges, those of a node side by side
	next   []int32 // where an edge leads
	first  [256]int32
	build  []map[byte]int32
}

type trieNode struct {
	lo, hi int32 // edges
	ends   []int32
}

func newTrie() *trie {
	return &trie{nodes: make([]trieNode, 1), build: []map[byte]int32{{}}}
}

// add records that string s stands for id.
func (t *trie) add(s string, id int) {
	at := int32(0)
	for i := range len(s) {
		to, ok := t.build[at][s[i]]
		if !ok {
			to = int32(len(t.nodes))
			t.nodes = append(t.nodes, trieNode{})
			t.build = append(t.build, map[byte]int32{})
			t.build[at][s[i]] = to
		}
		at = to
	}
	t.nodes[at].ends = append(t.nodes[at].ends, int32(id))
}

// freeze lays the edges out in order; nothing may be added afterwards.
func (t *trie) freeze() {
	type edge struct {
		label byte
		to    int32
	}
	for i, edges := range t.build {
		var sorted []edge
		for label, to := range edges {
			sorted = append(sorted, edge{label, to})
		}
		slices.SortFunc(sorted, func(a, b edge) int { return cmp.Compare(a.label, b.label) })
		t.nodes[i].lo = int32(len(t.labels))
		for _, e := range sorted {
			t.labels = append(t.labels, e.label)
			t.next = append(t.next, e.to)
		}
		t.nodes[i].hi = int32(len(t.labels))
	}
	for label, to := range t.build[0] {
		t.first[label] = to
	}
	t.build = nil
}

// anyEnding, inside a string, stands for the rest of a word: "centre* de
// données" is found in the singular and the plural.
const anyEnding = '\x01'

// walk calls found with each string that begins at text[i] and where it ends.
func (t *trie) walk(text []byte, i int, found func(id int32, end int)) {
	t.step(t.first[text[i]], text, i+1, found)
}

func (t *trie) step(at int32, text []byte, j int, found func(id int32, end int)) {
	for ; at != 0; j++ {
		n := &t.nodes[at]
		for _, id := range n.ends {
			found(id, j)
		}
		if j >= len(text) {
			return
		}
		at = 0
		for e := n.lo; e < n.hi; e++ {
			if t.labels[e] == anyEnding {
				t.step(t.next[e], text, endOfWord(text, j), found)
			} else if t.labels[e] == text[j] {
				at = t.next[e]
				break
			}
		}
	}
}

// endOfWord is the place from j on where letters end.
func endOfWord(text []byte, j int) int {
	for j < len(text) && (text[j] >= 'a' && text[j] <= 'z' || text[j] >= 0x80) {
		j++
	}
	return j
}
