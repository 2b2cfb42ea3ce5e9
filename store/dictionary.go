package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
)

// Articles of one archive have much in common: words, names, closing
// paragraphs, the field names of readings. Compressed each alone they say it
// all again, so each is compressed as if pieces of some that are stored already
// stood before it. These pieces are a dictionary. One is made of the archive's
// own texts when it has a thousand articles, and another whenever it has grown
// tenfold, since subjects and languages change. Texts stay as they are.

const (
	firstDictionary = 1000       // articles that an archive has when its first dictionary is made
	dictionaryBytes = 112 << 10  // of which each text shows only pieces
	dictionaryPiece = 1 << 10    // of one text
	dictionaryFacts = 8 << 10    // of readings
	dictionaryBase  = 0x636c0000 // ids begin here, out of the range that is registered for public ones
)

// dictionary is what texts are compressed with. It is never changed.
type dictionary struct {
	id      uint32
	content []byte
}

// dictionaries reads all of them, oldest first, each from the first copy that
// is whole.
func (d *DB) dictionaries(ctx context.Context) ([]dictionary, error) {
	var list []dictionary
	damaged := uint32(0)
	err := d.each(ctx, "SELECT id, content, hash FROM dictionary ORDER BY id, copy", nil, func(scan func(dest ...any) error) error {
		var x dictionary
		var hash []byte
		if err := scan(&x.id, &x.content, &hash); err != nil {
			return err
		}
		switch n := len(list); {
		case n > 0 && list[n-1].id == x.id:
		case bytes.Equal(hash, digest(string(x.content))):
			list = append(list, x)
		case damaged == x.id:
			return &OpenError{Path: d.path, Reason: fmt.Sprintf("is damaged: both copies of dictionary %d of texts", x.id), Hint: restoreHint}
		default:
			damaged = x.id
		}
		return nil
	})
	return list, err
}

// useDictionaries has texts packed and unpacked with the dictionaries that the
// archive has now.
func (d *DB) useDictionaries(ctx context.Context) error {
	list, err := d.dictionaries(ctx)
	if err != nil {
		return err
	}
	return d.codec.use(list)
}

// learn makes a dictionary if it is time for one. It is on disk before any
// text is compressed with it.
func (d *DB) learn(ctx context.Context) error {
	if d.w == nil {
		return errReadOnly
	}
	if d.closed.Load() {
		return errClosed
	}
	var made, articles int
	err := d.r.QueryRowContext(ctx, "SELECT (SELECT count(DISTINCT id) FROM dictionary), (SELECT value FROM state WHERE key = 'articles')").Scan(&made, &articles)
	if err != nil {
		return err
	}
	due := firstDictionary
	for range made {
		due *= 10
	}
	if articles < due {
		return nil
	}
	content, err := d.sample(ctx)
	if err != nil {
		return err
	}
	err = d.write(ctx, func(t *tx) error {
		id := dictionaryBase + made
		for n := range 2 {
			if _, err := t.exec("INSERT OR IGNORE INTO dictionary VALUES (?, ?, ?, ?, ?)", id, n, t.now, digest(string(content)), content); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return d.useDictionaries(ctx)
}

// sample returns pieces of texts from all over the newest of the archive, and
// of readings.
func (d *DB) sample(ctx context.Context) ([]byte, error) {
	var texts, facts []byte
	err := d.each(ctx, `SELECT b.text, r.detail FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM (SELECT id FROM article ORDER BY id DESC LIMIT ?)) a
		JOIN body b ON b.article = a.id JOIN reading r ON r.article = a.id ORDER BY n % 7, n`, []any{firstDictionary}, func(scan func(dest ...any) error) error {
		var packed, reading []byte
		if err := scan(&packed, &reading); err != nil {
			return err
		}
		text, err := d.codec.unpack(packed)
		if err != nil {
			return err
		}
		if len(texts) < dictionaryBytes-dictionaryFacts {
			texts = append(texts, text[:min(len(text), dictionaryPiece)]...)
		}
		fact, err := d.codec.unpack(reading)
		if len(facts) < dictionaryFacts {
			facts = append(facts, fact[:min(len(fact), dictionaryPiece)]...)
		}
		return err
	})
	return append(texts, facts...), err
}

// checkDictionaries compares every copy with what was written. An archive of
// an earlier schema has none.
func checkDictionaries(ctx context.Context, s *sql.Tx, add func(format string, args ...any)) error {
	var tables int
	if err := s.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE name = 'dictionary' AND type = 'table'").Scan(&tables); err != nil || tables == 0 {
		return err
	}
	rows, err := s.QueryContext(ctx, "SELECT id, copy, content, hash FROM dictionary")
	return eachRow(rows, err, func(scan func(dest ...any) error) error {
		var id, n int64
		var content, hash []byte
		if err := scan(&id, &n, &content, &hash); err != nil {
			return err
		}
		if !bytes.Equal(hash, digest(string(content))) {
			add("copy %d of dictionary %d of texts is not what was written", n, id)
		}
		return nil
	})
}
