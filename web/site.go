package web

import (
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// Config is what New needs. Store is required; every other zero value is a
// sound default.
type Config struct {
	Store   Store
	Weigh   func([]news.Statement) []news.Fact // turns claims into figures; nil: no figures
	Quality news.Quality                       // how right the rules are, for /quality
	BaseURL string                             // public address of the site; "": taken from each request's Host
	Version string
	Log     *slog.Logger     // nil: slog.Default
	Now     func() time.Time // nil: time.Now

	TrustedProxies []netip.Prefix      // whose X-Forwarded-For is believed; none by default
	PerMinute      int                 // requests an address may make in a minute; 0: 6000, negative: no limit
	Secret         string              // signs cursors; give the same to every process that serves the same address
	Contact        string              // mailto: or https: address for security.txt; "": none is served
	Notice         string              // a line that stands above every page; "" for none
	Original       func(string) string // where a browser finds what stands at a publisher's address; nil: there
	Dumps          string              // directory that Dump writes to, to be served under /dumps; "": none is
	StrictHost     bool                // refuse requests for another host than that of BaseURL
	Closing        <-chan struct{}     // closed when streams are to end; nil: never
}

// requestTime is the longest that a request may take to be answered.
const requestTime = 15 * time.Second

// streamTime is the same for what is sent while it is made.
const streamTime = 10 * time.Minute

// site is the one value behind every handler.
type site struct {
	store   Store
	quality news.Quality
	baseURL string
	version string
	contact string
	host    string // the only one that is answered, "" for any
	notice  string
	dumpDir string // "" for none
	closing <-chan struct{}
	log     *slog.Logger
	now     func() time.Time
	started time.Time

	templates map[string]*template.Template
	assets    map[string]asset
	shelf     *shelf
	ledger    *ledger
	cache     *replyCache
	limiter   *limiter
	encoders  *encoders
	sealer    sealer
}

//go:embed templates static
var files embed.FS

// New makes the site. It fails where the configuration can't be used.
func New(cfg Config) (http.Handler, error) {
	s, err := newSite(cfg)
	if err != nil {
		return nil, err
	}
	return s.secure(s.routes()), nil
}

// newSite makes what stands behind the handlers.
func newSite(cfg Config) (*site, error) {
	if cfg.Store == nil {
		return nil, errors.New("web: no store")
	}
	base, err := cleanBase(cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	s := &site{
		store: cfg.Store, quality: cfg.Quality, baseURL: base, version: cfg.Version, contact: cfg.Contact,
		notice: cfg.Notice, dumpDir: cfg.Dumps, closing: cfg.Closing, log: cfg.Log, now: cfg.Now,
	}
	if cfg.StrictHost {
		if base == "" {
			return nil, &news.BadInputError{Field: "strict host", Reason: "needs a base URL: without one there is no host to keep to"}
		}
		_, s.host, _ = strings.Cut(base, "://")
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.now == nil {
		s.now = time.Now
	}
	s.started = s.now().UTC()
	s.shelf = &shelf{store: cfg.Store, original: cfg.Original}
	s.ledger = &ledger{store: cfg.Store, weigh: cfg.Weigh, log: s.log, now: s.now}
	if cfg.Weigh == nil {
		s.ledger.weigh = func([]news.Statement) []news.Fact { return nil }
	}
	s.cache = newReplyCache()
	s.sealer = newSealer(cfg.Secret)
	s.limiter = newLimiter(cfg.PerMinute, cfg.TrustedProxies)
	if s.encoders, err = newEncoders(); err != nil {
		return nil, err
	}
	if s.assets, err = loadAssets(files); err != nil {
		return nil, err
	}
	if s.templates, err = loadTemplates(files); err != nil {
		return nil, err
	}
	return s, nil
}

// cleanBase checks the public address and cuts its trailing slash.
func cleanBase(raw string) (string, error) {
	if raw == "" {
		return "", nil
	}
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", &news.BadInputError{Field: "base URL", Reason: "must be http:// or https:// with a host and no query"}
	}
	if strings.Trim(u.Path, "/") != "" {
		return "", &news.BadInputError{Field: "base URL", Reason: "must have no path: the site stands at the root of its host"}
	}
	return u.Scheme + "://" + u.Host, nil
}

// base is the site's own address, without a trailing slash. Where none was
// configured it is made from the Host header, of which only what can stand in
// a host name passes; forwarding headers are never asked.
func (s *site) base(r *http.Request) string {
	if s.baseURL != "" {
		return s.baseURL
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	host := r.Host
	if !plainHost(host) {
		host = "localhost"
	}
	return fmt.Sprintf("%s://%s", scheme, host)
}

// plainHost reports whether host is letters, digits and the marks of a host
// with a port, and of a length that DNS allows.
func plainHost(host string) bool {
	for _, c := range host {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '.', c == '-', c == ':', c == '[', c == ']':
		default:
			return false
		}
	}
	return host != "" && len(host) <= 261
}
