package store

import (
	"strconv"

	"clusterwire/feeds/news"
)

// cursor is where a page of a list ended, or where the page before ends. It
// names the article, not a count of rows, so that pages neither skip nor
// repeat one while articles arrive.
type cursor struct {
	set   bool
	back  bool // towards the start
	order byte
	place place
}

// String gives the cursor as it stands in an address: order, direction, tier
// and article in base 36.
func (c cursor) String() string {
	direction := byte('f')
	if c.back {
		direction = 'b'
	}
	return string([]byte{c.order, direction, byte('0' + c.place.tier)}) + strconv.FormatInt(c.place.id, 36)
}

func readCursor(text string, order byte, tiers int) (cursor, error) {
	if text == "" {
		return cursor{}, nil
	}
	bad := &news.BadInputError{Field: "cursor", Reason: "is not one that this list gave: start at its first page"}
	if len(text) < 4 || text[0] != order || text[1] != 'f' && text[1] != 'b' {
		return cursor{}, bad
	}
	tier := int(text[2]) - '0'
	id, err := strconv.ParseInt(text[3:], 36, 64)
	if err != nil || id <= 0 || tier < 0 || tier >= tiers {
		return cursor{}, bad
	}
	return cursor{set: true, back: text[1] == 'b', order: order, place: place{tier, id}}, nil
}
