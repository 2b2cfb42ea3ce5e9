package dump

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/parquet-go/parquet-go"
)

// unfinished ends the name of a file that is being written.
const unfinished = ".part"

// part is a file that is being written beside its place.
type part struct {
	*bufio.Writer
	file *os.File
	path string // where it will stand
	sum  hash.Hash
	size int64
}

func (d *Dir) begin(name string) (*part, error) {
	file, err := os.OpenFile(filepath.Join(d.path, "."+name+unfinished), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	p := &part{file: file, path: filepath.Join(d.path, name), sum: sha256.New()}
	p.Writer = bufio.NewWriterSize(io.MultiWriter(file, p.sum, (*counter)(&p.size)), 64<<10)
	return p, nil
}

type counter int64

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

// finish brings all of it to the disk.
func (p *part) finish() error {
	return errors.Join(p.Flush(), p.file.Sync(), p.file.Close())
}

// place puts a finished file where it belongs.
func (p *part) place() error { return os.Rename(p.file.Name(), p.path) }

// drop removes what was written.
func (p *part) drop() error {
	_ = p.file.Close() // it may be closed already
	return os.Remove(p.file.Name())
}

// groupRows is how many rows stand in one row group of a Parquet file: they are
// held in memory until it is whole.
const groupRows = 5000

// patience is how long new files may stand unlisted, so that a first run over
// years of days does not write its list for each.
const patience = 2 * time.Second

// Write writes both files of a table from its rows. What was there stays until
// they are whole, and for good where they say the same. After an error nothing
// has changed.
func Write[T any](d *Dir, t Table, rows iter.Seq2[T, error]) error {
	lines, err := d.begin(t.stem() + "." + NDJSON)
	if err != nil {
		return err
	}
	columns, err := d.begin(t.stem() + "." + Parquet)
	if err != nil {
		return errors.Join(err, lines.drop())
	}
	n, err := fill(lines, columns, rows)
	if err != nil {
		return errors.Join(err, lines.drop(), columns.drop())
	}
	return d.take(t, []made{{lines, d.file(t, lines, NDJSON, n)}, {columns, d.file(t, columns, Parquet, n)}})
}

// fill writes rows into both files and closes them.
func fill[T any](lines, columns *part, rows iter.Seq2[T, error]) (n int, err error) {
	form := formOf(reflect.TypeFor[T]())
	zip := gzip.NewWriter(lines)
	enc := json.NewEncoder(zip)
	table := parquet.NewWriter(columns, form.schema(), parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(groupRows), parquet.PageBufferSize(64<<10), parquet.CreatedBy("clusterwire", "", ""))
	for row, err := range rows {
		if err == nil {
			err = enc.Encode(row)
		}
		if err == nil {
			_, err = table.WriteRows([]parquet.Row{form.row(reflect.ValueOf(&row).Elem())})
		}
		if err != nil {
			return n, err
		}
		n++
	}
	return n, errors.Join(zip.Close(), table.Close(), lines.finish(), columns.finish())
}

// made is a finished file with what the manifest will say of it.
type made struct {
	*part
	File
}

func (d *Dir) file(t Table, p *part, format string, rows int) File {
	f := File{Name: filepath.Base(p.path), Table: t.Name, Format: format, Rows: rows, Bytes: p.size, SHA256: hex.EncodeToString(p.sum.Sum(nil)),
		Written: d.now().UTC().Truncate(time.Second), Mark: t.Mark}
	if t.Day != "" {
		f.Day = &t.Day
	}
	return f
}

// take puts finished files into their places and the list. A file that is to
// be replaced leaves the list first: whenever a run is cut off, what is listed
// is what stands there.
func (d *Dir) take(t Table, files []made) error {
	listed := false
	for i, f := range files {
		at := slices.IndexFunc(d.m.Files, func(x File) bool { return x.Name == f.Name })
		switch {
		case at < 0:
		case d.m.Files[at].SHA256 == f.SHA256 && sizeOf(f.path) == f.Bytes:
			files[i].Written = d.m.Files[at].Written
			d.m.Files = slices.Delete(d.m.Files, at, at+1)
		default:
			d.m.Files = slices.Delete(d.m.Files, at, at+1)
			listed = true
		}
	}
	if listed {
		if err := d.save(); err != nil {
			return err
		}
	}
	for _, f := range files {
		if err := f.place(); err != nil {
			return err
		}
		d.m.Files = append(d.m.Files, f.File)
	}
	if listed || d.now().Sub(d.saved) > patience {
		return d.save()
	}
	return nil
}

// sizeOf is -1 for a file that is not there.
func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return -1
	}
	return info.Size()
}
