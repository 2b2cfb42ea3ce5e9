package web

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// stake is what a company is, or was, to a cluster, by how many claims, from
// when to when.
type stake struct {
	Org     string
	OrgRole news.OrgRole
	Said    int
	From    string // dates of the oldest claim and of the newest
	To      string
}

// partRow is a part as a page shows it.
type partRow struct {
	stake
	Company link
	Role    string
}

// partsIn are the parts that claims give companies: owner, operator, developer,
// tenant, maker of the chips and the rest are kept apart.
func partsIn(statements []news.Statement) []stake {
	type key struct {
		org  string
		role news.OrgRole
	}
	at := map[key]int{}
	var parts []stake
	for _, s := range statements {
		c, k := s.Claim, key{s.Claim.Org, s.Claim.OrgRole}
		if k.org == "" || k.role == "" || !s.Withdrawn.IsZero() {
			continue
		}
		date := c.Date
		if date == "" && !s.Published.IsZero() {
			date = s.Published.UTC().Format(time.DateOnly)
		}
		i, known := at[k]
		if !known {
			i = len(parts)
			at[k] = i
			parts = append(parts, stake{Org: k.org, OrgRole: k.role, From: date, To: date})
		}
		p := &parts[i]
		p.Said++
		if date != "" {
			p.From, p.To = min(cmp.Or(p.From, date), date), max(p.To, date)
		}
	}
	slices.SortStableFunc(parts, func(a, b stake) int {
		return cmp.Or(cmp.Compare(b.Said, a.Said), strings.Compare(a.Org, b.Org), strings.Compare(string(a.OrgRole), string(b.OrgRole)))
	})
	return parts
}
