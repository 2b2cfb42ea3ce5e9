package claim

import (
	"cmp"
	"slices"
	"strings"

	"clusterwire/feeds/news"
)

// same is how far apart two figures may be that say the same: a twentieth.
const same = 1.05

// value is what one source says, whatever its hedge: the figure or the range,
// or the words of a place or a date.
type value struct {
	source string
	lo, hi float64
	text   string
}

func saying(s news.Statement) value {
	v := value{source: s.Source.Slug, text: s.Claim.ValueText}
	if s.Claim.ValueLo != nil {
		v.lo, v.hi = *s.Claim.ValueLo, *s.Claim.ValueHi
	}
	return v
}

// kind tells words and ranges from single figures: one never says the same as
// another.
func (v value) kind() string {
	if v.text != "" {
		return strings.ToLower(v.text)
	}
	if v.lo != v.hi {
		return "range"
	}
	return ""
}

// independent counts, for each thing that a source says, the sources that say
// the same. Those that mostly repeat the reports of others count for what they
// say themselves alone. A window slides over the values in order, so a cluster
// that all the world reports on costs no more than sorting its statements.
func independent(live []news.Statement) map[value]int {
	repeats := map[string]bool{}
	all := make([]value, 0, len(live))
	counts := make(map[value]int, len(live))
	for _, s := range live {
		v := saying(s)
		if _, seen := counts[v]; seen {
			continue
		}
		counts[v] = 0
		all = append(all, v)
		repeats[v.source] = s.Source.Trust <= news.TrustRepeats
	}
	slices.SortFunc(all, func(a, b value) int {
		return cmp.Or(strings.Compare(a.kind(), b.kind()), cmp.Compare(a.hi, b.hi), cmp.Compare(a.lo, b.lo), strings.Compare(a.source, b.source))
	})
	in := map[string]int{} // how often each source that counts speaks in the window
	first, past := 0, 0
	for _, v := range all {
		for past < len(all) && all[past].within(v) {
			if !repeats[all[past].source] {
				in[all[past].source]++
			}
			past++
		}
		for !all[first].within(v) {
			if w := all[first].source; !repeats[w] {
				if in[w]--; in[w] == 0 {
					delete(in, w)
				}
			}
			first++
		}
		counts[v] = len(in)
		if repeats[v.source] {
			counts[v]++
		}
	}
	return counts
}

// within reports whether two values say the same: ranges do where both ends are
// the same.
func (v value) within(o value) bool {
	if v.kind() != o.kind() {
		return false
	}
	if v.lo != v.hi {
		return v.lo == o.lo && v.hi == o.hi
	}
	return v.hi <= o.hi*same && o.hi <= v.hi*same
}
