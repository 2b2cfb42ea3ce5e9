package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"clusterwire/feeds/news"
)

// The archives in testdata/archives were written by the program of their
// schema: 12 sample articles, one of them revised and one judged again to be
// irrelevant; a feed of five items, two opened and one that failed.

// unpacked returns the path of a copy of a sample archive.
func unpacked(t *testing.T, name string) string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "news.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestW10OpensEveryEarlierSchema(t *testing.T) {
	names, err := filepath.Glob("testdata/archives/*.db.gz")
	if err != nil || len(names) < 3 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			path := unpacked(t, name)
			if _, err := OpenReadOnly(t.Context(), path); !errors.As(err, new(*OpenError)) {
				t.Errorf("opened for reading before it was brought up to date: %v", err)
			}
			restored := filepath.Join(t.TempDir(), "restored.db")
			if _, err := Restore(t.Context(), path, restored); err != nil {
				t.Fatalf("a backup of an earlier program: %v", err)
			}
			for _, path := range []string{path, restored} {
				steps := 0
				db, err := Open(t.Context(), path, Progress(func(int, int, string) { steps++ }))
				if err != nil {
					t.Fatal(err)
				}
				if steps == 0 {
					t.Error("no progress was told")
				}
				complete(t, db)
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
				if problems, err := Check(t.Context(), path); err != nil || len(problems) > 0 {
					t.Errorf("%v, %v", problems, err)
				}
			}
		})
	}
}

// complete looks for all that the sample archives hold.
func complete(t *testing.T, db *DB) {
	t.Helper()
	for text, want := range map[string]int{"": 11, "substation": 1, "title:cluster": 11, "company:xai": 6, "cluster:hyperion": 5, "power:>=110MW": 2, "has:claims": 11} {
		res, err := db.Search(t.Context(), news.Query{Text: text})
		if err != nil || res.Total != want {
			t.Errorf("%q finds %d articles, want %d, %v", text, res.Total, want, err)
		}
		for _, h := range res.Hits {
			e, err := db.Article(t.Context(), h.ID)
			if err != nil || e.Article.Text == "" || e.Article.HTML == "" || len(e.Article.Links) != 1 || len(e.Reading.Mentions) != 2 || len(e.Reading.Claims) != 1 {
				t.Errorf("article %d: %+v, %v", h.ID, e, err)
			}
			if raw, err := db.Raw(t.Context(), h.ID); err != nil || !bytes.HasPrefix(raw, []byte("<html>")) {
				t.Errorf("page of article %d: %q, %v", h.ID, raw, err)
			}
			if text == "substation" {
				if old, err := db.Revisions(t.Context(), h.ID); err != nil || len(old) != 1 || old[0].Text == e.Article.Text {
					t.Errorf("revisions %+v, %v", old, err)
				}
			}
		}
	}
	st, err := db.Stats(t.Context())
	if err != nil || st.Articles != 11 || st.Hidden != 1 || st.Sources != 3 || st.Feeds != 3 || st.ToOpen != 3 {
		t.Errorf("%+v, %v", st, err)
	}
	o := news.Opened{Article: news.Article{Source: "xai", URL: "https://xai.example/new", Title: "New", Text: "Turbines arrive."},
		Reading: news.Reading{Verdict: news.Verdict{Relevant: true}}}
	if _, err := db.SaveArticles(t.Context(), []news.Opened{o}); err != nil {
		t.Error(err)
	}
	if res, err := db.Search(t.Context(), news.Query{Text: "turbines"}); err != nil || res.Total != 1 {
		t.Errorf("a new article: %+v, %v", res, err)
	}
}

// TestW3IndexIsMadeAnewInPieces interrupts the making of a new index twice,
// between its transactions and within one: what was done by then is kept.
func TestW3IndexIsMadeAnewInPieces(t *testing.T) {
	for _, batch := range []int{reindexPiece, reindexBatch} {
		t.Run(fmt.Sprint(batch, " in a transaction"), func(t *testing.T) { madeAnew(t, batch) })
	}
}

func madeAnew(t *testing.T, perTransaction int) {
	db, n := openTemp(t), reindexPiece*5/2
	rng := rand.New(rand.NewPCG(3, 3))
	batch := make([]news.Opened, n)
	for i := range batch {
		batch[i] = randomArticle(rng, i)
	}
	if _, err := db.SaveArticles(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	before := dump(t, db)
	empty(t, db)
	path := db.path
	for round := range 3 {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenReadOnly(t.Context(), path); !errors.As(err, new(*OpenError)) {
			t.Errorf("opened for reading while articles were not in the index: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		calls := 0
		var err error
		db, err = Open(ctx, path, Progress(func(step, of int, _ string) {
			if calls++; calls == 2 && round < 2 {
				cancel()
			}
			if of != n-round*reindexPiece {
				t.Errorf("%d of %d", step, of)
			}
		}), func(o *options) { o.batch = perTransaction })
		cancel()
		if round < 2 {
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("interrupted: %v", err)
			}
			db = &DB{}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	defer db.Close()
	if dump(t, db) != before {
		t.Error("the archive is another than before")
	}
	for _, text := range []string{"w1", "title:w1", "company:c1 w2"} {
		compare(t, db, news.Query{Text: text})
	}
	var hash, merge int
	err := db.r.QueryRowContext(t.Context(), "SELECT (SELECT v FROM search_config WHERE k = 'hashsize'), (SELECT v FROM search_config WHERE k = 'automerge')").Scan(&hash, &merge)
	if err != nil || hash != usualHash || merge != usualMerge {
		t.Errorf("the engine is left with %d bytes of terms and merges %d, %v", hash, merge, err)
	}
	if problems, err := Check(t.Context(), path); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

// empty takes every article out of the index, as the step of the schema does
// that makes it anew.
func empty(t *testing.T, db *DB) {
	t.Helper()
	err := db.write(t.Context(), func(t *tx) error {
		if _, err := t.exec("INSERT INTO search (search) VALUES ('delete-all')"); err != nil {
			return err
		}
		_, err := t.exec("UPDATE state SET value = (SELECT min(id) FROM article) WHERE key = 'unindexed'")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestDictionary stores more articles than the first dictionary is made of:
// all texts are read back, by another process too that opened the archive
// before there was any, and with one of the two copies damaged.
func TestDictionary(t *testing.T) {
	db := openTemp(t)
	early, err := OpenReadOnly(t.Context(), db.path)
	if err != nil {
		t.Fatal(err)
	}
	defer early.Close()
	rng := rand.New(rand.NewPCG(5, 5))
	texts := map[int64]string{}
	for len(texts) < firstDictionary+300 {
		batch := make([]news.Opened, 100)
		for i := range batch {
			batch[i] = randomArticle(rng, len(texts)+i)
		}
		if _, err := db.SaveArticles(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		for _, o := range batch {
			texts[o.Article.ID] = o.Article.Text
		}
	}
	var alone, shared int
	if err := db.r.QueryRowContext(t.Context(), "SELECT sum(substr(text, 1, 1) = x'7a'), sum(substr(text, 1, 1) = x'64') FROM body").Scan(&alone, &shared); err != nil {
		t.Fatal(err)
	}
	if alone != firstDictionary || shared != 300 {
		t.Errorf("%d texts compressed alone, %d with a dictionary", alone, shared)
	}
	whole := func(db *DB) error {
		for id, want := range texts {
			a, _, err := db.article(t.Context(), id, false)
			if err != nil {
				return err
			}
			if a.Text != want {
				return fmt.Errorf("article %d has another text", id)
			}
		}
		return nil
	}
	if err := whole(early); err != nil {
		t.Error(err)
	}
	for n, bad := range []bool{false, true} {
		if _, err := db.w.conn.ExecContext(t.Context(), "UPDATE dictionary SET content = zeroblob(9) WHERE copy = ?", n); err != nil {
			t.Fatal(err)
		}
		again, err := OpenReadOnly(t.Context(), db.path)
		if bad {
			if !errors.As(err, new(*OpenError)) {
				t.Errorf("opened without its dictionary: %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(whole(again), again.Close()); err != nil {
			t.Error(err)
		}
		if problems, err := Check(t.Context(), db.path); err != nil || len(problems) != 1 {
			t.Errorf("a damaged copy: %v, %v", problems, err)
		}
	}
}
