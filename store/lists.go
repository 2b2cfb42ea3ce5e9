package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"clusterwire/feeds/news"
	"clusterwire/store/query"
)

// lists are the registries that queries refer to and hits show, as they stand
// in the archive. They are read again when the archive has changed.
type lists struct {
	changed   int64
	sources   map[string]news.Source
	companies map[string]news.Company
	clusters  map[string]news.Cluster
	byTerms   map[string]string // a company's name in index terms -> slug
}

// listCache keeps the lists of one state of the archive.
type listCache struct {
	mu   sync.Mutex
	last *lists
}

// lists returns them as a snapshot shows them.
func (d *DB) lists(ctx context.Context, s *sql.Tx) (*lists, error) {
	changed, err := d.state(ctx, s, "registry")
	if err != nil {
		return nil, err
	}
	d.cache.mu.Lock()
	defer d.cache.mu.Unlock()
	if l := d.cache.last; l != nil && l.changed == changed {
		return l, nil
	}
	l, err := readLists(ctx, s)
	if err != nil {
		return nil, err
	}
	l.changed = changed
	d.cache.last = l
	return l, nil
}

// state reads a number that the archive keeps of itself.
func (d *DB) state(ctx context.Context, s *sql.Tx, key string) (value int64, err error) {
	err = s.StmtContext(ctx, d.stateStmt).QueryRowContext(ctx, key).Scan(&value)
	return value, err
}

func readLists(ctx context.Context, s *sql.Tx) (*lists, error) {
	l := &lists{sources: map[string]news.Source{}, companies: map[string]news.Company{}, clusters: map[string]news.Cluster{}, byTerms: map[string]string{}}
	rows, err := s.QueryContext(ctx, "SELECT "+sourceColumns+" FROM source")
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
		var s news.Source
		err := scan(sourceFields(&s)...)
		l.sources[s.Slug] = s
		return err
	})
	if err != nil {
		return nil, err
	}
	rows, err = s.QueryContext(ctx, "SELECT slug, name, country, kind, site FROM company")
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
		var c news.Company
		err := scan(&c.Slug, &c.Name, &c.Country, &c.Kind, &c.Site)
		l.companies[c.Slug] = c
		l.byTerms[termsOf(c.Name)] = c.Slug
		l.byTerms[termsOf(c.Slug)] = c.Slug
		return err
	})
	if err != nil {
		return nil, err
	}
	clusters, err := readClusters(s.QueryContext(ctx, "SELECT "+clusterColumns+" FROM cluster WHERE listed > 0"))
	for _, c := range clusters {
		l.clusters[c.Slug] = c
	}
	return l, err
}

// source returns a source by its slug, which is all that is known of one that
// an article names and no list has.
func (l *lists) source(slug string) news.Source {
	if s, ok := l.sources[slug]; ok {
		return s
	}
	return news.Source{Slug: slug, Name: slug}
}

func termsOf(name string) string {
	var terms []string
	for _, t := range query.Analyze(name) {
		terms = append(terms, t.Term)
	}
	return strings.Join(terms, " ")
}

// expand replaces the tokens of a source's kind and country by those of the
// sources that have it.
func (l *lists) expand(tokens []string) []string {
	var out []string
	for _, t := range tokens {
		kind, value, _ := strings.Cut(t, "=")
		if kind != query.FilterKind && kind != query.FilterCountry {
			out = append(out, t)
			continue
		}
		for slug, s := range l.sources {
			if kind == query.FilterKind && query.FilterToken(kind, string(s.Kind)) == t ||
				kind == query.FilterCountry && query.FilterToken(kind, s.Country) == t {
				out = append(out, query.FilterToken(query.FilterSource, slug))
			}
		}
		if value == "" || len(out) == 0 {
			out = append(out, t) // matches nothing
		}
	}
	return out
}

// resolve makes the filters of a query tree ones that the index knows, and
// warns of values that are in no registry.
func (l *lists) resolve(n *query.Node, warn func(string)) *query.Node {
	if n == nil {
		return nil
	}
	c := *n
	if n.Op == query.OpFilter {
		for _, t := range n.Tokens {
			l.check(t, warn)
		}
		c.Tokens = l.expand(n.Tokens)
	}
	c.Kids = make([]*query.Node, len(n.Kids))
	for i, k := range n.Kids {
		c.Kids[i] = l.resolve(k, warn)
	}
	return &c
}

// check warns of a filter value that is in no registry.
func (l *lists) check(token string, warn func(string)) {
	kind, value, _ := strings.Cut(token, "=")
	var name string
	var known []string
	switch kind {
	case query.FilterCompany, query.FilterSubject:
		name, known = "company", keys(l.companies)
	case query.FilterCluster:
		name, known = "cluster", keys(l.clusters)
	case query.FilterSource:
		name, known = "source", keys(l.sources)
	case query.FilterTopic:
		name, known = "topic", strs(news.Topics())
	case query.FilterKind:
		name, known = "kind", strs(news.SourceKinds())
	case query.FilterLanguage:
		checkCode("language", "lang", value, languageCode(value), warn)
		return
	case query.FilterCountry:
		checkCode("country", "country", value, countryCode(value), warn)
		return
	default:
		return
	}
	for _, k := range known {
		if query.FilterToken(kind, k) == token {
			return
		}
	}
	w := fmt.Sprintf("no %s is called %q", name, value)
	if near := query.Nearest(value, known); near != "" {
		w += fmt.Sprintf(": did you mean %s:%s?", name, near)
	} else if name == "kind" || name == "topic" {
		w += ": there are " + strings.Join(known, ", ")
	}
	warn(w)
}

// checkCode warns of a value that can't match because it is no code of its
// kind, or not the one that articles are filed under.
func checkCode(name, field, value, code string, warn func(string)) {
	switch code {
	case value:
	case "":
		warn(fmt.Sprintf("no %s has the code %q", name, value))
	default:
		warn(fmt.Sprintf("no %s is filed under %q: did you mean %s:%s?", name, value, field, code))
	}
}

// languageCode is the code of a language as articles bear it, "" of what is no
// language: "en" of "eng" and of "en-gb".
func languageCode(value string) string {
	first, _, _ := strings.Cut(value, "-")
	base, err := language.ParseBase(first)
	if err != nil {
		return ""
	}
	return base.String()
}

// countryCode is the code of a country as sources bear it, "" of what is no
// country: "us" of "usa", "gb" of "uk".
func countryCode(value string) string {
	region, err := language.ParseRegion(value)
	if region = region.Canonicalize(); err != nil || !region.IsCountry() {
		return ""
	}
	return strings.ToLower(region.String())
}

// keys are the keys of a map in their order, so that of two equally near names
// the same is offered each time.
func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// subjects returns the condition that an article is about a company whose
// name is one of the query's words, nil if none is.
func (l *lists) subjects(tree query.Tree) *query.Node {
	var tokens []string
	for _, terms := range tree.Phrases() {
		if slug, ok := l.byTerms[strings.Join(terms, " ")]; ok {
			tokens = append(tokens, query.FilterToken(query.FilterSubject, slug))
		}
	}
	if len(tokens) == 0 {
		return nil
	}
	return &query.Node{Op: query.OpFilter, Tokens: tokens}
}
