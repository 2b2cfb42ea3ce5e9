package store

import (
	"context"
	"database/sql"

	"github.com/RoaringBitmap/roaring/v2"

	"clusterwire/feeds/news"
	"clusterwire/store/query"
)

// Page sizes.
const (
	defaultLimit = 20
	maxLimit     = 200
)

// Search returns one page of articles that match q.
//
// What matches is a set of articles, exact at any size; the page is read off
// the set in the order of ids. Relevance shows headline matches first, then
// articles about a company that the query names, then the others, each newest
// first: every match has its place and none is cut off. Where nobody asked how
// many there are, the page is read without the set if that is quicker, see near.
func (d *DB) Search(ctx context.Context, q news.Query) (news.Results, error) {
	var res news.Results
	err := d.snapshot(ctx, func(s *sql.Tx) (err error) {
		res, err = d.search(ctx, s, q)
		return err
	})
	return res, err
}

func (d *DB) search(ctx context.Context, s *sql.Tx, q news.Query) (res news.Results, err error) {
	p, err := d.plan(ctx, s, q)
	if err != nil {
		return res, err
	}
	res.Warnings = p.warnings
	if q.Uncounted {
		p.found, err = d.near(ctx, s, p)
	}
	if err == nil && p.found == nil {
		p.found, err = d.whole(ctx, s, p)
	}
	if err != nil {
		return res, err
	}
	for _, bits := range p.found {
		if !q.Uncounted {
			res.Total += int(bits.GetCardinality())
		}
	}
	if len(p.tiers) > 1 {
		res.Note = "Headline matches first, then articles about a company that the query names, then the rest; newest first within each."
	}
	if res.Hits, err = d.hits(ctx, s, d.page(p, &res)); err != nil {
		return res, err
	}
	if !p.tree.Words() {
		return res, nil
	}
	if len(res.Hits) == 0 && q.Cursor == "" {
		res.Meant, err = d.meant(ctx, s, p, q.Text)
		return res, err
	}
	return res, d.snippets(ctx, s, p.tree, res.Hits)
}

// whole returns all that matches each tier of a plan.
func (d *DB) whole(ctx context.Context, s *sql.Tx, p *plan) ([]*roaring.Bitmap, error) {
	found := make([]*roaring.Bitmap, len(p.tiers))
	for i, n := range p.tiers {
		var err error
		if found[i], err = d.sets.matching(ctx, s, p, n); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// plan is a query made ready for the index.
type plan struct {
	lists    *lists
	write    int64 // the last write that the snapshot shows
	tree     query.Tree
	warnings []string
	filters  [][]string
	tiers    []*query.Node     // disjoint parts in the order in which they are shown; together they are all that matches
	since    int64             // first id, 0 if open
	until    int64             // id after the last
	docs     *docs             // whose numbers the sets hold
	found    []*roaring.Bitmap // what matches each
	oldest   bool
	order    byte
	limit    int
	cursor   cursor
}

// plan makes a query ready for the index as a snapshot shows it.
func (d *DB) plan(ctx context.Context, s *sql.Tx, q news.Query) (p *plan, err error) {
	p = &plan{limit: q.Limit}
	if p.limit <= 0 {
		p.limit = defaultLimit
	}
	p.limit = min(p.limit, maxLimit)
	tree, warnings := query.Parse(q.Text)
	for _, w := range warnings {
		p.warnings = append(p.warnings, string(w))
	}
	if p.lists, err = d.lists(ctx, s); err != nil {
		return nil, err
	}
	if p.write, err = d.state(ctx, s, "write"); err != nil {
		return nil, err
	}
	warn := func(w string) { p.warnings = append(p.warnings, w) }
	tree.Root = p.lists.resolve(tree.Root, warn)
	for _, v := range q.Languages {
		p.lists.check(query.FilterToken(query.FilterLanguage, v), warn)
	}
	for _, v := range q.Countries {
		p.lists.check(query.FilterToken(query.FilterCountry, v), warn)
	}
	p.tree = tree
	if p.filters, err = filters(q, tree.Subject, p.lists); err != nil {
		return nil, err
	}
	all := tree.Whole(p.filters...)
	p.conditions(q)
	switch q.Order {
	case "", news.OrderNewest:
		p.order, p.tiers = 'n', []*query.Node{all}
	case news.OrderOldest:
		p.order, p.oldest, p.tiers = 'o', true, []*query.Node{all}
	case news.OrderRelevance:
		p.order, p.tiers = 'r', p.byRelevance(p.lists)
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

// conditions are the bounds in time, which are no tokens.
func (p *plan) conditions(q news.Query) {
	since, until := q.Since, q.Until
	if p.tree.Since.After(since) {
		since = p.tree.Since
	}
	if u := p.tree.Until; !u.IsZero() && (until.IsZero() || u.Before(until)) {
		until = u
	}
	if !since.IsZero() {
		p.since = idFloor(since)
	}
	if !until.IsZero() {
		p.until = idFloor(until)
	}
}

// byRelevance cuts what matches into parts. A query without words has one.
func (p *plan) byRelevance(lists *lists) []*query.Node {
	title, ok := p.tree.InTitle()
	if !ok {
		return []*query.Node{p.tree.Whole(p.filters...)}
	}
	not := func(n *query.Node) *query.Node { return &query.Node{Op: query.OpNot, Kids: []*query.Node{n}} }
	rest := p.tree.With(not(title.Root))
	tiers := []*query.Node{title.Whole(p.filters...)}
	if subject := lists.subjects(p.tree); subject != nil {
		return append(tiers, rest.With(subject).Whole(p.filters...), rest.With(not(subject)).Whole(p.filters...))
	}
	return append(tiers, rest.Whole(p.filters...))
}
