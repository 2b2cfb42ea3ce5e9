package claim

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

// stated builds a statement about Colossus: value, modality, source, trust and
// date.
func stated(value float64, m news.Modality, source string, trust news.Trust, date string) news.Statement {
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic(err)
	}
	c := news.Claim{Metric: news.MetricPower, Unit: "MW", Modality: m, Cluster: "colossus", Qualifier: news.Exact}
	setRange(&c, value, value)
	return news.Statement{Claim: c, Source: news.Source{Slug: source, Trust: trust}, Published: at, Article: int64(at.Unix())}
}

func TestWeighChooses(t *testing.T) {
	tests := []struct {
		name       string
		statements []news.Statement
		best       float64
		rule       string
		disputed   bool
	}{
		{"alone", []news.Statement{stated(150, news.Planned, "a", 2, "2024-06-01")}, 150, "only", false},
		{"what stands beats what is planned", []news.Statement{
			stated(150, news.Operational, "a", 2, "2024-06-01"), stated(1200, news.Planned, "b", 3, "2025-01-01")}, 150, "operational", false},
		{"a rumor never beats a plan", []news.Statement{
			stated(1000, news.Planned, "a", 1, "2024-06-01"), stated(5000, news.Rumored, "b", 3, "2024-06-02")}, 1000, "planned", true},
		{"the better source", []news.Statement{
			stated(150, news.Operational, "a", 3, "2024-06-01"), stated(155, news.Operational, "b", 1, "2024-07-01")}, 150, "trust 3", false},
		{"two newsrooms against one", []news.Statement{
			stated(150, news.Operational, "a", 2, "2024-06-01"), stated(151, news.Operational, "b", 2, "2024-06-02"),
			stated(170, news.Operational, "c", 2, "2024-06-03")}, 151, "2 independent", false},
		{"an aggregator is no second voice", []news.Statement{
			stated(150, news.Operational, "a", 2, "2024-06-01"), stated(150, news.Operational, "x", 1, "2024-06-02"),
			stated(160, news.Operational, "c", 2, "2024-06-03")}, 160, "newest", false},
		{"sites grow: a year is history", []news.Statement{
			stated(150, news.Operational, "a", 3, "2023-01-01"), stated(300, news.Operational, "b", 1, "2025-01-01")}, 300, "operational", false},
		{"what ran half a year ago gives way to what is said since", []news.Statement{
			stated(50, news.Operational, "a", 2, "2024-11-08"), stated(150, "", "b", 2, "2025-07-04"),
			stated(300, news.Planned, "b", 3, "2026-05-06")}, 150, "not said", false},
		{"but not to what is said beside it", []news.Statement{
			stated(50, news.Operational, "a", 2, "2025-03-01"), stated(150, "", "b", 2, "2025-07-04")}, 50, "operational", false},
		{"nor to a plan", []news.Statement{
			stated(50, news.Operational, "a", 2, "2024-11-08"), stated(150, news.Planned, "b", 2, "2026-07-04")}, 50, "operational", false},
		{"a quarter apart in the same summer", []news.Statement{
			stated(150, news.Operational, "a", 2, "2024-06-01"), stated(200, news.Operational, "b", 2, "2024-07-01")}, 200, "newest", true},
		{"less than a quarter apart", []news.Statement{
			stated(150, news.Operational, "a", 2, "2024-06-01"), stated(180, news.Operational, "b", 2, "2024-07-01")}, 180, "newest", false},
		{"a source corrects itself", []news.Statement{
			stated(150, news.Operational, "a", 2, "2024-06-01"), stated(250, news.Operational, "a", 2, "2024-07-01")}, 250, "newest", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			facts := Weigh(test.statements)
			if len(facts) != 1 {
				t.Fatalf("%d facts, want 1", len(facts))
			}
			f := facts[0]
			if *f.Best.Claim.ValueLo != test.best || !strings.Contains(f.Rule, test.rule) || (f.Dispute != nil) != test.disputed {
				t.Errorf("chose %g by %q, dispute %v", *f.Best.Claim.ValueLo, f.Rule, f.Dispute)
			}
			if len(f.History) != len(test.statements) || !slices.IsSortedFunc(f.History, newestFirst) {
				t.Errorf("history %v is not all, newest first", f.History)
			}
		})
	}
}

// TestWeighCosts makes sure that one text which says a cost of what stands does
// not beat two that say another of what is planned.
func TestWeighCosts(t *testing.T) {
	var all []news.Statement
	for _, s := range []news.Statement{
		stated(3.2e9, news.Operational, "a", 2, "2025-08-22"), stated(27e9, news.Planned, "b", 2, "2025-10-21"),
		stated(27e9, "", "c", 2, "2025-10-22"),
	} {
		s.Claim.Metric, s.Claim.Unit, s.Claim.Currency = news.MetricCost, "USD", "USD"
		all = append(all, s)
	}
	if best := Weigh(all)[0].Best.Claim; *best.ValueLo != 27e9 || best.Modality != news.Planned {
		t.Errorf("chose %g, %s", *best.ValueLo, best.Modality)
	}
}

func TestWeighNeverMixes(t *testing.T) {
	base := stated(100, news.Operational, "a", 2, "2024-06-01")
	with := func(change func(*news.Claim)) news.Statement {
		s := base
		change(&s.Claim)
		return s
	}
	statements := []news.Statement{
		base,
		with(func(c *news.Claim) { c.Basis = news.BasisIT }),
		with(func(c *news.Claim) { c.Basis = news.BasisFacility }),
		with(func(c *news.Claim) { c.Phase = "Phase 1" }),
		with(func(c *news.Claim) { c.Phase = "Phase 2" }),
		with(func(c *news.Claim) { c.Metric, c.Chip = news.MetricChips, "H100" }),
		with(func(c *news.Claim) { c.Metric, c.Chip = news.MetricChips, "H200" }),
		with(func(c *news.Claim) { c.Metric, c.Currency = news.MetricCost, "USD" }),
		with(func(c *news.Claim) { c.Metric, c.Currency = news.MetricCost, "EUR" }),
		with(func(c *news.Claim) { c.Cluster = "hyperion" }),
	}
	if facts := Weigh(statements); len(facts) != len(statements) {
		t.Errorf("%d facts of %d different things", len(facts), len(statements))
	}
	if facts := Weigh([]news.Statement{with(func(c *news.Claim) { c.Cluster = "" })}); len(facts) != 0 {
		t.Errorf("a statement about no cluster made facts %v", facts)
	}
}

func TestWeighWithdrawnAndHedged(t *testing.T) {
	gone := stated(900, news.Operational, "a", 3, "2024-07-01")
	gone.Withdrawn = gone.Published.AddDate(0, 1, 0)
	stands := stated(150, news.Operational, "b", 2, "2024-06-01")
	facts := Weigh([]news.Statement{gone, stands})
	if len(facts) != 1 || *facts[0].Best.Claim.ValueLo != 150 || facts[0].Dispute != nil || len(facts[0].History) != 2 {
		t.Errorf("facts %+v: a withdrawn statement is history, and no more", facts)
	}
	least := stated(100, news.Operational, "c", 2, "2024-06-01")
	least.Claim.Qualifier = news.AtLeast
	if f := Weigh([]news.Statement{least, stated(200, news.Operational, "d", 2, "2024-06-02")}); f[0].Dispute != nil {
		t.Errorf("\"more than 100\" disputes 200: %+v", f[0].Dispute)
	}
}

func TestDisputeNamesBothSides(t *testing.T) {
	facts := Weigh([]news.Statement{
		stated(1200, news.Planned, "a", 2, "2024-06-01"), stated(150, news.Planned, "b", 2, "2024-06-05"),
		stated(150, news.Planned, "c", 2, "2024-06-06"), stated(300, news.Planned, "d", 2, "2024-06-07"),
	})
	d := facts[0].Dispute
	if d == nil || d.Lo != 150 || d.Hi != 1200 || len(d.Statements) != 3 {
		t.Fatalf("dispute %+v, want 150 to 1200 in three statements", d)
	}
}

// TestWeighIsSteady: the order of the argument changes nothing.
func TestWeighIsSteady(t *testing.T) {
	statements := []news.Statement{
		stated(150, news.Operational, "a", 2, "2024-06-01"), stated(200, news.Operational, "b", 2, "2024-07-01"),
		stated(300, news.Planned, "c", 3, "2024-07-02"), stated(150, news.Operational, "d", 1, "2024-05-01"),
	}
	want := Weigh(statements)
	slices.Reverse(statements)
	if got := Weigh(statements); !reflect.DeepEqual(got, want) {
		t.Errorf("reversed: %+v, want %+v", got, want)
	}
}

// inWords builds a statement about Colossus that holds words, not a figure.
func inWords(m news.Metric, text, source, date string, change ...func(*news.Claim)) news.Statement {
	s := stated(0, news.Planned, source, 2, date)
	s.Claim.Metric, s.Claim.ValueText, s.Claim.ValueLo, s.Claim.ValueHi = m, text, nil, nil
	for _, f := range change {
		f(&s.Claim)
	}
	return s
}

// TestDisputedWords: dates of going online dispute one another where a
// calendar quarter lies between them, places where both name a region.
func TestDisputedWords(t *testing.T) {
	by := func(c *news.Claim) { c.Qualifier = news.AtMost }
	phase := func(c *news.Claim) { c.Phase = "Phase 1" }
	full := func(c *news.Claim) { c.Basis = news.BasisFull }
	tests := []struct {
		name     string
		a, b     string
		metric   news.Metric
		change   func(*news.Claim) // of the second
		disputed bool
	}{
		{"the next quarter", "2026-Q2", "2026-Q3", news.MetricOnlineDate, nil, false},
		{"a quarter between", "2026-Q2", "2026-Q4", news.MetricOnlineDate, nil, true},
		{"months", "2026-03", "2026-08", news.MetricOnlineDate, nil, true},
		{"months that are close", "2026-03", "2026-05", news.MetricOnlineDate, nil, false},
		{"a year holds its quarters", "2026", "2026-Q4", news.MetricOnlineDate, nil, false},
		{"halves touch", "2026-H1", "2026-H2", news.MetricOnlineDate, nil, false},
		{"years apart", "2026", "2028", news.MetricOnlineDate, nil, true},
		{"a day", "2026-01-15", "2026-06-30", news.MetricOnlineDate, nil, true},
		{"by then is also before", "2026-Q1", "2027", news.MetricOnlineDate, by, false},
		{"another phase", "2026", "2028", news.MetricOnlineDate, phase, false},
		{"the whole of it", "2026", "2028", news.MetricOnlineDate, full, false},
		{"no date", "2026", "soon", news.MetricOnlineDate, nil, false},
		{"another state", "Memphis, Tennessee", "Southaven, Mississippi", news.MetricLocation, nil, true},
		{"a part of it", "Memphis, Tennessee", "Memphis", news.MetricLocation, nil, false},
		{"the state alone", "Memphis, Tennessee", "Tennessee", news.MetricLocation, nil, false},
		{"another writing", "Memphis, Tennessee", "Memphis, Tenn.", news.MetricLocation, nil, false},
		{"two towns alone may be one place", "Boxtown", "Memphis", news.MetricLocation, nil, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			second := inWords(test.metric, test.b, "b", "2025-03-01")
			if test.change != nil {
				test.change(&second.Claim)
			}
			disputed := false
			for _, f := range Weigh([]news.Statement{inWords(test.metric, test.a, "a", "2025-02-01"), second}) {
				if f.Dispute != nil {
					disputed = true
					if len(f.Dispute.Statements) != 2 || f.Dispute.Lo != 0 || f.Dispute.Hi != 0 {
						t.Errorf("dispute %+v", f.Dispute)
					}
				}
			}
			if disputed != test.disputed {
				t.Errorf("%s and %s: disputed %t", test.a, test.b, disputed)
			}
		})
	}
}

// TestIndependent counts the sources that say the same: within a twentieth,
// ranges and words apart, repeaters for themselves alone.
func TestIndependent(t *testing.T) {
	live := []news.Statement{
		stated(100, news.Operational, "a", 2, "2024-06-01"), stated(104, news.Operational, "b", 2, "2024-06-02"),
		stated(108, news.Operational, "c", 3, "2024-06-03"), stated(100, news.Operational, "echo", 1, "2024-06-04"),
		stated(100, news.Operational, "a", 2, "2024-06-05"), stated(300, news.Operational, "d", 2, "2024-06-06"),
		inWords(news.MetricLocation, "Memphis", "a", "2024-06-01"), inWords(news.MetricLocation, "memphis", "b", "2024-06-01"),
		inWords(news.MetricLocation, "Memphis", "echo", "2024-06-01"),
	}
	live[8].Source.Trust = news.TrustRepeats
	got := independent(live)
	for i, want := range []int{2, 3, 2, 3, 2, 1, 2, 2, 3} {
		if n := got[saying(live[i])]; n != want {
			t.Errorf("%d sources say what %s says in %v, want %d", n, live[i].Source.Slug, saying(live[i]), want)
		}
	}
}

// TestIndependentRanges: ranges say the same where both ends do.
func TestIndependentRanges(t *testing.T) {
	between := func(lo, hi float64, source string) news.Statement {
		s := stated(hi, news.Planned, source, 2, "2024-06-01")
		s.Claim.ValueLo = &lo
		return s
	}
	live := []news.Statement{between(100, 500, "a"), between(450, 500, "b"), between(100, 500, "c"), between(100, 510, "d"), stated(500, news.Planned, "e", 2, "2024-06-01")}
	got := independent(live)
	for i, want := range []int{2, 1, 2, 1, 1} {
		if n := got[saying(live[i])]; n != want {
			t.Errorf("%d sources say what %s says in %v, want %d", n, live[i].Source.Slug, saying(live[i]), want)
		}
	}
}

// BenchmarkWeigh weighs what four hundred sources say of one figure.
func BenchmarkWeigh(b *testing.B) {
	for _, n := range []int{1000, 10000, 100000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			statements := make([]news.Statement, n)
			for i := range statements {
				statements[i] = stated(float64(100+i%977), news.Operational, "s"+strconv.Itoa(i%400), news.Trust(1+i%3), "2024-06-01")
				statements[i].Article = int64(i)
			}
			for b.Loop() {
				Weigh(statements)
			}
		})
	}
}
