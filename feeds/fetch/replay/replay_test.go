package replay

import (
	"io"
	"net/http"
	"slices"
	"testing"
)

const file = `Two answers for the feed, one page.

-- GET http://news.example/feed --
200
Content-Type: text/xml
ETag: "one"

<rss>first</rss>
-- GET http://news.example/feed --
503
Retry-After: 60

-- GET http://news.example/page --
200

<p>-- not a section --</p>
`

func get(t *testing.T, n *Net, url, etag string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if etag != "" {
		req.Header.Set("If-None-Match", etag)
	}
	resp, err := n.RoundTrip(req)
	if err != nil {
		return 0, err.Error()
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestNet(t *testing.T) {
	n, err := Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		url, etag string
		status    int
		body      string
	}{
		{"http://news.example/feed", "", 200, "<rss>first</rss>\n"},
		{"http://news.example/feed", "", 503, ""},
		{"http://news.example/feed", `"one"`, 503, ""},
		{"http://news.example/page", `"other"`, 200, "<p>-- not a section --</p>\n"},
		{"http://news.example/robots.txt", "", 404, ""},
		{"http://news.example/other", "", 0, "replay: no section for GET http://news.example/other"},
		{"http://other.example/robots.txt", "", 0, "replay: no section for GET http://other.example/robots.txt"},
	} {
		if status, body := get(t, n, c.url, c.etag); status != c.status || body != c.body {
			t.Errorf("%s: %d %q, want %d %q", c.url, status, body, c.status, c.body)
		}
	}
	if asked := n.Asked(); len(asked) != 7 || !slices.Contains(asked, "GET http://news.example/page") {
		t.Errorf("asked %q", asked)
	}
}

func TestNetIsConditional(t *testing.T) {
	n, err := Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	if status, body := get(t, n, "http://news.example/feed", `"one"`); status != 304 || body != "" {
		t.Errorf("%d %q", status, body)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{"-- GET http://a.example/ --\nfine\n", "-- GET http://a.example/ --\n99\n", "-- GET http://a b/ --\n200\n"} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%q: no error", text)
		}
	}
}
