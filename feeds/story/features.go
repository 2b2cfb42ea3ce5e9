package story

import (
	"hash/fnv"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"clusterwire/feeds/news"
)

// The weights of what an article says. They were chosen on one half of 115
// labelled headline pairs and checked on the other; neighbouring values do
// about as well.
const (
	maxRarity    = 8    // of a word that no headline of the table has
	figureWeight = 5    // of a number with its unit
	bodyWeight   = 0.45 // of what stands in the text alone, against the title
	bodyStart    = 250  // bytes of the text that are read for it: news says the event first
	sketchStart  = 4000 // bytes that are read for what it repeats
)

// Term is one thing that an article says, weighed by how much it tells.
type Term struct {
	Key     string
	Weight  float64
	Neutral bool // the same in every language: a name, a figure, a concept
}

// Features is all that matching knows of an article.
type Features struct {
	Terms     []Term // of unit length together, ordered by Key
	Endings   string // that the words of Terms have beyond their stems, a blank between two; "" in those of earlier releases
	Published time.Time
	Language  string
	Canonical string   // address of the article
	Links     []Link   // pages that it links to
	Companies []string // Company.Slug of those that its title names
	Cites     []string // outlets that it says it repeats
	Sketch    []uint32 // of its text, nil if that is short
	Length    int      // of its text, in bytes
}

// Link is the hash of a canonical address: all that is asked of a link is
// whether it is the address of another article.
type Link uint64

// LinkTo is the Link of a canonical address.
func LinkTo(canonical string) Link {
	h := fnv.New64a()
	h.Write([]byte(canonical)) // a hash never fails
	return Link(h.Sum64())
}

// linksTo reports whether one article links to another.
func (f Features) linksTo(other Features) bool {
	return other.Canonical != "" && len(f.Links) > 0 && slices.Contains(f.Links, LinkTo(other.Canonical))
}

// Matcher compares articles. Construct it with New; it is never changed, and
// safe for concurrent use.
type Matcher struct {
	scales     map[string]scale
	concepts   map[string]string
	frequency  map[string]float64
	headlines  float64 // how many the frequencies were counted in
	longest    int     // words of the longest concept
	longestRun int     // characters of the longest concept without blanks
	cites      citations
}

// New loads the data, which are part of the program: an error is a mistake in
// the data files.
func New() (*Matcher, error) {
	m := &Matcher{scales: map[string]scale{}, concepts: map[string]string{}, frequency: map[string]float64{}}
	for _, load := range []func() error{m.loadScales, m.loadConcepts, m.loadFrequencies, m.loadCitations} {
		if err := load(); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// Featurize reads the features of an article. Text.URL should be its canonical
// address; Features.Links are for the caller to add.
func (m *Matcher) Featurize(t news.Text, r news.Reading) Features {
	s := sheet{matcher: m, terms: map[string]Term{}, endings: map[string]string{}}
	s.add(t.Title, 1)
	s.add(head(t.Body, bodyStart), bodyWeight)
	var companies []string
	for _, x := range r.Mentions {
		if titled(x.Evidence) {
			companies = append(companies, x.Company)
		}
		s.name(x.Company, placed(x.Evidence, x.Role == news.RoleSubject))
	}
	for _, x := range r.Clusters {
		s.name(x.Cluster, placed(x.Evidence, true))
	}
	language := r.Language
	if language == "" {
		language = t.Language
	}
	text := plain(head(t.Body, sketchStart))
	terms := s.unit()
	return Features{Terms: terms, Endings: s.endingsOf(terms), Published: t.Published, Language: language, Canonical: t.URL, Companies: companies,
		Cites: m.cites.cited(plain(t.Title) + "\n" + text), Sketch: sketch(text), Length: len(t.Body)}
}

// placed is the weight of a name by where it stands.
func placed(evidence []news.Evidence, subject bool) float64 {
	switch {
	case titled(evidence):
		return 1
	case subject:
		return bodyWeight
	default:
		return 0
	}
}

// titled reports whether a quote is from the title.
func titled(evidence []news.Evidence) bool {
	return slices.ContainsFunc(evidence, func(e news.Evidence) bool { return e.In == news.InTitle })
}

// head is the beginning of s, about n bytes of it.
func head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	end := 0
	for i := range s {
		if i > n {
			break
		}
		end = i
	}
	return s[:end]
}

// sheet gathers the terms of one article.
type sheet struct {
	matcher *Matcher
	terms   map[string]Term
	endings map[string]string // of the first word of each stem
}

// add reads the words and figures of a text.
func (s *sheet) add(text string, by float64) {
	if text == "" {
		return
	}
	names := capitalised(text)
	folded := plain(text)
	s.spell(folded)
	for _, k := range s.matcher.terms(folded) {
		s.put(Term{Key: k, Weight: by * s.matcher.rarity(k), Neutral: k[0] == '=' || names[k] || strings.ContainsAny(k, "0123456789")})
	}
	for _, f := range s.matcher.figures(folded) {
		s.put(Term{Key: f.key(), Weight: by * figureWeight, Neutral: true})
	}
}

// name adds a company or cluster by the words of its slug, which are the words
// of its name in texts of Latin letters, so that a name in other letters
// meets them.
func (s *sheet) name(slug string, by float64) {
	if by == 0 {
		return
	}
	words := strings.ReplaceAll(slug, "-", " ")
	s.spell(words)
	for _, k := range s.matcher.terms(words) {
		s.put(Term{Key: k, Weight: by * s.matcher.rarity(k), Neutral: true})
	}
}

func (s *sheet) put(t Term) {
	old := s.terms[t.Key]
	t.Weight = math.Max(t.Weight, old.Weight)
	t.Neutral = t.Neutral || old.Neutral
	if t.Weight > 0 {
		s.terms[t.Key] = t
	}
}

// spell notes what the words of a text have beyond their stems. One that does
// not begin with its stem is shown as the stem.
func (s *sheet) spell(folded string) {
	for _, w := range words(folded) {
		k := stem(w)
		if _, known := s.endings[k]; !known && strings.HasPrefix(w, k) {
			s.endings[k] = w[len(k):]
		}
	}
}

// endingsOf are the endings of terms, see Features.
func (s *sheet) endingsOf(terms []Term) string {
	out := make([]string, len(terms))
	for i, t := range terms {
		out[i] = s.endings[t.Key]
	}
	return strings.Join(out, " ")
}

// unit gives the terms in order, scaled to unit length.
func (s *sheet) unit() []Term {
	out := make([]Term, 0, len(s.terms))
	for _, t := range s.terms {
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b Term) int { return strings.Compare(a.Key, b.Key) })
	scaleTo(out, 1/length(out, false))
	return out
}

// length is the Euclidean length of terms, or of the neutral ones alone.
func length(ts []Term, neutral bool) float64 {
	var sum float64
	for _, t := range ts {
		if t.Neutral || !neutral {
			sum += t.Weight * t.Weight
		}
	}
	return math.Sqrt(sum)
}

func scaleTo(ts []Term, by float64) {
	for i := range ts {
		ts[i].Weight *= by
	}
}

// capitalised returns the stems of words that a text writes with a capital
// letter though they begin no sentence: names, except where headlines
// capitalise every word, which costs precision between languages alone.
func capitalised(text string) map[string]bool {
	out := map[string]bool{}
	first := true
	for _, w := range strings.Fields(text) {
		trimmed := strings.TrimLeft(w, "\"'“”‘’«»„([")
		if r := firstRune(trimmed); unicode.IsUpper(r) && !first {
			for _, x := range words(plain(trimmed)) {
				out[stem(x)] = true
			}
		}
		first = strings.HasSuffix(w, ".") || strings.HasSuffix(w, "?") || strings.HasSuffix(w, "!")
	}
	return out
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}
