package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"clusterwire/feeds/news"
)

// survivorOf returns the story that an id leads to now: itself, or the survivor
// of its merges.
func survivorOf(ctx context.Context, s *sql.Tx, id int64) (int64, error) {
	for {
		var into int64
		err := s.QueryRowContext(ctx, "SELECT into_story FROM story WHERE id = ?", id).Scan(&into)
		if errors.Is(err, sql.ErrNoRows) {
			return 0, news.ErrNotFound
		}
		if err != nil || into == 0 {
			return id, err
		}
		id = into
	}
}

// maxTimeline bounds the articles of a story's page, and the lines of its log,
// of which the newest are shown.
const maxTimeline = 500

// Story returns one story whole. One that was merged away comes with its id
// and Into alone.
func (d *DB) Story(ctx context.Context, id int64) (news.StoryEntry, error) {
	var e news.StoryEntry
	err := d.snapshot(ctx, func(s *sql.Tx) error {
		into, err := survivorOf(ctx, s, id)
		if err != nil {
			return err
		}
		if into != id {
			e.ID, e.Into = id, into
			return nil
		}
		if e.Story, e.Timeline, err = d.storyRow(ctx, s, id, maxTimeline); err != nil {
			return err
		}
		slices.SortStableFunc(e.Timeline, func(a, b news.StoryArticle) int { return a.Published.Compare(b.Published) })
		if e.Log, err = storyLog(ctx, s, id); err != nil {
			return err
		}
		if e.Claims, err = d.storyClaims(ctx, s, e.Timeline); err != nil {
			return err
		}
		e.Related, err = d.related(ctx, s, e.Story)
		return err
	})
	return e, err
}

func storyLog(ctx context.Context, s *sql.Tx, id int64) ([]news.Joining, error) {
	rows, err := s.QueryContext(ctx, "SELECT * FROM (SELECT story, article, gone, score, reason, at, id FROM story_log WHERE story = ? ORDER BY id DESC LIMIT ?) ORDER BY id", id, maxTimeline)
	var out []news.Joining
	err = eachRow(rows, err, func(scan func(dest ...any) error) error {
		var j news.Joining
		var at instant
		var line int64
		err := scan(&j.Story, &j.Article, &j.Left, &j.Score, &j.Reason, &at, &line)
		j.At = at.t
		out = append(out, j)
		return err
	})
	return out, err
}

// storyClaims reads what the articles of a story claim, oldest article first
// within a metric.
func (d *DB) storyClaims(ctx context.Context, s *sql.Tx, timeline []news.StoryArticle) ([]news.Statement, error) {
	var out []news.Statement
	for _, m := range timeline {
		if m.Hit.Claims == 0 {
			continue
		}
		rows, err := s.StmtContext(ctx, d.statedStmt).QueryContext(ctx, m.ID)
		err = eachRow(rows, err, func(scan func(dest ...any) error) error {
			c, err := scanClaim(scan)
			out = append(out, news.Statement{Claim: c, Article: m.ID, Title: m.Title, URL: m.URL, Source: m.Source, Language: m.Language, Published: m.Published})
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(out, func(a, b news.Statement) int { return cmp.Compare(a.Claim.Metric, b.Claim.Metric) })
	return out, nil
}

// Related stories are of the weeks around a story, and share as many terms
// with its lead.
const (
	relatedSpan  = 45 * 24 * time.Hour
	relatedTerms = 3
	relatedMost  = 6
)

// related finds the stories that a running story goes on in: those whose
// articles have telling terms in common with its lead.
func (d *DB) related(ctx context.Context, s *sql.Tx, x news.Story) ([]news.Story, error) {
	var terms []byte
	err := s.QueryRowContext(ctx, "SELECT terms FROM story_article WHERE article = ?", x.Lead.ID).Scan(&terms)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	from, until := idFloor(x.First.Add(-relatedSpan)), idFloor(x.Last.Add(relatedSpan))
	shared := map[int64]int{}
	for ; len(terms) >= 4; terms = terms[4:] {
		rows, err := s.QueryContext(ctx, "SELECT article FROM story_term WHERE term = ? AND article >= ? AND article < ? ORDER BY article DESC LIMIT ?",
			int64(binary.BigEndian.Uint32(terms)), from, until, perTerm)
		ids, err := scanIDs(rows, err)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			shared[id]++
		}
	}
	most := map[int64]int{}
	for article, n := range shared {
		if n < relatedTerms {
			continue
		}
		var story int64
		if err := s.QueryRowContext(ctx, "SELECT story FROM story_article WHERE article = ?", article).Scan(&story); err != nil {
			return nil, err
		}
		if story != x.ID {
			most[story] = max(most[story], n)
		}
	}
	ids := make([]int64, 0, len(most))
	for id := range most {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b int64) int { return cmp.Or(cmp.Compare(most[b], most[a]), cmp.Compare(b, a)) })
	return d.storyRows(ctx, s, ids[:min(relatedMost, len(ids))])
}
