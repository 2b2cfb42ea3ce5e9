package web

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// tick is a mark on an axis.
type tick struct {
	At   float64
	Text string
}

// columns is a chart of counts by month, drawn as SVG by the template
// "columns", with the same numbers in a table behind it.
type columns struct {
	Title         string
	Width, Height float64
	Base          float64 // y of zero
	Bars          []column
	Y, X          []tick
	Left, Right   float64
	Narrow        bool
}

type column struct {
	X, Y, W, H float64
	Href       string
	Month      string
	N          int
}

// The measures of a chart, in SVG units.
const (
	chartWidth  = 760.0
	chartNarrow = 340.0 // beside others
	chartHeight = 150.0
	chartLeft   = 44.0
	chartTop    = 12.0
	chartBottom = 24.0
	labelHalf   = 22.0 // half of the width of a label below the axis
)

// monthColumns draws counts by month. href makes the address of a month's news.
func monthColumns(title string, width float64, months []news.Count, href func(month string) string) columns {
	c := columns{Title: title, Width: width, Height: chartHeight, Base: chartHeight - chartBottom, Left: chartLeft, Right: width, Narrow: width < chartWidth}
	most := 0
	for _, m := range months {
		most = max(most, m.N)
	}
	if most == 0 || len(months) == 0 {
		return columns{}
	}
	step, top := steps(float64(most), 1)
	scale := (c.Base - chartTop) / top
	for v := 0.0; v <= top; v += step {
		c.Y = append(c.Y, tick{round1(c.Base - v*scale), short(v)})
	}
	slot := (width - chartLeft) / float64(len(months))
	every := int(math.Ceil(float64(len(months)) / (width / 95)))
	for i, m := range months {
		x := chartLeft + float64(i)*slot
		h := float64(m.N) * scale
		c.Bars = append(c.Bars, column{X: round1(x + slot*.12), Y: round1(c.Base - h), W: round1(max(slot*.76, .8)), H: round1(h), Href: href(m.Key), Month: m.Key, N: m.N})
		if i%every == 0 {
			c.X = append(c.X, tick{round1(min(x+slot/2, width-labelHalf)), monthName(m.Key)})
		}
	}
	return c
}

func monthName(key string) string {
	if t, err := time.Parse("2006-01", key); err == nil {
		return t.Format("Jan 06")
	}
	return key
}

// mostSteps is how many parts an axis has at most.
const mostSteps = 6

// steps divides an axis from 0 to at least most into round parts, none smaller
// than least.
func steps(most, least float64) (step, top float64) {
	unit := math.Pow(10, math.Floor(math.Log10(most)))
	step = unit * 2
	for _, part := range []float64{0.2, 0.5, 1} {
		if most/(unit*part) <= mostSteps {
			step = unit * part
			break
		}
	}
	step = max(step, least)
	return step, math.Ceil(most/step-1e-9) * step
}

// short writes a number for an axis: 100k, 1.5M.
func short(v float64) string {
	for _, s := range []struct {
		size float64
		name string
	}{{1e12, "tn"}, {1e9, "bn"}, {1e6, "M"}, {1e3, "k"}} {
		if v >= s.size {
			return strconv.FormatFloat(threeDigits(v/s.size), 'f', -1, 64) + s.name
		}
	}
	return strconv.FormatFloat(round3(v), 'f', -1, 64)
}

// threeDigits rounds v, which is at least 1, to three digits.
func threeDigits(v float64) float64 {
	unit := math.Pow(10, max(2-math.Floor(math.Log10(v)), 0))
	return math.Round(v*unit) / unit
}

func round1(v float64) float64 { return math.Round(v*10) / 10 }

// timeline is a chart of what was said of one metric of a cluster over time,
// drawn by the template "timeline" with the claims in a table behind it.
type timeline struct {
	Title         string
	Width, Height float64
	Base, Left    float64
	Y, X          []tick
	Dots          []dot
	Lines         []string // SVG paths through the running figures of one basis
}

type dot struct {
	X, Y     float64
	Live     bool
	Date     string
	Value    string
	What     string
	Modality news.Modality
	Source   string
	Credit   *credit
	when     time.Time
	size     float64
	series   string
}

// mostDots bounds a chart: beyond it nobody can tell them apart.
const mostDots = 200

// timelines draws chips and power, where there are at least two points.
func timelines(facts []fact) []timeline {
	var out []timeline
	for _, m := range []news.Metric{news.MetricChips, news.MetricPower} {
		if t := newTimeline(m, facts); len(t.Dots) > 1 {
			out = append(out, t)
		}
	}
	return out
}

func newTimeline(m news.Metric, facts []fact) timeline {
	title := metricName(m) + " over time"
	if m == news.MetricPower {
		title += ", MW"
	}
	t := timeline{Title: title, Width: chartWidth, Height: 240, Base: 240 - chartBottom, Left: 52}
	var most float64
	for _, f := range facts {
		if f.Metric != m {
			continue
		}
		for _, s := range f.History {
			if d, ok := newDot(f, s); ok {
				t.Dots = append(t.Dots, d)
			}
		}
	}
	slices.SortStableFunc(t.Dots, func(a, b dot) int { return cmp.Or(a.when.Compare(b.when), cmp.Compare(a.size, b.size)) })
	if extra := len(t.Dots) - mostDots; extra > 0 {
		t.Dots = slices.Clone(t.Dots[extra:])
		t.Title += ", newest " + strconv.Itoa(mostDots) + " claims"
	}
	for _, d := range t.Dots {
		most = max(most, d.size)
	}
	if len(t.Dots) < 2 {
		return timeline{}
	}
	t.place(most)
	t.Lines = t.lines()
	return t
}

func newDot(f fact, s news.Statement) (dot, bool) {
	when, ok := fuzzyDate(s.Claim.Date)
	if !ok {
		when = s.Published
	}
	size := sizeOf(s.Claim)
	if when.IsZero() || size <= 0 || !s.Withdrawn.IsZero() || !stated(s.Claim.Modality) {
		return dot{}, false
	}
	date := s.Claim.Date
	if !ok {
		date = when.UTC().Format(time.DateOnly)
	}
	what := strings.Join(nonEmpty(f.Chip, words(f.Basis), f.Phase), ", ")
	return dot{Live: live(s.Claim.Modality), Date: date, Value: valueOf(s.Claim), What: what, Modality: s.Claim.Modality,
		Source: s.Source.Name, Credit: creditOf(s), when: when, size: size, series: what}, true
}

// place turns dates and sizes into coordinates and draws the axes.
func (t *timeline) place(most float64) {
	first, last := t.Dots[0].when, t.Dots[len(t.Dots)-1].when
	first = first.AddDate(0, -1, 0)
	last = last.AddDate(0, 1, 0)
	width := (t.Width - t.Left - 16) / last.Sub(first).Hours()
	x := func(at time.Time) float64 { return round1(t.Left + at.Sub(first).Hours()*width) }
	step, top := steps(most, 0)
	scale := (t.Base - chartTop) / top
	for v := 0.0; v <= top+step/2; v += step {
		t.Y = append(t.Y, tick{round1(t.Base - v*scale), short(v)})
	}
	for i := range t.Dots {
		t.Dots[i].X, t.Dots[i].Y = x(t.Dots[i].when), round1(t.Base-t.Dots[i].size*scale)
	}
	months := int(last.Sub(first).Hours()/24/30) + 1
	every := max(int(math.Ceil(float64(months)/7)), 1)
	for at := time.Date(first.Year(), first.Month()+1, 1, 0, 0, 0, 0, time.UTC); at.Before(last); at = at.AddDate(0, every, 0) {
		t.X = append(t.X, tick{min(x(at), t.Width-labelHalf), at.Format("Jan 06")})
	}
}

// lines joins the running figures of one series by steps: a figure stands
// until the next one is given.
func (t *timeline) lines() []string {
	paths, last := map[string]*strings.Builder{}, map[string]int{}
	var order []string
	for _, d := range t.Dots {
		if !d.Live {
			continue
		}
		b, seen := paths[d.series]
		if !seen {
			b = &strings.Builder{}
			paths[d.series], order = b, append(order, d.series)
			b.WriteString("M" + coordinate(d.X) + " " + coordinate(d.Y))
		} else {
			b.WriteString("H" + coordinate(d.X) + "V" + coordinate(d.Y))
		}
		last[d.series]++
	}
	var out []string
	for _, s := range order {
		if last[s] > 1 {
			out = append(out, paths[s].String())
		}
	}
	return out
}

func coordinate(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// fuzzyDate reads a day, month, quarter, half or year as its beginning.
func fuzzyDate(s string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	year, partOf, found := strings.Cut(s, "-")
	y, err := strconv.Atoi(year)
	if !found || err != nil || len(partOf) != 2 {
		return time.Time{}, false
	}
	n := int(partOf[1] - '0')
	switch {
	case partOf[0] == 'Q' && 1 <= n && n <= 4:
		return time.Date(y, time.Month(3*n-2), 1, 0, 0, 0, 0, time.UTC), true
	case partOf[0] == 'H' && 1 <= n && n <= 2:
		return time.Date(y, time.Month(6*n-5), 1, 0, 0, 0, 0, time.UTC), true
	}
	return time.Time{}, false
}
