package fetch

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"syscall"
)

// transport makes the way to the net, with HTTP/2 or without.
func (c *Client) transport(http2 bool) *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(http2)
	t := &http.Transport{
		DialContext:            c.dial,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.config.Roots},
		TLSHandshakeTimeout:    c.limits.TLS,
		ResponseHeaderTimeout:  c.limits.Header,
		MaxResponseHeaderBytes: maxHeaderBytes,
		MaxIdleConns:           maxIdleConns,
		MaxIdleConnsPerHost:    1,
		IdleConnTimeout:        idleConnTimeout,
		DisableCompression:     true, // decoded here, under limits
		Protocols:              protocols,
	}
	if c.config.Proxy != nil {
		t.Proxy = http.ProxyURL(c.config.Proxy)
	}
	return t
}

// dial connects to an address that the guard lets pass. The guard stands
// between lookup and connection, so what it judged is what is connected to,
// and a private address among public ones is passed over.
func (c *Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if c.config.Dial != nil {
		return c.config.Dial(ctx, network, address)
	}
	dialer := &net.Dialer{Timeout: c.limits.Dial, Resolver: c.config.Resolver}
	name, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if at, ok := c.config.Hosts[strings.ToLower(name)]; ok {
		return dialer.DialContext(ctx, network, at.String())
	}
	if c.config.Proxy == nil || address != proxyAddress(c.config.Proxy.Host, c.config.Proxy.Scheme) {
		dialer.ControlContext = c.control
	}
	return dialer.DialContext(ctx, network, address)
}

// control refuses a connection that is about to be made.
func (c *Client) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" {
		return fail(ClassEgressDenied, "%s %s", network, address)
	}
	return c.guard.check(to)
}

// proxyAddress gives a proxy's host with its port.
func proxyAddress(host, scheme string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	port := map[string]string{"https": "443", "socks5": "1080", "socks5h": "1080"}[scheme]
	if port == "" {
		port = "80"
	}
	return net.JoinHostPort(host, port)
}

// subnets keeps requests that run at once to one neighbourhood of the net, where
// many names often share a machine, at maxPerSubnet. Prefixes that the operator
// opened are exempt: they are the operator's own machines.
type subnets struct {
	exempt []netip.Prefix

	mu    sync.Mutex
	seats map[netip.Prefix]*seats
}

// seats are the places of one subnet.
type seats struct {
	taken chan struct{}
	users int // who hold or wait for one
}

func newSubnets(exempt []netip.Prefix) *subnets {
	return &subnets{exempt: exempt, seats: map[netip.Prefix]*seats{}}
}

// of gives the subnet of a connection's far end; false if it is not limited.
func (s *subnets) of(conn net.Conn) (netip.Prefix, bool) {
	tcp, ok := conn.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.Prefix{}, false
	}
	ip := tcp.AddrPort().Addr().Unmap()
	if ip.IsLoopback() {
		return netip.Prefix{}, false
	}
	for _, p := range s.exempt {
		if p.Contains(ip) {
			return netip.Prefix{}, false
		}
	}
	bits := 24
	if ip.Is6() {
		bits = 64
	}
	prefix, err := ip.WithZone("").Prefix(bits)
	return prefix, err == nil
}

// seat is one request's place in a subnet.
type seat struct {
	subnets *subnets
	prefix  netip.Prefix
	held    *seats
}

// take waits for a place in the subnet of conn. When ctx ends first it returns
// without one: the request then fails of the same context.
func (s *seat) take(ctx context.Context, conn net.Conn) {
	s.leave() // the transport changes the connection when the first was stale
	prefix, limited := s.subnets.of(conn)
	if !limited {
		return
	}
	s.subnets.mu.Lock()
	all := s.subnets.seats[prefix]
	if all == nil {
		all = &seats{taken: make(chan struct{}, maxPerSubnet)}
		s.subnets.seats[prefix] = all
	}
	all.users++
	s.subnets.mu.Unlock()
	select {
	case all.taken <- struct{}{}:
		s.prefix, s.held = prefix, all
	case <-ctx.Done():
		s.subnets.drop(prefix, all)
	}
}

// leave gives the place back, if there is one.
func (s *seat) leave() {
	if s.held == nil {
		return
	}
	<-s.held.taken
	s.subnets.drop(s.prefix, s.held)
	s.held = nil
}

// drop forgets a subnet that nobody uses any more.
func (s *subnets) drop(prefix netip.Prefix, all *seats) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if all.users--; all.users == 0 {
		delete(s.seats, prefix)
	}
}
