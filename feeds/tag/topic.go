package tag

import "clusterwire/feeds/news"

// A topic needs topicPoints. A telling word ("+" in the data) gives all of
// them, and so does any word in a title or a short text. In a longer one a
// plain word is passing talk, unless several different ones come together;
// and a text beyond one article's length must say it again for each such
// length.
const (
	topicPoints = 4
	longText    = 700  // bytes of body
	articleText = 3000 // bytes of body: about 400 words of English
)

// topics tags what the words of the topics add up to.
func (t *Tagger) topics(s *scanned) []news.TopicTag {
	all := news.Topics()
	points := make([]int, len(all))
	hits := make([][]*hit, len(all))
	said := map[*pattern]bool{}
	need := max(topicPoints, topicPoints*len(s.Body)/articleText)
	for i := range s.hits[useTopic] {
		h := &s.hits[useTopic][i]
		if repeated(hits[h.owner], h) {
			continue
		}
		hits[h.owner] = append(hits[h.owner], h)
		switch {
		case h.title:
			points[h.owner] += need
		case h.strength == certain, len(s.Body) < longText:
			points[h.owner] += topicPoints
		case !said[h.pattern]:
			points[h.owner]++
		}
		said[h.pattern] = true
	}
	var out []news.TopicTag
	for i, topic := range all {
		if points[i] < need {
			continue
		}
		tag := news.TopicTag{Topic: topic}
		for _, h := range hits[i][:min(len(hits[i]), maxEvidence)] {
			tag.Evidence = append(tag.Evidence, s.evidence(*h))
		}
		out = append(out, tag)
	}
	return out
}

// repeated reports whether h lies over a hit that was counted: "power grid"
// and "grid" are one word of the text. Hits come in order, so only the last
// few can overlap.
func repeated(counted []*hit, h *hit) bool {
	for i := len(counted) - 1; i >= 0 && i >= len(counted)-8; i-- {
		if overlap(*counted[i], *h) {
			return true
		}
	}
	return false
}
