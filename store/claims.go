package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

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
	return d.clusters(ctx, "listed > ? ORDER BY name COLLATE NOCASE, slug", 0)
}

func (d *DB) clusters(ctx context.Context, where string, args ...any) ([]news.Cluster, error) {
	return readClusters(d.r.QueryContext(ctx, "SELECT "+clusterColumns+" FROM cluster WHERE "+where, args...))
}

const clusterColumns = "slug, name, aliases, operator, owner, place, country, note"

func readClusters(rows *sql.Rows, err error) ([]news.Cluster, error) {
	list := []news.Cluster{}
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
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

// statementSQL reads claims with where they stand.
const statementSQL = `SELECT c.id, c.claim, c.article, coalesce(a.title, c.claim ->> 'title', ''), coalesce(a.url, c.claim ->> 'url', ''), coalesce(a.language, c.claim ->> 'language', ''), a.published,
		coalesce(s.slug, ''), coalesce(s.name, ''), coalesce(s.site, ''), coalesce(s.kind, ''), coalesce(s.language, ''), coalesce(s.country, ''), coalesce(s.trust, 0), coalesce(s.note, '')
	` + statementsFrom

// statementsFrom are the claims that stand, of articles that are not hidden.
const statementsFrom = `FROM claim c LEFT JOIN article a ON a.id = c.article LEFT JOIN source s ON s.slug = coalesce(a.source, c.source)
	WHERE c.withdrawn IS NULL AND coalesce(a.hidden, 0) = 0 AND `

// inOrder lists so many claims, those of the newest articles first.
const inOrder = " ORDER BY c.article DESC, c.id LIMIT ?"

// Statements returns the newest claims that stand about a cluster, up to most
// of them, newest first, and how many there are in all; an empty slug asks for
// those about all clusters. Claims of hidden articles are left out.
func (d *DB) Statements(ctx context.Context, cluster string, most int) (newest []news.Statement, all int, err error) {
	where, args := claimFilter(news.ClaimQuery{Cluster: cluster})
	newest, err = d.statements(ctx, statementSQL+where+inOrder, append(slices.Clip(args), most))
	if all = len(newest); err == nil && all == most {
		err = d.r.QueryRowContext(ctx, "SELECT count(*) "+statementsFrom+where, args...).Scan(&all)
	}
	return newest, all, err
}

// ClaimCounts returns how many claims stand about each cluster, those of hidden
// articles left out.
func (d *DB) ClaimCounts(ctx context.Context) (map[string]int, error) {
	counts := map[string]int{}
	where, args := claimFilter(news.ClaimQuery{})
	err := d.each(ctx, "SELECT c.cluster, count(*) "+statementsFrom+where+" GROUP BY c.cluster", args, func(scan func(dest ...any) error) error {
		var cluster string
		var n int
		err := scan(&cluster, &n)
		counts[cluster] = n
		return err
	})
	return counts, err
}

func (d *DB) statements(ctx context.Context, text string, args []any) ([]news.Statement, error) {
	list := []news.Statement{}
	err := d.each(ctx, text, args, func(scan func(dest ...any) error) error {
		var st news.Statement
		var published instant
		c, err := scanClaim(scan, append([]any{&st.Article, &st.Title, &st.URL, &st.Language, &published}, sourceFields(&st.Source)...)...)
		st.Claim, st.Published = c, published.t
		list = append(list, st)
		return err
	})
	return list, err
}

// claimFilter gives the conditions of a query and their values.
func claimFilter(q news.ClaimQuery) (string, []any) {
	conditions, args := []string{"c.cluster <> ''"}, []any(nil)
	add := func(condition string, value any) {
		conditions, args = append(conditions, condition), append(args, value)
	}
	if q.Cluster != "" {
		conditions[0], args = "c.cluster = ?", append(args, q.Cluster)
	}
	if q.Metric != "" {
		add("c.metric = ?", q.Metric)
	}
	if q.Company != "" {
		add("c.claim ->> 'org' = ?", q.Company)
	}
	return strings.Join(conditions, " AND "), args
}

// mostCounted is where counting the claims of a query ends: for each its article
// is looked up, which may be hidden.
const mostCounted = 1000

// Claims returns one page of the claims that stand and match q, those of the
// newest articles first, and the total of all.
func (d *DB) Claims(ctx context.Context, q news.ClaimQuery) (news.ClaimResults, error) {
	var res news.ClaimResults
	where, args := claimFilter(q)
	counted := "SELECT count(*) FROM (SELECT 1 " + statementsFrom + where + " LIMIT ?)"
	if err := d.r.QueryRowContext(ctx, counted, append(slices.Clone(args), mostCounted+1)...).Scan(&res.Total); err != nil {
		return res, err
	}
	if res.Total > mostCounted {
		res.Total, res.AtLeast = mostCounted, true
	}
	if q.Cursor != "" {
		article, claim, err := readClaimCursor(q.Cursor)
		if err != nil {
			return res, err
		}
		where += " AND (c.article < ? OR c.article = ? AND c.id > ?)"
		args = append(args, article, article, claim)
	}
	list, err := d.statements(ctx, statementSQL+where+inOrder, append(args, q.Limit+1))
	if err != nil {
		return res, err
	}
	if len(list) > q.Limit {
		list = list[:q.Limit]
		last := list[len(list)-1]
		res.Next = strconv.FormatInt(last.Article, 36) + "-" + strconv.FormatInt(last.Claim.ID, 36)
	}
	res.Statements = list
	return res, nil
}

// readClaimCursor reads where a page of claims ended: the article and the
// claim, in base 36. The claim need not stand any more.
func readClaimCursor(text string) (article, claim int64, err error) {
	first, second, _ := strings.Cut(text, "-")
	article, errA := strconv.ParseInt(first, 36, 64)
	claim, errC := strconv.ParseInt(second, 36, 64)
	if errA != nil || errC != nil || article < 0 || claim <= 0 {
		return 0, 0, &news.BadInputError{Field: "cursor", Reason: "is not one that this list gave: start at its first page"}
	}
	return article, claim, nil
}
