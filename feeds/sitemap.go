package feeds

import (
	"context"
	"errors"

	"clusterwire/feeds/fetch"
	"clusterwire/feeds/news"
	"clusterwire/feeds/parse"
)

// sitemapsRead is how many sitemaps of an index one poll reads: those that
// changed last, of which new pages are in the first.
const sitemapsRead = 2

// isIndex reports whether a document names sitemaps and holds no item itself.
func isIndex(doc news.Document) bool { return len(doc.Items) == 0 && len(doc.Sitemaps) > 0 }

// readSitemaps adds to an index the items of the sitemaps that changed last.
// The error is that of the last one if none could be read.
func (l *Line) readSitemaps(ctx context.Context, index news.Document) (news.Document, error) {
	var failed error
	read := 0
	for _, address := range index.Sitemaps[:min(len(index.Sitemaps), sitemapsRead)] {
		res, err := l.fetch.Get(ctx, fetch.Request{URL: address, For: fetch.ForFeed})
		if err == nil {
			var child news.Document
			err = l.compute(func() (err error) {
				child, err = parse.Feed(res.Body, parse.Input{URL: res.URL, ContentType: res.ContentType})
				return err
			})
			index.Items = append(index.Items, child.Items...)
			index.Damaged = index.Damaged || child.Damaged
		}
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		read++
	}
	if read == 0 {
		return index, failed
	}
	return index, nil
}
