package feeds

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"clusterwire/feeds/eval/corpus"
	"clusterwire/feeds/news"
)

// BenchmarkReader reads articles of 400 words on one core, the whole reading:
// language, verdict, companies, topics, clusters and claims. Two characters of
// a script without spaces count as a word.
func BenchmarkReader(b *testing.B) {
	r, err := NewReader()
	if err != nil {
		b.Fatal(err)
	}
	texts := longArticles(b)
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		r.Read(texts[i%len(texts)])
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
}

// longArticles returns the articles of the corpora that have 400 words, cut
// there.
func longArticles(b *testing.B) []news.Text {
	f, err := os.Open(corpus.Path(b, "articles.jsonl.gz"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	var texts []news.Text
	scanner := bufio.NewScanner(z)
	scanner.Buffer(nil, 1<<24)
	for scanner.Scan() {
		var row struct{ Title, Text, Lang string }
		if err := json.Unmarshal(scanner.Bytes(), &row); err != nil {
			b.Fatal(err)
		}
		if body, long := cutWords(row.Text, 400); long {
			texts = append(texts, news.Text{Title: row.Title, Body: body, Language: row.Lang})
		}
	}
	if err := scanner.Err(); err != nil || len(texts) == 0 {
		b.Fatal("no articles of 400 words", err)
	}
	return texts
}

// cutWords cuts a text after n words, if it has so many.
func cutWords(text string, n int) (string, bool) {
	halves := 0
	for i, r := range text {
		switch {
		case strings.ContainsRune(" \n\t", r):
			halves += 2
		case r >= 0x3040:
			halves++
		}
		if halves >= 2*n {
			return text[:i+utf8.RuneLen(r)], true
		}
	}
	return text, false
}
