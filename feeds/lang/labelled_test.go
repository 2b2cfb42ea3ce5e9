package lang

import (
	"os"
	"testing"

	"clusterwire/feeds/eval"
)

// TestHeadlines measures our own headlines of ten languages, titles alone and
// nothing declared.
func TestHeadlines(t *testing.T) {
	var confusion eval.Confusion
	right, all := 0, 0
	for _, language := range []string{"en", "de", "it", "fr", "es", "pt", "nl", "zh", "ja", "ko"} {
		f, err := os.Open("../tag/testdata/labelled/" + language + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		texts, err := eval.ReadTexts(f, language)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		r := 0
		for _, l := range texts {
			got := Of(l.Text.Title)
			confusion.Add(language, got)
			if got == language {
				r++
			} else {
				t.Logf("%s, not %s: %s", got, language, l.Text.Title)
			}
		}
		t.Logf("%s: %d of %d", language, r, len(texts))
		if share := float64(r) / float64(len(texts)); len(texts) < 50 || share < .9 {
			t.Errorf("%s: %.3f right of %d, want .9 of at least 50", language, share, len(texts))
		}
		right, all = right+r, all+len(texts)
	}
	if share := float64(right) / float64(all); share < .95 {
		t.Errorf("%.3f right, want .95\n%s", share, confusion.Report())
	}
}
