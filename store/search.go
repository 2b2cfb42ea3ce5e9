package store

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"strings"

	"clusterwire/feeds/news"
	"clusterwire/store/query"
)

// Page sizes and how far totals are counted.
const (
	defaultLimit = 20
	maxLimit     = 200
	countCap     = 10_000
)

// Search returns one page of articles that match q.
//
// Newest and oldest first stream from the index in the order of ids.
// Relevance shows headline matches first, then articles about a company that
// the query names, then the others, each newest first: three streams, so
// every match has its place and none is cut off.
func (d *DB) Search(ctx context.Context, q news.Query) (news.Results, error) {
	var res news.Results
	p, err := d.plan(ctx, q)
	if err != nil {
		return res, err
	}
	res.Warnings = p.warnings
	err = d.snapshot(ctx, func(s *sql.Tx) error {
		ids, err := p.page(ctx, s, &res)
		if err != nil {
			return err
		}
		if res.Hits, err = d.hits(ctx, s, ids); err != nil {
			return err
		}
		if p.tree.Words() {
			if err := d.snippets(ctx, s, p.tree, res.Hits); err != nil {
				return err
			}
		}
		res.Total, res.AtLeast, err = p.count(ctx, s)
		return err
	})
	if len(p.tiers) > 1 {
		res.Note = "Headline matches first, then articles about a company that the query names, then the rest; newest first within each."
	}
	return res, err
}

// plan is a query made ready for the index.
type plan struct {
	tree     query.Tree
	warnings []string
	filters  [][]string
	all      string   // the expression of everything that matches
	tiers    []string // expressions in the order in which they are shown; together they are all
	where    string   // conditions besides the expression
	args     []any
	oldest   bool
	order    byte
	limit    int
	cursor   cursor
}

func (d *DB) plan(ctx context.Context, q news.Query) (*plan, error) {
	p := &plan{limit: q.Limit}
	if p.limit <= 0 {
		p.limit = defaultLimit
	}
	p.limit = min(p.limit, maxLimit)
	tree, warnings := query.Parse(q.Text)
	for _, w := range warnings {
		p.warnings = append(p.warnings, string(w))
	}
	lists, err := d.lists(ctx)
	if err != nil {
		return nil, err
	}
	tree.Root = lists.resolve(tree.Root, func(w string) { p.warnings = append(p.warnings, w) })
	p.tree = tree
	if p.filters, err = filters(q, tree.Subject, lists); err != nil {
		return nil, err
	}
	p.all = tree.Expr(p.filters...)
	p.conditions(q)
	switch q.Order {
	case "", news.OrderNewest:
		p.order, p.tiers = 'n', []string{p.all}
	case news.OrderOldest:
		p.order, p.oldest, p.tiers = 'o', true, []string{p.all}
	case news.OrderRelevance:
		p.order, p.tiers = 'r', p.byRelevance(lists)
	default:
		return nil, &news.BadInputError{Field: "order", Reason: "is none of newest, relevance, oldest"}
	}
	p.cursor, err = readCursor(q.Cursor, p.order, len(p.tiers))
	return p, err
}

// filters are the filters of the query's own fields as index tokens.
func filters(q news.Query, subject bool, lists *lists) ([][]string, error) {
	visible := []string{query.FilterToken(query.FilterVisible, "1")}
	if q.Hidden {
		visible = append(visible, query.FilterToken(query.FilterVisible, "0"))
	}
	out := [][]string{visible}
	add := func(kind string, values []string) {
		if len(values) == 0 {
			return
		}
		var tokens []string
		for _, v := range values {
			tokens = append(tokens, query.FilterToken(kind, v))
		}
		out = append(out, lists.expand(tokens))
	}
	company := query.FilterCompany
	if subject {
		company = query.FilterSubject
	}
	add(company, q.Companies)
	if subject && len(q.Companies) == 0 {
		add(query.FilterHas, []string{"subject"})
	}
	add(query.FilterSource, q.Sources)
	add(query.FilterKind, strs(q.Kinds))
	add(query.FilterLanguage, q.Languages)
	add(query.FilterCountry, q.Countries)
	add(query.FilterTopic, strs(q.Topics))
	add(query.FilterCluster, q.Clusters)
	for _, tokens := range out {
		if len(tokens) > maxAlternatives {
			return nil, &news.BadInputError{Field: "filter", Reason: "has too many alternatives"}
		}
	}
	return out, nil
}

const maxAlternatives = 1000

func strs[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// conditions are the bounds in time and the numbers, which are no tokens.
func (p *plan) conditions(q news.Query) {
	var where strings.Builder
	since, until := q.Since, q.Until
	if p.tree.Since.After(since) {
		since = p.tree.Since
	}
	if u := p.tree.Until; !u.IsZero() && (until.IsZero() || u.Before(until)) {
		until = u
	}
	if !since.IsZero() {
		where.WriteString(" AND search.rowid >= ?")
		p.args = append(p.args, idFloor(since))
	}
	if !until.IsZero() {
		where.WriteString(" AND search.rowid < ?")
		p.args = append(p.args, idFloor(until))
	}
	for _, n := range p.tree.Numbers {
		// The + keeps the engine from visiting the claims one by one.
		where.WriteString(" AND +search.rowid ")
		if n.Not {
			where.WriteString("NOT ")
		}
		where.WriteString("IN (SELECT article FROM claim WHERE withdrawn IS NULL AND hi IS NOT NULL AND metric IN (?" + strings.Repeat(", ?", len(n.Metrics)-1) + ")")
		for _, m := range n.Metrics {
			p.args = append(p.args, string(m))
		}
		if !math.IsInf(n.Lo, 0) {
			where.WriteString(" AND hi >= ?")
			p.args = append(p.args, n.Lo)
		}
		if !math.IsInf(n.Hi, 0) {
			where.WriteString(" AND lo <= ?")
			p.args = append(p.args, n.Hi)
		}
		if n.Currency != "" {
			where.WriteString(" AND currency = ?")
			p.args = append(p.args, n.Currency)
		}
		where.WriteByte(')')
	}
	p.where = where.String()
}

// byRelevance cuts what matches into streams. A query without words has one.
func (p *plan) byRelevance(lists *lists) []string {
	title, ok := p.tree.InTitle()
	if !ok {
		return []string{p.all}
	}
	not := func(n *query.Node) *query.Node { return &query.Node{Op: query.OpNot, Kids: []*query.Node{n}} }
	rest := p.tree.With(not(title.Root))
	tiers := []string{title.Expr(p.filters...)}
	if subject := lists.subjects(p.tree); subject != nil {
		return append(tiers, rest.With(subject).Expr(p.filters...), rest.With(not(subject)).Expr(p.filters...))
	}
	return append(tiers, rest.Expr(p.filters...))
}

// place is where an article stands in an ordered result.
type place struct {
	tier int
	id   int64
}

// page returns the ids of one page and sets the cursors of its neighbours.
func (p *plan) page(ctx context.Context, s *sql.Tx, res *news.Results) ([]int64, error) {
	places, err := p.walk(ctx, s, p.cursor, p.limit+1)
	if err != nil {
		return nil, err
	}
	more := len(places) > p.limit
	if more {
		places = places[:p.limit]
	}
	if p.cursor.back {
		if !more { // the first page, which may have grown
			p.cursor = cursor{}
			return p.page(ctx, s, res)
		}
		slices.Reverse(places)
	}
	if len(places) == 0 {
		return nil, nil
	}
	if more || p.cursor.back {
		res.Next = cursor{order: p.order, place: places[len(places)-1], set: true}.String()
	}
	if p.cursor.set {
		res.Prev = cursor{order: p.order, place: places[0], set: true, back: true}.String()
	}
	ids := make([]int64, len(places))
	for i, at := range places {
		ids[i] = at.id
	}
	return ids, nil
}

// walk returns up to n places after a cursor, or before it in reverse.
func (p *plan) walk(ctx context.Context, s *sql.Tx, from cursor, n int) ([]place, error) {
	var out []place
	tier, step, end := 0, 1, len(p.tiers)
	if from.set {
		tier = from.place.tier
	}
	if from.back {
		step, end = -1, -1
	}
	descending := p.oldest == from.back
	for ; tier != end && len(out) < n; tier += step {
		text, args := "SELECT rowid FROM search WHERE search MATCH ?"+p.where, append([]any{p.tiers[tier]}, p.args...)
		if from.set && tier == from.place.tier {
			if descending {
				text += " AND rowid < ?"
			} else {
				text += " AND rowid > ?"
			}
			args = append(args, from.place.id)
		}
		if descending {
			text += " ORDER BY rowid DESC LIMIT ?"
		} else {
			text += " ORDER BY rowid LIMIT ?"
		}
		rows, err := s.QueryContext(ctx, text, append(args, n-len(out))...)
		err = eachRow(rows, err, func(scan func(dest ...any) error) error {
			at := place{tier: tier}
			err := scan(&at.id)
			out = append(out, at)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// count counts what matches, up to a bound.
func (p *plan) count(ctx context.Context, s *sql.Tx) (n int, atLeast bool, err error) {
	err = s.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ?"+p.where+" LIMIT ?)",
		append(append([]any{p.all}, p.args...), countCap+1)...).Scan(&n)
	if n > countCap {
		return countCap, true, err
	}
	return n, false, err
}
