package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"

	"clusterwire/feeds"
	"clusterwire/feeds/fetch"
	"clusterwire/feeds/news"
	"clusterwire/store"
)

type sourcesCmd struct {
	List   sourcesListCmd   `cmd:"" help:"List the publishers and the health of their feeds."`
	Add    sourcesAddCmd    `cmd:"" help:"Follow a publisher: finds the feed behind an address."`
	Remove sourcesRemoveCmd `cmd:"" help:"Stop following a publisher; its articles stay."`
	Check  sourcesCheckCmd  `cmd:"" help:"Try each feed now and say what it gave."`
	Import sourcesImportCmd `cmd:"" help:"Follow every feed of an OPML file."`
	Export sourcesExportCmd `cmd:"" help:"Write the followed feeds as OPML."`
}

type sourcesListCmd struct {
	JSON bool `help:"Print JSON, one publisher a line."`
}

// Help shows an example.
func (sourcesListCmd) Help() string { return "Example:\n\n    clusterwire sources list --json" }

// sourceLine is one publisher in JSON.
type sourceLine struct {
	Slug     string     `json:"slug"`
	Name     string     `json:"name"`
	Site     string     `json:"site"`
	Kind     string     `json:"kind"`
	Language string     `json:"language"`
	Country  string     `json:"country"`
	Note     string     `json:"note,omitempty"`
	Articles int        `json:"articles"`
	Feeds    []feedLine `json:"feeds"`
}

// feedLine is one feed in JSON.
type feedLine struct {
	URL     string     `json:"url"`
	Kind    string     `json:"kind"`
	State   string     `json:"state"`
	Checked *time.Time `json:"checked"`
	Next    *time.Time `json:"next"`
	Error   string     `json:"error,omitempty"`
}

// Run lists the sources.
func (c *sourcesListCmd) Run(e *env) error {
	db, err := openArchive(e)
	if err != nil {
		return err
	}
	defer closeArchive(db, e.err)
	sources, err := db.Sources(e.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return printSources(e.out, sources)
	}
	table := tabwriter.NewWriter(e.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "SOURCE\tKIND\tLANG\tARTICLES\tSTATE\tFEED")
	for _, s := range sources {
		for _, f := range s.Feeds {
			fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t%s\n", s.Source.Slug, s.Source.Kind, s.Source.Language, s.Articles, health(f), f.URL)
		}
	}
	return table.Flush()
}

// health is a feed's state in a few words.
func health(f news.Feed) string {
	switch {
	case f.Attempt.Failed():
		return string(f.State) + ", " + f.Attempt.Class
	case f.Checked.IsZero():
		return "not polled yet"
	default:
		return string(f.State)
	}
}

func printSources(w io.Writer, sources []news.SourceHealth) error {
	out := json.NewEncoder(w)
	for _, s := range sources {
		line := sourceLine{
			Slug: s.Source.Slug, Name: s.Source.Name, Site: s.Source.Site, Kind: string(s.Source.Kind), Language: s.Source.Language,
			Country: s.Source.Country, Note: s.Source.Note, Articles: s.Articles, Feeds: []feedLine{},
		}
		for _, f := range s.Feeds {
			line.Feeds = append(line.Feeds, feedLine{
				URL: f.URL, Kind: string(f.Kind), State: string(f.State), Checked: orNull(f.Checked), Next: orNull(f.Attempt.Next), Error: f.Attempt.Error,
			})
		}
		if err := out.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

// orNull is nil for the zero time.
func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

type sourcesAddCmd struct {
	URL      string `arg:"" help:"Address of a feed, of a site, or of a listing page."`
	Slug     string `help:"Short name (default: from the address)."`
	Name     string `help:"Name (default: the feed's own title)."`
	Kind     string `help:"company, dc-trade, chips, energy, policy, local, general or aggregator." default:"general"`
	Language string `help:"Language, such as en (default: as the feed says)."`
	Country  string `help:"Country, such as US."`
	Selector string `help:"CSS selector of the links to articles, for a listing page without a feed."`
	JSON     bool   `help:"Print what was added as JSON."`
}

// Help shows an example.
func (sourcesAddCmd) Help() string {
	return `Examples:

    clusterwire sources add https://www.datacenterknowledge.com
    clusterwire sources add https://x.ai/news --selector 'main a[href^="/news/"]' --name xAI --kind company`
}

// Run finds the feed and adds it.
func (c *sourcesAddCmd) Run(e *env) error {
	if !slices.Contains(news.SourceKinds(), news.SourceKind(c.Kind)) {
		return &usageError{fmt.Errorf("--kind %q is none of %v", c.Kind, news.SourceKinds())}
	}
	client, err := newClient(e.common)
	if err != nil {
		return err
	}
	archive, err := openKeeper(e, openRooms)
	if err != nil {
		return err
	}
	defer archive.close()
	source, fs, err := c.find(e.ctx, client)
	if err != nil {
		return fmt.Errorf("%s: %w", c.URL, err)
	}
	if err := archive.addSources(e.ctx, []news.SourceHealth{{Source: source, Feeds: fs}}); err != nil {
		return err
	}
	if c.JSON {
		return printSources(e.out, []news.SourceHealth{{Source: source, Feeds: fs}})
	}
	fmt.Fprintf(e.out, "added %s (%s): %s\n", source.Slug, source.Name, fs[0].URL)
	return nil
}

// find returns the source that the flags and the address make.
func (c *sourcesAddCmd) find(ctx context.Context, client *fetch.Client) (news.Source, []news.Feed, error) {
	var found feeds.Found
	var err error
	if c.Selector != "" {
		found.URL = c.URL
		found.Document, err = feeds.Check(ctx, client, news.Feed{URL: c.URL, Kind: news.FeedListing, Selector: c.Selector})
		found.Document.Kind = news.FeedListing
	} else {
		found, err = feeds.Discover(ctx, client, c.URL)
	}
	if err != nil {
		return news.Source{}, nil, err
	}
	source, fs := feeds.SourceOf(found)
	source.Kind, source.Country = news.SourceKind(c.Kind), c.Country
	if source.Kind == news.KindCompany {
		source.Trust = news.TrustOriginal
	}
	if c.Slug != "" {
		source.Slug = c.Slug
	}
	if c.Name != "" {
		source.Name = c.Name
	}
	if c.Language != "" {
		source.Language = c.Language
	}
	for i := range fs {
		fs[i].Source, fs[i].Selector = source.Slug, c.Selector
	}
	return source, fs, nil
}

// leaveHubs tells hubs that a source's feeds are no longer followed.
func leaveHubs(ctx context.Context, db *store.DB, line *feeds.Line, slug string) error {
	all, err := db.Sources(ctx)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.Source.Slug == slug {
			line.Unsubscribe(ctx, s.Feeds)
		}
	}
	return nil
}

type sourcesRemoveCmd struct {
	Slug string `arg:"" help:"The publisher's short name, see \"sources list\"."`
	JSON bool   `help:"Print what was removed as JSON."`
}

// Help shows an example.
func (sourcesRemoveCmd) Help() string {
	return "Example:\n\n    clusterwire sources remove datacenterknowledge-com"
}

// Run removes a source.
func (c *sourcesRemoveCmd) Run(e *env) error {
	archive, err := openKeeper(e, openRooms)
	if err != nil {
		return err
	}
	defer archive.close()
	err = archive.removeSource(e.ctx, c.Slug)
	if errors.Is(err, news.ErrNotFound) {
		return fmt.Errorf("no source is called %q: see \"clusterwire sources list\"", c.Slug)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(e.out).Encode(map[string]string{"removed": c.Slug})
	}
	_, err = fmt.Fprintf(e.out, "removed %s\n", c.Slug)
	return err
}

type sourcesCheckCmd struct {
	Slug []string `arg:"" optional:"" help:"Publishers to check (default: all)."`
	JSON bool     `help:"Print JSON, one feed a line."`
}

// Help shows an example.
func (sourcesCheckCmd) Help() string {
	return "Nothing is stored. Exits with 4 if some feeds could not be read.\n\nExample:\n\n    clusterwire sources check nvidia-blog"
}

// checked is what trying one feed gave.
type checked struct {
	Source  string     `json:"source"`
	URL     string     `json:"url"`
	OK      bool       `json:"ok"`
	Kind    string     `json:"kind,omitempty"`
	Items   int        `json:"items"`
	Newest  *time.Time `json:"newest"`
	Damaged bool       `json:"damaged,omitempty"`
	Error   string     `json:"error,omitempty"`
}

// checkers is how many feeds are tried at once.
const checkers = 16

// Run tries each feed.
func (c *sourcesCheckCmd) Run(e *env) error {
	db, err := openArchive(e)
	if err != nil {
		return err
	}
	defer closeArchive(db, e.err)
	client, err := newClient(e.common)
	if err != nil {
		return err
	}
	sources, err := db.Sources(e.ctx)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	bad, all := 0, 0
	g, ctx := errgroup.WithContext(e.ctx)
	g.SetLimit(checkers)
	for _, f := range c.chosen(sources) {
		g.Go(func() error {
			doc, err := feeds.Check(ctx, client, f)
			mu.Lock()
			defer mu.Unlock()
			if all++; err != nil {
				bad++
			}
			return c.print(e.out, f, doc, err)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if all == 0 {
		return fmt.Errorf("no such source: see \"clusterwire sources list\"")
	}
	if bad > 0 {
		return &partialError{fmt.Sprintf("%d of %d feeds could not be read", bad, all)}
	}
	return nil
}

// chosen are the feeds of the publishers that were named, or of all.
func (c *sourcesCheckCmd) chosen(sources []news.SourceHealth) []news.Feed {
	var out []news.Feed
	for _, s := range sources {
		if len(c.Slug) == 0 || slices.Contains(c.Slug, s.Source.Slug) {
			out = append(out, s.Feeds...)
		}
	}
	return out
}

func (c *sourcesCheckCmd) print(w io.Writer, f news.Feed, doc news.Document, failed error) error {
	line := checked{Source: f.Source, URL: f.URL, OK: failed == nil, Kind: string(doc.Kind), Items: len(doc.Items), Damaged: doc.Damaged}
	for _, it := range doc.Items {
		if line.Newest == nil || it.Published.After(*line.Newest) {
			line.Newest = orNull(it.Published)
		}
	}
	if failed != nil {
		line.Error = failed.Error()
	}
	if c.JSON {
		return json.NewEncoder(w).Encode(line)
	}
	verdict := fmt.Sprintf("%s, %d items", line.Kind, line.Items)
	if failed != nil {
		verdict = "FAILED: " + line.Error
	}
	_, err := fmt.Fprintf(w, "%s  %s  %s\n", f.Source, f.URL, verdict)
	return err
}
