package web

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// replyCache keeps finished pages, and their compressed forms, for as long as
// the archive does not change.
type replyCache struct {
	mu      sync.Mutex
	changed time.Time
	pages   map[string]reply
}

// codedBodies are the compressed forms of one body, made when first asked for.
type codedBodies struct {
	mu sync.Mutex
	by map[string][]byte // by content coding
}

// mostCached bounds the cache. Keys hold the site's address, which a client
// can vary where none is configured.
const mostCached = 64

func newReplyCache() *replyCache { return &replyCache{pages: map[string]reply{}} }

// cached answers from memory where nothing has changed since. Only requests
// without parameters are kept.
func (s *site) cached(h handler) handler {
	return func(r *http.Request) (reply, error) {
		if r.URL.RawQuery != "" {
			return h(r)
		}
		changed, err := s.store.Changed(r.Context())
		if err != nil {
			return reply{}, err
		}
		key := s.cacheKey(r)
		if rep, found := s.cache.get(key, changed); found {
			return rep, nil
		}
		rep, err := h(r)
		if err == nil && rep.cacheControl == "" {
			key = s.cacheKey(r)
			rep.tag, rep.coded = tagOf(rep.body), &codedBodies{}
			s.cache.put(key, changed, rep)
		}
		return rep, err
	}
}

// cacheKey names what a page is made of besides the archive: its address, the
// format, the figures shown and the day.
func (s *site) cacheKey(r *http.Request) string {
	return strings.Join([]string{s.base(r) + r.URL.Path, formatOf(r).suffix, s.ledger.as().Format(time.RFC3339Nano), s.now().UTC().Format(time.DateOnly)}, " ")
}

func (c *replyCache) get(key string, changed time.Time) (reply, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.changed.Equal(changed) {
		return reply{}, false
	}
	rep, found := c.pages[key]
	return rep, found
}

func (c *replyCache) put(key string, changed time.Time, rep reply) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.changed.Equal(changed) || len(c.pages) >= mostCached {
		clear(c.pages)
		c.changed = changed
	}
	c.pages[key] = rep
}

// encoded gives the compressed form of a reply's body, from memory where the
// reply is a kept one.
func (s *site) encoded(rep reply, coding string) []byte {
	if rep.coded == nil {
		return s.encoders.encode(coding, rep.body)
	}
	rep.coded.mu.Lock()
	defer rep.coded.mu.Unlock()
	if rep.coded.by == nil {
		rep.coded.by = map[string][]byte{}
	}
	if _, made := rep.coded.by[coding]; !made {
		rep.coded.by[coding] = s.encoders.encode(coding, rep.body)
	}
	return rep.coded.by[coding]
}
