package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"clusterwire/store"
)

type backupCmd struct {
	File string `arg:"" help:"Where to write the copy; must not exist."`
}

// Help shows an example.
func (backupCmd) Help() string {
	return "Writes a compact, checked copy of the database. \"serve\" may go on meanwhile.\n\nExample:\n\n    clusterwire backup /backups/clusterwire-$(date +%F).db"
}

// Run writes the copy.
func (c *backupCmd) Run(e *env) error {
	db, err := openArchive(e)
	if err != nil {
		return err
	}
	defer closeArchive(db, e.err)
	if err := db.Backup(e.ctx, c.File); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.out, "%s copied to %s\n", db.Path(), c.File)
	return err
}

type restoreCmd struct {
	File string `arg:"" help:"A copy that \"backup\" wrote."`
}

// Help shows an example.
func (restoreCmd) Help() string {
	return "Makes a backup the database again, once it has been checked. What was there is kept beside it. \"serve\" must be stopped.\n\nExample:\n\n    clusterwire restore /backups/clusterwire-2026-11-22.db"
}

// Run puts the copy in the database's place.
func (c *restoreCmd) Run(e *env) error {
	path, err := e.common.database()
	if err != nil {
		return err
	}
	aside, err := store.Restore(e.ctx, c.File, path)
	if err != nil {
		return err
	}
	if aside != "" {
		fmt.Fprintf(e.out, "what was there is kept as %s\n", aside)
	}
	_, err = fmt.Fprintf(e.out, "%s restored to %s\n", c.File, path)
	return err
}

type checkCmd struct {
	JSON bool `help:"Print what was found as JSON."`
}

// Help shows an example.
func (checkCmd) Help() string {
	return "Reads the whole database and says what is wrong with it. Exits with 3 if something is.\n\nExample:\n\n    clusterwire check --db clusterwire.db"
}

// Run checks the database.
func (c *checkCmd) Run(e *env) error {
	path, err := e.common.database()
	if err != nil {
		return err
	}
	problems, err := store.Check(e.ctx, path)
	if err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(e.out).Encode(map[string]any{"path": path, "problems": append([]string{}, problems...)})
	} else {
		for _, p := range problems {
			fmt.Fprintln(e.out, p)
		}
		_, err = fmt.Fprintf(e.out, "%s: %d problems\n", path, len(problems))
	}
	if err != nil || len(problems) == 0 {
		return err
	}
	return &badDataError{fmt.Errorf("%s is damaged: restore with: clusterwire restore BACKUP", path)}
}

// interrupted says of an error that it is the person's own stop.
func interrupted(ctx context.Context, err error) bool {
	return ctx.Err() != nil && errors.Is(err, ctx.Err())
}
