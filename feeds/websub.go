package feeds

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/hex"
	"hash"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"clusterwire/feeds/fetch"
	"clusterwire/feeds/news"
)

// WebSub: a hub tells us when a feed has changed, so that it need not be asked
// so often. Source: W3C Recommendation of 23 January 2018.
//
// What a hub pushes is a ping and no more: the feed is then asked as ever, so
// nothing enters by this door that would not enter by the other.

// Times of a subscription.
const (
	leaseAsked = 10 * 24 * time.Hour
	leaseMost  = 90 * 24 * time.Hour
	hubRetry   = 24 * time.Hour // between two requests that the hub did not confirm
	pingGap    = time.Minute    // least time between two polls of a feed for pings
	hubReload  = time.Minute    // least time between two looks into the store for a callback
)

// pushedMost is the longest pushed body whose signature is checked.
const pushedMost = 8 << 20

// hubs knows the subscriptions of this process. Callbacks change them here
// alone; the next poll of a feed stores what has come of its own.
type hubs struct {
	base  string // of callbacks, e.g. "https://wire.example/websub/"; "" if there are none
	store Store
	clock func() time.Time
	wake  chan struct{} // a feed was pinged

	mu       sync.Mutex
	feeds    map[string]int64    // feed by callback
	states   map[int64]news.Hub  // changed since the feed was read from the store
	leaving  map[string]news.Hub // by callback: to be confirmed when the hub asks
	pinged   map[int64]bool
	reloaded time.Time
}

// newHubs makes the subscriptions of a site at a public address, "" for none.
func newHubs(public string, store Store, clock func() time.Time) *hubs {
	h := &hubs{store: store, clock: clock, wake: make(chan struct{}, 1), feeds: map[string]int64{},
		states: map[int64]news.Hub{}, leaving: map[string]news.Hub{}, pinged: map[int64]bool{}}
	if public != "" {
		h.base = strings.TrimSuffix(public, "/") + HubPath
	}
	return h
}

// HubPath is where HubHandler is to be mounted.
const HubPath = "/websub/"

// current gives a feed with its subscription as it stands now.
func (h *hubs) current(f news.Feed) news.Feed {
	h.mu.Lock()
	defer h.mu.Unlock()
	if hub, ok := h.states[f.ID]; ok && hub.Callback == f.Hub.Callback {
		f.Hub = hub
	}
	return f
}

// plan gives a feed the subscription that it should have, and whether the hub
// must be asked for it. hub and topic are what the feed says of itself, empty
// if it was unchanged.
func (h *hubs) plan(f news.Feed, hub, topic string, now time.Time) (news.Feed, bool) {
	if h.base == "" || f.State == news.FeedGone || hub == "" && f.Hub.URL == "" {
		return f, false
	}
	if hub != "" {
		topic = cmp.Or(topic, f.URL)
	}
	changed := hub != "" && (hub != f.Hub.URL || topic != f.Hub.Topic)
	if elsewhere := !strings.HasPrefix(f.Hub.Callback, h.base); changed || elsewhere {
		f.Hub = news.Hub{URL: cmp.Or(hub, f.Hub.URL), Topic: cmp.Or(topic, f.Hub.Topic), Callback: h.base + rand.Text(), Secret: rand.Text()}
	}
	if now.Before(f.Hub.Renew) {
		return f, false
	}
	f.Hub.Renew = now.Add(hubRetry)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.feeds[f.Hub.Callback], h.states[f.ID] = f.ID, f.Hub
	return f, true
}

// ask sends a hub a request for a subscription, or for its end.
func (h *hubs) ask(ctx context.Context, client *fetch.Client, hub news.Hub, mode string) error {
	form := url.Values{"hub.mode": {mode}, "hub.topic": {hub.Topic}, "hub.callback": {hub.Callback}}
	if mode == "subscribe" {
		form.Set("hub.secret", hub.Secret)
		form.Set("hub.lease_seconds", strconv.Itoa(int(leaseAsked/time.Second)))
	} else {
		h.mu.Lock()
		h.leaving[hub.Callback] = hub
		delete(h.feeds, hub.Callback)
		h.mu.Unlock()
	}
	_, err := client.Post(ctx, hub.URL, form)
	return err
}

// find gives the feed and the subscription of a callback.
func (h *hubs) find(ctx context.Context, callback string) (int64, news.Hub, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, known := h.feeds[callback]; !known && h.clock().Sub(h.reloaded) >= hubReload {
		h.reloaded = h.clock()
		sources, err := h.store.Sources(ctx)
		if err != nil {
			return 0, news.Hub{}, false
		}
		for _, s := range sources {
			for _, f := range s.Feeds {
				if _, newer := h.states[f.ID]; !newer && f.Hub.Callback != "" {
					h.feeds[f.Hub.Callback], h.states[f.ID] = f.ID, f.Hub
				}
			}
		}
	}
	id, ok := h.feeds[callback]
	return id, h.states[id], ok
}

// ping marks a feed to be polled soon.
func (h *hubs) ping(id int64) {
	h.mu.Lock()
	h.pinged[id] = true
	h.mu.Unlock()
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// takePinged gives the feeds that were pinged and not asked for a while. The
// others stay marked.
func (h *hubs) takePinged(ctx context.Context) ([]news.Feed, error) {
	h.mu.Lock()
	none := len(h.pinged) == 0
	h.mu.Unlock()
	if none {
		return nil, nil
	}
	sources, err := h.store.Sources(ctx)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	var due []news.Feed
	for _, s := range sources {
		for _, f := range s.Feeds {
			if h.pinged[f.ID] && f.State != news.FeedGone && h.clock().Sub(f.Checked) >= pingGap {
				delete(h.pinged, f.ID)
				due = append(due, f)
			}
		}
	}
	return due, nil
}

// ServeHTTP answers hubs at HubPath: it confirms what we asked for and takes
// pings. Everything else is not found.
func (h *hubs) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	callback := h.base + strings.TrimPrefix(r.URL.Path, HubPath)
	switch r.Method {
	case http.MethodGet:
		h.confirm(w, r, callback)
	case http.MethodPost:
		h.receive(w, r, callback)
	default:
		w.Header().Set("Allow", "GET, POST")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	}
}

// confirm answers a hub that verifies our intent.
func (h *hubs) confirm(w http.ResponseWriter, r *http.Request, callback string) {
	q := r.URL.Query()
	mode, topic, challenge := q.Get("hub.mode"), q.Get("hub.topic"), q.Get("hub.challenge")
	id, hub, ok := h.find(r.Context(), callback)
	h.mu.Lock()
	defer h.mu.Unlock()
	left, leaving := h.leaving[callback]
	switch {
	case mode == "subscribe" && ok && topic == hub.Topic && challenge != "":
		lease := leaseOf(q.Get("hub.lease_seconds"))
		now := h.clock()
		hub.Expires, hub.Renew = now.Add(lease), now.Add(lease*8/10)
		h.states[id] = hub
	case mode == "unsubscribe" && leaving && topic == left.Topic && challenge != "":
		delete(h.leaving, callback)
	case mode == "denied" && ok && topic == hub.Topic:
		hub.Expires, hub.Renew = time.Time{}, h.clock().Add(hubRetry)
		h.states[id] = hub
		challenge = ""
	default:
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, challenge) // the hub asks again if it did not get it
}

// leaseOf reads the time that a hub grants.
func leaseOf(seconds string) time.Duration {
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || n <= 0 {
		return leaseAsked
	}
	return min(time.Duration(min(n, int64(leaseMost/time.Second)))*time.Second, leaseMost)
}

// receive takes a ping. One with a wrong signature is answered as a good one
// is, so that nobody learns by trying, and has no effect.
func (h *hubs) receive(w http.ResponseWriter, r *http.Request, callback string) {
	id, hub, ok := h.find(r.Context(), callback)
	if !ok {
		http.Error(w, "no such subscription", http.StatusGone)
		return
	}
	if signed(r.Header.Get("X-Hub-Signature"), hub.Secret, http.MaxBytesReader(w, r.Body, pushedMost)) {
		h.ping(id)
	}
	w.WriteHeader(http.StatusAccepted)
}

// signed reports whether a body was signed with our secret, "method=hex".
// SHA-1 is accepted, since old hubs know no other; its HMAC is not broken.
func signed(header, secret string, body io.Reader) bool {
	method, signature, _ := strings.Cut(header, "=")
	methods := map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}
	given, err := hex.DecodeString(signature)
	if methods[method] == nil || err != nil || secret == "" {
		return false
	}
	mac := hmac.New(methods[method], []byte(secret))
	if _, err := io.Copy(mac, body); err != nil {
		return false
	}
	return subtle.ConstantTimeCompare(mac.Sum(nil), given) == 1
}

// subscribe carries out what plan concluded, once the feed is stored: it leaves
// a hub that is no longer the feed's, and asks the new one. What a hub answers
// is no concern of the poll: without it the feed is asked as often as before.
func (l *Line) subscribe(ctx context.Context, before, after news.Feed, ask bool) {
	left := before.Hub.Callback != "" && (after.State == news.FeedGone || after.Hub.Callback != before.Hub.Callback)
	if left {
		if err := l.hubs.ask(ctx, l.fetch, before.Hub, "unsubscribe"); err != nil {
			l.log.Debug("hub not left", "hub", before.Hub.URL, "error", err)
		}
	}
	if ask {
		if err := l.hubs.ask(ctx, l.fetch, after.Hub, "subscribe"); err != nil {
			l.log.Debug("hub not asked", "hub", after.Hub.URL, "error", err)
		}
	}
}

// Unsubscribe tells the hubs of feeds that are no longer followed. It is called
// before a source is removed.
func (l *Line) Unsubscribe(ctx context.Context, feeds []news.Feed) {
	for _, f := range feeds {
		l.subscribe(ctx, l.hubs.current(f), news.Feed{State: news.FeedGone}, false)
	}
}

// HubHandler answers WebSub hubs. It is mounted at HubPath where the site has a
// public address, and asks nobody anything by itself.
func (l *Line) HubHandler() http.Handler { return l.hubs }
