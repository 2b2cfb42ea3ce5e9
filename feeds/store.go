package feeds

import (
	"context"
	"time"

	"clusterwire/feeds/news"
)

// Store is what the line needs of a database, and no more. Each method that
// writes is one transaction: after an error nothing of it was written, and
// calling it again with the same values does no harm.
type Store interface {
	// Sources returns every source with its feeds, ordered by name.
	Sources(ctx context.Context) ([]news.SourceHealth, error)

	// DueFeeds returns up to limit feeds whose Attempt.Next is not after now, or
	// so far ahead that the clock was wrong, and which are not gone, longest due
	// first.
	DueFeeds(ctx context.Context, now time.Time, limit int) ([]news.Feed, error)

	// SavePoll stores a feed's state together with its items, so that
	// validators are never newer than the items they vouch for. An item that
	// is new, or whose Hash changed, is due to be opened at once.
	SavePoll(ctx context.Context, p news.Poll, now time.Time) (news.Polled, error)

	// DueItems returns items to be opened that are not in taken, which holds
	// the IDs of those that are being opened: no more than there is room for in
	// limit beside them. Sources take turns, those of which the fewest were
	// had first, and few of them don't fill the room, so that a busy or slow
	// publisher delays no other.
	DueItems(ctx context.Context, now time.Time, limit int, taken map[int64]bool, had map[string]int) ([]news.Item, error)

	// SaveAttempt records that opening an item failed and when to try again.
	SaveAttempt(ctx context.Context, item int64, a news.Attempt) error

	// SaveArticles stores articles with their readings and index rows and
	// marks their items as opened, all in one transaction. Outcomes are in the
	// order of the argument. Article.ID and Reading.Article are assigned here.
	SaveArticles(ctx context.Context, opened []news.Opened) ([]news.Outcome, error)

	// Unread returns up to limit articles with an ID below before (0: all)
	// whose reading was made by other rules, newest first, with their texts.
	Unread(ctx context.Context, rules string, before int64, limit int) ([]news.Article, error)

	// SaveReadings replaces the readings of stored articles and their index rows.
	SaveReadings(ctx context.Context, readings []news.Reading) error

	// Unplaced returns up to limit articles whose story is to be found, or
	// left because they are no longer relevant, oldest first.
	Unplaced(ctx context.Context, limit int) ([]news.Unplaced, error)

	// Opened returns a stored article with its reading, but not its item.
	Opened(ctx context.Context, article int64) (news.Opened, error)

	// Place puts articles into stories or takes them out, merges stories, and
	// logs it, all in one transaction. decide is called once for each article
	// that is not gone, with its place in the argument and its neighbours,
	// those that were placed before it in the same call included: at most
	// limit articles, those with most terms in common first, and after them
	// others of their stories.
	Place(ctx context.Context, arrivals []news.Arrival, limit int, decide news.Decide) error

	// Unweighed returns up to limit stories that changed since they were weighed.
	Unweighed(ctx context.Context, limit int) ([]int64, error)

	// Members returns up to limit articles of a story, oldest first, and when
	// the story changed.
	Members(ctx context.Context, story int64, limit int) ([]news.Member, time.Time, error)

	// Weigh stores what stories are worth, in one transaction. One that
	// changed after Weighing.Changed is weighed again.
	Weigh(ctx context.Context, weighings []news.Weighing) error
}
