package store_test

import (
	"slices"
	"testing"
	"time"

	"clusterwire/feeds/news"
	"clusterwire/store/storetest"
)

// Every article that is shown stands on the day on which it was first seen, and
// the mark of a day moves with it and no other.
func TestArrivals(t *testing.T) {
	db := storetest.Open(t)
	days := []string{"2026-11-20", "2026-11-21", "2026-11-21", "2026-11-22"}
	var opened []news.Opened
	for i, day := range days {
		o := storetest.Article(i)
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		o.Article.FirstSeen = at.Add(24*time.Hour - time.Microsecond)
		opened = append(opened, o)
	}
	hidden := storetest.Article(9)
	hidden.Article.FirstSeen, hidden.Reading.Verdict = opened[0].Article.FirstSeen.AddDate(0, 0, -9), news.Verdict{}
	if _, err := db.SaveArticles(t.Context(), append(opened, hidden)); err != nil {
		t.Fatal(err)
	}
	before, err := db.Arrivals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range before {
		got = append(got, a.Day.Format(time.DateOnly))
		hits, err := db.Listed(t.Context(), append(a.Articles, 1))
		if err != nil || len(hits) != len(a.Articles) {
			t.Fatalf("%d articles listed of %v, %v", len(hits), a.Articles, err)
		}
		for i, h := range hits {
			if h.ID != a.Articles[i] || h.FirstSeen.Format(time.DateOnly) != got[len(got)-1] {
				t.Errorf("%s has article %d, seen %s", got[len(got)-1], h.ID, h.FirstSeen)
			}
		}
	}
	if want := slices.Compact(slices.Clone(days)); !slices.Equal(got, want) {
		t.Fatalf("days %v, want %v", got, want)
	}

	off := opened[2]
	off.Article.Text += " It was edited."
	off.Reading.Verdict = news.Verdict{}
	if _, err := db.SaveArticles(t.Context(), []news.Opened{off}); err != nil {
		t.Fatal(err)
	}
	after, err := db.Arrivals(t.Context())
	if err != nil || len(after) != 3 {
		t.Fatal(after, err)
	}
	for i := range after {
		if changed := after[i].Mark != before[i].Mark; changed != (i == 1) {
			t.Errorf("%s: mark %s, was %s", got[i], after[i].Mark, before[i].Mark)
		}
	}
	if len(after[1].Articles) != 1 {
		t.Errorf("%v on the second day, one of them is hidden", after[1].Articles)
	}
}
