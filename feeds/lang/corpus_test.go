package lang_test

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"clusterwire/feeds/eval/corpus"
	"clusterwire/feeds/lang"
	"clusterwire/feeds/parse"
)

// TestCorpusHeadlines measures titles alone, nothing declared, against the
// languages that their feeds declared. Those are wrong now and then (an
// English title in a feed that says "de"), so the floors leave room.
func TestCorpusHeadlines(t *testing.T) {
	f, err := os.Open(corpus.Path(t, "headlines.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	right, all, shown := map[string]int{}, map[string]int{}, map[string]int{}
	for s := bufio.NewScanner(z); s.Scan(); {
		var row struct{ Title, Lang string }
		if err := json.Unmarshal(s.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		all[row.Lang]++
		if got := lang.Of(row.Title); got == row.Lang {
			right[row.Lang]++
		} else if shown[row.Lang]++; shown[row.Lang] <= 25 {
			t.Logf("%s, not %s: %s", got, row.Lang, row.Title)
		}
	}
	for language, floor := range map[string]float64{"en": .98, "nl": .87, "zh": .99, "ja": .99, "de": .92} {
		share := float64(right[language]) / float64(all[language])
		t.Logf("%s: %d of %d, %.3f", language, right[language], all[language], share)
		if share < floor {
			t.Errorf("%s: %.3f right, want at least %.2f", language, share, floor)
		}
	}
}

// TestCorpusFeeds measures titles alone of the captured feeds, against what
// each feed declares. A Czech feed that says "en" and titles of product names
// alone leave room below 1.
func TestCorpusFeeds(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(corpus.Path(t, "feeds"), "*"))
	if err != nil {
		t.Fatal(err)
	}
	right, all := map[string]int{}, map[string]int{}
	seen := map[string]bool{}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := parse.Feed(body, parse.Input{URL: "https://publisher.example/feed"})
		if err != nil {
			continue // a test's own odd file
		}
		for _, item := range doc.Items {
			declared := lang.Primary(cmp.Or(item.Language, doc.Language))
			if declared == "" || item.Title == "" || seen[item.Title] {
				continue
			}
			seen[item.Title] = true
			all[declared]++
			if lang.Of(item.Title) == declared {
				right[declared]++
			}
		}
	}
	for language, floor := range map[string]struct {
		titles int
		share  float64
	}{"en": {5000, .96}, "de": {400, .92}, "nl": {250, .72}, "fr": {70, .90}, "it": {35, .97}, "zh": {18, .97}, "es": {45, .95}, "pt": {45, .97}, "ru": {45, .99}} {
		n, share := all[language], float64(right[language])/float64(all[language])
		t.Logf("%s: %d of %d, %.3f", language, right[language], n, share)
		if n < floor.titles || !(share >= floor.share) {
			t.Errorf("%s: %.3f right of %d, want %.2f of at least %d", language, share, n, floor.share, floor.titles)
		}
	}
}
