package store

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"clusterwire/feeds/news"
)

// seqBits is how many bits of an id tell apart the articles of one second. The
// index stores the distances between ids, so each bit costs 25 bytes an
// article; a second that is full spills into the next.
const seqBits = 4

// maxSeconds is the latest publication that an id holds: the year 2242.
const maxSeconds = 1 << 33

// idFloor is the smallest id of an article published at t.
func idFloor(t time.Time) int64 {
	return min(max(t.Unix(), 1), maxSeconds) << seqBits
}

// dayOf is the day of an id, counted from 1970.
func dayOf(id int64) int64 { return (id >> seqBits) / 86400 }

// newID returns a free id for an article published at a time. Where a second
// is full the next one takes the article in.
func (t *tx) newID(at time.Time) (int64, error) {
	for base := idFloor(at); ; base += 1 << seqBits {
		var last *int64
		if _, err := t.row("SELECT max(id) FROM article WHERE id >= ? AND id < ?", []any{base, base + 1<<seqBits}, &last); err != nil {
			return 0, err
		}
		if last == nil {
			return base, nil
		}
		if *last+1 < base+1<<seqBits {
			return *last + 1, nil
		}
	}
}

// sortTime is the time that an article is ordered by: its own date, or when it
// was first seen if it has none or lies in the future.
func sortTime(a *news.Article, now int64) time.Time {
	seen := a.FirstSeen
	if seen.IsZero() {
		seen = time.UnixMicro(now)
	}
	if a.Published.IsZero() || a.Published.After(seen.Add(15*time.Minute)) {
		return seen
	}
	return a.Published
}

// stored is what is compared with an article that comes in again.
type stored struct {
	id       int64
	revision int
	hash     []byte
	url      string
	hidden   bool
	language string
	marks    marks
}

// packed are the compressed parts of an article, made before the transaction.
type packed struct {
	text, html, links, raw, detail []byte
	title, body                    string // as the index takes them
	hash                           []byte
}

// SaveArticles stores articles with their readings, claims, counts and index
// rows and marks their items as opened, all in one transaction. Outcomes are
// in the order of the argument; Article.ID and Reading.Article are set in it.
func (d *DB) SaveArticles(ctx context.Context, opened []news.Opened) ([]news.Outcome, error) {
	if err := d.learn(ctx); err != nil {
		return nil, err
	}
	parts := make([]packed, len(opened))
	for i := range opened {
		if err := d.pack(&opened[i], &parts[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", opened[i].Article.URL, err)
		}
	}
	// The index writes its pending rows out whenever a rowid goes back.
	order := make([]int, len(opened))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return opened[a].Article.Published.Compare(opened[b].Article.Published)
	})
	outcomes := make([]news.Outcome, len(opened))
	err := d.write(ctx, func(t *tx) error {
		if err := t.numbered(); err != nil {
			return err
		}
		seen := false
		for _, i := range order {
			var err error
			if outcomes[i], err = t.saveArticle(&opened[i], &parts[i]); err != nil {
				return fmt.Errorf("%s: %w", opened[i].Article.URL, err)
			}
			seen = seen || outcomes[i] != news.Duplicate
		}
		if !seen {
			return nil
		}
		return t.visible()
	})
	if err != nil {
		return nil, err
	}
	return outcomes, nil
}

// pack compresses and analyses an article outside of the transaction.
func (d *DB) pack(o *news.Opened, p *packed) (err error) {
	a := &o.Article
	p.text, p.html, p.raw = d.codec.packText(a.Text), d.codec.packText(a.HTML), d.codec.pack(a.Raw)
	if p.links, err = d.codec.packJSON(a.Links); err != nil {
		return err
	}
	if p.detail, err = d.packReading(&o.Reading); err != nil {
		return err
	}
	p.hash = digest(a.Title, a.Text)
	p.title, p.body = indexText(a.Title, a.Summary, a.Text)
	return nil
}

// digest is a hash of several strings, long enough that no two articles share it.
func digest(parts ...string) []byte {
	sum := sha256.New()
	for _, p := range parts {
		io.WriteString(sum, p) // a hash never fails
		sum.Write([]byte{0})
	}
	return sum.Sum(nil)[:16]
}

// shortCanonical is the canonical address as it is stored.
func shortCanonical(a *news.Article) string {
	if a.Canonical == a.URL {
		return ""
	}
	return a.Canonical
}

// identity is the canonical key of an article. One without any address is
// known by the item that it came from.
func identity(o *news.Opened) string {
	if key := cmp.Or(canonicalKey(o.Article.Canonical), canonicalKey(o.Article.URL)); key != "" {
		return key
	}
	return fmt.Sprintf("item:%d:%s", o.Item.Feed, cmp.Or(o.Item.Key, o.Item.GUID, o.Article.Title))
}

func (t *tx) saveArticle(o *news.Opened, p *packed) (news.Outcome, error) {
	key := identity(o)
	s, found, err := t.byKey(key)
	if err != nil {
		return "", err
	}
	var outcome news.Outcome
	switch {
	case !found:
		outcome, err = t.addArticle(o, p, key)
	case bytes.Equal(s.hash, p.hash) || !samePage(s.url, o.Article.URL, key):
		outcome = news.Duplicate
		o.Article.ID, o.Article.Revision, o.Reading.Article = s.id, s.revision, s.id
	default:
		outcome, err = t.revise(o, p, s)
	}
	if err != nil {
		return "", err
	}
	return outcome, t.opened(o.Item.ID, o.Article.ID)
}

// samePage reports whether an article that came in again was read where the
// stored one was, or at its canonical host. Another publisher's copy, which
// names the original as canonical, must not replace its text.
func samePage(was, is, key string) bool {
	host := hostOf(is)
	return host == hostOf(was) || host != "" && (key == host || len(key) > len(host) && key[:len(host)] == host && (key[len(host)] == '/' || key[len(host)] == '?'))
}

func (t *tx) byKey(key string) (s stored, found bool, err error) {
	var m []byte
	found, err = t.row("SELECT id, revision, hash, url, hidden, language, marks FROM article WHERE identity = ?", []any{digest(key)},
		&s.id, &s.revision, &s.hash, &s.url, &s.hidden, &s.language, &m)
	if err != nil || !found {
		return s, found, err
	}
	s.marks, err = readMarks(m)
	return s, true, err
}

// opened marks an item as opened.
func (t *tx) opened(item, article int64) error {
	if item == 0 {
		return nil
	}
	_, err := t.exec("UPDATE item SET article = ?, due = NULL, failures = 0, class = '', error = '', since = NULL WHERE id = ?", article, item)
	return err
}

func (t *tx) addArticle(o *news.Opened, p *packed, key string) (news.Outcome, error) {
	a, r := &o.Article, &o.Reading
	id, err := t.newID(sortTime(a, t.now))
	if err != nil {
		return "", err
	}
	a.ID, r.Article = id, id
	if a.Revision == 0 {
		a.Revision = 1
	}
	m := marksOf(r)
	text, err := m.json()
	if err != nil {
		return "", err
	}
	_, err = t.exec(`INSERT INTO article (id, identity, source, url, canonical, title, byline, published, dated, modified, language, summary,
			image, method, first_seen, revision, hash, hidden, rules, marks, claims, touched)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, digest(key), a.Source, a.URL, shortCanonical(a), a.Title, a.Byline, micros(a.Published), a.Dated, micros(a.Modified), cmp.Or(a.Language, r.Language),
		a.Summary, a.Image, a.Method, micros(a.FirstSeen), a.Revision, p.hash, !r.Verdict.Relevant, r.Rules, text, len(r.Claims), t.number)
	if err != nil {
		return "", err
	}
	if err := t.saveBody(id, p, a); err != nil {
		return "", err
	}
	if err := t.saveReading(r, p.detail, false); err != nil {
		return "", err
	}
	if err := t.recount(id, a.Source, cmp.Or(a.Language, r.Language), a.Published, stored{hidden: true}, m, !r.Verdict.Relevant); err != nil {
		return "", err
	}
	if err := t.index(id, p.title, p.body, filterTokens(a.Source, cmp.Or(a.Language, r.Language), a.Image, r), false); err != nil {
		return "", err
	}
	if !r.Verdict.Relevant {
		return news.Irrelevant, nil
	}
	return news.Stored, nil
}

func (t *tx) saveBody(id int64, p *packed, a *news.Article) error {
	if _, err := t.exec("INSERT OR REPLACE INTO body (article, text, html, links, no_ai) VALUES (?, ?, ?, ?, ?)", id, p.text, p.html, p.links, a.NoAI); err != nil {
		return err
	}
	if a.Raw == nil {
		return nil
	}
	_, err := t.exec("INSERT OR REPLACE INTO raw VALUES (?, ?)", id, p.raw)
	return err
}

// revise keeps the text that an article had and gives it the new one. The id
// stays, and so does when it was first seen.
func (t *tx) revise(o *news.Opened, p *packed, s stored) (news.Outcome, error) {
	a, r := &o.Article, &o.Reading
	a.ID, r.Article, a.Revision = s.id, s.id, s.revision+1
	_, err := t.exec(`INSERT OR REPLACE INTO revision SELECT a.id, a.revision, a.title, ?, b.text FROM article a JOIN body b ON b.article = a.id WHERE a.id = ?`, t.now, s.id)
	if err != nil {
		return "", err
	}
	var source string
	var published instant
	if _, err := t.row("SELECT source, published FROM article WHERE id = ?", []any{s.id}, &source, &published); err != nil {
		return "", err
	}
	m := marksOf(r)
	text, err := m.json()
	if err != nil {
		return "", err
	}
	_, err = t.exec(`UPDATE article SET url = ?, canonical = ?, title = ?, byline = ?, published = coalesce(?, published), dated = ?, modified = ?, language = ?,
			summary = ?, image = ?, method = ?, revision = ?, hash = ?, hidden = ?, rules = ?, marks = ?, claims = ?, touched = ? WHERE id = ?`,
		a.URL, shortCanonical(a), a.Title, a.Byline, micros(a.Published), a.Dated, micros(a.Modified), cmp.Or(a.Language, r.Language),
		a.Summary, a.Image, a.Method, a.Revision, p.hash, !r.Verdict.Relevant, r.Rules, text, len(r.Claims), t.number, s.id)
	if err != nil {
		return "", err
	}
	if err := t.saveBody(s.id, p, a); err != nil {
		return "", err
	}
	if err := t.saveReading(r, p.detail, true); err != nil {
		return "", err
	}
	if err := t.recount(s.id, source, cmp.Or(a.Language, r.Language), published.t, s, m, !r.Verdict.Relevant); err != nil {
		return "", err
	}
	return news.Revised, t.index(s.id, p.title, p.body, filterTokens(source, cmp.Or(a.Language, r.Language), a.Image, r), true)
}

// Revisions returns the earlier titles and texts of an article, oldest first.
func (d *DB) Revisions(ctx context.Context, id int64) ([]news.Article, error) {
	var list []news.Article
	err := d.each(ctx, "SELECT revision, title, text FROM revision WHERE article = ? ORDER BY revision", []any{id}, func(scan func(dest ...any) error) error {
		a := news.Article{ID: id}
		var text []byte
		if err := scan(&a.Revision, &a.Title, &text); err != nil {
			return err
		}
		var err error
		if a.Text, err = d.codec.unpackText(text); err != nil {
			return fmt.Errorf("article %s: %w", strconv.FormatInt(id, 10), err)
		}
		list = append(list, a)
		return nil
	})
	return list, err
}
