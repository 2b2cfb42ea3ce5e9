package bench

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"clusterwire/feeds/news"
)

// plain measures the plain ways to do the same: ranking all matches, joining
// for filters, grouping for facets.
func (r *run) plain() (err error) {
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(r.path), RawQuery: "mode=ro&_pragma=query_only(1)"}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	ask := func(text string, args ...any) func(int) (int, error) {
		return func(int) (int, error) {
			rows, err := db.QueryContext(r.ctx, text, args...)
			if err != nil {
				return 0, err
			}
			defer rows.Close()
			n := 0
			for rows.Next() {
				n++
			}
			return n, rows.Err()
		}
	}
	prefix := fmt.Sprintf(`"%s"*`, r.corpus.Prefix(0))
	for _, c := range []class{
		{"plain: bm25 over all matches of half", "", 3, ask("SELECT rowid FROM search WHERE search MATCH '\"half\"' ORDER BY bm25(search) LIMIT 20")},
		{"plain: filter by join", "", 3, ask("SELECT a.id FROM search JOIN article a ON a.id = search.rowid WHERE search MATCH '\"half\"' AND a.source = 'source-90' AND a.hidden = 0 ORDER BY a.published DESC LIMIT 20")},
		{"plain: prefix", "", 3, ask("SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT 20", prefix)},
		{"plain: count(*) of half", "", 3, ask("SELECT count(*) FROM search WHERE search MATCH '\"half\"'")},
		{"plain: facets of half by GROUP BY", "", 3, ask("SELECT a.source, count(*) FROM search JOIN article a ON a.id = search.rowid WHERE search MATCH '\"half\"' GROUP BY a.source")},
	} {
		if err := r.measure(c); err != nil {
			return err
		}
	}
	return nil
}

// readers is how many ask at once.
const readers = 32

// crowd measures the wall time of 32 readers, without and with a writer of 50
// articles a second.
func (r *run) crowd() error {
	alone, rows, err := r.readers()
	if err != nil {
		return err
	}
	stop, failed := make(chan struct{}), make(chan error, 1)
	go func() { failed <- r.write(stop) }()
	with, _, err := r.readers()
	close(stop)
	if err := errors.Join(err, <-failed); err != nil {
		return err
	}
	r.line("32 readers, wall", alone, rows, "")
	r.line("32 readers and 50 articles a second, wall", with, rows, "1.3 x")
	return nil
}

func (r *run) readers() (took []time.Duration, rows int, err error) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	end := time.Now().Add(crowdTime / time.Duration(r.less))
	for reader := range readers {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(1, uint64(reader)))
			for time.Now().Before(end) {
				q := news.Query{Text: r.corpus.Word(rng.IntN(400))}
				if rng.IntN(3) == 0 {
					q = news.Query{Companies: []string{fmt.Sprintf("company-%d", rng.IntN(20))}}
				}
				start := time.Now()
				res, failure := r.db.Search(r.ctx, q)
				mu.Lock()
				took = append(took, time.Since(start))
				rows = max(rows, res.Total)
				if failure != nil {
					err = failure
				}
				mu.Unlock()
				time.Sleep(time.Duration(rng.IntN(200)) * time.Millisecond)
			}
		})
	}
	wg.Wait()
	return took, rows, err
}

// write stores 50 articles a second until stopped. They are new each time.
func (r *run) write(stop chan struct{}) error {
	corpus := NewCorpus(r.n)
	run := time.Now().UnixNano()
	tick := time.NewTicker(batch * time.Second / 50)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-stop:
			return nil
		case <-tick.C:
		}
		articles := corpus.Next(batch)
		for i := range articles {
			a := &articles[i].Article
			a.URL = fmt.Sprintf("https://late.example/%d/%d/%d", run, n, i)
			a.Canonical, a.Published = a.URL, epoch.Add(span+time.Duration(n)*time.Second)
			a.FirstSeen = a.Published
		}
		if _, err := r.db.SaveArticles(r.ctx, articles); err != nil {
			return err
		}
	}
}

// size prints what the archive takes on disk and in memory.
func (r *run) size() error {
	var bytes int64
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(r.path + suffix)
		if err == nil {
			bytes += info.Size()
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	_, err := fmt.Fprintf(r.w, "disk %.2f GB, memory %s, Go heap %d MB\n", float64(bytes)/1e9, peakMemory(), m.HeapInuse>>20)
	return err
}
