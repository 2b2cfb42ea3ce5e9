package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"unsafe"

	"clusterwire/feeds/news"
	"clusterwire/store/query"
)

const hitColumns = "a.id, a.url, a.title, a.byline, a.published, a.dated, a.modified, a.first_seen, a.language, a.summary, a.image, a.marks, a.story, a.claims, a.source"

// hitScanner reads the rows of hits, one after the other.
type hitScanner struct {
	hit                       news.Hit
	published, modified, seen instant
	marks                     sql.RawBytes
	source                    string
	dest                      []any // the fields above in the order of hitColumns
}

func newHitScanner() *hitScanner {
	x := &hitScanner{}
	h := &x.hit
	x.dest = []any{&h.ID, &h.URL, &h.Title, &h.Byline, &x.published, &h.Dated, &x.modified, &x.seen, &h.Language, &h.Summary, &h.Image, &x.marks, &h.Story, &h.Claims, &x.source}
	return x
}

// read reads a row. Its source is one of those in memory.
func (x *hitScanner) read(scan func(dest ...any) error, lists *lists) (news.Hit, error) {
	x.hit = news.Hit{}
	if err := scan(x.dest...); err != nil {
		return x.hit, err
	}
	h := &x.hit
	h.Published, h.Modified, h.FirstSeen = x.published.t, x.modified.t, x.seen.t
	h.Source = lists.source(x.source)
	m, err := readMarks(x.marks)
	h.Mentions, h.Topics = m.mentions(), m.Topics
	return *h, err
}

// hitsText and textsText are what a page of results is read with, the others
// what an article is. Each connection prepares them once.
const (
	hitsText  = "SELECT " + hitColumns + " FROM json_each(?) j CROSS JOIN article a ON a.id = j.value"
	textsText = "SELECT coalesce(b.text, x'') FROM json_each(?) j LEFT JOIN body b ON b.article = j.value"

	articleText = `SELECT a.id, a.source, a.url, iif(a.canonical = '', a.url, a.canonical), a.title, a.byline, a.published, a.dated, a.modified, a.language, a.summary, a.image,
			a.method, a.first_seen, a.revision, a.story, b.text, b.html, b.links, b.no_ai, iif(?, (SELECT page FROM raw WHERE article = a.id), NULL)
		FROM article a JOIN body b ON b.article = a.id WHERE a.id = ?`
	readingText = "SELECT r.language, r.reason, r.score, r.detail, a.rules, a.hidden FROM reading r JOIN article a ON a.id = r.article WHERE r.article = ?"
	statedText  = "SELECT id, claim FROM claim WHERE article = ? AND withdrawn IS NULL ORDER BY id"
	stateText   = "SELECT value FROM state WHERE key = ?"
)

// prepareReads prepares them. It needs a connection, so it must not be called
// by who holds one.
func (d *DB) prepareReads(ctx context.Context) (err error) {
	for _, p := range []struct {
		stmt **sql.Stmt
		text string
	}{{&d.hitsStmt, hitsText}, {&d.textsStmt, textsText}, {&d.articleStmt, articleText}, {&d.readingStmt, readingText}, {&d.statedStmt, statedText}, {&d.stateStmt, stateText}} {
		if *p.stmt, err = d.r.PrepareContext(ctx, p.text); err != nil {
			return err
		}
	}
	d.sets.prepared, err = prepare(ctx, d.r, blockText, goneText, aroundText, pagesText, leafsText)
	return err
}

// hits reads the list rows of articles, in the order of their ids given. An
// article that came after the snapshot was taken is left out.
func (d *DB) hits(ctx context.Context, s *sql.Tx, ids []int64) ([]news.Hit, error) {
	list := make([]news.Hit, 0, len(ids))
	in, err := toJSON(ids)
	if err != nil {
		return nil, err
	}
	lists, err := d.lists(ctx, s)
	if err != nil {
		return nil, err
	}
	row := newHitScanner()
	rows, err := s.StmtContext(ctx, d.hitsStmt).QueryContext(ctx, in)
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
		h, err := row.read(scan, lists)
		list = append(list, h)
		return err
	})
	return list, err
}

// snippetRunes is the length of a snippet in a list.
const snippetRunes = 220

// cutter is what the snippets of a page are cut with. It is kept for the next
// page: all its memory is many times what it gives.
type cutter struct {
	snippets query.Snippets
	packed   sql.RawBytes
	text     []byte
}

// snippets adds to each hit where its text matches.
func (d *DB) snippets(ctx context.Context, s *sql.Tx, tree query.Tree, hits []news.Hit) error {
	ids := make([]int64, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	in, err := toJSON(ids)
	if err != nil {
		return err
	}
	c, _ := d.cutters.Get().(*cutter)
	if c == nil {
		c = &cutter{}
	}
	defer d.cutters.Put(c)
	c.snippets.Ask(tree, snippetRunes)
	at := 0
	rows, err := s.StmtContext(ctx, d.textsStmt).QueryContext(ctx, in)
	return eachRow(rows, err, func(scan func(dest ...any) error) error {
		if err := scan(&c.packed); err != nil {
			return err
		}
		var err error
		if c.text, err = d.codec.unpackTo(c.text[:0], c.packed); err != nil {
			return fmt.Errorf("article %d: %w", hits[at].ID, err)
		}
		// A snippet holds nothing of its text, so this may be a view of it.
		text := unsafe.String(unsafe.SliceData(c.text), len(c.text))
		hits[at].Snippet = c.snippets.Of(cmp.Or(text, hits[at].Summary))
		at++
		return nil
	})
}

// article reads an article whole, and the number of its story; its raw page
// only where asked.
func (d *DB) article(ctx context.Context, id int64, raw bool) (a news.Article, story int64, err error) {
	var published, modified, seen instant
	var text, html, links, page []byte
	err = d.articleStmt.QueryRowContext(ctx, raw, id).
		Scan(&a.ID, &a.Source, &a.URL, &a.Canonical, &a.Title, &a.Byline, &published, &a.Dated, &modified, &a.Language, &a.Summary, &a.Image,
			&a.Method, &seen, &a.Revision, &story, &text, &html, &links, &a.NoAI, &page)
	if errors.Is(err, sql.ErrNoRows) {
		return a, 0, fmt.Errorf("article %d: %w", id, news.ErrNotFound)
	}
	if err != nil {
		return a, 0, err
	}
	a.Published, a.Modified, a.FirstSeen = published.t, modified.t, seen.t
	var errs [4]error
	a.Text, errs[0] = d.codec.unpackText(text)
	a.HTML, errs[1] = d.codec.unpackText(html)
	errs[2] = d.codec.unpackJSON(links, &a.Links)
	a.Raw, errs[3] = d.codec.unpack(page)
	return a, story, errors.Join(errs[:]...)
}

// Raw returns the page of an article as it came, nil if it was not kept.
func (d *DB) Raw(ctx context.Context, id int64) ([]byte, error) {
	a, _, err := d.article(ctx, id, true)
	return a.Raw, err
}

// Article returns one article whole, without its raw page, with its reading,
// its story and the items that led to it. Hidden ones are returned too: an operator
// follows the verdict.
func (d *DB) Article(ctx context.Context, id int64) (news.Entry, error) {
	var e news.Entry
	var err error
	if e.Article, e.Story, err = d.article(ctx, id, false); err != nil {
		return e, err
	}
	if e.Source, err = d.source(ctx, e.Article.Source); err != nil {
		return e, err
	}
	if e.Reading, err = d.reading(ctx, id); err != nil {
		return e, err
	}
	e.Via, err = d.via(ctx, id)
	return e, err
}

func (d *DB) source(ctx context.Context, slug string) (news.Source, error) {
	s := news.Source{}
	err := d.r.QueryRowContext(ctx, "SELECT "+sourceColumns+" FROM source WHERE slug = ?", slug).Scan(sourceFields(&s)...)
	if errors.Is(err, sql.ErrNoRows) {
		return news.Source{Slug: slug, Name: slug}, nil
	}
	return s, err
}

func (d *DB) reading(ctx context.Context, id int64) (news.Reading, error) {
	r := news.Reading{Article: id}
	var hidden bool
	var packed []byte
	err := d.readingStmt.QueryRowContext(ctx, id).
		Scan(&r.Language, &r.Verdict.Reason, &r.Verdict.Score, &packed, &r.Rules, &hidden)
	if err != nil {
		return r, err
	}
	r.Verdict.Relevant = !hidden
	var x detail
	if err := d.codec.unpackJSON(packed, &x); err != nil {
		return r, fmt.Errorf("reading of article %d: %w", id, err)
	}
	r.Mentions, r.Topics, r.Clusters = x.Mentions, x.Topics, x.Clusters
	rows, err := d.statedStmt.QueryContext(ctx, id)
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
		c, err := scanClaim(scan)
		r.Claims = append(r.Claims, c)
		return err
	})
	return r, err
}

func (d *DB) via(ctx context.Context, id int64) ([]news.Via, error) {
	var list []news.Via
	err := d.each(ctx, "SELECT "+itemColumns+" FROM item WHERE article = ? ORDER BY seen, id", []any{id}, func(scan func(dest ...any) error) error {
		it, err := d.scanItem(scan)
		list = append(list, news.Via{Source: news.Source{Slug: it.Source}, URL: it.URL, Title: it.Title, Seen: it.Seen})
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].Source, err = d.source(ctx, list[i].Source.Slug); err != nil {
			return nil, err
		}
	}
	return list, nil
}
