package demo

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// A file in content/ is one publisher: its fields, one a line, then its
// articles. An article begins with "=== " and its slug, has fields of its own,
// an empty line, and paragraphs separated by empty lines. A paragraph may
// begin with "## " (a heading), "> " (a quotation) or "- " in each line (a
// list). Links are [words](target): a slug of the same publisher, host/slug of
// another one, or an address. A line "--- TIME", with a new title if there is
// one, begins the text that replaces the one above it once that has been read.
//
//go:embed content/*.txt
var content embed.FS

// Articles are the files of content/, in the form of eval.ReadArticles.
func Articles() fs.FS {
	files, err := fs.Sub(content, "content")
	if err != nil {
		panic(err) // the path is a constant of the program
	}
	return files
}

// publisher is one file of content/. See the fields in fieldsOf.
type publisher struct {
	Host, Name, Tagline, Language, Country, Note string
	Kind                                         news.SourceKind
	Trust                                        news.Trust

	Format    string // rss-full, rss, atom, json, rdf, sitemap, listing
	Feed      string // path of the feed
	Cut       bool   // the feed breaks off in the middle
	Down      bool   // nobody answers
	Template  string // of its article pages
	Charset   string // utf-8 or gb18030
	Validator string // what it gives to ask again with: etag, modified or both
	Gzip      bool
	Path      string // of an article; {year} {month} {day} {slug} stand for its own
	Dates     string // how its pages print a time, as a layout of package time
	Zone      *time.Location
	Nav       []string
	Words     map[string]string // what its pages say around an article

	Articles []*article // newest first
}

// article is one item of a publisher.
type article struct {
	Slug, Title, By, Summary string
	Date                     time.Time
	Tags                     []string
	Canonical                string // host/slug of the original, "" for an article of its own
	Track                    string // query that the feed hangs on the link
	AMP                      bool   // the feed links to the AMP page
	Twice                    bool   // the feed lists it again under its plain link, as another item
	Fails                    int    // that many requests are answered 503 before the page works

	Text    []string // paragraphs
	Revised *revision

	pub *publisher
}

// revision is what becomes of an article's text.
type revision struct {
	Date  time.Time
	Title string // "" if it stayed
	Text  []string
}

// source gives the publisher as the catalog would.
func (p *publisher) source() news.Source {
	return news.Source{
		Slug: strings.TrimSuffix(p.Host, ".example"), Name: p.Name, Site: p.base() + "/", Kind: p.Kind,
		Language: p.Language, Country: p.Country, Trust: p.Trust, Note: p.Note,
	}
}

// newsFeed gives the publisher's feed as the catalog would.
func (p *publisher) newsFeed() news.Feed {
	kinds := map[string]news.FeedKind{
		"rss-full": news.FeedRSS, "rss": news.FeedRSS, "rdf": news.FeedRSS, "atom": news.FeedAtom,
		"json": news.FeedJSON, "sitemap": news.FeedSitemap, "listing": news.FeedListing,
	}
	f := news.Feed{Source: p.source().Slug, URL: p.base() + p.Feed, Kind: kinds[p.Format], State: news.FeedActive}
	if f.Kind == news.FeedListing {
		f.Selector = listingSelector
	}
	return f
}

func (p *publisher) base() string { return "http://" + p.Host }

// path is where the article's page lies on its publisher's site.
func (a *article) path() string {
	t := a.Date.In(a.pub.Zone)
	return strings.NewReplacer("{year}", t.Format("2006"), "{month}", t.Format("01"), "{day}", t.Format("02"),
		"{slug}", a.Slug).Replace(a.pub.Path)
}

func (a *article) url() string { return a.pub.base() + a.path() }

// feedURL is the article's address as the feed gives it.
func (a *article) feedURL() string {
	switch {
	case a.AMP:
		return a.pub.base() + "/amp" + a.path()
	case a.Track != "":
		return a.url() + "?" + a.Track
	}
	return a.url()
}

// load reads every publisher and makes sure that their links lead somewhere.
func load() ([]*publisher, error) {
	names, err := fs.Glob(content, "content/*.txt")
	if err != nil {
		return nil, err
	}
	var all []*publisher
	for _, name := range names {
		text, err := content.ReadFile(name)
		if err != nil {
			return nil, err
		}
		p, err := parsePublisher(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, p)
	}
	return all, link(all)
}

// link turns the targets of links and canonicals into addresses.
func link(all []*publisher) error {
	known := map[string]string{}
	for _, p := range all {
		for _, a := range p.Articles {
			known[p.Host+"/"+a.Slug] = a.url()
		}
	}
	for _, p := range all {
		for _, a := range p.Articles {
			if a.Canonical != "" && known[a.Canonical] == "" {
				return fmt.Errorf("%s/%s: canonical %s is no article", p.Host, a.Slug, a.Canonical)
			}
			a.Canonical = known[a.Canonical]
			texts := [][]string{a.Text}
			if a.Revised != nil {
				texts = append(texts, a.Revised.Text)
			}
			for _, text := range texts {
				for i, paragraph := range text {
					resolved, err := resolve(paragraph, p.Host, known)
					if err != nil {
						return fmt.Errorf("%s/%s: %w", p.Host, a.Slug, err)
					}
					text[i] = resolved
				}
			}
		}
	}
	return nil
}

// resolve replaces the target of each link of a paragraph by its address.
func resolve(paragraph, host string, known map[string]string) (string, error) {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(paragraph, "](")
		out.WriteString(before)
		if !found {
			return out.String(), nil
		}
		target, after, closed := strings.Cut(rest, ")")
		address := target
		if !strings.HasPrefix(target, "http") {
			if !strings.Contains(target, "/") {
				target = host + "/" + target
			}
			address = known[target]
		}
		if !closed || address == "" {
			return "", fmt.Errorf("link to %q leads nowhere", target)
		}
		out.WriteString("](" + address + ")")
		paragraph = after
	}
}
