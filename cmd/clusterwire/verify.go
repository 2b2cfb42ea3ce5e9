package main

import (
	"encoding/json"
	"fmt"

	"clusterwire/feeds"
)

type verifyCmd struct {
	JSON bool `help:"Print what was found as JSON."`
}

// Help shows an example.
func (verifyCmd) Help() string {
	return `Checks every published claim: its quote stands in the article, and its value parses again from the quote. Exits with 3 if one does not.

Example:

    clusterwire verify --db clusterwire.db`
}

// Run checks the claims.
func (c *verifyCmd) Run(e *env) error {
	db, err := openArchive(e)
	if err != nil {
		return err
	}
	defer closeArchive(db, e.err)
	reader, err := feeds.NewReader()
	if err != nil {
		return err
	}
	m := newMeter(e.err)
	found, err := reader.Verify(e.ctx, db, m.show)
	m.done()
	if err != nil {
		return err
	}
	if err := c.print(e, found); err != nil {
		return err
	}
	if n := len(found.Broken); n > 0 {
		return &badDataError{fmt.Errorf("%d of %d claims are not borne out by their articles", n, found.Claims)}
	}
	return nil
}

func (c *verifyCmd) print(e *env, found feeds.Verified) error {
	if c.JSON {
		return json.NewEncoder(e.out).Encode(found)
	}
	for _, b := range found.Broken {
		fmt.Fprintf(e.out, "article %d: %q: %s\n", b.Article, b.Quote, b.Reason)
	}
	_, err := fmt.Fprintf(e.out, "%d claims of %d articles checked, %d broken\n", found.Claims, found.Articles, len(found.Broken))
	return err
}
