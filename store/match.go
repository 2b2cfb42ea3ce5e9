package store

import (
	"time"

	"clusterwire/feeds/news"
)

// mergeWindow bounds how far apart the dates of two entries may lie that are
// taken for one because link and title agree. Recurring headlines ("Weekly
// update") come further apart, and mostly under links of their own.
const mergeWindow = 48 * time.Hour

// matcher finds the stored item that an item of a poll is. Publishers change
// the identity of their entries: from http to https, to another host, to a
// new scheme of GUIDs. Each such change doubled every entry in most readers.
type matcher struct {
	t      *tx
	feed   int64
	items  []news.Item
	keys   map[string]bool // in this poll
	places map[string]int  // how many items of this poll lead to one address
}

func (m *matcher) count() {
	m.keys, m.places = make(map[string]bool, len(m.items)), make(map[string]int, len(m.items))
	for _, it := range m.items {
		m.keys[it.Key] = true
		m.places[canonicalKey(it.URL)]++
	}
}

// find looks for items[i] by key, by key without scheme and host, and by
// address and title within a bounded window. An item whose own key stands in
// this poll is another entry, whatever else agrees.
func (m *matcher) find(i int) (known, error) {
	it := m.items[i]
	var k known
	if found, err := m.t.row("SELECT id, hash FROM item WHERE feed = ? AND key = ?", []any{m.feed, it.Key}, &k.id, &k.hash); found || err != nil {
		return k, err
	}
	if alias := aliasKey(it.Key); alias != "" {
		k, err := m.only("SELECT id, hash, key, published, title FROM item WHERE feed = ? AND alias = ? LIMIT 8", alias, func(c candidate) bool { return true })
		if k.id != 0 || err != nil {
			return k, err
		}
	}
	place := canonicalKey(it.URL)
	if place == "" || m.places[place] > 1 || it.Title == "" || aliasKey(it.URL) == "" {
		return known{}, nil
	}
	return m.only("SELECT id, hash, key, published, title FROM item WHERE feed = ? AND place = ? LIMIT 8", place, func(c candidate) bool {
		near := c.published.IsZero() || it.Published.IsZero() || c.published.Sub(it.Published).Abs() <= mergeWindow
		return c.title == it.Title && near
	})
}

// candidate is a stored item that may be the one looked for.
type candidate struct {
	known
	key, title string
	published  time.Time
}

// only returns the candidate that fits if there is exactly one.
func (m *matcher) only(query, value string, fits func(candidate) bool) (known, error) {
	var fit []known
	err := m.t.each(query, []any{m.feed, value}, func(scan func(dest ...any) error) error {
		var c candidate
		var published instant
		if err := scan(&c.id, &c.hash, &c.key, &published, &c.title); err != nil {
			return err
		}
		if c.published = published.t; !m.keys[c.key] && fits(c) {
			fit = append(fit, known{c.id, c.hash, true})
		}
		return nil
	})
	if err != nil || len(fit) != 1 {
		return known{}, err
	}
	return fit[0], nil
}
