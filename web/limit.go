package web

import (
	"fmt"
	"math"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// defaultPerMinute is what one address may ask for in a minute. A person never
// comes near it; a script that walks the whole archive is slowed, not stopped.
const defaultPerMinute = 6000

// limiter counts requests by address with the generic cell rate algorithm:
// one instant per address says when its allowance is whole again.
type limiter struct {
	quota   int // requests in a minute, negative: no limit
	trusted []netip.Prefix

	mu      sync.Mutex
	full    map[netip.Addr]time.Time
	streams map[netip.Addr]int // open ones
	open    int                // streams of all addresses
}

func newLimiter(perMinute int, trusted []netip.Prefix) *limiter {
	if perMinute == 0 {
		perMinute = defaultPerMinute
	}
	return &limiter{quota: perMinute, trusted: trusted, full: map[netip.Addr]time.Time{}, streams: map[netip.Addr]int{}}
}

// window is the time in which the quota is counted.
const window = time.Minute

// allow counts one request and says in the headers how many are left
// (draft-ietf-httpapi-ratelimit-headers-11).
func (l *limiter) allow(h http.Header, r *http.Request, now time.Time) error {
	if l.quota < 0 {
		return nil
	}
	cost := window / time.Duration(l.quota)
	full, refused := l.count(l.client(r), now, cost)
	owed := full.Sub(now)
	left := int((window - owed) / cost)
	h.Set("RateLimit-Policy", fmt.Sprintf(`"address";q=%d;w=%d`, l.quota, int(window.Seconds())))
	h.Set("RateLimit", fmt.Sprintf(`"address";r=%d;t=%d`, max(left, 0), ceilSeconds(owed)))
	if !refused {
		return nil
	}
	wait := max(ceilSeconds(owed+cost-window), 1)
	return &failure{Status: http.StatusTooManyRequests, Code: "too_many_requests", Title: "Too many requests", Wait: time.Duration(wait) * time.Second,
		Detail: fmt.Sprintf("This address has used its %d requests of a minute. Ask again in %d s.", l.quota, wait)}
}

// count moves the instant at which addr's allowance is whole again.
func (l *limiter) count(addr netip.Addr, now time.Time, cost time.Duration) (full time.Time, refused bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	full = l.full[addr]
	if full.Before(now) {
		full = now
	}
	if full.Add(cost).Sub(now) > window {
		return full, true
	}
	l.forget(now)
	full = full.Add(cost)
	l.full[addr] = full
	return full, false
}

// The streams that may be open at a time: by one address, and in all, since
// each asks the archive once a second.
const (
	streamsEach = 4
	streamsAll  = 256
)

// enter counts a stream in, and gives what counts it out again.
func (l *limiter) enter(r *http.Request) (leave func(), err error) {
	addr := l.client(r)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.streams[addr] >= streamsEach || l.open >= streamsAll {
		return nil, &failure{Status: http.StatusTooManyRequests, Code: "too_many_streams", Title: "Too many open streams", Wait: heartbeat,
			Detail: fmt.Sprintf("One address may keep %d streams open. Close one, or ask /changes now and then.", streamsEach)}
	}
	l.streams[addr]++
	l.open++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.open--
		if l.streams[addr]--; l.streams[addr] == 0 {
			delete(l.streams, addr)
		}
	}, nil
}

// mostAddresses bounds the memory of the limiter to a few megabytes.
const mostAddresses = 50_000

// forget drops the addresses whose allowance is whole. Where that is not
// enough, all are forgiven: better than to keep a stranger's list for ever.
func (l *limiter) forget(now time.Time) {
	if len(l.full) < mostAddresses {
		return
	}
	for addr, full := range l.full {
		if full.Before(now) {
			delete(l.full, addr)
		}
	}
	if len(l.full) >= mostAddresses {
		clear(l.full)
	}
}

// client is the address that a request is counted for. Of X-Forwarded-For only
// what a trusted proxy wrote is believed: its last entry, or the one before
// where that is a trusted proxy, too. IPv6 counts by /64, which one customer has.
func (l *limiter) client(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && l.trusts(addr); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		addr = hop
	}
	return bucket(addr)
}

func (l *limiter) trusts(addr netip.Addr) bool {
	for _, p := range l.trusted {
		if p.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}

func bucket(addr netip.Addr) netip.Addr {
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return addr
}

func ceilSeconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }
