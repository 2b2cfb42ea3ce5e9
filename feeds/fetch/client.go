package fetch

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// Config says who asks and what may be reached. UserAgent alone is required.
type Config struct {
	// UserAgent is sent with every request: "name/version (+https://contact; feed fetcher)".
	// The name is also the product token that robots.txt is read for.
	UserAgent string

	Allow []netip.Prefix            // private prefixes that may be reached; loopback needs an entry too
	Hosts map[string]netip.AddrPort // like a hosts file: names that are served at an address, which is trusted
	Gap   time.Duration             // least time between two requests to one host; default 1 s
	Proxy *url.URL                  // all connections go through it; nil: none, whatever the environment says

	// RobotsForFeeds makes robots.txt speak of listed feeds and sitemaps too.
	RobotsForFeeds bool

	Limits Limits

	// For tests: an answer without a net, and a connection without a network.
	// The guard judges addresses all the same.
	Transport http.RoundTripper
	Dial      func(ctx context.Context, network, address string) (net.Conn, error)
	Resolver  *net.Resolver
	Roots     *x509.CertPool // nil: the system's
}

// Client reads the open internet. It is safe for concurrent use.
type Client struct {
	config  Config
	limits  Limits
	guard   *guard
	pace    *pace
	robots  *robotsCache
	subnets *subnets
	modern  http.RoundTripper // HTTP/2 where the server speaks it
	plain   http.RoundTripper // HTTP/1.1
}

// New makes a client. Close it when its work is done.
func New(config Config) (*Client, error) {
	if !strings.Contains(config.UserAgent, "/") || strings.ContainsAny(config.UserAgent, "\r\n") {
		return nil, fmt.Errorf("user agent %q is not of the form name/version (+https://contact; feed fetcher)", config.UserAgent)
	}
	config.Gap = cmp.Or(config.Gap, time.Second)
	c := &Client{
		config:  config,
		limits:  config.Limits.withDefaults(),
		guard:   newGuard(config.Allow),
		pace:    newPace(config.Gap),
		robots:  newRobotsCache(),
		subnets: newSubnets(config.Allow),
	}
	if config.Transport != nil {
		c.modern, c.plain = config.Transport, config.Transport
		return c, nil
	}
	c.modern, c.plain = c.transport(true), c.transport(false)
	return c, nil
}

// Close ends the connections that are kept for the next request. The client
// can still be used: call it after each batch.
func (c *Client) Close() {
	for _, rt := range []http.RoundTripper{c.modern, c.plain} {
		if t, ok := rt.(*http.Transport); ok {
			t.CloseIdleConnections()
		}
	}
}

// Host is the key by which requests to an address take turns, see Host.
func (c *Client) Host(raw string) string { return Host(raw) }

// Rest is how long the host of an address is still to be left alone. Get waits
// for as long; who visits many hosts asks this first, and turns to others
// meanwhile.
func (c *Client) Rest(raw string) time.Duration {
	u, err := c.guard.parse(raw)
	if err != nil {
		return 0 // Get will say so
	}
	return c.pace.rest(hostKey(u))
}

// Check reports, without asking anybody, why an address would be refused: it is
// none, or names a host by an address that is not public. nil promises nothing
// about where a name leads; Get judges that when it connects.
func (c *Client) Check(raw string) error {
	if _, err := c.guard.parse(raw); err != nil {
		return located(err, raw)
	}
	return nil
}

// Get reads one address, following at most five redirects. It waits for its
// turn at every host on the way, and fails with an *Error.
func (c *Client) Get(ctx context.Context, req Request) (Response, error) {
	u, err := c.guard.parse(req.URL)
	if err != nil {
		return Response{}, located(err, req.URL)
	}
	walk := walk{client: c, request: req, left: c.limits.total(req.For)}
	answer, err := walk.follow(ctx, u)
	if err != nil {
		failed := located(err, walk.at.String())
		failed.Permanent = walk.permanent()
		return Response{}, failed
	}
	return c.response(walk, answer)
}

// Post sends a form to a WebSub hub. It is the one request that is no GET.
func (c *Client) Post(ctx context.Context, raw string, form url.Values) (Response, error) {
	return c.Get(ctx, Request{URL: raw, For: ForHub, form: form})
}

// located gives an Error the address that it is about.
func located(err error, at string) *Error {
	var failed *Error
	if !errors.As(err, &failed) {
		failed = &Error{Class: ClassProtocol, Err: err}
	}
	copied := *failed
	copied.URL = at
	return &copied
}

// response turns the last answer of a walk into a Response, or refuses it.
func (c *Client) response(w walk, a answer) (Response, error) {
	r := Response{
		Status:      a.status,
		URL:         w.at.String(),
		Body:        a.body,
		ContentType: a.header.Get("Content-Type"),
		Location:    a.header.Get("Content-Location"),
		NotModified: a.status == http.StatusNotModified,
		Validators:  news.Validators{ETag: a.header.Get("ETag"), LastModified: a.header.Get("Last-Modified")},
		Permanent:   w.permanent(),
		MaxAge:      maxAge(a.header),
		Date:        httpDate(a.header.Get("Date")),
		Links:       links(a.header, w.at),
		Robots:      robotsTag(a.header, c.token()),
		Plain:       a.plain,
	}
	if r.NotModified {
		r.Validators.ETag = cmp.Or(r.Validators.ETag, w.request.Validators.ETag)
		r.Validators.LastModified = cmp.Or(r.Validators.LastModified, w.request.Validators.LastModified)
	}
	if w.noAI {
		r.Robots.NoAI = true
	}
	if err := w.request.refuse(a); err != nil {
		failed := located(err, r.URL)
		failed.Permanent = r.Permanent
		return Response{}, failed
	}
	return r, nil
}

// refuse says why an answer is none to this request; nil if it is.
func (r Request) refuse(a answer) error {
	status := &Error{Class: fmt.Sprintf("http_%d", a.status), Status: a.status, RetryAfter: retryAfter(a.header, time.Now())}
	asked := r.Validators != news.Validators{}
	switch {
	case strings.EqualFold(a.header.Get("Cf-Mitigated"), "challenge"):
		status.Class = ClassChallenge
		return status
	case a.status == http.StatusNotModified && !asked:
		return &Error{Class: ClassUnasked304, Status: a.status, Err: errors.New("not modified, though we have nothing")}
	case a.status == http.StatusNotModified:
		return nil
	case a.status == http.StatusIMUsed && (!asked || r.For != ForFeed):
		return &Error{Class: ClassUnasked226, Status: a.status, Err: errors.New("a difference, though we have nothing")}
	case a.status == http.StatusNoContent, a.status == http.StatusResetContent:
		return &Error{Class: ClassEmpty, Status: a.status, Err: fmt.Errorf("status %d has no body", a.status)}
	case a.status == http.StatusOK, a.status == http.StatusIMUsed, r.For == ForHub && a.status/100 == 2:
		if len(a.body) == 0 && r.For != ForHub {
			return &Error{Class: ClassEmpty, Status: a.status, Err: errors.New("success with an empty body")}
		}
		return nil
	}
	return status
}

// token is the product token of the user agent.
func (c *Client) token() string {
	token, _, _ := strings.Cut(c.config.UserAgent, "/")
	return strings.TrimSpace(token)
}
