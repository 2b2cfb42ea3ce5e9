package claim

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// quarter is how far apart two dates of going online are that dispute one
// another: a calendar quarter lies between them.
const quarter = 89 * 24 * time.Hour

// dispute returns the statements that contradict one another: in the same
// state of the site, within half a year, and a quarter or more apart. Of one
// source only its newest word counts.
func dispute(live []news.Statement) *news.Dispute {
	voices := newestWords(live)
	against, at := make([]bool, len(voices)), make([]time.Time, len(voices))
	for i, s := range voices {
		at[i] = said(s)
	}
	for i, a := range voices {
		for j, b := range voices[:i] {
			if real(a) == real(b) && at[i].Sub(at[j]).Abs() <= overlap && contradict(a.Claim, b.Claim) {
				against[i], against[j] = true, true
			}
		}
	}
	d := &news.Dispute{}
	told := map[value]bool{}
	for i, s := range voices {
		v := saying(s)
		v.source = ""
		if against[i] && !told[v] {
			told[v] = true
			d.Statements = append(d.Statements, s)
		}
	}
	if len(d.Statements) < 2 {
		return nil
	}
	slices.SortStableFunc(d.Statements, func(a, b news.Statement) int {
		v, w := saying(a), saying(b)
		return cmp.Or(cmp.Compare(v.lo, w.lo), strings.Compare(v.text, w.text))
	})
	d.Lo = saying(d.Statements[0]).lo
	for _, s := range d.Statements {
		d.Hi = math.Max(d.Hi, saying(s).hi)
	}
	return d
}

// newestWords returns the newest statement of each source about what stands,
// and about what is to come. Denials dispute nothing: they say what is not.
func newestWords(live []news.Statement) []news.Statement {
	type voice struct {
		source string
		real   bool
	}
	spoke := map[voice]bool{}
	var words []news.Statement
	for _, s := range live {
		v := voice{s.Source.Slug, real(s)}
		if s.Claim.Modality == news.Denied || s.Claim.Modality == news.Cancelled || spoke[v] {
			continue
		}
		spoke[v] = true
		words = append(words, s)
	}
	return words
}

// contradict reports whether two claims of one kind cannot both be true.
func contradict(a, b news.Claim) bool {
	switch a.Metric {
	case news.MetricOnlineDate:
		return datesApart(a, b)
	case news.MetricLocation:
		return placesApart(a.ValueText, b.ValueText)
	}
	return differ(a, b, disputed)
}

// differ reports whether the figures of two claims are further apart than
// factor, hedges allowed for: "more than 100,000" does not contradict 200,000.
func differ(a, b news.Claim, factor float64) bool {
	if a.ValueLo == nil || b.ValueLo == nil {
		return false
	}
	aLo, aHi := bounds(a)
	bLo, bHi := bounds(b)
	return aHi*factor <= bLo || bHi*factor <= aLo
}

// bounds returns what a claim allows its value to be.
func bounds(c news.Claim) (lo, hi float64) {
	switch c.Qualifier {
	case news.AtLeast:
		return *c.ValueLo, math.Inf(1)
	case news.AtMost:
		return 0, *c.ValueHi
	}
	return *c.ValueLo, *c.ValueHi
}

// datesApart reports whether a quarter or more lies between two fuzzy dates:
// the second and the fourth quarter dispute one another, 2026 and its third
// quarter do not. "By 2026" holds for all that is earlier.
func datesApart(a, b news.Claim) bool {
	aFrom, aTo, okA := period(a.ValueText)
	bFrom, bTo, okB := period(b.ValueText)
	if !okA || !okB {
		return false
	}
	return bFrom.Sub(aTo) >= quarter && b.Qualifier != news.AtMost || aFrom.Sub(bTo) >= quarter && a.Qualifier != news.AtMost
}

// placesApart reports whether two places, each with what it lies in, have
// neither in common: "Memphis, Tennessee" and "Southaven, Mississippi". A town
// alone disputes nothing, since it may lie in the other.
func placesApart(a, b string) bool {
	townA, regionA, okA := strings.Cut(fold(a), ",")
	townB, regionB, okB := strings.Cut(fold(b), ",")
	return okA && okB && strings.TrimSpace(townA) != strings.TrimSpace(townB) && strings.TrimSpace(regionA) != strings.TrimSpace(regionB)
}
