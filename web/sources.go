package web

import (
	"net/http"
	"time"

	"clusterwire/feeds/news"
)

// sourcesPage is the struct of templates/sources.html.
type sourcesPage struct {
	frame
	Rows    []sourceRow
	Failing int // sources none of whose feeds can be read
	Waiting int // sources that were not asked yet
}

type sourceRow struct {
	news.SourceHealth
	State string // see health
	Polls []pollRow
}

// pollRow says when a feed was asked and when it will be.
type pollRow struct {
	Asked, Next time.Time
	Soon        string // Next for a person
}

func pollsOf(feeds []news.Feed, now time.Time) []pollRow {
	out := make([]pollRow, len(feeds))
	for i, f := range feeds {
		row := pollRow{Asked: f.Checked, Next: f.Attempt.Next}
		switch {
		case f.State == news.FeedGone:
			row.Next, row.Soon = time.Time{}, "not again"
		case !row.Next.After(now):
			row.Next, row.Soon = time.Time{}, "now"
		default:
			row.Soon = in(row.Next.Sub(now))
		}
		out[i] = row
	}
	return out
}

func (s *site) sources(r *http.Request) (reply, error) {
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	all, err := s.store.Sources(r.Context())
	if err != nil {
		return reply{}, err
	}
	if f := formatOf(r); f.suffix != "" {
		return s.sourceTable(all, f)
	}
	page := sourcesPage{frame: s.frame(r, st, "Sources", "/sources")}
	page.Section, page.Formats = "/sources", formatLinks("/sources", nil, tableFormats()...)
	page.Description = "Every publisher that the wire follows, and whether its feeds can be read."
	for _, h := range all {
		row := sourceRow{SourceHealth: h, State: health(h), Polls: pollsOf(h.Feeds, page.Today)}
		switch row.State {
		case "ok":
		case "waiting":
			page.Waiting++
		default:
			page.Failing++
		}
		page.Rows = append(page.Rows, row)
	}
	return s.page("sources", page)
}

// health sums up the feeds of a source: one that can be read is enough.
func health(h news.SourceHealth) string {
	state := "no feed"
	for _, f := range h.Feeds {
		switch {
		case f.State == news.FeedGone:
			state = "gone"
		case f.Attempt.Failed():
			state = "failing"
		case f.State == news.FeedBlocked:
			state = "blocked"
		case f.Read.IsZero():
			state = "waiting"
		default:
			return "ok"
		}
	}
	return state
}
