package web

import (
	"context"
	"time"

	"clusterwire/feeds/news"
)

// Store is what the site and the API read. It has no method that writes, so
// the compiler keeps the site read-only. A thing that is not there is
// news.ErrNotFound; a query that can't be used is a *news.BadInputError.
type Store interface {
	// Search returns one page of articles that match q.
	Search(ctx context.Context, q news.Query) (news.Results, error)
	// Facets returns the exact counts of everything that matches q.
	Facets(ctx context.Context, q news.Query) (news.Facets, error)
	// Complete returns up to limit ways to complete the last word of a query.
	Complete(ctx context.Context, text string, limit int) ([]news.Completion, error)
	// Changes returns articles in the order of the writes that last changed
	// them, from a place that it or LastChange gave; "" is before the first.
	Changes(ctx context.Context, from string, limit int) (news.Changes, error)
	// LastChange is the place behind every change so far.
	LastChange(ctx context.Context) (string, error)
	// Arrivals returns all articles by the day on which they were first seen.
	Arrivals(ctx context.Context) ([]news.Arrivals, error)
	// Listed returns articles as lists show them, without those that are hidden.
	Listed(ctx context.Context, ids []int64) ([]news.Hit, error)
	// Article returns one article whole.
	Article(ctx context.Context, id int64) (news.Entry, error)
	// Companies returns every company of the registry, most articles first.
	Companies(ctx context.Context) ([]news.CompanyCount, error)
	// Company returns one company.
	Company(ctx context.Context, slug string) (news.CompanyCount, error)
	// Sources returns every source with its feeds' health, ordered by name.
	Sources(ctx context.Context) ([]news.SourceHealth, error)
	// Stats describes the archive; Stats.Changed moves with every visible write.
	Stats(ctx context.Context) (news.Stats, error)
	// Changed is Stats.Changed alone, and cheap to ask.
	Changed(ctx context.Context) (time.Time, error)

	// Ready says why the archive can't be read, or doesn't take writes for want
	// of room; nil where all is well.
	Ready(ctx context.Context) error

	// Clusters returns the registry of clusters, ordered by name.
	Clusters(ctx context.Context) ([]news.Cluster, error)
	// Figures returns the claims that stand in each of some articles, in the
	// order in which the article makes them.
	Figures(ctx context.Context, articles []int64) (map[int64][]news.Claim, error)
	// Statements returns the newest claims that stand about a cluster, up to
	// most of them, newest first, and how many there are in all. An empty slug
	// asks for those about all clusters.
	Statements(ctx context.Context, cluster string, most int) (newest []news.Statement, all int, err error)
	// Claims returns one page of the claims that stand, newest first.
	Claims(ctx context.Context, q news.ClaimQuery) (news.ClaimResults, error)

	// Stories returns one page of the stories that have an article that matches.
	Stories(ctx context.Context, q news.StoryQuery) (news.StoryResults, error)
	// Story returns one story whole; of one that was merged away its ID and
	// Into alone.
	Story(ctx context.Context, id int64) (news.StoryEntry, error)
}
