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

// readSitemaps adds to an index the items of the sitemaps that changed last,
// each parsed by way of compute. The error is theirs if none could be read.
func readSitemaps(ctx context.Context, client *fetch.Client, index news.Document, compute func(int, func() error) error) (news.Document, error) {
	var failed error
	read := 0
	for _, address := range index.Sitemaps[:min(len(index.Sitemaps), sitemapsRead)] {
		res, err := client.Get(ctx, fetch.Request{URL: address, For: fetch.ForFeed})
		if err == nil {
			var child news.Document
			err = compute(len(res.Body), func() (err error) {
				child, err = parse.Feed(res.Body, inputOf(res))
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
