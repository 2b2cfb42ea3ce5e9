package fetch

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

const agent = "clusterwire/test (+https://clusterwire.example/about; feed fetcher)"

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// open makes a client that may reach loopback and hardly waits.
func open(t *testing.T, change func(*Config)) *Client {
	t.Helper()
	config := Config{UserAgent: agent, Allow: loopback, Gap: time.Millisecond}
	if change != nil {
		change(&config)
	}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// serve plays a publisher on loopback.
func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// class gives the class of an error of Get, "" for none.
func class(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Class
	}
	if err != nil {
		return "not an *Error: " + err.Error()
	}
	return ""
}

func TestGetConditional(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `W/"Odd etag"`)
		w.Header().Set("Last-Modified", "Mon Nov 23 03:00:00 2026")
		if r.Header.Get("If-None-Match") == `W/"Odd etag"` && r.Header.Get("If-Modified-Since") == "Mon Nov 23 03:00:00 2026" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write([]byte("<rss/>"))
	})
	c := open(t, nil)
	first, err := c.Get(context.Background(), Request{URL: url + "/feed", For: ForFeed})
	if err != nil || string(first.Body) != "<rss/>" || first.NotModified {
		t.Fatalf("first: %+v, %v", first, err)
	}
	want := news.Validators{ETag: `W/"Odd etag"`, LastModified: "Mon Nov 23 03:00:00 2026"}
	if first.Validators != want {
		t.Fatalf("validators %+v, want %+v", first.Validators, want)
	}
	second, err := c.Get(context.Background(), Request{URL: url + "/feed", For: ForFeed, Validators: first.Validators})
	if err != nil || !second.NotModified || second.Validators != want {
		t.Fatalf("second: %+v, %v", second, err)
	}
}

func TestGetRefusesPrivateByDefault(t *testing.T) {
	hit := false
	url := serve(t, func(http.ResponseWriter, *http.Request) { hit = true })
	c := open(t, func(config *Config) { config.Allow = nil })
	_, err := c.Get(context.Background(), Request{URL: url, For: ForFeed})
	if class(err) != ClassEgressDenied || hit {
		t.Fatalf("error %v, reached %v", err, hit)
	}
}

func TestMappedHostsPass(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("hello " + r.Host)) })
	at := netip.MustParseAddrPort(url[len("http://"):])
	c := open(t, func(config *Config) {
		config.Allow = nil
		config.Hosts = map[string]netip.AddrPort{"news.example": at}
	})
	got, err := c.Get(context.Background(), Request{URL: "http://news.example/a", For: ForFeed})
	if err != nil || string(got.Body) != "hello news.example" {
		t.Fatalf("%q, %v", got.Body, err)
	}
}

// TestOneFamilyDead: of a host with two addresses one of which nobody answers
// at, the other is used, whichever it is.
func TestOneFamilyDead(t *testing.T) {
	four, six := netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")
	for _, c := range []struct {
		name, listen string
	}{{"IPv6 dead", "127.0.0.1:0"}, {"IPv4 dead", "[::1]:0"}} {
		t.Run(c.name, func(t *testing.T) {
			l, err := net.Listen("tcp", c.listen)
			if err != nil {
				t.Skip("SKIPPED, NOT PASSED: this machine has no ", c.listen)
			}
			server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<rss/>")) })}
			go func() { _ = server.Serve(l) }()
			t.Cleanup(func() { _ = server.Close() })
			client := open(t, func(config *Config) {
				config.Resolver = nameserver{answer: func(string) []netip.Addr { return []netip.Addr{six, four} }}.resolver(t)
			})
			_, port, err := net.SplitHostPort(l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			got, err := client.Get(context.Background(), Request{URL: "http://news.example:" + port + "/feed", For: ForFeed})
			if err != nil || string(got.Body) != "<rss/>" {
				t.Errorf("%q, %v", got.Body, err)
			}
		})
	}
}
