package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode"

	"clusterwire/feeds/news"
)

// failure is an error whose status, code and words are meant for whoever
// asked. No other error's text ever leaves the house.
type failure struct {
	Status int
	Code   string        // stable, for scripts
	Title  string        // for a person, a few words
	Detail string        // for a person, a sentence or two
	Field  string        // the parameter that is at fault, "" if none
	Wait   time.Duration // after which to ask again, 0 if that is not known
}

// Error gives the code and title.
func (f *failure) Error() string { return f.Code + ": " + f.Title }

// The failures that need no detail of their own.
var (
	errNowhere  = &failure{Status: 404, Code: "not_found", Title: "No such page", Detail: "Nothing stands at this address. It may have been mistyped, or it never was here."}
	errMissing  = &failure{Status: 404, Code: "not_found", Title: "Not in the archive", Detail: "The archive has nothing under this name or number."}
	errNoFormat = &failure{Status: 404, Code: "no_such_format", Title: "Not in this format", Detail: "This list is a table of what stands, to which nothing arrives; it can be had as a page, as .json, .csv and .ndjson. New figures are a feed: /claims.atom."}
	errMethod   = &failure{Status: 405, Code: "method_not_allowed", Title: "This address can only be read", Detail: "Use GET or HEAD. Nothing on this site can be changed by a request."}
	errMisled   = &failure{Status: 421, Code: "misdirected", Title: "Another site was meant", Detail: "The request names a host that is not this one."}
	errBusy     = &failure{Status: 503, Code: "too_slow", Title: "That took too long", Wait: 3 * time.Second, Detail: "The archive did not answer in time. Ask again in a moment, or ask for less."}
	errServer   = &failure{Status: 500, Code: "internal", Title: "Something broke on our side", Detail: "Your request was fine as far as we can tell. It has been logged; please try again."}
	errPanic    = errServer
)

// badInput says which parameter can't be used, and why.
func badInput(field, reason string) error { return &news.BadInputError{Field: field, Reason: reason} }

// failureOf turns any error into what may be said of it.
func failureOf(err error) *failure {
	var f *failure
	var bad *news.BadInputError
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, news.ErrNotFound):
		return errMissing
	case errors.As(err, &bad):
		field, reason := printable(bad.Field, 64), printable(bad.Reason, 200)
		return &failure{Status: 400, Code: "bad_parameter", Title: "That can't be asked", Field: field, Detail: sentence(field, reason)}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return errBusy
	}
	return errServer
}

func sentence(field, reason string) string {
	if field == "" {
		return reason
	}
	return field + ": " + reason
}

// printable cuts s to n runes and drops what no line of text should hold.
func printable(s string, n int) string {
	var b strings.Builder
	for _, c := range strings.ToValidUTF8(s, "\uFFFD") {
		if n--; n < 0 {
			b.WriteString("…")
			break
		}
		if unicode.IsPrint(c) {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// fail is the one place that turns an error into a status and a page, or
// problem+json where the address or the client asks for data.
func (s *site) fail(r *http.Request, err error) reply {
	f := failureOf(err)
	if f.Status == http.StatusInternalServerError {
		s.log.Error("request failed", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	ask := s.errorPage
	if wantsData(r) {
		ask = s.problem
	}
	rep := ask(r, f)
	rep.retry = ceilSeconds(f.Wait)
	return rep
}

// wantsData reports whether an error should be said in JSON.
func wantsData(r *http.Request) bool {
	return shared(r.URL.Path) || negotiate(r.Header.Get("Accept")) != formatHTML
}

// problem is the RFC 9457 form of a failure.
type problem struct {
	Type   string        `json:"type"`
	Title  string        `json:"title"`
	Status int           `json:"status"`
	Code   string        `json:"code"`
	Detail string        `json:"detail"`
	Errors []problemPart `json:"errors,omitempty"`
}

// problemPart points at the part of the request that is at fault.
type problemPart struct {
	Pointer   string `json:"pointer"` // "#/query/since"
	Parameter string `json:"parameter"`
	Detail    string `json:"detail"`
}

func (s *site) problem(r *http.Request, f *failure) reply {
	p := problem{Type: s.base(r) + "/api#" + f.Code, Title: f.Title, Status: f.Status, Code: f.Code, Detail: f.Detail}
	if f.Field != "" {
		p.Errors = []problemPart{{Pointer: "#/query/" + pointerEscape(f.Field), Parameter: f.Field, Detail: f.Detail}}
	}
	body, err := json.Marshal(p)
	if err != nil { // strings and numbers alone: can't happen, and must not be silent if it does
		s.log.Error("problem not encoded", "error", err)
		body = []byte(`{"status":500}`)
	}
	return reply{status: f.Status, contentType: "application/problem+json", body: body, cacheControl: "no-store"}
}

// pointerEscape writes a name as a reference token of a JSON Pointer (RFC 6901).
func pointerEscape(s string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(s)
}

// errorPage is the struct of templates/error.html.
type errorPage struct {
	frame
	Failure *failure
	Try     []link
}

func (s *site) errorPage(r *http.Request, f *failure) reply {
	page := errorPage{frame: s.bareFrame(r), Failure: f}
	page.Title, page.NoIndex = f.Title, true
	page.Try = []link{{"/", "The front page"}, {"/companies", "All companies"}, {"/sources", "All sources"}}
	if f.Status == http.StatusBadRequest {
		page.Try = append([]link{{"/search", "Start the search anew"}}, page.Try...)
	}
	rep, err := s.page("error", page)
	if err != nil {
		s.log.Error("error page failed", "error", err)
		rep = reply{contentType: "text/plain; charset=utf-8", body: []byte(f.Title + "\n")}
	}
	rep.status, rep.cacheControl = f.Status, "no-store"
	return rep
}
