package lang

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"testing"

	"clusterwire/feeds/eval/corpus"
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
		if got := Of(row.Title); got == row.Lang {
			right[row.Lang]++
		} else if shown[row.Lang]++; shown[row.Lang] <= 25 {
			t.Logf("%s, not %s: %s", got, row.Lang, row.Title)
		}
	}
	for language, floor := range map[string]float64{"en": .96, "nl": .85, "zh": .98, "ja": .98, "de": .80} {
		share := float64(right[language]) / float64(all[language])
		t.Logf("%s: %d of %d, %.3f", language, right[language], all[language], share)
		if share < floor {
			t.Errorf("%s: %.3f right, want at least %.2f", language, share, floor)
		}
	}
}
