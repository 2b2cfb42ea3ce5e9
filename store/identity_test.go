package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"clusterwire/feeds/news"
	"clusterwire/store"
	"clusterwire/store/storetest"
)

// polls saves polls of one feed in turn and returns what each did. The ids Q1
// to Q10 are those of the catalogue of hostile input.
func polls(t *testing.T, rounds ...[]news.Item) (*store.DB, []news.Polled) {
	t.Helper()
	db := storetest.Open(t)
	storetest.Registry(t, db)
	feeds, err := db.DueFeeds(t.Context(), storetest.Start, 1)
	if err != nil {
		t.Fatal(err)
	}
	var out []news.Polled
	for i, items := range rounds {
		p, err := db.SavePoll(t.Context(), news.Poll{Feed: feeds[0], Items: items}, storetest.Start.Add(time.Duration(i)*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return db, out
}

// feedOf makes n items by a scheme of keys and addresses.
func feedOf(n int, key, url, title string) []news.Item {
	items := make([]news.Item, n)
	for i := range items {
		fill := func(pattern string) string {
			if pattern == "" || pattern[len(pattern)-1] != '#' {
				return pattern
			}
			return fmt.Sprint(pattern[:len(pattern)-1], i)
		}
		items[i] = news.Item{Key: fill(key), URL: fill(url), Title: fill(title), Hash: "h", Published: storetest.Start.Add(time.Duration(i) * time.Minute)}
	}
	return items
}

func TestChangedIdentities(t *testing.T) {
	edited := feedOf(20, "https://a.example/p/#", "https://a.example/p/#", "T #")
	for i := range edited {
		edited[i].Hash = "h2"
	}
	weekly := func(from int) []news.Item {
		items := feedOf(200, "id-#", "https://a.example/w/#", "Weekly update")
		for i := range items {
			items[i].Key, items[i].URL = fmt.Sprintf("id-%d", from+i), fmt.Sprintf("https://a.example/w/%d", from+i)
		}
		return items
	}
	home := func(from int) []news.Item {
		items := feedOf(20, "h-#", "https://a.example/news", "Weekly update")
		for i := range items {
			items[i].Key = fmt.Sprintf("h-%d", from+i)
		}
		return items
	}
	for _, c := range []struct {
		name          string
		before, after []news.Item
		want          news.Polled
	}{
		{"Q1 http to https", feedOf(20, "http://a.example/p/#", "http://a.example/p/#", "T #"), feedOf(20, "https://a.example/p/#", "https://a.example/p/#", "T #"), news.Polled{Merged: 20}},
		{"Q1 another host", feedOf(20, "https://a.example/p/#", "https://a.example/p/#", "T #"), feedOf(20, "https://www.b.example/p/#", "https://www.b.example/p/#", "T #"), news.Polled{Merged: 20}},
		{"Q2 the link changes", feedOf(20, "id-#", "https://a.example/p/#", "T #"), feedOf(20, "id-#", "https://a.example/q/#", "T #"), news.Polled{Known: 20}},
		{"Q5 another scheme of GUIDs", feedOf(20, "id-#", "https://a.example/p/#", "T #"), feedOf(20, "urn:uuid:#", "https://a.example/p/#", "T #"), news.Polled{Merged: 20}},
		{"Q5 a recurring headline", weekly(0), weekly(200), news.Polled{New: 200}},
		{"Q5 a recurring headline with one link", home(0), home(20), news.Polled{New: 20}},
		{"Q6 edited", feedOf(20, "https://a.example/p/#", "https://a.example/p/#", "T #"), edited, news.Polled{Edited: 20}},
		{"Q9 cut short", feedOf(20, "id-#", "https://a.example/p/#", "T #"), feedOf(5, "id-#", "https://a.example/p/#", "T #"), news.Polled{Known: 5}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, got := polls(t, c.before, c.after)
			if got[1] != c.want {
				t.Errorf("%+v, want %+v", got[1], c.want)
			}
		})
	}
}

func TestQ10RemovedAndAddedAgain(t *testing.T) {
	items := feedOf(5, "id-#", "https://a.example/p/#", "T #")
	_, got := polls(t, items, items[:3], items)
	if got[2] != (news.Polled{Known: 5}) {
		t.Errorf("%+v", got[2])
	}
}

// TestQ7Dates: a date in the future does not pin an article to the top, late
// articles take their place by date, and strange years do no harm.
func TestQ7Dates(t *testing.T) {
	db := storetest.Open(t)
	storetest.Registry(t, db)
	seen := time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)
	dates := []time.Time{seen.Add(10 * time.Minute), seen.AddDate(1, 0, 0), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC),
		{}, seen.AddDate(-10, 0, 0), seen.Add(time.Hour * -1)}
	for i, at := range dates {
		o := storetest.Article(i)
		o.Article.Published, o.Article.FirstSeen = at, seen
		if _, err := db.SaveArticles(t.Context(), []news.Opened{o}); err != nil {
			t.Fatal(err)
		}
	}
	res, err := db.Search(t.Context(), news.Query{})
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for _, h := range res.Hits {
		for i, at := range dates {
			if h.Published.Equal(at) {
				got = append(got, i)
			}
		}
	}
	same(t, "order", got, []int{0, 4, 2, 1, 6, 5, 3})
}

// TestSameSecond: more articles than a second has numbers for keep their order
// and their pages.
func TestSameSecond(t *testing.T) {
	db := storetest.Open(t)
	storetest.Registry(t, db)
	var list []news.Opened
	for i := range 100 {
		o := storetest.Article(i)
		o.Article.Published = storetest.Start
		list = append(list, o)
	}
	if _, err := db.SaveArticles(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	seen := map[int64]bool{}
	for q := (news.Query{Limit: 9}); ; {
		res, err := db.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids(res) {
			if seen[id] {
				t.Fatalf("article %d twice", id)
			}
			seen[id] = true
		}
		if q.Cursor = res.Next; q.Cursor == "" {
			break
		}
	}
	if len(seen) != 100 {
		t.Errorf("%d of 100 articles", len(seen))
	}
}

// TestPagesWhileArticlesArrive reads all pages while articles come in before
// and after: what was there is read once.
func TestPagesWhileArticlesArrive(t *testing.T) {
	db, opened := storetest.Filled(t, 60)
	want := map[int64]int{}
	for _, o := range opened {
		want[o.Article.ID] = 0
	}
	for _, text := range []string{"", "repor*"} {
		n := 1000 * (len(text) + 1)
		for q := (news.Query{Limit: 7, Text: text}); ; {
			res, err := db.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range ids(res) {
				if _, ok := want[id]; ok {
					want[id]++
				}
			}
			if q.Cursor = res.Next; q.Cursor == "" {
				break
			}
			late := storetest.Article(n)
			late.Article.Published = storetest.Start.Add(time.Duration(n%60)*time.Hour + time.Minute)
			if _, err := db.SaveArticles(t.Context(), []news.Opened{late, storetest.Article(n + 1)}); err != nil {
				t.Fatal(err)
			}
			n += 2
		}
		for id, times := range want {
			if times != 1 {
				t.Errorf("%q: article %d was read %d times", text, id, times)
			}
			want[id] = 0
		}
	}
}

func TestDueItemsTakeTurns(t *testing.T) {
	db := storetest.Open(t)
	storetest.Registry(t, db)
	feeds, err := db.DueFeeds(t.Context(), storetest.Start, 10)
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range []int{500, 2, 30} {
		if _, err := db.SavePoll(t.Context(), news.Poll{Feed: feeds[i], Items: storetest.Items(feeds[i], n)}, storetest.Start); err != nil {
			t.Fatal(err)
		}
	}
	taken := map[int64]bool{}
	take := func(limit int) (count [3]int) {
		t.Helper()
		due, err := db.DueItems(t.Context(), storetest.Start, limit, taken, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range due {
			if taken[it.ID] {
				t.Errorf("item %d is taken already", it.ID)
			}
			taken[it.ID] = true
			count[slices.IndexFunc(feeds[:3], func(f news.Feed) bool { return f.Source == it.Source })]++
		}
		return count
	}
	for _, c := range []struct {
		limit int
		want  [3]int
	}{
		{5, [3]int{2, 2, 1}},      // two turns, as far as there is room
		{48, [3]int{2, 0, 3}},     // a quarter of the room for three sources: four each, with those that are taken
		{48, [3]int{}},            // nothing before some are done
		{1200, [3]int{96, 0, 26}}, // few sources leave room for others
		{100, [3]int{}},           // no room
	} {
		if got := take(c.limit); got != c.want {
			t.Errorf("room for %d: %v, want %v", c.limit, got, c.want)
		}
	}
	for id := range taken {
		delete(taken, id) // done, but not stored: due still
	}
	if got := take(20); got != [3]int{2, 2, 2} {
		t.Errorf("what is taken no more is due: %v", got)
	}
	due, err := db.DueItems(t.Context(), storetest.Start, 20, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if due, err := db.DueItems(t.Context(), storetest.Start.Add(-time.Second), 20, nil, nil); err != nil || len(due) != 0 {
		t.Errorf("before they are due: %d, %v", len(due), err)
	}
	// What was put off by a clock ten years ahead is due when it is right again.
	for _, years := range []int{0, 10} {
		if err := db.SaveAttempt(t.Context(), due[0].ID, news.Attempt{Failures: 1, Next: storetest.Start.AddDate(years, 0, 1)}); err != nil {
			t.Fatal(err)
		}
		now, err := db.DueItems(t.Context(), storetest.Start, 1000, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if again := slices.ContainsFunc(now, func(it news.Item) bool { return it.ID == due[0].ID }); again != (years > 0) {
			t.Errorf("put off by %d years and a day: due %v", years, again)
		}
	}
}
