package fetch

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"code.dny.dev/ssrf"

	"clusterwire/feeds/eval/corpus"
)

// hostileSet are addresses and hosts that must not be connected to, and public
// addresses that must not be refused.
type hostileSet struct {
	Addresses []string `json:"hostile_addresses"`
	Hosts     []string `json:"hostile_hosts"`
	Public    []string `json:"public_controls"`
}

// ownSet is made from IANA's special prefixes (first, second and last address of each), from
// the addresses at which clouds keep their secrets, and from forms in which an
// address can be hidden.
func ownSet() hostileSet {
	set := hostileSet{
		Addresses: []string{"169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "168.63.129.16",
			"fd00:ec2::254", "fd20:ce::254", "::", "::1", "::7f00:1", "::ffff:0:7f00:1", "64:ff9b::a9fe:a9fe",
			"64:ff9b:1::7f00:1", "fe80::1", "fec0::1", "ff02::1", "fc00::1", "100::1", "5f00::1", "4000::1", "1fff::1"},
		Public: []string{"9.9.9.9", "8.8.4.4", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0",
			"192.0.1.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2620:fe::fe", "2001:4860:4860::8844", "2a03:2880::1"},
	}
	for _, p := range append(append([]netip.Prefix{}, ssrf.IPv4DeniedPrefixes...), ssrf.IPv6DeniedPrefixes...) {
		first := p.Masked().Addr()
		set.Addresses = append(set.Addresses, first.String(), first.Next().String(), last(p).String())
		if first.Is4() {
			set.Addresses = append(set.Addresses, "::ffff:"+first.Next().String())
		}
	}
	for _, ip := range []string{"127.0.0.1", "169.254.169.254", "10.1.2.3", "0.0.0.0"} {
		set.Hosts = append(set.Hosts, hidden(netip.MustParseAddr(ip))...)
	}
	set.Hosts = append(set.Hosts, "localhost", "LocalHost", "localhost.", "a.localhost", "ip6-localhost", "ip6-loopback", "metadata", "metadata.google.internal",
		"[::1]", "[::]", "[::ffff:127.0.0.1]", "[::1%25lo]", "[fe80::1%25eth0]", "[::127.0.0.1]", "rebind.example",
		"user@127.0.0.1", "127.0.0.1:80@news.example", "127.0.0.1%00.news.example", "127.0.0.1%2f.news.example",
		"127.0.0.1\\@news.example", "127.0.0.1\\.news.example", "news.example#@127.0.0.1", "127.0.0.1 .news.example", "[127.0.0.1]", "")
	return set
}

// last is the greatest address of a prefix.
func last(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().AsSlice()
	for bit := p.Bits(); bit < len(b)*8; bit++ {
		b[bit/8] |= 1 << (7 - bit%8)
	}
	ip, _ := netip.AddrFromSlice(b)
	return ip
}

// hidden are the forms in which some resolver reads an IPv4 address.
func hidden(ip netip.Addr) []string {
	b := ip.As4()
	n := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	wide := strings.NewReplacer("0", "０", "1", "１", "2", "２", "3", "３", "4", "４", "5", "５", "6", "６", "7", "７", "8", "８", "9", "９")
	return []string{
		fmt.Sprint(n), fmt.Sprintf("0x%x", n), fmt.Sprintf("0X%X", n), fmt.Sprintf("0%o", n), fmt.Sprint(uint64(n) + 1<<32),
		fmt.Sprintf("0x%x.0x%x.0x%x.0x%x", b[0], b[1], b[2], b[3]), fmt.Sprintf("0%o.0%o.0%o.0%o", b[0], b[1], b[2], b[3]),
		fmt.Sprintf("%03d.%03d.%03d.%03d", b[0], b[1], b[2], b[3]), fmt.Sprintf("%d.%d", b[0], n&0xffffff),
		fmt.Sprintf("%d.%d.%d", b[0], b[1], n&0xffff), ip.String() + ".", ip.String() + "..",
		strings.ReplaceAll(ip.String(), ".", "。"), wide.Replace(ip.String()), ip.String() + ".nip.io",
		fmt.Sprintf("[::ffff:%x:%x]", n>>16, n&0xffff),
	}
}

// corpusSet is the published list, where it is present.
func corpusSet(t *testing.T) hostileSet {
	t.Helper()
	text, err := os.ReadFile(corpus.Path(t, "ssrf.json"))
	if err != nil {
		t.Fatal(err)
	}
	var set hostileSet
	if err := json.Unmarshal(text, &set); err != nil {
		t.Fatal(err)
	}
	return set
}

// onBothSets runs a test on our list always and on the published one too where
// that is present.
func onBothSets(t *testing.T, test func(*testing.T, hostileSet)) {
	t.Helper()
	t.Run("own", func(t *testing.T) { test(t, ownSet()) })
	t.Run("corpus", func(t *testing.T) { test(t, corpusSet(t)) })
}

// trap listens on loopback and counts who connects.
func trap(t *testing.T) (port string, connects *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	connects = new(atomic.Int64)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			connects.Add(1)
			_, _ = conn.Read(make([]byte, 4096))
			_, _ = conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret"))
			_ = conn.Close()
		}
	}()
	_, port, err = net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port, connects
}

// bracketed writes an address as the host of a URL.
func bracketed(ip string) string {
	if strings.Contains(ip, ":") {
		return "[" + ip + "]"
	}
	return ip
}

// S1: hostile literals in an address, and given to the dialer itself.
func TestGuardRefusesLiterals(t *testing.T) {
	onBothSets(t, func(t *testing.T, set hostileSet) {
		port, connects := trap(t)
		c := open(t, func(config *Config) { config.Allow = nil })
		for _, ip := range set.Addresses {
			for _, p := range []string{"80", "443", "8080", "22", port} {
				_, err := c.Get(context.Background(), Request{URL: "http://" + net.JoinHostPort(ip, p) + "/feed", For: ForFeed})
				if class(err) != ClassEgressDenied {
					t.Errorf("Get %s port %s: %v", ip, p, err)
				}
				conn, err := c.dial(context.Background(), "tcp", net.JoinHostPort(ip, p))
				if class(err) != ClassEgressDenied {
					t.Errorf("dial %s port %s: %v", ip, p, err)
				}
				if conn != nil {
					_ = conn.Close()
				}
			}
		}
		if n := connects.Load(); n != 0 {
			t.Errorf("%d connections to loopback", n)
		}
		t.Logf("%d addresses, 5 ports each: none dialled", len(set.Addresses))
	})
}

// S2: hosts that are, or resolve to, a private address in some resolver. The
// name server here sends every name to loopback.
func TestGuardRefusesHosts(t *testing.T) {
	onBothSets(t, func(t *testing.T, set hostileSet) {
		port, connects := trap(t)
		toLoopback := nameserver{answer: func(string) []netip.Addr {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")}
		}}
		c := open(t, func(config *Config) { config.Allow, config.Resolver = nil, toLoopback.resolver(t) })
		for _, host := range set.Hosts {
			for _, raw := range []string{"http://" + host + ":" + port + "/feed", "http://" + host + "/feed", "https://" + host + "/feed"} {
				got, err := c.Get(context.Background(), Request{URL: raw, For: ForFeed})
				if cl := class(err); cl != ClassEgressDenied && cl != ClassBadURL && cl != ClassDNS {
					t.Errorf("%s: %v, body %q", raw, err, got.Body)
				}
			}
		}
		if n := connects.Load(); n != 0 {
			t.Errorf("%d connections to loopback", n)
		}
		t.Logf("%d host forms: none dialled", len(set.Hosts))
	})
}

func TestGuardRefusesSchemes(t *testing.T) {
	c := open(t, nil)
	for _, raw := range []string{"file:///etc/passwd", "ftp://news.example/", "gopher://news.example/", "dict://news.example/",
		"jar:http://news.example/!/", "data:text/xml,<rss/>", "javascript:alert(1)", "view-source:http://news.example/",
		"unix:/run/x.sock", "ws://news.example/", "//news.example/feed", "/feed", "feed://news.example/", "http:/news.example",
		"http:///feed", "", "http://news.example:0/", "http://news.example:99999/", "http://user:pw@news.example/", "http://u@news.example/"} {
		if _, err := c.Get(context.Background(), Request{URL: raw, For: ForFeed}); class(err) != ClassBadURL {
			t.Errorf("%q: %v, want %s", raw, err, ClassBadURL)
		}
	}
}

// S3: public addresses pass, on ports of the web.
func TestGuardPassesPublic(t *testing.T) {
	onBothSets(t, func(t *testing.T, set hostileSet) {
		g := newGuard(nil)
		for _, ip := range set.Public {
			for _, port := range []string{"80", "443", "8080", "8443"} {
				if _, err := g.parse("http://" + net.JoinHostPort(ip, port) + "/"); err != nil {
					t.Errorf("%s: %v", ip, err)
				}
			}
			if _, err := g.parse("http://" + net.JoinHostPort(ip, "22") + "/"); class(err) != ClassEgressDenied {
				t.Errorf("%s port 22: %v", ip, err)
			}
		}
	})
}

// S4: a public host redirects to each hostile address, with each status.
func TestGuardRefusesRedirects(t *testing.T) {
	onBothSets(t, func(t *testing.T, set hostileSet) {
		port, connects := trap(t)
		origin := serve(t, func(w http.ResponseWriter, r *http.Request) {
			var status int
			_, _ = fmt.Sscan(r.URL.Query().Get("status"), &status)
			w.Header()["Location"] = []string{r.URL.Query().Get("to")}
			w.WriteHeader(status)
		})
		at := netip.MustParseAddrPort(strings.TrimPrefix(origin, "http://"))
		c := open(t, func(config *Config) {
			config.Allow = nil
			config.Hosts = map[string]netip.AddrPort{"news.example": at}
		})
		for _, ip := range set.Addresses {
			for _, status := range []int{301, 302, 303, 307, 308} {
				to := url.QueryEscape("http://" + bracketed(ip) + ":" + port + "/feed")
				_, err := c.Get(context.Background(), Request{URL: fmt.Sprintf("http://news.example/?status=%d&to=%s", status, to), For: ForFeed})
				if class(err) != ClassBlockedHop {
					t.Errorf("%d to %s: %v", status, ip, err)
				}
			}
		}
		for _, to := range []string{"file:///etc/passwd", "gopher://127.0.0.1/", "http://u:p@news.example/", "http://2130706433/", "//0x7f000001/"} {
			_, err := c.Get(context.Background(), Request{URL: "http://news.example/?status=302&to=" + url.QueryEscape(to), For: ForFeed})
			if class(err) != ClassBlockedHop {
				t.Errorf("to %s: %v", to, err)
			}
		}
		if n := connects.Load(); n != 0 {
			t.Errorf("%d connections to loopback", n)
		}
		t.Logf("%d redirects: none followed", len(set.Addresses)*5)
	})
}

// S5: what is judged is the address that is connected to, after every lookup.
func TestGuardAfterLookup(t *testing.T) {
	port, connects := trap(t)
	private, public := netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("9.9.9.9")
	var asked atomic.Int64
	for _, s := range []struct {
		name   string
		alias  string
		answer func(string) []netip.Addr
	}{
		{"private", "", func(string) []netip.Addr { return []netip.Addr{private} }},
		{"alias of a private name", "intranet.example.", func(string) []netip.Addr { return []netip.Addr{private} }},
		{"many private", "", func(string) []netip.Addr {
			return []netip.Addr{private, netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("::1")}
		}},
		{"rebinding", "", func(string) []netip.Addr {
			if asked.Add(1) <= 2 { // A and AAAA of the first request
				return []netip.Addr{public}
			}
			return []netip.Addr{private}
		}},
	} {
		t.Run(s.name, func(t *testing.T) {
			c := open(t, func(config *Config) {
				config.Allow, config.Resolver = nil, nameserver{answer: s.answer, alias: s.alias}.resolver(t)
				config.Limits.Dial = 1 // a public address can't be reached from a test
			})
			if s.name == "rebinding" {
				_, _ = c.Get(context.Background(), Request{URL: "http://rebind.example:" + port + "/", For: ForFeed})
			}
			c.limits.Dial = 0
			_, err := c.Get(context.Background(), Request{URL: "http://rebind.example:" + port + "/", For: ForFeed})
			if class(err) != ClassEgressDenied {
				t.Errorf("%v", err)
			}
		})
	}
	t.Run("mixed", func(t *testing.T) {
		// The address that the operator opened stands for the public one.
		mixed := nameserver{answer: func(string) []netip.Addr {
			return []netip.Addr{netip.MustParseAddr("10.255.255.254"), netip.MustParseAddr("127.0.0.2"), private}
		}}
		c := open(t, func(config *Config) {
			config.Allow = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
			config.Resolver = mixed.resolver(t)
		})
		before := connects.Load()
		got, err := c.Get(context.Background(), Request{URL: "http://mixed.example:" + port + "/", For: ForFeed})
		if err != nil || string(got.Body) != "secret" || connects.Load() != before+1 {
			t.Errorf("%q, %v, %d connections", got.Body, err, connects.Load()-before)
		}
	})
	if n := connects.Load(); n != 1 {
		t.Errorf("%d connections to loopback, want the one that was opened", n)
	}
}

// S7: the environment's proxy is not used; a configured one is, and private
// addresses are refused before it is asked.
func TestProxy(t *testing.T) {
	var asked []string
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.RequestURI)
		_, _ = w.Write([]byte("through the proxy"))
	})
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"} {
		t.Setenv(name, proxy)
	}
	c := open(t, func(config *Config) { config.Allow, config.Resolver = nil, nameserver{}.resolver(t) })
	if _, err := c.Get(context.Background(), Request{URL: "http://news.example/feed", For: ForFeed}); class(err) != ClassDNS {
		t.Errorf("with a proxy in the environment: %v", err)
	}
	u, err := url.Parse(proxy)
	if err != nil {
		t.Fatal(err)
	}
	c = open(t, func(config *Config) { config.Allow, config.Proxy = nil, u })
	got, err := c.Get(context.Background(), Request{URL: "http://news.example/feed", For: ForFeed})
	if err != nil || string(got.Body) != "through the proxy" {
		t.Errorf("through the proxy: %q, %v", got.Body, err)
	}
	if _, err := c.Get(context.Background(), Request{URL: "http://169.254.169.254/latest", For: ForFeed}); class(err) != ClassEgressDenied {
		t.Errorf("private address through the proxy: %v", err)
	}
	if len(asked) != 1 || asked[0] != "http://news.example/feed" {
		t.Errorf("the proxy was asked for %q", asked)
	}
}

// S10: a prefix opens itself alone.
func TestAllow(t *testing.T) {
	g := newGuard([]netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00:1::/32")})
	for ip, want := range map[string]bool{"10.1.2.3": true, "10.2.0.1": false, "127.0.0.1": false, "fd00:1::7": true, "fd00:2::7": false, "::1": false, "::ffff:10.1.2.3": false, "169.254.169.254": false} {
		if err := g.check(netip.AddrPortFrom(netip.MustParseAddr(ip), 80)); (err == nil) != want {
			t.Errorf("%s: %v", ip, err)
		}
	}
}
