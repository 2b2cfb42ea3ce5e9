package claim

import (
	"slices"
	"strings"

	"clusterwire/feeds/news"
)

// What a figure is of that stands with a site but is no figure of the site.
const (
	ofTurbines = "turbine" // machines on the site that make power for it
	ofPlant    = "plant"   // a power plant or waterworks of somebody's
	ofEach     = "each"    // one of several buildings, halls or pods, or a whole that it is part of
	ofVehicle  = "vehicle" // a company or fund that pays for it
)

// keepApart takes the cluster off a claim about something that only serves it,
// or is one of its parts: a utility's gas plants, the water of a recycling
// plant, the chips that fit into each building. Power from machines on the
// site stays, with its basis.
func (d *doc) keepApart(s *sentence, q *quantity, c *news.Claim) {
	of := ""
	switch c.Metric {
	case news.MetricPower, news.MetricWater:
		of = d.generator(s, q)
	case news.MetricCost:
		if of = d.generator(s, q); of == ofTurbines {
			of = ""
		}
		lo, hi := s.clause(q.from, q.to)
		if s.any(min(lo, max(0, q.from-12)), hi, ofVehicle) {
			of = ofVehicle
		}
		plant, ok := s.firstIn(0, q.from, ofPlant, "")
		if ok && !slices.ContainsFunc(d.clustersIn(s.index, s.index), func(h clusterHit) bool {
			return h.from > plant.from && h.from < q.from && !s.served(h) || h.from < plant.from && h.from >= lo && h.from < hi
		}) {
			of = ofPlant
		}
	case news.MetricChips, news.MetricExaflops:
		if s.eachOf(q) {
			of = ofEach
		}
	}
	if lo, _ := s.clause(q.from, q.to); s.any(lo, q.from, "partof") {
		of = ofEach
	}
	switch of {
	case "":
	case ofTurbines:
		if c.Metric == news.MetricPower {
			c.Basis = news.BasisOnsite
		}
	default:
		c.Cluster = ""
	}
}

// eachOf reports whether a count is of each of several parts: "each building
// holds up to 50,000", "joins 9,216 chips to a pod".
func (s *sentence) eachOf(q *quantity) bool {
	for i := q.from - 1; i >= 0 && i > q.from-14; i-- {
		if t := s.text(i); t == ";" || t == ":" {
			break
		}
		if s.has(i, "each") {
			return true
		}
	}
	_, hi := s.clause(q.from, q.to)
	if s.any(q.to, min(q.to+8, hi), "eachpart") {
		return true
	}
	h, ok := s.firstIn(q.to, q.to+6, "pers", "")
	return ok && s.shared(h.from)
}

// generator returns what a figure is of, if it is of power machines or a
// plant: they stand before it with nothing else that it could be of between,
// or right after it, or the sentence goes on about those of the sentence
// before.
func (d *doc) generator(s *sentence, q *quantity) string {
	if of := s.generatorAfter(q); of != "" {
		return of
	}
	of, open := d.generatorBefore(s, q.from)
	if of != "" || !open || s.index == 0 || d.begins(s.index) || d.infrastructure(s) || s.any(0, len(s.toks), "gridword") || s.any(0, len(s.toks), "campus") {
		return of
	}
	p := d.sentences[s.index-1]
	if of, _ = d.generatorBefore(p, len(p.toks)); of == "" && s.any(0, 3, "plural") { // "They have a capacity of"
		for i := range p.toks {
			if of = p.generatorEnding(i); of != "" {
				break
			}
		}
	}
	return of
}

// served reports whether something is for a cluster: "two plants for Meta's
// Prometheus".
func (s *sentence) served(h clusterHit) bool {
	for i := h.from - 1; i >= max(0, h.from-3); i-- {
		if s.has(i, "serves") {
			return true
		}
	}
	return false
}

// generatorAfter reads "421 megawatts of turbines".
func (s *sentence) generatorAfter(q *quantity) string {
	for i := q.to; i < q.to+5 && i < len(s.toks); i++ {
		for _, kind := range []string{ofTurbines, ofPlant} {
			if s.has(i, kind) {
				return kind
			}
		}
		if s.parts(i) || s.has(i, "joinand") || s.has(i, "unit") || s.has(i, "but") || s.has(i, nameSure) || s.has(i, nameMaybe) {
			break
		}
	}
	return ""
}

// generatorBefore looks back from token at. A site, a grid, or another power
// ends the search, and so does a cluster unless a plant is the subject of its
// clause: "plants for Hyperion have 2,262 MW". open reports that nothing did.
func (d *doc) generatorBefore(s *sentence, at int) (of string, open bool) {
	passed := false
	for i := at - 1; i >= 0; i-- {
		if of := s.generatorEnding(i); of != "" {
			return of, false
		}
		switch {
		case s.text(i) == ";" || s.has(i, "but"), passed && s.parts(i):
			return "", false
		case s.isPower(i), s.has(i, "strong") && !passed, s.has(i, "gridword"):
			return "", false
		case s.clusterStarts(d, i):
			passed = true
		}
	}
	return "", !passed
}

func (s *sentence) generatorEnding(i int) string {
	for _, kind := range []string{ofTurbines, ofPlant} {
		if s.has(i, kind) {
			return kind
		}
	}
	return ""
}

// isPower reports whether token i is a unit of power.
func (s *sentence) isPower(i int) bool {
	h, ok := s.starting(i, "unit")
	return ok && strings.HasPrefix(h.value, string(news.MetricPower)+" ")
}

func (s *sentence) clusterStarts(d *doc, i int) bool {
	for _, h := range d.clustersIn(s.index, s.index) {
		if h.from == i {
			return true
		}
	}
	return false
}
