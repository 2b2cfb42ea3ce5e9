package feeds

import (
	"testing"

	"clusterwire/feeds/news"
)

// TestGathered: groups are bounded in number and in bytes, and what has come
// is not kept waiting for what will not.
func TestGathered(t *testing.T) {
	for what, c := range map[string]struct {
		articles, bytes int  // that wait, each of so many bytes
		closed          bool // nothing will follow
		want            int
	}{
		"fewer than a group":             {3, 10, false, 3},
		"more than a group":              {group + 5, 10, false, group},
		"the last ones":                  {3, 10, true, 3},
		"one that is a group of its own": {3, groupBytes, false, 1},
		"large ones":                     {group, groupBytes / 4, false, 4},
	} {
		v := &saver{in: make(chan news.Opened, c.articles)}
		opened := news.Opened{Article: news.Article{Raw: make([]byte, c.bytes)}}
		for range c.articles - 1 {
			v.in <- opened
		}
		if c.closed {
			close(v.in)
		}
		if got := len(v.gathered(opened)); got != c.want {
			t.Errorf("%s: a group of %d, want %d", what, got, c.want)
		}
	}
}
