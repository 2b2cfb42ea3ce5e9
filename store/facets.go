package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"clusterwire/feeds/news"
)

// Facets returns the exact counts of everything that matches q.
func (d *DB) Facets(ctx context.Context, q news.Query) (news.Facets, error) {
	var f news.Facets
	q.Cursor = ""
	p, err := d.plan(ctx, q)
	if err != nil {
		return f, err
	}
	lists, err := d.lists(ctx)
	if err != nil {
		return f, err
	}
	companies, topics, sources, languages, months := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	err = d.snapshot(ctx, func(s *sql.Tx) error {
		rows, err := s.QueryContext(ctx, "SELECT a.id, a.source, a.language, a.marks FROM search JOIN article a ON a.id = search.rowid WHERE search MATCH ?"+
			p.where, append([]any{p.all}, p.args...)...)
		return eachRow(rows, err, func(scan func(dest ...any) error) error {
			var id int64
			var source, language string
			var m []byte
			if err := scan(&id, &source, &language, &m); err != nil {
				return err
			}
			x, err := readMarks(m)
			for _, c := range unique(x.Mentions) {
				companies[c.Company]++
			}
			for _, t := range x.Topics {
				topics[string(t)]++
			}
			f.Total++
			sources[source]++
			languages[language]++
			months[monthOf(id)]++
			return err
		})
	})
	f.Companies = counts(companies, func(k string) string { return lists.companies[k].Name })
	f.Topics = counts(topics, func(k string) string { return k })
	f.Sources = counts(sources, func(k string) string { return lists.sources[k].Name })
	f.Languages = counts(languages, func(k string) string { return k })
	f.Months = monthly(months)
	return f, err
}

func monthOf(id int64) string { return time.Unix(id>>seqBits, 0).UTC().Format("2006-01") }

// counts makes a facet of a tally, most first.
func counts(tally map[string]int, label func(string) string) []news.Count {
	out := []news.Count{}
	for k, n := range tally {
		if k != "" && n > 0 {
			out = append(out, news.Count{Key: k, Label: cmp.Or(label(k), k), N: n})
		}
	}
	slices.SortFunc(out, func(a, b news.Count) int { return cmp.Or(b.N-a.N, cmp.Compare(a.Key, b.Key)) })
	return out
}

// monthly fills the gaps between the first and last month with zeros.
func monthly(tally map[string]int) []news.Count {
	out := []news.Count{}
	if len(tally) == 0 {
		return out
	}
	all := keys(tally)
	first, last := slices.Min(all), slices.Max(all)
	at, err := time.Parse("2006-01", first)
	for ; err == nil; at = at.AddDate(0, 1, 0) {
		key := at.Format("2006-01")
		out = append(out, news.Count{Key: key, Label: key, N: tally[key]})
		if key == last {
			break
		}
	}
	return out
}
