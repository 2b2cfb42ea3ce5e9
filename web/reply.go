package web

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// reply is a finished answer: handlers make it, send writes it.
type reply struct {
	status       int // 0 means 200
	contentType  string
	body         []byte
	modified     time.Time // when what it shows last changed; zero if unknown
	cacheControl string    // "": as for every page
	link         string    // RFC 8288
	location     string    // of this site, where the answer is to go there
	filename     string    // offered to whoever saves it
	tag          string    // of the body, once it has been calculated
	noIndex      bool
	retry        int          // seconds, for Retry-After; 0 for none
	prefetch     string       // address of the rules by which browsers may fetch ahead
	coded        *codedBodies // of a reply that is kept

	file   io.ReadSeeker // in place of body; tag is of it
	digest string        // of the file, for Repr-Digest (RFC 9530)

	stream func(out *outlet) error // in place of body, for what is too long to hold
	done   func()                  // called once the reply is sent, or can't be; nil for most
}

// pageCache lets anyone keep a page for a minute and show it a little longer
// while a fresh one is fetched.
const pageCache = "public, max-age=60, stale-while-revalidate=300"

// send writes a reply: validators, compression, 304.
func (s *site) send(w http.ResponseWriter, r *http.Request, rep reply) {
	if rep.status == 0 {
		rep.status = http.StatusOK
	}
	h := w.Header()
	h.Set("Content-Type", rep.contentType)
	h.Set("Vary", "Accept, Accept-Encoding")
	if rep.cacheControl == "" {
		rep.cacheControl = pageCache
	}
	h.Set("Cache-Control", rep.cacheControl)
	if rep.link != "" {
		h.Set("Link", rep.link)
	}
	if rep.location != "" {
		h.Set("Location", rep.location)
	}
	if rep.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(rep.retry))
	}
	if rep.noIndex {
		h.Set("X-Robots-Tag", "noindex")
	}
	if rep.prefetch != "" {
		h.Set("Speculation-Rules", `"`+rep.prefetch+`"`)
	}
	if rep.filename != "" {
		h.Set("Content-Disposition", `inline; filename="`+rep.filename+`"`)
	}
	if rep.status == http.StatusMethodNotAllowed {
		h.Set("Allow", allowed)
	}
	if shared(r.URL.Path) || !strings.HasPrefix(rep.contentType, "text/html") {
		crossOrigin(h)
	}
	switch {
	case rep.stream != nil:
		s.sendStream(w, r, rep)
		return
	case rep.file != nil:
		s.sendFile(w, r, rep)
		return
	}
	s.sendBody(w, r, rep)
}

func (s *site) sendBody(w http.ResponseWriter, r *http.Request, rep reply) {
	h := w.Header()
	coding := s.encoders.choose(r.Header.Get("Accept-Encoding"), rep.contentType, len(rep.body), rep.coded != nil)
	if rep.status == http.StatusOK {
		if rep.tag == "" {
			rep.tag = tagOf(rep.body)
		}
		etag := quoteTag(rep.tag, coding)
		h.Set("ETag", etag)
		modified := s.lastModified(rep.modified)
		if !modified.IsZero() {
			h.Set("Last-Modified", modified.Format(http.TimeFormat))
		}
		if unchanged(r, etag, modified) {
			h.Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	body := rep.body
	if coding != "" {
		body = s.encoded(rep, coding)
		h.Set("Content-Encoding", coding)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(rep.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // fails only where the client has gone
	}
}

// sendStream writes what is made while it is sent. An error in the middle cuts
// the connection, so that nobody takes half a list for a whole one.
func (s *site) sendStream(w http.ResponseWriter, r *http.Request, rep reply) {
	w.WriteHeader(rep.status)
	if r.Method == http.MethodHead {
		return
	}
	control := http.NewResponseController(w)
	out := &outlet{Writer: bufio.NewWriterSize(patient{w, control}, 32<<10), control: control}
	err := rep.stream(out)
	if err == nil {
		err = out.Writer.Flush()
	}
	if err != nil {
		s.log.Warn("stream cut short", "path", r.URL.Path, "error", err)
		panic(http.ErrAbortHandler)
	}
}

// outlet is what a stream is written to.
type outlet struct {
	*bufio.Writer
	control *http.ResponseController
}

// Flush sends what was written so far to the client at once.
func (o *outlet) Flush() error {
	if err := o.Writer.Flush(); err != nil {
		return err
	}
	if err := o.control.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}

// patient is a writer to a client that may take its time in all, but must take
// something now and then.
type patient struct {
	io.Writer
	control *http.ResponseController
}

// stall is how long a client of a stream may take nothing.
const stall = 30 * time.Second

// Write moves the deadline and writes. A connection without deadlines, as in
// tests, has none to move.
func (p patient) Write(b []byte) (int, error) {
	if err := p.control.SetWriteDeadline(time.Now().Add(stall)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return p.Writer.Write(b)
}

func tagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// quoteTag names one representation: the same page in another content coding
// has other bytes and so another strong tag.
func quoteTag(tag, coding string) string {
	if coding != "" {
		tag += "." + coding
	}
	return `"` + tag + `"`
}

// lastModified gives what may stand in Last-Modified: never before this
// program started, since its templates are part of the page, and nothing while
// the second that it names is still running, since another change could follow
// within it that the header could not tell apart.
func (s *site) lastModified(changed time.Time) time.Time {
	if changed.IsZero() {
		return time.Time{}
	}
	if changed.Before(s.started) {
		changed = s.started
	}
	changed = changed.UTC().Truncate(time.Second)
	if !changed.Before(s.now().UTC().Truncate(time.Second)) {
		return time.Time{}
	}
	return changed
}

// unchanged is RFC 9110 section 13.2.2 for GET and HEAD: If-None-Match decides
// where it is given, If-Modified-Since only where it is not.
func unchanged(r *http.Request, etag string, modified time.Time) bool {
	if tags, given := r.Header["If-None-Match"]; given {
		for _, tag := range strings.Split(strings.Join(tags, ","), ",") {
			tag = strings.TrimSpace(tag)
			if tag == "*" || strings.TrimPrefix(tag, "W/") == etag {
				return true
			}
		}
		return false
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && !modified.IsZero() && !modified.After(since)
}
