package fetch

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Classes of failure. They are stored and shown: never rename one. A refusal by
// status is "http_" and the status, e.g. "http_404".
const (
	ClassBadURL        = "bad_url"         // not an address that can be asked
	ClassEgressDenied  = "egress_denied"   // not a public address
	ClassDNS           = "dns"             // the name was not resolved
	ClassDial          = "dial"            // no connection
	ClassTLSTimeout    = "tls_timeout"     // the handshake did not end
	ClassTLSExpired    = "tls_expired"     // certificate out of date
	ClassTLSHost       = "tls_host"        // certificate of another host
	ClassTLSUntrusted  = "tls_untrusted"   // certificate of an unknown authority
	ClassTLSProtocol   = "tls_protocol"    // no common version, or no TLS at all
	ClassHeaderTimeout = "header_timeout"  // connected, but no answer
	ClassTimeout       = "timeout"         // the whole took too long
	ClassTooSlow       = "too_slow"        // the body stopped coming
	ClassReset         = "reset"           // the connection broke
	ClassTruncated     = "truncated"       // the body ended early
	ClassProtocol      = "protocol"        // not HTTP as we know it
	ClassHeadersTooBig = "headers_too_big" // more than 64 KiB of headers
	ClassTooLarge      = "too_large"       // body over the limit, as sent
	ClassDecodedTooBig = "decoded_too_large"
	ClassEncoding      = "encoding" // content coding unknown, stacked or broken
	ClassEmpty         = "empty"    // success without a body
	ClassRedirectLoop  = "redirect_loop"
	ClassBlockedHop    = "blocked_redirect" // a redirect to where we don't go
	ClassRobots        = "robots"           // robots.txt asks us not to
	ClassRobotsUnknown = "robots_unavailable"
	ClassChallenge     = "challenge" // a page that tests for a browser
	ClassUnasked304    = "unasked_304"
	ClassUnasked226    = "unasked_226"
	ClassCooldown      = "cooldown" // the host refused several of our requests
	ClassCanceled      = "canceled" // by us: says nothing about the publisher
	classHTTP2         = "http2"    // leads to one attempt over HTTP/1.1
)

// Error is why a request failed.
type Error struct {
	Class      string // one of the Class constants, or "http_" and the status
	Status     int    // of the answer; 0 if there was none
	URL        string // that failed: of the last hop
	RetryAfter time.Duration
	Permanent  string // as in Response: where permanent redirects led before it failed
	Err        error
}

// Error gives the failure in one line for a person.
func (e *Error) Error() string {
	text := e.Class
	if e.Status >= 300 && strings.HasPrefix(e.Class, "http_") {
		text = "the server answered " + strconv.Itoa(e.Status)
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// fail makes an Error of a class and a formatted cause.
func fail(class, format string, args ...any) *Error {
	return &Error{Class: class, Err: fmt.Errorf(format, args...)}
}

// Causes that cancel a request from within.
var (
	errTimeout = errors.New("took longer than allowed in all")
	errTooSlow = errors.New("the body stopped coming")
	errCooled  = errors.New("this host answered several of our requests with 429")
)

// classify finds the class of an error of the transport or of reading a body.
func classify(ctx context.Context, err error) *Error {
	var known *Error
	switch cause := context.Cause(ctx); {
	case errors.As(err, &known):
		return known
	case cause == errTimeout:
		return &Error{Class: ClassTimeout, Err: cause}
	case cause == errTooSlow:
		return &Error{Class: ClassTooSlow, Err: cause}
	case cause != nil:
		return &Error{Class: ClassCanceled, Err: cause}
	}
	return &Error{Class: cmp.Or(classOfNet(err), classOfText(err.Error()), ClassProtocol), Err: outward(err)}
}

// outwardError says of an error of the network what is not about our own.
type outwardError struct {
	text  string
	cause error
}

// Error gives the text for everybody.
func (e *outwardError) Error() string { return e.text }

// Unwrap gives the error as it was.
func (e *outwardError) Unwrap() error { return e.cause }

// outward leaves out of an error's text the addresses of this machine and of
// its resolver: failures are shown to everybody, and those are an operator's own.
func outward(err error) error {
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.As(err, &dns):
		why := dns.Err[strings.LastIndex(dns.Err, ": ")+1:] // of "read udp 192.0.2.2:42981->192.0.2.53:53: i/o timeout"
		return &outwardError{"lookup " + dns.Name + ": " + strings.TrimSpace(why), err}
	case errors.As(err, &op) && op.Source != nil:
		return &outwardError{strings.ReplaceAll(err.Error(), op.Source.String()+"->", ""), err}
	}
	return err
}

// classOfNet knows the errors that have types.
func classOfNet(err error) string {
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case classOfTLS(err) != "":
		return classOfTLS(err)
	case errors.As(err, &dns):
		return ClassDNS
	case errors.As(err, &op) && op.Op == "dial":
		return ClassDial
	case errors.Is(err, io.ErrUnexpectedEOF):
		return ClassTruncated
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed):
		return ClassReset
	}
	return ""
}

// classOfTLS knows why a handshake failed.
func classOfTLS(err error) string {
	var invalid x509.CertificateInvalidError
	var host x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var cert *tls.CertificateVerificationError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return ClassTLSExpired
	case errors.As(err, &host):
		return ClassTLSHost
	case errors.As(err, &unknown), errors.As(err, &invalid), errors.As(err, &cert):
		return ClassTLSUntrusted
	case errors.As(err, &record), errors.As(err, &alert):
		return ClassTLSProtocol
	}
	return ""
}

// textClasses are the errors of net/http that have no exported type.
var textClasses = []struct{ text, class string }{
	{"timeout awaiting response headers", ClassHeaderTimeout},
	{"TLS handshake timeout", ClassTLSTimeout},
	{"server response headers exceeded", ClassHeadersTooBig},
	{"response header list larger", ClassHeadersTooBig},
	{"too many 1xx", ClassProtocol},
	{"remote error: tls", ClassTLSProtocol},
	{"server gave HTTP response to HTTPS client", ClassTLSProtocol},
	{"http2:", classHTTP2},
	{"stream error: stream ID", classHTTP2},
	{"connection error: ", classHTTP2},
	{"tls: ", ClassTLSProtocol},
	{"server closed idle connection", ClassReset},
	{"connection reset", ClassReset},
	{"io: read/write on closed pipe", ClassReset},
}

// classOfText knows errors by what they say.
func classOfText(text string) string {
	for _, known := range textClasses {
		if strings.Contains(text, known.text) {
			return known.class
		}
	}
	return ""
}
