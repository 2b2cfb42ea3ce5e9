package web

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"clusterwire/feeds/news"
	"clusterwire/store/storetest"
)

// Whoever follows next holds what the archive shows, after edits and
// withdrawals, too.
func TestChangesKeepACopy(t *testing.T) {
	db, opened := storetest.Filled(t, 12)
	h := testSite(t, db, func(c *Config) { c.Secret = "s" })
	held, cursor := map[string]string{}, ""
	follow := func() (n int) {
		for {
			page := decode[changesJSON](t, get(t, h, root+"/changes?limit=5&cursor="+cursor).Body)
			for _, c := range page.Items {
				n++
				if delete(held, c.ID); c.Article != nil {
					held[c.ID] = c.Article.Title
				}
			}
			if cursor = page.Next; !page.More {
				return n
			}
		}
	}
	if n := follow(); n != 12 || follow() != 0 {
		t.Fatalf("the first walk gives %d changes, want 12 and then none", n)
	}
	edited, gone := opened[1], opened[2].Reading
	edited.Article.Title, edited.Article.Text = "Said otherwise", edited.Article.Text+" And more."
	gone.Article, gone.Verdict.Relevant = opened[2].Article.ID, false
	if _, err := db.SaveArticles(t.Context(), []news.Opened{edited}); err != nil {
		t.Fatal(err)
	}
	if err := db.SaveReadings(t.Context(), []news.Reading{gone}); err != nil {
		t.Fatal(err)
	}
	if n := follow(); n != 2 || len(held) != 11 || held[strconv.FormatInt(opened[1].Article.ID, 10)] != "Said otherwise" {
		t.Errorf("%d changes, the copy holds %v", n, held)
	}
	now := decode[changesJSON](t, get(t, h, root+"/changes?cursor=now").Body)
	if len(now.Items) != 0 || now.Next == "" {
		t.Errorf("behind all changes: %+v", now)
	}
	for _, bad := range []string{"cursor=abc", "limit=0", "cursor=" + strings.Replace(cursor, "~", "1~", 1)} {
		if w := get(t, h, root+"/changes?"+bad); w.Code != 400 {
			t.Errorf("%s: %d", bad, w.Code)
		}
	}
	// A cursor holds for as long as the key that signed it.
	again, other := testSite(t, db, func(c *Config) { c.Secret = "s" }), testSite(t, db, func(c *Config) { c.Secret = "other" })
	if a, b := get(t, again, root+"/changes?cursor="+cursor).Code, get(t, other, root+"/changes?cursor="+cursor).Code; a != 200 || b != 400 {
		t.Errorf("after a restart %d, with another key %d", a, b)
	}
}

// A stream sends what is written while it is open, goes on where it was cut,
// and ends when the site closes. One address has four.
func TestStream(t *testing.T) {
	db, _ := storetest.Filled(t, 3)
	closing := make(chan struct{})
	server := httptest.NewServer(testSite(t, db, func(c *Config) { c.Closing = closing }))
	t.Cleanup(server.Close)
	open := func(last string) *http.Response { return openStream(t, server.URL, last) }
	first := open("")
	if kind := first.Header.Get("Content-Type"); first.StatusCode != 200 || kind != "text/event-stream" {
		t.Fatalf("%d %s", first.StatusCode, kind)
	}
	lines := bufio.NewScanner(first.Body)
	lines.Scan() // retry: the stream stands behind what was written before
	late := storetest.Article(50)
	late.Article.Title = "Late <news>"
	if _, err := db.SaveArticles(t.Context(), []news.Opened{late}); err != nil {
		t.Fatal(err)
	}
	id := readEvent(t, lines, `Late \u003cnews\u003e`)
	if _, err := db.SaveArticles(t.Context(), []news.Opened{storetest.Article(51)}); err != nil {
		t.Fatal(err)
	}
	resumed := bufio.NewScanner(open(id).Body)
	resumed.Scan()
	readEvent(t, resumed, "part 51")
	open("")
	open("")
	if w := open(""); w.StatusCode != http.StatusTooManyRequests || w.Header.Get("Retry-After") == "" {
		t.Errorf("a fifth stream: %d", w.StatusCode)
	}
	close(closing)
	for lines.Scan() { // ends, or the test does not
	}
}

// openStream asks for changes as they happen, after one that came before or from now on.
func openStream(t *testing.T, base, last string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+root+"/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	return answer
}

// Who is cut off before the first change goes on where the stream began: what
// came while nobody listened is sent.
func TestStreamCutBeforeTheFirstChange(t *testing.T) {
	db, _ := storetest.Filled(t, 3)
	closing := make(chan struct{})
	server := httptest.NewServer(testSite(t, db, func(c *Config) { c.Closing = closing }))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(closing) })
	quiet := openStream(t, server.URL, "")
	lines, id := bufio.NewScanner(quiet.Body), ""
	for lines.Scan() && lines.Text() != "" { // the fields that stand before any change
		if value, found := strings.CutPrefix(lines.Text(), "id: "); found {
			id = value
		}
	}
	quiet.Body.Close()
	if id == "" {
		t.Fatal("a stream without changes does not say where it stands")
	}
	if _, err := db.SaveArticles(t.Context(), []news.Opened{storetest.Article(50)}); err != nil {
		t.Fatal(err)
	}
	readEvent(t, bufio.NewScanner(openStream(t, server.URL, id).Body), "part 50")
}

// readEvent reads one event and gives its id.
func readEvent(t *testing.T, lines *bufio.Scanner, want string) string {
	t.Helper()
	id, data := "", ""
	for lines.Scan() {
		switch line := lines.Text(); {
		case strings.HasPrefix(line, "id: "):
			id = line[4:]
		case strings.HasPrefix(line, "data: "):
			data = line
		case line == "" && data != "":
			if id == "" || !strings.Contains(data, want) {
				t.Fatalf("event %q: %s, want %s", id, data, want)
			}
			return id
		case line == "":
			id = "" // of an event without data
		}
	}
	t.Fatalf("the stream ended before %s: %v", want, lines.Err())
	return ""
}

// R3: where it is asked for, requests for another host are refused.
func TestStrictHost(t *testing.T) {
	h := testSite(t, archive(t, 0), func(c *Config) { c.StrictHost = true })
	for host, want := range map[string]int{"wire.example": 200, "WIRE.example": 200, "evil.example": 421, "": 421, "wire.example.evil.example": 421} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = host
		w := newRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want || want != 200 && strings.Contains(w.Body.String(), "evil.example") {
			t.Errorf("host %q: %d, want %d", host, w.Code, want)
		}
	}
	if _, err := New(Config{Store: archive(t, 0), StrictHost: true}); err == nil {
		t.Error("a strict host without a base URL is taken")
	}
}
