package store_test

import (
	"testing"

	"clusterwire/feeds/news"
	"clusterwire/store/storetest"
)

// Companies come in the order of how many articles name them; a completion is
// the whole query.
func TestCompleteByArticles(t *testing.T) {
	db := storetest.Open(t)
	storetest.Registry(t, db)
	var articles []news.Opened
	for i := range 6 {
		articles = append(articles, storetest.Article(2*i)) // about xAI
	}
	if _, err := db.SaveArticles(t.Context(), articles); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"turbines company:x": "turbines company:xai",
		"col":                "cluster:colossus",
		"pow":                "power:",
		"topic:wat":          "topic:water",
	} {
		got, err := db.Complete(t.Context(), text, 8)
		if err != nil || len(got) == 0 || got[0].Query != want {
			t.Errorf("%s: %+v (%v), want %s first", text, got, err, want)
		}
	}
}
