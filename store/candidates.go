package store

import (
	"cmp"
	"context"
	"encoding/json"

	"clusterwire/feeds/news"
)

// How a cluster came to be listed.
const (
	byRegistry = 1 // the data files of the program
	byImport   = 2 // a statement of an import that stands
	byPerson   = 3 // confirmed by a person
)

// listedByImport is what a cluster is listed by that neither the registry nor a
// person lists: the import (its parameter) whose statements about it stand, or nothing.
const listedByImport = "iif(slug IN (SELECT cluster FROM claim WHERE article = 0 AND withdrawn IS NULL), ?, 0)"

// saveCandidates makes the candidates of an article those of its reading.
func (t *tx) saveCandidates(r *news.Reading, again bool) error {
	if again {
		if _, err := t.exec("DELETE FROM candidate WHERE article = ?", r.Article); err != nil {
			return err
		}
	}
	for _, c := range r.Candidates {
		text, err := toJSON(c.Evidence)
		if err != nil {
			return err
		}
		if _, err := t.exec("INSERT OR REPLACE INTO candidate VALUES (?, ?, ?, ?, ?)", c.Slug, r.Article, c.Name, c.Company, text); err != nil {
			return err
		}
	}
	return nil
}

// Candidates returns the sites that relevant articles name and that are no
// listed clusters, those that most sources name first. Those that a person
// rejected are left out unless rejected is set, which asks for them alone.
func (d *DB) Candidates(ctx context.Context, rejected bool) ([]news.CandidateCount, error) {
	list := []news.CandidateCount{}
	err := d.each(ctx, `WITH named AS (
			SELECT c.slug, max(c.article) AS newest, count(*) AS articles, count(DISTINCT a.source) AS sources
			FROM candidate c JOIN article a ON a.id = c.article
			WHERE a.hidden = 0 AND c.slug NOT IN (SELECT slug FROM cluster WHERE listed > 0) AND (c.slug IN (SELECT slug FROM rejected)) = ?
			GROUP BY c.slug)
		SELECT n.slug, c.name, n.articles, n.sources, c.evidence, a.id, a.title, a.url, a.language, a.published, s.slug, s.name,
			coalesce((SELECT o.company FROM candidate o WHERE o.slug = n.slug AND o.company <> '' GROUP BY o.company ORDER BY count(*) DESC, o.company LIMIT 1), '')
		FROM named n JOIN candidate c ON c.slug = n.slug AND c.article = n.newest JOIN article a ON a.id = n.newest JOIN source s ON s.slug = a.source
		ORDER BY n.sources DESC, n.articles DESC, n.slug`, []any{rejected}, func(scan func(dest ...any) error) error {
		x := news.CandidateCount{Rejected: rejected}
		var evidence []byte
		var published instant
		err := scan(&x.Slug, &x.Name, &x.Articles, &x.Sources, &evidence, &x.Newest.Article, &x.Newest.Title, &x.Newest.URL, &x.Newest.Language, &published,
			&x.Newest.Source.Slug, &x.Newest.Source.Name, &x.Company)
		if err != nil {
			return err
		}
		x.Newest.Published = published.t
		list = append(list, x)
		return json.Unmarshal(evidence, &list[len(list)-1].Newest.Claim.Evidence)
	})
	return list, err
}

// Confirmed returns the clusters that a person confirmed, ordered by slug.
func (d *DB) Confirmed(ctx context.Context) ([]news.Cluster, error) {
	return d.clusters(ctx, "listed = ? ORDER BY slug", byPerson)
}

// ConfirmCluster lists a cluster as confirmed by a person. Articles name it
// once they are read again. One of the program's own registry is refused with a
// *news.BadInputError.
func (d *DB) ConfirmCluster(ctx context.Context, c news.Cluster) error {
	return d.write(ctx, func(t *tx) error {
		aliases, err := toJSON(c.Aliases)
		if err != nil {
			return err
		}
		done, err := t.exec(`INSERT INTO cluster (slug, name, aliases, operator, owner, place, country, note, listed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (slug) DO UPDATE SET name = excluded.name, aliases = excluded.aliases, operator = excluded.operator, owner = excluded.owner,
			place = excluded.place, country = excluded.country, note = excluded.note, listed = excluded.listed WHERE listed <> ?`,
			c.Slug, c.Name, aliases, c.Operator, c.Owner, c.Place, c.Country, c.Note, byPerson, byRegistry)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return cmp.Or(err, error(&news.BadInputError{Field: c.Slug, Reason: "is in the registry of this program already"}))
		}
		if _, err := t.exec("DELETE FROM rejected WHERE slug = ?", c.Slug); err != nil {
			return err
		}
		return t.registry()
	})
}

// RejectCluster says that a candidate is no cluster, or takes back that a
// person confirmed it.
func (d *DB) RejectCluster(ctx context.Context, slug string) error {
	return d.write(ctx, func(t *tx) error {
		if _, err := t.exec("INSERT OR REPLACE INTO rejected VALUES (?, ?)", slug, t.now); err != nil {
			return err
		}
		if _, err := t.exec("UPDATE cluster SET listed = "+listedByImport+" WHERE slug = ? AND listed = ?", byImport, slug, byPerson); err != nil {
			return err
		}
		return t.registry()
	})
}
