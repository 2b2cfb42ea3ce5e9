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

// credits are those of all statements that facts show, each once.
func credits(facts []fact) []credit {
	var out []credit
	add := func(s news.Statement) {
		if c := creditOf(s); c != nil && !slices.Contains(out, *c) {
			out = append(out, *c)
		}
	}
	for _, f := range facts {
		add(f.Best)
		for _, s := range f.History {
			add(s)
		}
		if f.Dispute != nil {
			for _, s := range f.Dispute.Statements {
				add(s)
			}
		}
	}
	return out
}
