package claim

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
	"clusterwire/feeds/tag"
)

// longSets are whole articles: what they claim about clusters of the registry
// was labelled before anybody looked at what the rules make of them.
var longSets = []struct {
	name, articles, labels     string
	f1, modality, basis, wrong float64
	leastArticles, leastClaims int
}{
	// First run: precision .727, recall .542, F1 .621, with modality .520, with
	// basis .550, invented .273.
	{"demo", "../../cmd/clusterwire/demo/content/*.txt", "testdata/long/demo.labels", 0.89, 0.79, 0.83, 0.03, 60, 250},
	// First run: precision .824, recall .765, F1 .793, with modality .621, with
	// basis .758, invented .176.
	{"held", "testdata/long/articles/*.txt", "testdata/long/held.labels", 0.91, 0.81, 0.89, 0.02, 12, 200},
}

// TestLongTexts judges the claims that are given to a cluster, as the line
// reads them, with the companies of feeds/tag. A claim is right if metric,
// value and cluster are; with modality or basis, if that is right too.
func TestLongTexts(t *testing.T) {
	tagger, err := tag.New()
	if err != nil {
		t.Fatal(err)
	}
	r := reader(t)
	for _, set := range longSets {
		articles, labels := readLongArticles(t, set.articles), readLongLabels(t, set.labels)
		var tally longTally
		for _, key := range sortedKeys(articles) {
			text := articles[key]
			checkWords(t, key, text, labels[key])
			_, claims := r.Read(text, tagger.Read(text).Mentions)
			for _, c := range claims {
				if err := r.Verify(text, c); err != nil {
					t.Errorf("%s: %v", key, err)
				}
			}
			for _, line := range tally.judge(claims, labels[key]) {
				if testing.Verbose() {
					t.Logf("%s: %s", key, line)
				}
			}
		}
		for key := range labels {
			if _, ok := articles[key]; !ok {
				t.Errorf("%s labels %s, which is no article", set.labels, key)
			}
		}
		t.Logf("%s: %v", set.name, &tally)
		if len(labels) < set.leastArticles || tally.wanted < set.leastClaims {
			t.Errorf("%s: %d articles with %d claims: want %d with %d", set.name, len(labels), tally.wanted, set.leastArticles, set.leastClaims)
		}
		f1, modality, basis := tally.f1(tally.right, tally.found), tally.f1(tally.rightModality, tally.foundModality), tally.f1(tally.rightBasis, tally.foundBasis)
		if f1 < set.f1 || modality < set.modality || basis < set.basis || tally.invented() > set.wrong {
			t.Errorf("%s: %v: want F1 %.2f, with modality %.2f, with basis %.2f, invented at most %.2f", set.name, &tally, set.f1, set.modality, set.basis, set.wrong)
		}
	}
}

// longTally adds up how claims compare with labels. Claims that were read
// count for precision, labels that are demanded for recall.
type longTally struct {
	read, right, rightModality, rightBasis   int
	wanted, found, foundModality, foundBasis int
	repeated                                 int
}

func (y *longTally) f1(right, found int) float64 {
	p, r := float64(right)/float64(max(1, y.read)), float64(found)/float64(max(1, y.wanted))
	return 2 * p * r / max(p+r, 1e-9)
}

func (y *longTally) invented() float64 { return float64(y.read-y.right) / float64(max(1, y.read)) }

func (y *longTally) String() string {
	return fmt.Sprintf("precision %.3f, recall %.3f, F1 %.3f, with modality %.3f, with basis %.3f, invented %.3f (%d of %d), %d of %d found, %d said twice",
		float64(y.right)/float64(max(1, y.read)), float64(y.found)/float64(max(1, y.wanted)), y.f1(y.right, y.found),
		y.f1(y.rightModality, y.foundModality), y.f1(y.rightBasis, y.foundBasis), y.invented(), y.read-y.right, y.read, y.found, y.wanted, y.repeated)
}

// judge compares the claims of one article that are given to a cluster with
// its labels, and gives the mismatches.
func (y *longTally) judge(claims []news.Claim, labels []longLabel) (mismatches []string) {
	state := make([]struct{ hit, modality, basis bool }, len(labels))
	for _, c := range claims {
		if c.Cluster == "" {
			continue
		}
		best, modality, basis := -1, false, false
		for i, l := range labels {
			if !l.same(c) {
				continue
			}
			m, b := l.modality == "*" || l.modality == string(c.Modality), l.basis == "*" || l.basis == string(c.Basis)
			if best < 0 || m && !modality {
				best = i
			}
			modality, basis = modality || m, basis || b
		}
		if best < 0 {
			y.read++
			mismatches = append(mismatches, "invented "+describeClaim(c))
			continue
		}
		if state[best].hit {
			y.repeated++
			mismatches = append(mismatches, "again "+describeClaim(c))
		}
		y.read++
		y.right++
		y.rightModality += int(btof(modality))
		y.rightBasis += int(btof(basis))
		if !modality || !basis {
			mismatches = append(mismatches, fmt.Sprintf("%s should be %q, %q", describeClaim(c), labels[best].modality, labels[best].basis))
		}
		state[best].hit = true
		state[best].modality = state[best].modality || modality
		state[best].basis = state[best].basis || basis
	}
	for i, l := range labels {
		if l.optional {
			continue
		}
		y.wanted++
		y.found += int(btof(state[i].hit))
		y.foundModality += int(btof(state[i].modality))
		y.foundBasis += int(btof(state[i].basis))
		if !state[i].hit {
			mismatches = append(mismatches, "missed "+l.line+loose(claims, l))
		}
	}
	return mismatches
}

// loose says which claim that was given to no cluster a label may be.
func loose(claims []news.Claim, l longLabel) string {
	for _, c := range claims {
		of := c
		of.Cluster = l.cluster
		if c.Cluster == "" && l.same(of) {
			return fmt.Sprintf(" -- without cluster: %q", c.Quote)
		}
	}
	return ""
}

func describeClaim(c news.Claim) string {
	value := c.ValueText
	if c.ValueLo != nil {
		value = strconv.FormatFloat(*c.ValueLo, 'f', -1, 64)
		if *c.ValueHi != *c.ValueLo {
			value += ".." + strconv.FormatFloat(*c.ValueHi, 'f', -1, 64)
		}
	}
	return fmt.Sprintf("%s; %s; %s; %s; %s; %s: %q", c.Metric, value, c.Chip+c.Currency, c.Basis, c.Modality, c.Cluster, c.Quote)
}

// longLabel is one line of a file of labels, which says what its fields are.
type longLabel struct {
	line            string
	optional        bool
	metric          news.Metric
	lo, hi          float64
	words           []string // of a place or a date
	of              string
	basis, modality string
	must            bool // the basis has to be right
	cluster, quote  string
}

// same reports whether a claim is the one that is labelled.
func (l *longLabel) same(c news.Claim) bool {
	if l.metric != c.Metric || l.cluster != c.Cluster || l.metric == news.MetricCost && l.of != c.Currency {
		return false
	}
	if l.must && l.basis != string(c.Basis) && !(l.basis == string(news.BasisOnsite) && c.Basis == news.BasisBackup) {
		return false
	}
	if len(l.words) > 0 {
		return slices.ContainsFunc(l.words, func(w string) bool { return strings.Contains(c.ValueText, w) })
	}
	near := func(a, b float64) bool { return math.Abs(a-b) <= 0.01*math.Max(a, b) }
	return c.ValueLo != nil && near(l.lo, *c.ValueLo) && near(l.hi, *c.ValueHi)
}

var longUnits = map[string]float64{"": 1, "ft2": 0.09290304, "acre": 4046.8564224, "ha": 10000, "gal/d": 0.003785411784, "l/d": 0.001}

var longScales = map[byte]float64{'k': 1e3, 'M': 1e6, 'G': 1e9, 'T': 1e12}

func longValue(s string) (lo, hi float64, err error) {
	figure, unit, _ := strings.Cut(s, " ")
	factor, ok := longUnits[unit]
	if !ok {
		return 0, 0, fmt.Errorf("unit %q", unit)
	}
	var ends []float64
	for _, f := range strings.Split(figure, "..") {
		scale := 1.0
		if v, ok := longScales[f[len(f)-1]]; ok {
			scale, f = v, f[:len(f)-1]
		}
		v, err := strconv.ParseFloat(f, 64)
		if err != nil {
			return 0, 0, err
		}
		ends = append(ends, v*scale*factor)
	}
	return ends[0], ends[len(ends)-1], nil
}

func parseLongLabel(line string) (longLabel, error) {
	rest, optional := strings.CutPrefix(line, "? ")
	f := strings.SplitN(rest, "; ", 7)
	if len(f) != 7 {
		return longLabel{}, fmt.Errorf("%q: want 7 fields", line)
	}
	for i := range f {
		f[i] = strings.TrimPrefix(f[i], "-")
	}
	l := longLabel{line: line, optional: optional, metric: news.Metric(f[0]), of: f[2], basis: strings.TrimSuffix(f[3], "!"),
		must: strings.HasSuffix(f[3], "!"), modality: f[4], cluster: f[5], quote: f[6]}
	if !slices.Contains(news.Metrics(), l.metric) {
		return l, fmt.Errorf("%q has no metric", line)
	}
	if l.metric == news.MetricLocation || l.metric == news.MetricOnlineDate {
		l.words = strings.Split(f[1], "|")
		return l, nil
	}
	var err error
	if l.lo, l.hi, err = longValue(f[1]); err != nil {
		return l, fmt.Errorf("%q: %w", line, err)
	}
	return l, nil
}

// readLongLabels reads a file of labels by "publisher/slug".
func readLongLabels(t *testing.T, file string) map[string][]longLabel {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, c := range reader(t).Clusters() {
		known[c.Slug] = true
	}
	all, key := map[string][]longLabel{}, ""
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if head, ok := strings.CutPrefix(line, "## "); ok {
			key = head
			all[key] = nil
			continue
		}
		if line == "" || line[0] == '#' {
			continue
		}
		l, err := parseLongLabel(line)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if !known[l.cluster] {
			t.Errorf("%s: %s: no cluster %q", file, key, l.cluster)
		}
		all[key] = append(all[key], l)
	}
	return all
}

// checkWords makes sure that the words of each label stand in its article.
func checkWords(t *testing.T, key string, text news.Text, labels []longLabel) {
	t.Helper()
	for _, l := range labels {
		if !strings.Contains(text.Title+"\n"+text.Body, l.quote) {
			t.Errorf("%s: %q is not in the article", key, l.quote)
		}
	}
}

// readLongArticles reads publishers' files as the demo keeps them: the fields
// of the publisher, then its articles behind "=== slug"; a text behind "--- "
// replaces the one before.
func readLongArticles(t *testing.T, pattern string) map[string]news.Text {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no articles at %s: %v", pattern, err)
	}
	all := map[string]news.Text{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, rest, _ := strings.Cut(string(b), "\n=== ")
		fields := fieldsOf(head)
		for _, chunk := range strings.Split(rest, "\n=== ") {
			slug, _, _ := strings.Cut(chunk, "\n")
			all[strings.TrimSuffix(fields["host"], ".example")+"/"+slug] = longArticle(t, fields["language"], chunk)
		}
	}
	return all
}

func fieldsOf(text string) map[string]string {
	fields := map[string]string{}
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(line, ":")
		fields[key] = strings.TrimSpace(value)
	}
	return fields
}

func longArticle(t *testing.T, language, chunk string) news.Text {
	t.Helper()
	head, body, _ := strings.Cut(chunk, "\n\n")
	fields := fieldsOf(head)
	title := fields["title"]
	if _, revised, ok := strings.Cut(body, "\n--- "); ok {
		line, text, _ := strings.Cut(revised, "\n")
		if _, later, ok := strings.Cut(line, " "); ok {
			title = later
		}
		body = text
	}
	published, err := time.Parse(time.RFC3339, fields["date"])
	if body != "" && err != nil {
		t.Fatal(err)
	}
	if fields["summary"] != "" {
		body = fields["summary"] + "\n\n" + body
	}
	return news.Text{Title: title, Body: withoutMarkup(body), Language: language, Published: published}
}

// withoutMarkup takes the targets of links and the marks of lists, quotations
// and headings off.
func withoutMarkup(body string) string {
	var out strings.Builder
	for line := range strings.Lines(body) {
		for _, mark := range []string{"- ", "> ", "## "} {
			line = strings.TrimPrefix(line, mark)
		}
		for {
			before, rest, ok := strings.Cut(line, "](")
			if !ok {
				break
			}
			_, after, _ := strings.Cut(rest, ")")
			if i := strings.LastIndex(before, "["); i >= 0 {
				before = before[:i] + before[i+1:]
			}
			line = before + after
		}
		out.WriteString(line)
	}
	return strings.TrimSpace(out.String())
}

func sortedKeys(articles map[string]news.Text) []string {
	var keys []string
	for key := range articles {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
