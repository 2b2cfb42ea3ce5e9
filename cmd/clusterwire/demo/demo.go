// Package demo is a small world of publishers for a machine without a net:
// newspapers, trade journals and blogs that exist nowhere else serve feeds and
// article pages over real HTTP on loopback, and do what publishers do. They
// write in eleven languages and seven feed formats, answer conditional requests,
// copy each other, correct their texts, break their XML, and go down.
//
// Start opens one listener a publisher and returns the addresses, to be given
// to the fetcher as its hosts, and the sources, to be given to the store:
//
//	net, err := demo.Start(ctx)
//	if err != nil { … }
//	defer net.Close()
//	client, err := fetch.New(fetch.Config{Hosts: net.Hosts, …})
//
// What they publish stands in content/, one file a publisher, in the format
// that content.go describes. The publishers are invented and live on reserved
// .example names; the facts that they report are true. Nothing is stored.
package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"clusterwire/feeds/news"
)

// Net is the running world. Close it to free its listeners.
type Net struct {
	Hosts   map[string]netip.AddrPort // host name to listener
	Sources []Source                  // ordered as the files in content/

	servers []*http.Server
	doors   []net.Listener
}

// Source is one publisher and the feeds that it offers.
type Source struct {
	Source news.Source
	Feeds  []news.Feed
}

// Start lets every publisher listen on a loopback port of its own. When ctx
// ends their requests do too; their listeners stay until Close.
func Start(ctx context.Context) (*Net, error) {
	publishers, err := load()
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	n := &Net{Hosts: map[string]netip.AddrPort{}}
	for _, p := range publishers {
		if err := n.open(ctx, p); err != nil {
			n.Close()
			return nil, fmt.Errorf("demo: %s: %w", p.Host, err)
		}
	}
	return n, nil
}

// Browsable is where a browser of this machine finds what stands at an address
// of the demo: the publisher's own listener. Other addresses stay as they are.
func (n *Net) Browsable(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	door, ours := n.Hosts[u.Host]
	if !ours {
		return address
	}
	u.Host = door.String()
	return u.String()
}

// open lets one publisher listen and enters it into the net's lists.
func (n *Net) open(ctx context.Context, p *publisher) error {
	var config net.ListenConfig
	door, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	address, err := netip.ParseAddrPort(door.Addr().String())
	if err != nil {
		door.Close()
		return err
	}
	n.doors = append(n.doors, door)
	n.Hosts[p.Host] = address
	n.Sources = append(n.Sources, Source{Source: p.source(), Feeds: []news.Feed{p.newsFeed()}})
	if p.Down {
		go hangUp(door)
		return nil
	}
	handler, err := newSite(p)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	n.servers = append(n.servers, server)
	go server.Serve(door) // ends with http.ErrServerClosed at Close
	return nil
}

// hangUp is a publisher that is down: whoever calls is cut off.
func hangUp(door net.Listener) {
	for {
		conn, err := door.Accept()
		if err != nil {
			return
		}
		conn.Close()
	}
}

// Close stops every publisher at once.
func (n *Net) Close() error {
	var errs []error
	for _, s := range n.servers {
		errs = append(errs, s.Close())
	}
	for _, d := range n.doors {
		if err := d.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
