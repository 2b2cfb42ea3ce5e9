package feeds

import (
	"context"
	"errors"
	"fmt"
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

// Discover finds the feed at an address: the address itself if it is a feed,
// else the first feed that its page points at and that can be read.
func Discover(ctx context.Context, client *fetch.Client, address string) (Found, error) {
	res, err := client.Get(ctx, fetch.Request{URL: address, For: fetch.ForDiscovery})
	if err != nil {
		return Found{}, err
	}
	doc, err := parse.Feed(res.Body, parse.Input{URL: res.URL, ContentType: res.ContentType})
	if err == nil {
		return Found{URL: address, Document: doc}, nil
	}
	candidates := extract.Discover(res.Body, extract.Input{URL: res.URL, ContentType: res.ContentType})
	var last error
	for _, c := range candidates {
		found, err := readFeed(ctx, client, c.URL)
		if err == nil {
			return found, nil
		}
		last = fmt.Errorf("%s: %w", c.URL, err)
	}
	if last != nil {
		return Found{}, fmt.Errorf("%w (tried %d, last: %w)", errNoFeed, len(candidates), last)
	}
	return Found{}, errNoFeed
}

// readFeed fetches and parses one feed.
func readFeed(ctx context.Context, client *fetch.Client, address string) (Found, error) {
	res, err := client.Get(ctx, fetch.Request{URL: address, For: fetch.ForFeed})
	if err != nil {
		return Found{}, err
	}
	doc, err := parse.Feed(res.Body, parse.Input{URL: res.URL, ContentType: res.ContentType})
	return Found{URL: address, Document: doc}, err
}

// Check tries a feed as a poll would, without remembering anything, and says
// what it got.
func Check(ctx context.Context, client *fetch.Client, f news.Feed) (news.Document, error) {
	res, err := client.Get(ctx, fetch.Request{URL: f.URL, For: fetch.ForFeed})
	if err != nil {
		return news.Document{}, err
	}
	return parseAs(f, res)
}

// parseAs parses what a feed's address answered, by the feed's kind.
func parseAs(f news.Feed, res fetch.Response) (news.Document, error) {
	if f.Kind != news.FeedListing {
		return parse.Feed(res.Body, parse.Input{URL: res.URL, ContentType: res.ContentType})
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
