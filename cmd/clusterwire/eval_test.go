package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clusterwire/feeds/news"
)

func TestEval(t *testing.T) {
	code, out, said := call(t, "", "eval")
	if code != exitOK {
		t.Fatalf("code %d: %s", code, said)
	}
	for _, want := range []string{"verdict: ", "company xai ", "topic power ", "language ko ", "metric power_mw "} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

func TestEvalOfCorpora(t *testing.T) {
	dir := t.TempDir()
	if code, _, said := call(t, "", "eval", "--corpora", dir); code != exitUsage || strings.Count(said, "\n") != 1 {
		t.Errorf("an empty folder: code %d, %s", code, said)
	}
	if err := os.MkdirAll(filepath.Join(dir, "epoch"), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(row string) {
		if err := os.WriteFile(filepath.Join(dir, "epoch", "gold.jsonl"), []byte(row), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("no JSON")
	if code, _, said := call(t, "", "eval", "--corpora", dir); code != exitBadData || strings.Count(said, "\n") != 1 {
		t.Errorf("a damaged set: code %d, %s", code, said)
	}
	write(`{"id":"1","text":"The cluster has 4,000 H100 GPUs.","chip_type":"NVIDIA H100 SXM5","chip_quantity":4000,"verbatim_in_quote":["chip_quantity","chip_type"]}`)
	code, out, said := call(t, "", "eval", "--corpora", dir, "--json")
	var q news.Quality
	if err := json.Unmarshal([]byte(out), &q); code != exitOK || err != nil {
		t.Fatalf("code %d, %v: %s", code, err, said)
	}
	if last := q.Sets[len(q.Sets)-1]; last.ID != "epoch" || last.Texts != 1 || last.Figures[1].Right != 1 {
		t.Errorf("%+v", last)
	}
}
