package eval

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
