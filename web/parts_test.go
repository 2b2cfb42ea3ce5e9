package web

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

// TestParts: what companies are to a cluster is kept apart by role, with the
// time over which it was said.
func TestParts(t *testing.T) {
	said := func(org string, role news.OrgRole, date string) news.Statement {
		return news.Statement{Claim: news.Claim{Org: org, OrgRole: role, Date: date}, Article: 1}
	}
	gone := said("meta", news.OrgTenant, "2025")
	gone.Withdrawn = time.Now()
	rows := partsIn([]news.Statement{
		said("crusoe", news.OrgDeveloper, "2025-06-01"), said("oracle", news.OrgTenant, "2025-05"), said("crusoe", news.OrgDeveloper, "2024-10-15"),
		said("crusoe", news.OrgOwner, ""), said("openai", "", "2025"), said("", news.OrgTenant, "2025"), gone,
	})
	got := ""
	for _, r := range rows {
		got += fmt.Sprintf("%s %s %d %s-%s; ", r.Org, r.OrgRole, r.Said, r.From, r.To)
	}
	if want := "crusoe developer 2 2024-10-15-2025-06-01; crusoe owner 1 -; oracle tenant 1 2025-05-2025-05; "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestCreditsOfWhatIsShown: a database is credited where a figure of it
// stands, and nowhere else.
func TestCreditsOfWhatIsShown(t *testing.T) {
	st := &stand{}
	ours := st.statement(news.Statement{Claim: news.Claim{Unit: "count"}, Article: 1})
	theirs := st.statement(news.Statement{Claim: news.Claim{Method: "import"}, Source: news.Source{Slug: "epoch-ai"}})
	if got := credits(shownIn([]leagueRow{{Chips: stages{Live: figure{Best: ours}}, Cost: figure{Best: ours}}})...); len(got) != 0 {
		t.Errorf("credits %v for what the news says", got)
	}
	page := clusterPage{Tiles: []tile{{Figure: figure{Best: ours}}}, Claims: []claimRow{{Said: theirs}, {Said: theirs}}}
	if got := credits(page.shown()...); len(got) != 1 || got[0].Licence.Text != "CC BY 4.0" {
		t.Errorf("credits %v", got)
	}
	if got := credits(shownIn([]leagueRow{{Power: stages{Planned: figure{Best: theirs}}}})...); len(got) != 1 {
		t.Errorf("credits %v of a table", got)
	}
}

// TestCompanyStrip: the companies in the news and the way to all of them stand
// in one line.
func TestCompanyStrip(t *testing.T) {
	st := &stand{}
	for i := range 2500 {
		c := news.CompanyCount{Articles: max(900-i, 0)}
		c.Company.Name = strings.Repeat("n", 3+i%9)
		st.Companies = append(st.Companies, c)
	}
	chips := st.companyChips()
	wide := 0
	for _, c := range chips {
		wide += len(c.Text) + chipRunes
		if c.Count > 0 {
			wide += len(strconv.Itoa(c.Count))
		}
	}
	if last := chips[len(chips)-1]; last != (chip{Href: "/companies", Text: "all 2,500 companies"}) || wide > stripRunes || wide < stripRunes-20 {
		t.Errorf("%d letters, of %d, and last %+v", wide, stripRunes, last)
	}
	if chips := (&stand{Companies: []news.CompanyCount{{}}}).companyChips(); len(chips) != 0 {
		t.Errorf("%+v where none is in the news", chips)
	}
}
