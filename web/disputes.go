package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// dispute is a disagreement between sources as a page shows it.
type dispute struct {
	ID      string
	Cluster link
	Metric  string
	What    string
	Lo, Hi  string
	Rows    []claimRow
}

func (st *stand) dispute(f fact) dispute {
	c := f.Best.Claim
	d := dispute{ID: f.id(), Cluster: link{clusterPath(f.Cluster), st.clusterName(f.Cluster)}, Metric: metricName(f.Metric),
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

// id names a figure for good, in what an address and an HTML id may hold:
// colossus--chips--installed--h100
func (f fact) id() string {
	parts := []string{f.Cluster, string(f.Metric), string(f.Basis), f.Chip, f.Currency, f.Phase}
	for i, p := range parts {
		var b strings.Builder
		for _, c := range strings.ToLower(p) {
			switch {
			case 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '_':
				b.WriteRune(c)
			case c < 128:
				b.WriteByte('-')
			default: // phases are as articles write them
				b.WriteString("u" + strconv.FormatInt(int64(c), 16))
			}
		}
		parts[i] = strings.Trim(b.String(), "-")
	}
	return strings.TrimRight(strings.Join(parts, "--"), "-")
}

// since is when the newest of the statements that differ was made.
func (st *stand) since(f fact) (at time.Time) {
	for _, x := range f.Dispute.Statements {
		at = latest(at, st.saidAt(x))
	}
	return at
}

// openDisputes are the facts on which sources differ, those first in which the
// newest statement has a part.
func (st *stand) openDisputes(facts []fact) []fact {
	var open []fact
	for _, f := range facts {
		if f.Dispute != nil {
			open = append(open, f)
		}
	}
	slices.SortStableFunc(open, func(a, b fact) int { return st.since(b).Compare(st.since(a)) })
	return open
}

// disputes shows the first n of them.
func (st *stand) disputes(open []fact, n int) []dispute {
	var out []dispute
	for _, f := range open[:min(n, len(open))] {
		out = append(out, st.dispute(f))
	}
	return out
}

// disputesAmong are those that a few statements make by themselves.
func (st *stand) disputesAmong(weighed []news.Fact) []dispute {
	var facts []fact
	for _, f := range weighed {
		facts = append(facts, newFact(f))
	}
	open := st.openDisputes(facts)
	return st.disputes(open, len(open))
}

// disputeFeed is the list of disputes for readers of feeds.
func (s *site) disputeFeed(r *http.Request, st *stand, open []fact) feed {
	base, entries := s.base(r), []feedEntry{}
	for _, f := range open {
		x := st.dispute(f)
		e := feedEntry{ID: x.ID, Address: base + "/disputes#" + x.ID, Anchor: true, Link: base + x.Cluster.Href, Author: siteName, Language: "en", Published: st.since(f),
			Title: x.Cluster.Text + ": sources disagree on " + strings.ToLower(x.Metric) + ", from " + x.Lo + " to " + x.Hi, Categories: []string{x.Cluster.Text, x.Metric}}
		var said []string
		for _, row := range x.Rows {
			said = append(said, row.Value+" ("+strings.Join(nonEmpty(row.Said.Source, row.Said.Date), ", ")+")")
		}
		e.Text = strings.Join(said, "; ")
		if x.What != "" {
			e.Text = x.What + ": " + e.Text
		}
		entries = append(entries, e)
	}
	return newFeed("disputed figures", base+"/disputes", st.Stats.Changed, entries, func(f format) (self, next string) { return base + "/disputes." + f.suffix, "" })
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
	open := st.openDisputes(facts)
	switch f := formatOf(r); {
	case f.syndicated():
		body, err := s.disputeFeed(r, st, open).write(f)
		return reply{contentType: f.mime, modified: st.Stats.Changed, body: body}, err
	case f.suffix != "":
		return s.disputeTable(st, open, f)
	}
	page := disputesPage{frame: s.frame(r, st, "Disputed figures", "/disputes")}
	page.Section, page.Formats = "/disputes", formatLinks("/disputes", nil, append(feedFormats(), tableFormats()...)...)
	page.Feeds = feedLinks("/disputes", nil)
	page.Description = "Where sources disagree by a quarter or more on the same figure of an AI cluster."
	page.Total = len(open)
	part, n, err := cutPage(r, open, disputesEach, "/disputes", nil)
	if err != nil {
		return reply{}, err
	}
	page.Disputes, page.Part = st.disputes(part, len(part)), n
	page.Credits = credits(saidIn(page.Disputes)...)
	rep, err := s.page("disputes", page)
	rep.modified = st.Stats.Changed
	return rep, err
}
