package feeds

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
	"clusterwire/feeds/parse"
)

// item is the stored item of the first feed with a title.
func (w *world) item(title string) news.Item {
	w.Helper()
	for _, it := range w.items {
		if it.Title == title {
			return it
		}
	}
	w.Errorf("no item %q among %d", title, len(w.items))
	return news.Item{}
}

// keeping is a store that remembers what polls saved.
type keeping struct {
	Store
	w *world
}

func (k keeping) SavePoll(ctx context.Context, p news.Poll, now time.Time) (news.Polled, error) {
	k.w.items = append(k.w.items, p.Items...)
	return k.Store.SavePoll(ctx, p, now)
}

// read makes a world that has polled one body, and keeps its items.
func read(t *testing.T, contentType, body string) *world {
	t.Helper()
	w := newWorld(t, func(r *http.Request, _ int) reply {
		if r.URL.Path == "/feed" {
			return reply{header: map[string]string{"Content-Type": contentType}, body: body}
		}
		return reply{status: 404}
	})
	w.config.Store = keeping{w.db, w}
	w.line = New(w.config)
	w.pass()
	w.expect(w.feed().Attempt.Failures == 0, "%+v", w.feed().Attempt)
	return w
}

var formatChecks = []check{
	{61, "Atom: xml:base, text, html and xhtml, updated and published, source; threading passed over", func(t *testing.T) {
		w := read(t, "application/atom+xml", `<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0" xml:base="http://news.example/base/" xml:lang="de">
<title type="html">Delta &amp;amp; Sons</title><link rel="self" href="/feed"/><id>urn:1</id><updated>1999-12-31T10:00:00Z</updated>
<entry xml:base="sub/"><id>urn:a</id><title type="text">1 &lt; 2</title><link href="one"/><published>1999-12-30T10:00:00Z</published><updated>1999-12-31T10:00:00+02:00</updated>
<content type="html">&lt;p&gt;Markup &lt;a href="x"&gt;here&lt;/a&gt;&lt;/p&gt;</content><thr:in-reply-to ref="urn:z" href="http://other.example/z"/><thr:total>3</thr:total></entry>
<entry><id>urn:b</id><title type="html">Big &lt;b&gt;words&lt;/b&gt;</title><link rel="alternate" href="/two"/><updated>1999-12-29T10:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Nested <em>words</em></p></div></content>
<source><id>urn:other</id><title>Another paper</title><updated>1990-01-01T00:00:00Z</updated></source></entry></feed>`)
		w.expect(w.feed().Kind == news.FeedAtom && w.feed().Title == "Delta & Sons" && len(w.items) == 2, "%+v", w.feed())
		a, b := w.item("1 < 2"), w.item("Big words")
		w.expect(a.URL == "http://news.example/base/sub/one" && strings.Contains(a.ContentHTML, `href="http://news.example/base/sub/x"`), "%q, %q", a.URL, a.ContentHTML)
		w.expect(a.Published.Equal(time.Date(1999, 12, 30, 10, 0, 0, 0, time.UTC)) && a.Updated.Equal(time.Date(1999, 12, 31, 8, 0, 0, 0, time.UTC)), "%v, %v", a.Published, a.Updated)
		w.expect(b.URL == "http://news.example/two" && strings.Contains(b.ContentText, "Nested words") && b.Language == "de", "%q, %q, %q", b.URL, b.ContentText, b.Language)
	}},
	{62, "RFC 5005: a complete feed replaces; older pages are for backfill alone", func(t *testing.T) {
		entry := func(n int, at time.Time) string {
			return fmt.Sprintf(`<entry><id>urn:%d</id><title>Entry %d</title><updated>%s</updated></entry>`, n, n, at.UTC().Format(time.RFC3339))
		}
		page := func(links string, entries ...string) string {
			return `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:fh="http://purl.org/syndication/history/1.0"><title>t</title><id>urn:f</id>` + links + strings.Join(entries, "") + `</feed>`
		}
		for _, rel := range []string{"next", "prev-archive"} {
			begin := time.Now()
			w := newWorld(t, func(r *http.Request, _ int) reply {
				var n int
				_, _ = fmt.Sscanf(r.URL.Path, "/archive/%d", &n) // 0 for the feed itself
				return reply{body: page(fmt.Sprintf(`<link rel="%s" href="/archive/%d"/>`, rel, n+1), entry(n, begin.Add(-time.Duration(n)*day)))}
			})
			w.run(5 * day)
			w.expect(len(w.origin.all("")) == len(w.toFeed()), "polling followed %s", rel)
			polls := len(w.toFeed())
			s, err := w.line.Backfill(w.Context(), "source0", begin.Add(-1000*day))
			older := slices.DeleteFunc(w.origin.all(""), func(a asked) bool { return a.uri == "/feed" })
			w.expect(err == nil && s.Items.New == len(older) && len(older) >= 45 && len(older) <= 50, "%s: %v, %+v, %d pages", rel, err, s.Items, len(older))
			for i := range older[1:] {
				w.expect(older[i+1].at.Sub(older[i].at) >= time.Second, "%v between two pages", older[i+1].at.Sub(older[i].at))
			}
			w.run(5 * day)
			w.expect(len(w.toFeed()) > polls && len(w.origin.all("")) == len(w.toFeed())+len(older), "an archived page was asked for again")
			before := len(w.origin.all("")) - len(w.toFeed())
			s, err = w.line.Backfill(w.Context(), "source0", begin.Add(-1000*day))
			w.expect(err == nil && s.Items.New == 51 && len(w.origin.all(""))-len(w.toFeed()) == before+51, "called again it does not go on: %v, %+v", err, s.Items)
			w = newWorld(t, w.origin.site)
			s, err = w.line.Backfill(w.Context(), "source0", begin.Add(-4*day-time.Hour))
			w.expect(err == nil && s.Items.New == 5 && len(w.origin.all("news.example/archive/6")) == 0, "to a date: %v, %+v", err, s.Items)
		}
		listed := []string{`<entry><id>urn:1</id><title>One</title><link href="/1"/></entry>`, `<entry><id>urn:2</id><title>Two</title><link href="/2"/></entry>`}
		w := newWorld(t, func(r *http.Request, n int) reply {
			switch {
			case r.URL.Path == "/feed" && n == 0:
				return reply{body: page("<fh:complete/>", listed...)}
			case r.URL.Path == "/feed":
				return reply{body: page("<fh:complete/>", listed[0])}
			case r.URL.Path == "/robots.txt":
				return reply{status: 404}
			}
			return reply{status: 500}
		})
		w.run(2 * day)
		before := len(w.origin.all("news.example/2"))
		one := len(w.origin.all("news.example/1"))
		w.run(10 * day)
		w.expect(before > 0 && len(w.origin.all("news.example/2")) == before, "an entry that is no more was opened: %d, then %d times", before, len(w.origin.all("news.example/2")))
		w.expect(len(w.origin.all("news.example/1")) > one, "an entry that is still listed was not")
	}},
	{63, "JSON Feed 1.1: authors, language, next_url, expired", func(t *testing.T) {
		body := `{"version":"https://jsonfeed.org/version/1.1","title":"J","home_page_url":"http://news.example/","language":"fr-CA","next_url":"http://news.example/2",%s
"authors":[{"name":"House"}],"items":[{"id":"1","title":"One","url":"/1","content_text":"x","authors":[{"name":"A"},{"name":"B"}],"date_published":"1999-12-31T10:00:00-05:00"},{"id":2,"title":"Two","content_html":"<p>y</p>"}]}`
		w := read(t, "application/feed+json", fmt.Sprintf(body, ""))
		one, two := w.item("One"), w.item("Two")
		w.expect(w.feed().Kind == news.FeedJSON && one.Language == "fr" && two.Language == "fr", "%q, %q", w.feed().Kind, one.Language)
		w.expect(slices.Equal(one.Authors, []string{"A", "B"}) && slices.Equal(two.Authors, []string{"House"}) && one.Published.Equal(time.Date(1999, 12, 31, 15, 0, 0, 0, time.UTC)), "%+v", one)
		w.run(5 * day)
		w.expect(len(w.origin.all("news.example/2")) == 0 && w.feed().State == news.FeedActive, "polling followed next_url")
		w = read(t, "application/feed+json", fmt.Sprintf(body, `"expired":true,`))
		asked := len(w.toFeed())
		w.run(20 * day)
		w.expect(w.feed().State == news.FeedGone && len(w.toFeed()) == asked && len(w.items) == 2, "expired: %q, %d requests", w.feed().State, len(w.toFeed()))
	}},
	{64, "RSS 0.9x, 1.0 and 2.0 with content, dc, media, slash and georss", func(t *testing.T) {
		const inner = `<title>One</title><link>http://news.example/1</link><description>Short</description>`
		for name, body := range map[string]string{
			"0.91": `<rss version="0.91"><channel><title>t</title><link>http://news.example/</link><item>` + inner + `</item></channel></rss>`,
			"0.90": `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>t</title></channel><item>` + inner + `</item></rdf:RDF>`,
			"1.0": `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://news.example/"><title>t</title></channel>` +
				`<item rdf:about="http://news.example/1">` + inner + `<dc:date>1999-12-31T10:00:00Z</dc:date><dc:creator>A. Writer</dc:creator></item></rdf:RDF>`,
			"2.0": `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:georss="http://www.georss.org/georss">` +
				`<channel><title>t</title><item>` + inner + `<content:encoded><![CDATA[<p>The whole</p>]]></content:encoded><dc:creator>A. Writer</dc:creator><pubDate>Fri, 31 Dec 1999 10:00:00 GMT</pubDate>` +
				`<media:title>Not this</media:title><media:content url="http://news.example/a.jpg"><media:title>Nor this</media:title></media:content><slash:comments>7</slash:comments><georss:point>1 2</georss:point></item></channel></rss>`,
		} {
			w := read(t, "text/xml", body)
			it := w.item("One")
			w.expect(len(w.items) == 1 && it.URL == "http://news.example/1" && it.Summary == "Short", "%s: %+v", name, it)
			if name == "1.0" || name == "2.0" {
				w.expect(slices.Equal(it.Authors, []string{"A. Writer"}) && it.Published.Equal(time.Date(1999, 12, 31, 10, 0, 0, 0, time.UTC)), "%s: %q, %v", name, it.Authors, it.Published)
			}
			w.expect(name != "2.0" || strings.Contains(it.ContentText, "The whole"), "%s: %q", name, it.ContentText)
		}
	}},
	{65, "discovery by link, Link header and at most six common paths, never by a redirect home", func(t *testing.T) {
		html := func(head string) reply {
			return reply{header: map[string]string{"Content-Type": "text/html"}, body: "<html><head>" + head + "</head><body><p>Welcome.</p></body></html>"}
		}
		for name, c := range map[string]struct {
			home reply
			feed string // where a feed is
			rest reply  // everything else
			want string
		}{
			"link":     {html(`<link rel="alternate" type="application/atom+xml" href="/named">`), "/named", reply{status: 404}, "http://news.example/named"},
			"header":   {reply{header: map[string]string{"Content-Type": "text/html", "Link": `</headed>; rel="alternate"; type="application/rss+xml"`}, body: "<html></html>"}, "/headed", reply{status: 404}, "http://news.example/headed"},
			"common":   {html(""), "/atom.xml", reply{status: 404}, "http://news.example/atom.xml"},
			"itself":   {reply{body: rss("")}, "/", reply{status: 404}, "http://news.example/"},
			"nowhere":  {html(""), "/secret", reply{status: 404}, ""},
			"home":     {html(""), "/secret", to(302, "/"), ""},
			"misnamed": {html(`<link rel="alternate" type="application/rss+xml" href="/gone">`), "/rss", reply{status: 404}, "http://news.example/rss"},
		} {
			w := newWorld(t, func(r *http.Request, _ int) reply {
				switch r.URL.Path {
				case "/robots.txt":
					return reply{status: 404}
				case "/":
					return c.home
				case c.feed:
					return reply{body: rss("")}
				}
				return c.rest
			})
			found, err := Discover(w.Context(), w.client, "http://news.example/")
			w.expect(found.URL == c.want && (err == nil) == (c.want != "") && (c.want != "" || errors.Is(err, errNoFeed)), "%s: %q, %v", name, found.URL, err)
			tried := slices.DeleteFunc(w.origin.all(""), func(a asked) bool { return a.uri == "/robots.txt" || a.uri == "/" })
			w.expect(len(tried) <= 7, "%s: %d addresses tried", name, len(tried))
		}
	}},
	{66, "OPML 2.0 out and in without loss", func(t *testing.T) {
		want := []parse.OPMLFeed{
			{URL: "http://news.example/feed?a=1&b=2", Title: "Quotes \" & <tags>", Text: "Text", Site: "http://news.example/", Type: "rss", Categories: []string{"/ai/power", "chips"},
				Folders: []string{"Press & more", "Inner"}, Ours: map[string]string{"source": "delta", "kind": "local", "country": "US"}},
			{URL: "https://新聞.example/フィード", Title: "日本語", Text: "日本語", Type: "rss"},
		}
		var out bytes.Buffer
		if err := parse.WriteOPML(&out, "Ours", want); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(out.String(), `<?xml version="1.0" encoding="UTF-8"?>`) || !strings.Contains(out.String(), `<opml version="2.0"`) {
			t.Errorf("begins %.80q", out.String())
		}
		got, err := parse.OPML(out.Bytes())
		if err != nil || len(got) != 2 {
			t.Fatalf("%+v, %v", got, err)
		}
		want[1].URL = got[1].URL // written in ASCII or not: the same address
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%+v\nwant %+v", got, want)
		}
		var again bytes.Buffer
		if err := parse.WriteOPML(&again, "Ours", got); err != nil {
			t.Fatal(err)
		}
		if twice, err := parse.OPML(again.Bytes()); err != nil || !reflect.DeepEqual(twice, got) {
			t.Errorf("read again: %+v, %v", twice, err)
		}
	}},
}
