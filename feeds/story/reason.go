package story

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// reason says what an article and a story share.
func (p *profile) reason(x vector) string { return "shares " + p.shared(x) + p.apart(x) }

// because says what an article of a batch and its story share: in its own
// words, or else in those of its neighbours.
func (p *profile) because(own, expanded vector) string {
	if p.shared(own) != "" {
		return p.reason(own)
	}
	return "its nearest articles share " + p.shared(expanded) + p.apart(own)
}

// score is the likeness of an article and a story to four digits.
func (p *profile) score(x vector) float64 {
	all, neutral := p.products(x)
	return p.rounded(x, all, neutral)
}

// rounded is the likeness to four digits by the sums of products, see products.
func (p *profile) rounded(x vector, all, neutral float64) float64 {
	return math.Round(1e4*p.likeness(x, all, neutral)) / 1e4
}

// shared names the five terms that an article and a story share most of.
func (p *profile) shared(x vector) string {
	type share struct {
		word   string
		weight float64
	}
	var shares []share
	for i, id := range x.ids {
		if product := x.weights[i] * p.sum[id]; product > 0 {
			shares = append(shares, share{p.words.word(id), product})
		}
	}
	slices.SortFunc(shares, func(a, b share) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), strings.Compare(a.word, b.word))
	})
	words := make([]string, len(shares))
	for i, s := range shares {
		words[i] = s.word
	}
	return strings.Join(firstShown(words), ", ")
}

// firstShown are the first five terms as a person reads them, each once: a
// figure without a unit reads like the word that it is written as.
func firstShown(words []string) []string {
	var out []string
	for _, w := range words {
		if name := shown(w); len(out) < 5 && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// apart says how far a date is from a story's.
func (p *profile) apart(x vector) string {
	if !x.dated || p.dated == 0 {
		return ""
	}
	hours := math.Abs(x.date-p.date/float64(p.dated)) / 3600
	switch {
	case hours < 24:
		return "; within a day"
	default:
		return fmt.Sprintf("; %.1f days apart", hours/24)
	}
}

// shown is a word of a vocabulary for a person: a figure as it is written, a
// concept or word by its letters.
func shown(word string) string {
	number, isFigure := strings.CutPrefix(word, "#")
	if !isFigure {
		return strings.TrimPrefix(word, "=")
	}
	unit := strings.TrimRight(number, "0123456789.e+-")
	v, err := strconv.ParseFloat(number[len(unit):], 64)
	if err != nil {
		return number
	}
	text := strconv.FormatFloat(v, 'f', -1, 64)
	for _, s := range []struct {
		times float64
		name  string
	}{{1e12, " trillion"}, {1e9, " billion"}, {1e6, " million"}} {
		if v >= s.times {
			text = strconv.FormatFloat(v/s.times, 'f', -1, 64) + s.name
			break
		}
	}
	switch unit {
	case "$", "€", "£", "¥", "₩":
		return unit + text
	case "%":
		return text + "%"
	case "mw":
		return text + " MW"
	default:
		return strings.TrimSpace(text + " " + unit)
	}
}
