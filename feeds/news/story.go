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
	Also        []Hit // the other articles, independent ones first
	Into        int64 // the survivor after a merge, 0 while it stands
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
