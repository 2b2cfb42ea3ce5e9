package web

import (
	"net/http"
	"slices"
	"strings"
)

// dispute is a disagreement between sources as a page shows it.
type dispute struct {
	Cluster link
	Metric  string
	What    string
	Lo, Hi  string
	Rows    []claimRow
}

func (st *stand) dispute(f fact) dispute {
	c := f.Best.Claim
	d := dispute{Cluster: link{clusterPath(f.Cluster), st.clusterName(f.Cluster)}, Metric: metricName(f.Metric),
		What: strings.Join(nonEmpty(f.Chip, words(f.Basis), f.Phase), ", "),
		Lo:   unit(c, number(c, f.Dispute.Lo)), Hi: unit(c, number(c, f.Dispute.Hi))}
	if said := f.Dispute.Statements; c.ValueLo == nil { // a date or a place
		d.Lo, d.Hi = valueOf(said[0].Claim), valueOf(said[len(said)-1].Claim)
	}
	for _, s := range f.Dispute.Statements {
		d.Rows = append(d.Rows, st.saidRow(s))
	}
	return d
}

// openDisputes are up to n of the facts on which sources differ.
func (st *stand) openDisputes(facts []fact, n int) []dispute {
	var out []dispute
	for _, f := range facts {
		if f.Dispute != nil && len(out) < n {
			out = append(out, st.dispute(f))
		}
	}
	return out
}

// disputesPage is the struct of templates/disputes.html.
type disputesPage struct {
	frame
	Disputes []dispute
	Total    int
	Part     numbered
}

// disputesEach is how many disputes stand on one page.
const disputesEach = 20

func (s *site) disputes(r *http.Request) (reply, error) {
	st, facts, err := s.standFacts(r)
	if err != nil {
		return reply{}, err
	}
	if f := formatOf(r); f.suffix != "" {
		return s.disputeTable(st, facts, f)
	}
	page := disputesPage{frame: s.frame(r, st, "Disputes", "/disputes")}
	page.Section, page.Formats = "/disputes", tableFormats("/disputes")
	page.Description = "Where sources disagree by a quarter or more on the same figure of an AI cluster."
	open := slices.DeleteFunc(slices.Clone(facts), func(f fact) bool { return f.Dispute == nil })
	page.Total = len(open)
	part, n, err := cutPage(r, open, disputesEach, "/disputes", nil)
	if err != nil {
		return reply{}, err
	}
	page.Disputes, page.Part = st.openDisputes(part, len(part)), n
	page.Credits = credits(saidIn(page.Disputes)...)
	rep, err := s.page("disputes", page)
	rep.modified = st.Stats.Changed
	return rep, err
}
