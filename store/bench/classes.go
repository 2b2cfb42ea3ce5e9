package bench

import (
	"errors"
	"fmt"

	"clusterwire/feeds/news"
)

// classes are the kinds of queries of the store with their bounds. Most stand
// there twice: asked for the first time, each with words that nobody asked for
// before but the most frequent, and the same again. Pages of the newest stand
// there thrice: without their total, as feeds and exports ask for them; with it,
// for which all that matches has to be found; and again.
func (r *run) classes() []class {
	var list []class
	twice := func(name, first, again string, times int, ask func(i int) (int, error)) {
		list = append(list, class{name + ", first time", first, times, ask}, class{name + ", again", again, times, ask})
	}
	word := r.corpus.Word
	newest := func(name, counted string, times int, query func(i int) news.Query) {
		ask := func(i int) (int, error) { return r.search(query(i)) }
		name = "newest first: " + name
		list = append(list, class{name + ", first time", "3", times, func(i int) (int, error) {
			q := query(i)
			q.Uncounted = true
			return r.search(q)
		}})
		list = append(list, class{name + ", and its total", counted, times, ask}, class{name + ", again", "3", times, ask})
	}
	newest("word", "25", 400, func(i int) news.Query { return news.Query{Text: word(i)} })
	newest("rarer word", "25", 400, func(i int) news.Query { return news.Query{Text: word(i*7 + 2)} })
	newest("word in half of all", "25", 1, func(int) news.Query { return news.Query{Text: "half"} })
	newest("two words", "25", 400, func(i int) news.Query { return news.Query{Text: word(i) + " " + word(i*7+3)} })
	newest("two rarer words", "25", 400, func(i int) news.Query { return news.Query{Text: word(3600+i) + " " + word(4000+i)} })
	newest("phrase", "", 60, func(i int) news.Query { return news.Query{Text: r.phrase(i)} })
	newest("exclusion", "25", 400, func(i int) news.Query { return news.Query{Text: word(i*7+4) + " -half"} })
	newest("word, company and month", "25", 400, func(i int) news.Query {
		since := epoch.AddDate(5, i%48, 0)
		return news.Query{Text: word(i*7 + 5), Companies: []string{company(i)}, Since: since, Until: since.AddDate(0, 1, 0)}
	})
	relevance := func(name string, times int, text func(i int) string) {
		twice("relevance: "+name, "20", "20", times, func(i int) (int, error) {
			return r.search(news.Query{Text: text(i), Order: news.OrderRelevance})
		})
	}
	relevance("word in half of all", 1, func(int) string { return "half" })
	relevance("frequent word", 400, word)
	twice("prefix of three letters", "20", "20", 100, func(i int) (int, error) {
		return r.search(news.Query{Text: r.corpus.Prefix(i) + "*"})
	})
	facets := func(name string, times int, text func(i int) string) {
		twice("total and facets: "+name, "25", "5", times, func(i int) (int, error) {
			f, err := r.db.Facets(r.ctx, news.Query{Text: text(i)})
			return f.Total, err
		})
	}
	facets("word in half of all", 1, func(int) string { return "half" })
	facets("frequent word", 400, func(i int) string { return word(i*7 + 6) })
	return append(list,
		class{"company page, first", "1", 400, func(i int) (int, error) { return r.search(news.Query{Companies: []string{company(i)}}) }},
		class{"company page, deep", "1", 400, r.deep()},
		class{"numbers: power:>1GW", "", 100, func(int) (int, error) { return r.search(news.Query{Text: "power:>1GW"}) }})
}

func (r *run) search(q news.Query) (total int, err error) {
	res, err := r.db.Search(r.ctx, q)
	return res.Total, err
}

func company(i int) string { return fmt.Sprintf("company-%d", i%20) }

// phrase is "grid connection", which a tenth of all articles have, then two
// frequent words side by side: from nine of ten articles down to a few in a
// thousand.
func (r *run) phrase(i int) string {
	if i == 0 {
		return `"grid connection"`
	}
	return `"` + r.corpus.Word(i-1) + " " + r.corpus.Word(i) + `"`
}

// deep asks for about the thousandth page of a company: the page after an
// article of the archive's first tenth.
func (r *run) deep() func(i int) (int, error) {
	var cursors []string
	return func(i int) (int, error) {
		if cursors == nil {
			for c := range 10 {
				res, err := r.db.Search(r.ctx, news.Query{Companies: []string{fmt.Sprintf("company-%d", c)}, Until: epoch.AddDate(6, c, 0)})
				if err != nil {
					return 0, err
				}
				if res.Next == "" {
					return 0, errors.New("the corpus is too small for a deep page")
				}
				cursors = append(cursors, res.Next)
			}
		}
		res, err := r.db.Search(r.ctx, news.Query{Companies: []string{fmt.Sprintf("company-%d", i%10)}, Cursor: cursors[i%10]})
		return res.Total, err
	}
}
