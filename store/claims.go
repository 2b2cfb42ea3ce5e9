package store

import (
	"context"
	"encoding/json"
	"fmt"

	"clusterwire/feeds/news"
)

func scanClaim(scan func(dest ...any) error, more ...any) (c news.Claim, err error) {
	var id int64
	var text []byte
	if err := scan(append([]any{&id, &text}, more...)...); err != nil {
		return c, err
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return c, fmt.Errorf("claim %d: %w", id, err)
	}
	c.ID = id
	return c, nil
}

// Clusters returns the registry of clusters, ordered by name.
func (d *DB) Clusters(ctx context.Context) ([]news.Cluster, error) {
	list := []news.Cluster{}
	err := d.each(ctx, "SELECT slug, name, aliases, operator, owner, place, country, note FROM cluster WHERE listed ORDER BY name COLLATE NOCASE, slug", nil,
		func(scan func(dest ...any) error) error {
			var c news.Cluster
			var aliases []byte
			if err := scan(&c.Slug, &c.Name, &aliases, &c.Operator, &c.Owner, &c.Place, &c.Country, &c.Note); err != nil {
				return err
			}
			list = append(list, c)
			return json.Unmarshal(aliases, &list[len(list)-1].Aliases)
		})
	return list, err
}

// Statements returns the claims that stand about a cluster, newest first; an
// empty slug asks for those about all clusters. Claims of hidden articles are
// left out.
func (d *DB) Statements(ctx context.Context, cluster string) ([]news.Statement, error) {
	list := []news.Statement{}
	where, args := "c.cluster = ?", []any{cluster}
	if cluster == "" {
		where, args = "c.cluster <> ''", nil
	}
	err := d.each(ctx, `SELECT c.id, c.claim, c.article, coalesce(a.title, c.claim ->> 'title', ''), coalesce(a.url, c.claim ->> 'url', ''), coalesce(a.language, c.claim ->> 'language', ''), a.published,
			coalesce(s.slug, ''), coalesce(s.name, ''), coalesce(s.site, ''), coalesce(s.kind, ''), coalesce(s.language, ''), coalesce(s.country, ''), coalesce(s.trust, 0), coalesce(s.note, '')
		FROM claim c LEFT JOIN article a ON a.id = c.article LEFT JOIN source s ON s.slug = coalesce(a.source, c.source)
		WHERE `+where+` AND c.withdrawn IS NULL AND coalesce(a.hidden, 0) = 0 ORDER BY c.article DESC, c.id`, args, func(scan func(dest ...any) error) error {
		var st news.Statement
		var published instant
		c, err := scanClaim(scan, append([]any{&st.Article, &st.Title, &st.URL, &st.Language, &published}, sourceFields(&st.Source)...)...)
		st.Claim, st.Published = c, published.t
		list = append(list, st)
		return err
	})
	return list, err
}
