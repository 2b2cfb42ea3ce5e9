package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"clusterwire/feeds"
	"clusterwire/feeds/claim"
	"clusterwire/store"
	"clusterwire/web"
)

// public is what the site says of itself to the world.
type public struct {
	baseURL string
	contact string
	proxies []netip.Prefix // whose X-Forwarded-For is believed
	strict  bool           // refuse requests for another host
	dumps   string         // directory of the dumps, "" for none

	notice   string              // above every page
	original func(string) string // see web.Config

	unlimited bool // any number of requests, for measuring
}

// public are the settings of a command that serves the site.
func (l listenFlag) public(s settings) (public, error) {
	proxies, err := prefixes("--trusted-proxy", l.TrustedProxy)
	return public{baseURL: l.BaseURL, contact: s.Contact, proxies: proxies, strict: l.StrictHost}, err
}

// site returns the handler of the site and the API. Its streams end with ctx.
func site(ctx context.Context, db *store.DB, p public, log *slog.Logger) (http.Handler, error) {
	quality, err := feeds.MeasuredQuality()
	if err != nil {
		return nil, err
	}
	secret, err := db.Secret(ctx) // of the archive, so that cursors outlive this process
	if err != nil {
		return nil, err
	}
	perMinute := 0
	if p.unlimited {
		perMinute = -1
	}
	c := siteConfig(db, p.baseURL, secret)
	c.Quality, c.Contact, c.TrustedProxies, c.StrictHost, c.Notice, c.Original = quality, p.contact, p.proxies, p.strict, p.notice, p.original
	c.Dumps, c.Closing, c.PerMinute, c.Version, c.Log = p.dumps, ctx.Done(), perMinute, version(), log
	return web.New(c)
}

// siteConfig is what both the site and its dumps are made from. The secret is
// that of the archive.
func siteConfig(db *store.DB, baseURL, secret string) web.Config {
	return web.Config{Store: db, Weigh: claim.Weigh, BaseURL: baseURL, Secret: secret, Now: time.Now}
}

// farewell is how long requests under way may take to end, once the program is
// asked to stop.
const farewell = 5 * time.Second

// serveSite serves handler on ln until ctx ends and the requests under way are
// answered. The limits stand against clients that are slow on purpose.
func serveSite(ctx context.Context, ln net.Listener, handler http.Handler, log *slog.Logger) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		bye, cancel := context.WithTimeout(context.Background(), farewell)
		defer cancel()
		err := server.Shutdown(bye)
		if errors.Is(err, context.DeadlineExceeded) {
			err = server.Close()
		}
		stopped <- err
	}()
	if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

// listen opens the address to serve on. What is no address is a usageError: to
// try again, as for a port that is taken, would not help.
func listen(ctx context.Context, address string) (net.Listener, error) {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err == nil {
		return ln, nil
	}
	err = fmt.Errorf("can't serve on %s: %w", address, err)
	if bad := (*net.AddrError)(nil); errors.As(err, &bad) {
		return nil, &usageError{err}
	}
	return nil, err
}
