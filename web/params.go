package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// param describes one parameter of an address. The same values decide what is
// accepted and are printed in the reference of the API.
type param struct {
	Name    string
	Alias   string // another name that is understood
	Doc     string
	Example string
	Enum    []string
	Many    bool // may be given more than once, or with commas between
	Type    string
}

// filterParams select articles.
func filterParams() []param {
	return []param{
		{Name: "q", Doc: "Words that must all stand in the article. \"A phrase\" in quotes, -word to leave out, a OR b, and fields such as company:xai.", Example: `colossus "gas turbines" -tesla`},
		{Name: "company", Doc: "Slug of a company that the article names. Several are alternatives.", Example: "xai", Many: true},
		{Name: "source", Doc: "Slug of a publisher.", Many: true},
		{Name: "kind", Doc: "Kind of publisher.", Enum: names(news.SourceKinds()), Many: true},
		{Name: "lang", Alias: "language", Doc: "Language of the article, as a two-letter subtag.", Example: "en", Many: true},
		{Name: "country", Doc: "Country of the publisher, ISO 3166-1 alpha-2.", Example: "US", Many: true},
		{Name: "topic", Doc: "Topic of the article.", Enum: names(news.Topics()), Many: true},
		{Name: "cluster", Doc: "Slug of a cluster that the article names.", Example: "colossus", Many: true},
		{Name: "since", Alias: "from", Doc: "Published at or after: an RFC 3339 instant, or a day, month or year (from its beginning, UTC).", Example: "2024-09-01"},
		{Name: "until", Alias: "to", Doc: "Published before an RFC 3339 instant, or up to the end of a day, month or year (UTC).", Example: "2024-12"},
	}
}

// pageParams select a part of a list.
func pageParams() []param {
	return []param{
		{Name: "sort", Doc: "Order of the list.", Enum: []string{string(news.OrderNewest), string(news.OrderOldest), string(news.OrderRelevance)}},
		{Name: "limit", Doc: "How many items, 1 to 200.", Example: "20", Type: "integer"},
		{Name: "cursor", Doc: "Where the last page ended: next of its answer, unchanged."},
	}
}

func names[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// The sizes of a page of a list.
const (
	defaultLimit = 30
	greatestPage = 200
	longestQuery = 500 // runes
)

// strict refuses parameters that an address does not have, so that a filter
// with a slip in its name is an error and not a different answer.
func strict(values url.Values, known []param) error {
	keys := make([]string, 0, len(values))
	for key := range values {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		p, found := find(known, key)
		if !found {
			return badInput(key, "no such parameter here; there are "+listNames(known))
		}
		if !p.Many && len(values[key]) > 1 {
			return badInput(key, "is given more than once")
		}
	}
	return nil
}

func find(known []param, name string) (param, bool) {
	for _, p := range known {
		if p.Name == name || p.Alias != "" && p.Alias == name {
			return p, true
		}
	}
	return param{}, false
}

func listNames(known []param) string {
	if len(known) == 0 {
		return "none"
	}
	out := make([]string, len(known))
	for i, p := range known {
		out[i] = p.Name
	}
	return strings.Join(out, ", ")
}

// decodeQuery reads a news.Query from the parameters of a list.
func decodeQuery(values url.Values) (news.Query, error) {
	q := news.Query{
		Text:      strings.TrimSpace(values.Get("q")),
		Companies: many(values, "company"),
		Sources:   many(values, "source"),
		Languages: many(values, "lang", "language"),
		Clusters:  many(values, "cluster"),
		Cursor:    values.Get("cursor"),
		Limit:     defaultLimit,
	}
	if len([]rune(q.Text)) > longestQuery {
		return q, badInput("q", "is longer than "+strconv.Itoa(longestQuery)+" characters")
	}
	for _, c := range many(values, "country") {
		q.Countries = append(q.Countries, strings.ToUpper(c))
	}
	var err error
	if q.Kinds, err = enum(values, "kind", news.SourceKinds()); err != nil {
		return q, err
	}
	if q.Topics, err = enum(values, "topic", news.Topics()); err != nil {
		return q, err
	}
	if err := decodePart(&q, values); err != nil {
		return q, err
	}
	return q, decodeTimes(&q, values)
}

// decodePart reads order and size.
func decodePart(q *news.Query, values url.Values) error {
	orders, err := enum(values, "sort", []news.Order{news.OrderNewest, news.OrderOldest, news.OrderRelevance})
	if err != nil {
		return err
	}
	if len(orders) > 0 {
		q.Order = orders[0]
	}
	if raw := values.Get("limit"); raw != "" {
		n, err := strconv.Atoi(raw)
		if err != nil || n < 1 || n > greatestPage {
			return badInput("limit", "must be a number from 1 to "+strconv.Itoa(greatestPage))
		}
		q.Limit = n
	}
	return nil
}

func decodeTimes(q *news.Query, values url.Values) error {
	var err error
	if q.Since, err = instant(values, "since", "from", false); err != nil {
		return err
	}
	if q.Until, err = instant(values, "until", "to", true); err != nil {
		return err
	}
	if !q.Since.IsZero() && !q.Until.IsZero() && !q.Since.Before(q.Until) {
		return badInput(given(values, "until", "to"), "lies before the beginning of the time that was asked for")
	}
	return nil
}

// many collects a parameter that may be repeated or hold commas.
func many(values url.Values, keys ...string) []string {
	var out []string
	for _, key := range keys {
		for _, v := range values[key] {
			for _, part := range strings.Split(v, ",") {
				if part = strings.ToLower(strings.TrimSpace(part)); part != "" && !slices.Contains(out, part) {
					out = append(out, part)
				}
			}
		}
	}
	return out
}

// enum reads a parameter that takes one of a few values.
func enum[T ~string](values url.Values, key string, known []T) ([]T, error) {
	var out []T
	for _, v := range many(values, key) {
		if !slices.Contains(known, T(v)) {
			return nil, badInput(key, "must be one of "+strings.Join(names(known), ", "))
		}
		out = append(out, T(v))
	}
	return out, nil
}

func given(values url.Values, key, alias string) string {
	if values.Get(key) == "" && values.Get(alias) != "" {
		return alias
	}
	return key
}

// instant reads a point in time. A day, month or year stands for its
// beginning, or with end for the beginning of what follows it.
func instant(values url.Values, key, alias string, end bool) (time.Time, error) {
	key = given(values, key, alias)
	raw := strings.TrimSpace(values.Get(key))
	if raw == "" {
		return time.Time{}, nil
	}
	// A plus sign that was not escaped arrives as a space.
	if t, err := time.Parse(time.RFC3339, strings.ReplaceAll(raw, " ", "+")); err == nil {
		return t.UTC(), nil
	}
	spans := []struct {
		layout              string
		years, months, days int
	}{{time.DateOnly, 0, 0, 1}, {"2006-01", 0, 1, 0}, {"2006", 1, 0, 0}}
	for _, span := range spans {
		t, err := time.Parse(span.layout, raw)
		if err != nil {
			continue
		}
		if end {
			t = t.AddDate(span.years, span.months, span.days)
		}
		return t, nil
	}
	return time.Time{}, badInput(key, "must be a time such as 2024-09-02T14:00:00Z, 2024-09-02, 2024-09 or 2024")
}

// canonical drops what is empty, and the place in the list: the parameters
// that name a list as such.
func canonical(values url.Values) url.Values {
	out := url.Values{}
	for _, p := range append(filterParams(), pageParams()...) {
		if p.Name == "cursor" {
			continue
		}
		for _, key := range []string{p.Name, p.Alias} {
			for _, v := range values[key] {
				if v = strings.TrimSpace(v); v != "" && key != "" {
					out.Add(p.Name, v)
				}
			}
		}
	}
	return out
}

// with gives values with one parameter set, or taken away where value is "".
func with(values url.Values, key, value string) url.Values {
	out := url.Values{}
	for k, v := range values {
		if k != key {
			out[k] = slices.Clone(v)
		}
	}
	if value != "" {
		out.Set(key, value)
	}
	return out
}
