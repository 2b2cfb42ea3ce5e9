package web

import (
	"slices"

	"clusterwire/feeds/news"
)

// credit is who has to be named where figures of a database are shown.
type credit struct {
	Text    string
	Of      link // the database
	Licence link
}

// creditOf is the credit that the licence of an imported database asks for;
// nil for what the news says.
func creditOf(s news.Statement) *credit {
	if s.Claim.Method != "import" || s.Source.Slug != "epoch-ai" {
		return nil
	}
	return &credit{
		Text:    "Epoch AI, “Data on GPU Clusters”",
		Of:      link{"https://epoch.ai/data/gpu-clusters", "epoch.ai/data/gpu-clusters"},
		Licence: link{"https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"},
	}
}

// credits are those that statements ask for which a page shows, each once.
func credits(shown ...statement) []credit {
	var out []credit
	for _, s := range shown {
		if s.Credit != nil && !slices.Contains(out, *s.Credit) {
			out = append(out, *s.Credit)
		}
	}
	return out
}

// shownIn are the statements whose figures rows of clusters show.
func shownIn(rows []leagueRow) (shown []statement) {
	for _, row := range rows {
		for _, f := range []figure{row.Chips.Live, row.Chips.Planned, row.Power.Live, row.Power.Planned, row.Cost} {
			shown = append(shown, f.Best)
		}
	}
	return shown
}

// saidIn are the statements that disputes show.
func saidIn(disputes []dispute) (shown []statement) {
	for _, d := range disputes {
		for _, row := range d.Rows {
			shown = append(shown, row.Said)
		}
	}
	return shown
}

// shown are the statements whose figures the page of a cluster shows.
func (p *clusterPage) shown() []statement {
	shown := saidIn(p.Disputes)
	for _, t := range p.Tiles {
		shown = append(shown, t.Figure.Best)
	}
	for _, f := range p.Facts {
		shown = append(shown, f.Best)
	}
	for _, row := range p.Claims {
		shown = append(shown, row.Said)
	}
	for _, t := range p.Charts {
		for _, d := range t.Dots {
			shown = append(shown, statement{Credit: d.Credit})
		}
	}
	return shown
}
