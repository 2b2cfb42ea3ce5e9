package claim

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"clusterwire/feeds/eval/corpus"
	"clusterwire/feeds/news"
)

// gold is a row of Epoch AI's quotes with the values a person took from them.
type gold struct {
	ID        string   `json:"id"`
	Text      string   `json:"text"`
	ChipType  string   `json:"chip_type"`
	ChipType2 string   `json:"chip_type_2"`
	Quantity  *float64 `json:"chip_quantity"`
	Quantity2 *float64 `json:"chip_quantity_2"`
	Total     *float64 `json:"total_chips"`
	Power     *float64 `json:"reported_power_mw"`
	Cost      *float64 `json:"reported_cost_usd"`
	Verbatim  []string `json:"verbatim_in_quote"`
}

// figure is a count with the chip it must have, "" for any.
type figure struct {
	value float64
	chips []string
}

// figures returns the counts that stand verbatim in the quote.
func (g gold) figures() []figure {
	var fs []figure
	add := func(field string, v *float64, chips ...string) {
		if v == nil || !slices.Contains(g.Verbatim, field) || slices.ContainsFunc(fs, func(f figure) bool { return f.value == *v }) {
			return
		}
		fs = append(fs, figure{*v, chips})
	}
	var one, two []string
	if slices.Contains(g.Verbatim, "chip_type") {
		one = []string{g.ChipType}
	}
	if slices.Contains(g.Verbatim, "chip_type_2") {
		two = []string{g.ChipType2}
	}
	add("chip_quantity", g.Quantity, one...)
	add("chip_quantity_2", g.Quantity2, two...)
	if g.ChipType2 == "" {
		add("chip_total", g.Total, one...)
	} else {
		add("chip_total", g.Total)
	}
	return fs
}

// isChip reports whether a chip's name is the one of the row, which names the
// board too: "NVIDIA H100 SXM5 80GB".
func isChip(name string, want []string) bool {
	plain := strings.NewReplacer(" ", "", "-", "")
	for _, w := range want {
		if name == "" || !strings.Contains(plain.Replace(strings.ToLower(w)), plain.Replace(strings.ToLower(name))) {
			return false
		}
	}
	return true
}

func readGold(t *testing.T) []gold {
	t.Helper()
	f, err := os.Open(corpus.Path(t, "epoch/gold.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows []gold
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var g gold
		if err := json.Unmarshal(sc.Bytes(), &g); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, g)
	}
	return rows
}

func f1(tp, fp, fn int) float64 { return 2 * float64(tp) / float64(2*tp+fp+fn) }

// TestEpochQuotes measures the counts read from Epoch AI's quotes. Every count
// that is read and is not the row's is counted as wrong, though some are true
// of another row.
func TestEpochQuotes(t *testing.T) {
	r := reader(t)
	var tp, fp, fn, right int
	for _, g := range readGold(t) {
		want := g.figures()
		text := news.Text{Body: g.Text}
		_, claims := r.Read(text, nil)
		got := map[float64][]string{}
		for _, c := range claims {
			if err := r.Verify(text, c); err != nil {
				t.Errorf("%s: %v", g.ID, err)
			}
			if c.Metric == news.MetricChips {
				got[*c.ValueHi] = append(got[*c.ValueHi], c.Chip)
			}
		}
		if len(want) == 0 {
			continue
		}
		for _, w := range want {
			chips, ok := got[w.value]
			if !ok {
				fn++
				t.Logf("%s: missed %g %v in %q", g.ID, w.value, w.chips, g.Text)
				continue
			}
			tp++
			if slices.ContainsFunc(chips, func(c string) bool { return isChip(c, w.chips) }) {
				right++
			} else {
				t.Logf("%s: %g has chip %v, want %v in %q", g.ID, w.value, chips, w.chips, g.Text)
			}
			delete(got, w.value)
		}
		for v, chips := range got {
			fp++
			t.Logf("%s: read %g %v in %q", g.ID, v, chips, g.Text)
		}
	}
	count, withChip := f1(tp, fp, fn), f1(right, fp+tp-right, fn+tp-right)
	t.Logf("counts: F1 %.3f (%d right, %d wrong, %d missed); with the right chip: F1 %.3f", count, tp, fp, fn, withChip)
	if count < 0.92 || withChip < 0.90 {
		t.Errorf("F1 of counts %.3f, with chip %.3f: below 0.92 or 0.90", count, withChip)
	}
}
