package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"clusterwire/feeds"
	"clusterwire/feeds/news"
)

type inspectStoriesCmd struct {
	Input string `arg:"" optional:"" help:"File of one JSON object a line, - for standard input."`
	Batch bool   `help:"Read one JSON object a line from the input (default standard input), write one a line, in order."`
}

// Help shows an example.
func (inspectStoriesCmd) Help() string {
	return `A line is {"id","title","text","lang","url","published"}; all but id and title may be left out. Once all are read, each gives {"id","story","reason","score"}: articles of equal story report one event, whatever the order of the lines. A line that can't be read gives {"id","error"} and is left out of the stories.

Example:

    clusterwire inspect stories --batch <articles.jsonl >stories.jsonl`
}

// storyLine is a line of the input: its text, or why there is none.
type storyLine struct {
	id   json.RawMessage
	text news.Text
	err  error
}

// Run finds the stories of a batch.
func (c *inspectStoriesCmd) Run(e *env) error {
	if !c.Batch && c.Input == "" {
		return &usageError{errors.New("name a file, - for standard input, or --batch")}
	}
	in := e.in
	if c.Input != "" && c.Input != "-" {
		file, err := os.Open(c.Input)
		if err != nil {
			return err
		}
		defer file.Close()
		in = file
	}
	lines, err := readStoryLines(in)
	if err != nil {
		return err
	}
	reader, err := feeds.NewReader()
	if err != nil {
		return err
	}
	var texts []news.Text
	for _, l := range lines {
		if l.err == nil {
			texts = append(texts, l.text)
		}
	}
	return writeStories(e.out, lines, reader.InspectStories(texts))
}

// readStoryLines reads all lines that are not blank.
func readStoryLines(in io.Reader) ([]storyLine, error) {
	var out []storyLine
	lines := bufio.NewReaderSize(in, 1<<20)
	for {
		raw, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(raw)) > 0 {
			out = append(out, readStoryLine(raw))
		}
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func readStoryLine(raw []byte) storyLine {
	var b batchLine
	if err := json.Unmarshal(raw, &b); err != nil {
		return storyLine{id: b.ID, err: fmt.Errorf("the line is no JSON object of the expected form: %w", err)}
	}
	published, err := parseMoment(b.Published)
	if err == nil && b.Title == "" && b.Text == "" {
		err = errors.New("the line has neither title nor text")
	}
	return storyLine{b.ID, news.Text{Title: b.Title, Body: b.Text, Language: b.Lang, URL: b.URL, Published: published}, err}
}

// writeStories writes one line for each of the input, in its order.
func writeStories(w io.Writer, lines []storyLine, views []feeds.StoryView) error {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for _, l := range lines {
		if len(l.id) == 0 {
			l.id = json.RawMessage("null")
		}
		var line any = batchError{l.id, fmt.Sprint(l.err)}
		if l.err == nil {
			line = struct {
				ID json.RawMessage `json:"id"`
				feeds.StoryView
			}{l.id, views[0]}
			views = views[1:]
		}
		if err := enc.Encode(line); err != nil {
			return err
		}
	}
	return out.Flush()
}
