package web

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"clusterwire/feeds/news"
)

// said is a figure of an article as a list shows it: value, of what, state.
type said struct {
	Value    string
	What     string
	Modality news.Modality
}

// gist is what a list shows of the figures in an article: those of one site or
// company, for figures of several side by side would be read as of one.
type gist struct {
	Of     link // "" where the article names nobody
	Said   []said
	Others int // other sites and companies that it gives figures of
}

// mostSaid is how many figures a list shows of one article.
const mostSaid = 3

// gistOf picks the site or company that an article gives most figures of, the
// first of equals, and of these the first of each metric, since what matters
// comes first. What was denied or called off is no figure.
func (st *stand) gistOf(claims []news.Claim) gist {
	groups, order := map[link][]news.Claim{}, []link{}
	for _, c := range claims {
		if c.ValueLo == nil && c.ValueHi == nil || !stated(c.Modality) {
			continue
		}
		of := link{}
		switch {
		case c.Cluster != "":
			of = link{clusterPath(c.Cluster), st.clusterName(c.Cluster)}
		case c.Org != "":
			of = st.org(c.Org)
		}
		if len(groups[of]) == 0 {
			order = append(order, of)
		}
		groups[of] = append(groups[of], c)
	}
	if len(order) == 0 {
		return gist{}
	}
	of := slices.MaxFunc(order, func(a, b link) int {
		return cmp.Or(cmp.Compare(len(groups[a]), len(groups[b])), slices.Index(order, b)-slices.Index(order, a))
	})
	out, seen := gist{Of: of, Others: len(order) - 1}, map[news.Metric]bool{}
	for _, c := range groups[of] {
		if !seen[c.Metric] && len(out.Said) < mostSaid {
			out.Said = append(out.Said, said{valueOf(c), saidWhat(c), c.Modality})
		}
		seen[c.Metric] = true
	}
	return out
}

// saidWhat says what a value counts, where its unit doesn't, and on which
// basis, where its state doesn't.
func saidWhat(c news.Claim) string {
	what := ""
	switch c.Metric {
	case news.MetricChips:
		what = cmp.Or(c.Chip, "chips")
	case news.MetricH100e:
		what = metricName(c.Metric)
	case news.MetricJobs, news.MetricWater:
		what = strings.ToLower(metricName(c.Metric))
	case news.MetricBuildDays:
		what = "to build"
	}
	basis := words(c.Basis)
	if basis == words(c.Modality) || c.Metric == news.MetricH100e {
		basis = ""
	}
	return strings.Join(nonEmpty(what, basis), ", ")
}

// addFigures puts the figures of articles on their cards.
func (s *site) addFigures(ctx context.Context, st *stand, cards ...*card) error {
	var ids []int64
	of := map[int64]*card{}
	for _, c := range cards {
		id, err := strconv.ParseInt(c.ID, 10, 64)
		if err == nil && c.Claims > 0 {
			ids, of[id] = append(ids, id), c
		}
	}
	if len(ids) == 0 {
		return nil
	}
	claims, err := s.store.Figures(ctx, ids)
	for id, list := range claims {
		of[id].Gist = st.gistOf(list)
	}
	return err
}
