package claim

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"clusterwire/feeds/news"
)

// EpochSource is who says what an import of Epoch AI's databases says. They
// are licensed CC BY 4.0: a page that shows such a statement credits
// "Epoch AI, 'Data on GPU Clusters', epoch.ai/data/gpu-clusters".
func EpochSource() news.Source {
	return news.Source{Slug: "epoch-ai", Name: "Epoch AI", Site: "https://epoch.ai/data", Kind: news.KindPolicy,
		Language: "en", Trust: news.TrustReports, Note: "CC BY 4.0; entered by hand from public sources"}
}

// Epoch parses one table of Epoch AI as statements with the method "import":
// gpu_clusters.csv, data_centers.csv, data_center_timelines.csv or
// data_center_chip_quantities.csv, which its header tells apart. Rows whose
// name the registry does not know are returned as candidate clusters too, once
// each, with a slug made of their name. Only what a source reported is taken
// for power and cost of the first; values that Epoch AI calculates are taken
// where a basis says so (H100 equivalents) or the whole table is an estimate.
// What the last two date after today is planned. Rows without a name are
// skipped.
func (r *Reader) Epoch(file io.Reader, today time.Time) ([]news.Cluster, []news.Statement, error) {
	rows := csv.NewReader(file)
	rows.FieldsPerRecord = -1
	header, err := rows.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("claim: Epoch AI's header: %w", err)
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	read := r.epochTable(header, today)
	if read == nil {
		return nil, nil, errors.New("claim: none of Epoch AI's gpu_clusters.csv, data_centers.csv, data_center_timelines.csv and data_center_chip_quantities.csv")
	}
	var candidates []news.Cluster
	var statements []news.Statement
	known := map[string]bool{}
	for line := 2; ; line++ {
		record, err := rows.Read()
		if err == io.EOF {
			return candidates, statements, nil
		}
		if err != nil {
			return nil, nil, fmt.Errorf("claim: Epoch AI's row %d: %w", line, err)
		}
		row := epochRow{}
		for i := range min(len(header), len(record)) {
			row[header[i]] = strings.TrimSpace(record[i])
		}
		cluster, candidate := r.epochCluster(row)
		if cluster.Slug == "" {
			continue
		}
		if candidate && !known[cluster.Slug] {
			known[cluster.Slug] = true
			candidates = append(candidates, cluster)
		}
		statements = append(statements, read(row, cluster.Slug)...)
	}
}

// epochTable is how the rows of the table with a header are read, nil if it is
// none that is known.
func (r *Reader) epochTable(header []string, today time.Time) func(row epochRow, slug string) []news.Statement {
	switch has := func(column string) bool { return slices.Contains(header, column) }; {
	case has("Chip type (primary)"):
		return r.epochClusters
	case has("Current power (MW)"):
		return r.epochSites
	case has("Data center") && has("Date") && has("Power (MW)"):
		return func(row epochRow, slug string) []news.Statement { return epochMoment(row, slug, today) }
	case has("Data center") && has("Date") && has("Number of Units"):
		return func(row epochRow, slug string) []news.Statement { return r.epochChips(row, slug, today) }
	}
	return nil
}

// epochRow is one row, by column name.
type epochRow map[string]string

// number returns a column as a number; false if it is empty or none.
func (row epochRow) number(column string) (float64, bool) {
	v, err := strconv.ParseFloat(row[column], 64)
	return v, err == nil && v > 0
}

// epochCluster returns the cluster that a row is about, and whether it is a
// candidate that the registry lacks.
func (r *Reader) epochCluster(row epochRow) (news.Cluster, bool) {
	name := strings.Trim(cmp.Or(row["Name"], row["Data center"]), "\" ")
	if name == "" || strings.HasPrefix(name, "Anonymized") {
		return news.Cluster{}, false
	}
	s := r.newSentence(name, tokenize(name, nil), fallback, 0)
	for _, h := range longest(s.hits, nameSure, nameMaybe) {
		if s.isName(h) {
			return *r.clusters[h.value], false
		}
	}
	name = strings.TrimSpace(withoutPhase(name))
	place := row["Location"]
	if place == "" {
		place = row["Address"]
	}
	return news.Cluster{Slug: slugOf(name), Name: name, Aliases: []string{name}, Place: place, Note: "candidate from Epoch AI's database"}, true
}

// withoutPhase cuts "Phase 2" off a name.
func withoutPhase(name string) string {
	before, _, _ := strings.Cut(name, " Phase ")
	for _, word := range []string{" Planned", " Possible", " Rumored"} {
		before = strings.TrimSuffix(before, word)
	}
	return before
}

// phaseOf returns the phase that a name ends in.
func phaseOf(name string) string {
	_, phase, ok := strings.Cut(strings.Trim(name, "\" "), " Phase ")
	if !ok {
		return ""
	}
	return "Phase " + phase
}

// slugOf makes a slug of a name.
func slugOf(name string) string {
	var b strings.Builder
	for _, r := range fold(name) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

// epochClusters makes statements of a row of gpu_clusters.csv.
func (r *Reader) epochClusters(row epochRow, slug string) []news.Statement {
	base := news.Claim{Cluster: slug, Phase: phaseOf(row["Name"]), Date: row["First Operational Date"], Method: "import", Qualifier: news.Exact}
	if row["Certainty"] != "Confirmed" {
		base.Qualifier = news.Approx
	}
	switch {
	case row["Certainty"] == "Unlikely":
		base.Modality = news.Rumored
	case row["Status"] == "Existing":
		base.Modality = news.Operational
	case row["Status"] == "Planned":
		base.Modality = news.Planned
	}
	var claims []news.Claim
	for _, which := range []string{"primary", "secondary"} {
		if n, ok := row.number("Chip quantity (" + which + ")"); ok {
			c := withValue(base, news.MetricChips, "count", n)
			c.Chip = r.chipNamed(row["Chip type ("+which+")"])
			c.Basis = basisByState(base.Modality)
			claims = append(claims, c)
		}
	}
	if n, ok := row.number("H100 equivalents"); ok {
		c := withValue(base, news.MetricH100e, "H100e", n)
		c.Basis = news.BasisDerived
		claims = append(claims, c)
	}
	if n, ok := row.number("Reported Power Capacity (MW)"); ok {
		claims = append(claims, withValue(base, news.MetricPower, "MW", n))
	}
	if n, ok := row.number("Reported Cost"); ok {
		c := withValue(base, news.MetricCost, "USD", n)
		c.Currency = "USD"
		claims = append(claims, c)
	}
	claims = append(claims, placeAndDate(base, row["Location"], row["First Operational Date"])...)
	return epochStatements(claims, row["Name"], "https://epoch.ai/data/gpu-clusters")
}

// epochSites makes statements of a row of data_centers.csv.
func (r *Reader) epochSites(row epochRow, slug string) []news.Statement {
	base := news.Claim{Cluster: slug, Method: "import", Qualifier: news.Approx, Modality: news.Operational}
	var claims []news.Claim
	if n, ok := row.number("Current H100 equivalents"); ok {
		c := withValue(base, news.MetricH100e, "H100e", n)
		c.Basis = news.BasisDerived
		claims = append(claims, c)
	}
	if n, ok := row.number("Current power (MW)"); ok {
		c := withValue(base, news.MetricPower, "MW", n)
		c.Basis = news.BasisFacility
		claims = append(claims, c)
	}
	if n, ok := row.number("Current total capital cost (2025 USD billions)"); ok {
		c := withValue(base, news.MetricCost, "USD", n*1e9)
		c.Currency, c.Basis = "USD", news.BasisTotal
		claims = append(claims, c)
	}
	claims = append(claims, placeAndDate(base, row["Address"], "")...)
	return epochStatements(claims, row["Name"], "https://epoch.ai/data/data-centers")
}

// epochMoment makes statements of a row of data_center_timelines.csv: what a
// site comes to on a day.
func epochMoment(row epochRow, slug string, today time.Time) []news.Statement {
	base, ok := epochDated(row, slug, today)
	if !ok {
		return nil
	}
	var claims []news.Claim
	for _, x := range []struct {
		column string
		metric news.Metric
		unit   string
		basis  news.Basis
		times  float64
	}{
		{"IT power (MW)", news.MetricPower, "MW", news.BasisIT, 1},
		{"Power (MW)", news.MetricPower, "MW", news.BasisFacility, 1},
		{"H100 equivalents", news.MetricH100e, "H100e", news.BasisDerived, 1},
		{"Total capital cost (2025 USD billions)", news.MetricCost, "USD", news.BasisTotal, 1e9},
		{"Water use (MGD)", news.MetricWater, "m³/day", news.BasisUse, 3785.411784},
	} {
		if n, ok := row.number(x.column); ok {
			c := withValue(base, x.metric, x.unit, n*x.times)
			if c.Basis = x.basis; x.metric == news.MetricCost {
				c.Currency = x.unit
			}
			claims = append(claims, c)
		}
	}
	return epochStatements(claims, row["Data center"], "https://epoch.ai/data/data-centers#timelines")
}

// epochChips makes a statement of a row of data_center_chip_quantities.csv:
// chips of one kind at a site on a day.
func (r *Reader) epochChips(row epochRow, slug string, today time.Time) []news.Statement {
	base, dated := epochDated(row, slug, today)
	n, counted := row.number("Number of Units")
	if !dated || !counted {
		return nil
	}
	c := withValue(base, news.MetricChips, "count", n)
	if row["Number of Units source"] == "Company disclosure" {
		c.Qualifier = news.Exact
	}
	c.Chip, c.Basis = r.chipNamed(row["Chip type"]), basisByState(c.Modality)
	return epochStatements([]news.Claim{c}, row["Data center"], "https://epoch.ai/data/data-centers#chip-quantities")
}

// epochDated is what the claims of a row with a date have in common.
func epochDated(row epochRow, slug string, today time.Time) (news.Claim, bool) {
	at, err := time.Parse(time.DateOnly, row["Date"])
	c := news.Claim{Cluster: slug, Method: "import", Qualifier: news.Approx, Modality: news.Operational, Date: row["Date"]}
	if at.After(today) {
		c.Modality = news.Planned
	}
	return c, err == nil
}

func withValue(base news.Claim, m news.Metric, unit string, v float64) news.Claim {
	base.Metric, base.Unit = m, unit
	setRange(&base, v, v)
	return base
}

func placeAndDate(base news.Claim, place, date string) []news.Claim {
	var claims []news.Claim
	if place != "" {
		c := base
		c.Metric, c.Unit, c.ValueText = news.MetricLocation, "place", strings.Join(strings.Fields(place), " ")
		claims = append(claims, c)
	}
	if date != "" {
		c := base
		c.Metric, c.Unit, c.ValueText, c.Date = news.MetricOnlineDate, "date", date, ""
		claims = append(claims, c)
	}
	return claims
}

func epochStatements(claims []news.Claim, title, url string) []news.Statement {
	statements := make([]news.Statement, len(claims))
	for i, c := range claims {
		statements[i] = news.Statement{Claim: c, Title: strings.Trim(title, "\" "), URL: url, Source: EpochSource(), Language: "en"}
	}
	return statements
}

// chipNamed returns the registry's name of a chip that another database names,
// "" if the registry lacks it.
func (r *Reader) chipNamed(name string) string {
	s := r.newSentence(name, tokenize(name, nil), fallback, 0)
	for _, h := range longest(s.hits, "chip") {
		return h.value
	}
	return ""
}
