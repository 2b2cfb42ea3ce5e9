package feeds

import (
	"context"

	"clusterwire/feeds/news"
)

// rereadBatch is how many articles are read again in one transaction.
const rereadBatch = 100

// Reread reads every stored article whose reading was made by other rules
// again, newest first, and returns how many it read. It can be stopped at any
// moment: what is left is still read by other rules, and the next call goes on.
func (l *Line) Reread(ctx context.Context) (int, error) {
	n := 0
	before := int64(0)
	for ctx.Err() == nil {
		articles, err := l.store.Unread(ctx, l.reader.Rules(), before, rereadBatch)
		if err != nil {
			return n, err
		}
		if len(articles) == 0 {
			return n, l.placeDue(ctx) // what is hidden now leaves its story
		}
		readings := make([]news.Reading, 0, len(articles))
		for _, a := range articles {
			// A reading that fails is logged by compute and left as it was.
			_ = l.compute(func() error {
				reading := l.reader.Read(textOf(a))
				reading.Article = a.ID
				readings = append(readings, reading)
				return nil
			})
		}
		if err := l.store.SaveReadings(ctx, readings); err != nil {
			return n, err
		}
		n += len(articles)
		before = articles[len(articles)-1].ID
		l.progress(Progress{Stage: "reread", Done: n})
	}
	return n, ctx.Err()
}
