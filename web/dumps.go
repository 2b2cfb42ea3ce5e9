package web

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"iter"
	"slices"
	"time"

	"clusterwire/feeds/news"
	"clusterwire/web/dump"
)

// dumpLicence is what the manifest says of whose the contents are.
const dumpLicence = "Headlines, summaries and quotes belong to the publishers named with them: cite and link them, and train no model on them. " +
	"Credits name the databases whose figures are among the claims."

// Dump writes the archive into a directory: articles by the day on which they
// were first seen, and whole tables of all else, each object as the API gives
// it. Days that did not change since the last dump are not written again. show
// is told how far it has come. Of cfg it needs Store, Weigh, BaseURL and Secret.
func Dump(ctx context.Context, cfg Config, dir string, show func(table string, done, of int)) (dump.Manifest, error) {
	s, err := newSite(cfg)
	if err != nil {
		return dump.Manifest{}, err
	}
	layout := dump.Layout[articleJSON]() + dump.Layout[storyJSON]() + dump.Layout[statementJSON]() + dump.Layout[clusterJSON]() + dump.Layout[companyJSON]() + dump.Layout[sourceJSON]()
	basis := sha256.Sum256([]byte(s.sealer.seal("dump", changesSeal()) + "\n" + s.baseURL + "\n" + layout))
	d, err := dump.Open(dir, dump.Manifest{Basis: base64.RawURLEncoding.EncodeToString(basis[:9]), Site: s.baseURL, Licence: dumpLicence}, s.now)
	if err != nil {
		return dump.Manifest{}, err
	}
	w := &dumper{site: s, dir: d, ctx: ctx, show: show}
	m, err := w.all()
	if err != nil {
		return m, errors.Join(err, d.Save())
	}
	return m, nil
}

// dumper is one run of Dump.
type dumper struct {
	*site
	dir     *dump.Dir
	ctx     context.Context
	show    func(table string, done, of int)
	st      *stand
	kept    []dump.Table
	credits []dump.Credit
}

// all writes what has to be written. The place from which to follow changes is
// taken first: what changes while files are written comes twice, never not at all.
func (w *dumper) all() (dump.Manifest, error) {
	place, err := w.store.LastChange(w.ctx)
	if err != nil {
		return dump.Manifest{}, err
	}
	if w.st, err = w.shelf.read(w.ctx); err != nil {
		return dump.Manifest{}, err
	}
	for _, write := range []func() error{w.articles, w.tables} {
		if err := write(); err != nil {
			return dump.Manifest{}, err
		}
	}
	if err := w.dir.Keep(w.kept); err != nil {
		return dump.Manifest{}, err
	}
	return w.dir.Finish(w.sealer.seal(place, changesSeal()), full(w.credits))
}

// articles writes the days that are not there as they should be, newest first.
func (w *dumper) articles() error {
	days, err := w.store.Arrivals(w.ctx)
	if err != nil {
		return err
	}
	var stale []news.Arrivals
	of, done := 0, 0
	for _, day := range days {
		t := dump.Table{Name: "articles", Day: day.Day.Format(time.DateOnly), Mark: day.Mark}
		w.kept = append(w.kept, t)
		if !w.dir.Has(t) {
			stale, of = append(stale, day), of+len(day.Articles)
		}
	}
	slices.Reverse(stale)
	for _, day := range stale {
		rows := func(yield func(articleJSON, error) bool) {
			for ids := range slices.Chunk(day.Articles, greatestPage) {
				hits, err := w.store.Listed(w.ctx, ids)
				if err != nil {
					yield(articleJSON{}, err)
					return
				}
				for _, h := range hits {
					if !yield(w.st.articleJSON(h, w.baseURL), nil) {
						return
					}
				}
				done += len(ids)
				w.show("articles", done, of)
			}
		}
		if err := dump.Write(w.dir, dump.Table{Name: "articles", Day: day.Day.Format(time.DateOnly), Mark: day.Mark}, rows); err != nil {
			return err
		}
	}
	return nil
}

// tables writes the whole tables.
func (w *dumper) tables() error {
	facts, _, err := w.ledger.all(w.ctx, w.st.Clusters)
	if err != nil {
		return err
	}
	heaps := byCluster(facts)
	writes := []func() error{
		func() error {
			return writeTable(w, "stories", mapped(w.everyStory(w.ctx, news.StoryQuery{Query: news.Query{Limit: greatestPage}, Order: news.StoriesByID}),
				func(x news.Story) storyJSON { return w.st.storyJSON(x, w.baseURL) }))
		},
		func() error { return writeTable(w, "claims", mapped(w.everyClaim(w.ctx), w.claim)) },
		func() error {
			return writeTable(w, "clusters", each(w.st.Clusters, func(c news.Cluster) clusterJSON { return w.st.clusterJSON(c, heaps[c.Slug], w.baseURL) }))
		},
		func() error {
			return writeTable(w, "companies", each(w.st.Companies, func(c news.CompanyCount) companyJSON { return companyWire(c, w.baseURL) }))
		},
		func() error { return writeTable(w, "sources", each(w.st.Sources, sourceWire)) },
	}
	for i, write := range writes {
		if err := write(); err != nil {
			return err
		}
		w.show("tables", i+1, len(writes))
	}
	return nil
}

func writeTable[T any](w *dumper, name string, rows iter.Seq2[T, error]) error {
	t := dump.Table{Name: name}
	w.kept = append(w.kept, t)
	return dump.Write(w.dir, t, rows)
}

// claim writes a claim, and whom it asks to be credited.
func (w *dumper) claim(s news.Statement) statementJSON {
	if c := creditOf(s); c != nil {
		credit := dump.Credit{Text: c.Text, URL: c.Of.Href, Licence: c.Licence.Text, LicenceURL: c.Licence.Href}
		if !slices.Contains(w.credits, credit) {
			w.credits = append(w.credits, credit)
		}
	}
	return w.st.statementJSON(s)
}

// everyClaim walks the claims that stand.
func (s *site) everyClaim(ctx context.Context) iter.Seq2[news.Statement, error] {
	return walk(func(cursor string) ([]news.Statement, string, error) {
		res, err := s.store.Claims(ctx, news.ClaimQuery{Limit: 10 * greatestPage, Cursor: cursor})
		return res.Statements, res.Next, err
	})
}

func mapped[A, B any](in iter.Seq2[A, error], wire func(A) B) iter.Seq2[B, error] {
	return func(yield func(B, error) bool) {
		for a, err := range in {
			var b B
			if err == nil {
				b = wire(a)
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

func each[A, B any](in []A, wire func(A) B) iter.Seq2[B, error] {
	return func(yield func(B, error) bool) {
		for _, a := range in {
			if !yield(wire(a), nil) {
				return
			}
		}
	}
}
