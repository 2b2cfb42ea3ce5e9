package store

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

// TestSetsAgreeWithEngine compares the posting list reader and the sets made
// of it with what the engine itself finds, while articles are added, revised
// and reread, with lists that span pages and segments.
func TestSetsAgreeWithEngine(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "news.db")
	db, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { db.Close() }()
	rng := rand.New(rand.NewPCG(7, 7))
	var all []news.Opened
	for round := range 14 {
		switch {
		case round%5 == 3: // texts change
			var again []news.Opened
			for range 40 {
				o := all[rng.IntN(len(all))]
				o.Article.Text = randomText(rng)
				again = append(again, o)
			}
			if _, err := db.SaveArticles(ctx, again); err != nil {
				t.Fatal(err)
			}
		case round%5 == 4: // verdicts change
			var readings []news.Reading
			for range 30 {
				o := all[rng.IntN(len(all))]
				r := o.Reading
				r.Verdict.Relevant, r.Rules = rng.IntN(2) == 0, fmt.Sprint("rules", round)
				readings = append(readings, r)
			}
			if err := db.SaveReadings(ctx, readings); err != nil {
				t.Fatal(err)
			}
		default:
			batch := make([]news.Opened, 150)
			for i := range batch {
				batch[i] = randomArticle(rng, len(all)+i)
			}
			if _, err := db.SaveArticles(ctx, batch); err != nil {
				t.Fatal(err)
			}
			all = append(all, batch...)
		}
		if round == 10 { // what is kept in memory is read anew
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			if db, err = Open(ctx, path); err != nil {
				t.Fatal(err)
			}
		}
		if round == 6 { // lists of many pages in one segment
			mergeAll(t, db)
		}
		if round%3 == 0 { // frequent words are read ahead, or brought up to date
			if err := db.warm(ctx, 1); err != nil {
				t.Fatal(err)
			}
		}
		if round == 12 {
			db.sets.docs = db.sets.docs.renumbered()
		}
		for _, text := range []string{"", "alpha", "w1", "w*", "w1*", "al*", "w2 w3", `"w0 w1"`, `"w2 w0 w1"`, `"w0 w0"`, `"w3 w1*"`, `title:"w1 of"`, "w1 -w2", "title:w0", "title:w*", "w0 OR w40", "-w0", "company:c1 w1", "lang:de",
			"after:2020-06 w0", "w4* company.role:subject", "zz"} {
			compare(t, db, news.Query{Text: text})
			compare(t, db, news.Query{Text: text, Hidden: true, Topics: []news.Topic{news.TopicPower, news.TopicWater}})
		}
	}
}

// TestSpansPassLongListsOver reads every word but some whose lists are long.
func TestSpansPassLongListsOver(t *testing.T) {
	ctx := t.Context()
	db, err := Open(ctx, filepath.Join(t.TempDir(), "news.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rng := rand.New(rand.NewPCG(8, 8))
	for part := range 4 {
		batch := make([]news.Opened, 500)
		for i := range batch {
			batch[i] = randomArticle(rng, part*500+i)
		}
		if _, err := db.SaveArticles(ctx, batch); err != nil {
			t.Fatal(err)
		}
	}
	mergeAll(t, db)
	err = db.snapshot(ctx, func(s *sql.Tx) error {
		p, err := openPostings(ctx, s, nil)
		if err != nil {
			return err
		}
		for _, held := range [][]string{{"alpha"}, {"w0"}, {"w1", "w2"}, {"w0", "w1", "w10", "w2", "w3", "w9"}, {"nothing", "w"}, {"alpha", "zz"}} {
			spans, err := p.spans("a", "x", held...)
			if err != nil {
				return err
			}
			pages, terms := int64(0), map[string]int{}
			for _, x := range spans {
				pages += x.to - x.from + 1
			}
			var word string
			err = p.each(&reader{out: func(rows []int64) { terms[word] += len(rows) }, choose: func(t []byte) choice {
				if word = string(t); word < "a" || slices.Contains(held, word) {
					return skip
				} else if word > "x" {
					return stop
				}
				return take
			}}, spans)
			if err != nil {
				return err
			}
			whole, err := p.spans("a", "x")
			if err != nil {
				return err
			}
			all := map[string]int{}
			err = p.each(&reader{out: func(rows []int64) { all[word] += len(rows) }, choose: func(t []byte) choice {
				word = string(t)
				return take
			}}, whole)
			if err != nil {
				return err
			}
			long := 0
			for w, n := range all {
				if w < "a" || w > "x" {
					continue
				}
				if slices.Contains(held, w) {
					long += n
				} else if terms[w] != n {
					t.Errorf("without %v: %s has %d rows of %d", held, w, terms[w], n)
				}
			}
			if all := whole[0].to - whole[0].from + 1; long > 3000 && pages > all-2 {
				t.Errorf("without %v: %d pages of %d are read", held, pages, all)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// mergeAll makes one segment of the index, so that its lists have many pages.
func mergeAll(t *testing.T, db *DB) {
	t.Helper()
	err := db.write(t.Context(), func(t *tx) error {
		_, err := t.exec("INSERT INTO search (search) VALUES ('optimize')")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func compare(t *testing.T, db *DB, q news.Query) {
	t.Helper()
	err := db.snapshot(t.Context(), func(s *sql.Tx) error {
		p, err := db.plan(t.Context(), s, q)
		if err != nil {
			return err
		}
		want, err := engineFinds(t.Context(), s, p)
		if err != nil {
			return err
		}
		bits, err := db.sets.matching(t.Context(), s, p, p.tiers[0])
		if err != nil {
			return err
		}
		if got := p.docs.stream(bits, 0, true, 1<<30); !slices.Equal(got, want) {
			t.Errorf("%+v: %d articles, the engine finds %d", q, len(got), len(want))
		}
		if len(want) < 3 {
			return nil
		}
		// From the middle, both ways.
		at := len(want) / 2
		before := slices.Clone(want[max(0, at-5):at])
		slices.Reverse(before)
		if got := p.docs.stream(bits, want[at], true, 5); !slices.Equal(got, want[at+1:][:min(5, len(want)-at-1)]) {
			t.Errorf("%+v: after the middle %v", q, got)
		}
		if got := p.docs.stream(bits, want[at], false, 5); !slices.Equal(got, before) {
			t.Errorf("%+v: before the middle %v", q, got)
		}
		return checkFacets(t, db, p.docs, s, bits.ToArray())
	})
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
}

// engineFinds is what the engine itself finds for a plan, newest first.
func engineFinds(ctx context.Context, s *sql.Tx, p *plan) ([]int64, error) {
	until := p.until
	if until == 0 {
		until = 1 << 62
	}
	rows, err := s.QueryContext(ctx, "SELECT rowid FROM search WHERE search MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC", p.tiers[0].Expr(), p.since, until)
	return scanIDs(rows, err)
}

// checkFacets counts again, row by row, what stands in the columns.
func checkFacets(t *testing.T, db *DB, m *docs, s *sql.Tx, numbers []uint32) error {
	for _, n := range numbers[:min(20, len(numbers))] {
		h, err := db.hits(t.Context(), s, []int64{m.ids[n]})
		if err != nil {
			return err
		}
		c := &m.columns
		if c.source.names[c.facts[n].source] != h[0].Source.Slug || c.language.names[c.facts[n].language] != h[0].Language {
			t.Errorf("article %d: columns say %s, %s", h[0].ID, c.source.names[c.facts[n].source], c.language.names[c.facts[n].language])
		}
		var have, want []string
		for _, x := range c.facts[n].companies {
			if x != 0 {
				have = append(have, c.company.names[x])
			}
		}
		for _, x := range c.further[n] {
			have = append(have, c.company.names[x])
		}
		for _, x := range h[0].Mentions {
			want = append(want, x.Company)
		}
		slices.Sort(have)
		slices.Sort(want)
		if !slices.Equal(have, want) {
			t.Errorf("article %d: companies %v, want %v", h[0].ID, have, want)
		}
		if got := time.Date(1970, time.Month(1+c.facts[n].month), 1, 0, 0, 0, 0, time.UTC); got.Format("2006-01") != h[0].Published.Format("2006-01") {
			t.Errorf("article %d: month %v", h[0].ID, got)
		}
	}
	return nil
}

func randomText(rng *rand.Rand) string {
	var b strings.Builder
	b.WriteString("alpha ")
	for range 60 {
		fmt.Fprintf(&b, "w%d ", int(rng.ExpFloat64()*8))
	}
	return b.String()
}

func randomArticle(rng *rand.Rand, i int) news.Opened {
	at := time.Date(2020, 1, 1, 0, 0, rng.IntN(86400*400), 0, time.UTC)
	var o news.Opened
	o.Article = news.Article{Source: fmt.Sprintf("s%d", rng.IntN(7)), URL: fmt.Sprintf("https://a.example/%d", i), Title: fmt.Sprintf("w%d of %d", rng.IntN(3), i),
		Published: at, FirstSeen: at, Text: randomText(rng), Language: []string{"en", "de"}[rng.IntN(2)], Revision: 1}
	o.Reading.Verdict.Relevant = rng.IntN(5) > 0
	for c := range 7 {
		if rng.IntN(3) == 0 {
			o.Reading.Mentions = append(o.Reading.Mentions, news.Mention{Company: fmt.Sprintf("c%d", c), Role: []news.Role{news.RoleSubject, news.RoleMentioned}[rng.IntN(2)]})
		}
	}
	for _, topic := range news.Topics() {
		if rng.IntN(4) == 0 {
			o.Reading.Topics = append(o.Reading.Topics, news.TopicTag{Topic: topic})
		}
	}
	return o
}

func TestTopicsFit(t *testing.T) {
	if n := len(news.Topics()); n > topicBits {
		t.Errorf("%d topics, and facets count %d", n, topicBits)
	}
}
