package store

import (
	"math"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"clusterwire/store/query"
)

// claimsWith is the query for the ids of articles with a claim in a range.
func claimsWith(n *query.Number) (string, []any) {
	where, args := inRange(n, "")
	return "SELECT article AS id FROM claim WHERE " + where, args
}

// claimsAmong is the same among articles in a JSON list, which are few: the
// plus keeps the engine from looking for the range first.
func claimsAmong(n *query.Number, ids string) (string, []any) {
	where, args := inRange(n, "+")
	return "SELECT article AS id FROM claim WHERE article IN (SELECT value FROM json_each(?)) AND " + where, append([]any{ids}, args...)
}

func inRange(n *query.Number, sign string) (string, []any) {
	var text strings.Builder
	text.WriteString("withdrawn IS NULL AND hi IS NOT NULL AND " + sign + "metric IN (?" + strings.Repeat(", ?", len(n.Metrics)-1) + ")")
	var args []any
	for _, m := range n.Metrics {
		args = append(args, string(m))
	}
	if !math.IsInf(n.Lo, 0) {
		text.WriteString(" AND " + sign + "hi >= ?")
		args = append(args, n.Lo)
	}
	if !math.IsInf(n.Hi, 0) {
		text.WriteString(" AND lo <= ?")
		args = append(args, n.Hi)
	}
	if n.Currency != "" {
		text.WriteString(" AND currency = ?")
		args = append(args, n.Currency)
	}
	return text.String(), args
}

// numbersAgain asks again for the claims of articles that were touched.
func (e evaluation) numbersAgain(bits *roaring.Bitmap, n *query.Number, touched []touch) (*roaring.Bitmap, error) {
	if len(touched) > rowsKept {
		return nil, nil
	}
	bits = bits.Clone()
	ids := make([]int64, len(touched))
	for i, t := range touched {
		bits.Remove(t.number)
		ids[i] = t.id
	}
	list, err := toJSON(ids)
	if err != nil {
		return nil, err
	}
	text, args := claimsAmong(n, list)
	_, _, err = e.addIDs(bits, text, args...)
	return bits, err
}
