package store

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"clusterwire/feeds/news"
)

// place is where an article stands in an ordered result.
type place struct {
	tier int
	id   int64
}

// page returns the ids of one page and sets the cursors of its neighbours.
func (d *DB) page(p *plan, res *news.Results) []int64 {
	places := d.walk(p, p.cursor, p.limit+1)
	more := len(places) > p.limit
	if more {
		places = places[:p.limit]
	}
	if p.cursor.back {
		if !more { // the first page, which may have grown
			p.cursor = cursor{}
			return d.page(p, res)
		}
		slices.Reverse(places)
	}
	if len(places) == 0 {
		return nil
	}
	if more || p.cursor.back {
		res.Next = cursor{order: p.order, place: places[len(places)-1], set: true}.String()
	}
	if p.cursor.set {
		res.Prev = cursor{order: p.order, place: places[0], set: true, back: true}.String()
	}
	ids := make([]int64, len(places))
	for i, at := range places {
		ids[i] = at.id
	}
	return ids
}

// walk returns up to n places after a cursor, or before it in reverse.
func (d *DB) walk(p *plan, from cursor, n int) []place {
	var out []place
	tier, step, end := 0, 1, len(p.tiers)
	if from.set {
		tier = from.place.tier
	}
	if from.back {
		step, end = -1, -1
	}
	descending := p.oldest == from.back
	for ; tier != end && len(out) < n; tier += step {
		after := int64(0)
		if from.set && tier == from.place.tier {
			after = from.place.id
		}
		for _, id := range p.docs.stream(p.found[tier], after, descending, n-len(out)) {
			out = append(out, place{tier, id})
		}
	}
	return out
}

// stream returns the next n ids of a set after an id (0: from the start), in
// their order.
func (m *docs) stream(bits *roaring.Bitmap, after int64, descending bool, n int) []int64 {
	m.mu.RLock()
	defer m.mu.RUnlock()
	ids := append(m.early(bits, after, descending, n), m.streamLate(bits, after, descending, n)...)
	slices.Sort(ids)
	if descending {
		slices.Reverse(ids)
	}
	return ids[:min(n, len(ids))]
}

// early returns the next n of a set that are numbered in the order of ids.
func (m *docs) early(bits *roaring.Bitmap, after int64, descending bool, n int) []int64 {
	var ids []int64
	base := m.ids[:m.base]
	if descending {
		end := len(base)
		if after > 0 {
			end, _ = slices.BinarySearch(base, after)
		}
		for at := int64(end) - 1; at >= 0 && len(ids) < n; at-- {
			if at = bits.PreviousValue(uint32(at)); at >= 0 {
				ids = append(ids, base[at])
			}
		}
		return ids
	}
	start, _ := slices.BinarySearch(base, after+1)
	for at := int64(start); at < int64(len(base)) && len(ids) < n; at++ {
		if at = bits.NextValue(uint32(at)); at < 0 || at >= int64(len(base)) {
			break
		}
		ids = append(ids, base[at])
	}
	return ids
}

// streamLate returns the next n of a set that were numbered as they came.
func (m *docs) streamLate(bits *roaring.Bitmap, after int64, descending bool, n int) []int64 {
	at, step := 0, 1
	switch {
	case descending && after == 0:
		at, step = len(m.late)-1, -1
	case descending:
		at, _ = m.findLate(after)
		at, step = at-1, -1
	default:
		at, _ = m.findLate(after + 1)
	}
	var ids []int64
	for ; at >= 0 && at < len(m.late) && len(ids) < n; at += step {
		if bits.Contains(m.late[at]) {
			ids = append(ids, m.ids[m.late[at]])
		}
	}
	return ids
}
