package web

import (
	"context"
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

// mostSaid is how many figures a list shows of one article.
const mostSaid = 3

// saidOf picks the figures to show: the first that the article gives of each
// metric, since what matters comes first, and never one that was denied. Of a
// range of chips or a sum it says what they are.
func (st *stand) saidOf(claims []news.Claim) []said {
	var out []said
	seen := map[news.Metric]bool{}
	for _, c := range claims {
		if c.ValueLo == nil && c.ValueHi == nil || seen[c.Metric] || !stated(c.Modality) {
			continue
		}
		seen[c.Metric] = true
		what := strings.Join(nonEmpty(c.Chip, words(c.Basis)), ", ")
		switch {
		case c.Metric == news.MetricH100e:
			what = metricName(c.Metric)
		case what == "" && c.Metric != news.MetricPower && c.Metric != news.MetricCost:
			what = strings.ToLower(metricName(c.Metric))
		case c.Metric == news.MetricBuildDays:
			what = "to build"
		}
		if c.Cluster != "" {
			what = strings.Join(nonEmpty(what, st.clusterName(c.Cluster)), ", ")
		}
		if out = append(out, said{valueOf(c), what, c.Modality}); len(out) == mostSaid {
			break
		}
	}
	return out
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
		of[id].Said = st.saidOf(list)
	}
	return err
}
