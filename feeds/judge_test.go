package feeds

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"clusterwire/feeds/eval"
	"clusterwire/feeds/eval/corpus"
	"clusterwire/feeds/news"
)

// TestMeasuredQuality keeps the figures that are part of the program equal to
// a fresh run: run with UPDATE_GOLDEN=1 to write them anew. The floors of each
// figure stand with the tests of the rooms.
func TestMeasuredQuality(t *testing.T) {
	r := judged(t)
	q, err := Judge(r)
	if err != nil {
		t.Fatal(err)
	}
	demo, err := JudgeArticles(r, "demo", os.DirFS("../cmd/clusterwire/demo/content"))
	if err != nil {
		t.Fatal(err)
	}
	q.Sets = append(q.Sets, demo)
	compareQuality(t, "quality.json", q)
	for _, s := range q.Sets {
		if s.Texts < 400 && s.ID != "topics" && !strings.HasPrefix(s.ID, "articles-") || s.Figures[0].By != "all" || s.Figures[0].F1 < .8 {
			t.Errorf("%s: %d texts, %+v", s.ID, s.Texts, s.Figures[0])
		}
	}
}

// TestMeasuredQualityOfCorpora is the same for what others labelled, but for
// the headlines of three days, which take longer than a test should and are
// measured with the room that groups them.
func TestMeasuredQualityOfCorpora(t *testing.T) {
	files := fstest.MapFS{}
	for _, name := range []string{"epoch/gold.jsonl", "stories/pairs.jsonl"} {
		data, err := os.ReadFile(corpus.Path(t, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	sets, err := JudgeCorpora(judged(t), files)
	if err != nil {
		t.Fatal(err)
	}
	compareQuality(t, "quality-corpora.json", news.Quality{Sets: sets})
}

func TestQualityOfNoCorpora(t *testing.T) {
	dir := t.TempDir()
	if sets, err := JudgeCorpora(judged(t), os.DirFS(dir)); err != nil || len(sets) > 0 {
		t.Errorf("of an empty folder: %v, %v", sets, err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "epoch"), 0o755); err != nil {
		t.Fatal(err)
	}
	row := `{"id":"1","text":"The cluster has 4,000 H100 GPUs.","chip_type":"NVIDIA H100 SXM5","chip_quantity":4000,"verbatim_in_quote":["chip_quantity","chip_type"]}`
	for _, c := range []struct {
		rows  string
		right int
		fails bool
	}{{row, 1, false}, {row + "\n" + strings.Replace(row, "4000,", "5000,", 1), 1, false}, {"no JSON", 0, true}} {
		if err := os.WriteFile(filepath.Join(dir, "epoch", "gold.jsonl"), []byte(c.rows), 0o644); err != nil {
			t.Fatal(err)
		}
		sets, err := JudgeCorpora(judged(t), os.DirFS(dir))
		if (err != nil) != c.fails {
			t.Errorf("%q: %v", c.rows, err)
		}
		if err == nil && (len(sets) != 1 || sets[0].Figures[1].Right != c.right || sets[0].Texts != strings.Count(c.rows, "\n")+1) {
			t.Errorf("%q: %+v", c.rows, sets)
		}
	}
}

func TestMeasuredQualityIsWhole(t *testing.T) {
	q, err := MeasuredQuality()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, s := range q.Sets {
		if known[s.ID] || s.Question == "" || s.Labels == "" || len(s.Figures) == 0 {
			t.Errorf("%+v", s)
		}
		known[s.ID] = true
	}
	for _, id := range []string{"verdict", "companies", "topics", "languages", "unseen", "claims", "articles-held", "articles-demo", "events", "epoch", "pairs"} {
		if !known[id] {
			t.Errorf("no figures of %s", id)
		}
	}
}

func judged(t *testing.T) *Reader {
	t.Helper()
	r, err := NewReader()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func compareQuality(t *testing.T, path string, q news.Quality) {
	t.Helper()
	got := qualityLines(t, q)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s is out of date; review and run with UPDATE_GOLDEN=1:\n%s", path, eval.Diff(string(want), got))
	}
}

// qualityLines writes figures as JSON with one to a line, so that what a rule
// changed is a diff that can be read.
func qualityLines(t *testing.T, q news.Quality) string {
	t.Helper()
	var b strings.Builder
	line := func(v any) []byte {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	b.WriteString("{\"sets\": [")
	for i, s := range q.Sets {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, "\n{\"id\": %s, \"question\": %s,\n \"labels\": %s,\n \"texts\": %d, \"negative\": %d, \"figures\": [", line(s.ID), line(s.Question), line(s.Labels), s.Texts, s.Negative)
		for j, f := range s.Figures {
			if j > 0 {
				b.WriteString(",")
			}
			fmt.Fprintf(&b, "\n  %s", line(f))
		}
		b.WriteString("]}")
	}
	b.WriteString("\n]}\n")
	return b.String()
}
