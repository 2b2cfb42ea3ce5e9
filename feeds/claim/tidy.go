package claim

import (
	"strings"

	"clusterwire/feeds/news"
)

// onePlace keeps one claim for each place of a cluster: the fullest name of it,
// and of several places in one sentence the one that is in the registry, else
// the first.
func (r *Reader) onePlace(claims []news.Claim) []news.Claim {
	dropped := make([]bool, len(claims))
	for i := range claims {
		for j := range claims {
			if i != j && !dropped[i] && !dropped[j] && r.saysMore(&claims[i], &claims[j], i < j) {
				dropped[j] = true
			}
		}
	}
	kept := claims[:0]
	for i, c := range claims {
		if !dropped[i] {
			kept = append(kept, c)
		}
	}
	return kept
}

// saysMore reports whether location a makes location b superfluous. first says
// that a comes before b.
func (r *Reader) saysMore(a, b *news.Claim, first bool) bool {
	if a.Metric != news.MetricLocation || b.Metric != news.MetricLocation || a.Cluster != b.Cluster || a.Speaker != b.Speaker && a.In != b.In {
		return false
	}
	if a.Modality == news.Denied || b.Modality == news.Denied || a.Modality == news.Cancelled || b.Modality == news.Cancelled {
		return false
	}
	one, other := fold(a.ValueText), fold(b.ValueText)
	if one == other {
		return (a.Modality != "") == (b.Modality != "") && first || a.Modality != "" && b.Modality == ""
	}
	if strings.Contains(one, other) {
		return true
	}
	if a.Cluster == "" {
		return false
	}
	together := a.In == b.In && a.Start < b.End && b.Start < a.End
	home, foreign := r.home(a.Cluster, a.ValueText), r.home(b.Cluster, b.ValueText)
	return together && !strings.Contains(other, one) && (home && !foreign || home == foreign && first)
}
