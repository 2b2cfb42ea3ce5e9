package story

// A sketch keeps, for each of several hash functions, the least hash of all
// runs of words of a text: two texts agree in about the share of runs that
// they have in common (MinHash, Broder 1997).
const (
	sketchSize  = 48
	shingle     = 4  // words of a run
	sketchLeast = 20 // words of a text that is sketched at all
)

// sketch is nil for a text that is too short to be told from another.
func sketch(folded string) []uint32 {
	var ws []string
	for _, w := range words(folded) {
		if isCJK(firstRune(w)) {
			ws = append(ws, bigrams([]rune(w))...)
		} else {
			ws = append(ws, w)
		}
	}
	if len(ws) < sketchLeast {
		return nil
	}
	out := make([]uint32, sketchSize)
	var odd [sketchSize]uint64 // one hash function each: the high bits of a product (Dietzfelbinger et al., 1997)
	for j := range out {
		out[j] = ^uint32(0)
		odd[j] = mix(uint64(j)) | 1
	}
	for i := 0; i+shingle <= len(ws); i++ {
		h := mix(hashWords(ws[i : i+shingle]))
		for j, by := range odd {
			out[j] = min(out[j], uint32((h*by)>>32))
		}
	}
	return out
}

// hashWords is FNV-1a of words with a mark between them.
func hashWords(ws []string) uint64 {
	h := uint64(14695981039346656037)
	for _, w := range ws {
		for i := 0; i < len(w); i++ {
			h = (h ^ uint64(w[i])) * 1099511628211
		}
		h = (h ^ 0xff) * 1099511628211
	}
	return h
}

// mix is the next value of SplitMix64 (Steele, Lea and Flood, 2014).
func mix(h uint64) uint64 {
	h += 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// overlap is about the share of runs that two texts have in common.
func overlap(a, b []uint32) float64 {
	if len(a) != sketchSize || len(b) != sketchSize {
		return 0
	}
	n := 0
	for i := range a {
		if a[i] == b[i] {
			n++
		}
	}
	return float64(n) / sketchSize
}
