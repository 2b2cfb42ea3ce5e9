package store_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
	"clusterwire/store"
	"clusterwire/store/storetest"
)

// TestSearchQuality runs the scripts of testdata/search. A script is read from
// top to bottom; "#" begins a comment:
//
//	article 2024-09-02 en rack-letter xai,nvidia*
//	The headline of an article by that source about xai that names nvidia
//	Its text, up to an empty line.
//
//	query relevance: xai power
//	The headline of an article by that source about xai that names nvidia
//
// A query is followed by the headlines that it finds, in order; the order may
// be newest (default), relevance or oldest. A line "warning: …" expects one.
// A company with * is only mentioned.
func TestSearchQuality(t *testing.T) {
	scripts, err := filepath.Glob("testdata/search/*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatal("no scripts", err)
	}
	cases := 0
	for _, path := range scripts {
		t.Run(filepath.Base(path), func(t *testing.T) { cases += script(t, path) })
	}
	if cases < 60 {
		t.Errorf("%d cases, want 60", cases)
	}
}

func script(t *testing.T, path string) (cases int) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	db := storetest.Open(t)
	storetest.Registry(t, db)
	var articles []news.Opened
	var block []string
	end := func() {
		if len(block) == 0 {
			return
		}
		switch kind, rest, _ := strings.Cut(block[0], " "); {
		case kind == "article":
			articles = append(articles, scripted(t, rest, block[1:], len(articles)))
		default:
			if len(articles) > 0 {
				if _, err := db.SaveArticles(t.Context(), articles); err != nil {
					t.Fatal(err)
				}
				articles = nil
			}
			searched(t, db, block[0], block[1:])
			cases++
		}
		block = nil
	}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		switch line := lines.Text(); {
		case strings.HasPrefix(line, "#"):
		case line == "":
			end()
		default:
			block = append(block, line)
		}
	}
	end()
	return cases
}

func scripted(t *testing.T, head string, lines []string, n int) news.Opened {
	t.Helper()
	fields := strings.Fields(head)
	if len(fields) < 3 || len(lines) < 1 {
		t.Fatalf("article %q with %d lines", head, len(lines))
	}
	at, err := time.Parse("2006-01-02", fields[0])
	if err != nil {
		t.Fatal(err)
	}
	url := fmt.Sprintf("https://%s.example/%s/%d", fields[2], fields[0], n)
	o := news.Opened{Article: news.Article{Source: fields[2], URL: url, Title: lines[0], Text: strings.Join(lines[1:], "\n"), Language: fields[1], Published: at, FirstSeen: at}}
	o.Reading.Verdict.Relevant = true
	if len(fields) > 3 {
		for _, c := range strings.Split(fields[3], ",") {
			slug, mentioned := strings.CutSuffix(c, "*")
			role := news.RoleSubject
			if mentioned {
				role = news.RoleMentioned
			}
			o.Reading.Mentions = append(o.Reading.Mentions, news.Mention{Company: slug, Role: role})
		}
	}
	for _, f := range fields[min(4, len(fields)):] { // metric=value
		var c news.Claim
		metric, value, _ := strings.Cut(f, "=")
		v := new(float64)
		if _, err := fmt.Sscan(value, v); err != nil {
			t.Fatalf("article %q: %v", head, err)
		}
		c.Metric, c.ValueLo, c.ValueHi = news.Metric(metric), v, v
		o.Reading.Claims = append(o.Reading.Claims, c)
	}
	return o
}

func searched(t *testing.T, db *store.DB, head string, want []string) {
	t.Helper()
	order, text, ok := strings.Cut(head, ": ")
	if !ok || !strings.HasPrefix(order, "query") {
		t.Fatalf("what is %q?", head)
	}
	q := news.Query{Text: text, Order: news.Order(strings.TrimSpace(strings.TrimPrefix(order, "query")))}
	res, err := db.Search(t.Context(), q)
	if err != nil {
		t.Errorf("%s: %v", head, err)
		return
	}
	var got []string
	for _, w := range res.Warnings {
		got = append(got, "warning: "+w)
	}
	for _, h := range res.Hits {
		got = append(got, h.Title)
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("%s\nfound:\n%s\nexpected:\n%s", head, g, w)
	}
}
