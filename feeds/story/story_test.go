package story

import (
	"math/rand/v2"
	"slices"
	"testing"

	"clusterwire/feeds/news"
)

func TestFigures(t *testing.T) {
	m := matcher(t)
	for text, want := range map[string]string{
		"$640 million":                "#$6.4e+08",
		"640 milioni di dollari":      "#$6.4e+08",
		"6,4 mld di euro":             "#€6.4e+09",
		"4.3 billion euros":           "#€4.3e+09",
		"投资30亿美元":                     "#$3e+09",
		"a 1.2GW campus":              "#mw1.2e+03",
		"1,2 gigawatt":                "#mw1.2e+03",
		"100.000 GPU":                 "#1e+05",
		"100,000 GPUs":                "#1e+05",
		"10万枚":                        "#1e+05",
		"10% of jobs":                 "#%10",
		"in 2025":                     "",
		"two of 12 sites":             "",
		"H100 and GPT-4 but no count": "",
	} {
		got := ""
		for _, f := range m.figures(plain(text)) {
			got += f.key()
		}
		if got != want {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
}

func TestTerms(t *testing.T) {
	m := matcher(t)
	for text, want := range map[string][]string{
		"Data centers":          {"=datacenter"},
		"Rechenzentren":         {"=datacenter"},
		"数据中心":                  {"=datacenter"},
		"Colossus’s GPUs":       {"colossus", "=gpu"},
		"微软在德国":                 {"微软", "软在", "=germany"},
		"Nvidia planned, plans": {stem("nvidia"), "plan", "plan"},
	} {
		if got := m.terms(plain(text)); !slices.Equal(got, want) {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
}

// TestGroupIgnoresOrder groups one set of articles in many orders.
func TestGroupIgnoresOrder(t *testing.T) {
	m := matcher(t)
	titles := []string{
		"Microsoft to restart Three Mile Island for its data centers", "Nucleare, Microsoft riaccende Three Mile Island",
		"Google signs with Kairos for small reactors", "Kairos to power Google data centers from 2030",
		"Amazon backs X-energy reactors", "X-energy gets $500 million from Amazon", "Something else entirely about fibre in Kenya",
	}
	var fs []Features
	for _, title := range titles {
		fs = append(fs, m.Featurize(news.Text{Title: title, Published: day(t, "2024-10-15")}, news.Reading{}))
	}
	want := stories(m.Group(fs))
	for seed := range uint64(20) {
		order := rand.New(rand.NewPCG(seed, 1)).Perm(len(fs))
		shuffled := make([]Features, len(fs))
		for i, j := range order {
			shuffled[i] = fs[j]
		}
		got := stories(m.Group(shuffled))
		for i, j := range order {
			if order[got[i]] != want[j] {
				t.Fatalf("in order %v %q is in the story of %q, else of %q", order, titles[j], titles[order[got[i]]], titles[want[j]])
			}
		}
	}
}

func TestHostileTexts(t *testing.T) {
	m := matcher(t)
	var fs []Features
	for _, s := range []string{"", " ", "\xff\xfe", "。。。", "$$$ 1e999 9999999999999999999999 亿", "ー", "'''", "a", "1", "1.", ",1"} {
		fs = append(fs, m.Featurize(news.Text{Title: s, Body: s}, news.Reading{}))
	}
	for _, g := range m.Group(fs) {
		if !(g.Score >= 0 && g.Score <= 1) {
			t.Errorf("a score of %v", g.Score)
		}
	}
}

// TestReason checks what a person is told: five terms, and each once, though a
// number may be both a word and a figure; words are written as in the articles.
func TestReason(t *testing.T) {
	m := matcher(t)
	say := func(title string) Features { return m.Featurize(news.Text{Title: title}, news.Reading{}) }
	quarry := say("Quarrymen finish a 122 acre trench near Sundvik in 122 weeks")
	d := m.Decide(quarry, []Candidate{{Story: 7, Features: quarry}})
	if want := "shares 122, acre, quarrymen, sundvik, trench"; d.Story != 7 || d.Reason != want {
		t.Errorf("%+v, want story 7: %s", d, want)
	}
	// A reader sees words, not stems; an article of an earlier release has no words.
	a, b := say("Stargate surveying begins near Texarkana"), say("Texarkana: Stargate surveyed")
	old := b
	old.Endings = ""
	if got, want := m.Decide(a, []Candidate{{Story: 7, Features: old}}).Reason, "shares texarkana, surveying, stargate"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := m.Group([]Features{a, b})[1].Reason, "shares texarkana, surveying, stargate"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := common([]Report{{Features: old}, {Features: b}}), "most of them share texarkana, surveyed, stargate"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	keys := []string{"122", "#122", "=chip", "#$1e+09", "chip", "x", "y", "z"}
	if got, want := firstShown(keys), []string{"122", "chip", "$1 billion", "x", "y"}; !slices.Equal(got, want) {
		t.Errorf("%q are shown as %q, want %q", keys, got, want)
	}
}
