package store

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestDirectory looks for ids in lists that are even, dense, and crowded at one
// end, as an archive is that a year-old one was added to.
func TestDirectory(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 11))
	for name, next := range map[string]func(last int64) int64{
		"even":    func(last int64) int64 { return last + 1 + rng.Int64N(5000) },
		"dense":   func(last int64) int64 { return last + 1 },
		"crowded": func(last int64) int64 { return last + 1 + int64(rng.ExpFloat64()*rng.ExpFloat64()*rng.ExpFloat64()*9) },
		"far":     func(last int64) int64 { return last + 1 + rng.Int64N(2)*rng.Int64N(1<<30) },
	} {
		for _, n := range []int{0, 1, 2, 3000} {
			var ids []int64
			last := rng.Int64N(1 << 30)
			for range n {
				last = next(last)
				ids = append(ids, last)
			}
			d := newDirectory(ids)
			ask := append(slices.Clone(ids), 0, last, last+1, 1<<40)
			for _, id := range ids {
				ask = append(ask, id-1, id+1)
			}
			for _, id := range ask {
				if want, _ := slices.BinarySearch(ids, id); d.find(ids, id) != want {
					t.Fatalf("%s, %d ids: %d is at %d, want %d", name, n, id, d.find(ids, id), want)
				}
			}
			for _, id := range ask {
				want, ok := slices.BinarySearch(ids, id)
				if at, found := d.look(id); found && (!ok || int(at) != want) {
					t.Fatalf("%s, %d ids: %d is noted at %d, want %d (%v)", name, n, id, at, want, ok)
				}
			}
			if len(d.shelves) > 4*n+4 {
				t.Errorf("%s: a directory of %d for %d ids", name, len(d.shelves), n)
			}
		}
	}
}

// TestGathering gathers sets, few and many, one after the other in the same
// memory.
func TestGathering(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 12))
	var g gathering
	for _, n := range []int{0, 5, 3, listed - 1, listed, listed + 1, 200_000, 7, 0} {
		want := map[uint32]bool{}
		for left := n; left > 0; {
			part := make([]uint32, 1+rng.IntN(left))
			for i := range part {
				part[i] = rng.Uint32N(300_000)
				want[part[i]] = true
			}
			slices.Sort(part)
			g.add(part)
			left -= len(part)
		}
		b := g.bitmap()
		if int(b.GetCardinality()) != len(want) {
			t.Fatalf("%d numbers make a set of %d, want %d", n, b.GetCardinality(), len(want))
		}
		for number := range want {
			if !b.Contains(number) {
				t.Fatalf("%d of %d numbers is not in the set", number, n)
			}
		}
	}
}
