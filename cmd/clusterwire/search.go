package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"clusterwire/store"
)

type searchCmd struct {
	Query  []string `arg:"" help:"Words, \"phrases\", -without, company:xai, power:>100MW …"`
	Order  string   `help:"newest, relevance or oldest." enum:"newest,relevance,oldest" default:"newest"`
	Limit  int      `help:"How many articles at most, 1 to 200." default:"20"`
	Cursor string   `help:"Where the last page ended, from its \"next\"."`
	Remote string   `help:"Ask the site at this address instead of the database." placeholder:"URL"`
	JSON   bool     `help:"Print what the API answers."`
}

// Help shows an example.
func (searchCmd) Help() string {
	return `Words, "phrases", OR, -without, (groups), prefix*; title: company: company.role: cluster: topic: source: kind: lang: country: has:; after: before: date:2024-09..2024-12; and figures with units: gpus:>=100000, power:500MW..2GW, cost:>$10B. The page /help of the site shows each by example.

Example:

    clusterwire search xAI Memphis '"gas turbines"' --limit 5
    clusterwire search --json company:meta power:'>1GW' | jq .items[].title`
}

// hits is what the command prints of the API's answer.
type hits struct {
	Items []struct {
		Title     string
		URL       string
		Published time.Time
		Source    struct{ Name string }
	}
	Total    int
	Next     *string
	Warnings []string
}

// Run searches through the API, here or at a remote site, so that a script
// sees one shape wherever it asks.
func (c *searchCmd) Run(e *env) error {
	path := "/api/v1/search?" + url.Values{
		"q": {strings.Join(c.Query, " ")}, "sort": {c.Order}, "limit": {strconv.Itoa(c.Limit)},
	}.Encode()
	if c.Cursor != "" {
		path += "&cursor=" + url.QueryEscape(c.Cursor)
	}
	ask := askHere
	if c.Remote != "" {
		ask = askRemote(c.Remote)
	}
	status, body, err := ask(e, path)
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return problem(status, body)
	}
	if c.JSON {
		_, err := e.out.Write(body)
		return err
	}
	var found hits
	if err := json.Unmarshal(body, &found); err != nil {
		return &badDataError{fmt.Errorf("the answer is no search result: %w", err)}
	}
	found.print(e.out, e.err)
	return nil
}

// askHere asks the API over the local database.
func askHere(e *env, path string) (int, []byte, error) {
	db, err := openArchive(e)
	if err != nil {
		return 0, nil, err
	}
	defer closeArchive(db, e.err)
	var broke failure
	handler, err := site(e.ctx, db, public{}, slog.New(&broke))
	if err != nil {
		return 0, nil, err
	}
	address, err := url.Parse(path)
	if err != nil {
		return 0, nil, &usageError{err}
	}
	request := (&http.Request{Method: http.MethodGet, URL: address, Header: http.Header{}, Host: "localhost"}).WithContext(e.ctx)
	answer := &answer{header: http.Header{}, status: http.StatusOK}
	handler.ServeHTTP(answer, request)
	broke.mu.Lock()
	defer broke.mu.Unlock()
	if broke.err != nil {
		return 0, nil, broke.err
	}
	return answer.status, answer.body.Bytes(), nil
}

// failure is a log that keeps what went wrong: at the command line there is no
// other log to look it up in.
type failure struct {
	mu  sync.Mutex
	err error
}

func (f *failure) Enabled(context.Context, slog.Level) bool { return true }
func (f *failure) WithAttrs([]slog.Attr) slog.Handler       { return f }
func (f *failure) WithGroup(string) slog.Handler            { return f }

// Handle keeps the error of a record of one.
func (f *failure) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if err, is := a.Value.Any().(error); is && r.Level >= slog.LevelError {
			f.mu.Lock()
			f.err = err
			f.mu.Unlock()
		}
		return true
	})
	return nil
}

// answer keeps what a handler writes.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }

// problem makes an error of an RFC 9457 answer.
func problem(status int, body []byte) error {
	var p struct{ Title, Detail string }
	if err := json.Unmarshal(body, &p); err != nil || p.Title == "" {
		return fmt.Errorf("the site answered %d: %s", status, bytes.TrimSpace(body[:min(len(body), 200)]))
	}
	err := fmt.Errorf("%s: %s", p.Title, p.Detail)
	if status == http.StatusBadRequest {
		return &usageError{err}
	}
	return err
}

func (h hits) print(out, notes io.Writer) {
	for _, w := range h.Warnings {
		fmt.Fprintf(notes, "note: %s\n", w)
	}
	for _, it := range h.Items {
		fmt.Fprintf(out, "%s  %s  (%s)\n    %s\n", it.Published.UTC().Format("2006-01-02 15:04Z"), it.Title, it.Source.Name, it.URL)
	}
	fmt.Fprintf(notes, "%d of %d\n", len(h.Items), h.Total)
}

// closeArchive closes a database that was only read.
func closeArchive(db *store.DB, notes io.Writer) {
	if err := db.Close(); err != nil {
		fmt.Fprintf(notes, "closing the database: %v\n", err)
	}
}
