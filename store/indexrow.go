package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"

	"clusterwire/feeds/news"
	"clusterwire/store/query"
)

// indexRow is what the index holds of an article: terms with a space before
// and after each.
type indexRow struct{ body, title, tags string }

// has reports whether a leaf of a query finds the article.
func (r *indexRow) has(n *query.Node) bool {
	if n.Op == query.OpFilter {
		return strings.Contains(r.tags, " "+n.Tokens[0]+" ")
	}
	text := " " + strings.Join(n.Terms, " ")
	if !n.Prefix {
		text += " "
	}
	return strings.Contains(r.title, text) || !n.Title && strings.Contains(r.body, text)
}

// indexSource is what an index row is made of.
type indexSource struct {
	id                           int64
	source, title, summary, lang string
	image                        string
	hidden                       bool
	claims                       int
	text, detail                 []byte // compressed
}

const indexSourceColumns = `a.id, a.source, a.title, a.summary, a.language, a.image, a.hidden, a.claims, coalesce(b.text, x''), coalesce(r.detail, x'')
	FROM article a LEFT JOIN body b ON b.article = a.id LEFT JOIN reading r ON r.article = a.id`

func (x *indexSource) scan(scan func(dest ...any) error) error {
	return scan(&x.id, &x.source, &x.title, &x.summary, &x.lang, &x.image, &x.hidden, &x.claims, &x.text, &x.detail)
}

// row makes the index row.
func (x *indexSource) row(c *codec) (body, title, tags string, err error) {
	text, err := c.unpackText(x.text)
	if err != nil {
		return "", "", "", fmt.Errorf("article %d: %w", x.id, err)
	}
	var d detail
	if err := c.unpackJSON(x.detail, &d); err != nil {
		return "", "", "", fmt.Errorf("reading of article %d: %w", x.id, err)
	}
	r := news.Reading{Mentions: d.Mentions, Topics: d.Topics, Clusters: d.Clusters, Claims: make([]news.Claim, x.claims)}
	r.Verdict.Relevant = !x.hidden
	title, body = indexText(x.title, x.summary, text)
	return body, title, filterTokens(x.source, x.lang, x.image, &r), nil
}

// freshRows are the index rows of the last writes of this process, until they
// are taken over.
type freshRows struct {
	mu   sync.Mutex
	rows map[freshKey]*indexRow
}

type freshKey struct{ id, write int64 }

// put keeps the rows of a write that was committed. Where nobody reads nothing
// is kept for long.
func (f *freshRows) put(write int64, ids []int64, rows []*indexRow) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.rows == nil || len(f.rows) > rowsKept {
		f.rows = map[freshKey]*indexRow{}
	}
	for i, id := range ids {
		f.rows[freshKey{id, write}] = rows[i]
	}
}

func (f *freshRows) take(id, write int64) *indexRow {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := f.rows[freshKey{id, write}]
	delete(f.rows, freshKey{id, write})
	return r
}

// row returns the index row of an article: as this process wrote it, or made
// again as another did. It is nil if the article is gone.
func (c *sets) row(ctx context.Context, s *sql.Tx, id, write int64) (*indexRow, error) {
	if r := c.fresh.take(id, write); r != nil {
		return r, nil
	}
	var x indexSource
	err := x.scan(s.QueryRowContext(ctx, "SELECT "+indexSourceColumns+" WHERE a.id = ?", id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	body, title, tags, err := x.row(c.codec)
	return newIndexRow(body, title, tags), err
}

func newIndexRow(body, title, tags string) *indexRow {
	return &indexRow{" " + body + " ", " " + title + " ", " " + tags + " "}
}
