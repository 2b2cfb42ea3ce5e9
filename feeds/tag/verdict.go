package tag

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"clusterwire/feeds/news"
)

// Words count in full in the title and at the beginning of the text, where
// news says what it is about, and little further down: the less the longer
// the text, which in the end has every word in it.
const (
	leadBytes  = 500
	leadShare  = 0.8
	deepShare  = 0.25
	classCap   = 1.5 // at most this of each class
	againstCap = 2.5 // and this of one that speaks against: a review says so in many words
	reasonSize = 3   // classes named in a reason
	fleetSize  = 500 // accelerators that are more than a laboratory's
	countReach = 24  // bytes between a count and what it counts
)

// verdict weighs the classes of words that stand in the text. The score is
// the logistic function of the sum, so 0.5 is where the sum is zero.
func (t *Tagger) verdict(s *scanned, mentions []news.Mention) news.Verdict {
	amount, word := t.amounts(s, mentions)
	type part struct {
		points float64
		text   string
	}
	var parts []part
	sum := t.bias.points
	for i, c := range t.classes {
		if amount[i] > 0 && c.weight.points != 0 {
			parts = append(parts, part{c.weight.points * amount[i], fmt.Sprintf("%s %q", c.name, word[i])})
		}
	}
	for _, p := range t.pairs {
		if both := min(amount[p.a], amount[p.b]); both > 0 {
			text := fmt.Sprintf("%s with %s", t.classes[p.a].name, t.classes[p.b].name)
			parts = append(parts, part{p.weight.points * min(both, 1), text})
		}
	}
	for _, p := range parts {
		sum += p.points
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(math.Abs(b.points), math.Abs(a.points)) })
	var reasons []string
	for _, p := range parts[:min(len(parts), reasonSize)] {
		reasons = append(reasons, fmt.Sprintf("%s %+.1f", p.text, p.points))
	}
	if reasons == nil {
		reasons = []string{"no word of AI infrastructure"}
	}
	score := math.Round(1000/(1+math.Exp(-sum))) / 1000
	return news.Verdict{Relevant: score >= 0.5, Score: score, Reason: strings.Join(reasons, ", ")}
}

// patternOf is a word of a class; a word may be of several.
type patternOf struct {
	class int
	low   string
}

// accelerators are the classes whose words may be counted.
var accelerators = []string{"gpu", "accelerator", "card", "processor"}

// amounts says how much of each class a text has, and its first word of each.
func (t *Tagger) amounts(s *scanned, mentions []news.Mention) ([]float64, []string) {
	amount := make([]float64, len(t.classes))
	word := make([]string, len(t.classes))
	counted := make([][]*hit, len(t.classes))
	said := map[patternOf]int{}
	fleet := t.class("fleet")
	for i := range s.hits[useClass] {
		h := &s.hits[useClass][i]
		if repeated(counted[h.owner], h) {
			continue
		}
		share := s.share(*h) / float64(int(1)<<min(said[patternOf{h.owner, h.low}], 16)) // said again counts half
		said[patternOf{h.owner, h.low}]++
		counted[h.owner] = append(counted[h.owner], h)
		name := t.classes[h.owner].name
		n, counted := "", false
		if slices.Contains(accelerators, name) {
			if n, counted = s.part(*h).countBefore(h.lo); !counted {
				n, counted = s.part(*h).countAfter(h.hi)
			}
		}
		if counted && fleet >= 0 {
			t.count(amount, word, fleet, share, n)
		}
		if !counted || name != "card" { // who counts cards in hundreds does not play
			t.count(amount, word, h.owner, share, string(s.part(*h).raw[h.lo:h.hi]))
		}
	}
	for i, c := range t.classes {
		for _, m := range mentions {
			if slices.Contains(c.companies, m.Company) || slices.Contains(c.kinds, t.kinds[m.Company]) {
				e := m.Evidence[0]
				share := s.share(hit{title: e.In == news.InTitle, start: e.Start})
				t.count(amount, word, i, share, e.Quote)
			}
		}
	}
	return amount, word
}

func (t *Tagger) count(amount []float64, word []string, class int, share float64, text string) {
	limit := classCap
	if t.classes[class].weight.expected < 0 {
		limit = againstCap
	}
	amount[class] = min(amount[class]+share, limit)
	word[class] = cmp.Or(word[class], text)
}

func (s *scanned) share(h hit) float64 {
	switch {
	case h.title, s.Title == "" && h.start < leadBytes/3:
		return 1
	case h.start < leadBytes:
		return leadShare
	}
	return deepShare * min(1, articleText/float64(len(s.Body)))
}

// countBefore finds a number of fleetSize or more that ends within countReach
// bytes before byte i: "100,000 Nvidia GPUs", "200k GPUs". What follows RTX or
// GTX is a model, what looks like a year is one, and 4K is a screen.
func (f *folded) countBefore(i int) (string, bool) {
	from := max(0, i-countReach)
	before := string(f.low[from:i])
	end := strings.LastIndexAny(before, "0123456789") + 1
	start := end
	for start > 0 && strings.IndexByte("0123456789.,", before[start-1]) >= 0 {
		start--
	}
	name, rest := strings.TrimRight(before[:start], " "), before[end:]
	if start == end || strings.ContainsAny(rest, ".!?:;$()") || strings.HasSuffix(name, "tx") || strings.HasSuffix(name, "rx") ||
		name == before[:start] && name != "" && classOf(rune(name[len(name)-1])) == letters && name[len(name)-1] < 0x80 {
		return "", false
	}
	number, err := strconv.ParseFloat(strings.NewReplacer(",", "", ".", "").Replace(before[start:end]), 64)
	if strings.HasPrefix(rest, "k ") && number >= 10 {
		number *= 1000
	}
	number *= myriad(rest)
	if err != nil || number < fleetSize || number >= 1990 && number <= 2040 && end-start == 4 {
		return "", false
	}
	return string(f.raw[from+start : i]), true
}

// myriad is what a character behind a number multiplies it by.
func myriad(rest string) float64 {
	for _, m := range []struct {
		signs string
		by    float64
	}{{"千천", 1000}, {"万萬만", 10_000}} {
		if r, _ := utf8.DecodeRuneInString(rest); strings.ContainsRune(m.signs, r) {
			return m.by
		}
	}
	return 1
}

// counters are what Chinese, Japanese and Korean count accelerators in.
const counters = "张張枚基个個台块颗장개대"

// countAfter finds such a number behind byte i, with its counter, as Chinese,
// Japanese and Korean put it: "GPU 1만3천장", "GB200を2140基".
func (f *folded) countAfter(i int) (string, bool) {
	after := string(f.low[i:min(len(f.low), i+countReach)])
	start := strings.IndexAny(after, "0123456789")
	if start < 0 || strings.ContainsAny(after[:start], ".!?:;,$()abcdefghijklmnopqrstuvwxyz") {
		return "", false
	}
	most, number, end := 0.0, 0.0, start
	for end < len(after) {
		r, size := utf8.DecodeRuneInString(after[end:])
		switch by := myriad(after[end:]); {
		case r >= '0' && r <= '9':
			number = number*10 + float64(r-'0')
		case r == ',' || r == '多' || r == '余' || r == '여':
		case by > 1:
			most, number = max(most, number*by), 0
		default:
			most = max(most, number)
			return string(f.raw[i : i+end+size]), most >= fleetSize && strings.ContainsRune(counters, r)
		}
		end += size
	}
	return "", false
}
