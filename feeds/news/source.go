package news

import "time"

// Source is a publisher that we follow. A Source may have several feeds.
type Source struct {
	Slug     string
	Name     string
	Site     string // address of the publisher's own pages
	Kind     SourceKind
	Language string
	Country  string // ISO 3166-1 alpha-2, "" where international
	Trust    Trust
	Note     string // what an operator should know, e.g. that plain clients are refused
}

// SourceKind says what sort of publisher a Source is.
type SourceKind string

// The kinds of sources.
const (
	KindCompany    SourceKind = "company"    // a company speaking of itself
	KindDCTrade    SourceKind = "dc-trade"   // data-center trade press
	KindChips      SourceKind = "chips"      // chips and hardware press
	KindEnergy     SourceKind = "energy"     // power and utility press
	KindPolicy     SourceKind = "policy"     // government, law, research institutes
	KindLocal      SourceKind = "local"      // press of a site's own region
	KindGeneral    SourceKind = "general"    // general, business and technology press
	KindAggregator SourceKind = "aggregator" // points at the reports of others
)

// SourceKinds lists every kind, in the order in which pages show them.
func SourceKinds() []SourceKind {
	return []SourceKind{KindCompany, KindDCTrade, KindChips, KindEnergy, KindPolicy, KindLocal, KindGeneral, KindAggregator}
}

// Trust is how much weight a claim gets from where it was published,
// apart from who said it.
type Trust int

// The grades of trust.
const (
	TrustRepeats  Trust = 1 // mostly repeats the reports of others
	TrustReports  Trust = 2 // a newsroom with reporters of its own
	TrustOriginal Trust = 3 // the origin of what it says: a company, an agency, a filing
)

// FeedKind is the format behind a feed's address.
type FeedKind string

// The kinds of feeds. FeedAuto is what an operator writes who does not know;
// the first successful read replaces it.
const (
	FeedAuto    FeedKind = ""
	FeedRSS     FeedKind = "rss"
	FeedAtom    FeedKind = "atom"
	FeedJSON    FeedKind = "json"
	FeedSitemap FeedKind = "sitemap"
	FeedListing FeedKind = "listing" // an HTML page whose links are the items
)

// FeedState says whether a feed is polled.
type FeedState string

// The states of a feed. Only FeedGone stops polling.
const (
	FeedActive  FeedState = "active"
	FeedBlocked FeedState = "blocked" // the publisher refuses us (401, 403, challenge page)
	FeedGone    FeedState = "gone"    // 410 or 451, confirmed a day later
)

// Feed is one address of a Source, with everything that polling remembers.
type Feed struct {
	ID       int64
	Source   string // Source.Slug
	URL      string
	Kind     FeedKind
	Selector string // CSS selector of the links of a listing; "" for other kinds
	Title    string // as the feed calls itself

	State      FeedState
	Validators Validators
	BodyHash   string        // SHA-256 of the last body read, hex
	Checked    time.Time     // last attempt
	Changed    time.Time     // last time the body differed
	Read       time.Time     // last time the feed was read without error (200 or 304)
	Interval   time.Duration // current polling interval, before back-off
	Pace       Pace          // what the feed itself asks for
	Attempt    Attempt
	Damaged    bool // the last body was repaired to be read
	Items      int  // items ever seen

	Moved   Move
	Aliases []string // addresses that it had before, oldest first
	Hub     Hub

	Archive Archive
	Sample  []byte    // how the body began that could not be read, for a person; nil after a success
	Sought  time.Time // last time that a page in place of the feed was searched for it
}

// Archive is how far back into a feed's past backfill has walked.
type Archive struct {
	Since time.Time // how far it is to go; zero: never asked for
	Left  []string  // addresses still to be read, nearest first; empty: done
}

// SampleSize is the greatest length of Feed.Sample.
const SampleSize = 64 << 10

// Validators are what a server gave us to ask "has it changed?" with,
// byte for byte as they came.
type Validators struct {
	ETag         string
	LastModified string
}

// Attempt is the state of trying: failure is data, kept beside what failed.
type Attempt struct {
	Next     time.Time // not to be tried before
	Failures int       // in a row; 0 after a success
	Class    string    // machine-readable class of the last failure, e.g. "timeout", "http_404"
	Error    string    // one line for a person; "" after a success
	Since    time.Time // first failure of this row
}

// Failed reports whether the last attempt failed.
func (a Attempt) Failed() bool { return a.Failures > 0 }

// Move remembers a permanent redirect until it has been seen often enough.
type Move struct {
	To    string
	Seen  int
	Since time.Time
	Was   string // what the feed called itself before
	Site  string // that the feed at the new address says it belongs to
	Note  string // why it needs a person's eye, "" if it does not
}

// Hub is a WebSub subscription of a feed.
type Hub struct {
	URL      string
	Topic    string
	Callback string // address that the hub was given; its last element can't be guessed
	Secret   string
	Expires  time.Time
	Renew    time.Time
}

// SourceHealth is a Source with its feeds and what came of them.
type SourceHealth struct {
	Source   Source
	Feeds    []Feed
	Articles int       // relevant articles stored
	Newest   time.Time // publication of the newest article
}
