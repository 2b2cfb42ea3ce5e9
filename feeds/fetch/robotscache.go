package fetch

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// How long robots.txt is kept. Source: RFC 9309, 2.3.1.4 and 2.4.
const (
	robotsFresh     = 24 * time.Hour
	robotsRetry     = time.Hour           // asked again after it could not be read
	robotsForgiven  = 30 * 24 * time.Hour // unreadable for so long, it binds no more
	maxRobotsCached = 4096
)

// robotsCache remembers robots.txt by origin.
type robotsCache struct {
	mu      sync.Mutex
	origins map[string]*robotsEntry
}

// robotsEntry is one origin's robots.txt. Who reads it holds the turn.
type robotsEntry struct {
	turn   chan struct{} // holds one token while nobody reads
	rules  robotsRules
	known  bool      // rules were read, or found absent, at some time
	asked  time.Time // last
	failed time.Time // since when it can't be read; zero if it can
	cause  error     // why it can't
}

func newRobotsCache() *robotsCache { return &robotsCache{origins: map[string]*robotsEntry{}} }

// entry finds or makes the entry of an origin.
func (c *robotsCache) entry(origin string) *robotsEntry {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.origins[origin]
	if e != nil {
		return e
	}
	if len(c.origins) >= maxRobotsCached {
		for key := range c.origins { // any one: it is read again when needed
			delete(c.origins, key)
			break
		}
	}
	e = &robotsEntry{turn: make(chan struct{}, 1)}
	e.turn <- struct{}{}
	c.origins[origin] = e
	return e
}

// rules gives what the robots.txt that speaks of u says, read at most once a
// day, and whether it was asked for now.
func (c *Client) rules(ctx context.Context, u *url.URL) (rules robotsRules, asked bool, err error) {
	origin := u.Scheme + "://" + strings.ToLower(u.Host)
	e := c.robots.entry(origin)
	select {
	case <-e.turn:
	case <-ctx.Done():
		return robotsRules{}, false, classify(ctx, ctx.Err())
	}
	defer func() { e.turn <- struct{}{} }()
	keep := robotsFresh
	if !e.failed.IsZero() {
		keep = robotsRetry
	}
	if e.asked.IsZero() || time.Since(e.asked) > keep {
		if err := c.readRobots(ctx, origin, e); err != nil {
			return robotsRules{}, false, err
		}
		asked = true
	}
	if !e.known && time.Since(e.failed) < robotsForgiven {
		return robotsRules{}, asked, fail(ClassRobotsUnknown, "robots.txt can't be read, so nothing is: %w", e.cause)
	}
	return e.rules, asked, nil
}

// Introduce reads the robots.txt that speaks of an address, if it is not known,
// and reports whether it asked the host for it. Get does so by itself, and then
// waits for the gap to pass; who visits many hosts calls this first, and turns
// to others meanwhile. What goes wrong Get will meet too.
func (c *Client) Introduce(ctx context.Context, raw string) bool {
	u, err := c.guard.parse(raw)
	if err != nil {
		return false
	}
	_, asked, _ := c.rules(ctx, u)
	return asked
}

// notOfRobots are failures that say nothing of robots.txt: the page itself
// would meet them.
var notOfRobots = []string{ClassCanceled, ClassCooldown, ClassEgressDenied, ClassDNS}

// readRobots asks an origin for its robots.txt. A refusal means that there is
// none; a server that fails leaves what was known before.
func (c *Client) readRobots(ctx context.Context, origin string, e *robotsEntry) error {
	answer, err := c.Get(ctx, Request{URL: origin + "/robots.txt", For: forRobots})
	var failed *Error
	if errors.As(err, &failed) && slices.Contains(notOfRobots, failed.Class) {
		return failed
	}
	e.asked = time.Now()
	absent := failed != nil && (failed.Status/100 == 4 || failed.Class == ClassEmpty || failed.Class == ClassRedirectLoop)
	switch {
	case err == nil:
		e.rules, e.known, e.failed = parseRobots(answer.Body, c.token()), true, time.Time{}
	case absent:
		e.rules, e.known, e.failed = robotsRules{}, true, time.Time{}
	default:
		e.cause = err
		if e.failed.IsZero() {
			e.failed = e.asked
		}
	}
	return nil
}

// Sitemaps lists the sitemaps that the robots.txt of an address's site names.
func (c *Client) Sitemaps(ctx context.Context, raw string) ([]string, error) {
	u, err := c.guard.parse(raw)
	if err != nil {
		return nil, located(err, raw)
	}
	rules, _, err := c.rules(ctx, u)
	if err != nil {
		return nil, located(err, raw)
	}
	return rules.sitemaps, nil
}
