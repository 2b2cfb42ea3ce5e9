package query

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"clusterwire/feeds/news"
)

// numberFields are the fields that compare the numbers of claims.
var numberFields = map[string][]news.Metric{
	"gpus":  {news.MetricChips, news.MetricH100e},
	"chips": {news.MetricChips},
	"h100e": {news.MetricH100e},
	"power": {news.MetricPower},
	"cost":  {news.MetricCost},
	"flops": {news.MetricExaflops},
	"area":  {news.MetricArea},
	"water": {news.MetricWater},
	"days":  {news.MetricBuildDays},
	"jobs":  {news.MetricJobs},
}

// factors turn a unit into that of the metric. A number without a unit is in
// the metric's own, or plain.
var factors = map[news.Metric]map[string]float64{
	news.MetricPower: {"": 1, "mw": 1, "megawatt": 1, "gw": 1e3, "gigawatt": 1e3, "kw": 1e-3, "kilowatt": 1e-3, "tw": 1e6, "w": 1e-6},
	news.MetricExaflops: {"": 1, "ef": 1, "eflops": 1, "exaflops": 1, "exaflop": 1, "zf": 1e3, "zettaflops": 1e3, "pf": 1e-3,
		"pflops": 1e-3, "petaflops": 1e-3},
	news.MetricArea: {"": 1, "m2": 1, "m²": 1, "sqm": 1, "ha": 1e4, "hectares": 1e4, "km2": 1e6, "km²": 1e6,
		"sqft": 0.09290304, "ft2": 0.09290304, "ft²": 0.09290304, "acre": 4046.8564224, "acres": 4046.8564224},
	news.MetricWater: {"": 1, "m3": 1, "m³": 1, "l": 1e-3, "litres": 1e-3, "liters": 1e-3, "gal": 0.003785411784,
		"gallons": 0.003785411784, "mgd": 3785.411784},
}

// magnitudes multiply a number and may stand before a unit.
var magnitudes = map[string]float64{
	"": 1, "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6,
	"b": 1e9, "bn": 1e9, "mrd": 1e9, "billion": 1e9, "t": 1e12, "tn": 1e12, "trillion": 1e12,
}

// currencies are the signs and codes that may stand beside a cost.
var currencies = map[string]string{
	"$": "USD", "usd": "USD", "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP", "¥": "JPY", "jpy": "JPY", "cny": "CNY", "rmb": "CNY",
	"₩": "KRW", "krw": "KRW", "₹": "INR", "inr": "INR",
}

// number reads a condition like gpus:>=100000, power:500MW..2GW or cost:>$10B.
func (p *parser) number(l lexeme) *Node {
	metrics := numberFields[l.field]
	n := Number{Field: l.field, Metrics: metrics, Lo: math.Inf(-1), Hi: math.Inf(1)}
	text := strings.ToLower(strings.Join(strings.Fields(l.text), ""))
	ok := false
	if from, to, found := strings.Cut(text, ".."); found {
		ok = n.span(from, to)
	} else {
		ok = n.compare(text)
	}
	if !ok {
		p.warn("%q is no number for %s: (such as >=100000, 500MW..2GW, >10B): searched as words", l.text, l.field)
		return p.asWords(l)
	}
	return &Node{Op: OpNumber, Number: &n}
}

func (n *Number) span(from, to string) bool {
	// "500..900MW" gives its unit once.
	if m := figureForm.FindStringSubmatch(to); m != nil && figureForm.MatchString(from) {
		if f := figureForm.FindStringSubmatch(from); f[3] == "" {
			from += m[3]
		}
	}
	if from != "" {
		v, ok := n.value(from)
		if !ok {
			return false
		}
		n.Lo = v
	}
	if to != "" {
		v, ok := n.value(to)
		if !ok {
			return false
		}
		n.Hi = v
	}
	return (from != "" || to != "") && n.Lo <= n.Hi
}

func (n *Number) compare(text string) bool {
	op := text[:len(text)-len(strings.TrimLeft(text, "<>=≥≤"))]
	v, ok := n.value(text[len(op):])
	if !ok {
		return false
	}
	switch op {
	case ">":
		n.Lo = math.Nextafter(v, math.Inf(1))
	case ">=", "≥", "=>":
		n.Lo = v
	case "<":
		n.Hi = math.Nextafter(v, math.Inf(-1))
	case "<=", "≤", "=<":
		n.Hi = v
	case "", "=", "==":
		n.Lo, n.Hi = v, v
	default:
		return false
	}
	return true
}

var figureForm = regexp.MustCompile(`^([$€£¥₩₹]|usd|eur|gbp|jpy|cny|krw)?([0-9][0-9,]*(?:\.[0-9]+)?(?:e[0-9]{1,2})?)([a-zµ²³0-9]*)([$€£¥₩₹]?)$`)

// value reads one number with magnitude, unit and currency.
func (n *Number) value(text string) (float64, bool) {
	m := figureForm.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(m[2], ",", ""), 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, false
	}
	sign, unit := m[1]+m[4], m[3]
	if n.Metrics[0] == news.MetricCost {
		for code, iso := range currencies {
			if u, ok := strings.CutSuffix(unit, code); ok && len(code) == 3 {
				unit, sign = u, code
				n.Currency = iso
				break
			}
		}
	}
	if sign != "" {
		if n.Metrics[0] != news.MetricCost {
			return 0, false
		}
		n.Currency = currencies[sign]
	}
	units := factors[n.Metrics[0]]
	if f, ok := units[strings.TrimSuffix(unit, "s")]; ok {
		return v * f, true
	}
	if f, ok := units[unit]; ok {
		return v * f, true
	}
	if f, ok := magnitudes[unit]; ok {
		return v * f, true
	}
	return 0, false
}
