package fetch

import "time"

// Limits bound what one answer may cost. Zero values stand for the defaults
// given beside each field.
type Limits struct {
	Dial     time.Duration // 10 s, with the lookup of the name
	TLS      time.Duration // 10 s
	Header   time.Duration // 15 s from the request to the end of the headers
	Total    time.Duration // 30 s for all hops, without the wait for a turn
	Page     time.Duration // 45 s: Total of pages
	Progress time.Duration // 10 s: at least 1 KiB of body must come in it

	Body        int64 // 8 MiB as sent
	Decoded     int64 // 16 MiB
	PageBody    int64 // 5 MiB
	PageDecoded int64 // 10 MiB
}

// Limits that nobody has had a reason to change.
const (
	maxHeaderBytes  = 64 << 10
	maxRedirects    = 5
	maxRobots       = 512 << 10 // RFC 9309 asks for at least 500 KiB
	maxRatio        = 200       // decoded to sent, once more than ratioFrom is decoded
	ratioFrom       = 1 << 20
	maxZstdWindow   = 8 << 20
	progressBytes   = 1 << 10
	maxURL          = 8 << 10
	maxCrawlDelay   = 30 * time.Second
	maxIdleConns    = 128
	idleConnTimeout = 40 * time.Second // longer than the longest gap, so a batch reuses its connection
	maxPerSubnet    = 4                // requests at once to one IPv4 /24 or IPv6 /64
)

// withDefaults fills what is zero.
func (l Limits) withDefaults() Limits {
	set := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	size := func(n *int64, v int64) {
		if *n == 0 {
			*n = v
		}
	}
	set(&l.Dial, 10*time.Second)
	set(&l.TLS, 10*time.Second)
	set(&l.Header, 15*time.Second)
	set(&l.Total, 30*time.Second)
	set(&l.Page, 45*time.Second)
	set(&l.Progress, 10*time.Second)
	size(&l.Body, 8<<20)
	size(&l.Decoded, 16<<20)
	size(&l.PageBody, 5<<20)
	size(&l.PageDecoded, 10<<20)
	return l
}

// total is the time that all hops of a request may take together.
func (l Limits) total(p Purpose) time.Duration {
	if p == ForPage {
		return l.Page
	}
	return l.Total
}

// sizes gives the greatest body, as sent and decoded.
func (l Limits) sizes(p Purpose) (sent, decoded int64) {
	switch p {
	case ForPage, ForDiscovery, ForHub:
		return l.PageBody, l.PageDecoded
	default:
		return l.Body, l.Decoded
	}
}
