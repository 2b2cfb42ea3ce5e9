package fetch

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// nameserver answers lookups of IPv4 addresses within the process.
type nameserver struct {
	answer func(name string) []netip.Addr // nil: NXDOMAIN
	code   dnsmessage.RCode               // instead of success
	delay  time.Duration
	alias  string // every name is an alias of this one; "" for none
}

// resolver makes the resolver that asks it.
func (s nameserver) resolver(t *testing.T) *net.Resolver {
	t.Helper()
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		t.Cleanup(func() { _ = theirs.Close() })
		go s.serve(theirs)
		return ours, nil
	}}
}

// serve answers queries framed as over TCP until the connection ends.
func (s nameserver) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	for {
		var length [2]byte
		if _, err := io.ReadFull(conn, length[:]); err != nil {
			return
		}
		query := make([]byte, binary.BigEndian.Uint16(length[:]))
		if _, err := io.ReadFull(conn, query); err != nil {
			return
		}
		time.Sleep(s.delay)
		reply, err := s.reply(query)
		if err != nil {
			return
		}
		if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...)); err != nil {
			return
		}
	}
}

func (s nameserver) reply(query []byte) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(query); err != nil {
		return nil, err
	}
	q := m.Questions[0]
	m.Response, m.RCode, m.Additionals = true, s.code, nil
	var all []netip.Addr
	if s.answer != nil {
		all = s.answer(q.Name.String())
	}
	if all == nil && s.code == dnsmessage.RCodeSuccess {
		m.RCode = dnsmessage.RCodeNameError
	}
	if s.alias != "" {
		m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class},
			Body: &dnsmessage.CNAMEResource{CNAME: dnsmessage.MustNewName(s.alias)}})
	}
	for _, ip := range all {
		head := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class}
		if s.alias != "" {
			head.Name = dnsmessage.MustNewName(s.alias)
		}
		switch {
		case ip.Is4() && q.Type == dnsmessage.TypeA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AResource{A: ip.As4()}})
		case ip.Is6() && q.Type == dnsmessage.TypeAAAA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AAAAResource{AAAA: ip.As16()}})
		}
	}
	return m.Pack()
}
