package tag

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/eval"
	"clusterwire/feeds/eval/corpus"
	"clusterwire/feeds/news"
)

// labelled reads every text of testdata/labelled, by file.
func labelled(t *testing.T) map[string][]eval.LabelledText {
	t.Helper()
	paths, err := fs.Glob(Labelled(), "*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal("no labelled texts", err)
	}
	out := map[string][]eval.LabelledText{}
	for _, path := range paths {
		f, err := Labelled().Open(path)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(path, ".txt")
		out[name], err = eval.ReadTexts(f, name)
		f.Close()
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	return out
}

// TestLabelled reads our own labelled texts. Every mismatch stands in
// testdata/labelled.golden, so that a change of rules is a diff to review:
// run with UPDATE_GOLDEN=1 to write it anew. The floors hold whatever it says.
func TestLabelled(t *testing.T) {
	tagger := load(t)
	var companies, topics eval.Tally
	var verdict eval.Score
	var golden eval.Golden
	texts, negative := 0, 0
	byFile := labelled(t)
	for _, name := range slices.Sorted(maps.Keys(byFile)) {
		for _, l := range byFile[name] {
			r := tagger.Read(l.Text)
			checkEvidence(t, l.Text, r)
			where := fmt.Sprintf("%s:%d", name, l.Line)
			texts++
			if !l.Relevant {
				negative++
			}
			verdict = verdict.Plus(eval.Binary(l.Relevant, r.Verdict.Relevant))
			if l.Relevant != r.Verdict.Relevant {
				golden.Note(where, "verdict %v (%.2f: %s): %s", r.Verdict.Relevant, r.Verdict.Score, r.Verdict.Reason, l.Text.Title)
			}
			missing, extra := companies.Add(l.Companies, slugs(r.Mentions))
			golden.Add(where, "companies", missing, extra, l.Text.Title)
			if l.Topics != nil {
				missing, extra := topics.Add(l.Topics, topicNames(r.Topics))
				golden.Add(where, "topics", missing, extra, l.Text.Title)
			}
		}
	}
	t.Logf("%d texts, %d of them negative", texts, negative)
	t.Logf("verdict    %v", verdict)
	t.Logf("companies  %v", companies.Micro())
	t.Logf("ambiguous  %v", companies.Of(Ambiguous()...))
	t.Logf("topics\n%s", topics.Report())
	if texts < 2500 || negative*3 < texts {
		t.Errorf("%d texts, %d negative: want 2500, and a third of them negative", texts, negative)
	}
	for _, f := range []struct {
		what      string
		got, want float64
	}{
		{"verdict F1", verdict.F1(), .985},
		{"companies F1", companies.Micro().F1(), .99},
		{"precision of ambiguous names", companies.Of(Ambiguous()...).Precision(), .99},
		{"topics F1", topics.Micro().F1(), .83},
	} {
		if f.got < f.want {
			t.Errorf("%s %.3f, want at least %.2f", f.what, f.got, f.want)
		}
	}
	compareGolden(t, "testdata/labelled.golden", golden.String())
}

func slugs(mentions []news.Mention) []string {
	var out []string
	for _, m := range mentions {
		out = append(out, m.Company)
	}
	return out
}

func topicNames(tags []news.TopicTag) []string {
	var out []string
	for _, tag := range tags {
		out = append(out, string(tag.Topic))
	}
	return out
}

// compareGolden fails where got is not what the file says.
func compareGolden(t *testing.T, path, got string) {
	t.Helper()
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
	if got != string(want) {
		t.Errorf("%s is out of date; review and run with UPDATE_GOLDEN=1:\n%s", path, eval.Diff(string(want), got))
	}
}

// TestCorpusCompanies compares with weak labels that a regular expression
// made for 27 companies from titles, on names alone: it knows few products,
// takes rainforests for Amazon, and misses names that touch Japanese letters,
// so the floors leave room for its mistakes.
func TestCorpusCompanies(t *testing.T) {
	f, err := os.Open(corpus.Path(t, "headlines.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Title, Lang string
		Published   string
		Companies   []string
	}
	var all []row
	known := map[string]bool{}
	for s := bufio.NewScanner(z); s.Scan(); {
		var r row
		if err := json.Unmarshal(s.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		for i := range r.Companies {
			r.Companies[i] = strings.ToLower(r.Companies[i])
			known[r.Companies[i]] = true
		}
		all = append(all, r)
	}
	tagger := load(t)
	var tally eval.Tally
	for _, r := range all {
		day, _ := time.Parse(time.RFC3339, r.Published) // undated where it is written otherwise
		var got []string
		for _, m := range tagger.Read(news.Text{Title: r.Title, Language: r.Lang, Published: day}).Mentions {
			if known[m.Company] && (strings.HasPrefix(m.Rule, "name") || slices.Contains(r.Companies, m.Company)) {
				got = append(got, m.Company)
			}
		}
		tally.Add(r.Companies, got)
	}
	t.Logf("%d titles\n%s", len(all), tally.Report())
	if f1 := tally.Micro().F1(); f1 < .985 {
		t.Errorf("F1 %.3f, want .985", f1)
	}
}
