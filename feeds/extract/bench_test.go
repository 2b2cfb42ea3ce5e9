package extract

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/eval/corpus"
)

// The scores of the Zyte article-extraction benchmark: token 4-gram shingles
// as multisets, precision and recall averaged over pages, F1 of the two, and
// the share of pages whose tokens are exactly the truth's. Method from the
// benchmark's own evaluation (scrapinghub/article-extraction-benchmark, MIT).

// tokens are Python's \w+ : letters, digits and underscore.
var tokens = regexp.MustCompile(`[\p{L}\p{N}_]+`)

type score struct{ precision, recall, exact float64 }

func shingles(words []string) map[string]int {
	out := map[string]int{}
	for i := 0; i < max(1, len(words)-3); i++ {
		out[strings.Join(words[i:min(i+4, len(words))], "\x00")]++
	}
	return out
}

func scorePage(truth, got string) score {
	tt, gt := tokens.FindAllString(truth, -1), tokens.FindAllString(got, -1)
	ts, gs := shingles(tt), shingles(gt)
	tp, fp, fn := 0, 0, 0
	for k, n := range gs {
		tp += min(n, ts[k])
		fp += max(0, n-ts[k])
	}
	for k, n := range ts {
		fn += max(0, n-gs[k])
	}
	s := score{precision: ratio(tp, fp), recall: ratio(tp, fn)}
	if fp == 0 && fn == 0 {
		s.precision, s.recall = 1, 1
	}
	if slices.Equal(tt, gt) {
		s.exact = 1
	}
	return s
}

func ratio(tp, miss int) float64 {
	if tp+miss == 0 {
		return 0
	}
	return float64(tp) / float64(tp+miss)
}

// mean averages scores and gives F1 of the averages.
func mean(scores []score) (s score, f1 float64) {
	for _, x := range scores {
		s.precision += x.precision
		s.recall += x.recall
		s.exact += x.exact
	}
	n := math.Max(1, float64(len(scores)))
	s.precision, s.recall, s.exact = s.precision/n, s.recall/n, s.exact/n
	return s, 2 * s.precision * s.recall / (s.precision + s.recall)
}

type benchPage struct {
	id, url, truth string
	body           []byte
}

func benchPages(t testing.TB) []benchPage {
	t.Helper()
	dir := corpus.Path(t, "pages")
	raw, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	truth := map[string]struct {
		ArticleBody string `json:"articleBody"`
		URL         string `json:"url"`
	}{}
	if err := json.Unmarshal(raw, &truth); err != nil {
		t.Fatal(err)
	}
	var pages []benchPage
	for id, want := range truth {
		packed, err := os.ReadFile(filepath.Join(dir, id+".html.gz"))
		if err != nil {
			t.Fatal(err)
		}
		r, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, benchPage{id: id, url: want.URL, truth: want.ArticleBody, body: body})
	}
	slices.SortFunc(pages, func(a, b benchPage) int { return strings.Compare(a.id, b.id) })
	return pages
}

// Floors of the benchmark on its half that lies in the corpora. They follow
// what was measured at a small distance, so that a rule that costs shows.
const (
	floorF1        = .985
	floorPrecision = .980
	floorRecall    = .988
	floorExact     = .65
)

// patient is a deadline that no page of the tests meets, however busy the
// machine is.
const patient = time.Minute

func TestBenchmark(t *testing.T) {
	var scores []score
	for _, p := range benchPages(t) {
		page, err := readPage(p.body, Input{URL: p.url, ContentType: "text/html"}, patient)
		if err != nil {
			t.Errorf("%s: %v", p.url, err)
		}
		if page.Refused != "" {
			t.Errorf("%s is an article, but refused as %s", p.url, page.Refused)
		}
		s := scorePage(p.truth, page.Text)
		if s.precision < .9 || s.recall < .9 {
			t.Logf("precision %.3f recall %.3f by %s: %s", s.precision, s.recall, page.Method, p.url)
		}
		scores = append(scores, s)
	}
	s, f1 := mean(scores)
	t.Logf("article-extraction benchmark, %d pages: F1 %.4f precision %.4f recall %.4f exact %.3f", len(scores), f1, s.precision, s.recall, s.exact)
	if f1 < floorF1 || s.precision < floorPrecision || s.recall < floorRecall || s.exact < floorExact {
		t.Errorf("below the floors F1 %.3f precision %.3f recall %.3f exact %.2f", floorF1, floorPrecision, floorRecall, floorExact)
	}
}

func TestScorer(t *testing.T) {
	cases := []struct {
		truth, got               string
		precision, recall, exact float64
	}{
		{"a b c d e", "a b c d e", 1, 1, 1},
		{"a b c d e", "A b c d e", .5, .5, 0},
		{"a b c d e", "a b c d e f", 2. / 3, 1, 0},
		{"a b c d e f", "a, b! c d e", 1, 2. / 3, 0},
		{"a b", "c d", 0, 0, 0},
		{"a b c d a b c d", "a b c d", 1, .2, 0},
	}
	for _, c := range cases {
		got := scorePage(c.truth, c.got)
		if want := (score{c.precision, c.recall, c.exact}); got != want {
			t.Errorf("%q against %q: %v, want %v", c.got, c.truth, got, want)
		}
	}
}

func BenchmarkPage(b *testing.B) {
	pages := benchPages(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p := pages[i%len(pages)]
		if _, err := Page(p.body, Input{URL: p.url, ContentType: "text/html"}); err != nil {
			b.Fatal(err)
		}
	}
}
