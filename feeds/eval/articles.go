package eval

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"clusterwire/feeds/news"
)

// ArticleLabel is one claim about a cluster that a person says a whole article
// makes. A "*" for the basis or the modality says that any is right.
type ArticleLabel struct {
	Line     string // as the file has it
	Optional bool   // right if it is read, and not missed if it isn't
	Metric   news.Metric
	Lo, Hi   float64
	Words    []string // of a place or a date: any of them will do
	Of       string   // currency
	Basis    string
	Must     bool // the basis has to be right, else it is another claim
	Modality string
	Cluster  string // Cluster.Slug
	Quote    string // stands in the article
}

// ReadArticleLabels reads labels by article. A line "## publisher/slug" begins
// an article; each line after it is a claim, "? " before it makes it optional:
//
//	metric; value; currency; basis; modality; cluster; words of the article
//
// A value is a number with k, M, G or T and a unit, or lo..hi, or the words of a
// place or a date with | between those that are right; "-" stands for nothing.
func ReadArticleLabels(r io.Reader) (map[string][]ArticleLabel, error) {
	all, key := map[string][]ArticleLabel{}, ""
	s := bufio.NewScanner(r)
	for n := 1; s.Scan(); n++ {
		line := strings.TrimSpace(s.Text())
		if head, ok := strings.CutPrefix(line, "## "); ok {
			key = head
			all[key] = nil
			continue
		}
		if line == "" || line[0] == '#' {
			continue
		}
		l, err := parseArticleLabel(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		all[key] = append(all[key], l)
	}
	return all, s.Err()
}

func parseArticleLabel(line string) (ArticleLabel, error) {
	rest, optional := strings.CutPrefix(line, "? ")
	f := strings.SplitN(rest, "; ", 7)
	if len(f) != 7 {
		return ArticleLabel{}, fmt.Errorf("%q: want 7 fields", line)
	}
	for i := range f {
		f[i] = strings.TrimPrefix(f[i], "-")
	}
	l := ArticleLabel{Line: line, Optional: optional, Metric: news.Metric(f[0]), Of: f[2], Basis: strings.TrimSuffix(f[3], "!"),
		Must: strings.HasSuffix(f[3], "!"), Modality: f[4], Cluster: f[5], Quote: f[6]}
	if !slices.Contains(news.Metrics(), l.Metric) {
		return l, fmt.Errorf("%q has no metric", line)
	}
	if l.Metric == news.MetricLocation || l.Metric == news.MetricOnlineDate {
		l.Words = strings.Split(f[1], "|")
		return l, nil
	}
	var err error
	if l.Lo, l.Hi, err = articleValue(f[1]); err != nil {
		return l, fmt.Errorf("%q: %w", line, err)
	}
	return l, nil
}

// articleUnits are the units of values that are not those of the metric.
var articleUnits = map[string]float64{"": 1, "ft2": 0.09290304, "acre": 4046.8564224, "ha": 10000, "gal/d": 0.003785411784, "l/d": 0.001}

var articleScales = map[byte]float64{'k': 1e3, 'M': 1e6, 'G': 1e9, 'T': 1e12}

func articleValue(s string) (lo, hi float64, err error) {
	figure, unit, _ := strings.Cut(s, " ")
	factor, ok := articleUnits[unit]
	if !ok {
		return 0, 0, fmt.Errorf("unit %q", unit)
	}
	var ends []float64
	for _, f := range strings.Split(figure, "..") {
		if f == "" {
			return 0, 0, fmt.Errorf("no value in %q", s)
		}
		scale := 1.0
		if v, ok := articleScales[f[len(f)-1]]; ok {
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

// same reports whether a claim is the one that is labelled: a hundredth is
// allowed, as articles round what they convert.
func (l *ArticleLabel) same(c news.Claim) bool {
	if l.Metric != c.Metric || l.Cluster != c.Cluster || l.Metric == news.MetricCost && l.Of != c.Currency {
		return false
	}
	if l.Must && l.Basis != string(c.Basis) && !(l.Basis == string(news.BasisOnsite) && c.Basis == news.BasisBackup) {
		return false
	}
	if len(l.Words) > 0 {
		return slices.ContainsFunc(l.Words, func(w string) bool { return strings.Contains(c.ValueText, w) })
	}
	near := func(a, b float64) bool { return math.Abs(a-b) <= 0.01*math.Max(a, b) }
	return c.ValueLo != nil && near(l.Lo, *c.ValueLo) && near(l.Hi, *c.ValueHi)
}

// ArticleTally adds up how claims compare with the labels of whole articles.
// Claims that were read count for precision, labels that are demanded for
// recall. Its zero value is ready.
type ArticleTally struct {
	Read, Right, RightModality, RightBasis   int
	Wanted, Found, FoundModality, FoundBasis int
	Repeated                                 int // claims that say again what another said
}

// Rates are a precision and a recall that count different things: claims that
// were read, and labels that were found.
type Rates struct{ Precision, Recall float64 }

// F1 is the harmonic mean of both.
func (r Rates) F1() float64 {
	if r.Precision+r.Recall == 0 {
		return 0
	}
	return 2 * r.Precision * r.Recall / (r.Precision + r.Recall)
}

// All are the rates of claims whose metric, value and cluster are right.
func (y *ArticleTally) All() Rates { return y.rates(y.Right, y.Found) }

// Modality are the rates of those whose modality is right as well.
func (y *ArticleTally) Modality() Rates { return y.rates(y.RightModality, y.FoundModality) }

// Basis are the rates of those whose basis is right as well.
func (y *ArticleTally) Basis() Rates { return y.rates(y.RightBasis, y.FoundBasis) }

func (y *ArticleTally) rates(right, found int) Rates {
	return Rates{float64(right) / float64(max(1, y.Read)), float64(found) / float64(max(1, y.Wanted))}
}

// Add compares the claims of one article that are given to a cluster with its
// labels, and gives the mismatches, one a line.
func (y *ArticleTally) Add(claims []news.Claim, labels []ArticleLabel) (mismatches []string) {
	state := make([]struct{ hit, modality, basis bool }, len(labels))
	for _, c := range claims {
		if c.Cluster == "" {
			continue
		}
		y.Read++
		best, modality, basis := bestLabel(c, labels)
		if best < 0 {
			mismatches = append(mismatches, "invented "+describe(c))
			continue
		}
		if state[best].hit {
			y.Repeated++
		}
		y.Right++
		y.RightModality += btoi(modality)
		y.RightBasis += btoi(basis)
		if !modality || !basis {
			mismatches = append(mismatches, fmt.Sprintf("%s should be %q, %q", describe(c), labels[best].Modality, labels[best].Basis))
		}
		state[best].hit = true
		state[best].modality = state[best].modality || modality
		state[best].basis = state[best].basis || basis
	}
	for i, l := range labels {
		if l.Optional {
			continue
		}
		y.Wanted++
		y.Found += btoi(state[i].hit)
		y.FoundModality += btoi(state[i].modality)
		y.FoundBasis += btoi(state[i].basis)
		if !state[i].hit {
			mismatches = append(mismatches, "missed "+l.Line)
		}
	}
	return mismatches
}

// bestLabel returns the label that a claim is, -1 for none, one with its modality
// first, and whether any such label has its modality and its basis.
func bestLabel(c news.Claim, labels []ArticleLabel) (best int, modality, basis bool) {
	best = -1
	for i, l := range labels {
		if !l.same(c) {
			continue
		}
		m, b := l.Modality == "*" || l.Modality == string(c.Modality), l.Basis == "*" || l.Basis == string(c.Basis)
		if best < 0 || m && !modality {
			best = i
		}
		modality, basis = modality || m, basis || b
	}
	return best, modality, basis
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func describe(c news.Claim) string {
	return fmt.Sprintf("%v; %s; %s: %q", LabelOf(c), c.Basis, c.Cluster, c.Quote)
}
