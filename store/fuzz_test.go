package store_test

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
	"clusterwire/store"
	"clusterwire/store/storetest"
)

// pieces are what hostile and clumsy queries are made of, in many scripts and
// in the syntax of the query language, of FTS5 and of SQL.
var pieces = []string{"report", "cluster", "datacenter", "xai", "Meta", "H100s", "GB200/GB300", "AT&T", "1.2GW", "$10B", "C++", "data-center", "数据中心", "電力", "データ",
	"데이터", "энергия", "الطاقة", "ऊर्जा", "ไฟฟ้า", "Ελλάδα", "é", "ß", "\u0301", "\u200d", "\u202e", "\ufeff", "\x00", "\xff\xfe", "🙂", "\n", "\t", "\"", "'", "“", "„", "(", ")", "((", "))",
	"*", "**", "-", "--", "+", "^", ":", "::", "..", ">=", "<", "=", "{", "}", "[", "]", "~", "|", "\\", "/", "%", "_", ";", ",", "OR", "AND", "NOT", "NEAR", "NEAR(a b, 2)", "{title} :", "search MATCH",
	"title:", "title:a", "company:", "company:xai", "company:xai,meta", "company.role:subject", "company.role:", "cluster:colossus", "topic:power", "source:xai", "kind:energy", "lang:de", "country:US",
	"after:2024", "before:2024-09-03", "date:2024-09..", "date:..", "date:2024-13", "has:claims", "has:", "gpus:>=100000", "power:500MW..2GW", "cost:>10B", "power:", "power:>", "gpus:1e99", "gpus:-1",
	"a*", "re*", "\"report 7\"", "\"", "' OR 1=1 --", "\"; DROP TABLE article; --", strings.Repeat("(", 40), strings.Repeat("a ", 70), strings.Repeat("x", 3000), " ", "  "}

func randomQuery(rng *rand.Rand, pieces []string) string {
	var b strings.Builder
	for range 1 + rng.IntN(8) {
		switch p := pieces[rng.IntN(len(pieces))]; rng.IntN(6) {
		case 0: // mutated
			bytes := []byte(p)
			if len(bytes) > 0 {
				bytes[rng.IntN(len(bytes))] = byte(rng.IntN(256))
			}
			b.Write(bytes)
		case 1:
			b.WriteRune(rune(rng.IntN(0x11000)))
		default:
			b.WriteString(p)
		}
		if rng.IntN(3) > 0 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// TestAnyQueryIsAnswered asks for random strings in any script: none may fail.
// What the slowest took is told; on a quiet machine it is far below a second.
// CLUSTERWIRE_QUERIES=100000 asks that many, and CLUSTERWIRE_ARCHIVE=news.db an
// archive there is, also with the words of its newest headlines.
func TestAnyQueryIsAnswered(t *testing.T) {
	n := 800
	if s := os.Getenv("CLUSTERWIRE_QUERIES"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	db, pieces := someArchive(t)
	rng := rand.New(rand.NewPCG(3, 4))
	orders := []news.Order{news.OrderNewest, news.OrderRelevance, news.OrderOldest}
	var slowest time.Duration
	var which string
	for i := range n {
		start, text := time.Now(), randomQuery(rng, pieces)
		ask(t, db, news.Query{Text: text, Order: orders[i%3]})
		if took := time.Since(start); took > slowest {
			slowest, which = took, text
		}
	}
	t.Logf("%d queries, the slowest took %s: %q", n, slowest, which)
}

// someArchive returns a small archive, or the one asked for, and what to make
// queries of.
func someArchive(t *testing.T) (*store.DB, []string) {
	path := os.Getenv("CLUSTERWIRE_ARCHIVE")
	if path == "" {
		db, _ := storetest.Filled(t, 60)
		return db, pieces
	}
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := db.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	newest, err := db.Search(t.Context(), news.Query{Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	all := slices.Clone(pieces)
	for _, h := range newest.Hits {
		for _, w := range strings.Fields(h.Title) {
			all = append(all, w, w[:min(len(w), 3)]+"*", `"`+h.Title+`"`)
		}
	}
	return db, all
}

func ask(t *testing.T, db *store.DB, q news.Query) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second) // far above what is wanted: a test must not hang on a busy machine
	defer cancel()
	res, err := db.Search(ctx, q)
	if err != nil {
		t.Fatalf("%q: %v", q.Text, err)
	}
	if res.Total < len(res.Hits) || len(res.Hits) == 0 && res.Total > 0 {
		t.Errorf("%q: %d hits of %d", q.Text, len(res.Hits), res.Total)
	}
}

func FuzzQuery(f *testing.F) {
	for _, p := range pieces {
		f.Add(p)
	}
	db, _ := storetest.Filled(f, 30)
	f.Fuzz(func(t *testing.T, text string) { ask(t, db, news.Query{Text: text}) })
}

// TestCodesThatCantMatchAreNamed: what is no language or country finds nothing,
// and says so; a language that no article is in is one nevertheless.
func TestCodesThatCantMatchAreNamed(t *testing.T) {
	db, _ := storetest.Filled(t, 30)
	for _, c := range []struct{ text, want string }{
		{"lang:en", ""}, {"lang:tlh", ""}, {"lang:zh,ja", ""}, {"country:us", ""}, {"country:xk", ""},
		{"lang:xx", `no language has the code "xx"`},
		{"lang:english", `no language has the code "english"`},
		{"lang:eng", `no language is filed under "eng": did you mean lang:en?`},
		{"language:pt-br", `no language is filed under "pt-br": did you mean lang:pt?`},
		{"lang:en,qq", `no language has the code "qq"`},
		{"country:zz", `no country has the code "zz"`},
		{"country:germany", `no country has the code "germany"`},
		{"country:uk", `no country is filed under "uk": did you mean country:gb?`},
	} {
		res, err := db.Search(t.Context(), news.Query{Text: c.text})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(res.Warnings, "; "); got != c.want {
			t.Errorf("%s: warnings %q, want %q", c.text, got, c.want)
		}
	}
	res, err := db.Search(t.Context(), news.Query{Languages: []string{"xx"}, Countries: []string{"ZZ"}})
	if got := strings.Join(res.Warnings, "; "); err != nil || got != `no language has the code "xx"; no country has the code "zz"` {
		t.Errorf("as filters: warnings %q, %v", got, err)
	}
}

func TestBadInputIsNamed(t *testing.T) {
	db, _ := storetest.Filled(t, 30)
	res, err := db.Search(t.Context(), news.Query{Text: "company:xia power:lots"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`no company is called "xia": did you mean company:xai?`, `"lots" is no number for power:`} {
		if !strings.Contains(strings.Join(res.Warnings, "\n"), want) {
			t.Errorf("warnings %q lack %q", res.Warnings, want)
		}
	}
	for _, q := range []news.Query{{Cursor: "zz"}, {Cursor: "nf0!!"}, {Order: "best"}, {Cursor: "of0abc"}, {Cursor: "nf9abc"}} {
		if _, err := db.Search(t.Context(), q); err == nil || !strings.Contains(err.Error(), ":") {
			t.Errorf("%+v: %v", q, err)
		}
	}
}
