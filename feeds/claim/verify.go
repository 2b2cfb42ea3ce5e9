package claim

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"clusterwire/feeds/news"
)

// Verify checks that a claim still stands in its text: the quote is what the
// offsets say, and the value parses again from the quote alone. Imported
// claims quote no text and are always in order.
func (r *Reader) Verify(t news.Text, c news.Claim) error {
	if c.Method == "import" {
		return nil
	}
	text := t.Body
	if c.In == news.InTitle {
		text = t.Title
	}
	if c.Start < 0 || c.End > len(text) || c.Start >= c.End {
		return fmt.Errorf("offsets %d to %d lie outside the text", c.Start, c.End)
	}
	if text[c.Start:c.End] != c.Quote {
		return fmt.Errorf("the text at %d is no longer %q", c.Start, c.Quote)
	}
	if !r.parses(t, c) {
		return fmt.Errorf("%q does not say %s", c.Quote, valueOf(c))
	}
	return nil
}

// valueOf writes a claim's value for a person.
func valueOf(c news.Claim) string {
	if c.ValueLo == nil {
		return c.ValueText
	}
	return fmt.Sprintf("%g to %g %s", *c.ValueLo, *c.ValueHi, c.Unit)
}

// parses reports whether the quote alone yields the claim's value in its
// metric's unit, in the language of the sentence or of the text.
func (r *Reader) parses(t news.Text, c news.Claim) bool {
	toks := tokenize(c.Quote, nil)
	full := r.languageOf(t, tokenize(t.Body, nil))
	for _, lang := range []string{full, r.sentenceLanguage(toks, full), fallback} {
		s := r.newSentence(c.Quote, toks, lang, 0)
		if c.ValueLo == nil {
			if s.holdsText(c) {
				return true
			}
			continue
		}
		for i := range toks {
			s.rangeBegun = s.any(i-3, i, "between")
			if n, ok := s.readNumber(i); ok && !s.masked[i] {
				q := s.quantity(n)
				if s.yields(&q, c) {
					return true
				}
			}
		}
		if slices.ContainsFunc(s.quantities(), func(q quantity) bool { return s.yields(&q, c) }) {
			return true // its unit stands with the figure before
		}
	}
	return false
}

// holdsText reports whether the quote holds a claim's place or date.
func (s *sentence) holdsText(c news.Claim) bool {
	if c.Metric != news.MetricOnlineDate {
		return strings.Contains(s.body, c.ValueText)
	}
	for i := range s.toks {
		if d, _, ok := s.date(i); ok && d == c.ValueText {
			return true
		}
	}
	return false
}

// yields reports whether q is the claim's value.
func (s *sentence) yields(q *quantity, c news.Claim) bool {
	factor := 1.0
	switch c.Metric {
	case news.MetricCost:
		if q.currency != c.Currency {
			return false
		}
	case news.MetricChips, news.MetricH100e:
		if q.currency != "" || q.metric != "" {
			return false
		}
	default:
		if q.metric != string(c.Metric) && !(q.metric == "petap" && c.Metric == news.MetricExaflops) && !(q.metric == "labour" && c.Metric == news.MetricJobs) {
			return false
		}
		factor = q.factor
	}
	return near(q.lo*factor, *c.ValueLo) && near(q.hi*factor, *c.ValueHi) ||
		q.single() && near(q.other*factor, *c.ValueLo) && near(q.other*factor, *c.ValueHi)
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b)) }
