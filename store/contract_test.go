package store_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"time"

	"clusterwire/feeds"
	"clusterwire/feeds/news"
	"clusterwire/store"
	"clusterwire/store/storetest"
	"clusterwire/web"
)

var (
	_ feeds.Store = (*store.DB)(nil)
	_ web.Store   = (*store.DB)(nil)
)

func TestArticleRoundTrip(t *testing.T) {
	db, opened := storetest.Filled(t, 6)
	for _, o := range opened {
		e, err := db.Article(t.Context(), o.Article.ID)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := db.Raw(t.Context(), o.Article.ID)
		if err != nil {
			t.Fatal(err)
		}
		e.Article.Raw = raw
		same(t, "article", e.Article, o.Article)
		same(t, "reading", e.Reading, o.Reading)
		if e.Source.Slug != o.Article.Source || e.Source.Name == "" {
			t.Errorf("source %+v", e.Source)
		}
	}
	if _, err := db.Article(t.Context(), 7); !errors.Is(err, news.ErrNotFound) {
		t.Errorf("unknown article: %v", err)
	}
}

func TestFeedRoundTrip(t *testing.T) {
	db := storetest.Open(t)
	storetest.Registry(t, db)
	now := storetest.Start
	due, err := db.DueFeeds(t.Context(), now, 10)
	if err != nil || len(due) != 3 {
		t.Fatalf("due: %v, %v", due, err)
	}
	f := due[0]
	f.Kind, f.Title, f.Selector = news.FeedAtom, "Title", "a.item"
	f.Validators = news.Validators{ETag: "W/\"é\x00\"", LastModified: "Mon"}
	f.BodyHash, f.Checked, f.Changed, f.Read, f.Interval = "abc", now, now, now, time.Hour
	f.Attempt = news.Attempt{Next: now.Add(time.Hour), Failures: 2, Class: "timeout", Error: "too slow", Since: now}
	f.Damaged = true
	f.Moved = news.Move{To: "https://new.example/", Seen: 2, Since: now, Note: "other host"}
	f.Hub = news.Hub{URL: "https://hub.example/", Topic: "t", Callback: "c", Secret: "s", Expires: now, Renew: now}
	f.Pace = news.Pace{Every: time.Hour, SkipHours: []int{1}, SkipDays: []time.Weekday{time.Sunday}}
	f.Aliases, f.Sample, f.Sought = []string{"https://old.example/feed"}, []byte("<html\xff"), now
	items := storetest.Items(f, 3)
	items[0].Authors, items[0].Categories, items[0].Language = []string{"A"}, []string{"c"}, "en"
	items[0].ContentHTML, items[0].ContentText, items[0].Updated = "<p>x</p>", "x", now
	items[0].Enclosures = []news.Enclosure{{URL: "https://x.example/a.mp3", Type: "audio/mpeg", Length: 5}}
	done, err := db.SavePoll(t.Context(), news.Poll{Feed: f, Items: items}, now)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "polled", done, news.Polled{New: 3})
	f.Items = 3
	again, err := db.DueFeeds(t.Context(), now.Add(2*time.Hour), 10)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "feed", again[len(again)-1], f)
	got, err := db.DueItems(t.Context(), now, 100, nil, nil)
	if err != nil || len(got) != 3 {
		t.Fatalf("due items %d, %v", len(got), err)
	}
	want := items[0]
	want.ID, want.Feed, want.Source, want.Seen, want.Attempt = got[0].ID, f.ID, f.Source, now, news.Attempt{Next: now}
	same(t, "item", got[0], want)
	if done, err = db.SavePoll(t.Context(), news.Poll{Feed: f, Items: items}, now); err != nil || done != (news.Polled{Known: 3}) {
		t.Errorf("again: %+v, %v", done, err)
	}
}

func TestSearchFindsAndFilters(t *testing.T) {
	db, opened := storetest.Filled(t, 30)
	for _, c := range []struct {
		name string
		q    news.Query
		want int
	}{
		{"everything", news.Query{}, 30},
		{"a word", news.Query{Text: "datacenter"}, 30},
		{"part of a compound", news.Query{Text: "center"}, 30},
		{"company", news.Query{Companies: []string{"xai"}}, 15},
		{"either company", news.Query{Companies: []string{"xai", "meta"}}, 30},
		{"subject", news.Query{Text: "company:nvidia company.role:subject"}, 0},
		{"mentioned", news.Query{Text: "company:nvidia"}, 30},
		{"kind", news.Query{Kinds: []news.SourceKind{news.KindEnergy}}, 10},
		{"country and language", news.Query{Text: "country:DE lang:de"}, 10},
		{"cluster", news.Query{Text: "cluster:hyperion"}, 15},
		{"number", news.Query{Text: "power:>=0.12GW"}, 10},
		{"number range", news.Query{Text: "power:105..109MW"}, 5},
		{"not number", news.Query{Text: "-power:>=120MW"}, 20},
		{"from", news.Query{Since: opened[20].Article.Published}, 10},
		{"until", news.Query{Until: opened[20].Article.Published}, 20},
		{"date", news.Query{Text: "date:2024-09-02"}, 16},
		{"exclusion", news.Query{Text: "report -title:meta"}, 15},
		{"only exclusion", news.Query{Text: "-title:meta"}, 15},
		{"phrase", news.Query{Text: `"part 7"`}, 1},
		{"either", news.Query{Text: `title:"part 7" OR title:"part 8"`}, 2},
		{"group", news.Query{Text: `(title:"part 7" OR title:"part 8") xai`}, 1},
		{"claims", news.Query{Text: "has:claims"}, 30},
		{"prefix", news.Query{Text: "expan*"}, 30},
		{"number as typed", news.Query{Text: "107MW"}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.q.Limit = 100
			for _, order := range []news.Order{news.OrderNewest, news.OrderOldest, news.OrderRelevance} {
				c.q.Order = order
				res, err := db.Search(t.Context(), c.q)
				if err != nil {
					t.Fatal(err)
				}
				if len(res.Hits) != c.want || res.Total != c.want || len(res.Warnings) > 0 {
					t.Errorf("%s: %d hits, total %d, warnings %v; want %d", order, len(res.Hits), res.Total, res.Warnings, c.want)
				}
			}
			f, err := db.Facets(t.Context(), c.q)
			if err != nil || f.Total != c.want {
				t.Errorf("facets: %d, %v; want %d", f.Total, err, c.want)
			}
		})
	}
}

func TestPagesBothWays(t *testing.T) {
	db, _ := storetest.Filled(t, 25)
	for _, q := range []news.Query{{Limit: 7}, {Limit: 7, Order: news.OrderOldest}, {Limit: 7, Order: news.OrderRelevance, Text: `xai OR "part 3" OR report`}} {
		var pages [][]int64
		var last news.Results
		seen := map[int64]bool{}
		for {
			res, err := db.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, ids(res))
			for _, id := range ids(res) {
				if seen[id] {
					t.Errorf("%s: article %d is on two pages", q.Order, id)
				}
				seen[id] = true
			}
			if last = res; res.Next == "" {
				break
			}
			q.Cursor = res.Next
		}
		if len(seen) != 25 || len(pages) != 4 {
			t.Fatalf("%s: %d articles on %d pages", q.Order, len(seen), len(pages))
		}
		for i := len(pages) - 2; i >= 0; i-- {
			q.Cursor = last.Prev
			res, err := db.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "page before", ids(res), pages[i])
			last = res
		}
		if last.Prev != "" {
			t.Errorf("%s: the first page has one before it: %q", q.Order, last.Prev)
		}
	}
}

func TestStatsCompaniesStatements(t *testing.T) {
	db, opened := storetest.Filled(t, 10)
	st, err := db.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	changed := st.Changed
	st.Changed = time.Time{}
	same(t, "stats", st, news.Stats{Articles: 10, Sources: 3, Feeds: 3, Companies: 3, Languages: 2, Newest: opened[9].Article.Published})
	companies, err := db.Companies(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "first company", companies[0], news.CompanyCount{Company: storetest.Companies()[1], Articles: 10, Recent: 10, Newest: opened[9].Article.Published})
	all, _, err := db.Statements(t.Context(), "", 100)
	if err != nil || len(all) != 10 {
		t.Fatalf("%d statements, %v", len(all), err)
	}
	if all[0].Article != opened[9].Article.ID || all[0].Source.Name == "" || *all[0].Claim.ValueLo != 109 {
		t.Errorf("newest statement %+v", all[0])
	}
	for most, want := range map[int]int{2: 2, 4: 4, 5: 5, 100: 5} {
		some, n, err := db.Statements(t.Context(), "colossus", most)
		if err != nil || len(some) != want || n != 5 {
			t.Errorf("%d statements of colossus of %d, %v", len(some), n, err)
		}
	}

	r := opened[9].Reading
	r.Verdict.Relevant, r.Rules, r.Claims = false, "sample-2", nil
	if err := db.SaveReadings(t.Context(), []news.Reading{r}); err != nil {
		t.Fatal(err)
	}
	st, err = db.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !st.Changed.After(changed) || st.Articles != 9 || st.Hidden != 1 || !st.Newest.Equal(opened[8].Article.Published) {
		t.Errorf("after hiding: %+v", st)
	}
	unread, err := db.Unread(t.Context(), "sample-2", 0, 100)
	if err != nil || len(unread) != 9 || unread[0].ID != opened[8].Article.ID || unread[0].Text != opened[8].Article.Text {
		t.Errorf("unread: %d, %v", len(unread), err)
	}
	if res, err := db.Search(t.Context(), news.Query{Hidden: true}); err != nil || res.Total != 10 {
		t.Errorf("with hidden: %d, %v", res.Total, err)
	}
}

func TestRevisionAndDuplicate(t *testing.T) {
	db, opened := storetest.Filled(t, 2)
	again := storetest.Article(0)
	again.Article.Canonical = "http://www.rack.example/news/0/#top"
	out, err := db.SaveArticles(t.Context(), []news.Opened{again})
	if err != nil || out[0] != news.Duplicate {
		t.Fatalf("again: %v, %v", out, err)
	}
	edited := storetest.Article(0)
	edited.Article.Text += "\n\nThis is new: zeppelin."
	edited.Reading.Claims = nil
	out, err = db.SaveArticles(t.Context(), []news.Opened{edited})
	if err != nil || out[0] != news.Revised {
		t.Fatalf("edited: %v, %v", out, err)
	}
	e, err := db.Article(t.Context(), opened[0].Article.ID)
	if err != nil || e.Article.Revision != 2 || e.Article.Text != edited.Article.Text || len(e.Reading.Claims) != 0 {
		t.Errorf("after the edit: %+v, %v", e.Article, err)
	}
	old, err := db.Revisions(t.Context(), opened[0].Article.ID)
	if err != nil || len(old) != 1 || old[0].Text != opened[0].Article.Text {
		t.Errorf("earlier texts: %+v, %v", old, err)
	}
	if res, err := db.Search(t.Context(), news.Query{Text: "zeppelin"}); err != nil || res.Total != 1 {
		t.Errorf("new word: %d, %v", res.Total, err)
	}
	if res, err := db.Search(t.Context(), news.Query{}); err != nil || res.Total != 2 {
		t.Errorf("all: %d, %v", res.Total, err)
	}
	copied := storetest.Article(0)
	copied.Article.URL, copied.Article.Text = "https://copy.example/0", "A copy that another publisher shows."
	out, err = db.SaveArticles(t.Context(), []news.Opened{copied})
	if err != nil || out[0] != news.Duplicate {
		t.Errorf("copy: %v, %v", out, err)
	}
}

func ids(res news.Results) []int64 {
	var out []int64
	for _, h := range res.Hits {
		out = append(out, h.ID)
	}
	return out
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if reflect.DeepEqual(got, want) {
		return
	}
	g, err1 := json.MarshalIndent(got, "", " ")
	w, err2 := json.MarshalIndent(want, "", " ")
	t.Errorf("%s (%v, %v):\ngot  %s\nwant %s", what, err1, err2, g, w)
}

// TestNumbersAndDatesInGroups asks for numbers and dates beside OR, in groups
// and after a "-", before and after claims were withdrawn.
func TestNumbersAndDatesInGroups(t *testing.T) {
	db, opened := storetest.Filled(t, 20) // article i: 100+i MW, i hours after the start
	ask := func(want map[string]int) {
		t.Helper()
		for text, n := range want {
			if res, err := db.Search(t.Context(), news.Query{Text: text}); err != nil || res.Total != n || len(res.Warnings) > 0 {
				t.Errorf("%s: %d articles, want %d, %q, %v", text, res.Total, n, res.Warnings, err)
			}
		}
	}
	ask(map[string]int{
		"power:>=110MW":                                    10,
		"(power:>=118MW OR power:<102MW)":                  4,
		"company:xai (power:>=118MW OR power:<102MW)":      2,
		"-power:>=102MW":                                   2,
		"-(power:>=102MW OR cluster:colossus)":             1,
		"power:>=119MW OR \"report 3\"":                    2,
		"(power:>=119MW OR before:2024-09-03) company:xai": 8,
		"-date:2024-09-02":                                 4,
		"after:2024-09-03 power:>=118MW":                   2,
		"(after:2024-09-03 power:>=118MW) OR power:0.1GW":  3,
	})
	var readings []news.Reading
	for _, o := range opened[15:] {
		o.Reading.Claims, o.Reading.Rules = nil, "sample-2"
		readings = append(readings, o.Reading)
	}
	if err := db.SaveReadings(t.Context(), readings); err != nil {
		t.Fatal(err)
	}
	ask(map[string]int{"power:>=110MW": 5, "(power:>=118MW OR power:<102MW)": 2, "-power:>=102MW": 7})
}
