package news

import "time"

// Statement is a Claim with where it stands: what a page shows beside a figure.
type Statement struct {
	Claim     Claim
	Article   int64 // Article.ID, 0 for an import
	Title     string
	URL       string
	Source    Source
	Language  string
	Published time.Time
	Withdrawn time.Time // its sentence has gone from the article; zero while it stands
}

// Fact is what a page shows after weighing the statements about one cluster,
// metric, basis, chip, currency and phase: a view, never stored.
type Fact struct {
	Cluster  string // Cluster.Slug
	Metric   Metric
	Basis    Basis
	Chip     string
	Currency string
	Phase    string
	Best     Statement   // the statement that was chosen
	Rule     string      // which rule chose it, for a person
	History  []Statement // all, newest first, Best among them
	Dispute  *Dispute    // nil where sources agree
}

// Dispute says that statements on the same basis differ: figures by a quarter
// or more, dates by a calendar quarter, places by town and region.
type Dispute struct {
	Lo, Hi     float64     // 0 for dates and places
	Statements []Statement // one for each value, lowest first
}
