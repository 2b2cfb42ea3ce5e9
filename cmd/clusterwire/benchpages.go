package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"clusterwire/feeds/news"
	"clusterwire/store"
	"clusterwire/store/bench"
)

// pageKind is one kind of page, asked many times in different ways. A question
// mark at the end of an address keeps it out of the memory of finished pages.
type pageKind struct {
	name    string
	address func(i int) string
}

// timesEach is how often every kind is asked.
const timesEach = 100

func at(path string) func(int) string {
	return func(i int) string { return path }
}

// anew asks for a page that is kept as if it were not.
func anew(path string) func(int) string {
	return func(i int) string { return fmt.Sprintf("%s?anew=%d", path, i) }
}

func pageKinds(ids []int64, corpus *bench.Corpus) []pageKind {
	company := func(i int) string { return fmt.Sprintf("company-%d", i%40) }
	word := func(i int) string { return corpus.Word(i % 400) }
	ask := func(path string, pairs ...func(int) string) func(int) string {
		return func(i int) string {
			values := url.Values{}
			for k := 0; k+1 < len(pairs); k += 2 {
				values.Set(pairs[k](i), pairs[k+1](i))
			}
			return path + "?" + values.Encode()
		}
	}
	topics := news.Topics()
	return []pageKind{
		{"front page, from memory", at("/")}, {"front page", anew("/")}, {"newest", anew("/newest")},
		{"search: word, first time", ask("/search", at("q"), word)}, {"search: word", ask("/search", at("q"), word)},
		{"search: two words, first time", ask("/search", at("q"), func(i int) string { return word(i) + " " + word(7*i+3) })},
		{"search: two words", ask("/search", at("q"), func(i int) string { return word(i) + " " + word(7*i+3) })},
		{"search: phrase", ask("/search", at("q"), at(`"grid connection"`))},
		{"search: best match, first time", ask("/search", at("q"), word, at("sort"), at("relevance"))},
		{"search: best match", ask("/search", at("q"), word, at("sort"), at("relevance"))},
		{"search: word and company", ask("/search", at("q"), word, at("company"), company)},
		{"companies", anew("/companies")}, {"company, first time", func(i int) string { return "/company/" + company(i) }},
		{"company", func(i int) string { return "/company/" + company(i) }},
		{"compare", func(i int) string { return "/compare?company=" + company(i) + "," + company(i+7) }},
		{"clusters", anew("/clusters")}, {"cluster", anew("/cluster/colossus")}, {"disputes", anew("/disputes")}, {"claims", anew("/claims")},
		{"topics", anew("/topics")}, {"topic, first time", func(i int) string { return "/topic/" + string(topics[i%len(topics)]) }},
		{"topic", func(i int) string { return "/topic/" + string(topics[i%len(topics)]) }},
		{"archive", anew("/archive")}, {"day", func(i int) string {
			return "/day/" + time.Date(2024, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		}},
		{"sources", anew("/sources")}, {"source", func(i int) string { return fmt.Sprintf("/source/source-%d", i%40) }},
		{"article", func(i int) string { return fmt.Sprintf("/article/%d", ids[i%len(ids)]) }},
		{"quality", at("/quality")}, {"about", at("/about")}, {"reference of the API", at("/api")},
		{"Atom of a company", func(i int) string { return "/company/" + company(i) + ".atom" }},
		{"API: articles", func(i int) string { return "/api/v1/articles?company=" + company(i) }},
		{"API: search", ask("/api/v1/search", at("q"), word)},
		{"API: facets", ask("/api/v1/facets", at("q"), word)},
		{"API: one article", func(i int) string { return fmt.Sprintf("/api/v1/articles/%d", ids[i%len(ids)]) }},
		{"API: changes", at("/api/v1/changes?limit=30")},
		{"sitemap index", at("/sitemap.xml")},
	}
}

// benchmark measures something over the corpus of n articles in dir.
type benchmark func(ctx context.Context, w io.Writer, dir string, n int, built func(done, total int)) error

// overCorpus gives the archive of a corpus and the site over it to f.
func overCorpus(ctx context.Context, w io.Writer, dir string, n int, built func(done, total int), f func(*store.DB, http.Handler) error) error {
	path, err := bench.Build(ctx, w, dir, n, built)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, path) // which brings an older one up to date
	if err != nil {
		return err
	}
	handler, err := site(ctx, db, public{unlimited: true}, newLog(io.Discard))
	if err == nil {
		err = f(db, handler)
	}
	return errors.Join(err, db.Close())
}

// benchPages measures every kind of page.
func benchPages(ctx context.Context, w io.Writer, dir string, n int, built func(done, total int)) error {
	return overCorpus(ctx, w, dir, n, built, func(db *store.DB, handler http.Handler) error {
		return measurePages(ctx, w, db, handler, bench.NewCorpus(n))
	})
}

// measurePages prints for each kind of page how long an answer takes, compressed
// as a browser gets it. "First time" is the first request that needs some set of
// articles, which is then kept: a cold facet.
func measurePages(ctx context.Context, w io.Writer, db *store.DB, handler http.Handler, corpus *bench.Corpus) error {
	res, err := db.Search(ctx, news.Query{Limit: timesEach})
	if err != nil {
		return err
	}
	var ids []int64
	for _, h := range res.Hits {
		ids = append(ids, h.ID)
	}
	if len(ids) == 0 {
		return fmt.Errorf("the corpus is empty")
	}
	for range 20 { // the first of all weighs every claim
		if _, err = visit(ctx, handler, "/clusters"); err == nil {
			break
		}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d articles, ms\n%-32s %9s %9s %9s %9s %9s\n", res.Total, "page", "CPU p50", "CPU p95", "wall p50", "wall p95", "bytes")
	for _, kind := range pageKinds(ids, corpus) {
		var cpu, wall []time.Duration
		most := 0
		for i := range timesEach {
			before, start := bench.CPUTime(), time.Now()
			n, err := visit(ctx, handler, kind.address(i))
			if err != nil {
				return fmt.Errorf("%s: %w", kind.name, err)
			}
			cpu, wall, most = append(cpu, bench.CPUTime()-before), append(wall, time.Since(start)), max(most, n)
		}
		fmt.Fprintf(w, "%-32s %9.2f %9.2f %9.2f %9.2f %9d\n", kind.name, quantile(cpu, 0.5), quantile(cpu, 0.95), quantile(wall, 0.5), quantile(wall, 0.95), most)
	}
	return nil
}

// visit asks for a page and gives its size.
func visit(ctx context.Context, handler http.Handler, address string) (int, error) {
	u, err := url.Parse(address)
	if err != nil {
		return 0, err
	}
	request := (&http.Request{Method: http.MethodGet, URL: u, Header: http.Header{"Accept-Encoding": {"gzip, deflate, br, zstd"}}, Host: "localhost"}).WithContext(ctx)
	answer := &answer{header: http.Header{}, status: http.StatusOK}
	handler.ServeHTTP(answer, request)
	if answer.status != http.StatusOK {
		return 0, fmt.Errorf("%s: status %d", address, answer.status)
	}
	return answer.body.Len(), nil
}

// quantile is a share of times in milliseconds.
func quantile(times []time.Duration, p float64) float64 {
	sorted := slices.Sorted(slices.Values(times))
	return float64(sorted[min(len(sorted)-1, int(p*float64(len(sorted))))].Microseconds()) / 1000
}
