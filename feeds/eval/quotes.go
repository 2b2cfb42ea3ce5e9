package eval

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"clusterwire/feeds/news"
)

// Quote is a quotation of Epoch AI's database of clusters, with the counts of
// chips that a person took from it.
type Quote struct {
	ID        string   `json:"id"`
	Text      string   `json:"text"`
	ChipType  string   `json:"chip_type"`
	ChipType2 string   `json:"chip_type_2"`
	Quantity  *float64 `json:"chip_quantity"`
	Quantity2 *float64 `json:"chip_quantity_2"`
	Total     *float64 `json:"total_chips"`
	Verbatim  []string `json:"verbatim_in_quote"` // which of the fields stand in the text
}

// ReadQuotes reads one quotation a line, as JSON.
func ReadQuotes(r io.Reader) ([]Quote, error) {
	var out []Quote
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		var q Quote
		if err := json.Unmarshal(s.Bytes(), &q); err != nil {
			return nil, fmt.Errorf("line %d: %w", len(out)+1, err)
		}
		out = append(out, q)
	}
	return out, s.Err()
}

// figure is a count with the chip that it must have, none for any.
type figure struct {
	value float64
	chips []string
}

// figures are the counts that stand verbatim in the quotation.
func (q Quote) figures() []figure {
	var fs []figure
	add := func(field string, v *float64, chips ...string) {
		if v == nil || !slices.Contains(q.Verbatim, field) || slices.ContainsFunc(fs, func(f figure) bool { return f.value == *v }) {
			return
		}
		fs = append(fs, figure{*v, chips})
	}
	var one, two []string
	if slices.Contains(q.Verbatim, "chip_type") {
		one = []string{q.ChipType}
	}
	if slices.Contains(q.Verbatim, "chip_type_2") {
		two = []string{q.ChipType2}
	}
	add("chip_quantity", q.Quantity, one...)
	add("chip_quantity_2", q.Quantity2, two...)
	if q.ChipType2 == "" {
		add("chip_total", q.Total, one...)
	} else {
		add("chip_total", q.Total)
	}
	return fs
}

// Compare scores the counts of chips among the claims read from the quotation,
// once by their number alone and once together with the chip, and gives the
// mismatches. Every count that is read and is not the row's is wrong, though
// some are true of another row. Rows that state no count verbatim score nothing.
func (q Quote) Compare(claims []news.Claim) (count, withChip Score, mismatches []string) {
	want := q.figures()
	if len(want) == 0 {
		return
	}
	got := map[float64][]string{}
	for _, c := range claims {
		if c.Metric == news.MetricChips {
			got[*c.ValueHi] = append(got[*c.ValueHi], c.Chip)
		}
	}
	for _, w := range want {
		chips, found := got[w.value]
		right := found && slices.ContainsFunc(chips, func(c string) bool { return isChip(c, w.chips) })
		switch {
		case !found:
			count, withChip = count.Plus(Score{FN: 1}), withChip.Plus(Score{FN: 1})
			mismatches = append(mismatches, fmt.Sprintf("missed %g %v", w.value, w.chips))
		case !right:
			count, withChip = count.Plus(Score{TP: 1}), withChip.Plus(Score{FP: 1, FN: 1})
			mismatches = append(mismatches, fmt.Sprintf("%g has chip %v, want %v", w.value, chips, w.chips))
		default:
			count, withChip = count.Plus(Score{TP: 1}), withChip.Plus(Score{TP: 1})
		}
		delete(got, w.value)
	}
	for v, chips := range got {
		count, withChip = count.Plus(Score{FP: 1}), withChip.Plus(Score{FP: 1})
		mismatches = append(mismatches, fmt.Sprintf("read %g %v", v, chips))
	}
	slices.Sort(mismatches)
	return count, withChip, mismatches
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
