package web

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"clusterwire/web/dump"
)

// dumpsPage is the struct of templates/dumps.html.
type dumpsPage struct {
	frame
	Base    string
	Made    time.Time // when the last that was finished began; zero where none was
	Licence string
	Tables  []dumpRow
	Days    []dumpRow
	Part    numbered
	Latest  string // a file to try
}

// dumpRow is a table, or a day of articles, in its formats.
type dumpRow struct {
	Name  string
	Rows  int
	Files []dumpFile
}

type dumpFile struct {
	link
	Size   string
	SHA256 string
}

// dumpDays is how many days stand on one page.
const dumpDays = 31

// dumpRows lists a manifest's files: whole tables, and days, newest first.
func dumpRows(m dump.Manifest) (tables, days []dumpRow) {
	for _, f := range m.Files {
		list, name := &tables, f.Table
		if f.Day != nil {
			list, name = &days, *f.Day
		}
		if n := len(*list); n == 0 || (*list)[n-1].Name != name { // files come by name
			*list = append(*list, dumpRow{Name: name, Rows: f.Rows})
		}
		row := &(*list)[len(*list)-1]
		words := map[string]string{dump.NDJSON: "NDJSON", dump.Parquet: "Parquet"}[f.Format]
		row.Files = append(row.Files, dumpFile{link{"/dumps/" + f.Name, words}, byteSize(f.Bytes), f.SHA256})
	}
	slices.Reverse(days)
	return tables, days
}

// byteSize writes how long a file is: 840 bytes, 12.3 kB, 4.5 MB.
func byteSize(n int64) string {
	size := float64(n)
	for _, unit := range []string{"bytes", "kB", "MB", "GB"} {
		if size < 1000 || unit == "GB" {
			digits := 0
			if unit != "bytes" && size < 100 {
				digits = 1
			}
			return strconv.FormatFloat(size, 'f', digits, 64) + " " + unit
		}
		size /= 1000
	}
	return ""
}

// manifest reads the list of files; one that is not there yet is an empty one.
func (s *site) manifest() (dump.Manifest, error) {
	m, err := dump.Read(s.dumpDir)
	if errors.Is(err, fs.ErrNotExist) {
		return dump.Manifest{Schema: dump.Schema, Site: s.baseURL, Licence: dumpLicence, Credits: []dump.Credit{}, Files: []dump.File{}}, nil
	}
	return m, err
}

// dumps answers /dumps: what there is to take away, and how.
func (s *site) dumps(r *http.Request) (reply, error) {
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	m, err := s.manifest()
	if err != nil {
		return reply{}, err
	}
	page := dumpsPage{frame: s.frame(r, st, "Dumps", "/dumps"), Base: s.base(r), Licence: m.Licence, Latest: "articles-" + s.now().UTC().Format(time.DateOnly)}
	page.Section = "/api"
	page.Description = "The whole archive as files, made daily: NDJSON and Parquet with SHA-256 and a manifest."
	if m.Generated != nil {
		page.Made = *m.Generated
	}
	var days []dumpRow
	page.Tables, days = dumpRows(m)
	if len(days) > 0 {
		page.Latest = "articles-" + days[0].Name
	}
	if page.Days, page.Part, err = cutPage(r, days, dumpDays, "/dumps", nil); err != nil {
		return reply{}, err
	}
	for _, c := range m.Credits {
		page.Credits = append(page.Credits, credit{Text: c.Text, Of: link{c.URL, hostOf(c.URL)}, Licence: link{c.LicenceURL, c.Licence}})
	}
	return s.page("dumps", page)
}

// dumpManifest answers /dumps/manifest.json.
func (s *site) dumpManifest(*http.Request) (reply, error) {
	m, err := s.manifest()
	if err != nil {
		return reply{}, err
	}
	return s.jsonReply(m, nil)
}

// dumpTypes are the media types of the files of a dump, by format.
func dumpTypes() map[string]string {
	return map[string]string{dump.NDJSON: "application/gzip", dump.Parquet: "application/vnd.apache.parquet"}
}

// dumpedFile answers /dumps/{name}: a file that the manifest lists, whole or in
// part. Its tag is its hash, so that the parts of two versions are never put
// together.
func (s *site) dumpedFile(r *http.Request) (reply, error) {
	name := r.PathValue("name")
	m, err := s.manifest()
	if err != nil {
		return reply{}, err
	}
	f, found := m.Find(name)
	if !found {
		if isDump(name) && there(filepath.Join(s.dumpDir, name)) {
			return reply{}, errBusy // it is being replaced
		}
		return reply{}, errMissing
	}
	file, err := os.Open(filepath.Join(s.dumpDir, filepath.Base(f.Name)))
	if errors.Is(err, fs.ErrNotExist) {
		return reply{}, errMissing
	}
	if err != nil {
		return reply{}, err
	}
	if info, err := file.Stat(); err != nil || info.Size() != f.Bytes { // no longer what the manifest said
		return reply{}, errors.Join(err, file.Close(), errBusy)
	}
	rep := reply{contentType: dumpTypes()[f.Format], tag: f.SHA256, modified: f.Written, cacheControl: "public, max-age=60, no-transform", noIndex: true, filename: f.Name,
		file: file, done: func() { _ = file.Close() }} // it was only read
	if sum, err := hex.DecodeString(f.SHA256); err == nil {
		rep.digest = "sha-256=:" + base64.StdEncoding.EncodeToString(sum) + ":"
	}
	return rep, nil
}

func isDump(name string) bool {
	return !strings.ContainsAny(name, `/\`) && !strings.HasPrefix(name, ".") && (strings.HasSuffix(name, "."+dump.NDJSON) || strings.HasSuffix(name, "."+dump.Parquet))
}

func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// sendFile writes a file, or the part of it that was asked for.
func (s *site) sendFile(w http.ResponseWriter, r *http.Request, rep reply) {
	h := w.Header()
	h.Set("ETag", quoteTag(rep.tag, ""))
	if rep.digest != "" {
		h.Set("Repr-Digest", rep.digest)
	}
	http.ServeContent(patientWriter{w, patient{w, http.NewResponseController(w)}}, r, "", rep.modified, rep.file)
}

// patientWriter writes a response to a client that may take its time.
type patientWriter struct {
	http.ResponseWriter
	body patient
}

// Write writes a piece of the body.
func (w patientWriter) Write(b []byte) (int, error) { return w.body.Write(b) }
