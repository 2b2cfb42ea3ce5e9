package fetch

import (
	"context"
	"sync"
	"time"
)

// pace gives each host's requests their turns: one at a time, first come first
// served, with a gap between the end of one and the start of the next.
//
// It holds no goroutine. What it knows of a host is forgotten in a sweep, once
// the host is idle and owed nothing more.
type pace struct {
	gap time.Duration

	mu    sync.Mutex
	hosts map[string]*host
	swept time.Time
}

// host is what the client remembers of one host.
type host struct {
	busy    bool
	waiting []chan struct{} // each gets the turn by being closed
	ended   time.Time       // the last request
	delay   time.Duration   // Crawl-delay of robots.txt, 0 if none

	plain   time.Time       // HTTP/2 failed here: HTTP/1.1 until then
	limited map[string]bool // addresses that were answered 429 …
	since   time.Time       // … since then
	cooled  time.Time       // no request at all until then
}

func newPace(gap time.Duration) *pace {
	return &pace{gap: gap, hosts: map[string]*host{}}
}

// enter waits for the turn of a host. The caller gives it back with leave.
func (p *pace) enter(ctx context.Context, key string) error {
	p.mu.Lock()
	p.sweep(time.Now())
	h := p.host(key)
	if h.busy {
		turn := make(chan struct{})
		h.waiting = append(h.waiting, turn)
		p.mu.Unlock()
		if err := p.await(ctx, key, turn); err != nil {
			return err
		}
		p.mu.Lock()
	}
	h.busy = true
	wait, cooled := time.Until(h.ended.Add(max(p.gap, h.delay))), time.Until(h.cooled)
	p.mu.Unlock()
	if cooled > 0 {
		p.pass(key)
		return &Error{Class: ClassCooldown, RetryAfter: cooled, Err: errCooled}
	}
	if err := sleep(ctx, wait); err != nil {
		p.pass(key)
		return err
	}
	return nil
}

// await waits until turn is closed, or leaves the queue when ctx ends.
func (p *pace) await(ctx context.Context, key string, turn chan struct{}) error {
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.host(key)
	for i, t := range h.waiting {
		if t == turn {
			h.waiting = append(h.waiting[:i], h.waiting[i+1:]...)
			return classify(ctx, ctx.Err())
		}
	}
	// The turn came at the same moment: hand it on.
	p.handOn(h)
	return classify(ctx, ctx.Err())
}

// leave gives the turn back after a request.
func (p *pace) leave(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.host(key)
	h.ended = time.Now()
	p.handOn(h)
}

// rest is how long a host is still to be left alone. While a request to it is
// under way nobody knows; then it is the gap that will follow.
func (p *pace) rest(key string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.hosts[key]
	if h == nil {
		return 0
	}
	gap := max(p.gap, h.delay)
	if h.busy {
		return max(gap, leastRest)
	}
	return max(time.Until(h.ended.Add(gap)), 0)
}

// leastRest is how long to wait for a host that is being asked, where no gap is kept.
const leastRest = 10 * time.Millisecond

// pass gives the turn back without having used it.
func (p *pace) pass(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handOn(p.host(key))
}

// handOn gives the turn to who waits longest. The lock is held.
func (p *pace) handOn(h *host) {
	if len(h.waiting) == 0 {
		h.busy, h.waiting = false, nil
		return
	}
	close(h.waiting[0])
	h.waiting = h.waiting[1:]
}

// host finds or makes what is known of a host. The lock is held.
func (p *pace) host(key string) *host {
	h := p.hosts[key]
	if h == nil {
		h = &host{}
		p.hosts[key] = h
	}
	return h
}

// sweep forgets idle hosts, at most once a minute. The lock is held.
func (p *pace) sweep(now time.Time) {
	if now.Sub(p.swept) < time.Minute {
		return
	}
	p.swept = now
	for key, h := range p.hosts {
		if h.idle(now) {
			delete(p.hosts, key)
		}
	}
}

// idle reports whether nothing is lost by forgetting a host. Its Crawl-delay is
// learned again from the cache of robots.txt with the next page.
func (h *host) idle(now time.Time) bool {
	rested := now.Sub(h.ended) > max(h.delay, maxCrawlDelay)
	return !h.busy && rested && now.After(h.plain) && now.After(h.cooled) && now.Sub(h.since) > limitedFor
}

// setDelay records what robots.txt asks for.
func (p *pace) setDelay(key string, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.host(key).delay = min(d, maxCrawlDelay)
}

// plainFor is how long a host that broke HTTP/2 is asked over HTTP/1.1.
const plainFor = 24 * time.Hour

// setPlain records that HTTP/2 failed at a host.
func (p *pace) setPlain(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.host(key).plain = time.Now().Add(plainFor)
}

// isPlain reports whether a host is asked over HTTP/1.1 alone.
func (p *pace) isPlain(key string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.hosts[key]
	return h != nil && time.Now().Before(h.plain)
}

// limitedFor is how long a 429 counts towards the cool-down of its host, and
// how long that lasts where the server does not say.
const limitedFor = time.Hour

// setLimited records a 429. The first concerns its own address; when a second
// address of the host gets one, the host is left alone for as long as it asks.
func (p *pace) setLimited(key, url string, retryAfter time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h, now := p.host(key), time.Now()
	if h.limited == nil || now.Sub(h.since) > limitedFor {
		h.limited = map[string]bool{}
	}
	h.since = now
	h.limited[url] = true
	if len(h.limited) < 2 {
		return
	}
	h.limited = nil
	if retryAfter <= 0 {
		retryAfter = limitedFor
	}
	h.cooled = now.Add(min(retryAfter, 24*time.Hour))
}

// sleep waits for d or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	if ctx.Err() != nil {
		return classify(ctx, ctx.Err())
	}
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return classify(ctx, ctx.Err())
	}
}
