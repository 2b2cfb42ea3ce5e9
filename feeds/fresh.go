package feeds

import (
	"sync"

	"clusterwire/feeds/news"
)

// mostFresh is how many articles' features are kept, a thousand bytes each. When
// there are more, all are let go.
const mostFresh = 4000

// fresh keeps the features of articles that were just stored until their stories
// are found, so that their texts need not be read and compared word by word
// again. What it lacks is computed from the store. Its zero value is empty.
type fresh struct {
	mu       sync.Mutex
	features map[int64][]byte // by article; of its first revision
}

// put keeps the features of those articles that were stored for the first time.
func (f *fresh) put(opened []news.Opened, outcomes []news.Outcome) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.features == nil || len(f.features) > mostFresh {
		f.features = map[int64][]byte{}
	}
	for i, o := range opened {
		if outcomes[i] == news.Stored && o.Features != nil {
			f.features[o.Article.ID] = o.Features
		}
	}
}

// take gives up the features of an article; nil if there are none of its
// present revision.
func (f *fresh) take(u news.Unplaced) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	packed := f.features[u.Article]
	delete(f.features, u.Article)
	if u.Revision > 1 {
		return nil
	}
	return packed
}
