package eval

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Score counts hits and misses: what was found and right, found and wrong,
// and not found.
type Score struct {
	TP, FP, FN int
}

// Precision is the share of what was found that is right; 1 if nothing was found.
func (s Score) Precision() float64 { return ratio(s.TP, s.TP+s.FP) }

// Recall is the share of what is right that was found; 1 if there was nothing to find.
func (s Score) Recall() float64 { return ratio(s.TP, s.TP+s.FN) }

// F1 is the harmonic mean of precision and recall.
func (s Score) F1() float64 { return ratio(2*s.TP, 2*s.TP+s.FP+s.FN) }

// Plus adds two scores.
func (s Score) Plus(o Score) Score { return Score{s.TP + o.TP, s.FP + o.FP, s.FN + o.FN} }

// String gives the three figures and the counts behind them.
func (s Score) String() string {
	return fmt.Sprintf("P %.3f  R %.3f  F1 %.3f  (%d right, %d wrong, %d missed)",
		s.Precision(), s.Recall(), s.F1(), s.TP, s.FP, s.FN)
}

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

// Binary scores one yes-or-no answer.
func Binary(want, got bool) Score {
	switch {
	case want && got:
		return Score{TP: 1}
	case got:
		return Score{FP: 1}
	case want:
		return Score{FN: 1}
	}
	return Score{}
}

// Tally adds up the scores of sets, per key. Its zero value is ready.
type Tally struct {
	keys map[string]Score
}

// Add compares the set that was found with the one that is right, and gives
// what is missing and what is extra, each in order.
func (t *Tally) Add(want, got []string) (missing, extra []string) {
	if t.keys == nil {
		t.keys = map[string]Score{}
	}
	want, got = set(want), set(got)
	for _, k := range want {
		if slices.Contains(got, k) {
			t.keys[k] = t.keys[k].Plus(Score{TP: 1})
			continue
		}
		t.keys[k] = t.keys[k].Plus(Score{FN: 1})
		missing = append(missing, k)
	}
	for _, k := range got {
		if !slices.Contains(want, k) {
			t.keys[k] = t.keys[k].Plus(Score{FP: 1})
			extra = append(extra, k)
		}
	}
	return missing, extra
}

// Count adds a score to one key.
func (t *Tally) Count(key string, s Score) {
	if t.keys == nil {
		t.keys = map[string]Score{}
	}
	t.keys[key] = t.keys[key].Plus(s)
}

func set(keys []string) []string { return slices.Compact(slices.Sorted(slices.Values(keys))) }

// Micro is the score over all keys, each occurrence counting the same.
func (t *Tally) Micro() Score {
	var sum Score
	for _, s := range t.keys {
		sum = sum.Plus(s)
	}
	return sum
}

// Of is the score over some keys.
func (t *Tally) Of(keys ...string) Score {
	var sum Score
	for _, k := range set(keys) {
		sum = sum.Plus(t.keys[k])
	}
	return sum
}

// Keys lists the keys that were seen, in order.
func (t *Tally) Keys() []string { return slices.Sorted(maps.Keys(t.keys)) }

// Report gives a line per key and one for all.
func (t *Tally) Report() string {
	var b strings.Builder
	for _, k := range t.Keys() {
		fmt.Fprintf(&b, "%-20s %s\n", k, t.keys[k])
	}
	fmt.Fprintf(&b, "%-20s %s\n", "all", t.Micro())
	return b.String()
}

// Confusion counts which label was given for which. Its zero value is ready.
type Confusion struct {
	cells map[[2]string]int
}

// Add counts one answer.
func (c *Confusion) Add(want, got string) {
	if c.cells == nil {
		c.cells = map[[2]string]int{}
	}
	c.cells[[2]string{want, got}]++
}

// Counts gives how many answers were right, of how many.
func (c *Confusion) Counts() (right, all int) {
	for cell, n := range c.cells {
		all += n
		if cell[0] == cell[1] {
			right += n
		}
	}
	return right, all
}

// Accuracy is the share of right answers; 1 without any answer.
func (c *Confusion) Accuracy() float64 { return ratio(c.Counts()) }

// Report gives a line per confused pair, most frequent first.
func (c *Confusion) Report() string {
	cells := slices.SortedFunc(maps.Keys(c.cells), func(a, b [2]string) int {
		if d := c.cells[b] - c.cells[a]; d != 0 {
			return d
		}
		return strings.Compare(a[0]+"\x00"+a[1], b[0]+"\x00"+b[1])
	})
	var b strings.Builder
	for _, cell := range cells {
		if cell[0] != cell[1] {
			fmt.Fprintf(&b, "%s taken for %s: %d\n", cell[0], cell[1], c.cells[cell])
		}
	}
	return b.String()
}
