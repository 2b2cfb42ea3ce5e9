package feeds

import (
	"bufio"
	_ "embed"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"clusterwire/feeds/news"
)

//go:embed catalog.tsv
var catalogTSV string

// CatalogEntry is one source of the embedded catalog with its feeds. Feeds
// carry Source, URL, Kind, Selector and State; everything else is for polling
// to fill in.
type CatalogEntry struct {
	Source news.Source
	Feeds  []news.Feed
}

// Catalog returns the sources that clusterwire follows from its first start,
// in the order of catalog.tsv. An error names the line that is not in order.
func Catalog() ([]CatalogEntry, error) {
	entries, err := parseCatalog(catalogTSV)
	if err != nil {
		return nil, fmt.Errorf("catalog.tsv: %w", err)
	}
	return entries, nil
}

// The columns of the catalog. None is the mark of an empty one: a file whose
// lines end in tabs does not survive every editor.
const (
	colSlug = iota
	colName
	colSite
	colKind
	colLanguage
	colCountry
	colTrust
	colFeedURL
	colFeedKind
	colSelector
	colNote
	columns

	none = "-"
)

var (
	slugForm     = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	languageForm = regexp.MustCompile(`^[a-z]{2,3}$`)
	countryForm  = regexp.MustCompile(`^[A-Z]{2}$`)
)

// parseCatalog reads the whole of a catalog, or says which line is wrong.
func parseCatalog(tsv string) ([]CatalogEntry, error) {
	var entries []CatalogEntry
	slugs, urls := map[string]int{}, map[string]int{}
	lines := bufio.NewScanner(strings.NewReader(tsv))
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells, err := catalogCells(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		feed, err := catalogFeed(cells)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if before, double := urls[feed.URL]; double {
			return nil, fmt.Errorf("line %d: feed %s stands in line %d too", n, feed.URL, before)
		}
		urls[feed.URL] = n

		if last := len(entries) - 1; last >= 0 && entries[last].Source.Slug == feed.Source {
			if err := addFeed(&entries[last], feed, cells); err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			continue
		}
		source, err := catalogSource(cells)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if before, double := slugs[source.Slug]; double {
			return nil, fmt.Errorf("line %d: slug %s belongs to line %d: put further feeds right below it", n, source.Slug, before)
		}
		slugs[source.Slug] = n
		entries = append(entries, CatalogEntry{Source: source, Feeds: []news.Feed{feed}})
	}
	return entries, lines.Err()
}

// catalogCells splits a line into its columns, "" where a column is empty.
func catalogCells(line string) ([]string, error) {
	cells := strings.Split(line, "\t")
	if len(cells) != columns {
		return nil, fmt.Errorf("%d columns instead of %d", len(cells), columns)
	}
	for i, cell := range cells {
		if cell == "" || cell != strings.TrimSpace(cell) {
			return nil, fmt.Errorf("column %d: blanks around %q: an empty column is a hyphen", i+1, cell)
		}
		if cell == none {
			cells[i] = ""
		}
	}
	return cells, nil
}

// catalogSource reads the columns that describe the source.
func catalogSource(cells []string) (news.Source, error) {
	trust, err := strconv.Atoi(cells[colTrust])
	s := news.Source{
		Slug: cells[colSlug], Name: cells[colName], Site: cells[colSite],
		Kind: news.SourceKind(cells[colKind]), Language: cells[colLanguage],
		Country: cells[colCountry], Trust: news.Trust(trust), Note: cells[colNote],
	}
	switch {
	case err != nil || s.Trust < news.TrustRepeats || s.Trust > news.TrustOriginal:
		return s, fmt.Errorf("trust %q is none of 1, 2, 3", cells[colTrust])
	case s.Name == "":
		return s, fmt.Errorf("source %s has no name", s.Slug)
	case !slices.Contains(news.SourceKinds(), s.Kind):
		return s, fmt.Errorf("%q is no kind of source", s.Kind)
	case !languageForm.MatchString(s.Language):
		return s, fmt.Errorf("%q is no language", s.Language)
	case s.Country != "" && !countryForm.MatchString(s.Country):
		return s, fmt.Errorf("%q is no country", s.Country)
	}
	return s, webAddress(s.Site)
}

// catalogFeed reads the columns that describe the feed.
func catalogFeed(cells []string) (news.Feed, error) {
	f := news.Feed{
		Source: cells[colSlug], URL: cells[colFeedURL], Kind: news.FeedKind(cells[colFeedKind]),
		Selector: cells[colSelector], State: news.FeedActive,
	}
	kinds := []news.FeedKind{news.FeedAuto, news.FeedRSS, news.FeedAtom, news.FeedJSON, news.FeedSitemap, news.FeedListing}
	switch {
	case !slugForm.MatchString(f.Source):
		return f, fmt.Errorf("%q is no slug", f.Source)
	case !slices.Contains(kinds, f.Kind):
		return f, fmt.Errorf("%q is no kind of feed", f.Kind)
	case (f.Kind == news.FeedListing) != (f.Selector != ""):
		return f, fmt.Errorf("a listing has a selector, and nothing else has: kind %q, selector %q", f.Kind, f.Selector)
	}
	return f, webAddress(f.URL)
}

// addFeed adds a further feed to the entry above it.
func addFeed(e *CatalogEntry, f news.Feed, cells []string) error {
	for i := colName; i <= colTrust; i++ {
		if cells[i] != "" {
			return fmt.Errorf("column %d: %q: a further feed of %s leaves the source's columns empty", i+1, cells[i], f.Source)
		}
	}
	e.Feeds = append(e.Feeds, f)
	if note := cells[colNote]; note != "" {
		e.Source.Note = strings.TrimPrefix(e.Source.Note+"; "+note, "; ")
	}
	return nil
}

// webAddress says whether an address can be asked over the web.
func webAddress(address string) error {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		return fmt.Errorf("%q is no web address", address)
	}
	return nil
}
