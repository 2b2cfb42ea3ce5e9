package fetch

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"clusterwire/feeds/news"
)

// pipes is a network of in-memory connections: what it is dialled for is served
// by its function. With testing/synctest, hours on it pass at once.
func pipes(serve func(conn net.Conn)) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			defer func() { _ = theirs.Close() }()
			serve(theirs)
		}()
		return ours, nil
	}
}

// readRequest reads the head of one request.
func readRequest(conn net.Conn) bool {
	_, err := http.ReadRequest(bufio.NewReader(conn))
	return err == nil
}

// drip writes one byte a second until the connection ends.
func drip(conn net.Conn) {
	for {
		if _, err := conn.Write([]byte("a")); err != nil {
			return
		}
		time.Sleep(time.Second)
	}
}

// N1 and N2: servers that never come to an end, in virtual time.
func TestSlowServers(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 5000000\r\n\r\n"
	for _, c := range []struct {
		name, want string
		within     time.Duration
		serve      func(net.Conn)
	}{
		{"no answer", ClassHeaderTimeout, 15 * time.Second, func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }},
		{"headers drip", ClassHeaderTimeout, 15 * time.Second, func(conn net.Conn) { readRequest(conn); drip(conn) }},
		{"body drips", ClassTooSlow, 10 * time.Second, func(conn net.Conn) {
			readRequest(conn)
			_, _ = io.WriteString(conn, head)
			drip(conn)
		}},
		{"body stops", ClassTooSlow, 11 * time.Second, func(conn net.Conn) {
			readRequest(conn)
			_, _ = io.WriteString(conn, head+noise(100_000))
			_, _ = io.Copy(io.Discard, conn)
		}},
		{"body never ends", ClassTimeout, 30 * time.Second, func(conn net.Conn) {
			readRequest(conn)
			_, _ = io.WriteString(conn, head)
			for {
				if _, err := io.WriteString(conn, noise(2000)); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := open(t, func(config *Config) { config.Dial = pipes(c.serve) })
				defer time.Sleep(5 * time.Second) // until the server notices
				started := time.Now()
				_, err := client.Get(t.Context(), Request{URL: "http://news.example/feed", For: ForFeed})
				if took := time.Since(started); class(err) != c.want || took > c.within {
					t.Errorf("%v after %v, want %s within %v", err, took, c.want, c.within)
				}
			})
		})
	}
}

// N3: many such hosts at once hold up nobody else and leave nothing behind.
func TestSlowServersTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := open(t, func(config *Config) {
			config.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
				if strings.HasPrefix(address, "slow") {
					return pipes(func(conn net.Conn) { readRequest(conn); drip(conn) })(ctx, network, address)
				}
				return pipes(func(conn net.Conn) {
					readRequest(conn)
					_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<rss/>")
				})(ctx, network, address)
			}
		})
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				_, err := client.Get(t.Context(), Request{URL: fmt.Sprintf("http://slow%d.example/", i), For: ForFeed})
				if class(err) != ClassHeaderTimeout {
					t.Errorf("slow: %v", err)
				}
			})
			wg.Go(func() {
				started := time.Now()
				_, err := client.Get(t.Context(), Request{URL: fmt.Sprintf("http://good%d.example/", i), For: ForFeed})
				if err != nil || time.Since(started) > time.Second {
					t.Errorf("good: %v after %v", err, time.Since(started))
				}
			})
		}
		wg.Wait()
		time.Sleep(5 * time.Second) // until the servers notice
	}) // the bubble fails if a goroutine stays
}

// raw plays a server of bytes on loopback: each connection is answered in full
// with what is written here, and then closed.
func raw(t *testing.T, answer string, reset bool) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				if !readRequest(conn) {
					return
				}
				_, _ = io.WriteString(conn, answer)
				if tcp, ok := conn.(*net.TCPConn); ok && reset {
					_ = tcp.SetLinger(0)
				}
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

// N4 and N5: bytes that are not quite HTTP.
func TestMalformedServers(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	for _, c := range []struct {
		name, answer string
		reset        bool
		want         string // classes that are right, separated by spaces; "ok": read, "any": either
	}{
		{"length too long", ok + "Content-Length: 100\r\n\r\n<rss/>", false, ClassTruncated},
		{"length too short", ok + "Content-Length: 3\r\n\r\n<rss/>", false, "ok"},
		{"chunks without end", ok + "Transfer-Encoding: chunked\r\n\r\n6\r\n<rss/>\r\n", false, ClassTruncated},
		{"broken chunk", ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n<rss/>\r\n0\r\n\r\n", false, ClassProtocol},
		{"reset", ok + "Content-Length: 100\r\n\r\n<rss/>", true, ClassReset + " " + ClassTruncated},
		{"nothing", "", false, ClassReset},
		{"half a head", "HTTP/1.1 200 OK\r\nContent-Ty", false, ClassTruncated + " " + ClassReset + " " + ClassProtocol},
		{"one great header", ok + "X-A: " + strings.Repeat("a", 1<<20) + "\r\nContent-Length: 6\r\n\r\n<rss/>", false, ClassHeadersTooBig},
		{"many headers", ok + strings.Repeat("X-A: bbbbbbbbbbbbbbbbbbbbbbbbb\r\n", 40_000) + "\r\n", false, ClassHeadersTooBig},
		{"10,000 cookies", ok + strings.Repeat("Set-Cookie: a=b\r\n", 10_000) + "\r\n<rss/>", false, ClassHeadersTooBig},
		{"a few cookies", ok + strings.Repeat("Set-Cookie: a=b\r\n", 50) + "Content-Length: 6\r\n\r\n<rss/>", false, "ok"},
		{"HTTP/9.9", "HTTP/9.9 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>", false, "any"},
		{"no reason", "HTTP/1.1 200\r\nContent-Length: 6\r\n\r\n<rss/>", false, "ok"},
		{"line feeds alone", "HTTP/1.1 200 OK\nContent-Length: 6\n\n<rss/>", false, "ok"},
		{"NUL in a header", ok + "X-A: a\x00b\r\nContent-Length: 6\r\n\r\n<rss/>", false, ClassProtocol},
		{"two lengths", ok + "Content-Length: 6\r\nContent-Length: 5\r\n\r\n<rss/>", false, ClassProtocol},
		{"negative length", ok + "Content-Length: -6\r\n\r\n<rss/>", false, ClassProtocol},
		{"chunks and a length", ok + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n6\r\n<rss/>\r\n0\r\n\r\n", false, "any"},
		{"not HTTP", "SSH-2.0-OpenSSH_9.2\r\n", false, ClassProtocol},
		{"HTTP/0.9", "<rss/>", false, ClassProtocol},
		{"endless 1xx", strings.Repeat("HTTP/1.1 103 Early Hints\r\nX-A: b\r\n\r\n", 100_000), false, ClassProtocol + " " + ClassHeadersTooBig},
		{"too large by its length", ok + "Content-Length: 99999999\r\n\r\n<rss/>", false, ClassTooLarge},
		{"too large", ok + "\r\n" + noise(8<<20+1), false, ClassTooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := open(t, nil)
			got, err := client.Get(context.Background(), Request{URL: raw(t, c.answer, c.reset), For: ForFeed})
			switch {
			case c.want == "any":
			case c.want == "ok" && err == nil && len(got.Body) > 0:
			case err != nil && strings.Contains(" "+c.want+" ", " "+class(err)+" "):
			default:
				t.Errorf("%q, %v, want %s", got.Body, err, c.want)
			}
			if err != nil && (got.Body != nil || got.Validators != (news.Validators{})) {
				t.Errorf("something of a failed answer: %+v", got)
			}
		})
	}
}

// N9: success that is none.
func TestEmptySuccess(t *testing.T) {
	known := news.Validators{ETag: `"x"`}
	for _, c := range []struct {
		name, answer string
		validators   news.Validators
		want         string
	}{
		{"empty body", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", known, ClassEmpty},
		{"204", "HTTP/1.1 204 No Content\r\n\r\n", known, ClassEmpty},
		{"205", "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n", known, ClassEmpty},
		{"206", "HTTP/1.1 206 Partial Content\r\nContent-Length: 6\r\n\r\n<rss/>", known, "http_206"},
		{"226 to who has nothing", "HTTP/1.1 226 IM Used\r\nIM: feed\r\nContent-Length: 6\r\n\r\n<rss/>", news.Validators{}, ClassUnasked226},
		{"226", "HTTP/1.1 226 IM Used\r\nIM: feed\r\nContent-Length: 6\r\n\r\n<rss/>", known, ""},
		{"304", "HTTP/1.1 304 Not Modified\r\n\r\n", known, ""},
		{"304 to who has nothing", "HTTP/1.1 304 Not Modified\r\n\r\n", news.Validators{}, ClassUnasked304},
		{"challenge", "HTTP/1.1 403 Forbidden\r\nCf-Mitigated: challenge\r\nContent-Length: 0\r\n\r\n", known, ClassChallenge},
		{"challenge as success", "HTTP/1.1 200 OK\r\ncf-mitigated: challenge\r\nContent-Length: 6\r\n\r\n<html>", known, ClassChallenge},
		{"301 to nowhere", "HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n", known, "http_301"},
		{"300", "HTTP/1.1 300 Multiple Choices\r\nContent-Length: 0\r\n\r\n", known, "http_300"},
		{"410", "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", known, "http_410"},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := open(t, nil)
			_, err := client.Get(context.Background(), Request{URL: raw(t, c.answer, false), For: ForFeed, Validators: c.validators})
			if class(err) != c.want {
				t.Errorf("%v, want class %q", err, c.want)
			}
		})
	}
}

// certificate makes one for names, valid from an hour before until until. It is
// its own authority.
func certificate(t *testing.T, until time.Time, names ...string) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: names[0]}, DNSNames: names,
		NotBefore: until.Add(-48 * time.Hour), NotAfter: until, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// N7: connections that can't be trusted are refused, each by its name.
func TestTLSServers(t *testing.T) {
	tomorrow, yesterday := time.Now().Add(24*time.Hour), time.Now().Add(-24*time.Hour)
	for _, c := range []struct {
		name, host string
		until      time.Time
		trusted    bool
		max        uint16
		want       string
	}{
		{"good", "news.example", tomorrow, true, 0, ""},
		{"expired", "news.example", yesterday, true, 0, ClassTLSExpired},
		{"other host", "other.example", tomorrow, true, 0, ClassTLSHost},
		{"self-signed", "news.example", tomorrow, false, 0, ClassTLSUntrusted},
		{"TLS 1.0", "news.example", tomorrow, true, tls.VersionTLS10, ClassTLSProtocol},
	} {
		t.Run(c.name, func(t *testing.T) {
			cert, pool := certificate(t, c.until, c.host)
			if !c.trusted {
				pool = x509.NewCertPool()
			}
			l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS10, MaxVersion: c.max})
			if err != nil {
				t.Fatal(err)
			}
			server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<rss/>")) }), ErrorLog: quiet()}
			go func() { _ = server.Serve(l) }()
			t.Cleanup(func() { _ = server.Close() })
			_, err = trusting(t, pool, l.Addr()).Get(context.Background(), Request{URL: "https://news.example/", For: ForFeed})
			if class(err) != c.want {
				t.Errorf("%v, want class %q", err, c.want)
			}
		})
	}
	t.Run("no TLS", func(t *testing.T) {
		at := strings.TrimPrefix(raw(t, "HTTP/1.1 200 OK\r\n\r\n", false), "http://")
		l, err := net.ResolveTCPAddr("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		_, err = trusting(t, x509.NewCertPool(), l).Get(context.Background(), Request{URL: "https://news.example/", For: ForFeed})
		if cl := class(err); cl != ClassTLSProtocol && cl != ClassReset {
			t.Errorf("%v", err)
		}
	})
	t.Run("stall", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			client := open(t, func(config *Config) { config.Dial = pipes(func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }) })
			started := time.Now()
			_, err := client.Get(t.Context(), Request{URL: "https://news.example/", For: ForFeed})
			if took := time.Since(started); class(err) != ClassTLSTimeout || took > 10*time.Second {
				t.Errorf("%v after %v", err, took)
			}
		})
	})
}

// trusting makes a client for news.example at an address, with an authority.
func trusting(t *testing.T, pool *x509.CertPool, at net.Addr) *Client {
	t.Helper()
	return open(t, func(config *Config) {
		config.Hosts = map[string]netip.AddrPort{"news.example": netip.MustParseAddrPort(at.String())}
		config.Roots = pool
	})
}

// N8: names that do not resolve, or resolve to too much.
func TestNames(t *testing.T) {
	crowd := make([]netip.Addr, 1000)
	for i := range crowd {
		crowd[i] = netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)})
	}
	for _, c := range []struct {
		name   string
		server nameserver
		want   string
	}{
		{"NXDOMAIN", nameserver{}, ClassDNS},
		{"SERVFAIL", nameserver{code: dnsmessage.RCodeServerFailure}, ClassDNS},
		{"no address", nameserver{answer: func(string) []netip.Addr { return []netip.Addr{} }}, ClassDNS},
		{"late", nameserver{delay: time.Minute}, ClassDNS + " " + ClassDial},
		{"1,000 addresses", nameserver{answer: func(string) []netip.Addr { return crowd }}, ClassEgressDenied},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := open(t, func(config *Config) {
				config.Resolver = c.server.resolver(t)
				config.Limits.Dial = 500 * time.Millisecond
			})
			_, err := client.Get(context.Background(), Request{URL: "http://news.example/", For: ForFeed})
			if !strings.Contains(c.want, class(err)) || err == nil {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

// N10 and S6: what a server says of itself changes neither body nor address.
func TestGetIgnoresClaims(t *testing.T) {
	var hits atomic.Int64
	secret := serve(t, func(w http.ResponseWriter, _ *http.Request) { hits.Add(1); _, _ = w.Write([]byte("secret")) })
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for name := range r.Header {
			if !strings.Contains("User-Agent Accept Accept-Encoding", name) {
				t.Errorf("sends %s", name)
			}
		}
		w.Header().Set("Alt-Svc", fmt.Sprintf("h2=%q; ma=9999, http/1.1=%q", secret, secret))
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Set-Cookie", "id=1; Path=/")
		_, _ = w.Write([]byte("<rss/>"))
	})
	client := open(t, nil)
	for range 3 {
		got, err := client.Get(context.Background(), Request{URL: url, For: ForFeed})
		if err != nil || string(got.Body) != "<rss/>" {
			t.Errorf("%q, %v", got.Body, err)
		}
	}
	if hits.Load() != 0 {
		t.Error("followed Alt-Svc")
	}
}

// Nothing is left running after a batch of failures on loopback.
func TestNoGoroutineStays(t *testing.T) {
	before := runtime.NumGoroutine()
	func() {
		client := open(t, nil)
		defer client.Close()
		for _, answer := range []string{"", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss/>", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"} {
			for range 10 {
				_, _ = client.Get(context.Background(), Request{URL: raw(t, answer, false), For: ForFeed})
			}
		}
	}()
	// Each server of this test has one goroutine that accepts, until its end.
	for range 100 {
		if runtime.NumGoroutine() <= before+30+5 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines before, %d after", before, runtime.NumGoroutine()-30)
}
