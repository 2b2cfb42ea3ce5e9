package store

import (
	"math/bits"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// directory says where in an ascending list of ids to look for one, as a
// library's shelves are marked with letters: for each stretch of ids the place
// of the first that is not before it, and how the first few of the stretch end.
// There are more stretches than ids, so where one looks first is mostly all that
// has to be looked at. That counts: what is looked for stands anywhere in some
// megabytes, and memory is slow.
type directory struct {
	first   int64
	shift   uint8
	shelves []shelf // by stretch; one more than there are
}

// shelf is the beginning of one stretch.
type shelf struct {
	start uint32
	ends  [4]uint16 // low bits of the first ids; noEnd where there are fewer
}

const (
	noEnd    = 1<<16 - 1
	endsBits = 15 // a stretch is no wider where ends are noted
)

// newDirectory makes the directory of a list of ids.
func newDirectory(ids []int64) directory {
	if len(ids) == 0 {
		return directory{}
	}
	d := directory{first: ids[0]}
	span := ids[len(ids)-1] - d.first
	d.shift = uint8(max(0, bits.Len64(uint64(span)/uint64(len(ids)))-1))
	d.shelves = make([]shelf, span>>d.shift+2)
	for i := range d.shelves {
		d.shelves[i].ends = [4]uint16{noEnd, noEnd, noEnd, noEnd}
	}
	stretch := -1
	for n, id := range ids {
		for at := int((id - d.first) >> d.shift); stretch < at; {
			stretch++
			d.shelves[stretch].start = uint32(n)
		}
		if i := n - int(d.shelves[stretch].start); i < len(shelf{}.ends) && d.shift <= endsBits {
			d.shelves[stretch].ends[i] = d.end(id)
		}
	}
	d.shelves[stretch+1].start = uint32(len(ids))
	return d
}

// end is how an id ends.
func (d *directory) end(id int64) uint16 { return uint16((id - d.first) & (1<<d.shift - 1)) }

// look returns the place of an id, if it is one of those noted.
func (d *directory) look(id int64) (at uint32, ok bool) {
	stretch := uint64(id-d.first) >> d.shift
	if stretch >= uint64(len(d.shelves)) || d.shift > endsBits {
		return 0, false
	}
	s, end, i := &d.shelves[stretch], d.end(id), uint32(0)
	for _, other := range s.ends[:len(s.ends)-1] { // without branches: none can be foretold
		step := uint32(0)
		if other < end {
			step = 1
		}
		i += step
	}
	return s.start + i, s.ends[i%4] == end
}

// find returns the place of the first id that is not less. ids is the list
// that the directory was made of.
func (d *directory) find(ids []int64, id int64) int {
	if len(ids) == 0 || id <= d.first {
		return 0
	}
	stretch := (id - d.first) >> d.shift
	if stretch >= int64(len(d.shelves)-1) {
		return len(ids)
	}
	from, to := int(d.shelves[stretch].start), int(d.shelves[stretch+1].start)
	if to-from > few { // where most of an archive is of one month
		at, _ := slices.BinarySearch(ids[from:to], id)
		return from + at
	}
	for from < to && ids[from] < id {
		from++
	}
	return from
}

// few is up to how many ids are looked through one by one.
const few = 8

// gathering is a set of numbers in the making: a list while they are few, then
// a bit for each article, which takes no longer to set for the tenth list of a
// prefix than for the first.
type gathering struct {
	list  []uint32
	dense bool
	words []uint64
}

// listed is how many numbers a gathering holds as a list.
const listed = 1 << 15

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
