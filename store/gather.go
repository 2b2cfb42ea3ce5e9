package store

import (
	"math/bits"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// directory says where in an ascending list of ids to look for one, as a
// library's shelves are marked with letters: for each stretch of ids the place
// of the first that is not before it. There are about as many stretches as
// ids, so an id is mostly found where one looks first.
type directory struct {
	first int64
	shift uint8
	start []uint32 // by stretch; one more than there are
}

// newDirectory makes the directory of a list of ids.
func newDirectory(ids []int64) directory {
	if len(ids) == 0 {
		return directory{}
	}
	d := directory{first: ids[0]}
	span := ids[len(ids)-1] - d.first
	d.shift = uint8(bits.Len64(uint64(span) / uint64(len(ids))))
	d.start = make([]uint32, span>>d.shift+2)
	stretch := 0
	for n, id := range ids {
		for ; int64(stretch) <= (id-d.first)>>d.shift; stretch++ {
			d.start[stretch] = uint32(n)
		}
	}
	d.start[stretch] = uint32(len(ids))
	return d
}

// find returns the place of the first id that is not less. ids is the list
// that the directory was made of.
func (d *directory) find(ids []int64, id int64) int {
	if len(ids) == 0 || id <= d.first {
		return 0
	}
	stretch := (id - d.first) >> d.shift
	if stretch >= int64(len(d.start)-1) {
		return len(ids)
	}
	from, to := int(d.start[stretch]), int(d.start[stretch+1])
	if to-from > few { // where most of an archive is of one month
		at, _ := slices.BinarySearch(ids[from:to], id)
		return from + at
	}
	for from < to && ids[from] < id {
		from++
	}
	return from
}

// look notes for each id where to look for it first: the place of the first id
// of its stretch. ids is in order.
func (d *directory) look(places []uint32, ids []int64) {
	if len(d.start) == 0 {
		clear(places)
		return
	}
	last := uint64(len(d.start) - 1)
	for i, id := range ids {
		places[i] = d.start[min(uint64(max(0, id-d.first))>>d.shift, last)]
	}
}

// few is up to how many ids are looked through one by one.
const few = 3

// gathering is a set of numbers in the making: a list while they are few, then
// a bit for each article, which takes no longer to set for the tenth list of a
// prefix than for the first.
type gathering struct {
	list  []uint32
	dense bool
	words []uint64
}

// listed is how many numbers a gathering holds as a list.
const listed = 4096

func (g *gathering) add(numbers []uint32) {
	if !g.dense && len(g.list)+len(numbers) <= listed {
		g.list = append(g.list, numbers...)
		return
	}
	if !g.dense {
		g.dense = true
		g.set(g.list)
	}
	g.set(numbers)
}

func (g *gathering) set(numbers []uint32) {
	if len(numbers) == 0 {
		return
	}
	if need := int(slices.Max(numbers)>>6) + 1; need > len(g.words) {
		g.words = append(g.words, make([]uint64, need-len(g.words))...)
	}
	for _, n := range numbers {
		g.words[n>>6] |= 1 << (n & 63)
	}
}

// bitmap returns the set and makes ready for another.
func (g *gathering) bitmap() *roaring.Bitmap {
	var b *roaring.Bitmap
	if g.dense {
		b = roaring.FromDense(g.words, true)
		clear(g.words)
	} else {
		b = roaring.New()
		b.AddMany(g.list)
	}
	g.list, g.dense = g.list[:0], false
	return b
}
