package fetch

import (
	"net/http"
	"net/url"
	"time"

	"clusterwire/feeds/news"
)

// Purpose says what is being read. It decides the limits, the Accept header
// and whether robots.txt is honoured.
type Purpose string

// The purposes. A feed is read because an operator listed it, so robots.txt
// does not speak of it; pages and discovery are ours to choose, and honour it.
const (
	ForFeed      Purpose = "feed"
	ForPage      Purpose = "page"
	ForDiscovery Purpose = "discovery"
	ForSitemap   Purpose = "sitemap" // listed by an operator, or by robots.txt itself
	ForHub       Purpose = "hub"

	forRobots Purpose = "robots"
)

// obeysRobots reports whether robots.txt is asked before a request.
func (p Purpose) obeysRobots() bool { return p == ForPage || p == ForDiscovery }

// Request is one thing to read.
type Request struct {
	URL        string
	For        Purpose
	Validators news.Validators // zero: ask unconditionally

	form url.Values // sent with POST; nil: GET
}

// method is GET for all but what is told to a hub.
func (r Request) method() string {
	if r.form != nil {
		return http.MethodPost
	}
	return http.MethodGet
}

// Response is what came back from a request that did not fail.
type Response struct {
	Status      int
	URL         string // final address, after redirects
	Body        []byte // decoded of its content coding; nil if NotModified
	ContentType string // as the server sent it
	Location    string // Content-Location as the server sent it, "" if it did not
	NotModified bool

	// Validators are to be saved with what was read. After a 304 they are those
	// that were sent, updated by what the 304 carried.
	Validators news.Validators

	// Permanent is where the redirects up to the first temporary one lead; ""
	// if the first redirect was temporary, or there was none.
	Permanent string

	// MaxAge is how long the server calls this answer fresh: Cache-Control
	// max-age, else Expires minus Date, less Age. 0 if it does not say, or says
	// no-cache, no-store or nonsense.
	MaxAge time.Duration

	Date   time.Time // by the server's clock; zero if not stated
	Links  []Link    // of the Link header, absolute
	Robots Robots    // what the X-Robots-Tag header and robots.txt ask for
	Plain  bool      // the body was not in the content coding that its header named
}

// Link is one entry of a Link header (RFC 8288).
type Link struct {
	URL  string
	Rel  string // one relation type, lower case: hub, self, alternate, next …
	Type string
}

// Robots is what a publisher asks of those who keep a page.
type Robots struct {
	NoIndex   bool
	NoSnippet bool
	NoArchive bool
	NoAI      bool // not to be given to a language model
}

// accept gives the media types of each purpose, best first (RFC 9110, 12.5.1).
func (p Purpose) accept() string {
	switch p {
	case ForFeed:
		return "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, " +
			"application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.5, */*;q=0.1"
	case ForSitemap:
		return "application/xml, text/xml;q=0.9, */*;q=0.1"
	case forRobots:
		return "text/plain, */*;q=0.1"
	default:
		return "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.1"
	}
}

// headers are all that a request says about us and about what we have. Nothing
// in it differs between two installations but the contact of the operator.
func (r Request) headers(userAgent string) http.Header {
	h := http.Header{
		"User-Agent":      {userAgent},
		"Accept":          {r.For.accept()},
		"Accept-Encoding": {"gzip, br, zstd"},
	}
	if r.Validators.ETag != "" {
		h["If-None-Match"] = []string{r.Validators.ETag}
	}
	if r.Validators.LastModified != "" {
		h["If-Modified-Since"] = []string{r.Validators.LastModified}
	}
	if r.form != nil {
		h["Content-Type"] = []string{"application/x-www-form-urlencoded"}
	}
	if r.For == ForFeed && r.Validators != (news.Validators{}) {
		h["A-Im"] = []string{"feed"} // RFC 3229: new entries alone will do
	}
	return h
}
