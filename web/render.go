package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// frame is what every page has around its own part.
type frame struct {
	Title       string
	Description string
	Canonical   string // absolute
	Card        string // absolute address of the picture for those who show a link to the page
	Section     string // path of the entry of the navigation that is current
	Q           string // what stands in the search field
	Feeds       []link // in the formats of feeds, for readers of feeds
	Formats     []link // this list in other formats
	NoIndex     bool
	Refresh     int  // seconds after which a browser without scripts asks again, 0 for never
	Root        bool // the front page, which has the name of the site as its heading
	Stats       news.Stats
	Today       time.Time
	Version     string
	Style       string
	Script      string
	Notice      string   // stands above the page
	Dumps       bool     // there is a page of dumps
	Linked      any      // JSON-LD, nil for none
	Credits     []credit // for figures of databases that the page shows
}

// siteName is the name of the site.
const siteName = "clusterwire"

// bareFrame is a frame made without asking the store, for when that fails.
func (s *site) bareFrame(r *http.Request) frame {
	return frame{
		Canonical: s.base(r) + r.URL.EscapedPath(), Card: s.base(r) + s.assetPath("card.png"), Notice: s.notice, Dumps: s.dumpDir != "", Today: s.now().UTC(), Version: s.version,
		Style: s.assetPath("wire.css"), Script: s.assetPath("wire.js"),
	}
}

// frame is the frame of a page at path with parameters.
func (s *site) frame(r *http.Request, st *stand, title, canonicalPath string) frame {
	f := s.bareFrame(r)
	f.Title, f.Stats, f.Canonical = title, st.Stats, s.base(r)+canonicalPath
	return f
}

// Head is the title of the document.
func (f frame) Head() string {
	if f.Title == "" {
		return siteName + ": the news wire of AI infrastructure"
	}
	return f.Title + " · " + siteName
}

// Nav is the navigation of the site.
func (f frame) Nav() []navItem {
	items := []navItem{{"/", "Front page", false}, {"/companies", "Companies", false}, {"/clusters", "Clusters", false},
		{"/disputes", "Disputed figures", false}, {"/topics", "Topics", false}, {"/archive", "Archive", false}, {"/sources", "Sources", false},
		{"/api", "API", false}, {"/about", "About", false}}
	for i := range items {
		items[i].Current = items[i].Href == f.Section
	}
	return items
}

type navItem struct {
	Href, Text string
	Current    bool
}

// page executes a template into memory; nothing is sent before it is whole.
func (s *site) page(name string, data any) (reply, error) {
	var buf bytes.Buffer
	if err := s.templates[name].ExecuteTemplate(&buf, "layout", data); err != nil {
		return reply{}, fmt.Errorf("page %s: %w", name, err)
	}
	return reply{contentType: formatHTML.mime, body: buf.Bytes(), prefetch: s.assetPath("prefetch.json")}, nil
}

// loadTemplates parses each page together with the layout and the parts.
func loadTemplates(files fs.FS) (map[string]*template.Template, error) {
	base, err := template.New("").Funcs(templateFuncs()).Option("missingkey=error").
		ParseFS(files, "templates/layout.html", "templates/parts.html")
	if err != nil {
		return nil, err
	}
	entries, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	pages := map[string]*template.Template{}
	for _, file := range entries {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name == "layout" || name == "parts" {
			continue
		}
		t, err := base.Clone()
		if err != nil {
			return nil, err
		}
		if pages[name], err = t.ParseFS(files, file); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

func templateFuncs() template.FuncMap {
	return template.FuncMap{
		"ago": ago, "count": thousands, "day": longDay, "lower": strings.ToLower, "dir": direction, "host": hostOf, "kind": kindName,
		"language": languageName, "plural": plural, "rfc3339": rfc3339, "stamp": stamp, "words": words,
	}
}

// words makes a code of ours readable: under_construction, http_404.
func words(code any) string { return strings.ReplaceAll(fmt.Sprint(code), "_", " ") }

func hostOf(address string) string {
	address = strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://")
	host, _, _ := strings.Cut(address, "/")
	return strings.TrimPrefix(host, "www.")
}

// asset is a file of ours that pages load.
type asset struct {
	body        []byte
	contentType string
	tag         string
	coded       *codedBodies
}

// reply serves an asset, which is compressed once.
func (a asset) reply(cacheControl string) reply {
	return reply{contentType: a.contentType, body: a.body, tag: a.tag, coded: a.coded, cacheControl: cacheControl}
}

func loadAssets(files fs.FS) (map[string]asset, error) {
	entries, err := fs.ReadDir(files, "static")
	if err != nil {
		return nil, err
	}
	assets := map[string]asset{}
	for _, e := range entries {
		body, err := fs.ReadFile(files, "static/"+e.Name())
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(body)
		assets[e.Name()] = asset{body: body, contentType: mimeOf(e.Name()), tag: base64.RawURLEncoding.EncodeToString(sum[:6]), coded: &codedBodies{}}
	}
	return assets, nil
}

func mimeOf(name string) string {
	switch path.Ext(name) { // the system's table may say otherwise
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".json": // the only one of ours
		return "application/speculationrules+json"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	}
	return mime.TypeByExtension(path.Ext(name))
}

// assetPath names an asset together with its content, so that it may be kept
// for ever.
func (s *site) assetPath(name string) string { return "/static/" + name + "?v=" + s.assets[name].tag }

// favicon answers those who ask for an icon without having read a page.
func (s *site) favicon(*http.Request) (reply, error) {
	return s.assets["icon-48.png"].reply("public, max-age=86400"), nil
}

func (s *site) static(r *http.Request) (reply, error) {
	a, found := s.assets[r.PathValue("name")]
	if !found {
		return reply{}, errNowhere
	}
	if r.URL.Query().Get("v") == a.tag {
		return a.reply("public, max-age=31536000, immutable"), nil
	}
	return a.reply("public, max-age=3600"), nil
}
