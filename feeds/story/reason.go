package story

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// explain is the likeness of an article and a story, and what they share, for
// a person.
func (p *profile) explain(x vector) (float64, string) {
	type share struct {
		key    string
		weight float64
	}
	var shared []share
	var all, neutral float64
	for i, id := range x.ids {
		product := x.weights[i] * p.sum[id]
		if product <= 0 {
			continue
		}
		all += product
		if p.words.neutral[id] {
			neutral += product
		}
		shared = append(shared, share{p.words.keys[id], product})
	}
	slices.SortFunc(shared, func(a, b share) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), strings.Compare(a.key, b.key))
	})
	names := make([]string, 0, 5)
	for _, s := range shared[:min(5, len(shared))] {
		names = append(names, shown(s.key))
	}
	score := math.Round(1e4*p.likeness(x, all, neutral)) / 1e4
	return score, "shares " + strings.Join(names, ", ") + p.apart(x)
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

// Score is the likeness of two articles from 0 to 1, and what they share.
// Two of one address are the same article.
func (m *Matcher) Score(a, b Features) (float64, string) {
	if a.Canonical != "" && a.Canonical == b.Canonical {
		return 1, "same address"
	}
	v := newVocabulary()
	x, y := v.vector(a), v.vector(b)
	p := newProfile(v)
	p.add(y, 1)
	return p.explain(x)
}

// shown is a term's key for a person: a figure as it is written, a concept or
// stem by its letters.
func shown(key string) string {
	number, isFigure := strings.CutPrefix(key, "#")
	if !isFigure {
		return strings.TrimPrefix(key, "=")
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
