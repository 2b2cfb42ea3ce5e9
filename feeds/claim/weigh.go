package claim

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// disputed is by how much two figures differ that dispute one another: a
// quarter.
const disputed = 1.25

// overlap is how far apart in time two statements may be and still speak of
// the same state of a site: sites grow.
const overlap = 183 * 24 * time.Hour

// current is how far behind the newest statement of its kind one may be and
// still be chosen.
const current = 365 * 24 * time.Hour

// Weigh groups statements by cluster, metric, basis, chip, currency and phase,
// never across them, and chooses in each group the one to show: what is real
// before what is planned or rumored (of costs, places and areas only what is
// denied, cancelled or rumored comes behind; and what is said to run gives way
// to what is said without a plan once the sites have had time to grow), then within a year of the newest
// the better source, then what more independent sources say, then the newest.
// Statements without a cluster are left out; withdrawn ones are history only.
// Facts are ordered by cluster, then as pages show metrics.
func Weigh(statements []news.Statement) []news.Fact {
	type key struct {
		cluster  string
		metric   news.Metric
		basis    news.Basis
		chip     string
		currency string
		phase    string
	}
	groups := map[key][]news.Statement{}
	for _, s := range statements {
		if c := s.Claim; c.Cluster != "" {
			k := key{c.Cluster, c.Metric, c.Basis, c.Chip, c.Currency, c.Phase}
			groups[k] = append(groups[k], s)
		}
	}
	var facts []news.Fact
	for k, group := range groups {
		slices.SortStableFunc(group, newestFirst)
		f := news.Fact{Cluster: k.cluster, Metric: k.metric, Basis: k.basis, Chip: k.chip, Currency: k.currency, Phase: k.phase, History: group}
		live := slices.DeleteFunc(slices.Clone(group), func(s news.Statement) bool { return !s.Withdrawn.IsZero() })
		if len(live) == 0 {
			continue
		}
		f.Best, f.Rule = choose(live)
		f.Dispute = dispute(live)
		facts = append(facts, f)
	}
	slices.SortFunc(facts, compareFacts)
	return facts
}

func compareFacts(a, b news.Fact) int {
	order := news.Metrics()
	if c := strings.Compare(a.Cluster, b.Cluster); c != 0 {
		return c
	}
	if c := slices.Index(order, a.Metric) - slices.Index(order, b.Metric); c != 0 {
		return c
	}
	return strings.Compare(string(a.Basis)+"\x00"+a.Chip+"\x00"+a.Currency+"\x00"+a.Phase, string(b.Basis)+"\x00"+b.Chip+"\x00"+b.Currency+"\x00"+b.Phase)
}

// said returns when a statement holds: the date it gives, else when it was
// published.
func said(s news.Statement) time.Time {
	if s.Claim.Date == "" {
		return s.Published
	}
	if at, _, ok := period(s.Claim.Date); ok && (s.Published.IsZero() || !at.After(s.Published)) {
		return at
	}
	return s.Published
}

// newestFirst orders statements by time, then so that the order is always the
// same.
func newestFirst(a, b news.Statement) int {
	if c := said(b).Compare(said(a)); c != 0 {
		return c
	}
	if a.Article != b.Article {
		return int(min(1, max(-1, b.Article-a.Article)))
	}
	return a.Claim.Start - b.Claim.Start
}

// rank orders statements by how real what they say is. What a site costs,
// where it is and how large is not truer because one text says it of a site
// that stands: there only denials, cancellations and rumours come behind.
func rank(c *news.Claim) int {
	n := realness(c.Modality)
	switch c.Metric {
	case news.MetricCost, news.MetricLocation, news.MetricArea:
		return min(n, 3)
	}
	return n
}

func realness(m news.Modality) int {
	return slices.Index([]news.Modality{news.Denied, news.Cancelled, news.Rumored, "", news.Planned, news.UnderConstruction, news.Operational}, m)
}

// choose returns the statement to show and the rule that chose it. live is
// ordered newest first.
func choose(live []news.Statement) (news.Statement, string) {
	top := topRank(live)
	var candidates []news.Statement
	for _, s := range live {
		if rank(&s.Claim) == top && (len(candidates) == 0 || said(candidates[0]).Sub(said(s)) <= current) {
			candidates = append(candidates, s)
		}
	}
	best, voices := candidates[0], 0
	said := independent(live)
	for i, s := range candidates {
		n := said[saying(s)]
		if i == 0 || s.Source.Trust > best.Source.Trust || s.Source.Trust == best.Source.Trust && (n > voices || n == voices && realness(s.Claim.Modality) > realness(best.Claim.Modality)) {
			best, voices = s, n
		}
	}
	return best, explain(best, len(live), len(candidates), voices)
}

// topRank is the rank of the statements to choose from, newest first: the most
// real one there is. Where the newest that says what runs is outdated by one that
// states no plan either, that is what its site was last said to be.
func topRank(live []news.Statement) int {
	top := 0
	for _, s := range live {
		top = max(top, rank(&s.Claim))
	}
	open, runs := -1, -1
	for i, s := range live {
		if open < 0 && s.Claim.Modality == "" {
			open = i
		}
		if runs < 0 && rank(&s.Claim) == top {
			runs = i
		}
	}
	if top == realness(news.Operational) && open >= 0 && said(live[open]).Sub(said(live[runs])) > overlap {
		return rank(&live[open].Claim)
	}
	return top
}

// explain says in words what chose best.
func explain(best news.Statement, live, candidates, voices int) string {
	if live == 1 {
		return "the only statement"
	}
	state := strings.ReplaceAll(string(best.Claim.Modality), "_", " ")
	if state == "" {
		state = "of a state that is not said"
	}
	reason := fmt.Sprintf("of %d statements one that is %s", live, state)
	if candidates > 1 {
		reason += fmt.Sprintf("; by a source of trust %d", best.Source.Trust)
		if voices > 1 {
			reason += fmt.Sprintf("; as %d independent sources say", voices)
		}
		reason += "; then the newest"
	}
	return reason
}

// real reports whether a statement is about what stands, not what is to come.
func real(s news.Statement) bool { return s.Claim.Modality == news.Operational }
