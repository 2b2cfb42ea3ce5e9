package store

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"clusterwire/feeds/news"
)

// TestFacetsFollowWrites: facets that are kept are those of the archive as it
// is, and nobody who was given them can change them.
func TestFacetsFollowWrites(t *testing.T) {
	db, rng := openTemp(t), rand.New(rand.NewPCG(1, 2))
	queries := []news.Query{{}, {Text: "w0"}, {Text: "w0", Hidden: true}, {Text: "w1", Languages: []string{"en"}}}
	for part := range 5 {
		for i := range 20 {
			if _, err := db.SaveArticles(t.Context(), []news.Opened{randomArticle(rng, part*20+i)}); err != nil {
				t.Fatal(err)
			}
		}
		for _, q := range queries {
			first, err := db.Facets(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			want := first.Clone()
			for i := range first.Sources {
				first.Sources[i].N = -1
			}
			q.Limit = 1
			again, err := db.Facets(t.Context(), q)
			if err != nil || !reflect.DeepEqual(again, want) {
				t.Errorf("%+v again: %+v, %v, first %+v", q, again, err, want)
			}
			res, err := db.Search(t.Context(), q)
			if err != nil || res.Total != want.Total {
				t.Errorf("%+v: %d found, %v, facets count %d", q, res.Total, err, want.Total)
			}
		}
	}
}
