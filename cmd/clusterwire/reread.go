package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"clusterwire/feeds"
)

type rereadCmd struct {
	JSON bool `help:"Print what was done as JSON."`
}

// Help shows an example.
func (rereadCmd) Help() string {
	return `Applies today's rules to every stored article whose reading was made by other rules: verdict, companies, topics and claims. Can be interrupted, and goes on where it was. "serve" does the same in the background.

Example:

    clusterwire reread --db clusterwire.db`
}

// Run reads again what was read by other rules.
func (c *rereadCmd) Run(e *env) error {
	r, err := openRooms(e)
	if err != nil {
		return err
	}
	defer r.close()
	m := newMeter(e.err)
	n, err := r.line(feeds.Config{Progress: m.show}).Reread(e.ctx)
	m.done()
	if e.ctx.Err() != nil {
		return &partialError{fmt.Sprintf("interrupted after %d articles; run it again to go on", n)}
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(e.out).Encode(map[string]any{"reread": n, "rules": r.reader.Rules()})
	}
	fmt.Fprintf(e.out, "%d articles read again, rules %s\n", n, r.reader.Rules())
	return nil
}

// rereadAll rereads in the background of serve.
func rereadAll(ctx context.Context, line *feeds.Line, r *rooms) error {
	n, err := line.Reread(ctx)
	if n > 0 {
		r.log.Info("read again with new rules", "articles", n)
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		r.log.Error("reading again stopped; it goes on at the next start", "error", err)
	}
	return nil
}
