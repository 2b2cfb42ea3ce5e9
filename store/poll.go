package store

import (
	"context"
	"fmt"
	"time"

	"clusterwire/feeds/news"
)

// farthest is how far ahead no attempt is ever set: a week that a server may
// ask for, and the week in which a feed may skip days. What lies beyond was
// written while the clock was wrong, and is due.
const farthest = 16 * 24 * time.Hour

// DueFeeds returns up to limit feeds whose Attempt.Next is not after now, or
// absurdly far ahead, and which are not gone, longest due first.
func (d *DB) DueFeeds(ctx context.Context, now time.Time, limit int) ([]news.Feed, error) {
	var list []news.Feed
	err := d.each(ctx, "SELECT "+feedColumns+` FROM feed WHERE state <> 'gone' AND (next IS NULL OR next <= ? OR next > ?)
		ORDER BY next IS NOT NULL, next, id LIMIT ?`, []any{now.UnixMicro(), now.Add(farthest).UnixMicro(), limit}, func(scan func(dest ...any) error) error {
		f, err := scanFeed(scan)
		list = append(list, f)
		return err
	})
	return list, err
}

// itemRest is what of an item is never searched for.
type itemRest struct {
	GUID        string           `json:"g,omitempty"`
	URL         string           `json:"u,omitempty"`
	Updated     *time.Time       `json:"m,omitempty"`
	Authors     []string         `json:"a,omitempty"`
	Categories  []string         `json:"c,omitempty"`
	Summary     string           `json:"s,omitempty"`
	ContentHTML string           `json:"h,omitempty"`
	ContentText string           `json:"t,omitempty"`
	Language    string           `json:"l,omitempty"`
	Enclosures  []news.Enclosure `json:"e,omitempty"`
}

// SavePoll stores a feed's state together with its items, in one transaction.
// An item that is new, or whose Hash changed, is due to be opened at once. The
// feed's count of items is kept here. It returns news.ErrNotFound for a feed
// that has been removed meanwhile.
func (d *DB) SavePoll(ctx context.Context, p news.Poll, now time.Time) (news.Polled, error) {
	var done news.Polled
	packed := make([][]byte, len(p.Items)) // outside of the transaction
	for i, it := range p.Items {
		rest := itemRest{it.GUID, it.URL, nil, it.Authors, it.Categories, it.Summary, it.ContentHTML, it.ContentText, it.Language, it.Enclosures}
		if !it.Updated.IsZero() {
			rest.Updated = &it.Updated
		}
		var err error
		if packed[i], err = d.codec.packJSON(rest); err != nil {
			return done, fmt.Errorf("item %q: %w", it.Key, err)
		}
	}
	err := d.write(ctx, func(t *tx) error {
		done = news.Polled{}
		source, err := t.feedSource(p.Feed.ID)
		if err != nil {
			return err
		}
		m := matcher{t: t, feed: p.Feed.ID, items: p.Items}
		m.count()
		for i := range p.Items {
			if err := t.saveItem(&m, source, i, packed[i], now, &done); err != nil {
				return fmt.Errorf("item %q: %w", p.Items[i].Key, err)
			}
		}
		if p.Complete {
			if err := t.withdraw(p); err != nil {
				return err
			}
		}
		if err := t.saveFeed(p.Feed, done.New); err != nil {
			return err
		}
		return nil
	})
	if err != nil {
		return news.Polled{}, err
	}
	return done, nil
}

// withdraw gives up opening the items that a complete feed has no more.
func (t *tx) withdraw(p news.Poll) error {
	keys := make([]string, len(p.Items))
	for i, it := range p.Items {
		keys[i] = it.Key
	}
	listed, err := toJSON(keys)
	if err != nil {
		return err
	}
	_, err = t.exec("UPDATE item SET due = NULL WHERE feed = ? AND article IS NULL AND due IS NOT NULL AND key NOT IN (SELECT value FROM json_each(?))",
		p.Feed.ID, listed)
	return err
}

func (t *tx) feedSource(id int64) (string, error) {
	var source string
	found, err := t.row("SELECT source FROM feed WHERE id = ?", []any{id}, &source)
	if err == nil && !found {
		err = fmt.Errorf("feed %d: %w", id, news.ErrNotFound)
	}
	return source, err
}

func (t *tx) saveFeed(f news.Feed, added int) error {
	extra, err := toJSON(extraOf(f))
	if err != nil {
		return err
	}
	if f.State == "" {
		f.State = news.FeedActive
	}
	// A feed may move to an address that the source follows already: then the
	// old row keeps its address, and an operator sees two of the same.
	_, err = t.exec(`UPDATE feed SET url = iif(EXISTS (SELECT 1 FROM feed o WHERE o.source = feed.source AND o.url = ?1 AND o.id <> feed.id), url, ?1),
			kind = ?, selector = ?, title = ?, state = ?, etag = ?, last_modified = ?, body_hash = ?, checked = ?, changed = ?, read = ?, interval = ?,
			next = ?, failures = ?, class = ?, error = ?, since = ?, damaged = ?, items = items + ?, extra = ? WHERE id = ?`,
		f.URL, f.Kind, f.Selector, f.Title, f.State, f.Validators.ETag, f.Validators.LastModified, f.BodyHash,
		micros(f.Checked), micros(f.Changed), micros(f.Read), int64(f.Interval),
		micros(f.Attempt.Next), f.Attempt.Failures, f.Attempt.Class, f.Attempt.Error, micros(f.Attempt.Since), f.Damaged, added, extra, f.ID)
	return err
}

// known is a stored item that one of a poll is.
type known struct {
	id     int64
	hash   string
	merged bool
}

func (t *tx) saveItem(m *matcher, source string, i int, rest []byte, now time.Time, done *news.Polled) error {
	it := m.items[i]
	k, err := m.find(i)
	if err != nil {
		return err
	}
	place := canonicalKey(it.URL)
	if k.id == 0 {
		seen := it.Seen
		if seen.IsZero() {
			seen = now
		}
		_, err := t.exec(`INSERT INTO item (feed, source, key, alias, place, title, hash, published, seen, due, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			m.feed, source, it.Key, aliasKey(it.Key), place, it.Title, it.Hash, micros(it.Published), seen.UnixMicro(), now.UnixMicro(), rest)
		done.New++
		return err
	}
	if k.merged {
		done.Merged++
	}
	if k.hash == it.Hash {
		if !k.merged {
			done.Known++
			return nil
		}
		_, err := t.exec("UPDATE item SET key = ?, alias = ?, place = ?, body = ? WHERE id = ?", it.Key, aliasKey(it.Key), place, rest, k.id)
		return err
	}
	if !k.merged {
		done.Edited++
	}
	_, err = t.exec(`UPDATE item SET key = ?, alias = ?, place = ?, title = ?, hash = ?, published = ?, body = ?, due = ?,
		failures = 0, class = '', error = '', since = NULL WHERE id = ?`,
		it.Key, aliasKey(it.Key), place, it.Title, it.Hash, micros(it.Published), rest, now.UnixMicro(), k.id)
	return err
}
