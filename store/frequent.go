package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"clusterwire/store/query"
)

// The sets of the most frequent words are read ahead, because their lists are
// long: that of a word in nine of ten of a million articles fills 30 MB of the
// index, since the places in the texts stand in it too, and takes 50 ms to
// read. They stay in memory whatever else is asked for. Where a prefix is looked
// for they are taken as they are, and their pages passed over.
//
// So the first who asks for a word waits hardly longer than who asks again.
// Nothing of it is stored: a table of sets would have to be kept true with every
// write, where reading them takes 5 s of one core after a start, with a million
// articles, and the half of the index that is left is read in no time.

const (
	longList      = 32       // pages of one segment from which on a list is read ahead
	frequentBytes = 64 << 20 // bounds the sets read ahead, which are part of setsBytes
)

// Warm reads what searches need into memory, so that none has to wait for it:
// facets and filters, most of a second with a million articles, then the sets of
// the most frequent words. Called again, now and then, it brings them up to date.
func (d *DB) Warm(ctx context.Context) error { return d.warm(ctx, longList) }

// warm takes a list for long from some pages on.
func (d *DB) warm(ctx context.Context, long int) error {
	words := d.sets.heldWith("")
	held := len(words)
	err := d.snapshot(ctx, func(s *sql.Tx) error {
		e, err := d.ready(ctx, s, lateMost/2)
		if err != nil {
			return err
		}
		if p, err := e.postings(); err != nil {
			return err
		} else if _, err := d.sets.extents.of(p); err != nil {
			return err
		}
		more, err := longest(ctx, s, long)
		words = append(words, more...)
		return err
	})
	for i, w := range words {
		if err != nil || i >= held && d.sets.enough() {
			break
		}
		err = d.snapshot(ctx, func(s *sql.Tx) error { return d.readAhead(ctx, s, w) })
	}
	return err
}

// ready returns an evaluation of a snapshot, numbered anew when many came late.
func (d *DB) ready(ctx context.Context, s *sql.Tx, late int) (e evaluation, err error) {
	write, err := d.state(ctx, s, "write")
	if err != nil {
		return e, err
	}
	e = d.sets.evaluation(ctx, s, d.sets.current(late), write)
	return e, e.docs.catchUp(ctx, s, write, d.sets.row)
}

// readAhead reads the sets of a word, in all and in the headline, or brings them
// up to date, and holds them.
func (d *DB) readAhead(ctx context.Context, s *sql.Tx, word string) error {
	e, err := d.ready(ctx, s, lateMost)
	if err != nil {
		return err
	}
	all, title := wordNode(word, false), wordNode(word, true)
	if !e.c.holds(all.Key(), e.docs) {
		if err := e.readBoth(word, all, title); err != nil {
			return err
		}
	}
	for _, n := range []*query.Node{all, title} {
		if _, err := e.leaf(n); err != nil {
			return err
		}
		e.c.hold(word, n.Key(), e.docs)
	}
	return nil
}

func wordNode(word string, title bool) *query.Node {
	return &query.Node{Op: query.OpPhrase, Terms: []string{word}, Title: title}
}

// readBoth reads both sets of a word in one go.
func (e evaluation) readBoth(word string, all, title *query.Node) error {
	p, err := e.postings()
	if err != nil {
		return err
	}
	spans, err := p.spans(word, word)
	if err != nil {
		return err
	}
	both, heads := e.gathering(), e.gathering()
	defer e.c.gatherings.Put(both)
	defer e.c.gatherings.Put(heads)
	r := &reader{title: true, choose: fromTo(word, word)}
	r.out, r.every = e.into(heads, r), e.into(both, r)
	if err = p.each(r, spans); err != nil {
		return err
	}
	e.put(all, both.bitmap())
	e.put(title, heads.bitmap())
	return nil
}

// put keeps the set of a leaf that was read, unless it is known.
func (e evaluation) put(n *query.Node, bits *roaring.Bitmap) {
	l := e.c.leaf(n.Key(), e.docs)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.bits != nil {
		return
	}
	bits.RunOptimize()
	l.bits, l.write = bits, e.write
	e.c.weigh(l, bits.GetSizeInBytes()+256)
}

// longText finds the pages of a segment whose last term has a list of many
// pages: those on which no term begins are not in search_idx.
const longText = `SELECT segid, page, pages FROM (
		SELECT segid, pgno >> 1 AS page, lead(pgno >> 1) OVER (PARTITION BY segid ORDER BY term) - (pgno >> 1) AS pages FROM search_idx)
	WHERE pages >= ?`

// longest returns the words that have a list of so many pages, the longest
// first.
func longest(ctx context.Context, s *sql.Tx, long int) ([]string, error) {
	pages := map[string]int{}
	var at [][2]int64 // rowid of the page, and length of the list
	rows, err := s.QueryContext(ctx, longText, long)
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
		var g segment
		var page, n int64
		err := scan(&g.id, &page, &n)
		at = append(at, [2]int64{g.leaf(page), n})
		return err
	})
	for _, x := range at {
		if err != nil {
			return nil, err
		}
		var block []byte
		if err = s.QueryRowContext(ctx, "SELECT block FROM search_data WHERE id = ?", x[0]).Scan(&block); err == nil {
			var word string
			if word, err = lastTerm(block); word != "" && !strings.Contains(word, "=") { // else a filter, which is read anyway
				pages[word] += int(x[1])
			}
		}
	}
	words := keys(pages)
	slices.SortFunc(words, func(a, b string) int { return pages[b] - pages[a] })
	return words, err
}

// lastTerm returns the last term that begins on a page.
func lastTerm(block []byte) (term string, err error) {
	r := reader{choose: func(t []byte) choice {
		term = string(t)
		return skip
	}}
	_, err = r.page(block)
	return term, err
}

// enough reports whether no more sets are to be read ahead.
func (c *sets) enough() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ahead >= frequentBytes
}

// holds reports whether a set is held.
func (c *sets) holds(key string, of *docs) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.kept[key]
	return ok && e.Value.(*leaf).of == of && e.Value.(*leaf).held
}

// hold keeps a set of a word whatever else is asked for.
func (c *sets) hold(word, key string, of *docs) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at, ok := slices.BinarySearch(c.words, word); !ok {
		c.words = slices.Insert(slices.Clone(c.words), at, word)
	}
	e, ok := c.kept[key]
	if !ok || e.Value.(*leaf).of != of || e.Value.(*leaf).held {
		return
	}
	l := c.age.Remove(e).(*leaf)
	l.held = true
	c.kept[key] = c.held.PushBack(l)
	c.ahead += l.bytes
}

// heldWith returns the words with a prefix whose sets are held, in order. They
// are not to be changed.
func (c *sets) heldWith(prefix string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	from, _ := slices.BinarySearch(c.words, prefix)
	to, _ := slices.BinarySearch(c.words, prefix+lastRune)
	return c.words[from:to:to]
}

// prefixed returns the set of all words with a prefix, in all or in headlines:
// those held, and what the lists of the others name. The widest need no more
// than those held.
func (e evaluation) prefixed(prefix string, title bool) (*roaring.Bitmap, error) {
	held := e.c.heldWith(prefix)
	parts := []*roaring.Bitmap{roaring.New()}
	for _, w := range held {
		bits, err := e.leaf(wordNode(w, title))
		if err != nil {
			return nil, err
		}
		parts = append(parts, bits)
	}
	found := or(parts)
	if found.GetCardinality() == e.docs.between(0, 0).GetCardinality() {
		return found, nil
	}
	others, err := e.readLists(prefix, prefix+lastRune, held, title)
	return or([]*roaring.Bitmap{found, others}), err
}
