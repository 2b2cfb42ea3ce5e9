package web

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Every kind of page in a folder, for validators that are no part of this
// repository: .ci/contract.
func TestSavePages(t *testing.T) {
	dir := os.Getenv("CLUSTERWIRE_SAVE")
	if dir == "" {
		t.Skip("CLUSTERWIRE_SAVE names no folder")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	db := archive(t, 60)
	placed(t, db)
	dumps := t.TempDir()
	dumped(t, db, dumps)
	h := testSite(t, db, func(c *Config) { c.Dumps = dumps })
	for i, path := range append(pagesOf(t, db), "/nowhere", "/search?from=never", "/search?q=%22%3E%3Cb%3E") {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%03d.html", i)), get(t, h, path).Body.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Feeds are as their specifications demand, on every list that has them, also
// on an empty one and with what strangers wrote.
func TestFeedsAreValid(t *testing.T) {
	h := testSite(t, filled(t), nil)
	for _, list := range []string{"/index", "/feed", "/search", "/company/xai", "/cluster/colossus", "/topic/power", "/source/rack-letter", "/day/2024-09-02", "/claims", "/disputes"} {
		queries := []string{"", "?q=zzzz", "?limit=200", "?q=report&sort=relevance&limit=5"}
		switch list {
		case "/claims":
			queries = []string{"", "?cluster=nowhere", "?cluster=colossus&limit=5"}
		case "/disputes":
			queries = queries[:1]
		}
		for _, query := range queries {
			for suffix, check := range map[string]func(*testing.T, string, []byte){"atom": checkAtom, "rss": checkRSS, "feed.json": checkJSONFeed} {
				path := list + "." + suffix + query
				if list == "/feed" && suffix == "feed.json" {
					path = "/feed.json" + query
				}
				w := get(t, h, path)
				kind, _, err := mime.ParseMediaType(w.Header().Get("Content-Type"))
				want := map[string]string{"atom": "application/atom+xml", "rss": "application/rss+xml", "feed.json": "application/feed+json"}[suffix]
				if w.Code != http.StatusOK || err != nil || kind != want {
					t.Errorf("%s: %d, %s %v", path, w.Code, kind, err)
				}
				check(t, path, w.Body.Bytes())
			}
		}
	}
}

// absolute reports an address that cannot be followed from a feed reader.
func absolute(t *testing.T, path, what, address string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.ContainsAny(address, " \t\n<>\"") {
		t.Errorf("%s: %s %q is no absolute address: %v", path, what, address, err)
	}
}

func dated(t *testing.T, path, layout, value string) {
	t.Helper()
	if _, err := time.Parse(layout, value); err != nil {
		t.Errorf("%s: %v", path, err)
	}
}

// once reports an id that a feed has twice or not at all.
func once(t *testing.T, path, id string, seen map[string]bool) {
	t.Helper()
	if id == "" || seen[id] {
		t.Errorf("%s: the id %q is empty or there twice", path, id)
	}
	seen[id] = true
}

type atomLinks []struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

// of counts the links of a relation; every one must be absolute.
func (l atomLinks) of(t *testing.T, path, rel string) (n int, href string) {
	t.Helper()
	for _, x := range l {
		absolute(t, path, "link "+x.Rel, x.Href)
		if x.Rel == rel {
			n, href = n+1, x.Href
		}
	}
	return n, href
}

// checkAtom holds a feed to RFC 4287: section 4.1.1 for the feed, 4.1.2 for
// entries, 3.3 for dates, 4.2.6 for ids, 4.2.7.2 for links.
func checkAtom(t *testing.T, path string, body []byte) {
	t.Helper()
	type text struct {
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	}
	var feed struct {
		XMLName xml.Name  `xml:"http://www.w3.org/2005/Atom feed"`
		IDs     []string  `xml:"id"`
		Titles  []text    `xml:"title"`
		Updated []string  `xml:"updated"`
		Authors []string  `xml:"author>name"`
		Links   atomLinks `xml:"link"`
		Entries []struct {
			IDs        []string  `xml:"id"`
			Titles     []text    `xml:"title"`
			Updated    []string  `xml:"updated"`
			Published  []string  `xml:"published"`
			Authors    []string  `xml:"author>name"`
			Summaries  []text    `xml:"summary"`
			Links      atomLinks `xml:"link"`
			Categories []struct {
				Term string `xml:"term,attr"`
			} `xml:"category"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(body, &feed); err != nil {
		t.Errorf("%s: %v", path, err)
		return
	}
	if len(feed.IDs) != 1 || len(feed.Titles) != 1 || len(feed.Updated) != 1 || len(feed.Authors) != 1 {
		t.Errorf("%s: %d ids, %d titles, %d dates, %d authors of the feed, want one of each", path, len(feed.IDs), len(feed.Titles), len(feed.Updated), len(feed.Authors))
		return
	}
	absolute(t, path, "id", feed.IDs[0])
	dated(t, path, time.RFC3339, feed.Updated[0])
	if n, href := feed.Links.of(t, path, "self"); n != 1 || href != "https://wire.example"+canonicalAddress(path) {
		t.Errorf("%s: %d links to itself, %q", path, n, href)
	}
	if n, _ := feed.Links.of(t, path, "alternate"); n != 1 {
		t.Errorf("%s: %d links to the page", path, n)
	}
	seen := map[string]bool{}
	for _, e := range feed.Entries {
		if len(e.IDs) != 1 || len(e.Titles) != 1 || len(e.Updated) != 1 || len(e.Published) > 1 || len(e.Summaries) > 1 || len(e.Authors) == 0 || strings.TrimSpace(e.Authors[0]) == "" {
			t.Errorf("%s: an entry lacks what it must have, or has it twice: %+v", path, e)
			continue
		}
		once(t, path, e.IDs[0], seen)
		absolute(t, path, "id", e.IDs[0])
		dated(t, path, time.RFC3339, e.Updated[0])
		for _, d := range e.Published {
			dated(t, path, time.RFC3339, d)
		}
		if strings.TrimSpace(e.Titles[0].Text) == "" || e.Titles[0].Type != "text" {
			t.Errorf("%s: %s: title %+v", path, e.IDs[0], e.Titles[0])
		}
		if n, _ := e.Links.of(t, path, "alternate"); n != 1 {
			t.Errorf("%s: %s: %d links to the article", path, e.IDs[0], n)
		}
		for _, c := range e.Categories {
			if c.Term == "" {
				t.Errorf("%s: %s: a category without a term", path, e.IDs[0])
			}
		}
	}
}

// canonicalAddress is an address with its parameters in order, as links give it.
func canonicalAddress(path string) string {
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	return address(u.Path, "", canonical(u.Query()))
}

// checkRSS holds a feed to RSS 2.0 and the RSS Best Practices Profile: required
// elements of the channel, an item's title or description, RFC 822 dates with
// four-digit years, one atom:link to itself, unique guids.
func checkRSS(t *testing.T, path string, body []byte) {
	t.Helper()
	var feed struct {
		XMLName xml.Name `xml:"rss"`
		Version string   `xml:"version,attr"`
		Channel []struct {
			Titles       []string  `xml:"title"`
			Links        atomLinks `xml:"http://www.w3.org/2005/Atom link"`
			Link         []string  `xml:"link"`
			Descriptions []string  `xml:"description"`
			Built        string    `xml:"lastBuildDate"`
			Items        []struct {
				Title       string `xml:"title"`
				Link        string `xml:"link"`
				Description string `xml:"description"`
				Published   string `xml:"pubDate"`
				GUID        struct {
					Permalink string `xml:"isPermaLink,attr"`
					Text      string `xml:",chardata"`
				} `xml:"guid"`
			} `xml:"item"`
		} `xml:"channel"`
	}
	if err := xml.Unmarshal(body, &feed); err != nil || feed.Version != "2.0" || len(feed.Channel) != 1 {
		t.Errorf("%s: %v, version %q, %d channels", path, err, feed.Version, len(feed.Channel))
		return
	}
	ch := feed.Channel[0]
	var links []string
	for _, l := range ch.Link { // those of Atom have no text
		if strings.TrimSpace(l) != "" {
			links = append(links, l)
		}
	}
	if len(ch.Titles) != 1 || len(links) != 1 || len(ch.Descriptions) != 1 || ch.Titles[0] == "" || ch.Descriptions[0] == "" {
		t.Errorf("%s: titles %q, links %q, descriptions %q of the channel", path, ch.Titles, links, ch.Descriptions)
		return
	}
	absolute(t, path, "link", links[0])
	dated(t, path, time.RFC1123, ch.Built)
	if n, href := ch.Links.of(t, path, "self"); n != 1 || href != "https://wire.example"+canonicalAddress(path) {
		t.Errorf("%s: %d links to itself, %q", path, n, href)
	}
	seen := map[string]bool{}
	for _, item := range ch.Items {
		once(t, path, item.GUID.Text, seen)
		if item.GUID.Permalink != "false" {
			absolute(t, path, "permanent guid", item.GUID.Text)
		}
		absolute(t, path, "link", item.Link)
		if strings.TrimSpace(item.Title) == "" && strings.TrimSpace(item.Description) == "" {
			t.Errorf("%s: %s has neither title nor description", path, item.GUID.Text)
		}
		if item.Published != "" {
			dated(t, path, time.RFC1123, item.Published)
		}
		if strings.Contains(item.Description, "<") { // once unescaped it is HTML, and ours has none
			t.Errorf("%s: %s: markup in the description: %.60s", path, item.GUID.Text, item.Description)
		}
	}
}

// checkJSONFeed holds a feed to JSON Feed 1.1: version and title, items with
// an id and content, RFC 3339 dates, authors as a list.
func checkJSONFeed(t *testing.T, path string, body []byte) {
	t.Helper()
	var feed struct {
		Version, Title string
		HomePage       string `json:"home_page_url"`
		FeedURL        string `json:"feed_url"`
		NextURL        string `json:"next_url"`
		Items          *[]struct {
			ID        any
			URL       string
			External  *string `json:"external_url"`
			Text      string  `json:"content_text"`
			HTML      string  `json:"content_html"`
			Published string  `json:"date_published"`
			Modified  string  `json:"date_modified"`
			Authors   []struct{ Name, URL string }
			Tags      []string
		}
	}
	if err := json.Unmarshal(body, &feed); err != nil || feed.Version != "https://jsonfeed.org/version/1.1" || feed.Title == "" || feed.Items == nil {
		t.Errorf("%s: %v, version %q, title %q", path, err, feed.Version, feed.Title)
		return
	}
	absolute(t, path, "home page", feed.HomePage)
	absolute(t, path, "feed", feed.FeedURL)
	if feed.NextURL != "" && feed.NextURL == feed.FeedURL {
		t.Errorf("%s: the next page is this one", path)
	}
	seen := map[string]bool{}
	for _, item := range *feed.Items {
		id, isText := item.ID.(string)
		if !isText {
			t.Errorf("%s: the id %v is no string", path, item.ID)
		}
		once(t, path, id, seen)
		absolute(t, path, "url", item.URL)
		if item.External != nil { // a dispute has none
			absolute(t, path, "external url", *item.External)
		}
		if item.Text == "" && item.HTML == "" {
			t.Errorf("%s: %s has no content", path, id)
		}
		for _, d := range []string{item.Published, item.Modified} {
			if d != "" {
				dated(t, path, time.RFC3339, d)
			}
		}
		for _, a := range item.Authors {
			if a.Name == "" && a.URL == "" {
				t.Errorf("%s: %s has an author without a name", path, id)
			}
		}
	}
}
