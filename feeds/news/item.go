package news

import "time"

// Document is what one feed, sitemap or listing said when it was read.
type Document struct {
	Kind        FeedKind
	Title       string
	Description string
	Link        string // the site that the feed belongs to
	Self        string // the address that the feed gives for itself
	Language    string
	Updated     time.Time
	Items       []Item
	Damaged     bool // the bytes had to be repaired; items may be missing
	Complete    bool // RFC 5005 fh:complete: these are all items that exist
	Hub         string
	Next        string   // next page or previous archive, for backfill alone
	Sitemaps    []string // sitemaps that a sitemap index names: last changed first, else in its order
	Expired     bool     // the feed says that it will never change again
	Pace        Pace
	Warnings    []string
}

// Pace is how often a feed asks to be polled. Zero values ask nothing.
type Pace struct {
	Every     time.Duration // RSS ttl or sy:updatePeriod / updateFrequency
	SkipHours []int         // GMT hours 0 to 23
	SkipDays  []time.Weekday
}

// Item is one entry as a feed gave it, and the state of opening the page
// behind it.
type Item struct {
	ID     int64
	Feed   int64  // Feed.ID
	Source string // Source.Slug

	Key         string // identity within the feed, see parse.Key
	GUID        string // as the feed gave it, unchanged
	URL         string // absolute; "" if the entry has no page
	Title       string
	Published   time.Time
	Updated     time.Time
	Authors     []string
	Categories  []string
	Summary     string // plain text
	ContentHTML string // sanitised
	ContentText string // plain text of ContentHTML
	Language    string // as the entry or its feed declares
	Enclosures  []Enclosure

	Hash    string    // of title and content: tells an edited entry from a repeated one
	Seen    time.Time // first seen
	Attempt Attempt   // of opening the page
	Article int64     // Article.ID once it is stored; 0 while it is to be opened
}

// Enclosure is a file that an entry points at.
type Enclosure struct {
	URL    string `json:"url"`
	Type   string `json:"type,omitempty"`
	Length int64  `json:"length,omitempty"` // bytes, 0 if not stated
}

// Poll is what came of asking one feed, to be saved in one transaction.
// Items is nil when the feed was unchanged or failed.
type Poll struct {
	Feed  Feed
	Items []Item

	// Complete says that Items are all that exist: others of the feed that are
	// not opened yet never will be. What was opened stays.
	Complete bool
}

// Polled counts what saving a Poll did.
type Polled struct {
	New    int // items not seen before
	Edited int // items whose content changed since; they are opened again
	Known  int // items seen before and unchanged
	Merged int // items known under another identity (changed GUID, mirror)
}

// Link is a feed that a page points at.
type Link struct {
	URL   string
	Title string
	Kind  FeedKind
}
