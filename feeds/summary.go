package feeds

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"clusterwire/feeds/news"
)

// Summary counts what one pass did. Each feed that was due is in exactly one
// count of Feeds, and each item that was due in exactly one of Articles.
type Summary struct {
	Feeds struct {
		New       int `json:"new"`       // read, with something new in it
		Unchanged int `json:"unchanged"` // read or confirmed, nothing new
		Failed    int `json:"failed"`
	} `json:"feeds"`
	Items struct {
		New    int `json:"new"`
		Edited int `json:"edited"`
		Known  int `json:"known"`
		Merged int `json:"merged"`
	} `json:"items"`
	Articles struct {
		Stored     int `json:"stored"`
		Revised    int `json:"revised"`
		Duplicate  int `json:"duplicate"`
		Irrelevant int `json:"irrelevant"`
		Failed     int `json:"failed"` // to be tried again
	} `json:"articles"`
	Failures []Failure `json:"failures,omitempty"` // of feeds, ordered by address
}

// Failure is a feed that could not be read, and why.
type Failure struct {
	Source string `json:"source"`
	URL    string `json:"url"`
	Class  string `json:"class"`
	Error  string `json:"error"`
}

// Worth reports whether anything happened that is worth a line in a log.
func (s Summary) Worth() bool {
	return s.Feeds.New+s.Feeds.Failed+s.Articles.Stored+s.Articles.Revised+s.Articles.Irrelevant+s.Articles.Failed > 0
}

// Partial reports whether something failed that is to be tried again.
func (s Summary) Partial() bool { return s.Feeds.Failed+s.Articles.Failed > 0 }

// String is the summary in two lines, for a person.
func (s Summary) String() string {
	return fmt.Sprintf("feeds: %d new, %d unchanged, %d failed; items: %d new, %d edited, %d known; articles: %d stored, %d revised, %d duplicate, %d irrelevant, %d failed",
		s.Feeds.New, s.Feeds.Unchanged, s.Feeds.Failed, s.Items.New, s.Items.Edited, s.Items.Known+s.Items.Merged,
		s.Articles.Stored, s.Articles.Revised, s.Articles.Duplicate, s.Articles.Irrelevant, s.Articles.Failed)
}

// Causes counts failed feeds by class, most frequent first, as one line.
func (s Summary) Causes() string {
	count := map[string]int{}
	for _, f := range s.Failures {
		count[f.Class]++
	}
	classes := slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		if count[a] != count[b] {
			return count[b] - count[a]
		}
		return strings.Compare(a, b)
	})
	parts := make([]string, len(classes))
	for i, c := range classes {
		parts[i] = fmt.Sprintf("%s %d", c, count[c])
	}
	return strings.Join(parts, ", ")
}

// summary is a Summary that many goroutines add to.
type summary struct {
	mu sync.Mutex
	Summary
}

func newSummary() *summary { return &summary{} }

// copy is the Summary so far.
func (s *summary) copy() Summary {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.Summary
	out.Failures = slices.Clone(s.Failures)
	slices.SortFunc(out.Failures, func(a, b Failure) int { return strings.Compare(a.URL, b.URL) })
	return out
}

func (s *summary) polled(p news.Polled) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.New+p.Edited > 0 {
		s.Feeds.New++
	} else {
		s.Feeds.Unchanged++
	}
	s.Items.New += p.New
	s.Items.Edited += p.Edited
	s.Items.Known += p.Known
	s.Items.Merged += p.Merged
}

func (s *summary) feedFailed(f news.Feed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Feeds.Failed++
	s.Failures = append(s.Failures, Failure{Source: f.Source, URL: f.URL, Class: f.Attempt.Class, Error: f.Attempt.Error})
}

func (s *summary) itemFailed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Articles.Failed++
}

func (s *summary) opened(outcomes []news.Outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range outcomes {
		switch o {
		case news.Stored:
			s.Articles.Stored++
		case news.Revised:
			s.Articles.Revised++
		case news.Duplicate:
			s.Articles.Duplicate++
		case news.Irrelevant:
			s.Articles.Irrelevant++
		}
	}
}

// counter counts finished jobs for Progress.
type counter struct {
	mu          sync.Mutex
	done, total int
}

func (c *counter) grow(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total += n
}

func (c *counter) step(stage string) Progress {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done++
	return Progress{Stage: stage, Done: c.done, Total: c.total}
}
