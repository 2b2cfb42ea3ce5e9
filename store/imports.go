package store

import (
	"context"
	"fmt"

	"clusterwire/feeds/news"
)

// imported is the stored form of a statement of an import: the claim with what
// an article would say of it.
type imported struct {
	news.Claim
	Title    string `json:"title,omitempty"`
	URL      string `json:"url,omitempty"`
	Language string `json:"language,omitempty"`
}

// ImportStatements makes what stands of an import the statements given, which
// are all of one source: those of an earlier import of that source from the
// same addresses (Statement.URL) are withdrawn where they are not made again.
// Clusters that the registry lacks are listed for as long as an imported
// statement about them stands. A source that is known stays as it is described.
func (d *DB) ImportStatements(ctx context.Context, source news.Source, clusters []news.Cluster, statements []news.Statement) error {
	return d.write(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO source (slug, name, site, kind, language, country, trust, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			source.Slug, source.Name, source.Site, source.Kind, source.Language, source.Country, source.Trust, source.Note)
		if err != nil {
			return err
		}
		for _, c := range clusters {
			if err := t.listCluster(c); err != nil {
				return fmt.Errorf("cluster %s: %w", c.Slug, err)
			}
		}
		if err := t.replaceImport(source.Slug, statements); err != nil {
			return err
		}
		if err := t.unlistClusters(); err != nil {
			return err
		}
		return t.registry()
	})
}

// listCluster adds a cluster that the registry lacks.
func (t *tx) listCluster(c news.Cluster) error {
	aliases, err := toJSON(c.Aliases)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO cluster (slug, name, aliases, operator, owner, place, country, note, listed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (slug) DO UPDATE SET listed = excluded.listed WHERE listed = 0`,
		c.Slug, c.Name, aliases, c.Operator, c.Owner, c.Place, c.Country, c.Note, byImport)
	return err
}

// unlistClusters takes clusters off the list that only an import knew, and none
// that stands does.
func (t *tx) unlistClusters() error {
	_, err := t.exec("UPDATE cluster SET listed = "+listedByImport+" WHERE listed = ?", byImport, byImport)
	return err
}

// replaceImport keeps the statements that are made again, adds the new ones and
// withdraws the rest of the same source and addresses.
func (t *tx) replaceImport(source string, statements []news.Statement) error {
	claims := make([]news.Claim, len(statements))
	old := map[string]int64{}
	read := map[string]bool{}
	for i, s := range statements {
		claims[i] = s.Claim
		if read[s.URL] {
			continue
		}
		read[s.URL] = true
		err := t.each("SELECT identity, id FROM claim WHERE article = 0 AND source = ? AND claim ->> 'url' = ?", []any{source, s.URL}, func(scan func(dest ...any) error) error {
			var identity string
			var id int64
			err := scan(&identity, &id)
			old[identity] = id
			return err
		})
		if err != nil {
			return err
		}
	}
	ids, err := numbered(claims)
	if err != nil {
		return err
	}
	for i, s := range statements {
		identity := s.URL + " " + ids[i]
		id, known := old[identity]
		delete(old, identity)
		if known {
			_, err = t.exec("UPDATE claim SET withdrawn = NULL WHERE id = ? AND withdrawn IS NOT NULL", id)
		} else {
			err = t.addImported(source, s, identity)
		}
		if err != nil {
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

func (t *tx) addImported(source string, s news.Statement, identity string) error {
	c := s.Claim
	text, err := toJSON(imported{Claim: c, Title: s.Title, URL: s.URL, Language: s.Language})
	if err != nil {
		return err
	}
	_, err = t.insert("INSERT INTO claim (article, source, cluster, metric, lo, hi, currency, identity, claim, added) VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		source, c.Cluster, c.Metric, number(c.ValueLo), number(c.ValueHi), c.Currency, identity, text, t.now)
	return err
}
