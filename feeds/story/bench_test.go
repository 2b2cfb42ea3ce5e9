package story

import (
	"testing"

	"clusterwire/feeds/news"
)

// BenchmarkDecide places one article among as many as the line compares it with.
func BenchmarkDecide(b *testing.B) {
	fs, _ := grouped(b, readEvents(b))
	m := matcher(b)
	around := make([]Candidate, 2*mostNeighbour)
	for i := range around {
		f := fs[1+i]
		around[i] = Candidate{Story: int64(1 + i/6), Features: f}
	}
	for b.Loop() {
		m.Decide(fs[0], around)
	}
}

// BenchmarkFeaturize reads one article.
func BenchmarkFeaturize(b *testing.B) {
	set := readEvents(b)
	m := matcher(b)
	for i := 0; b.Loop(); i++ {
		x := set[i%len(set)]
		m.Featurize(news.Text{Title: x.title, Body: x.text, Language: x.lang, Published: x.day}, news.Reading{Language: x.lang})
	}
}
