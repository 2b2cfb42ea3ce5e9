package web

import "net/http"

// helpPage is the struct of templates/help.html.
type helpPage struct {
	frame
	Parts []helpPart
}

// helpPart is one part of the query language.
type helpPart struct {
	Title, Note string
	Rows        []helpRow
}

// helpRow is an example, which the page links to its results, and what it asks.
type helpRow struct {
	Query, Doc string
}

// Href leads to what the example finds.
func (r helpRow) Href() string { return searchPath("q", r.Query) }

// queryHelp is the whole query language by example. A test holds it against
// the fields that there are, and asks each example.
func queryHelp() []helpPart {
	return []helpPart{
		{"Words", "Accents and capitals make no difference, nor does an s at the end. Data center, data-center, datacenter and data centre are one word, and so are 1.2 GW, 1.2GW and 1.2 gigawatts. Chinese, Japanese and Korean words are found inside a run of characters.", []helpRow{
			{"gas turbines", "both words, wherever they stand"},
			{`"gas turbines"`, "the phrase, side by side"},
			{"H100 OR GB200", "either; OR is written in capitals"},
			{"colossus -tesla", "without a word; NOT tesla is the same"},
			{"memphis (turbines OR substation)", "a group"},
			{"turbin*", "words that begin so"},
			{"GB200/GB300", "signs are searched as they are typed: also AT&T, C++ and $10B"},
			{"title:permit", "in the headline"},
		}},
		{"Fields", "Several values with commas between them are alternatives; a - before a field leaves out what it finds. Names are completed as you type.", []helpRow{
			{"company:xai,meta", "names either company"},
			{"company:xai company.role:subject", "is about the company, not merely naming it"},
			{"cluster:colossus", "names the cluster"},
			{"topic:water", "is about the topic"},
			{"source:the-register", "by the publisher"},
			{"kind:local", "by publishers of a kind: company, dc-trade, chips, energy, policy, local, general, aggregator"},
			{"lang:it", "in the language"},
			{"country:us", "by publishers of the country"},
			{"has:claims", "states figures; also has:cluster, has:company, has:image"},
		}},
		{"Dates", "A date is a year, a half, a quarter, a month or a day: 2024, 2024-H2, 2024-Q3, 2024-09, 2024-09-02.", []helpRow{
			{"after:2024-09", "published from its beginning on"},
			{"before:2024-12", "published before it began"},
			{"date:2024-09..2024-12", "from the beginning of one to the end of the other"},
		}},
		{"Figures", "Finds articles that state such a figure. > >= < <= = and ranges with .. between; k, M, B and T multiply, and units are understood.", []helpRow{
			{"gpus:>=100000", "chips or H100 equivalents, planned or in operation"},
			{"chips:10k..50k", "chips alone"},
			{"h100e:>1M", "H100 equivalents alone"},
			{"power:500MW..2GW", "electric power, in MW where no unit is given"},
			{"cost:>$10B", "money in one currency; cost:>10B asks in any"},
			{"flops:>=1EF", "computing in EFLOP/s"},
			{"area:>1km2", "area in m², ha, km², acres or square feet"},
			{"water:>1mgd", "water a day in m³, litres or gallons"},
			{"days:<150", "days that building took"},
			{"jobs:>100", "jobs"},
		}},
	}
}

func (s *site) help(r *http.Request) (reply, error) {
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	page := helpPage{frame: s.frame(r, st, "How to search", "/help"), Parts: queryHelp()}
	page.Description = "The query language of clusterwire by example: words, fields, dates and figures with units."
	return s.page("help", page)
}
