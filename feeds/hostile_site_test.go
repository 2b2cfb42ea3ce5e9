package feeds_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	stdhtml "html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"clusterwire/feeds/claim"
	"clusterwire/feeds/news"
	"clusterwire/store"
	"clusterwire/web"
)

// strings100 are a hundred payloads: what runs, in the wrappings that let it
// through somewhere.
func strings100() []string {
	cores := []string{
		`<script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `<svg onload=alert(1)>`, `<a href="javascript:alert(1)">t</a>`, `javascript:alert(1)`,
		`<iframe srcdoc="<script>alert(1)</script>"></iframe>`, `<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>`,
		`<form action=javascript:alert(1)><button>t</form>`, `<details open ontoggle=alert(1)>t`, `data:text/html,<script>alert(1)</script>`,
	}
	wraps := []string{`%s`, `">%s`, `'>%s`, `</title>%s`, `</script>%s`, `]]>%s`, `--><!-- -->%s`, "\u202e%s", `{{.}}%s`, `https://x.example/"%s`}
	var all []string
	for _, core := range cores {
		for _, wrap := range wraps {
			all = append(all, fmt.Sprintf(wrap, core))
		}
	}
	return all
}

// hostileFeeds writes every payload into every field of an item, in four
// formats; what is said around it makes it news.
func hostileFeeds(payloads []string) map[string]string {
	const text = "xAI's Colossus cluster in Memphis draws 150 MW for its 100,000 Nvidia H100 GPUs. "
	var rss, rdf, atom strings.Builder
	var entries []map[string]any
	for i, p := range payloads {
		e := stdhtml.EscapeString(p)
		fmt.Fprintf(&rss, `<item><title>%[1]s xAI %[2]d</title><link>%[1]s</link><guid>%[1]s%[2]d</guid><author>%[1]s</author><category>%[1]s</category><comments>%[1]s</comments>`+
			`<description>%[3]s%[1]s</description><enclosure url="%[1]s" type="%[1]s"/></item>`, e, i, text)
		fmt.Fprintf(&rdf, `<item rdf:about="%[1]s%[2]d"><title>%[1]s xAI %[2]d</title><link>%[1]s</link><dc:creator>%[1]s</dc:creator><dc:subject>%[1]s</dc:subject><description>%[3]s%[1]s</description></item>`, e, i, text)
		fmt.Fprintf(&atom, `<entry><id>%[1]s%[2]d</id><title type="html">%[1]s xAI %[2]d</title><link href="%[1]s"/><author><name>%[1]s</name></author><category term="%[1]s" label="%[1]s"/>`+
			`<summary type="html">%[3]s%[1]s</summary><content type="html">%[3]s%[1]s</content></entry>`, e, i, text)
		entries = append(entries, map[string]any{"id": fmt.Sprint(p, i), "url": p, "title": fmt.Sprint(p, " xAI ", i), "summary": text + p, "content_html": text + p,
			"authors": []any{map[string]any{"name": p}}, "tags": []string{p}})
	}
	e := stdhtml.EscapeString(payloads[0])
	asJSON, err := json.Marshal(map[string]any{"version": "https://jsonfeed.org/version/1.1", "title": payloads[0], "home_page_url": payloads[4], "items": entries})
	if err != nil {
		panic(err)
	}
	return map[string]string{
		"rss":  `<rss version="2.0"><channel><title>` + e + `</title><link>` + e + `</link><description>` + e + `</description>` + rss.String() + `</channel></rss>`,
		"rdf":  `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>` + e + `</title></channel>` + rdf.String() + `</rdf:RDF>`,
		"atom": `<feed xmlns="http://www.w3.org/2005/Atom"><title type="html">` + e + `</title><subtitle>` + e + `</subtitle>` + atom.String() + `</feed>`,
		"json": string(asJSON),
	}
}

// X4 of the catalogue, from the publisher to the reader: whatever stands in any
// field of any format, no page, answer or feed of ours gives it back as markup.
func TestHostileFeedsOnTheSite(t *testing.T) {
	payloads := strings100()
	bodies := hostileFeeds(payloads)
	handlers := map[string]http.HandlerFunc{ // no page is for us, so the words of the feed are stored
		"/": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
	}
	for format, body := range bodies {
		handlers["/"+format] = func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
	}
	server := publish(t, handlers)
	line, db, _ := newLine(t)
	for format := range bodies {
		follow(t, db, format, server.URL+"/"+format)
	}
	summary := collect(t, line)
	if summary.Feeds.New != len(bodies) || summary.Items.New < len(bodies)*len(payloads)*9/10 {
		t.Fatalf("%s", summary)
	}
	handler, err := web.New(web.Config{Store: db, Weigh: claim.Weigh, BaseURL: "https://wire.example", PerMinute: -1, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	paths := []string{"/", "/newest", "/sources", "/search?q=xai", "/archive", "/disputes", "/feed.atom", "/feed.rss", "/feed.json",
		"/index.csv?limit=200", "/index.ndjson?limit=200", "/api/v1/articles?limit=200", "/api/v1/search?q=xai&limit=200", "/api/v1/sources", "/api/v1/claims?limit=200", "/stories.atom", "/stories.rss", "/stories.feed.json", "/api/v1/stories?limit=200"}
	articles := articleIDs(t, db)
	if len(articles) < len(payloads)*3/2 { // one for each address, however many formats give it
		t.Errorf("%d articles stored of %d items", len(articles), summary.Items.New)
	}
	for _, id := range articles {
		paths = append(paths, fmt.Sprintf("/article/%d", id), fmt.Sprintf("/api/v1/articles/%d", id))
	}
	stories, err := db.Stories(t.Context(), news.StoryQuery{Query: news.Query{Limit: 100}})
	if err != nil || len(stories.Stories) == 0 {
		t.Fatalf("%d stories, %v", len(stories.Stories), err)
	}
	for _, s := range stories.Stories {
		paths = append(paths, fmt.Sprintf("/story/%d", s.ID), fmt.Sprintf("/api/v1/stories/%d", s.ID))
	}
	for _, path := range paths {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Host = "wire.example"
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d", path, w.Code)
			continue
		}
		for _, found := range dangers(w.Header().Get("Content-Type"), w.Body.String()) {
			t.Errorf("%s: %s", path, found)
		}
	}
	t.Logf("%d payloads in %d formats: %d articles, %d pages and answers", len(payloads), len(bodies), len(articles), len(paths))
}

// articleIDs are all articles, judged relevant or not.
func articleIDs(t *testing.T, db *store.DB) []int64 {
	t.Helper()
	var all []int64
	for q := (news.Query{Hidden: true, Limit: 100}); ; {
		res, err := db.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, hit := range res.Hits {
			all = append(all, hit.ID)
		}
		if q.Cursor = res.Next; q.Cursor == "" {
			return all
		}
	}
}

// dangers names what could run in an answer of ours, by its type.
func dangers(contentType, body string) []string {
	switch kind, _, _ := strings.Cut(contentType, ";"); kind {
	case "text/html":
		return markupDangers(body, true)
	case "application/rss+xml", "application/atom+xml":
		return xmlDangers(body)
	case "application/json", "application/feed+json", "application/x-ndjson":
		var found []string
		for line := range strings.Lines(body) {
			if kind != "application/x-ndjson" {
				line = body
			}
			var value any
			if err := json.Unmarshal([]byte(line), &value); err != nil {
				return append(found, err.Error())
			}
			found = append(found, valueDangers("", value)...)
			if kind != "application/x-ndjson" {
				break
			}
		}
		return found
	case "text/csv":
		return nil // plain cells; their own test is of what spreadsheets run
	}
	return []string{"answered as " + contentType}
}

// markupDangers re-parses HTML as a browser would. A page has scripts from
// /static/; a fragment has none.
func markupDangers(body string, page bool) []string {
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		return []string{err.Error()}
	}
	var found []string
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		at := map[string]string{}
		for _, a := range n.Attr {
			at[a.Key] = a.Val
			scheme, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(a.Val)), ":")
			address := a.Key == "href" || a.Key == "src" || a.Key == "action" || a.Key == "formaction" || a.Key == "cite"
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcdoc" || address && (scheme == "javascript" || scheme == "data" || scheme == "vbscript") {
				found = append(found, fmt.Sprintf("<%s %s=%q>", n.Data, a.Key, a.Val))
			}
		}
		switch n.Data {
		case "iframe", "object", "embed", "base", "style", "math", "template", "frame", "details", "mglyph":
			if n.Data != "details" || !page {
				found = append(found, "<"+n.Data+">")
			}
		case "script":
			if !page || at["type"] != "application/ld+json" && (n.FirstChild != nil || !strings.HasPrefix(at["src"], "/static/")) {
				found = append(found, fmt.Sprintf("<script> %v", n.Attr))
			}
		}
	}
	return found
}

// xmlDangers looks into the texts of a feed, each as HTML where it is such.
func xmlDangers(body string) []string {
	var found []string
	d := xml.NewDecoder(strings.NewReader(body))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			return append(found, err.Error())
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		kind := ""
		for _, a := range start.Attr {
			if a.Name.Local == "type" {
				kind = a.Value
			}
			if (a.Name.Local == "href" || a.Name.Local == "url" || a.Name.Local == "src") && a.Value != "" && !strings.HasPrefix(a.Value, "http") {
				found = append(found, fmt.Sprintf("<%s %s=%q>", start.Name.Local, a.Name.Local, a.Value))
			}
		}
		if start.Name.Local == "description" || start.Name.Local == "encoded" || kind == "html" {
			var text string
			if err := d.DecodeElement(&text, &start); err != nil {
				return append(found, err.Error())
			}
			found = append(found, markupDangers(text, false)...)
		}
	}
}

// valueDangers looks into the members of JSON whose names say that they hold
// HTML or an address.
func valueDangers(name string, value any) []string {
	var found []string
	switch v := value.(type) {
	case map[string]any:
		for key, member := range v {
			found = append(found, valueDangers(key, member)...)
		}
	case []any:
		for _, member := range v {
			found = append(found, valueDangers(name, member)...)
		}
	case string:
		if strings.Contains(name, "html") {
			found = markupDangers(v, false)
		}
		if (name == "url" || strings.HasSuffix(name, "_url") || name == "canonical" || name == "image") && v != "" &&
			!strings.HasPrefix(v, "http") && !strings.HasPrefix(v, "/") && !strings.HasPrefix(v, "urn:clusterwire:") {
			found = append(found, name+" "+v)
		}
	}
	return found
}
