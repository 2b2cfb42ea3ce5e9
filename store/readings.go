package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"clusterwire/feeds/news"
)

// marks are what a list row shows of a reading, kept with the article so that
// a list reads one row for each hit.
type marks struct {
	Mentions []mark
	Topics   []news.Topic
}

// mark is a mention without its evidence.
type mark struct {
	Company string
	Role    news.Role
	Rule    string
}

func marksOf(r *news.Reading) marks {
	var m marks
	for _, x := range r.Mentions {
		m.Mentions = append(m.Mentions, mark{x.Company, x.Role, x.Rule})
	}
	for _, x := range r.Topics {
		m.Topics = append(m.Topics, x.Topic)
	}
	return m
}

// storedMarks is the form of marks in the database: fields in a row, since a
// million articles carry them.
type storedMarks struct {
	M [][3]string  `json:"m,omitempty"` // company, role, rule
	T []news.Topic `json:"t,omitempty"`
}

func (m marks) json() (string, error) {
	s := storedMarks{T: m.Topics}
	for _, x := range m.Mentions {
		s.M = append(s.M, [3]string{x.Company, string(x.Role), x.Rule})
	}
	return toJSON(s)
}

func readMarks(b []byte) (marks, error) {
	var s storedMarks
	err := json.Unmarshal(b, &s)
	m := marks{Topics: s.T}
	for _, x := range s.M {
		m.Mentions = append(m.Mentions, mark{x[0], news.Role(x[1]), x[2]})
	}
	return m, err
}

func (m marks) mentions() []news.Mention {
	out := make([]news.Mention, len(m.Mentions))
	for i, x := range m.Mentions {
		out[i] = news.Mention{Company: x.Company, Role: x.Role, Rule: x.Rule}
	}
	return out
}

// detail is what a reading holds besides its claims and verdict.
type detail struct {
	Mentions []news.Mention    `json:"m,omitempty"`
	Topics   []news.TopicTag   `json:"t,omitempty"`
	Clusters []news.ClusterTag `json:"c,omitempty"`
}

func (d *DB) packReading(r *news.Reading) ([]byte, error) {
	return d.codec.packJSON(detail{r.Mentions, r.Topics, r.Clusters})
}

// saveReading stores the parts of a reading; claims of an article that was
// read before are compared with those that stand.
func (t *tx) saveReading(r *news.Reading, packed []byte, again bool) error {
	_, err := t.exec("INSERT OR REPLACE INTO reading VALUES (?, ?, ?, ?, ?)", r.Article, r.Language, r.Verdict.Reason, r.Verdict.Score, packed)
	if err != nil {
		return err
	}
	if err := t.saveCandidates(r, again); err != nil {
		return err
	}
	if again {
		return t.compareClaims(r)
	}
	return t.addClaims(r)
}

// numbered gives each claim of a reading its identity: everything but where
// in the text it stands, and a number if it is made more than once.
func numbered(claims []news.Claim) ([]string, error) {
	seen := map[string]int{}
	ids := make([]string, len(claims))
	for i, c := range claims {
		c.Start, c.End = 0, 0
		text, err := toJSON(c)
		if err != nil {
			return nil, err
		}
		if seen[text]++; seen[text] > 1 {
			text = fmt.Sprintf("%s#%d", text, seen[text])
		}
		ids[i] = text
	}
	return ids, nil
}

func (t *tx) addClaims(r *news.Reading) error {
	if len(r.Claims) == 0 {
		return nil
	}
	ids, err := numbered(r.Claims)
	if err != nil {
		return err
	}
	for i := range r.Claims {
		if err := t.addClaim(r.Article, &r.Claims[i], ids[i]); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) addClaim(article int64, c *news.Claim, identity string) error {
	text, err := toJSON(c)
	if err != nil {
		return err
	}
	c.ID, err = t.insert("INSERT INTO claim (article, cluster, metric, lo, hi, currency, identity, claim, added) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		article, c.Cluster, c.Metric, number(c.ValueLo), number(c.ValueHi), c.Currency, identity, text, t.now)
	return err
}

func number(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

// compareClaims keeps the claims that are made again under the same id,
// withdraws those that are not, and adds the new ones. Nothing is deleted.
func (t *tx) compareClaims(r *news.Reading) error {
	ids, err := numbered(r.Claims)
	if err != nil {
		return err
	}
	old := map[string]int64{}
	err = t.each("SELECT identity, id FROM claim WHERE article = ?", []any{r.Article}, func(scan func(dest ...any) error) error {
		var identity string
		var id int64
		err := scan(&identity, &id)
		old[identity] = id
		return err
	})
	if err != nil {
		return err
	}
	for i := range r.Claims {
		c := &r.Claims[i]
		id, known := old[ids[i]]
		if !known {
			if err := t.addClaim(r.Article, c, ids[i]); err != nil {
				return err
			}
			continue
		}
		delete(old, ids[i])
		c.ID = id
		text, err := toJSON(c) // its place in the text may have moved
		if err != nil {
			return err
		}
		if _, err := t.exec("UPDATE claim SET claim = ?, withdrawn = NULL WHERE id = ? AND (withdrawn IS NOT NULL OR claim <> ?)", text, id, text); err != nil {
			return err
		}
	}
	for _, id := range old {
		if _, err := t.exec("UPDATE claim SET withdrawn = ? WHERE id = ? AND withdrawn IS NULL", t.now, id); err != nil {
			return err
		}
	}
	return nil
}

// recount moves the counts of companies and source from what an article was
// to what it is. An article that is new was "hidden" before.
func (t *tx) recount(id int64, source, language string, published time.Time, was stored, is marks, hidden bool) error {
	if err := t.recountLanguage(was, language, hidden); err != nil {
		return err
	}
	change := map[string][2]int{}
	add := func(m marks, by int) {
		for _, x := range unique(m.Mentions) {
			c := change[x.Company]
			c[0] += by
			if x.Role == news.RoleSubject {
				c[1] += by
			}
			change[x.Company] = c
		}
	}
	if !was.hidden {
		add(was.marks, -1)
	}
	if !hidden {
		add(is, 1)
	}
	if was.id == 0 {
		if _, err := t.exec("UPDATE state SET value = value + 1 WHERE key = 'articles'"); err != nil {
			return err
		}
	}
	for company, by := range change {
		if by == [2]int{} {
			continue
		}
		_, err := t.exec(`INSERT INTO company_day VALUES (?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET articles = articles + excluded.articles, subject = subject + excluded.subject`, dayOf(id), company, by[0], by[1])
		if err != nil {
			return err
		}
		_, err = t.exec(`INSERT INTO company_total VALUES (?, ?, ?)
			ON CONFLICT DO UPDATE SET articles = articles + excluded.articles, subject = subject + excluded.subject`, company, by[0], by[1])
		if err != nil {
			return err
		}
	}
	return t.recountSource(source, published, was.hidden, hidden)
}

func (t *tx) recountLanguage(was stored, language string, hidden bool) error {
	add := func(language string, by int) error {
		if language == "" {
			return nil
		}
		_, err := t.exec("INSERT INTO language_total VALUES (?, ?) ON CONFLICT DO UPDATE SET articles = articles + excluded.articles", language, by)
		return err
	}
	if !was.hidden {
		if err := add(was.language, -1); err != nil {
			return err
		}
	}
	if hidden {
		return nil
	}
	return add(language, 1)
}

// unique returns one mark for each company, the subject if it is one.
func unique(list []mark) []mark {
	var out []mark
	for _, m := range list {
		if i := slices.IndexFunc(out, func(o mark) bool { return o.Company == m.Company }); i < 0 {
			out = append(out, m)
		} else if m.Role == news.RoleSubject {
			out[i].Role = m.Role
		}
	}
	return out
}

func (t *tx) recountSource(source string, published time.Time, was, hidden bool) error {
	switch {
	case was && !hidden:
		_, err := t.exec("UPDATE source SET articles = articles + 1, newest = nullif(max(coalesce(newest, 0), coalesce(?, 0)), 0) WHERE slug = ?", micros(published), source)
		return err
	case !was && hidden:
		_, err := t.exec("UPDATE source SET articles = articles - 1 WHERE slug = ?", source)
		return err
	}
	return nil
}

// Unread returns up to limit articles with an id below before (0: all) whose
// reading was made by other rules, newest first, with their texts.
func (d *DB) Unread(ctx context.Context, rules string, before int64, limit int) ([]news.Article, error) {
	if before <= 0 {
		before = 1<<63 - 1
	}
	ids, err := d.ids(ctx, "SELECT id FROM article WHERE rules <> ? AND id < ? ORDER BY id DESC LIMIT ?", rules, before, limit)
	if err != nil {
		return nil, err
	}
	list := make([]news.Article, 0, len(ids))
	for _, id := range ids {
		a, _, err := d.article(ctx, id, false)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

// SaveReadings replaces the readings of stored articles, their counts, claims
// and index rows, in one transaction.
func (d *DB) SaveReadings(ctx context.Context, readings []news.Reading) error {
	order := slices.Clone(readings)
	slices.SortStableFunc(order, func(a, b news.Reading) int { return cmp.Compare(a.Article, b.Article) })
	return d.write(ctx, func(t *tx) error {
		if err := t.numbered(); err != nil {
			return err
		}
		for i := range order {
			if err := d.reread(t, &order[i]); err != nil {
				return fmt.Errorf("article %d: %w", order[i].Article, err)
			}
		}
		return t.visible()
	})
}

func (d *DB) reread(t *tx, r *news.Reading) error {
	was := stored{id: r.Article}
	var source, title, summary, image string
	var published instant
	var m, text []byte
	found, err := t.row(`SELECT a.hidden, a.marks, a.source, a.title, a.summary, a.language, a.image, a.published, b.text
		FROM article a JOIN body b ON b.article = a.id WHERE a.id = ?`, []any{r.Article},
		&was.hidden, &m, &source, &title, &summary, &was.language, &image, &published, &text)
	if err != nil {
		return err
	}
	if !found {
		return news.ErrNotFound
	}
	if was.marks, err = readMarks(m); err != nil {
		return err
	}
	is := marksOf(r)
	isJSON, err := is.json()
	if err != nil {
		return err
	}
	packed, err := d.packReading(r)
	if err != nil {
		return err
	}
	language := cmp.Or(was.language, r.Language)
	_, err = t.exec("UPDATE article SET hidden = ?, rules = ?, marks = ?, claims = ?, language = ?, touched = ? WHERE id = ?",
		!r.Verdict.Relevant, r.Rules, isJSON, len(r.Claims), language, t.number, r.Article)
	if err != nil {
		return err
	}
	if err := t.saveReading(r, packed, true); err != nil {
		return err
	}
	if err := t.recount(r.Article, source, language, published.t, was, is, !r.Verdict.Relevant); err != nil {
		return err
	}
	plain, err := d.codec.unpackText(text)
	if err != nil {
		return err
	}
	titleTerms, bodyTerms := indexText(title, summary, plain)
	return t.index(r.Article, titleTerms, bodyTerms, filterTokens(source, language, image, r), true)
}
