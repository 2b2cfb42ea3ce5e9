package claim

import (
	"strings"

	"clusterwire/feeds/news"
)

// isVendor reports whether a company makes accelerators that others buy: named
// beside a count it is usually their maker, not the cluster's owner.
func isVendor(slug string) bool {
	switch slug {
	case "nvidia", "amd", "intel", "supermicro", "dell", "hpe", "broadcom", "tsmc":
		return true
	}
	return false
}

// setOrg sets the organization of a claim and what it is to the cluster.
func (d *doc) setOrg(s *sentence, at span, c *news.Claim) {
	lo, hi := s.clause(at.from, at.to)
	org, role := d.nearestOrg(s, lo, hi, at)
	if cluster := d.reader.clusters[c.Cluster]; cluster != nil {
		switch {
		case cluster.Operator != "" && (org == "" || org == cluster.Operator || role == "" || role == news.OrgOperator):
			org, role = cluster.Operator, news.OrgOperator
		case org == "" && cluster.Owner != "":
			org, role = cluster.Owner, news.OrgOwner
		}
	}
	if org == "" {
		org, role = d.nearestOrg(s, 0, len(s.toks), at)
	}
	c.Org, c.OrgRole = org, role
}

// nearestOrg returns the company named in lo..hi last before at, else first
// after it, and its role by the word that stands with it. A maker of chips is
// taken only if no other is named and it is not named within the count.
func (d *doc) nearestOrg(s *sentence, lo, hi int, at span) (string, news.OrgRole) {
	if len(s.toks) == 0 {
		return "", ""
	}
	from, to := s.toks[at.from].start, s.toks[at.to-1].end
	best := named{start: -1}
	for _, m := range d.mentionsIn(s, lo, hi) {
		within := m.start >= from && m.end <= to
		if within || isVendor(m.slug) {
			continue
		}
		if m.start < from || best.start < 0 {
			best = m
		}
	}
	if best.start < 0 {
		return "", ""
	}
	return best.slug, s.roleOf(best, lo, hi)
}

// roleOf returns the role that the words close after, else before, a company's
// name give it.
func (s *sentence) roleOf(m named, lo, hi int) news.OrgRole {
	i := lo
	for i < hi && s.toks[i].start < m.end {
		i++
	}
	if h, ok := s.firstIn(i, min(hi, i+8), "role", ""); ok {
		return news.OrgRole(h.value)
	}
	if h, ok := s.firstIn(max(lo, i-6), i, "role", ""); ok {
		return news.OrgRole(h.value)
	}
	return ""
}

// setSpeaker names who says so, as the sentence writes it: "Elon Musk said",
// "according to Entergy".
func (d *doc) setSpeaker(s *sentence, c *news.Claim) {
	for i := range s.hits {
		h := s.hits[i]
		if h.kind != "say" {
			continue
		}
		if name := s.nameBefore(h.from); name != "" {
			c.Speaker = name
			return
		}
		if name := s.nameAfter(h.to); name != "" {
			c.Speaker = name
			return
		}
	}
}

// maxName is how many words a speaker's name may have.
const maxName = 4

// nameBefore returns the run of capitalized words that ends before token i.
func (s *sentence) nameBefore(i int) string {
	if i > 0 && s.toks[i-1].kind == glyph {
		return s.glyphName(i)
	}
	for i > 0 && s.has(i-1, "aux") {
		i--
	}
	from := i
	for from > 0 && i-from < maxName && s.isNameWord(from-1) {
		from--
	}
	return s.name(from, i)
}

// nameAfter returns the run of capitalized words that begins at token i.
func (s *sentence) nameAfter(i int) string {
	to := i
	for to < len(s.toks) && to-i < maxName && s.isNameWord(to) {
		to++
	}
	return s.name(i, to)
}

func (s *sentence) isNameWord(i int) bool {
	t := &s.toks[i]
	return t.kind == word && t.upper && len(s.reader.function[t.text]) == 0 && !s.has(i, "nameless") && !s.has(i, "month")
}

// name returns the text of tokens from..to, "" if there are none or they are
// no person's or company's name.
func (s *sentence) name(from, to int) string {
	if from >= to {
		return ""
	}
	return strings.TrimSpace(s.body[s.toks[from].start:s.toks[to-1].end])
}

// glyphName returns the name before a verb of saying in Chinese, Japanese or
// Korean: the characters back to a mark, if they are few enough for a name.
func (s *sentence) glyphName(i int) string {
	if s.has(i-1, "particle") {
		i--
	}
	from := i
	for from > 0 && s.toks[from-1].kind == glyph {
		from--
	}
	if n := i - from; n < 2 || n > 6 || s.any(from, i, "nameless") {
		return ""
	}
	return s.name(from, i)
}

// signTweets gives the claims of a quoted post the speaker and date of its
// signature: "— Elon Musk (@elonmusk) September 2, 2024".
func (d *doc) signTweets() {
	for i, s := range d.sentences {
		name, date, ok := s.signature()
		if !ok {
			continue
		}
		first, last := d.postBefore(i)
		for n := range d.claims {
			c := &d.claims[n]
			if c.Start >= first && c.End <= last {
				c.Speaker = name
				if date != "" {
					c.Date = date
				}
			}
		}
	}
}

// maxPost bounds a quoted post, in bytes.
const maxPost = 700

// postBefore returns the bytes of the post that sentence i signs: the
// sentences before it in the same language up to a blank line.
func (d *doc) postBefore(i int) (first, last int) {
	last = d.sentences[i].toks[0].start
	first = last
	lang := ""
	for n := i - 1; n >= 0; n-- {
		s := d.sentences[n]
		start, end := s.toks[0].start, s.toks[len(s.toks)-1].end
		if last-start > maxPost || strings.Count(d.body[end:first], "\n") > 1 || strings.Contains(d.body[start:end], "\n\n") {
			break
		}
		if len(s.toks) > 4 {
			if lang != "" && s.lang != lang {
				break
			}
			lang = s.lang
		}
		first = start
	}
	return first, last
}

// signature reads a sentence as the signature of a post.
func (s *sentence) signature() (name, date string, ok bool) {
	if t := s.text(0); t != "—" && t != "–" && t != "-" || len(s.toks) < 5 {
		return "", "", false
	}
	to := 1
	for to < len(s.toks) && s.toks[to].kind == word && to < 6 {
		to++
	}
	if s.text(to) != "(" || s.text(to+1) != "@" {
		return "", "", false
	}
	for i := to + 2; i < len(s.toks); i++ {
		if d, _, found := s.date(i); found && len(d) == len("2006-01-02") {
			return s.name(1, to), d, true
		}
	}
	return s.name(1, to), "", true
}
