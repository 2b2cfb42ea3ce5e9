package fetch

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// origin is a net in memory: every host is answered by one handler, and what
// was asked is kept with its time.
type origin struct {
	answer func(r *http.Request) (status int, header, body string)

	mu    sync.Mutex
	log   []asked
	most  int // greatest open for one host
	dials int
	hosts map[string]int
}

type asked struct {
	at     time.Time
	path   string // host and path
	header http.Header
}

// dial serves connections with keep-alive; each answer takes 100 ms.
func (o *origin) dial(ctx context.Context, network, address string) (net.Conn, error) {
	o.mu.Lock()
	o.dials++
	o.mu.Unlock()
	return pipes(func(conn net.Conn) {
		reader := bufio.NewReader(conn)
		for {
			r, err := http.ReadRequest(reader)
			if err != nil {
				return
			}
			o.enter(r)
			time.Sleep(100 * time.Millisecond)
			status, header, body := o.answer(r)
			o.leave(r)
			if _, err := fmt.Fprintf(conn, "HTTP/1.1 %d X\r\n%sContent-Length: %d\r\n\r\n%s", status, header, len(body), body); err != nil {
				return
			}
		}
	})(ctx, network, address)
}

func (o *origin) enter(r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.hosts == nil {
		o.hosts = map[string]int{}
	}
	o.hosts[r.Host]++
	o.most = max(o.most, o.hosts[r.Host])
	o.log = append(o.log, asked{at: time.Now(), path: r.Host + r.URL.RequestURI(), header: r.Header})
}

func (o *origin) leave(r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.hosts[r.Host]--
}

func (o *origin) paths() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var all []string
	for _, a := range o.log {
		all = append(all, a.path)
	}
	return all
}

func fine(*http.Request) (int, string, string) { return 200, "", "<rss/>" }

// inMemory makes a client on an origin with the default gap of a second.
func inMemory(t *testing.T, o *origin) *Client {
	t.Helper()
	return open(t, func(config *Config) { config.Gap, config.Dial = 0, o.dial })
}

func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &origin{answer: fine}
		client := inMemory(t, o)
		var wg sync.WaitGroup
		for i := range 10 {
			wg.Go(func() {
				time.Sleep(time.Duration(i) * time.Millisecond) // who comes first is served first
				if _, err := client.Get(t.Context(), Request{URL: fmt.Sprintf("http://NEWS.example:80/%d", i), For: ForFeed}); err != nil {
					t.Error(err)
				}
			})
			wg.Go(func() {
				if _, err := client.Get(t.Context(), Request{URL: fmt.Sprintf("http://other%d.example/", i), For: ForFeed}); err != nil {
					t.Error(err)
				}
			})
		}
		started := time.Now()
		wg.Wait()
		if took := time.Since(started); took < 9*time.Second || took > 11*time.Second {
			t.Errorf("ten requests to one host took %v", took)
		}
		if o.most != 1 {
			t.Errorf("%d requests at once to one host", o.most)
		}
		var turns []string
		var last time.Time
		for _, a := range o.log {
			if strings.HasPrefix(a.path, "news.example") {
				turns = append(turns, a.path)
				if !last.IsZero() && a.at.Sub(last) < time.Second {
					t.Errorf("%v between two requests", a.at.Sub(last))
				}
				last = a.at
			}
		}
		if len(turns) != 10 || !slices.IsSorted(turns) {
			t.Errorf("order of turns %q", turns)
		}
		if o.dials != 11 {
			t.Errorf("%d connections, want one for each host", o.dials)
		}
		client.Close()
	})
}

func TestTurnsAreLeftWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &origin{answer: fine}
		client := inMemory(t, o)
		var wg sync.WaitGroup
		for i := range 5 {
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
				defer cancel()
				_, err := client.Get(ctx, Request{URL: "http://news.example/", For: ForFeed})
				if err != nil && class(err) != ClassCanceled {
					t.Errorf("%d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if n := len(o.log); n != 1 {
			t.Errorf("%d requests within half a second", n)
		}
		if _, err := client.Get(t.Context(), Request{URL: "http://news.example/", For: ForFeed}); err != nil {
			t.Error(err)
		}
		client.Close()
	})
}

func TestIdleHostsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := inMemory(t, &origin{answer: fine})
		for i := range 500 {
			if _, err := client.Get(t.Context(), Request{URL: fmt.Sprintf("http://h%d.example/", i), For: ForFeed}); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(2 * time.Hour)
		if _, err := client.Get(t.Context(), Request{URL: "http://last.example/", For: ForFeed}); err != nil {
			t.Fatal(err)
		}
		if n := len(client.pace.hosts); n != 1 {
			t.Errorf("%d hosts remembered", n)
		}
		client.Close()
	})
}

func TestCooldown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &origin{answer: func(r *http.Request) (int, string, string) {
			if r.URL.Path == "/good" {
				return fine(r)
			}
			return 429, "Retry-After: 600\r\n", ""
		}}
		client := inMemory(t, o)
		get := func(path string) error {
			_, err := client.Get(t.Context(), Request{URL: "http://news.example" + path, For: ForFeed})
			return err
		}
		if err := get("/a"); class(err) != "http_429" {
			t.Errorf("%v", err)
		}
		if err := get("/good"); err != nil {
			t.Errorf("one address was limited, another was not asked: %v", err)
		}
		_ = get("/a")
		if err := get("/good"); err != nil {
			t.Errorf("the same address was limited twice: %v", err)
		}
		_ = get("/b")
		before := len(o.log)
		if err := get("/good"); class(err) != ClassCooldown || len(o.log) != before {
			t.Errorf("after two limited addresses: %v", err)
		}
		time.Sleep(10 * time.Minute)
		if err := get("/good"); err != nil {
			t.Errorf("after the cool-down: %v", err)
		}
		client.Close()
	})
}

func TestRobotsAreAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		robots, failing := "User-agent: clusterwire\nDisallow: /private\nCrawl-delay: 5\n", 0
		o := &origin{answer: func(r *http.Request) (int, string, string) {
			switch {
			case r.URL.Path == "/robots.txt" && failing != 0:
				return failing, "", ""
			case r.URL.Path == "/robots.txt":
				return 200, "Content-Type: text/plain\r\n", robots
			case r.URL.Path == "/moved":
				return 302, "Location: /private/x\r\n", ""
			}
			return fine(r)
		}}
		client := inMemory(t, o)
		get := func(purpose Purpose, url string) string {
			t.Helper()
			_, err := client.Get(t.Context(), Request{URL: url, For: purpose})
			return class(err)
		}
		want := func(got, want string) {
			t.Helper()
			if got != want {
				t.Errorf("class %q, want %q", got, want)
			}
		}
		want(get(ForFeed, "http://a.example/private/feed"), "")
		want(get(ForPage, "http://a.example/1"), "")
		started := time.Now()
		want(get(ForPage, "http://a.example/2"), "")
		if gap := time.Since(started); gap < 5*time.Second {
			t.Errorf("Crawl-delay of 5 s, waited %v", gap)
		}
		want(get(ForPage, "http://a.example/private/x"), ClassRobots)
		want(get(ForDiscovery, "http://a.example/private/x"), ClassRobots)
		want(get(ForPage, "http://a.example/moved"), ClassRobots)
		if n := count(o, "a.example/robots.txt"); n != 1 || slices.Contains(o.paths(), "a.example/private/x") {
			t.Errorf("%q", o.paths())
		}
		time.Sleep(25 * time.Hour)
		failing = 503
		want(get(ForPage, "http://a.example/private/x"), ClassRobots) // what was known holds
		want(get(ForPage, "http://b.example/1"), ClassRobotsUnknown)
		want(get(ForPage, "http://b.example/1"), ClassRobotsUnknown)
		if n := count(o, "b.example/robots.txt"); n != 1 {
			t.Errorf("asked %d times for a robots.txt that fails", n)
		}
		for range 30 {
			time.Sleep(24*time.Hour + time.Minute)
			_ = get(ForPage, "http://b.example/1")
		}
		want(get(ForPage, "http://b.example/1"), "") // unreadable for 30 days
		for i, status := range []int{404, 401, 403, 410, 429} {
			failing = status
			want(get(ForPage, fmt.Sprintf("http://c%d.example/1", i)), "")
		}
		client.Close()
	})
}

func TestRobotsRedirectAndSize(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		long := "User-agent: *\nDisallow: /a\n" + strings.Repeat("# comment\n", 60_000) + "Disallow: /b\n"
		o := &origin{answer: func(r *http.Request) (int, string, string) {
			switch {
			case r.URL.Path == "/robots.txt" && r.Host == "a.example":
				return 301, "Location: http://other.example/1\r\n", ""
			case r.Host == "other.example" && r.URL.Path != "/5":
				return 302, "Location: /" + string(r.URL.Path[1]+1) + "\r\n", ""
			case r.Host == "other.example":
				return 200, "", "User-agent: *\nDisallow: /no"
			case r.URL.Path == "/robots.txt":
				return 200, "", long
			}
			return fine(r)
		}}
		client := inMemory(t, o)
		for url, want := range map[string]string{
			"http://a.example/no": ClassRobots, "http://a.example/yes": "",
			"http://long.example/a": ClassRobots, "http://long.example/b": "", // beyond 512 KiB
		} {
			if _, err := client.Get(t.Context(), Request{URL: url, For: ForPage}); class(err) != want {
				t.Errorf("%s: %v, want class %q", url, err, want)
			}
		}
		client.Close()
	})
}

func count(o *origin, path string) int {
	n := 0
	for _, p := range o.paths() {
		if p == path {
			n++
		}
	}
	return n
}

// Redirects: what is followed, and how far the permanent ones lead.
func TestRedirects(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		// "/301/302/end" redirects with 301 to "/302/end", and so on.
		first, rest, _ := strings.Cut(r.URL.Path[1:], "/")
		var status int
		if _, err := fmt.Sscan(first, &status); err != nil {
			_, _ = io.WriteString(w, "<rss/>")
			return
		}
		w.Header().Set("Location", "/"+rest+"#part")
		w.WriteHeader(status)
	})
	client := open(t, nil)
	for _, c := range []struct{ path, final, permanent, class string }{
		{"/end", "/end", "", ""},
		{"/301/end", "/end", "/end", ""},
		{"/308/301/end", "/end", "/end", ""},
		{"/302/end", "/end", "", ""},
		{"/301/302/end", "/end", "/302/end", ""},
		{"/302/301/end", "/end", "", ""},
		{"/301/303/307/308/end", "/end", "/303/307/308/end", ""},
		{"/301/301/301/301/301/end", "/end", "/end", ""},
		{"/301/301/301/301/301/301/end", "", "", ClassRedirectLoop},
	} {
		got, err := client.Get(context.Background(), Request{URL: url + c.path, For: ForFeed})
		if class(err) != c.class || strings.TrimPrefix(got.URL, url) != c.final || strings.TrimPrefix(got.Permanent, url) != c.permanent {
			t.Errorf("%s: final %s, permanent %s, %v", c.path, got.URL, got.Permanent, err)
		}
	}
}

// TestRest: a host rests after a request, for the gap or as long as its
// robots.txt asks, and while it is being asked.
func TestRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(time.Second)
		if rest := p.rest("news.example"); rest != 0 {
			t.Errorf("a host that was never asked rests %v", rest)
		}
		if err := p.enter(t.Context(), "news.example"); err != nil {
			t.Fatal(err)
		}
		if rest := p.rest("news.example"); rest != time.Second {
			t.Errorf("while it is asked: %v", rest)
		}
		p.leave("news.example")
		time.Sleep(300 * time.Millisecond)
		if rest := p.rest("news.example"); rest != 700*time.Millisecond {
			t.Errorf("0.3 s after: %v", rest)
		}
		p.setDelay("news.example", 3*time.Second)
		if rest := p.rest("news.example"); rest != 2700*time.Millisecond {
			t.Errorf("with a delay of 3 s: %v", rest)
		}
		time.Sleep(3 * time.Second)
		if rest := p.rest("news.example"); rest != 0 {
			t.Errorf("after all of it: %v", rest)
		}
	})
}
