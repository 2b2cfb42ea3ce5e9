package fetch

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"
)

// walk is one request on its way along redirects.
type walk struct {
	client  *Client
	request Request
	left    time.Duration // for all requests that are still to be made

	at        *url.URL // where it stands
	hops      int
	temporary bool     // a temporary redirect has been followed
	lasting   *url.URL // where the permanent ones before it led
	noAI      bool     // robots.txt of the last hop says ai-input=no
}

// answer is what one server said.
type answer struct {
	status int
	header http.Header
	body   []byte // decoded; nil unless the status is one that has what was asked for
	plain  bool   // not in the coding that its header named
}

// permanent is where the permanent redirects led, "" if nowhere.
func (w *walk) permanent() string {
	if w.lasting == nil {
		return ""
	}
	return w.lasting.String()
}

// follow asks u, and where it is told to go next, until an answer is no redirect.
func (w *walk) follow(ctx context.Context, u *url.URL) (answer, error) {
	for w.at = u; ; {
		if err := w.permitted(ctx); err != nil {
			return answer{}, err
		}
		a, err := w.ask(ctx, w.at)
		if err != nil {
			return answer{}, w.blocked(err)
		}
		next, err := w.next(a)
		if err != nil || next == nil {
			return a, err
		}
		w.at = next
	}
}

// permitted asks robots.txt, where the purpose heeds it.
func (w *walk) permitted(ctx context.Context) error {
	p := w.request.For
	if !p.obeysRobots() && !(w.client.config.RobotsForFeeds && (p == ForFeed || p == ForSitemap)) {
		return nil
	}
	rules, _, err := w.client.rules(ctx, w.at)
	if err != nil {
		return err
	}
	w.client.pace.setDelay(hostKey(w.at), rules.delay)
	w.noAI = rules.noAI
	if !rules.allows(w.at) {
		return fail(ClassRobots, "robots.txt asks us not to read it")
	}
	return nil
}

// blocked calls the refusal of a redirect's target by its own name.
func (w *walk) blocked(err error) error {
	var e *Error
	if w.hops > 0 && errors.As(err, &e) && (e.Class == ClassEgressDenied || e.Class == ClassBadURL) {
		return &Error{Class: ClassBlockedHop, Err: err}
	}
	return err
}

// next gives where an answer redirects to, nil if it does not.
func (w *walk) next(a answer) (*url.URL, error) {
	lasting := false
	switch a.status {
	case http.StatusMovedPermanently, http.StatusPermanentRedirect:
		lasting = true
	case http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect:
	default:
		return nil, nil
	}
	if w.request.form != nil && a.status != http.StatusTemporaryRedirect && a.status != http.StatusPermanentRedirect {
		return nil, nil // these would turn POST into GET
	}
	location := a.header.Get("Location")
	if location == "" {
		return nil, nil // an error by its status
	}
	w.hops++
	if w.hops > maxRedirects {
		return nil, fail(ClassRedirectLoop, "more than %d redirects", maxRedirects)
	}
	to, err := w.at.Parse(location)
	if err != nil {
		return nil, fail(ClassBlockedHop, "redirected to %q", location)
	}
	to.Fragment, to.RawFragment = "", ""
	if w.at.Scheme == "https" && to.Scheme == "http" {
		return nil, fail(ClassBlockedHop, "redirected from https to http")
	}
	if err := w.client.guard.checkURL(to); err != nil {
		return nil, w.blocked(err)
	}
	if w.temporary = w.temporary || !lasting; !w.temporary {
		w.lasting = to
	}
	return to, nil
}

// ask makes one request in its turn. When HTTP/2 fails it asks once more over
// HTTP/1.1, and the host is asked so for a day.
func (w *walk) ask(ctx context.Context, u *url.URL) (answer, error) {
	c, key := w.client, hostKey(u)
	if err := c.pace.enter(ctx, key); err != nil {
		return answer{}, err
	}
	defer c.pace.leave(key)
	transport := c.modern
	if c.pace.isPlain(key) {
		transport = c.plain
	}
	a, err := w.exchange(ctx, transport, u)
	var e *Error
	if errors.As(err, &e) && e.Class == classHTTP2 && transport != c.plain {
		c.pace.setPlain(key)
		if err := sleep(ctx, c.config.Gap); err != nil {
			return answer{}, err
		}
		a, err = w.exchange(ctx, c.plain, u)
	}
	if err == nil && a.status == http.StatusTooManyRequests {
		c.pace.setLimited(key, u.String(), retryAfter(a.header, time.Now()))
	}
	return a, err
}

// exchange makes one request and reads what comes back, within what is left.
func (w *walk) exchange(parent context.Context, transport http.RoundTripper, u *url.URL) (answer, error) {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	clock := time.AfterFunc(w.left, func() { cancel(errTimeout) })
	defer clock.Stop()
	started := time.Now()
	defer func() { w.left -= time.Since(started) }()

	seat := &seat{subnets: w.client.subnets}
	defer seat.leave()
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		clock.Stop()
		waited := time.Now()
		seat.take(ctx, info.Conn)
		started = started.Add(time.Since(waited))
		clock.Reset(w.left - time.Since(started))
	}})
	req, err := http.NewRequestWithContext(traced, w.request.method(), u.String(), strings.NewReader(w.request.form.Encode()))
	if err != nil {
		return answer{}, fail(ClassBadURL, "%v", err)
	}
	req.Header = w.request.headers(w.client.config.UserAgent)
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return answer{}, classify(ctx, err)
	}
	defer func() { _ = resp.Body.Close() }() // what mattered was read
	return w.read(ctx, cancel, resp)
}

// read takes the body of an answer that has one for us.
func (w *walk) read(ctx context.Context, cancel context.CancelCauseFunc, resp *http.Response) (answer, error) {
	a := answer{status: resp.StatusCode, header: resp.Header}
	if a.status != http.StatusOK && a.status != http.StatusIMUsed {
		// A short body is read off, so that the connection serves the next request.
		_, _ = io.CopyN(io.Discard, resp.Body, 4<<10)
		return a, nil
	}
	body := body{limits: w.client.limits, purpose: w.request.For, cancel: cancel}
	sent, err := body.receive(resp)
	if err != nil {
		return answer{}, classify(ctx, err)
	}
	a.body, a.plain, err = body.decode(sent, resp.Header.Values("Content-Encoding"))
	if err != nil {
		return answer{}, classify(ctx, err)
	}
	return a, nil
}
