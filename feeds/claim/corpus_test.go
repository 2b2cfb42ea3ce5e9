package claim

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"testing"

	"clusterwire/feeds/eval/corpus"
	"clusterwire/feeds/news"
)

// readCorpus returns the texts of a file of articles or headlines.
func readCorpus(t testing.TB, name string) []news.Text {
	t.Helper()
	f, err := os.Open(corpus.Path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var texts []news.Text
	scanner := bufio.NewScanner(z)
	scanner.Buffer(nil, 1<<24)
	for scanner.Scan() {
		var row struct{ Title, Text, Summary, Lang string }
		if err := json.Unmarshal(scanner.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, news.Text{Title: row.Title, Body: row.Text + row.Summary, Language: row.Lang})
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	return texts
}

// TestCorpusVerifies reads thousands of real texts: whatever is claimed must
// stand in the text.
func TestCorpusVerifies(t *testing.T) {
	r := reader(t)
	for _, name := range []string{"articles.jsonl.gz", "headlines.jsonl.gz"} {
		claimed := 0
		for i, text := range readCorpus(t, name) {
			if name == "headlines.jsonl.gz" && i%5 != 0 {
				continue // a fifth of 22,000 is enough for each run
			}
			_, claims := r.Read(text, nil)
			claimed += len(claims)
			for _, c := range claims {
				if err := r.Verify(text, c); err != nil {
					t.Errorf("%s: %v", text.Title, err)
				}
			}
		}
		t.Logf("%s: %d claims, all verify", name, claimed)
		if claimed == 0 {
			t.Errorf("%s: nothing read", name)
		}
	}
}

// BenchmarkRead reads articles of 400 words on one core.
func BenchmarkRead(b *testing.B) {
	r := reader(b)
	texts := readCorpus(b, "articles.jsonl.gz")
	for i := range texts {
		texts[i].Body = firstWords(texts[i].Body, 400)
	}
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		r.Read(texts[i%len(texts)], nil)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
}

// firstWords cuts body after n words; two characters of a script without
// spaces count as one.
func firstWords(body string, n int) string {
	toks := tokenize(body, nil)
	words := 0.0
	for _, tok := range toks {
		switch tok.kind {
		case glyph:
			words += 0.5
		case word, digits:
			words++
		}
		if words >= float64(n) {
			return body[:tok.end]
		}
	}
	return body
}
