package story

import (
	"slices"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

func TestApart(t *testing.T) {
	m, err := New()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	texts := []string{
		"Kestrel Cloud to build a 400 MW campus near Reims",
		"Kestrel plans 400 MW campus near Reims",
		"xAI switches on gas turbines for Colossus in Memphis",
		"Colossus in Memphis runs on gas turbines, xAI says",
		"Turbines for Colossus: Memphis residents object to xAI",
	}
	bridge := "Week in review: Kestrel campus near Reims, gas turbines at Colossus in Memphis"
	reports := func(texts ...string) []Report {
		var out []Report
		for i, s := range texts {
			at := start.Add(time.Duration(i) * time.Hour)
			out = append(out, Report{Article: int64(i + 1), Published: at, Features: m.Featurize(news.Text{Title: s, Language: "en", Published: at}, news.Reading{})})
		}
		return out
	}
	for _, c := range []struct {
		what  string
		texts []string
		want  []int64
	}{
		{"the smaller group leaves", texts, []int64{1, 2}},
		{"of two alike the later leaves", texts[:4], []int64{3, 4}},
		{"something holds them together", append([]string{bridge}, texts...), nil},
		{"one article alone is no group", texts[1:], nil},
		{"one event", texts[2:], nil},
		{"one article", texts[:1], nil},
	} {
		rs := reports(c.texts...)
		if got := apart(rs); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v leave, want %v", c.what, got, c.want)
		}
		if got := m.Weigh(rs).Apart; !slices.Equal(got, c.want) {
			t.Errorf("%s: weighing sends %v away, want %v", c.what, got, c.want)
		}
	}
}
