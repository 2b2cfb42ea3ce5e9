package web

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"clusterwire/feeds/news"
)

// leagueFilter selects and orders clusters, for the page and the API alike.
type leagueFilter struct {
	By      leagueOrder // "" for the order of the list's place
	Company string      // that has a part in it, by its slug
	Country string      // ISO 3166-1 alpha-2, in capitals
	State   siteState
	Name    string // part of a name, an alias or a place
}

// siteState is how far a cluster is, by the figures that are known of it.
type siteState string

const (
	siteOperational siteState = "operational" // some of it runs
	sitePlanned     siteState = "planned"     // nothing is said to run, but some of it is planned or being built
	siteUnknown     siteState = "unknown"     // no figure says
)

func siteStates() []siteState { return []siteState{siteOperational, sitePlanned, siteUnknown} }

// stateOf is how far a cluster is. Costs, places and areas don't tell: they are
// stated of what stands and of what is to come alike.
func stateOf(facts []fact) siteState {
	state := siteUnknown
	for _, f := range facts {
		switch m := f.Best.Claim.Modality; f.Metric {
		case news.MetricCost, news.MetricLocation, news.MetricArea, news.MetricJobs:
		default:
			if live(m) {
				return siteOperational
			}
			if hoped(m) {
				state = sitePlanned
			}
		}
	}
	return state
}

// leagueParams are what a filter is read from.
func leagueParams() []param {
	return []param{
		{Name: "company", Doc: "Slug of a company that operates or owns it, or that a figure gives a part in it.", Example: "xai"},
		{Name: "country", Doc: "Country of the site, ISO 3166-1 alpha-2.", Example: "US"},
		{Name: "state", Doc: "How far it is, by the figures that are known.", Enum: names(siteStates())},
		{Name: "q", Doc: "Part of its name, of an alias or of its place.", Example: "memphis"},
		{Name: "by", Doc: "Order: most chips, power, money or claims first, or by name. What runs goes before what is to come; with _planned, the other way round. Amounts of money are ordered within their currency, dollars first.", Enum: names(leagueOrders())},
	}
}

func decodeLeague(values url.Values) (leagueFilter, error) {
	f := leagueFilter{Name: printable(strings.TrimSpace(values.Get("q")), longestQuery)}
	by, err := enum(values, "by", leagueOrders())
	if err != nil {
		return f, err
	}
	state, err := enum(values, "state", siteStates())
	if err != nil {
		return f, err
	}
	f.By, f.State = cmp.Or(by...), cmp.Or(state...)
	f.Company, f.Country = cmp.Or(many(values, "company")...), strings.ToUpper(cmp.Or(many(values, "country")...))
	return f, nil
}

// values name the list that a filter gives.
func (f leagueFilter) values() url.Values {
	values := url.Values{}
	for key, v := range map[string]string{"by": string(f.By), "company": f.Company, "country": f.Country, "state": string(f.State), "q": f.Name} {
		if v != "" {
			values.Set(key, v)
		}
	}
	return values
}

// set reports whether the filter leaves anything out.
func (f leagueFilter) set() bool {
	return f.Company != "" || f.Country != "" || f.State != "" || f.Name != ""
}

// title names the list that a filter gives.
func (f leagueFilter) title(st *stand) string {
	title := "Clusters"
	if f.By != "" {
		title += " by " + strings.ToLower(f.By.name())
	}
	of := nonEmpty(named(f.Company, st.companyName), named(f.Country, countryName), string(f.State), f.Name)
	return strings.Join(nonEmpty(title, strings.Join(of, ", ")), ": ")
}

// takes reports whether the filter leaves a cluster in.
func (f leagueFilter) takes(c news.Cluster, facts []fact) bool {
	return (f.Company == "" || c.Operator == f.Company || c.Owner == f.Company || partOf(f.Company, facts)) &&
		(f.Country == "" || strings.EqualFold(c.Country, f.Country)) &&
		(f.State == "" || stateOf(facts) == f.State) &&
		(f.Name == "" || contains(append([]string{c.Slug, c.Name, c.Place}, c.Aliases...), f.Name))
}

// partOf reports whether some figure gives a company a part in a cluster.
func partOf(company string, facts []fact) bool {
	return slices.ContainsFunc(facts, func(f fact) bool { return f.Best.Claim.Org == company && f.Best.Claim.OrgRole != "" })
}

// contains reports whether one of some words has a part, whatever its case.
func contains(words []string, part string) bool {
	part = strings.ToLower(part)
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(strings.ToLower(w), part) })
}

// leagueSelects are those of the form: what some cluster of the registry has.
func (st *stand) leagueSelects(f leagueFilter) []selectField {
	var companies, countries, states []option
	add := func(to *[]option, o option) {
		if o.Value != "" && !slices.Contains(*to, o) {
			*to = append(*to, o)
		}
	}
	for _, c := range st.Clusters {
		for _, slug := range []string{c.Operator, c.Owner} {
			add(&companies, option{slug, st.org(slug).Text})
		}
		add(&countries, option{c.Country, countryName(c.Country)})
	}
	for _, s := range siteStates() {
		add(&states, option{string(s), string(s)})
	}
	fields := []selectField{{Name: "company", Label: "Company"}, {Name: "country", Label: "Country"}, {Name: "state", Label: "State"}}
	for i, x := range []struct {
		options []option
		chosen  string
	}{{companies, f.Company}, {countries, f.Country}, {states, string(f.State)}} {
		fields[i].Options = optionsOf(x.options)
		if n := slices.IndexFunc(x.options, func(o option) bool { return o.Value == x.chosen }); n >= 0 {
			fields[i].Chosen = x.options[n]
		} else if x.chosen != "" {
			fields[i].Chosen = option{x.chosen, x.chosen}
		}
	}
	return fields
}

// countryName is the English name of a country, or its code.
func countryName(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	return display.English.Regions().Name(region)
}
