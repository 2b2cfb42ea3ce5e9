package main

import (
	"encoding/json"
	"fmt"

	"clusterwire/feeds"
	"clusterwire/feeds/news"
)

type sourcesImportCmd struct {
	File string `arg:"" help:"OPML file, or - for standard input."`
	JSON bool   `help:"Print what was added as JSON."`
}

// Help shows an example.
func (sourcesImportCmd) Help() string {
	return "Follows every feed of an OPML file, as other readers export it. A feed that is followed already keeps its state. A new database gets these feeds alone, without the catalog.\n\nExample:\n\n    clusterwire sources import subscriptions.opml"
}

// Run adds the sources of the file.
func (c *sourcesImportCmd) Run(e *env) error {
	body, err := readInput(e, c.File)
	if err != nil {
		return err
	}
	entries, parseErr := feeds.ImportOPML(body)
	if len(entries) == 0 && parseErr != nil {
		return &badDataError{fmt.Errorf("%s: %w", c.File, parseErr)}
	}
	archive, err := openKeeper(e, openBareRooms)
	if err != nil {
		return err
	}
	defer archive.close()
	n := 0
	sources := make([]news.SourceHealth, len(entries))
	for i, entry := range entries {
		sources[i] = news.SourceHealth{Source: entry.Source, Feeds: entry.Feeds}
		n += len(entry.Feeds)
	}
	if err := archive.addSources(e.ctx, sources); err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(e.out).Encode(map[string]int{"sources": len(entries), "feeds": n})
	} else {
		_, err = fmt.Fprintf(e.out, "%d sources with %d feeds\n", len(entries), n)
	}
	if err != nil {
		return err
	}
	if parseErr != nil {
		return &partialError{fmt.Sprintf("%s: %v", c.File, parseErr)}
	}
	return nil
}

type sourcesExportCmd struct{}

// Help shows an example.
func (sourcesExportCmd) Help() string {
	return "Writes every followed feed as OPML, which \"sources import\" and other readers read.\n\nExample:\n\n    clusterwire sources export >clusterwire.opml"
}

// Run writes the list.
func (c *sourcesExportCmd) Run(e *env) error {
	db, err := openArchive(e)
	if err != nil {
		return err
	}
	defer closeArchive(db, e.err)
	sources, err := db.Sources(e.ctx)
	if err != nil {
		return err
	}
	return feeds.ExportOPML(e.out, sources)
}
