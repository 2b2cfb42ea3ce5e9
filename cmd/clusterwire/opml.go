package main

import (
	"encoding/json"
	"fmt"

	"clusterwire/feeds"
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
	r, err := openBareRooms(e)
	if err != nil {
		return err
	}
	defer r.close()
	n, m := 0, newMeter(e.err)
	for i, entry := range entries {
		if e.ctx.Err() != nil {
			return &partialError{fmt.Sprintf("interrupted after %d of %d sources; run it again to go on", i, len(entries))}
		}
		if err := r.db.AddSource(e.ctx, entry.Source, entry.Feeds); err != nil {
			return fmt.Errorf("%s: %w", entry.Source.Slug, err)
		}
		n += len(entry.Feeds)
		m.show(feeds.Progress{Stage: "import", Done: i + 1, Total: len(entries)})
	}
	m.done()
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
