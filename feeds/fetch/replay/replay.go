// Package replay is the net as one text file, for tests: an
// http.RoundTripper that answers what the file says and fails on every
// address that the file does not hold.
//
//	net, err := replay.Parse(text)
//	client, err := fetch.New(fetch.Config{UserAgent: "test/1", Transport: net})
//
// A file is a list of sections, each with a first line of its own, a status,
// headers, an empty line and a body:
//
//	-- GET https://news.example/feed --
//	200
//	Content-Type: application/rss+xml
//	ETag: "one"
//
//	<rss>…</rss>
//
// What stands before the first section is comment. An address with several
// sections gives them one after the other and then stays at the last. A request
// that bears the ETag or Last-Modified of the section that it would get is
// answered 304. A robots.txt that the file does not hold is answered 404 for
// hosts that it knows, as most hosts would.
//
// It stores nothing but the list of requests that it was asked.
package replay

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
)

// Net answers from a file. It is safe for concurrent use.
type Net struct {
	mu      sync.Mutex
	answers map[string][]section // by method and address
	hosts   map[string]bool
	asked   []string
}

// section is one scripted answer.
type section struct {
	status int
	header http.Header
	body   []byte
}

// Load reads a file, see Parse.
func Load(path string) (*Net, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	n, err := Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return n, nil
}

// Parse reads the text of a file.
func Parse(text string) (*Net, error) {
	n := &Net{answers: map[string][]section{}, hosts: map[string]bool{}}
	var key string
	var lines []string
	add := func() error {
		if key == "" {
			return nil
		}
		s, err := parseSection(strings.Join(lines, ""))
		if err != nil {
			return fmt.Errorf("section %q: %w", key, err)
		}
		n.answers[key] = append(n.answers[key], s)
		return nil
	}
	for line := range strings.Lines(text) {
		next, ok := sectionKey(line)
		if !ok {
			lines = append(lines, line)
			continue
		}
		if err := add(); err != nil {
			return nil, err
		}
		key, lines = next, nil
		_, raw, _ := strings.Cut(key, " ")
		u, err := url.Parse(raw)
		if err != nil {
			return nil, err
		}
		n.hosts[u.Host] = true
	}
	return n, add()
}

// sectionKey reads "-- GET URL --".
func sectionKey(line string) (string, bool) {
	inner, ok := strings.CutPrefix(strings.TrimSpace(line), "-- ")
	if !ok {
		return "", false
	}
	inner, ok = strings.CutSuffix(inner, " --")
	method, _, two := strings.Cut(inner, " ")
	return inner, ok && two && (method == http.MethodGet || method == http.MethodPost)
}

// parseSection reads status, headers and body.
func parseSection(text string) (section, error) {
	first, rest, _ := strings.Cut(text, "\n")
	status, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil || status < 200 || status > 599 {
		return section{}, fmt.Errorf("status %q", first)
	}
	reader := bufio.NewReader(strings.NewReader(rest))
	header, err := textproto.NewReader(reader).ReadMIMEHeader()
	if err != nil && err != io.EOF {
		return section{}, err
	}
	body, err := io.ReadAll(reader)
	return section{status: status, header: http.Header(header), body: body}, err
}

// Asked lists every request so far, as "GET URL", in order.
func (n *Net) Asked() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]string(nil), n.asked...)
}

// RoundTrip answers one request, or fails if the file does not hold its address.
func (n *Net) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	key := req.Method + " " + req.URL.String()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.asked = append(n.asked, key)
	all := n.answers[key]
	switch {
	case len(all) == 0 && req.URL.Path == "/robots.txt" && n.hosts[req.URL.Host]:
		return section{status: http.StatusNotFound}.response(req), nil
	case len(all) == 0:
		return nil, fmt.Errorf("replay: no section for %s", key)
	case len(all) > 1:
		n.answers[key] = all[1:]
	}
	return all[0].response(req), nil
}

// response gives the section, or 304 to who has it already.
func (s section) response(req *http.Request) *http.Response {
	status, body := s.status, s.body
	if status == http.StatusOK && s.known(req.Header) {
		status, body = http.StatusNotModified, nil
	}
	header := s.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", status, http.StatusText(status)), StatusCode: status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Request: req,
	}
}

// known reports whether the validators of a request are those of the section.
func (s section) known(asked http.Header) bool {
	if etag := asked.Get("If-None-Match"); etag != "" {
		return etag == s.header.Get("ETag")
	}
	since := asked.Get("If-Modified-Since")
	return since != "" && since == s.header.Get("Last-Modified")
}
