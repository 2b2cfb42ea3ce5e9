package feeds

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"clusterwire/feeds/extract"
	"clusterwire/feeds/fetch"
	"clusterwire/feeds/news"
	"clusterwire/feeds/parse"
)

// Found is a feed that was found at or behind an address, and what it said.
type Found struct {
	URL      string
	Document news.Document
}

// errNoFeed is what Discover returns where there is nothing to follow.
var errNoFeed = errors.New("no feed found there: name the feed's own address, or add a listing with --selector")

// triedMost is how many addresses Discover reads before it gives up on those
// that the page names, and commonPaths where feeds mostly lie if it names none.
const triedMost = 8

var commonPaths = []string{"/feed", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/rss"}

// Discover finds the feed at an address: the address itself if it is a feed,
// else the first feed that its headers or its page point at, else one at a
// place where feeds mostly lie.
func Discover(ctx context.Context, client *fetch.Client, address string) (Found, error) {
	res, err := client.Get(ctx, fetch.Request{URL: address, For: fetch.ForDiscovery})
	if err != nil {
		return Found{}, err
	}
	doc, err := parse.Feed(res.Body, inputOf(res))
	if err == nil {
		return Found{URL: address, Document: doc}, nil
	}
	named := namedFeeds(res)
	var last error
	for _, c := range append(named[:min(len(named), triedMost)], commonFeeds(res.URL, named)...) {
		found, err := readFeed(ctx, client, c)
		if err == nil {
			return found, nil
		}
		if ctx.Err() != nil {
			return Found{}, ctx.Err()
		}
		last = fmt.Errorf("%s: %w", c, err)
	}
	return Found{}, fmt.Errorf("%w (last tried: %w)", errNoFeed, last)
}

// namedFeeds are the addresses that an answer gives for feeds, in its Link
// header first, then in its page.
func namedFeeds(res fetch.Response) []string {
	var all []string
	for _, link := range res.Links {
		if link.Rel == "alternate" && (strings.Contains(link.Type, "rss") || strings.Contains(link.Type, "atom") || strings.Contains(link.Type, "feed+json")) {
			all = append(all, link.URL)
		}
	}
	for _, c := range extract.Discover(res.Body, extract.Input{URL: res.URL, ContentType: res.ContentType}) {
		if !slices.Contains(all, c.URL) {
			all = append(all, c.URL)
		}
	}
	return all
}

// commonFeeds are the common paths of a site, without those tried already.
func commonFeeds(page string, tried []string) []string {
	base, err := url.Parse(page)
	if err != nil {
		return nil
	}
	var all []string
	for _, path := range commonPaths {
		if u := base.ResolveReference(&url.URL{Path: path}).String(); !slices.Contains(tried, u) {
			all = append(all, u)
		}
	}
	return all
}

// readFeed fetches and parses one feed.
func readFeed(ctx context.Context, client *fetch.Client, address string) (Found, error) {
	res, err := client.Get(ctx, fetch.Request{URL: address, For: fetch.ForFeed})
	if err != nil {
		return Found{}, err
	}
	if u, err := url.Parse(res.URL); err == nil && res.URL != address && strings.Trim(u.Path, "/") == "" {
		return Found{}, fmt.Errorf("redirects to the front page %s", res.URL)
	}
	doc, err := parse.Feed(res.Body, inputOf(res))
	return Found{URL: address, Document: doc}, err
}

// inputOf says where an answer's body came from.
func inputOf(res fetch.Response) parse.Input {
	return parse.Input{URL: res.URL, ContentType: res.ContentType, ContentLocation: res.Location}
}

// Check tries a feed as a poll would, without remembering anything, and says
// what it got. Of an index of sitemaps it reads those that a poll would; where
// a page stands in place of the feed, the error names the feed that the page
// points at.
func Check(ctx context.Context, client *fetch.Client, f news.Feed) (news.Document, error) {
	res, err := client.Get(ctx, fetch.Request{URL: f.URL, For: fetch.ForFeed})
	if err != nil {
		return news.Document{}, err
	}
	doc, err := parseAs(f, res)
	if err == nil && isIndex(doc) {
		return readSitemaps(ctx, client, doc, func(_ int, stage func() error) error { return stage() })
	}
	if err == nil || parseClass(err) != classNotFeed {
		return doc, err
	}
	if found := namedFeed(ctx, client, res); found != "" {
		err = fmt.Errorf("%w; the page names the feed %s", err, found)
	}
	return doc, err
}

// namedFeed is the first feed that a page points at and that can be read; ""
// if there is none.
func namedFeed(ctx context.Context, client *fetch.Client, page fetch.Response) string {
	candidates := namedFeeds(page)
	for _, c := range candidates[:min(len(candidates), seekMost)] {
		if found, err := readFeed(ctx, client, c); err == nil {
			return found.URL
		}
	}
	return ""
}

// parseAs parses what a feed's address answered, by the feed's kind.
func parseAs(f news.Feed, res fetch.Response) (news.Document, error) {
	if f.Kind != news.FeedListing {
		return parse.Feed(res.Body, inputOf(res))
	}
	doc, err := extract.Listing(res.Body, extract.Input{URL: res.URL, ContentType: res.ContentType}, f.Selector)
	for i, it := range doc.Items {
		doc.Items[i].Key, doc.Items[i].Hash = parse.Key(it), parse.Hash(it)
	}
	return doc, err
}

// SourceOf makes a source of a feed that was found, to be added to the store.
func SourceOf(f Found) (news.Source, []news.Feed) {
	site := f.Document.Link
	if site == "" {
		site = f.URL
	}
	name := f.Document.Title
	if name == "" {
		name = fetch.Host(site)
	}
	source := news.Source{
		Slug: slugOf(fetch.Host(site)), Name: name, Site: site, Kind: news.KindGeneral,
		Language: f.Document.Language, Trust: news.TrustReports,
	}
	return source, []news.Feed{{Source: source.Slug, URL: f.URL, Kind: f.Document.Kind, Title: f.Document.Title}}
}

// slugOf makes a slug of a host: "www.the-verge.com" is "the-verge-com".
func slugOf(host string) string {
	host, _, _ = strings.Cut(strings.TrimPrefix(strings.ToLower(host), "www."), ":")
	dash := func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}
	return strings.Trim(strings.Map(dash, host), "-")
}
