package news

import (
	"slices"
	"time"
)

// Query asks the store for articles. Its zero value asks for the newest
// relevant articles of all sources.
//
// Filters of one kind are alternatives (company xai or meta), filters of
// different kinds must all hold.
type Query struct {
	Text      string // as a person typed it, in the query language of store/query
	Companies []string
	Sources   []string
	Kinds     []SourceKind
	Languages []string
	Countries []string
	Topics    []Topic
	Clusters  []string
	Since     time.Time // published at or after
	Until     time.Time // published before
	Order     Order
	Limit     int    // rows wanted; the store has a default and a cap
	Cursor    string // where the last page ended, from Results.Next
	Hidden    bool   // also articles that were judged irrelevant
	Uncounted bool   // Results.Total is not asked for, which may save finding all
}

// Order is the order of results.
type Order string

// The orders. OrderNewest is the default.
const (
	OrderNewest    Order = "newest"
	OrderRelevance Order = "relevance"
	OrderOldest    Order = "oldest"
)

// Hit is one article in a list, without its text.
type Hit struct {
	ID        int64
	URL       string
	Title     string
	Byline    string
	Source    Source
	Published time.Time
	Dated     Dated
	Modified  time.Time
	FirstSeen time.Time
	Language  string
	Summary   string
	Image     string
	Mentions  []Mention // without evidence
	Topics    []Topic
	Story     int64      // Story.ID, 0 if none
	Snippet   []Fragment // where the text matches; nil outside of a search
	Claims    int        // how many
}

// Fragment is a piece of a snippet. Snippets are values, not markup, so that
// nobody can forget to escape them.
type Fragment struct {
	Text  string
	Match bool
}

// Results is one page of a list.
type Results struct {
	Hits     []Hit
	Total    int      // exact unless AtLeast; 0 with Query.Uncounted
	AtLeast  bool     // Total is a lower bound: counting further would cost too much
	Next     string   // cursor of the next page, "" at the end
	Prev     string   // cursor of the page before, "" at the start
	Warnings []string // what of the query was not understood
	Note     string   // how the order was cut, for the page to say
	Meant    string   // where nothing was found: the query with names that are near to words that stand nowhere
}

// Completion is one way to go on with a query that somebody types.
type Completion struct {
	Query string // the whole query with its last word completed
	Label string // what that is, for a person
	Field string // of which it is a value; "" where it is a field itself
	Value string
}

// Changes is one page of the articles of an archive in the order of the writes
// that last changed them.
type Changes struct {
	Items []Change
	Next  string // the place behind the last item, to go on from now or later
	More  bool   // there are others already
}

// Change is an article as a write left it.
type Change struct {
	Hit
	Hidden bool // judged irrelevant: whoever keeps a copy has to drop it
}

// Arrivals are the articles that were first seen on one day of UTC and are not
// hidden. Mark changes whenever one of that day is added, changed or hidden.
type Arrivals struct {
	Day      time.Time
	Articles []int64 // Article.ID
	Mark     string
}

// ClaimQuery asks for one page of what was said about clusters. Its zero value
// asks for all; Limit has to be set.
type ClaimQuery struct {
	Cluster string // Cluster.Slug
	Company string // Company.Slug of Claim.Org
	Metric  Metric
	Limit   int
	Cursor  string // ClaimResults.Next of the page before
}

// ClaimResults is one page of claims.
type ClaimResults struct {
	Statements []Statement
	Total      int    // exact unless AtLeast
	AtLeast    bool   // Total is a lower bound
	Next       string // cursor of the next page, "" at the end
}

// Entry is one article whole, with its Reading.
type Entry struct {
	Article Article
	Source  Source
	Reading Reading
	Story   int64 // the story that it belongs to, 0 if none yet
	Via     []Via // the items that led to it
}

// Via is one item that led to an article.
type Via struct {
	Source Source
	URL    string
	Title  string
	Seen   time.Time
}

// CompanyCount is a company with how often it is in the news.
type CompanyCount struct {
	Company  Company
	Articles int // relevant articles that name it
	Subject  int // of these, articles about it
	Recent   int // relevant articles that name it, of the newest 30 days of the archive
	Newest   time.Time
}

// Count is one row of a facet.
type Count struct {
	Key   string
	Label string
	N     int
}

// Facets are the exact counts of a result set by each dimension.
type Facets struct {
	Total     int
	Companies []Count
	Topics    []Count
	Sources   []Count
	Languages []Count
	Months    []Count // key "2024-09", oldest first, gaps included as 0
}

// Clone returns a copy that shares no list with it.
func (f Facets) Clone() Facets {
	for _, list := range []*[]Count{&f.Companies, &f.Topics, &f.Sources, &f.Languages, &f.Months} {
		*list = slices.Clone(*list)
	}
	return f
}

// Stats describe the archive as a whole.
type Stats struct {
	Articles  int // relevant
	Hidden    int // judged irrelevant
	ToOpen    int // items waiting to be opened
	Sources   int
	Feeds     int
	Failing   int // feeds whose last attempt failed
	Companies int // companies named at least once
	Languages int
	Newest    time.Time
	Changed   time.Time // last write that readers can see
}
