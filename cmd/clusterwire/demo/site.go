package demo

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"
	texttemplate "text/template"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// listingSelector finds the articles on a publisher's listing pages.
const listingSelector = "main article.teaser h2 a"

// site answers the requests to one publisher.
type site struct {
	pub   *publisher
	pages *template.Template
	feeds *texttemplate.Template
	byURL map[string]*article // path to article

	mu   sync.Mutex
	asks map[*article]int // requests for an article's page that failed by plan
	read map[*article]bool
}

func newSite(p *publisher) (http.Handler, error) {
	pages, err := pageTemplates()
	if err != nil {
		return nil, err
	}
	feeds, err := feedTemplates()
	if err != nil {
		return nil, err
	}
	s := &site{pub: p, pages: pages, feeds: feeds, byURL: map[string]*article{}, asks: map[*article]int{}, read: map[*article]bool{}}
	mux := http.NewServeMux()
	for _, a := range p.Articles {
		path := a.path()
		if s.byURL[path] != nil {
			return nil, fmt.Errorf("two articles at %s", path)
		}
		s.byURL[path] = a
		mux.HandleFunc("GET "+exact(path), s.article)
		mux.HandleFunc("GET "+exact("/amp"+path), s.article)
	}
	mux.HandleFunc("GET /{$}", s.listing)
	mux.HandleFunc("GET /section/{number}", s.listing)
	mux.HandleFunc("GET /about", s.about)
	mux.HandleFunc("GET /robots.txt", s.robots)
	mux.HandleFunc("GET /img/{slug}", s.image)
	if p.Format == "listing" {
		mux.HandleFunc("GET "+exact(p.Feed), s.listing)
	} else {
		mux.HandleFunc("GET "+exact(p.Feed), s.feed)
	}
	return mux, nil
}

// exact is the pattern of one path and nothing below it.
func exact(path string) string {
	if strings.HasSuffix(path, "/") {
		return path + "{$}"
	}
	return path
}

// article answers with an article's page. An article that is to fail answers
// 503 as often as its file says; one that is to be revised shows its second
// text once its first has been read.
func (s *site) article(w http.ResponseWriter, r *http.Request) {
	path, amp := strings.CutPrefix(r.URL.Path, "/amp/")
	if amp {
		path = "/" + path
	}
	a := s.byURL[path]
	s.mu.Lock()
	fail := s.asks[a] < a.Fails
	if fail {
		s.asks[a]++
	}
	revised := s.read[a]
	if !fail {
		s.read[a] = true
	}
	s.mu.Unlock()
	if fail {
		w.Header().Set("Retry-After", "1")
		http.Error(w, "back end does not answer, try again", http.StatusServiceUnavailable)
		return
	}
	name, changed := s.pub.Template, a.Date
	if amp {
		name = "amp"
	}
	page := s.page(a, revised)
	if !page.Updated.IsZero() {
		changed = page.Updated
	}
	s.render(w, r, name+".html", page, changed)
}

// feed answers with the publisher's feed.
func (s *site) feed(w http.ResponseWriter, r *http.Request) {
	d := feedData{publisher: s.pub, Base: s.pub.base(), Self: s.pub.base() + s.pub.Feed}
	s.mu.Lock()
	for _, a := range s.pub.Articles {
		heading, text, updated := a.present(s.read[a])
		e := entry{article: a, Link: a.feedURL(), GUID: a.guid(), Heading: heading, HTML: bodyHTML(text), Updated: updated}
		d.Entries = append(d.Entries, e)
		if a.Twice {
			e.Link, e.GUID = a.url(), e.GUID+":again"
			d.Entries = append(d.Entries, e)
		}
		d.Changed = latest(d.Changed, a.Date, updated)
	}
	s.mu.Unlock()
	body, err := renderFeed(s.feeds, d)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	s.send(w, r, feedTypes[s.pub.Format], body, d.Changed)
}

func (s *site) listing(w http.ResponseWriter, r *http.Request) {
	d := listingData{frame: s.frame(s.pub.Name, r.URL.Path)}
	var changed time.Time
	for _, a := range s.pub.Articles {
		d.Teasers = append(d.Teasers, teaser{Title: a.Title, URL: a.path(), Summary: a.Summary, Date: s.date(a.Date), ISO: a.Date.Format(time.RFC3339)})
		changed = latest(changed, a.Date)
	}
	s.render(w, r, "listing.html", d, changed)
}

func (s *site) about(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, "about.html", s.frame(s.pub.Name, "/about"), time.Time{})
}

// robots asks what most publishers ask: keep out of the search pages.
func (s *site) robots(w http.ResponseWriter, r *http.Request) {
	s.send(w, r, "text/plain", []byte("User-agent: *\nDisallow: /search\nDisallow: /account/\n"), time.Time{})
}

// image draws a plain card: pages of newspapers have pictures.
func (s *site) image(w http.ResponseWriter, r *http.Request) {
	svg := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 630"><rect width="1200" height="630" fill="#1d2b36"/>`+
		`<text x="60" y="340" font-family="sans-serif" font-size="64" fill="#fff">%s</text></svg>`, template.HTMLEscapeString(s.pub.Name))
	s.send(w, r, "image/svg+xml", []byte(svg), time.Time{})
}

// render fills a template of a page and sends it.
func (s *site) render(w http.ResponseWriter, r *http.Request, name string, data any, changed time.Time) {
	var b bytes.Buffer
	if err := s.pages.ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	s.send(w, r, "text/html", b.Bytes(), changed)
}

// send answers in the publisher's charset, with its validators, compressed if
// it does that, and with 304 where the client has the body already.
func (s *site) send(w http.ResponseWriter, r *http.Request, mediaType string, body []byte, changed time.Time) {
	if s.pub.Charset == "gb18030" {
		encoded, err := simplifiedchinese.GB18030.NewEncoder().Bytes(body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		body = encoded
	}
	h := w.Header()
	h.Set("Content-Type", mediaType+"; charset="+s.pub.Charset)
	h.Set("Cache-Control", "max-age=60")
	if s.pub.Validator != "modified" {
		sum := sha256.Sum256(body)
		tag := `"` + hex.EncodeToString(sum[:8]) + `"`
		if s.pub.Gzip {
			tag = "W/" + tag
		}
		h.Set("ETag", tag)
	}
	if s.pub.Validator == "etag" {
		changed = time.Time{}
	}
	if s.pub.Gzip && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write(body) // a bytes.Buffer takes all
		z.Close()
		h.Set("Content-Encoding", "gzip")
		h.Set("Vary", "Accept-Encoding")
		body = b.Bytes()
	}
	http.ServeContent(w, r, "", changed, bytes.NewReader(body))
}

// latest is the latest of some times.
func latest(times ...time.Time) time.Time {
	var last time.Time
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}
