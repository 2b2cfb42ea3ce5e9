package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"clusterwire/feeds"
	"clusterwire/feeds/fetch"
	"clusterwire/feeds/news"
)

type inspectCmd struct {
	Feed    inspectFeedCmd    `cmd:"" help:"What parsing makes of a feed, sitemap or JSON Feed."`
	Article inspectArticleCmd `cmd:"" help:"What extraction makes of an HTML page."`
	Text    inspectTextCmd    `cmd:"" help:"What reading makes of a text: verdict, companies, topics, claims."`
	Stories inspectStoriesCmd `cmd:"" help:"Which articles of a batch report one event."`
}

// inspectInput is the input of an inspection.
type inspectInput struct {
	Input string `arg:"" optional:"" help:"File, - for standard input, or (not for text) an address."`
	URL   string `help:"Address of the input, where it is a file." name:"url" placeholder:"URL"`
	JSON  bool   `help:"Print one line of JSON, not indented."`
	Batch bool   `help:"Read one JSON object a line from the input (default standard input), write one a line, in order."`
}

// batchLine is one line of a batch: the union of what the stages take.
type batchLine struct {
	ID          json.RawMessage `json:"id"`
	Path        string          `json:"path"`
	Body        *string         `json:"body"`
	HTML        *string         `json:"html"`
	URL         string          `json:"url"`
	ContentType string          `json:"content_type"`
	Title       string          `json:"title"`
	Text        string          `json:"text"`
	Lang        string          `json:"lang"`
	Published   string          `json:"published"`

	raw []byte // the bytes themselves, where the input is no batch
}

// batchError is a line of a batch that could not be inspected.
type batchError struct {
	ID    json.RawMessage `json:"id"`
	Error string          `json:"error"`
}

// largest is the greatest input that is read, in bytes: a page or feed beyond
// it would not be fetched either.
const largest = 64 << 20

type inspectFeedCmd struct{ inspectInput }

// Help shows an example.
func (inspectFeedCmd) Help() string {
	return `A line of a batch is {"id","path" or "body","url","content_type"}. A line that can't be parsed gives {"id","error"} and doesn't end the run.

Examples:

    clusterwire inspect feed https://blogs.nvidia.com/feed/
    clusterwire inspect feed --batch <feeds.jsonl >parsed.jsonl`
}

// Run inspects a feed, or a batch.
func (c *inspectFeedCmd) Run(e *env) error {
	inspect := func(l batchLine) (any, error) {
		body, contentType, err := l.content(l.Body)
		if err != nil {
			return nil, err
		}
		return feeds.InspectFeed(body, l.URL, contentType)
	}
	return c.inspectInput.run(e, fetch.ForFeed, inspect)
}

type inspectArticleCmd struct{ inspectInput }

// Help shows an example.
func (inspectArticleCmd) Help() string {
	return `A line of a batch is {"id","path" or "html","url"}. A line that can't be read gives {"id","error"} and doesn't end the run.

Examples:

    clusterwire inspect article page.html --url https://publisher.example/story
    clusterwire inspect article --batch <pages.jsonl >articles.jsonl`
}

// Run inspects a page, or a batch.
func (c *inspectArticleCmd) Run(e *env) error {
	inspect := func(l batchLine) (any, error) {
		body, contentType, err := l.content(l.HTML)
		if err != nil {
			return nil, err
		}
		return feeds.InspectPage(body, l.URL, contentType)
	}
	return c.inspectInput.run(e, fetch.ForPage, inspect)
}

type inspectTextCmd struct {
	inspectInput
	Title     string `help:"Title of the text."`
	Lang      string `help:"Language of the text, if known."`
	Published string `help:"When it was published, as RFC 3339 or 2006-01-02."`
}

// Help shows an example.
func (inspectTextCmd) Help() string {
	return `A line of a batch is {"id","title","text","lang","url","published"}; all but text may be left out. A line that can't be read gives {"id","error"} and doesn't end the run.

Examples:

    echo "xAI put 100,000 H100 GPUs to work in Memphis." | clusterwire inspect text -
    clusterwire inspect text --batch <texts.jsonl >readings.jsonl`
}

// Run reads a text, or a batch.
func (c *inspectTextCmd) Run(e *env) error {
	reader, err := feeds.NewReader()
	if err != nil {
		return err
	}
	view := reader.InspectText
	if !c.Batch { // which is read once, for speed
		view = reader.InspectWholeText
	}
	inspect := func(l batchLine) (any, error) {
		published, err := parseMoment(l.Published)
		if err != nil {
			return nil, err
		}
		return view(news.Text{Title: l.Title, Body: l.Text, Language: l.Lang, URL: l.URL, Published: published}), nil
	}
	if c.Batch {
		return c.batch(e, inspect)
	}
	body, err := readInput(e, c.Input)
	if err != nil {
		return err
	}
	if strings.TrimSpace(string(body)) == "" && c.Title == "" {
		return &badDataError{fmt.Errorf("%s holds no text", c.Input)}
	}
	found, err := inspect(batchLine{Title: c.Title, Text: string(body), Lang: c.Lang, URL: c.URL, Published: c.Published})
	if err != nil {
		return &usageError{err}
	}
	return c.print(e.out, found)
}

// parseMoment reads a day or an instant; "" is the zero time.
func parseMoment(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("published %q is no date: want 2006-01-02 or 2006-01-02T15:04:05Z", s)
}

// run inspects one input, or a batch.
func (c inspectInput) run(e *env, purpose fetch.Purpose, inspect func(batchLine) (any, error)) error {
	if c.Batch {
		return c.batch(e, inspect)
	}
	line := batchLine{URL: c.URL}
	if strings.HasPrefix(c.Input, "http://") || strings.HasPrefix(c.Input, "https://") {
		client, err := newClient(e.common)
		if err != nil {
			return err
		}
		res, err := client.Get(e.ctx, fetch.Request{URL: c.Input, For: purpose})
		if err != nil {
			return err
		}
		line = batchLine{URL: res.URL, ContentType: res.ContentType, raw: res.Body}
	} else {
		raw, err := readInput(e, c.Input)
		if err != nil {
			return err
		}
		line.raw = raw
	}
	view, err := inspect(line)
	if err != nil {
		return &badDataError{fmt.Errorf("%s: %w", c.Input, err)}
	}
	return c.print(e.out, view)
}

// batch inspects one JSON object a line. A line that fails is a line that says
// so, and no reason to stop or to exit with an error.
func (c inspectInput) batch(e *env, inspect func(batchLine) (any, error)) error {
	in := e.in
	if c.Input != "" && c.Input != "-" {
		file, err := os.Open(c.Input)
		if err != nil {
			return err
		}
		defer file.Close()
		in = file
	}
	lines := bufio.NewReaderSize(in, 1<<20)
	out := bufio.NewWriter(e.out)
	defer out.Flush()
	for e.ctx.Err() == nil {
		raw, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(raw)) > 0 {
			if err := writeLine(out, raw, inspect); err != nil {
				return err
			}
		}
		// Flushed at each line, so that a program at both ends of a pipe can
		// ask one thing at a time.
		if lines.Buffered() == 0 {
			if err := out.Flush(); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return out.Flush()
		}
		if err != nil {
			return err
		}
	}
	return e.ctx.Err()
}

// writeLine inspects one line of a batch and writes one line.
func writeLine(w io.Writer, raw []byte, inspect func(batchLine) (any, error)) error {
	var line batchLine
	err := json.Unmarshal(raw, &line)
	if err != nil {
		err = fmt.Errorf("the line is no JSON object of the expected form: %w", err)
	}
	var view any
	if err == nil {
		view, err = survive(line, inspect)
	}
	if len(line.ID) == 0 {
		line.ID = json.RawMessage("null")
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	if err != nil {
		return out.Encode(batchError{line.ID, err.Error()})
	}
	encoded, err := encode(view)
	if err != nil {
		return out.Encode(batchError{line.ID, err.Error()})
	}
	// The id goes first into the object that the view is.
	_, err = fmt.Fprintf(w, `{"id":%s,%s`+"\n", line.ID, encoded[1:])
	return err
}

// survive inspects one line. A defect of ours is an error of that line, not
// the end of the others.
func survive(line batchLine, inspect func(batchLine) (any, error)) (view any, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			view, err = nil, fmt.Errorf("defect in clusterwire: %v", cause)
		}
	}()
	return inspect(line)
}

// encode is v as JSON, HTML characters left as they are.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	err := out.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// content is the bytes of a line and their type: given in it, or in the file
// that it names. What is given in JSON is UTF-8 whatever it says of itself.
func (l batchLine) content(given *string) (body []byte, contentType string, err error) {
	switch {
	case l.raw != nil:
		return l.raw, l.ContentType, nil
	case given != nil:
		mediaType, _, _ := strings.Cut(l.ContentType, ";")
		return []byte(*given), mediaType + "; charset=utf-8", nil
	case l.Path != "":
		body, err = readFile(l.Path)
		return body, l.ContentType, err
	default:
		return nil, "", errors.New("the line has neither content nor a path")
	}
}

// readInput reads a file or standard input.
func readInput(e *env, name string) ([]byte, error) {
	switch name {
	case "":
		return nil, &usageError{errors.New("name a file, - for standard input, or --batch")}
	case "-":
		return io.ReadAll(io.LimitReader(e.in, largest))
	default:
		return readFile(name)
	}
}

// readFile reads a file, and unpacks it if it is gzip.
func readFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	buffered := bufio.NewReader(file)
	var in io.Reader = buffered
	if magic, err := buffered.Peek(2); err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		if in, err = gzip.NewReader(buffered); err != nil {
			return nil, err
		}
	}
	return io.ReadAll(io.LimitReader(in, largest))
}

// print prints a view as JSON, indented for a person unless asked otherwise.
func (c inspectInput) print(w io.Writer, view any) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	if !c.JSON {
		out.SetIndent("", "  ")
	}
	return out.Encode(view)
}
