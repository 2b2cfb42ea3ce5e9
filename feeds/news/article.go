package news

import "time"

// Page is what extraction made of one HTML page: an Article before it has
// a place in the store.
type Page struct {
	URL       string // final address after redirects
	Canonical string // as the page declares, else the cleaned final address
	Title     string
	Byline    string
	Published time.Time
	Modified  time.Time
	Language  string // as the page declares
	Site      string // the publisher's name as the page states it
	Summary   string // the page's own description
	Image     string
	Text      string   // paragraphs separated by blank lines
	HTML      string   // sanitised
	Method    string   // which extractor won, e.g. "vote", "readability", "feed"
	Refused   string   // why this page is no article ("challenge", "paywall", "soft404"); "" if it is one
	NoArchive bool     // the page asks that its text is not kept: store title and link alone
	NoAI      bool     // the page asks not to be given to a language model
	Links     []string // outbound links of the article body, absolute
	Warnings  []string
}

// Article is the page behind an Item.
type Article struct {
	ID        int64  // time-ordered: see store
	Source    string // Source.Slug
	URL       string // where it was read
	Canonical string // identity: two items that lead here are one article
	Title     string
	Byline    string
	Published time.Time // its own date, never after FirstSeen plus a quarter of an hour
	Dated     Dated     // where Published comes from
	Modified  time.Time
	Language  string
	Summary   string // plain text, at most SummaryRunes runes
	Image     string
	Text      string // clean text; offsets of Evidence point into it
	HTML      string // sanitised
	Method    string
	Links     []string
	FirstSeen time.Time
	Revision  int    // 1 for the first text seen
	NoAI      bool   // the publisher asks that no language model is given it
	Raw       []byte // the page as it came, for extraction to be redone; nil if not kept
}

// SummaryRunes is the greatest length of Article.Summary.
const SummaryRunes = 400

// Dated says where an article's date comes from.
type Dated string

// Where a date comes from, best first.
const (
	DatedPage Dated = "page"
	DatedFeed Dated = "feed"
	DatedSeen Dated = "seen" // no date stated: when we first saw it
)

// Text is the input of reading: what an article says, with the context that
// its words need.
type Text struct {
	Title     string
	Body      string
	Language  string
	URL       string
	Published time.Time
}

// Opened is an article with all that was concluded from it, to be stored in
// one transaction together with the state of the item that led to it.
type Opened struct {
	Item    Item
	Article Article
	Reading Reading

	// Features are what matching knows of the article, packed. They are not
	// stored with it; where they are at hand it need not be read again to find
	// its story. nil if they are not, as for an article that is not relevant.
	Features []byte
}

// Outcome says what storing an Opened did.
type Outcome string

// The outcomes of storing an article.
const (
	Stored     Outcome = "stored"     // a new article
	Revised    Outcome = "revised"    // a new revision of a known article
	Duplicate  Outcome = "duplicate"  // the canonical URL was known, text unchanged
	Irrelevant Outcome = "irrelevant" // stored, judged off the topic, hidden
)
