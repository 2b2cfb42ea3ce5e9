package story

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/eval"
	"clusterwire/feeds/eval/corpus"
	"clusterwire/feeds/news"
	"clusterwire/feeds/tag"
)

// worst is how many mistakes of a set are shown with -v.
const worst = 10

// pairRow is two headlines that a person or another program labelled.
type pairRow struct {
	Label string
	A, B  struct{ ID, Title, Summary, Published, Lang string }
}

// TestHeadlinePairs scores each pair by itself: one event, or two. As a batch
// of two articles, and as the line would place the second after the first.
func TestHeadlinePairs(t *testing.T) {
	m, tagger := matcher(t), newTagger(t)
	for _, c := range []struct {
		summaries      bool
		floor, decided float64
	}{{false, 0.82, 0.81}, {true, 0.84, 0.84}} {
		type mistake struct {
			likeness float64
			text     string
		}
		var mistakes []mistake
		var score, decided eval.Score
		for _, row := range readLines[pairRow](t, corpus.Path(t, "stories/pairs.jsonl")) {
			var fs []Features
			for _, x := range []struct{ ID, Title, Summary, Published, Lang string }{row.A, row.B} {
				text := news.Text{Title: x.Title, Language: x.Lang, Published: day(t, x.Published)}
				if c.summaries {
					text.Body = x.Summary
				}
				fs = append(fs, m.Featurize(text, news.Reading{Mentions: tagger.Read(text).Mentions}))
			}
			g := m.Group(fs)
			mark(&score, row.Label == "same", g[0].Story == g[1].Story)
			mark(&decided, row.Label == "same", m.Decide(fs[1], []Candidate{{Story: 1, Features: fs[0]}}).Story == 1)
			if likeness, why := alike(fs[0], fs[1]); (row.Label == "same") != (g[0].Story == g[1].Story) {
				mistakes = append(mistakes, mistake{likeness, fmt.Sprintf("%s, likeness %.2f, %s:\n%s\n%s", row.Label, likeness, why, row.A.Title, row.B.Title)})
			}
		}
		// The furthest from the bound are the worst.
		slices.SortStableFunc(mistakes, func(a, b mistake) int {
			return cmp.Compare(math.Abs(b.likeness-batchAlone), math.Abs(a.likeness-batchAlone))
		})
		for _, x := range mistakes[:min(worst, len(mistakes))] {
			t.Log(x.text)
		}
		t.Logf("headline pairs, summaries %v: %v; one after the other %v", c.summaries, score, decided)
		if score.F1() < c.floor || decided.F1() < c.decided {
			t.Errorf("F1 %.3f, want %.3f; one after the other %.3f, want %.3f", score.F1(), c.floor, decided.F1(), c.decided)
		}
	}
}

// TestUCIHeadlines groups the headlines of three days: by their titles alone,
// with the day of each, and with its time.
func TestUCIHeadlines(t *testing.T) {
	m := matcher(t)
	for _, c := range []struct {
		dated time.Duration // to what, 0 not at all
		floor float64
	}{{0, 0.82}, {24 * time.Hour, 0.85}, {time.Second, 0.87}} {
		var want, titles []string
		var fs []Features
		for _, f := range readTable(t, corpus.Path(t, "stories/uci_news_aggregator.tsv"), 8)[1:] {
			text := news.Text{Title: f[1], Language: "en"}
			if ms, err := strconv.ParseInt(f[7], 10, 64); err != nil {
				t.Fatal(err)
			} else if c.dated > 0 {
				text.Published = time.UnixMilli(ms).UTC().Truncate(c.dated)
			}
			fs, want, titles = append(fs, m.Featurize(text, news.Reading{})), append(want, f[5]), append(titles, f[1])
		}
		got := stories(m.Group(fs))
		p, r, f1 := eval.BCubed(want, got)
		t.Logf("UCI headlines, dated %v: B-cubed P %.3f R %.3f F1 %.3f; pairs %v", c.dated, p, r, f1, eval.Pairs(want, got))
		if f1 < c.floor {
			t.Errorf("B-cubed F1 %.3f is below %.3f", f1, c.floor)
		}
		if c.dated == 0 {
			for _, l := range eval.Worst(want, got, worst) {
				t.Logf("%.0f of %d lost, in parts of %v, the largest with %d others: %s", l.Lost, l.Items, l.Parts[:min(5, len(l.Parts))], l.Strangers, titles[slices.Index(want, l.Group)])
			}
		}
	}
}

// TestTitlesOfOneAddress checks that what one address was called over time is
// one story; and measures what the titles say without the address.
func TestTitlesOfOneAddress(t *testing.T) {
	m := matcher(t)
	for _, c := range []struct {
		addressed bool
		floor     float64
	}{{true, 1}, {false, 0.4}} {
		var want []int
		var fs []Features
		for i, g := range readLines[struct {
			URL    string
			Titles []struct{ Title, Lang, Published string }
		}](t, corpus.Path(t, "stories/same_url_groups.jsonl")) {
			for _, x := range g.Titles {
				text := news.Text{Title: x.Title, Language: x.Lang, Published: day(t, x.Published)}
				if c.addressed {
					text.URL = g.URL
				}
				fs, want = append(fs, m.Featurize(text, news.Reading{})), append(want, i)
			}
		}
		got := stories(m.Group(fs))
		whole := wholeGroups(want, got)
		t.Logf("addresses known %v: %.4f of them in one story; pairs %v", c.addressed, whole, eval.Pairs(want, got))
		if whole < c.floor {
			t.Errorf("%.4f of the addresses are in one story, want %.2f", whole, c.floor)
		}
	}
}

// wholeGroups is the share of groups whose members are in one story.
func wholeGroups(want, got []int) float64 {
	in := map[int]map[int]bool{}
	for i, w := range want {
		if in[w] == nil {
			in[w] = map[int]bool{}
		}
		in[w][got[i]] = true
	}
	whole := 0
	for _, s := range in {
		if len(s) == 1 {
			whole++
		}
	}
	return float64(whole) / float64(len(in))
}

var frequencies = flag.Bool("frequencies", false, "write data/frequency.tsv from the headlines of the corpora")

// TestFrequencies makes the table of how common words are, when asked to.
func TestFrequencies(t *testing.T) {
	if !*frequencies {
		t.Skip("run with -frequencies to make the table anew")
	}
	const rare = 4 // words of fewer headlines are as good as unknown
	m := matcher(t)
	count, total := map[string]int{}, 0
	for _, h := range readLines[struct{ Title, Summary string }](t, corpus.Path(t, "headlines.jsonl.gz")) {
		for _, s := range []string{h.Title, head(h.Summary, 200)} {
			if s == "" {
				continue
			}
			total++
			seen := map[string]bool{}
			for _, k := range m.terms(plain(s)) {
				if !seen[k] {
					seen[k] = true
					count[k]++
				}
			}
		}
	}
	var out []string
	for k, n := range count {
		if n >= rare {
			out = append(out, fmt.Sprintf("%s\t%d\n", k, n))
		}
	}
	sort.Strings(out)
	comment, _, _ := strings.Cut(string(frequencyTSV), "\n")
	table := fmt.Sprintf("%s\n*\t%d\n%s", comment, total, strings.Join(out, ""))
	if err := os.WriteFile(filepath.Join("data", "frequency.tsv"), []byte(table), 0o644); err != nil {
		t.Fatal(err)
	}
}

func matcher(t testing.TB) *Matcher {
	t.Helper()
	m, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func newTagger(t testing.TB) *tag.Tagger {
	t.Helper()
	tagger, err := tag.New()
	if err != nil {
		t.Fatal(err)
	}
	return tagger
}

func stories(gs []Grouped) []int {
	out := make([]int, len(gs))
	for i, g := range gs {
		out[i] = g.Story
	}
	return out
}

// mark counts one answer.
func mark(s *eval.Score, want, got bool) {
	switch {
	case want && got:
		s.TP++
	case want:
		s.FN++
	case got:
		s.FP++
	}
}

// day reads the day that a date begins with.
func day(t testing.TB, s string) time.Time {
	t.Helper()
	if s == "" {
		return time.Time{}
	}
	d, err := time.Parse(time.DateOnly, s[:10])
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// readLines reads a file of one JSON object a line, unpacked if it is gzip.
func readLines[T any](t testing.TB, path string) []T {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	in := bufio.NewScanner(file)
	if strings.HasSuffix(path, ".gz") {
		z, err := gzip.NewReader(file)
		if err != nil {
			t.Fatal(err)
		}
		in = bufio.NewScanner(z)
	}
	in.Buffer(nil, 1<<24)
	var out []T
	for in.Scan() {
		var v T
		if err := json.Unmarshal(in.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	if in.Err() != nil || len(out) == 0 {
		t.Fatal("nothing read from ", path, in.Err())
	}
	return out
}

// readTable reads a file of fields between tabs.
func readTable(t testing.TB, path string, fields int) [][]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for n, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		f := strings.Split(strings.TrimRight(line, "\r"), "\t")
		if strings.HasPrefix(line, "# ") {
			continue
		}
		if len(f) != fields {
			t.Fatalf("%s line %d: %d fields, want %d", path, n+1, len(f), fields)
		}
		out = append(out, f)
	}
	return out
}

// alike is the likeness of two articles from 0 to 1, and what they share.
func alike(a, b Features) (float64, string) {
	v := newVocabulary()
	x, y := v.vector(a), v.vector(b)
	p := newProfile(v)
	p.add(y, 1)
	return p.score(x), p.reason(x)
}
