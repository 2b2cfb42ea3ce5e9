package claim

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// entry is one phrase of the lexicon: what kind of word it is, its value, and
// the language in which it means that ("" for all).
type entry struct {
	kind  string
	value string
	lang  string
	toks  int // tokens of the phrase
}

// lexicon finds the phrases of the data files in tokens. It is a trie whose
// edges are words; a phrase word that ends in * stands for every word that
// begins so.
type lexicon struct {
	exact   map[string]int32 // word -> edge
	begins  map[string]int32 // beginning -> edge
	lengths [24]bool         // lengths of beginnings, in bytes
	edges   map[uint64]int32 // node<<32 | edge -> node
	at      map[int32][]int32
	entries []entry
	nodes   int32
}

func newLexicon() *lexicon {
	return &lexicon{exact: map[string]int32{}, begins: map[string]int32{}, edges: map[uint64]int32{}, at: map[int32][]int32{}, nodes: 1}
}

// errTwice tells that a phrase stands in the data files with the same meaning
// already, in its language or in all.
var errTwice = errors.New("stands twice")

// add puts a phrase into the lexicon. It fails with errTwice where it has it.
func (l *lexicon) add(kind, value, lang, phrase string) error {
	node, count := int32(0), 0
	for _, field := range strings.Fields(phrase) {
		stem, star := strings.CutSuffix(field, "*")
		toks := tokenize(stem, nil)
		for i, t := range toks {
			if t.text == "-" && phrase != "-" {
				continue // skipJoint steps over it in texts
			}
			edge, err := l.edge(t.text, star && i == len(toks)-1)
			if err != nil {
				return fmt.Errorf("phrase %q: %w", phrase, err)
			}
			key := uint64(node)<<32 | uint64(edge)
			next, ok := l.edges[key]
			if !ok {
				next = l.nodes
				l.nodes++
				l.edges[key] = next
			}
			node, count = next, count+1
		}
	}
	if count == 0 {
		return fmt.Errorf("empty phrase of kind %s", kind)
	}
	for _, id := range l.at[node] {
		if e := &l.entries[id]; e.kind == kind && e.value == value && (e.lang == lang || e.lang == "" || lang == "") {
			return fmt.Errorf("phrase %q of kind %q: %w", phrase, kind, errTwice)
		}
	}
	l.entries = append(l.entries, entry{kind: kind, value: value, lang: lang, toks: count})
	l.at[node] = append(l.at[node], int32(len(l.entries)-1))
	return nil
}

// addOnce is add for names: many are written alike in several languages, and
// a plural may be listed as well.
func (l *lexicon) addOnce(kind, value, lang, phrase string) error {
	if err := l.add(kind, value, lang, phrase); !errors.Is(err, errTwice) {
		return err
	}
	return nil
}

func (l *lexicon) edge(text string, star bool) (int32, error) {
	from := l.exact
	if star {
		if len(text) >= len(l.lengths) {
			return 0, fmt.Errorf("beginning %q is too long", text)
		}
		l.lengths[len(text)] = true
		from = l.begins
	}
	id, ok := from[text]
	if !ok {
		id = int32(len(l.exact) + len(l.begins) + 1)
		from[text] = id
	}
	return id, nil
}

// hit is a phrase found in the tokens from..to (to is past the last).
type hit struct {
	from, to int
	*entry
}

// find returns every phrase of a language, or of all, in toks, ordered by
// where it begins.
func (l *lexicon) find(toks []token, lang string) []hit {
	edges := make([][3]int32, len(toks))
	dst := make([]hit, 0, len(toks))
	for i := range toks {
		edges[i] = l.edgesOf(&toks[i])
	}
	for i := range toks {
		if edges[i] != ([3]int32{}) {
			dst = l.walk(toks, lang, edges, i, i, 0, dst)
		}
	}
	return dst
}

// edgesOf returns the edges that a token may take: the word itself and up to
// two beginnings of it.
func (l *lexicon) edgesOf(t *token) (e [3]int32) {
	e[0] = l.exact[t.text]
	if t.kind != word {
		return e
	}
	n := 1
	for length := min(len(t.text), len(l.lengths)-1); length > 1 && n < len(e); length-- {
		if l.lengths[length] {
			if id, ok := l.begins[t.text[:length]]; ok {
				e[n] = id
				n++
			}
		}
	}
	return e
}

// in reports whether a phrase is read in texts of a language. English names of
// months stand in texts of all.
func (e *entry) in(lang string) bool {
	return e.lang == "" || e.lang == lang || e.lang == fallback && e.kind == "month"
}

func (l *lexicon) walk(toks []token, lang string, edges [][3]int32, from, i int, node int32, dst []hit) []hit {
	for _, e := range edges[i] {
		if e == 0 {
			continue
		}
		next, ok := l.edges[uint64(node)<<32|uint64(e)]
		if !ok {
			continue
		}
		for _, id := range l.at[next] {
			if phrase := &l.entries[id]; phrase.in(lang) {
				dst = append(dst, hit{from: from, to: i + 1, entry: phrase})
			}
		}
		if j := skipJoint(toks, i+1); j < len(toks) {
			dst = l.walk(toks, lang, edges, from, j, next, dst)
		}
	}
	return dst
}

// skipJoint steps over a hyphen or a single line end within a phrase:
// "data-center", "Grace\nHopper".
func skipJoint(toks []token, i int) int {
	if i < len(toks) && (toks[i].text == "-" || toks[i].text == "‑" || toks[i].text == "·" || toks[i].kind == newline) {
		return i + 1
	}
	return i
}

// load reads a data file into the lexicon. A line is "kind value: phrase |
// phrase"; the value may be absent; # starts a comment. The language is the
// file's name, "common" for all languages.
func (l *lexicon) load(fsys fs.FS, name string) error {
	lang := strings.TrimSuffix(path.Base(name), path.Ext(name))
	if lang == "common" {
		lang = ""
	}
	return eachLine(fsys, name, func(line string) error {
		head, phrases, ok := strings.Cut(line, ": ")
		if !ok {
			return fmt.Errorf("no \": \" in %q", line)
		}
		kind, value, _ := strings.Cut(strings.TrimSpace(head), " ")
		for _, phrase := range strings.Split(phrases, "|") {
			if err := l.add(kind, strings.TrimSpace(value), lang, strings.TrimSpace(phrase)); err != nil {
				return err
			}
		}
		return nil
	})
}

// eachLine calls fn with every line of a data file that is neither empty nor
// a comment.
func eachLine(fsys fs.FS, name string, fn func(string) error) error {
	f, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	scanner := bufio.NewScanner(f)
	for n := 1; scanner.Scan(); n++ {
		line := strings.TrimSpace(scanner.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := fn(line); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	return scanner.Err()
}

// longest drops hits that lie within a longer hit of the same kind.
func longest(hits []hit, kinds ...string) []hit {
	var kept []hit
	for _, h := range hits {
		if !slices.Contains(kinds, h.kind) {
			continue
		}
		if n := len(kept); n > 0 && h.from < kept[n-1].to {
			if h.to-h.from <= kept[n-1].to-kept[n-1].from {
				continue
			}
			if h.from <= kept[n-1].from {
				kept[n-1] = h
				continue
			}
			continue
		}
		kept = append(kept, h)
	}
	return kept
}
