package claim

import (
	"slices"
	"strings"

	"clusterwire/feeds/news"
)

// heads reports whether a sentence is part of a headline over a text that begins with
// a site.
func (d *doc) heads(s *sentence) bool {
	last := d.afterHeadline()
	if s.index >= last || s.any(0, len(s.toks), "ledger") || !slices.ContainsFunc(d.placesOf(last), func(p placeHit) bool { return !p.country }) {
		return false
	}
	for i := s.index + 1; i <= last; i++ {
		if next := d.sentences[i]; d.infrastructure(next) && (isGlyphLanguage(s.lang) || !next.onlySeveral()) {
			return true
		}
	}
	return false
}

// placesOf lists the places that the sentences before the one at last name.
func (d *doc) placesOf(last int) (found []placeHit) {
	for _, s := range d.sentences[:last] {
		found = append(found, s.placesAnywhere()...)
	}
	return found
}

// longestHeadline is how many sentences a headline has at most.
const longestHeadline = 2

// afterHeadline returns the first sentence after the headline that a text begins
// with, 0 if it begins with none.
func (d *doc) afterHeadline() int {
	for i := 1; i <= longestHeadline && i < len(d.sentences); i++ {
		if d.begins(i) {
			if last := d.body[d.sentences[i-1].firstWord():d.sentences[i-1].lastWord()]; strings.HasSuffix(last, ".") || strings.HasSuffix(last, "。") {
				return 0 // a paragraph
			}
			return i
		}
	}
	return 0
}

// headlined returns the companies that the headline over a sentence names.
func (d *doc) headlined(s *sentence) []named {
	var found []named
	for _, h := range d.sentences[:min(s.index, d.afterHeadline())] {
		found = append(found, d.mentionsIn(h, 0, len(h.toks))...)
	}
	return found
}

// headsBuilding reports whether the headline says that something is being built.
func (d *doc) headsBuilding() bool {
	return slices.ContainsFunc(d.sentences[:d.afterHeadline()], func(s *sentence) bool {
		_, ok := s.firstIn(0, len(s.toks), "mod", string(news.UnderConstruction))
		return ok
	})
}

// saidOnce returns the claims of a text without those of its headline that what
// follows makes as well.
func (d *doc) saidOnce() []news.Claim {
	body := d.afterHeadline()
	if body == 0 {
		return d.claims
	}
	from := d.sentences[body].toks[0].start
	return slices.DeleteFunc(slices.Clone(d.claims), func(c news.Claim) bool {
		return c.End <= from && c.Metric != news.MetricLocation && slices.ContainsFunc(d.claims, func(o news.Claim) bool {
			return o.Start >= from && sameFigure(c, o) && (o.Cluster == c.Cluster || o.Modality == c.Modality)
		})
	})
}

// underTitle parts a title from its body where both are read as one text.
const underTitle = "\n\n"

// wholeOf returns a title and its body as one text: a headline says what the body
// goes on about. What the two say of clusters holds for it.
func (r *Reader) wholeOf(t news.Text, mentions []news.Mention, body, title *doc) *doc {
	moved := make([]news.Mention, len(mentions))
	for i, m := range mentions {
		m.Evidence = slices.Clone(m.Evidence)
		for j := range m.Evidence {
			e := &m.Evidence[j]
			if e.In == "" {
				e.Start, e.End = e.Start+len(t.Title+underTitle), e.End+len(t.Title+underTitle)
			} else if e.In == news.InTitle {
				e.In = ""
			}
		}
		moved[i] = m
	}
	d := r.newDoc(t, t.Title+underTitle+t.Body, "", moved)
	d.strong = body.strong
	d.findClusters(title)
	d.titled, d.about, d.main, d.topic = body.titled, body.about, body.main, body.topic
	return d
}

// apart gives the claims of a title and its body, read as one text, the offsets that
// they have in either. One of the title is kept only if the body doesn't make it.
func apart(claims []news.Claim, title string) []news.Claim {
	if title == "" {
		return claims
	}
	var kept, heads []news.Claim
	for _, c := range claims {
		if c.Start < len(title) {
			c.In = news.InTitle
			heads = append(heads, c)
			continue
		}
		c.Start, c.End = c.Start-len(title+underTitle), c.End-len(title+underTitle)
		kept = append(kept, c)
	}
	for _, c := range heads {
		if !slices.ContainsFunc(kept, func(o news.Claim) bool { return sameFigure(c, o) }) {
			kept = append(kept, c)
		}
	}
	return kept
}
