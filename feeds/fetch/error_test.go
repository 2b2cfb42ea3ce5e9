package fetch

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"syscall"
	"testing"
)

// TestOutward: what is stored of a failure, and shown to everybody, names
// neither our resolver nor our own address.
func TestOutward(t *testing.T) {
	ours := net.TCPAddrFromAddrPort(netip.MustParseAddrPort("192.0.2.2:42981"))
	theirs := net.TCPAddrFromAddrPort(netip.MustParseAddrPort("198.51.100.7:443"))
	dns := func(why string) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: why, Name: "a.example", Server: "192.0.2.53:53"}}
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{dns("no such host"), "dns: lookup a.example: no such host"},
		{dns("read udp 192.0.2.2:42981->192.0.2.53:53: i/o timeout"), "dns: lookup a.example: i/o timeout"},
		{dns("dial udp 192.0.2.53:53: connect: network is unreachable"), "dns: lookup a.example: network is unreachable"},
		{&net.OpError{Op: "dial", Net: "tcp", Addr: theirs, Err: syscall.ECONNREFUSED}, "dial: dial tcp 198.51.100.7:443: connection refused"},
		{&net.OpError{Op: "read", Net: "tcp", Source: ours, Addr: theirs, Err: syscall.ECONNRESET}, "reset: read tcp 198.51.100.7:443: connection reset by peer"},
		{io.ErrUnexpectedEOF, "truncated: unexpected EOF"},
	} {
		got := classify(context.Background(), c.err)
		if got.Error() != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
		if !errors.Is(got, c.err) {
			t.Errorf("%q: the cause is lost", got)
		}
	}
}
