package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"
	"time"

	"clusterwire/feeds/news"
	"clusterwire/store"
	"clusterwire/store/storetest"
)

// perSecond is how many articles arrive.
const perSecond = 50

// arriving stores 50 articles a second until ctx ends: new ones, ones that come
// late and belong into the middle, and edits of old ones. It gives how many.
func arriving(ctx context.Context, t *testing.T, db *store.DB, total int) int {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	start, n := time.Now(), 0
	for {
		select {
		case <-ctx.Done():
			return n
		case <-tick.C:
		}
		var batch []news.Opened
		for due := int(time.Since(start).Seconds() * perSecond); n < due; n++ {
			o := storetest.Article(total + n)
			switch n % 3 {
			case 1: // late: somewhere in the middle
				o.Article.Published = storetest.Start.Add(time.Duration(n*7919%total)*time.Hour + 30*time.Minute)
			case 2:
				o = storetest.Article(n * 7919 % total)
				o.Article.Title, o.Article.Text = "Edited "+o.Article.Title, o.Article.Text+" Edited."
			}
			batch = append(batch, o)
		}
		if _, err := db.SaveArticles(context.WithoutCancel(ctx), batch); err != nil {
			t.Error(err)
			return n
		}
	}
}

// A script walks the whole archive by cursor while 50 articles a second
// arrive: each article that was there comes once, and none is missed. So it
// does through the stream of everything and through the changes.
// CLUSTERWIRE_WALK sets how many articles there are.
func TestWalkWhileFiftyASecondArrive(t *testing.T) {
	total := size(t, "CLUSTERWIRE_WALK", 5000)
	db := storetest.Open(t)
	storetest.Registry(t, db)
	there := map[string]bool{}
	for done := 0; done < total; {
		var batch []news.Opened
		for ; len(batch) < 500 && done < total; done++ {
			batch = append(batch, storetest.Article(done))
		}
		if _, err := db.SaveArticles(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		for _, o := range batch {
			there[strconv.FormatInt(o.Article.ID, 10)] = true
		}
	}
	server := httptest.NewServer(testSite(t, db, nil))
	t.Cleanup(server.Close)
	ctx, cancel := context.WithCancel(t.Context())
	arrived := make(chan int)
	go func() { arrived <- arriving(ctx, t, db, total) }()
	for name, walk := range map[string]func(t *testing.T, base string, seen func(id string)){
		"newest first": byCursor("newest"), "oldest first": byCursor("oldest"), "changes": byChanges,
	} {
		met := map[string]int{}
		start := time.Now()
		walk(t, server.URL+root, func(id string) { met[id]++ })
		missed, twice := 0, 0
		for id := range there {
			if met[id] == 0 {
				missed++
			}
		}
		for _, n := range met {
			if n > 1 {
				twice++
			}
		}
		if missed > 0 || twice > 0 && name != "changes" { // what changes again comes again
			t.Errorf("%s: of %d articles %d were missed, %d came twice", name, total, missed, twice)
		}
		t.Logf("%s: %d articles in %s", name, len(met), time.Since(start).Round(time.Millisecond))
	}
	cancel()
	if n := <-arrived; n == 0 {
		t.Error("nothing arrived meanwhile")
	} else {
		t.Logf("%d articles arrived meanwhile", n)
	}
}

func byCursor(order string) func(*testing.T, string, func(string)) {
	return func(t *testing.T, base string, seen func(string)) {
		values := url.Values{"limit": {"100"}, "sort": {order}, "fields": {"id"}}
		for {
			page := fetch[listJSON[articleJSON]](t, base+"/search?"+values.Encode())
			for _, a := range page.Items {
				seen(a.ID)
			}
			if page.Next == nil {
				return
			}
			values.Set("cursor", *page.Next)
		}
	}
}

func byChanges(t *testing.T, base string, seen func(string)) {
	values := url.Values{"limit": {"200"}}
	for {
		page := fetch[changesJSON](t, base+"/changes?"+values.Encode())
		for _, c := range page.Items {
			seen(c.ID)
		}
		if !page.More {
			return
		}
		values.Set("cursor", page.Next)
	}
}

// fetch asks a running server.
func fetch[T any](t *testing.T, address string) T {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", address, answer.Status)
	}
	return decode[T](t, answer.Body)
}
