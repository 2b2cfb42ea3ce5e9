// Package dump writes tables as files for others to take away: each as NDJSON
// and as Parquet, with a manifest that lists every file with its rows, bytes
// and SHA-256.
//
// Construct it with Open, which takes a directory. Has says whether a table is
// there as it should be, Write writes one from a stream of structs in constant
// memory, Keep takes away what is no longer among the tables, and Finish says
// that all of it is there.
//
// It stores nothing but these files. Each is written beside its place and put
// there whole, and the manifest after it, so that a run that is cut off leaves
// files and a manifest that agree, and the next goes on behind them. Columns
// and fields have the names of the structs' json tags.
package dump

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Schema is the version of the manifest and of the files' layout. Fields may be
// added to it; a change of what one means is a new version.
const Schema = 1

// ManifestName is the file that lists the others.
const ManifestName = "manifest.json"

// Manifest lists the files of a dump. Generated and Changes are null until all
// files have been written once; Generated is when the run that did so began.
type Manifest struct {
	Schema    int        `json:"schema"`
	Site      string     `json:"site"`
	Generated *time.Time `json:"generated"`
	Changes   *string    `json:"changes"`
	Licence   string     `json:"licence"`
	Credits   []Credit   `json:"credits"`
	Basis     string     `json:"basis"`
	Files     []File     `json:"files"`
}

// Credit is who has to be named by those who use a part of the dump.
type Credit struct {
	Text       string `json:"text"`
	URL        string `json:"url"`
	Licence    string `json:"licence"`
	LicenceURL string `json:"licence_url"`
}

// File is one file of a dump.
type File struct {
	Name    string    `json:"name"`
	Table   string    `json:"table"`
	Day     *string   `json:"day"`
	Format  string    `json:"format"`
	Rows    int       `json:"rows"`
	Bytes   int64     `json:"bytes"`
	SHA256  string    `json:"sha256"`
	Written time.Time `json:"written"`
	Mark    string    `json:"mark"`
}

// Table is what one pair of files holds: a whole table, or a day of it.
type Table struct {
	Name string
	Day  string // 2026-11-22, "" for the whole table
	Mark string // changes when the files have to be made again
}

// stem is the name of a table's files without the ending.
func (t Table) stem() string {
	if t.Day == "" {
		return t.Name
	}
	return t.Name + "-" + t.Day
}

// The formats, which are the endings of the files' names.
const (
	NDJSON  = "ndjson.gz"
	Parquet = "parquet"
)

// Dir is a directory with a dump. It is for one goroutine, and one process, at
// a time.
type Dir struct {
	path  string
	now   func() time.Time
	began time.Time
	m     Manifest
	saved time.Time
}

// Open opens the dump in a directory, which is made if it is not there. Of about
// it takes Basis, Site and Licence. What was made on another basis (another
// archive, another layout) is not used again.
func Open(path string, about Manifest, now func() time.Time) (*Dir, error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, fmt.Errorf("directory for dumps: %w", err)
	}
	d := &Dir{path: path, now: now, began: now()}
	m, err := Read(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	default:
		d.m = m
	}
	if d.m.Schema != Schema || d.m.Basis != about.Basis {
		d.m = Manifest{Schema: Schema, Basis: about.Basis, Credits: []Credit{}, Files: d.strangers()}
	}
	d.m.Site, d.m.Licence = about.Site, about.Licence
	parts, err := filepath.Glob(filepath.Join(path, ".*"+unfinished))
	if err != nil {
		return nil, err
	}
	for _, part := range parts {
		if err := os.Remove(part); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// strangers are the files of another basis: listed, since they are there, but
// with marks that no table has, so that they are written anew or taken away.
func (d *Dir) strangers() []File {
	files := slices.Clone(d.m.Files)
	for i := range files {
		files[i].Mark = ""
	}
	if files == nil {
		return []File{}
	}
	return files
}

// Read reads the manifest of a directory.
func Read(path string) (Manifest, error) {
	var m Manifest
	body, err := os.ReadFile(filepath.Join(path, ManifestName))
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(body, &m); err != nil || m.Schema == 0 {
		return m, fmt.Errorf("%s is not the manifest of a dump: choose another directory", filepath.Join(path, ManifestName))
	}
	return m, nil
}

// Find returns a file that the manifest lists.
func (m Manifest) Find(name string) (File, bool) {
	i := slices.IndexFunc(m.Files, func(f File) bool { return f.Name == name })
	if i < 0 {
		return File{}, false
	}
	return m.Files[i], true
}

// Has reports whether both files of a table are there, made at its mark.
func (d *Dir) Has(t Table) bool {
	for _, format := range []string{NDJSON, Parquet} {
		f, found := d.m.Find(t.stem() + "." + format)
		if !found || f.Mark != t.Mark || t.Mark == "" {
			return false
		}
		info, err := os.Stat(filepath.Join(d.path, f.Name))
		if err != nil || info.Size() != f.Bytes {
			return false
		}
	}
	return true
}

// Keep takes away the files of all other tables.
func (d *Dir) Keep(tables []Table) error {
	kept := map[string]bool{}
	for _, t := range tables {
		kept[t.stem()+"."+NDJSON], kept[t.stem()+"."+Parquet] = true, true
	}
	var gone []string
	d.m.Files = slices.DeleteFunc(d.m.Files, func(f File) bool {
		if !kept[f.Name] && f.Name == filepath.Base(f.Name) {
			gone = append(gone, f.Name)
		}
		return !kept[f.Name]
	})
	if len(gone) == 0 {
		return nil
	}
	if err := d.save(); err != nil { // first, so that it never lists what is not there
		return err
	}
	for _, name := range gone {
		if err := os.Remove(filepath.Join(d.path, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Finish says that all tables are there, as of when the directory was opened:
// what came while they were written may not be among them. Until the next Finish the manifest
// says so of this one, which stays true: what Changes leads to brings files that
// are newer no harm.
func (d *Dir) Finish(changes string, credits []Credit) (Manifest, error) {
	at := d.began.UTC().Truncate(time.Second)
	d.m.Generated, d.m.Changes, d.m.Credits = &at, &changes, credits
	return d.m, d.save()
}

// Save writes the manifest, for who stops before Finish.
func (d *Dir) Save() error { return d.save() }

func (d *Dir) save() error {
	slices.SortFunc(d.m.Files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetIndent("", "  ")
	if err := enc.Encode(d.m); err != nil {
		return err
	}
	p, err := d.begin(ManifestName)
	if err != nil {
		return err
	}
	if _, err := p.Write(buf.Bytes()); err != nil {
		return errors.Join(err, p.drop())
	}
	if err := p.finish(); err != nil {
		return errors.Join(err, p.drop())
	}
	d.saved = d.now()
	return p.place()
}
