package news

import "time"

// Story is the articles that report one event. Its ID is for good: a story
// that was merged away keeps its ID and points at the survivor.
type Story struct {
	ID          int64
	Lead        Hit // the article that a list shows
	LeadRule    string
	Articles    int
	Independent int // sources that did not merely repeat another
	First, Last time.Time
	Companies   []string // Company.Slug, most named first
	Languages   []string
	Also        []Hit  // other articles, one of each source, independent ones first; at most StoryAlso in a list
	Reason      string // what its articles share, "" for a single article
	Claims      int
	Rank        float64   // what a front page is ordered by, see feeds/story.Matcher.Weigh
	Changed     time.Time // when an article last joined or left, or was placed anew
	Into        int64     // the survivor after a merge, 0 while it stands
}

// StoryAlso is how many other sources a list of stories names for each.
const StoryAlso = 8

// StoryOrder is the order of a list of stories.
type StoryOrder string

// The orders of stories. StoriesTop is the default of a list without filters;
// lists with filters are by the newest article that matches. StoriesByID, latest
// opened first, is the order that never changes: who walks it meets each story
// once, whatever joins meanwhile.
const (
	StoriesTop    StoryOrder = "top"
	StoriesNewest StoryOrder = "newest"
	StoriesByID   StoryOrder = "id"
)

// StoryQuery asks the store for stories: those with an article that Query
// matches. Query.Order is not used.
type StoryQuery struct {
	Query
	Order   StoryOrder
	Changed time.Time // changed at or after
}

// StoryResults is one page of stories.
type StoryResults struct {
	Stories  []Story
	Next     string // cursor of the page after this, "" at the end
	Warnings []string
}

// StoryEntry is one story whole.
type StoryEntry struct {
	Story
	Timeline []StoryArticle // oldest first; of a large story a part
	Log      []Joining      // oldest first; of a long one the newest lines
	Claims   []Statement    // that its articles make, by metric
	Related  []Story        // of the weeks around it that share telling terms with its lead
}

// StoryArticle is an article of a story, and why it is one.
type StoryArticle struct {
	Hit
	Score    float64 // likeness to the story when it joined
	Why      string  // why it joined
	Origin   int64   // Article.ID of what it repeats, 0 if it reports itself
	Standing string  // why it is taken for a report or a repetition
}

// Joining is one line of a story's log: an article joined or left, and why.
type Joining struct {
	Story   int64
	Article int64
	Left    bool
	Score   float64
	Reason  string
	At      time.Time
}

// Unplaced is an article whose story is to be found, or left if it is no
// longer relevant.
type Unplaced struct {
	Article   int64
	Revision  int
	Published time.Time
	Relevant  bool
	Touched   int64 // the store's number of the write that made it so
}

// Arrival is an unplaced article with what the store needs to find its
// neighbours.
type Arrival struct {
	Article     int64
	Revision    int       // that Features are of
	Touched     int64     // as Unplaced gave it
	Gone        bool      // it leaves its story and joins none
	Terms       []string  // by which it finds its neighbours, and others will find it
	From, Until time.Time // the dates of its neighbours
	Features    []byte    // for the store to keep
}

// Neighbour is an article that may report the same event.
type Neighbour struct {
	Article  int64
	Story    int64
	Features []byte // as Arrival.Features gave them
}

// Placement puts an article into a story.
type Placement struct {
	Story  int64   // 0 opens a new one
	Merge  []int64 // stories that are the same event; the earliest survives
	Score  float64
	Reason string
}

// Decide finds the story of an arrival, named by its place among those given
// to the store, among the stories of its neighbours.
type Decide func(arrival int, around []Neighbour) (Placement, error)

// Member is an article of a story with what weighing it needs.
type Member struct {
	Article   int64
	Source    Source
	Published time.Time
	Claims    int
	Features  []byte
}

// Weighing is what a story is worth: who reported and who repeated, and which
// article leads.
type Weighing struct {
	Story       int64
	Changed     time.Time // when the story had last changed, as it was weighed
	Lead        int64
	LeadRule    string
	Independent int
	Rank        float64
	Reason      string
	Standings   []Standing
	Apart       []int64 // articles that turn out to report another event, which becomes a story of its own
}

// Standing says whether an article reports an event or repeats another.
type Standing struct {
	Article int64
	Origin  int64 // 0 if it reports itself
	Why     string
}
