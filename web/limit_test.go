package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"
)

func TestLimiterRefusesAndRecovers(t *testing.T) {
	l := newLimiter(60, nil)
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	r := httptest.NewRequest("GET", "/api/v1/articles", nil)
	for i := range 60 {
		if err := l.allow(http.Header{}, r, now); err != nil {
			t.Fatalf("request %d of 60 was refused: %v", i+1, err)
		}
	}
	h := http.Header{}
	err := l.allow(h, r, now)
	var f *failure
	if !errors.As(err, &f) || f.Status != 429 {
		t.Fatalf("request 61: %v, want 429", err)
	}
	if f.Wait != time.Second || h.Get("RateLimit") != `"address";r=0;t=60` || h.Get("RateLimit-Policy") != `"address";q=60;w=60` {
		t.Errorf("headers %v", h)
	}
	if err := l.allow(http.Header{}, r, now.Add(time.Second)); err != nil {
		t.Errorf("a second later: %v", err)
	}
}

// R2: whoever sends X-Forwarded-For without a trusted proxy stays one client.
func TestForwardedForIsNotBelieved(t *testing.T) {
	l := newLimiter(10, nil)
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	refused := 0
	for i := range 20 {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("X-Forwarded-For", netip.AddrFrom4([4]byte{203, 0, 113, byte(i)}).String())
		r.Header.Set("X-Real-Ip", "203.0.113.77")
		r.Header.Set("Forwarded", "for=203.0.113.78")
		if l.allow(http.Header{}, r, now) != nil {
			refused++
		}
	}
	if refused != 10 || len(l.full) != 1 {
		t.Errorf("%d of 20 refused in %d buckets, want 10 in 1", refused, len(l.full))
	}
}

func TestClientAddress(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct {
		name, remote, forwarded, want string
		trusted                       []netip.Prefix
	}{
		{"direct", "203.0.113.9:1234", "", "203.0.113.9", proxies},
		{"behind a proxy", "10.0.0.1:1234", "203.0.113.9", "203.0.113.9", proxies},
		{"what the client wrote before the proxy", "10.0.0.1:1234", "198.51.100.1, 203.0.113.9", "203.0.113.9", proxies},
		{"two proxies", "10.0.0.1:1234", "203.0.113.9, 10.0.0.2", "203.0.113.9", proxies},
		{"junk", "10.0.0.1:1234", "junk", "10.0.0.1", proxies},
		{"untrusted", "192.0.2.1:1234", "203.0.113.9", "192.0.2.1", proxies},
		{"mapped", "[::ffff:192.0.2.1]:1234", "", "192.0.2.1", nil},
		{"v6 by /64", "[2001:db8:1:2:3:4:5:6]:1234", "", "2001:db8:1:2::", nil},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := newLimiter(1, c.trusted).client(r).String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestLimiterForgets(t *testing.T) {
	l := newLimiter(60, nil)
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	addr := netip.MustParseAddr("2001:db8::")
	for range mostAddresses + 10 {
		l.count(addr, now, time.Second)
		addr = addr.Next()
	}
	if len(l.full) > mostAddresses {
		t.Errorf("%d addresses kept, want at most %d", len(l.full), mostAddresses)
	}
}
