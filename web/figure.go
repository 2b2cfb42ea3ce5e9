package web

import (
	"math"
	"strconv"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// claimRow turns a claim into words.
func (st *stand) claimRow(c news.Claim, q quote) claimRow {
	row := claimRow{Metric: metricName(c.Metric), Value: valueOf(c), Modality: c.Modality, Quote: q, Speaker: c.Speaker, Date: c.Date}
	row.What = strings.Join(nonEmpty(c.Chip, words(c.Basis), c.Phase), ", ")
	switch {
	case c.Cluster != "":
		row.Who = link{clusterPath(c.Cluster), st.clusterName(c.Cluster)}
	case c.Org != "":
		row.Who = st.org(c.Org)
	}
	return row
}

func nonEmpty(parts ...string) []string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

// metricName is a metric as a column or figure is headed.
func metricName(m news.Metric) string {
	switch m {
	case news.MetricChips:
		return "Chips"
	case news.MetricH100e:
		return "H100 equivalents"
	case news.MetricPower:
		return "Power"
	case news.MetricCost:
		return "Cost"
	case news.MetricExaflops:
		return "Computing"
	case news.MetricArea:
		return "Area"
	case news.MetricWater:
		return "Water"
	case news.MetricBuildDays:
		return "Built in"
	case news.MetricOnlineDate:
		return "Online"
	case news.MetricLocation:
		return "Place"
	case news.MetricJobs:
		return "Jobs"
	}
	return words(m)
}

// valueOf writes a claim's value with its hedge and its unit: "~$3bn",
// "at least 100,000", "150–250 MW".
func valueOf(c news.Claim) string {
	if c.ValueLo == nil && c.ValueHi == nil {
		if c.ValueText == "" {
			return "unknown"
		}
		return c.ValueText
	}
	lo, hi := c.ValueLo, c.ValueHi
	if lo == nil {
		lo = hi
	}
	if hi == nil {
		hi = lo
	}
	switch c.Qualifier {
	case news.Range:
		if *lo != *hi {
			return unit(c, number(c, *lo)+"–"+number(c, *hi))
		}
	case news.Approx:
		return "~" + unit(c, number(c, *lo))
	case news.AtLeast:
		return "≥ " + unit(c, number(c, *lo))
	case news.AtMost:
		return "≤ " + unit(c, number(c, *hi))
	}
	return unit(c, number(c, *lo))
}

// number writes a value with the precision that it has.
func number(c news.Claim, v float64) string {
	if c.Metric == news.MetricCost {
		if c.Qualifier == news.Approx {
			v = significant(v)
		}
		return money(v)
	}
	if math.Abs(v) < 1e15 && (v == math.Trunc(v) || math.Abs(v) >= 1000) {
		return thousands(int(math.Round(v)))
	}
	return strconv.FormatFloat(round3(v), 'f', -1, 64)
}

// money shortens an amount: 3bn, 400m, 1.2tn.
func money(v float64) string {
	for _, step := range []struct {
		size float64
		name string
	}{{1e12, "tn"}, {1e9, "bn"}, {1e6, "m"}} {
		if math.Abs(v) >= step.size {
			return strconv.FormatFloat(round3(v/step.size), 'f', -1, 64) + step.name
		}
	}
	return thousands(int(v))
}

// significant leaves three digits: an estimate has no more.
func significant(v float64) float64 {
	if v == 0 {
		return 0
	}
	step := math.Pow(10, math.Floor(math.Log10(math.Abs(v)))-2)
	return math.Round(v/step) * step
}

func round3(v float64) float64 { return math.Round(v*1000) / 1000 }

// unit adds the unit of a metric, or its currency.
func unit(c news.Claim, value string) string {
	switch c.Metric {
	case news.MetricPower:
		return value + " MW"
	case news.MetricCost:
		return currency(c.Currency, value)
	case news.MetricExaflops:
		return value + " EFLOP/s"
	case news.MetricArea:
		return value + " m²"
	case news.MetricWater:
		return value + " m³/day"
	case news.MetricBuildDays:
		return value + " days"
	}
	return value
}

func currency(code, value string) string {
	switch code {
	case "USD":
		return "$" + value
	case "EUR":
		return "€" + value
	case "GBP":
		return "£" + value
	case "":
		return value
	}
	return code + " " + value
}

// figure is a value with what it is, how sure, and who says so. Its zero value
// is an unknown one.
type figure struct {
	Known    bool
	ID       string // of its row on the page of its cluster
	Href     string // of that row, which shows its quote
	Value    string
	Metric   string
	What     string
	Modality news.Modality
	Size     float64
	Currency string // of money
	Sources  int
	Said     int // statements
	Best     statement
	Rule     string
	Disputed bool
}

// statement is who said a thing, where, in what words.
type statement struct {
	Source  string
	Article link
	URL     string
	Date    string
	Speaker string
	Quote   string
	Lang    string
	Credit  *credit // whom its licence asks to be named
}

// live reports whether a thing stands and runs.
func live(m news.Modality) bool { return m == news.Operational }

// hoped reports whether a thing is to come.
func hoped(m news.Modality) bool {
	return m == news.Planned || m == news.UnderConstruction || m == news.Rumored
}

// newFigure shows a fact.
func (st *stand) newFigure(f fact) figure {
	c := f.Best.Claim
	id := "figure--" + f.id()
	return figure{
		Known: true, ID: id, Href: clusterPath(f.Cluster) + "#" + id, Value: valueOf(c), Metric: metricName(f.Metric), What: strings.Join(nonEmpty(f.Chip, words(f.Basis), f.Phase), ", "),
		Modality: c.Modality, Size: sizeOf(c), Currency: f.Currency, Sources: f.Sources, Said: f.Said, Best: st.statement(f.Best), Rule: f.Rule, Disputed: f.Dispute != nil,
	}
}

func (st *stand) statement(s news.Statement) statement {
	out := statement{Source: st.named(s.Source), URL: st.open(s.URL), Date: s.Claim.Date, Speaker: s.Claim.Speaker, Quote: s.Claim.Quote, Lang: s.Language, Credit: creditOf(s)}
	if s.Article != 0 {
		out.Article = link{articlePath(s.Article), titleOf(s.Title, s.URL)}
	}
	if out.Date == "" && !s.Published.IsZero() {
		out.Date = s.Published.UTC().Format(time.DateOnly)
	}
	return out
}

// sizeOf is the number by which claims of one metric and basis are compared.
func sizeOf(c news.Claim) float64 {
	switch {
	case c.ValueHi != nil:
		return *c.ValueHi
	case c.ValueLo != nil:
		return *c.ValueLo
	}
	return 0
}

// spare reports whether a figure of power is of engines that stand by. They
// tell a site's size only where nothing else does.
func spare(b news.Basis) bool { return b == news.BasisBackup }

// greatest picks the largest of a cluster's facts on a metric among those
// whose best claim is in a wanted state.
func (st *stand) greatest(facts []fact, metric news.Metric, want func(news.Modality) bool) figure {
	var best figure
	idle := false // best is of what stands by
	for _, f := range facts {
		c := f.Best.Claim
		if f.Metric != metric || !want(c.Modality) || c.ValueLo == nil && c.ValueHi == nil {
			continue
		}
		fig, aside := st.newFigure(f), spare(f.Basis)
		if !best.Known || idle && !aside || idle == aside && fig.Size > best.Size {
			best, idle = fig, aside
		}
	}
	return best
}

// toCome is the greatest of a cluster's plans on a metric, unless as much stands
// already: a plan that was carried out is no longer to come.
func (st *stand) toCome(facts []fact, metric news.Metric) figure {
	plan := st.greatest(facts, metric, hoped)
	if plan.Size <= st.greatest(facts, metric, live).Size {
		return figure{}
	}
	return plan
}

// stated reports whether a state is one that a figure may be shown in without
// misleading: whatever was not denied or called off.
func stated(m news.Modality) bool { return m != news.Denied && m != news.Cancelled }
