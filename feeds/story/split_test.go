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
	chinese := []string{
		"环保组织称马斯克旗下公司在Memphis违规启用燃气轮机 空气质量堪忧 要求监管部门介入调查",
		"超级计算机靠数十台燃气涡轮机组供电 田纳西州Memphis市卫生部门尚未发放许可证 马斯克回应",
	}
	reports := func(texts ...string) []Report {
		var out []Report
		for i, s := range texts {
			at, language := start.Add(time.Duration(i)*time.Hour), "en"
			if slices.Contains(chinese, s) {
				language = "zh"
			}
			out = append(out, Report{Article: int64(i + 1), Published: at, Features: m.Featurize(news.Text{Title: s, Language: language, Published: at}, news.Reading{})})
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
		{"one event in two languages that share a name alone", slices.Concat(texts[2:4], chinese), nil},
		{"two events in two languages", slices.Concat(texts[:2], chinese), []int64{3, 4}},
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

// TestTogether has Decide join the labelled articles of each event in each two
// languages, in order: what it made one story of is not to come apart again.
func TestTogether(t *testing.T) {
	m, set := matcher(t), readEvents(t)
	fs, _ := grouped(t, set)
	subsets := map[string][]int{}
	for i, x := range set {
		for j, y := range set {
			if x.event == y.event && x.lang <= y.lang {
				key := x.event + ", " + x.lang + " and " + y.lang
				subsets[key] = append(subsets[key], i, j)
			}
		}
	}
	joined := 0
	for key, members := range subsets {
		slices.Sort(members)
		members = slices.Compact(members)
		reports := oneStory(m, set, fs, members)
		if len(reports) < 2 {
			continue
		}
		joined++
		if groups := connected(reports); len(groups) > 1 {
			t.Errorf("%s: %d articles that Decide joined fall into %d groups", key, len(reports), len(groups))
		}
	}
	if joined < 580 {
		t.Errorf("Decide made one story of %d of %d subsets only", joined, len(subsets))
	}
}

// oneStory are the reports of the articles at members if Decide, asked of one
// after the other, puts all of them into one story; else none.
func oneStory(m *Matcher, set []labelled, fs []Features, members []int) []Report {
	var reports []Report
	var placed []Candidate
	for _, i := range members {
		if d := m.Decide(fs[i], placed); len(placed) > 0 && d.Story != 1 {
			return nil
		}
		placed = append(placed, Candidate{Story: 1, Features: fs[i]})
		reports = append(reports, Report{Article: int64(i + 1), Published: set[i].day, Features: fs[i]})
	}
	return reports
}
