package tag

import (
	"cmp"
	"slices"
	"strings"

	"clusterwire/feeds/news"
)

// subjectShare is how often a subject is named, of the most named.
const subjectShare = 0.6

// roles tells subjects from the merely mentioned. Whom the title names is a
// subject, unless it says after another name only whose chips that one buys, or
// for or from whom. Without a title, or where it names nobody, a subject is
// named at least subjectShare as often as the most named, and first or again, or
// together with the first.
func (t *Tagger) roles(s *scanned, all []*found) []news.Mention {
	most, titled, first := 0.0, false, len(s.title.raw)
	var opens *found // who is named first
	for _, c := range all {
		if opens == nil || inOrder(c.names[0], opens.names[0]) < 0 {
			opens = c
		}
		most = max(most, c.weight)
		titled = titled || c.nameInTitle
		if c.nameInTitle {
			first = min(first, c.names[0].lo)
		}
	}
	beside := s.besideOpener(all, opens)
	out := make([]news.Mention, 0, len(all))
	for _, c := range all {
		chips := t.companies[c.company].Kind == "chips"
		object := c.inTitle && c.names[0].lo > first && (chips && t.supplies(s, c.names[0]) || s.object(c.names[0]))
		role := news.RoleMentioned
		switch {
		case object:
		case c.nameInTitle, titled && c.weight >= most, c.inTitle && !chips,
			!titled && (beside[c] || c.weight >= most*subjectShare && (c == opens || len(c.names) > 1)):
			role = news.RoleSubject
		}
		m := news.Mention{Company: t.companies[c.company].Slug, Role: role, Rule: c.rule}
		for _, h := range c.names[:min(len(c.names), maxEvidence)] {
			m.Evidence = append(m.Evidence, s.evidence(h))
		}
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(a, b news.Mention) int { return cmp.Compare(roleOrder(a.Role), roleOrder(b.Role)) })
	return out
}

// joints stand between names that do one thing together.
var joints = strings.Fields(", and & und et e y en és och i 、 · ・ 와 과 と 和 与 및")

// besideOpener finds who is named together with who opens a text: "Coherent and
// Lumentum say".
func (s *scanned) besideOpener(all []*found, opens *found) map[*found]bool {
	beside := map[*found]bool{}
	if opens == nil {
		return beside
	}
	last := opens.names[0]
	for range all {
		next := slices.IndexFunc(all, func(c *found) bool { return !beside[c] && c != opens && s.joined(last, c.names[0]) })
		if next < 0 {
			break
		}
		beside[all[next]] = true
		last = all[next].names[0]
	}
	return beside
}

// joined reports whether a second name follows the first with nothing but a joint
// between them.
func (s *scanned) joined(a, b hit) bool {
	if a.title != b.title || b.lo < a.hi || b.lo-a.hi > 8 {
		return false
	}
	between := strings.Fields(string(s.part(a).low[a.hi:b.lo]))
	for _, word := range between {
		if !slices.Contains(joints, word) {
			return false
		}
	}
	return len(between) > 0
}

// objectWords stand before whom a title only says that something is for, from or
// with; articles may stand between.
const (
	objectWords = " for für per pour para voor d' all' di da do del von van chez off via through against without ohne sem sans from "
	articles    = " the a an la le les der die das den dem il lo i gli o os as el los las de het l' "
)

// behind are what follows whom a title in Japanese or Korean only says that
// something is for or of; ahead is what stands before them in Chinese.
var (
	behind = strings.Fields("向け の製 製 のTPU のGPU のチップ の半導体 不振 용")
	ahead  = strings.Fields("向 从 給 给")
)

// object reports whether a name in the title is of somebody, or whether such a
// word stands beside it.
func (s *scanned) object(name hit) bool {
	after := string(s.title.low[name.hi:])
	if slices.ContainsFunc(behind, func(w string) bool { return strings.HasPrefix(after, strings.ToLower(w)) }) {
		return true
	}
	before := strings.TrimSuffix(string(s.title.low[:name.lo]), " ")
	if slices.ContainsFunc(ahead, func(w string) bool { return strings.HasSuffix(before, w) }) {
		return true
	}
	word := lastWord(before)
	if strings.Contains(articles, " "+word+" ") && !strings.Contains(objectWords, " "+word+" ") {
		word = lastWord(strings.TrimSpace(before[:len(before)-len(word)]))
	}
	return word != "" && strings.Contains(objectWords, " "+word+" ")
}

func lastWord(text string) string { return text[strings.LastIndexByte(text, ' ')+1:] }

// supplies reports whether a name in the title only says whose chips are meant:
// a word of chips stands beside it ("Nvidia GPUs", "chips da Nvidia", "puces de
// Nvidia").
func (t *Tagger) supplies(s *scanned, name hit) bool {
	const beside = 5 // bytes of a blank and a preposition
	return slices.ContainsFunc(around(s.hits[useClass], name), func(h hit) bool {
		class := t.classes[h.owner].name
		return h.title && (class == "gpu" || class == "accelerator" || class == "chip") &&
			h.lo <= name.hi+1 && h.hi >= name.lo-beside
	})
}

func roleOrder(r news.Role) int {
	if r == news.RoleSubject {
		return 0
	}
	return 1
}
