// Package tag reads a text: which companies it names, which topics it is
// about, whether it is about AI infrastructure at all, and why.
//
// Construct a Tagger once with New; it loads the rules that are embedded from
// data/. Call Read with each text. A Tagger never changes, so any number of
// goroutines may share it, and the same text always gives the same Result.
// Nothing is stored.
//
// The rules are data, one thing a line, so that a change of rules is a diff
// that a person can judge:
//
//   - data/companies/*.txt: companies with their names, products, people and
//     tickers, and what speaks for and against the ambiguous ones;
//   - data/context.txt: words that show that a text is about technology or
//     business, what companies do, and words of sites and machines, in each
//     language that is read;
//   - data/topics.txt: the words of each topic;
//   - data/verdict.txt: the words and weights behind the verdict. The weights
//     are fitted to the labelled texts, see weights_test.go.
package tag

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"clusterwire/feeds/news"
)

//go:embed data
var data embed.FS

// codeVersion changes when code changes what rules mean.
const codeVersion = "tag-3"

// Result is what was concluded from one text.
type Result struct {
	Verdict  news.Verdict
	Mentions []news.Mention  // ordered: subjects first, then by where they are first named
	Topics   []news.TopicTag // in the order of news.Topics
}

// Tagger holds the rules. Construct with New.
type Tagger struct {
	companies []company
	kinds     map[string]string // of companies, by slug
	classes   []class           // of the verdict
	pairs     []pair
	bias      weight
	patterns  []pattern
	trie      *trie // patterns that begin where a word begins
	inner     *trie // patterns that may begin inside a word
	version   string
}

// New loads the embedded rules. An error names the file and line of a rule
// that can't be read.
func New() (*Tagger, error) {
	t := &Tagger{kinds: map[string]string{}}
	hash := sha256.New()
	fmt.Fprintln(hash, codeVersion)
	err := fs.WalkDir(data, "data", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		file, err := data.ReadFile(path)
		if err != nil {
			return err
		}
		hash.Write(file)
		if err := t.load(path, string(file)); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	t.version = codeVersion + "-" + hex.EncodeToString(hash.Sum(nil))[:12]
	t.trie, t.inner = newTrie(), newTrie()
	for i, p := range t.patterns {
		if p.openStart {
			t.inner.add(p.low, i)
		} else {
			t.trie.add(p.low, i)
		}
	}
	t.trie.freeze()
	t.inner.freeze()
	return t, nil
}

// Read concludes what it can from a text: title alone, body alone, or both.
// Where the language is "", the words of every language are tried.
func (t *Tagger) Read(text news.Text) Result {
	s := t.scan(text)
	mentions := t.mentions(s)
	return Result{
		Verdict:  t.verdict(s, mentions),
		Mentions: mentions,
		Topics:   t.topics(s),
	}
}

// Companies lists every company of the rules, ordered by slug.
func (t *Tagger) Companies() []news.Company {
	out := make([]news.Company, len(t.companies))
	for i, c := range t.companies {
		out[i] = c.Company
	}
	slices.SortFunc(out, func(a, b news.Company) int { return strings.Compare(a.Slug, b.Slug) })
	return out
}

// Version names the rules: it changes whenever data or code do.
func (t *Tagger) Version() string { return t.version }
