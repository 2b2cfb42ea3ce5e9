package feeds

import (
	"clusterwire/feeds/clean"
	"clusterwire/feeds/news"
	matching "clusterwire/feeds/story"
)

// StoryView is where an article belongs among others, in the shape that
// `clusterwire inspect stories` prints.
type StoryView struct {
	Story  int     `json:"story"` // from 1, in the order in which their first articles were given
	Reason string  `json:"reason"`
	Score  float64 `json:"score"`
}

// InspectStories finds the stories of many articles at once. The order in
// which they are given numbers the stories, and changes nothing else.
func (r *Reader) InspectStories(texts []news.Text) []StoryView {
	features := make([]matching.Features, len(texts))
	for i, t := range texts {
		t.URL = clean.Canonical(t.URL)
		features[i] = r.stories.Featurize(t, r.Read(t))
	}
	numbers := map[int]int{}
	views := make([]StoryView, len(texts))
	for i, g := range r.stories.Group(features) {
		if _, known := numbers[g.Story]; !known {
			numbers[g.Story] = len(numbers) + 1
		}
		views[i] = StoryView{Story: numbers[g.Story], Reason: g.Reason, Score: g.Score}
	}
	return views
}
