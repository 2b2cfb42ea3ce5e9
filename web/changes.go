package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"clusterwire/feeds/news"
)

// changesJSON is one page of what changed. Next is always there: whoever asks
// with it again later gets what changed meanwhile.
type changesJSON struct {
	Items []changeJSON `json:"items"`
	Next  string       `json:"next"`
	More  bool         `json:"more"`
}

// changeJSON is one article as it is now; null if it is no longer shown.
type changeJSON struct {
	ID      string       `json:"id"`
	Article *articleJSON `json:"article"`
}

// changesParams are the parameters of /changes and /stream.
func changesParams() []param {
	return []param{
		{Name: "cursor", Doc: "Where the last answer ended: its next, unchanged; or \"now\", to begin behind all that was written so far. Absent: the beginning."},
		{Name: "limit", Doc: "How many items, 1 to 200.", Example: "20", Type: "integer"},
	}
}

// changesSeal is what cursors of changes are signed with, in place of a query.
func changesSeal() news.Query { return news.Query{Order: "changes"} }

// changesFrom opens a cursor of changes.
func (s *site) changesFrom(r *http.Request, cursor string) (string, error) {
	if cursor == "now" {
		return s.store.LastChange(r.Context())
	}
	return s.sealer.open(cursor, changesSeal())
}

// changesAt reads a page of changes.
func (s *site) changesAt(r *http.Request, from string, limit int) (news.Changes, changesJSON, error) {
	page, err := s.store.Changes(r.Context(), from, limit)
	if err != nil {
		return page, changesJSON{}, err
	}
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return page, changesJSON{}, err
	}
	out := changesJSON{Items: []changeJSON{}, Next: s.sealer.seal(page.Next, changesSeal()), More: page.More}
	for _, c := range page.Items {
		item := changeJSON{ID: strconv.FormatInt(c.ID, 10)}
		if !c.Hidden {
			a := st.articleJSON(c.Hit, s.base(r))
			item.Article = &a
		}
		out.Items = append(out.Items, item)
	}
	return page, out, nil
}

// apiChanges answers /changes.
func (s *site) apiChanges(r *http.Request) (reply, error) {
	values := r.URL.Query()
	q, err := decodeQuery(url.Values{"limit": values["limit"]})
	if err != nil {
		return reply{}, err
	}
	from, err := s.changesFrom(r, values.Get("cursor"))
	if err != nil {
		return reply{}, err
	}
	_, out, err := s.changesAt(r, from, q.Limit)
	if err != nil {
		return reply{}, err
	}
	rep, err := s.jsonReply(out, nil)
	rep.cacheControl = "no-cache" // the same address answers otherwise after the next write
	return rep, err
}

const (
	glance    = time.Second      // how often a stream looks for changes
	heartbeat = 15 * time.Second // how often it says that it is still there
)

// apiStream answers /stream: server-sent events (HTML, section 9.2), one for
// each change. The id of an event is the cursor behind it; a browser gives the
// last one back as Last-Event-ID when it connects again.
func (s *site) apiStream(r *http.Request) (reply, error) {
	cursor := r.Header.Get("Last-Event-ID")
	if cursor == "" {
		cursor = r.URL.Query().Get("cursor")
	}
	if cursor == "" {
		cursor = "now"
	}
	from, err := s.changesFrom(r, cursor)
	if err != nil {
		return reply{}, err
	}
	leave, err := s.limiter.enter(r)
	if err != nil {
		return reply{}, err
	}
	return reply{contentType: "text/event-stream", cacheControl: "no-store", done: leave,
		stream: func(out *outlet) error { return s.follow(r, out, from) }}, nil
}

// follow writes changes until the client has gone, the site closes, or the
// time of a stream is over; the client then connects again. An event without
// data says where the stream begins, so that who connects again before the
// first change loses none.
func (s *site) follow(r *http.Request, out *outlet, from string) error {
	look, beat := time.NewTicker(glance), time.NewTicker(heartbeat)
	defer look.Stop()
	defer beat.Stop()
	if _, err := fmt.Fprintf(out, "retry: 3000\nid: %s\n\n", s.sealer.seal(from, changesSeal())); err != nil {
		return err
	}
	for {
		for {
			page, wire, err := s.changesAt(r, from, greatestPage)
			if r.Context().Err() != nil {
				return nil
			}
			if err != nil {
				return err
			}
			if err := s.sendChanges(out, page, wire); err != nil {
				return err
			}
			if from = page.Next; !page.More {
				break
			}
		}
		select {
		case <-look.C:
		case <-beat.C:
			if _, err := fmt.Fprint(out, ": still here\n\n"); err != nil {
				return err
			}
			if err := out.Flush(); err != nil {
				return err
			}
		case <-r.Context().Done():
			return nil
		case <-s.closing:
			return nil
		}
	}
}

// sendChanges writes each change as one event. Only the last of a page has an
// id: a cursor stands behind whole pages alone.
func (s *site) sendChanges(out *outlet, page news.Changes, wire changesJSON) error {
	for i, c := range wire.Items {
		body, err := json.Marshal(c)
		if err != nil {
			return err
		}
		if i == len(wire.Items)-1 {
			if _, err := fmt.Fprintf(out, "id: %s\n", wire.Next); err != nil {
				return err
			}
		}
		if _, err := fmt.Fprintf(out, "event: change\ndata: %s\n\n", body); err != nil {
			return err
		}
	}
	return out.Flush()
}
