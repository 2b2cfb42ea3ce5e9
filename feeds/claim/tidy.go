package claim

import (
	"slices"
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
	one, other := fold(a.ValueText), fold(b.ValueText)
	if one == other {
		return (a.Modality != "") == (b.Modality != "") && first || a.Modality != "" && b.Modality == ""
	}
	if fuller(one, other) {
		return true
	}
	if a.Cluster == "" || a.Modality == news.Denied || b.Modality == news.Denied || a.Modality == news.Cancelled || b.Modality == news.Cancelled {
		return false
	}
	together := a.In == b.In && a.Start < b.End && b.Start < a.End
	home, foreign := r.home(a.Cluster, a.ValueText), r.home(b.Cluster, b.ValueText)
	return together && !strings.Contains(other, one) && (home && !foreign || home == foreign && first)
}

// fuller reports whether the name of a place says all that another does, and more:
// 東京都日野市 and 日野市, 전남 해남군 솔라시도 and 해남 솔라시도.
func fuller(one, other string) bool {
	if one == other || strings.Contains(other, one) {
		return false
	}
	parts := strings.FieldsFunc(other, func(r rune) bool { return r == ' ' || r == '・' })
	if strings.ContainsRune(one, '・') || len(parts) == 0 {
		return strings.Contains(one, other)
	}
	for _, part := range parts { // 福岡県糸島市 and 福岡・糸島
		_, rest, ok := strings.Cut(one, part)
		if !ok {
			return false
		}
		one = rest
	}
	return true
}

// nearest drops the countries and provinces, which wide lists, of a cluster, or of
// the sites that the registry lacks, where a text names a town of it as well.
func nearest(claims []news.Claim, wide []string) []news.Claim {
	isWide := func(c *news.Claim) bool { return slices.Contains(wide, c.ValueText) }
	return slices.DeleteFunc(claims, func(c news.Claim) bool {
		if c.Metric != news.MetricLocation || !isWide(&c) {
			return false
		}
		return slices.ContainsFunc(claims, func(o news.Claim) bool {
			return o.Metric == news.MetricLocation && o.Cluster == c.Cluster && o.ValueText != "" && !isWide(&o)
		})
	})
}
