package eval

import (
	"cmp"
	"slices"
)

// BCubed compares two groupings of the same items: want[i] and got[i] name
// the group of item i. Precision is, averaged over items, the share of an
// item's found group that belongs with it; recall the share of what belongs
// with it that was found (Bagga and Baldwin, 1998). Without items all are 1.
func BCubed[A, B comparable](want []A, got []B) (precision, recall, f1 float64) {
	if len(want) != len(got) {
		panic("eval: groupings of different items")
	}
	if len(want) == 0 {
		return 1, 1, 1
	}
	wants, gots, both := groups(want, got)
	for i := range want {
		shared := float64(both[pairOf[A, B]{want[i], got[i]}])
		precision += shared / float64(gots[got[i]])
		recall += shared / float64(wants[want[i]])
	}
	n := float64(len(want))
	precision, recall = precision/n, recall/n
	return precision, recall, 2 * precision * recall / (precision + recall)
}

// Pairs scores every pair of items that a grouping puts together.
func Pairs[A, B comparable](want []A, got []B) Score {
	if len(want) != len(got) {
		panic("eval: groupings of different items")
	}
	wants, gots, both := groups(want, got)
	var together, wanted, found int
	for _, n := range both {
		together += n * (n - 1) / 2
	}
	for _, n := range wants {
		wanted += n * (n - 1) / 2
	}
	for _, n := range gots {
		found += n * (n - 1) / 2
	}
	return Score{TP: together, FP: found - together, FN: wanted - together}
}

type pairOf[A, B comparable] struct {
	want A
	got  B
}

// groups counts the items of each group, and of each pair of groups.
func groups[A, B comparable](want []A, got []B) (map[A]int, map[B]int, map[pairOf[A, B]]int) {
	wants, gots, both := map[A]int{}, map[B]int{}, map[pairOf[A, B]]int{}
	for i := range want {
		wants[want[i]]++
		gots[got[i]]++
		both[pairOf[A, B]{want[i], got[i]}]++
	}
	return wants, gots, both
}

// Loss is what a grouping got wrong of one wanted group.
type Loss[A comparable] struct {
	Group     A
	Items     int
	Parts     []int   // sizes of the parts that it was cut into, the largest first
	Strangers int     // items of other groups that were found with the largest part
	Lost      float64 // items' worth: the mean of what precision and recall miss, summed over the group
}

// Worst lists the n wanted groups that cost most of B-cubed precision and
// recall, the costliest first.
func Worst[A cmp.Ordered, B comparable](want []A, got []B, n int) []Loss[A] {
	wants, gots, both := groups(want, got)
	losses := map[A]*Loss[A]{}
	largest := map[A]int{}
	for pair, k := range both {
		l := losses[pair.want]
		if l == nil {
			l = &Loss[A]{Group: pair.want, Items: wants[pair.want]}
			losses[pair.want] = l
		}
		l.Parts = append(l.Parts, k)
		strangers := gots[pair.got] - k
		if k > largest[pair.want] || k == largest[pair.want] && strangers > l.Strangers {
			largest[pair.want], l.Strangers = k, strangers
		}
		share := float64(k)
		l.Lost += share * (2 - share/float64(gots[pair.got]) - share/float64(l.Items)) / 2
	}
	var out []Loss[A]
	for _, l := range losses {
		slices.SortFunc(l.Parts, func(a, b int) int { return cmp.Compare(b, a) })
		out = append(out, *l)
	}
	slices.SortFunc(out, func(a, b Loss[A]) int {
		const same = 1e-6 // sums of one set in another order
		if d := b.Lost - a.Lost; d > same || d < -same {
			return cmp.Compare(b.Lost, a.Lost)
		}
		return cmp.Compare(a.Group, b.Group)
	})
	return out[:min(n, len(out))]
}
