package fetch

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"code.dny.dev/ssrf"
	"golang.org/x/net/idna"
)

// guard keeps requests away from addresses that are not public.
type guard struct {
	allow    []netip.Prefix
	guardian *ssrf.Guardian
}

// alsoDenied are addresses that IANA's registries call public and that lead
// into a cloud provider's own network all the same.
var alsoDenied = []netip.Prefix{
	netip.MustParsePrefix("168.63.129.16/32"), // Azure's host agent
}

func newGuard(allow []netip.Prefix) *guard {
	return &guard{
		allow:    allow,
		guardian: ssrf.New(ssrf.WithAnyPort(), ssrf.WithAnyNetwork(), ssrf.WithDeniedV4Prefixes(alsoDenied...)),
	}
}

// opened reports whether the operator listed a prefix that holds ip.
func (g *guard) opened(ip netip.Addr) bool {
	return slices.ContainsFunc(g.allow, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// check refuses an address and port that we don't connect to.
func (g *guard) check(to netip.AddrPort) error {
	if g.opened(to.Addr()) {
		return nil
	}
	if !allowedPort(to.Port()) {
		return fail(ClassEgressDenied, "port %d serves no web pages", to.Port())
	}
	if err := g.guardian.SafeAddr(to.Addr()); err != nil {
		return &Error{Class: ClassEgressDenied, Err: err}
	}
	return nil
}

// otherServices are the ports above 1023 that browsers don't speak HTTP to.
// Source: WHATWG Fetch, "bad port".
var otherServices = []uint16{1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566,
	6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080}

// allowedPort reports whether a public web server may stand behind a port.
func allowedPort(port uint16) bool {
	return port == 80 || port == 443 || port >= 1024 && !slices.Contains(otherServices, port)
}

// parse reads an address that we may ask: absolute, http or https, without a
// password, its host in ASCII, and if the host is an address, one that passes.
func (g *guard) parse(raw string) (*url.URL, error) {
	if len(raw) > maxURL {
		return nil, fail(ClassBadURL, "longer than %d bytes", maxURL)
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fail(ClassBadURL, "%s", strings.TrimPrefix(err.Error(), "parse "))
	}
	u.Fragment, u.RawFragment = "", ""
	if err := g.checkURL(u); err != nil {
		return nil, err
	}
	return u, nil
}

// checkURL does what parse promises, and rewrites the host in ASCII.
func (g *guard) checkURL(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return fail(ClassBadURL, "scheme %q is neither http nor https", u.Scheme)
	case u.User != nil:
		return fail(ClassBadURL, "holds a user name or password")
	case u.Hostname() == "":
		return fail(ClassBadURL, "has no host")
	}
	port, err := portOf(u)
	if err != nil {
		return err
	}
	host := u.Hostname()
	if ip, err := netip.ParseAddr(host); err == nil {
		return g.check(netip.AddrPortFrom(ip, port))
	}
	if strings.ContainsAny(host, ":%") {
		return fail(ClassBadURL, "host %q is no name and no address", host)
	}
	ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(host, "."))
	if err != nil {
		// Names with an underscore, say, resolve though no standard allows them.
		ascii = strings.ToLower(strings.TrimSuffix(host, "."))
		if !plainHost(ascii) {
			return fail(ClassBadURL, "host %q: %v", host, err)
		}
	}
	if ip, err := netip.ParseAddr(ascii); err == nil {
		return g.check(netip.AddrPortFrom(ip, port))
	}
	if looksLikeAddress(ascii) {
		return fail(ClassEgressDenied, "host %q is an address in a form that hides it", host)
	}
	if p := u.Port(); p != "" {
		ascii = net.JoinHostPort(ascii, p)
	}
	u.Host = ascii
	return nil
}

// portOf gives the port that an address means.
func portOf(u *url.URL) (uint16, error) {
	switch {
	case u.Port() != "":
		n, err := strconv.ParseUint(u.Port(), 10, 16)
		if err != nil || n == 0 {
			return 0, fail(ClassBadURL, "port %q", u.Port())
		}
		return uint16(n), nil
	case u.Scheme == "https":
		return 443, nil
	default:
		return 80, nil
	}
}

// plainHost reports whether a host is made of letters, digits, hyphens,
// underscores and dots alone.
func plainHost(host string) bool {
	return host != "" && strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == ""
}

// looksLikeAddress reports whether a host's last label is a number, decimal,
// octal or hexadecimal: some resolvers read such a name as an IPv4 address, and
// no such name is public. Source: WHATWG URL, "ends in a number".
func looksLikeAddress(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return last == "" || strings.Trim(last, "0123456789") == ""
}

// Host is the key by which requests take turns: the host of an address in
// lower case without its port; "" if the address can't be read.
func Host(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return hostKey(u)
}

func hostKey(u *url.URL) string {
	return strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
}
