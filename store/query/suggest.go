package query

// Nearest returns the word of a list that is most like the one given, "" if
// none is near: at most one edit for words up to four letters, two above.
func Nearest(word string, list []string) string {
	limit := 2
	if len(word) <= 4 {
		limit = 1
	}
	best, at := "", limit+1
	for _, w := range list {
		if d := distance(word, w, at); d < at && d < len(w) {
			best, at = w, d
		}
	}
	return best
}

// distance is the Damerau-Levenshtein distance (optimal string alignment) of
// two words in bytes, or limit if it is not smaller.
func distance(a, b string, limit int) int {
	if d := len(a) - len(b); d >= limit || -d >= limit {
		return limit
	}
	before, prev, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, prev, row = prev, row, before
	}
	return min(prev[len(b)], limit)
}
