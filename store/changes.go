package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"clusterwire/feeds/news"
)

// Changes returns up to limit articles in the order of the writes that last
// changed them, from a place that an earlier call gave; "" is before the first.
// An article that changes again moves to the end, so that whoever follows Next
// sees the last state of each and misses none, whatever is written meanwhile.
// Joining a story, or leaving one, is a change of the story alone: Hit.Story is
// as it was when the page was made, see StoryQuery.Changed.
func (d *DB) Changes(ctx context.Context, from string, limit int) (news.Changes, error) {
	write, id, err := readPlaceOfWrite(from)
	if err != nil {
		return news.Changes{}, err
	}
	if limit <= 0 {
		limit = defaultLimit
	}
	limit = min(limit, maxLimit)
	out := news.Changes{Next: placeOfWrite(write, id)}
	err = d.snapshot(ctx, func(s *sql.Tx) error {
		var ids []int64
		hidden := map[int64]bool{}
		rows, err := s.QueryContext(ctx, "SELECT id, touched, hidden FROM article WHERE (touched, id) > (?, ?) ORDER BY touched, id LIMIT ?", write, id, limit+1)
		err = eachRow(rows, err, func(scan func(dest ...any) error) error {
			var article, number int64
			var off bool
			if err := scan(&article, &number, &off); err != nil {
				return err
			}
			if len(ids) == limit {
				out.More = true
				return nil
			}
			ids, hidden[article], out.Next = append(ids, article), off, placeOfWrite(number, article)
			return nil
		})
		if err != nil {
			return err
		}
		hits, err := d.hits(ctx, s, ids)
		for _, h := range hits {
			out.Items = append(out.Items, news.Change{Hit: h, Hidden: hidden[h.ID]})
		}
		return err
	})
	return out, err
}

// LastChange is the place behind every change so far.
func (d *DB) LastChange(ctx context.Context) (string, error) {
	var write int64
	err := d.r.QueryRowContext(ctx, "SELECT value FROM state WHERE key = 'write'").Scan(&write)
	return placeOfWrite(write+1, 0), err
}

func placeOfWrite(write, id int64) string {
	return strconv.FormatInt(write, 36) + "." + strconv.FormatInt(id, 36)
}

func readPlaceOfWrite(text string) (write, id int64, err error) {
	if text == "" {
		return 0, 0, nil
	}
	first, second, _ := strings.Cut(text, ".")
	if write, err = strconv.ParseInt(first, 36, 64); err == nil {
		id, err = strconv.ParseInt(second, 36, 64)
	}
	if err != nil {
		err = &news.BadInputError{Field: "cursor", Reason: fmt.Sprintf("%.40q is none that this list gave", text)}
	}
	return write, id, err
}
