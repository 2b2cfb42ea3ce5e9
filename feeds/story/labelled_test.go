package story

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/eval"
	"clusterwire/feeds/news"
)

// UPDATE_GOLDEN=1 writes the golden files anew.
var update = os.Getenv("UPDATE_GOLDEN") != ""

// labelled is one article of testdata/events.txt.
type labelled struct {
	event, lang, source, title, text string
	echo                             bool
	day                              time.Time
}

func readEvents(t testing.TB) []labelled {
	t.Helper()
	set, err := eval.ReadEvents(Labelled())
	if err != nil {
		t.Fatal(err)
	}
	var out []labelled
	for _, x := range set {
		out = append(out, labelled{x.Event, x.Text.Language, x.Source, x.Text.Title, x.Text.Body, x.Echo, x.Text.Published})
	}
	return out
}

// grouped reads and groups the labelled articles as the line would.
func grouped(t testing.TB, set []labelled) ([]Features, []Grouped) {
	m, tagger := matcher(t), newTagger(t)
	fs := make([]Features, len(set))
	for i, x := range set {
		text := news.Text{Title: x.title, Body: x.text, Language: x.lang, Published: x.day, URL: fmt.Sprintf("https://%s.example/%d", x.source, i)}
		read := tagger.Read(text)
		fs[i] = m.Featurize(text, news.Reading{Language: x.lang, Mentions: read.Mentions})
	}
	return fs, m.Group(fs)
}

// TestLabelledEvents groups our own set, with its hard neighbours, and keeps
// every mistake in a golden file, so that a change of rules shows as one.
func TestLabelledEvents(t *testing.T) {
	set := readEvents(t)
	_, results := grouped(t, set)
	got := stories(results)
	want := make([]string, len(set))
	languages := map[string]int{}
	events := map[string]bool{}
	for i, x := range set {
		want[i], events[x.event] = x.event, true
		languages[x.lang]++
	}
	if len(events) < 60 || len(set) < 400 || len(languages) < 5 {
		t.Errorf("the set holds %d events, %d articles and the languages %v", len(events), len(set), languages)
	}
	p, r, f1 := eval.BCubed(want, got)
	pairs := eval.Pairs(want, got)
	italian := acrossLanguages(set, got, "it", "en")
	t.Logf("%d events, %d articles: B-cubed P %.3f R %.3f F1 %.3f; pairs %v; Italian with English %v", len(events), len(set), p, r, f1, pairs, italian)
	if f1 < 0.98 || pairs.F1() < 0.98 || italian.Recall() < 0.97 || italian.Precision() < 0.95 {
		t.Error("the stories are worse than the floors")
	}
	golden(t, "events.golden", mistakes(set, results))
}

// acrossLanguages scores pairs of articles of two languages.
func acrossLanguages(set []labelled, got []int, a, b string) (s eval.Score) {
	for i, x := range set {
		for j, y := range set {
			if x.lang == a && y.lang == b {
				mark(&s, x.event == y.event, got[i] == got[j])
			}
		}
	}
	return s
}

// mistakes lists the articles that are not in the story of their event's first.
func mistakes(set []labelled, results []Grouped) string {
	first := map[string]int{}
	owner := map[int]string{}
	var b strings.Builder
	for i, x := range set {
		s := results[i].Story
		if _, known := first[x.event]; !known {
			first[x.event] = s
		}
		if owner[s] == "" {
			owner[s] = x.event
		}
		switch {
		case owner[s] != x.event:
			fmt.Fprintf(&b, "%s is put into %s: %s\n", x.event, owner[s], x.title)
		case first[x.event] != s:
			fmt.Fprintf(&b, "%s is cut: %s\n", x.event, x.title)
		}
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s is not what the rules give; review and run with UPDATE_GOLDEN=1:\n%s", path, got)
	}
}

// TestOriginAndEcho weighs each labelled event by itself.
func TestOriginAndEcho(t *testing.T) {
	set := readEvents(t)
	m := matcher(t)
	fs, _ := grouped(t, set)
	reports := map[string][]Report{}
	for i, x := range set {
		source := news.Source{Slug: x.source, Name: strings.ReplaceAll(x.source, "-", " "), Trust: news.TrustReports, Kind: news.KindGeneral}
		reports[x.event] = append(reports[x.event], Report{Article: int64(i + 1), Source: source, Published: x.day.Add(time.Duration(i) * time.Minute), Features: fs[i]})
	}
	var score eval.Score // of echoes found
	for event, rs := range reports {
		w := m.Weigh(rs)
		for _, s := range w.Standings {
			x := set[s.Article-1]
			mark(&score, x.echo, s.Origin != 0)
			if x.echo != (s.Origin != 0) {
				t.Logf("%s, %s: %s (%s)", event, x.source, x.title, s.Why)
			}
		}
		if event == "ten-rewrites" && (w.Independent != 1 || w.Lead != rs[0].Article) {
			t.Errorf("rewrites of one release are %d independent sources, led by %d", w.Independent, w.Lead)
		}
	}
	t.Logf("echoes: %v", score)
	if score.F1() < 0.98 {
		t.Errorf("F1 %.3f of echoes is below 0.98", score.F1())
	}
}
