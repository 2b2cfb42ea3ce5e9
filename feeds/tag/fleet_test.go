package tag

import (
	"strings"
	"testing"

	"clusterwire/feeds/news"
)

// TestFleet counts accelerators as each script does.
func TestFleet(t *testing.T) {
	tagger := load(t)
	for _, c := range []struct {
		title, language string
		want            bool
	}{
		{"A lab gets 100,000 GPUs", "en", true},
		{"A lab gets 200k GPUs", "en", true},
		{"A lab gets 8 GPUs", "en", false},
		{"2025 GPU prices", "en", false},
		{"정부, GPU 1만3천장 배분 시작", "ko", true},
		{"엔비디아 GPU 6만장", "ko", true},
		{"GPU 8장으로 돌려 보니", "ko", false},
		{"理研、GB200を2140基", "ja", true},
		{"2140基のGPUを導入", "ja", true},
		{"GPU 2枚で動く", "ja", false},
		{"GPU、2026年に値下げか", "ja", false},
		{"某公司租下GPU 3万张", "zh", true},
	} {
		v := tagger.Read(news.Text{Title: c.title, Language: c.language})
		amount, _ := tagger.amounts(tagger.scan(news.Text{Title: c.title, Language: c.language}), v.Mentions)
		if got := amount[tagger.class("fleet")] > 0; got != c.want {
			t.Errorf("%s: counted %v, want %v (%s)", c.title, got, c.want, strings.TrimSpace(v.Verdict.Reason))
		}
	}
}
