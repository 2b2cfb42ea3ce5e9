package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

// steps are the writes of the line, each as one call.
func steps(now time.Time) []func(ctx context.Context, db *DB) error {
	at := now.Add(-time.Hour)
	article := func(i int, text string) news.Opened {
		url := fmt.Sprintf("https://a.example/%d", i)
		v := float64(100 + i)
		return news.Opened{
			Item: news.Item{ID: int64(i)},
			Article: news.Article{Source: "a", URL: url, Canonical: url, Title: "Title", Text: text, Language: "en", Published: at.Add(time.Duration(i) * time.Minute),
				FirstSeen: now, Revision: 1, Raw: []byte("<p>" + text)},
			Reading: news.Reading{Language: "en", Rules: "1", Verdict: news.Verdict{Relevant: true}, Mentions: []news.Mention{{Company: "xai", Role: news.RoleSubject}},
				Topics: []news.TopicTag{{Topic: news.TopicPower}}, Clusters: []news.ClusterTag{{Cluster: "colossus"}},
				Claims: []news.Claim{{Metric: news.MetricPower, ValueLo: &v, ValueHi: &v, Cluster: "colossus", Evidence: news.Evidence{Quote: text}}}},
		}
	}
	var items []news.Item
	for i := 1; i <= 3; i++ {
		url := fmt.Sprintf("https://a.example/%d", i)
		items = append(items, news.Item{Key: url, URL: url, Title: fmt.Sprint("Item ", i), Hash: "1"})
	}
	edited := append([]news.Item{}, items...)
	edited[1].Hash = "2"
	edited[2].Key = "http://a.example/3"
	return []func(ctx context.Context, db *DB) error{
		func(ctx context.Context, db *DB) error {
			return db.AddSource(ctx, news.Source{Slug: "a", Name: "A"}, []news.Feed{{URL: "https://a.example/feed"}})
		},
		func(ctx context.Context, db *DB) error {
			return db.SyncCompanies(ctx, []news.Company{{Slug: "xai", Name: "xAI"}})
		},
		func(ctx context.Context, db *DB) error {
			_, err := db.SavePoll(ctx, news.Poll{Feed: news.Feed{ID: 1, URL: "https://a.example/feed", Validators: news.Validators{ETag: "e1"}}, Items: items}, now)
			return err
		},
		func(ctx context.Context, db *DB) error {
			_, err := db.SaveArticles(ctx, []news.Opened{article(1, "one"), article(2, "two"), article(3, "three")})
			return err
		},
		func(ctx context.Context, db *DB) error {
			_, err := db.SavePoll(ctx, news.Poll{Feed: news.Feed{ID: 1, URL: "https://a.example/feed", Validators: news.Validators{ETag: "e2"}}, Items: edited}, now)
			return err
		},
		func(ctx context.Context, db *DB) error {
			return db.SaveAttempt(ctx, 2, news.Attempt{Next: now.Add(time.Hour), Failures: 1, Error: "slow"})
		},
		func(ctx context.Context, db *DB) error {
			_, err := db.SaveArticles(ctx, []news.Opened{article(2, "two, changed")})
			return err
		},
		func(ctx context.Context, db *DB) error {
			r := article(1, "one").Reading
			r.Article, r.Rules, r.Verdict.Relevant, r.Claims = (at.Add(time.Minute).Unix())<<seqBits, "2", false, nil
			return db.SaveReadings(ctx, []news.Reading{r})
		},
		func(ctx context.Context, db *DB) error { return db.RemoveSource(ctx, "a") },
	}
}

// TestW2FailureAtEveryStep has every write fail before each of its statements
// in turn: nothing of it may stay, and after it is called again the archive
// is that of an undisturbed run.
func TestW2FailureAtEveryStep(t *testing.T) {
	now := time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)
	calm := openTemp(t)
	var want []string
	for _, step := range steps(now) {
		if err := step(t.Context(), calm); err != nil {
			t.Fatal(err)
		}
		want = append(want, dump(t, calm))
	}
	rough, failures := openTemp(t), 0
	injected := errors.New("injected")
	for i, step := range steps(now) {
		before := dump(t, rough)
		for at := 1; ; at++ {
			n := 0
			rough.w.fail = func(statement string) error {
				if n++; n == at && statement != "ROLLBACK" {
					return injected
				}
				return nil
			}
			err := step(t.Context(), rough)
			rough.w.fail = nil
			if err == nil {
				break
			}
			if !errors.Is(err, injected) {
				t.Fatalf("step %d, statement %d: %v", i, at, err)
			}
			if dump(t, rough) != before {
				t.Fatalf("step %d failed at statement %d and left something", i, at)
			}
			failures++
		}
		if got := dump(t, rough); got != want[i] {
			t.Fatalf("step %d: after failures %s, undisturbed %s", i, got, want[i])
		}
	}
	if failures < 50 {
		t.Errorf("only %d failures were tried", failures)
	}
	problems, err := Check(t.Context(), rough.path)
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

func openTemp(t *testing.T) *DB {
	t.Helper()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "news.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// dump is a hash of all rows but the times of writing, and of what the index
// finds.
func dump(t *testing.T, db *DB) string {
	t.Helper()
	sum := sha256.New()
	for _, q := range []string{
		"SELECT * FROM company", "SELECT * FROM source", "SELECT * FROM feed", "SELECT * FROM item", "SELECT * FROM article", "SELECT * FROM body", "SELECT * FROM raw",
		"SELECT article, revision, title, text FROM revision", "SELECT * FROM reading", "SELECT id, article, identity, claim, withdrawn IS NULL FROM claim",
		"SELECT * FROM company_day", "SELECT * FROM company_total", "SELECT * FROM language_total", "SELECT key, value FROM state WHERE key <> 'changed'",
		`SELECT rowid FROM search WHERE search MATCH '"v=1"'`, `SELECT rowid FROM search WHERE search MATCH 'two AND changed'`, `SELECT rowid FROM search WHERE search MATCH '"v=0"'`,
	} {
		rows, err := db.r.QueryContext(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		names, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		err = eachRow(rows, nil, func(scan func(dest ...any) error) error {
			values := make([]any, len(names))
			for i := range values {
				values[i] = new(any)
			}
			if err := scan(values...); err != nil {
				return err
			}
			for _, v := range values {
				fmt.Fprintf(sum, "%v|", *v.(*any))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// TestW5DiskFull has the disk fill up at many points of a run. Writes then say
// so, reads go on, what was acknowledged stays, and when there is room again
// the same archive goes on without being opened anew. Pages of several sizes
// have it fill up in other statements each.
//
// The check needs a connection of its own: over one that has searched, the
// engine looks for segments of the index that were merged away since, and says
// that they are damaged.
func TestW5DiskFull(t *testing.T) {
	for _, page := range []int{200, 2000, 9000} {
		t.Run(fmt.Sprint(page), func(t *testing.T) { diskFull(t, page) })
	}
}

func diskFull(t *testing.T, page int) {
	db := openTemp(t)
	if err := db.AddSource(t.Context(), news.Source{Slug: "s0", Name: "S"}, nil); err != nil {
		t.Fatal(err)
	}
	limit := func(more int) {
		t.Helper()
		var pages int
		if err := db.w.conn.QueryRowContext(t.Context(), "PRAGMA page_count").Scan(&pages); err != nil {
			t.Fatal(err)
		}
		if err := db.w.conn.QueryRowContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages+more)).Scan(&pages); err != nil {
			t.Fatal(err)
		}
	}
	acked, full := 0, 0
	noise := rand.NewChaCha8([32]byte{})
	save := func() error {
		raw := make([]byte, page)
		if _, err := noise.Read(raw); err != nil {
			return err
		}
		o := news.Opened{Article: news.Article{Source: "s0", URL: fmt.Sprintf("https://a.example/%d", acked), Title: "T", Published: time.Unix(int64(1_700_000_000+acked), 0),
			Text: strings.Repeat(fmt.Sprintf("word%d ", acked), 300), Raw: raw}, Reading: news.Reading{Verdict: news.Verdict{Relevant: true}}}
		_, err := db.SaveArticles(t.Context(), []news.Opened{o})
		if err == nil {
			acked++
		}
		return err
	}
	for n := range 6 {
		limit(n % 5 * 3)
		var err error
		for err == nil {
			err = save()
		}
		var noRoom *FullError
		if !errors.As(err, &noRoom) {
			t.Fatalf("on a full disk: %v", err)
		}
		full++
		if err := db.Ready(t.Context()); !errors.As(err, &noRoom) {
			t.Fatalf("a full archive is ready: %v", err)
		}
		if res, err := db.Search(t.Context(), news.Query{}); err != nil || res.Total != acked {
			t.Fatalf("while full: %d articles of %d, %v", res.Total, acked, err)
		}
		limit(1 << 20)
		if err := save(); err != nil {
			t.Fatalf("with room again: %v", err)
		}
		if err := db.Ready(t.Context()); err != nil {
			t.Fatalf("not ready with room again: %v", err)
		}
	}
	problems, err := Check(t.Context(), db.path)
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
	t.Logf("full %d times, %d articles", full, acked)
}

func TestW10StepsAreNumbered(t *testing.T) {
	list, err := migrations()
	if err != nil || len(list) == 0 {
		t.Fatal(len(list), err)
	}
	db := openTemp(t)
	var version, id int
	if err := db.r.QueryRowContext(t.Context(), "SELECT (SELECT user_version FROM pragma_user_version), (SELECT application_id FROM pragma_application_id)").Scan(&version, &id); err != nil {
		t.Fatal(err)
	}
	if version != list[len(list)-1].number || id != applicationID {
		t.Errorf("user_version %d, application_id %#x", version, id)
	}
}

// TestW4Pragmas: every connection of the pools has the settings.
func TestW4Pragmas(t *testing.T) {
	db := openTemp(t)
	for _, c := range []struct {
		pragma string
		want   string
	}{{"journal_mode", "wal"}, {"synchronous", "2"}, {"foreign_keys", "1"}, {"page_size", "16384"}} {
		var got string
		if err := db.w.conn.QueryRowContext(t.Context(), "PRAGMA "+c.pragma).Scan(&got); err != nil || got != c.want {
			t.Errorf("writer: %s is %q, want %q, %v", c.pragma, got, c.want, err)
		}
	}
	for range 4 { // all at once, so each is another connection
		conn, err := db.r.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		var got int
		if err := conn.QueryRowContext(t.Context(), "PRAGMA query_only").Scan(&got); err != nil || got != 1 {
			t.Errorf("reader: query_only is %d, %v", got, err)
		}
	}
}
