package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"clusterwire/feeds"
	"clusterwire/feeds/news"
)

type collectCmd struct {
	Source string `arg:"" optional:"" help:"Only this publisher, due or not; one that was asked within a quarter of an hour is left alone."`
	JSON   bool   `help:"Print the summary as JSON."`
}

// Help shows an example.
func (collectCmd) Help() string {
	return `Polls every feed that is due, opens every item that is due, and prints what it did. Exits with 4 if some feeds or articles failed; they are tried again when their time comes.

Example, for cron:

    clusterwire collect --db /var/lib/clusterwire/clusterwire.db

One publisher, now:

    clusterwire collect datacenterknowledge-com`
}

// Run makes one pass.
func (c *collectCmd) Run(e *env) error {
	r, err := openRooms(e)
	if err != nil {
		return err
	}
	defer r.close()
	m := newMeter(e.err)
	line := r.line(feeds.Config{Progress: m.show})
	pass := line.Collect
	if c.Source != "" {
		pass = func(ctx context.Context) (feeds.Summary, error) { return line.Refresh(ctx, c.Source) }
	}
	summary, err := pass(e.ctx)
	m.done()
	if errors.Is(err, news.ErrNotFound) {
		return fmt.Errorf("no source is called %q: see \"clusterwire sources list\"", c.Source)
	}
	if printErr := c.print(e, summary); printErr != nil {
		return printErr
	}
	switch {
	case e.ctx.Err() != nil:
		return &partialError{"interrupted: what was collected is stored, the rest stays due"}
	case err != nil:
		return err
	case summary.Partial():
		return &partialError{fmt.Sprintf("%d feeds and %d articles failed; they are tried again later", summary.Feeds.Failed, summary.Articles.Failed)}
	}
	return nil
}

// print writes the summary.
func (c *collectCmd) print(e *env, s feeds.Summary) error {
	if c.JSON {
		return json.NewEncoder(e.out).Encode(s)
	}
	fmt.Fprintln(e.out, s.String())
	for _, f := range s.Failures {
		fmt.Fprintf(e.out, "failed: %s %s: %s\n", f.Source, f.URL, f.Error)
	}
	return nil
}
