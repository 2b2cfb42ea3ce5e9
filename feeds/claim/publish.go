package claim

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"clusterwire/feeds/news"
)

// Weighed is a figure that may be a claim, with what spoke for it and against it.
type Weighed struct {
	Claim     news.Claim // metric, value, chip or currency, qualifier; the rest is read of claims alone
	Published bool
	Score     float64 // the probability that it is a claim about a site or cluster, 0 to 1
	Reason    string  // the strongest evidence, with its weight: positive speaks for it

	evidence evidence
}

// Metrics share their weights with those that are read alike.
const (
	ofMeasures = iota // power, area, water, computing power
	ofMoney
	ofJobs
	ofTimes
	groups
)

func groupOf(m news.Metric) int {
	switch m {
	case news.MetricCost:
		return ofMoney
	case news.MetricJobs:
		return ofJobs
	case news.MetricBuildDays, news.MetricOnlineDate:
		return ofTimes
	}
	return ofMeasures
}

// weights are what each piece of evidence adds to the logit that a figure is a
// claim, by group of metrics. A metric's own name is evidence, too.
type weights map[string]*[groups]float64

// loadWeights reads data/evidence.txt: the evidence, then its weight in each group.
func (r *Reader) loadWeights() error {
	r.weights = weights{}
	return eachLine(data, "data/evidence.txt", func(line string) error {
		fields := strings.Split(line, "\t")
		if len(fields) != 1+groups {
			return fmt.Errorf("%q has %d fields, want %d", line, len(fields), 1+groups)
		}
		w := &[groups]float64{}
		for i, field := range fields[1:] {
			v, err := strconv.ParseFloat(field, 64)
			if err != nil {
				return err
			}
			w[i] = v
		}
		r.weights[fields[0]] = w
		return nil
	})
}

// enough is the logit from which a figure is published: about the least at which
// no more than two numbers in a hundred are wrong in texts that the weights have
// not seen, see TestWeightsUnseen. It is above what would find most, since a wrong
// number is worse than a missing one.
const enough = 1.6

// publish decides whether the figure q is published as c, by all evidence.
func (d *doc) publish(s *sentence, q *quantity, c *news.Claim, clues []clue) bool {
	e := append(d.evidenceOf(s, q, c, clues), string(c.Metric))
	sum := 0.0
	for _, name := range e {
		if w := d.reader.weights[name]; w != nil {
			sum += w[groupOf(c.Metric)]
		}
	}
	ok := sum >= enough
	if d.judge != nil {
		ok = d.judge(Weighed{*c, ok, math.Round(1000/(1+math.Exp(-sum))) / 1000, d.reader.reason(e, c.Metric), e})
	}
	return ok
}

// reasonSize is how many pieces of evidence a reason names.
const reasonSize = 3

// reason names the strongest evidence.
func (r *Reader) reason(e evidence, m news.Metric) string {
	weight := func(name string) float64 {
		if w := r.weights[name]; w != nil {
			return w[groupOf(m)]
		}
		return 0
	}
	e = slices.Clone(e)
	slices.SortStableFunc(e, func(a, b string) int { return cmp.Compare(math.Abs(weight(b)), math.Abs(weight(a))) })
	var parts []string
	for _, name := range e[:min(len(e), reasonSize)] {
		parts = append(parts, fmt.Sprintf("%s %+.1f", name, weight(name)))
	}
	return strings.Join(parts, ", ")
}

// Figures returns every figure of a text that may be a claim, published or not, in
// the order in which they were read. A title and its body are read as one.
func (r *Reader) Figures(t news.Text, mentions []news.Mention) []Weighed {
	var all []Weighed
	r.readWith(t, mentions, func(w Weighed) bool {
		all = append(all, w)
		return w.Published
	})
	return all
}
