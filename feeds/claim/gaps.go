package claim

import (
	"cmp"
	"slices"
	"strings"

	"clusterwire/feeds/news"
)

// Gap is where what the news says and what a database says of one figure are
// not the same.
type Gap struct {
	Cluster  string          `json:"cluster"`
	Metric   news.Metric     `json:"metric"`
	Basis    news.Basis      `json:"basis,omitempty"`
	Chip     string          `json:"chip,omitempty"`
	Currency string          `json:"currency,omitempty"`
	Phase    string          `json:"phase,omitempty"`
	Newer    bool            `json:"newer"`   // the news' newest word is later than the database's
	Differs  bool            `json:"differs"` // by more than a twentieth, hedges allowed for; places and dates, unless one holds the other
	News     *news.Statement `json:"-"`       // the newest, nil where the news lacks it
	Database *news.Statement `json:"-"`       // the newest, nil where the database lacks it
}

// Gaps sets the newest statement of the news beside the newest of a database,
// for each cluster, metric, basis, chip, currency and phase: they are never
// compared across these. Figures on which both agree, and the news is not
// newer, are left out. The order is that of Weigh, with the gaps that both know
// first, then what the news alone knows, then what the database alone knows.
func Gaps(fromNews, fromDatabase []news.Statement) []Gap {
	ours, theirs := newest(fromNews), newest(fromDatabase)
	var gaps []Gap
	for k, o := range ours {
		g := k
		g.News = &o
		if t, both := theirs[k]; both {
			g.Database = &t
			g.Newer = !said(t).IsZero() && said(o).After(said(t))
			g.Differs = differ(o.Claim, t.Claim, same) || !holds(o.Claim.ValueText, t.Claim.ValueText)
			if !g.Newer && !g.Differs {
				continue
			}
		}
		gaps = append(gaps, g)
	}
	for k, t := range theirs {
		if _, both := ours[k]; !both {
			g := k
			g.Database = &t
			gaps = append(gaps, g)
		}
	}
	slices.SortFunc(gaps, compareGaps)
	return gaps
}

// holds reports whether one place or date is within the other: "Memphis" and
// "3231 Riverport Rd, Memphis", 2024 and 2024-07.
func holds(a, b string) bool {
	a, b = fold(a), fold(b)
	return strings.Contains(a, b) || strings.Contains(b, a)
}

// newest keeps the newest standing statement of each figure, under a Gap that
// holds nothing but what figures are told apart by.
func newest(statements []news.Statement) map[Gap]news.Statement {
	out := map[Gap]news.Statement{}
	for _, f := range Weigh(statements) {
		for _, s := range f.History { // newest first
			if s.Withdrawn.IsZero() {
				out[Gap{Cluster: f.Cluster, Metric: f.Metric, Basis: f.Basis, Chip: f.Chip, Currency: f.Currency, Phase: f.Phase}] = s
				break
			}
		}
	}
	return out
}

func compareGaps(a, b Gap) int {
	side := func(g Gap) int {
		switch {
		case g.News != nil && g.Database != nil:
			return 0
		case g.News != nil:
			return 1
		}
		return 2
	}
	fact := func(g Gap) news.Fact {
		return news.Fact{Cluster: g.Cluster, Metric: g.Metric, Basis: g.Basis, Chip: g.Chip, Currency: g.Currency, Phase: g.Phase}
	}
	return cmp.Or(cmp.Compare(side(a), side(b)), compareFacts(fact(a), fact(b)))
}
