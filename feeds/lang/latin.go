package lang

import (
	_ "embed"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed data/words.txt
var wordsFile string

//go:embed data/trigrams.txt
var trigramsFile string

//go:embed data/letters.txt
var lettersFile string

// evidence maps words, and pieces of words, to what they say for each
// language: log-likelihoods, built once from the lists in data/.
type evidence struct {
	languages []string             // alphabetical
	words     map[string][]float32 // whole word -> points per language
	letters   map[string][]float32 // letters anywhere or an ending -> points per language
	trigrams  map[string][]float32 // three letters of "_word_" -> log-likelihood per language
}

// How much each kind of evidence counts. Found by trying on headlines in
// eight languages; the answer is not sensitive to them.
const (
	wordWeight    = 2.2
	letterWeight  = 1.0
	trigramWeight = 0.3
	rareTrigram   = -9.5 // log-likelihood of three letters that a language does not list
	nameWeight    = 0.25 // of words that mix cases
	capitalWeight = 0.5  // of words with a capital, names mostly
	englishPrior  = 1.0  // most headlines of product names alone are English
	refuteMargin  = 8.0  // points of whole words by which another language must lead to overrule a declaration
	enoughLead    = 40.0 // points of whole words by which a long text is decided before its end
	wordlessLead  = 2.0  // points by which a language none of whose words stand there must lead English
)

var model = sync.OnceValue(func() *evidence { return learn(wordsFile, lettersFile, trigramsFile) })

// sections reads "[name]" sections of blank-separated words; "#" starts a comment.
func sections(file string) map[string][]string {
	found := map[string][]string{}
	name := ""
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			name = strings.Trim(line, "[]")
		default:
			found[name] = append(found[name], strings.Fields(line)...)
		}
	}
	return found
}

func learn(words, letters, trigrams string) *evidence {
	lists := sections(words)
	e := &evidence{languages: slices.Sorted(maps.Keys(lists)),
		words: map[string][]float32{}, letters: map[string][]float32{}, trigrams: map[string][]float32{}}
	e.learnLists(lists, e.words)
	e.learnLists(sections(letters), e.letters)
	e.learnTrigrams(trigrams)
	return e
}

// learnLists gives each entry log(languages/listed) points for each language
// that lists it: what all have tells nothing.
func (e *evidence) learnLists(lists map[string][]string, into map[string][]float32) {
	for i, language := range e.languages {
		for _, w := range lists[language] {
			if into[w] == nil {
				into[w] = make([]float32, len(e.languages))
			}
			into[w][i] = 1
		}
	}
	for _, points := range into {
		listed := 0.0
		for _, p := range points {
			listed += float64(p)
		}
		for i := range points {
			points[i] *= float32(math.Log(float64(len(e.languages)+1) / listed))
		}
	}
}

// learnTrigrams reads how frequent triples of letters are in each language:
// lines of a level, -2 ln of the share, and the triples of that level. What is
// not listed is rarer than all that is.
func (e *evidence) learnTrigrams(file string) {
	at := -1
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '[' {
			at = slices.Index(e.languages, strings.Trim(line, "[]"))
			continue
		}
		level, triples, _ := strings.Cut(line, " ")
		n, err := strconv.Atoi(level)
		if err != nil || at < 0 {
			panic("lang: data/trigrams.txt: " + line)
		}
		for _, t := range strings.Fields(triples) {
			if e.trigrams[t] == nil {
				e.trigrams[t] = slices.Repeat([]float32{rareTrigram}, len(e.languages))
			}
			e.trigrams[t][at] = -float32(n) / 2
		}
	}
}

// ranking is how much speaks for each language; zero if nothing was weighed.
type ranking struct {
	languages []string
	points    []float64 // all evidence
	words     []float64 // that of whole words alone
}

// rank weighs the words of a text in Latin script.
func rank(text string) ranking {
	e := model()
	points := make([]float64, len(e.languages))
	points[slices.Index(e.languages, "en")] += englishPrior
	words := make([]float64, len(e.languages))
	for i, w := range latinWords(text) {
		add(words, e.words[w.text], wordWeight*w.weight)
		e.spelling(points, w)
		if i%16 == 15 && lead(words) > enoughLead {
			break
		}
	}
	for i, w := range words {
		points[i] += w
	}
	return ranking{e.languages, points, words}
}

// spelling adds what the letters of a word say: those beyond ASCII, its
// endings ("-tion"), beginnings ("wh-") and elisions ("l'") as the lists write
// them, and its triples of letters, with the word's edges marked. The keys are
// put together where they are looked up, which allocates nothing.
func (e *evidence) spelling(points []float64, w word) {
	piece := func(p []float32) { add(points, p, letterWeight*w.weight) }
	marked := "_" + w.text + "_"
	at := make([]int, 0, 32) // where each rune of marked begins, and its end
	for i, r := range marked {
		at = append(at, i)
		if r >= utf8.RuneSelf {
			piece(e.letters[string(r)])
		}
	}
	at = append(at, len(marked))
	last := len(at) - 2 // of the runes, the mark at the end
	for n := 2; n <= 5 && n+2 < last; n++ {
		piece(e.letters["-"+marked[at[last-n]:at[last]]])
		if n <= 4 {
			piece(e.letters[marked[at[1]:at[1+n]]+"-"])
		}
	}
	if strings.HasSuffix(w.text, "'") {
		piece(e.letters[w.text])
	}
	for i := 0; i+3 < len(at); i++ {
		add(points, e.trigrams[marked[at[i]:at[i+3]]], trigramWeight*w.weight)
	}
}

// lead is by how much the first language is before the second.
func lead(points []float64) float64 {
	first, second := 0.0, 0.0
	for _, p := range points {
		switch {
		case p > first:
			first, second = p, first
		case p > second:
			second = p
		}
	}
	return first - second
}

func add(to []float64, from []float32, weight float64) {
	for i, p := range from {
		to[i] += weight * float64(p)
	}
}

// word is a lower-case word and how much it tells: names tell little.
type word struct {
	text   string
	weight float64
}

// latinWords splits a text at what is no letter. Contractions stay whole and
// give their parts too ("l'energia", "dell", "it's"). A word that mixes cases
// or is all capitals is a name, and what holds a digit ("v2", "K3") no word.
func latinWords(text string) []word {
	var out []word
	fields := strings.FieldsFuncSeq(strings.ReplaceAll(text, "’", "'"), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\''
	})
	for f := range fields {
		f = strings.Trim(f, "'")
		if f == "" || strings.ContainsFunc(f, unicode.IsDigit) {
			continue
		}
		lower := strings.ToLower(f)
		weight := 1.0
		if isName(f) {
			weight = nameWeight
		} else if unicode.IsUpper(firstRune(f)) {
			weight = capitalWeight
		}
		out = append(out, word{lower, weight})
		if before, after, ok := strings.Cut(lower, "'"); ok {
			out = append(out, word{before + "'", weight})
			if after != "s" { // as in "Java's", which is no Czech word
				out = append(out, word{after, weight})
			}
		}
	}
	return out
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// isName reports capitals after the first letter, as in "OpenAI" or "NASA".
func isName(w string) bool {
	for i, r := range w {
		if i > 0 && unicode.IsUpper(r) {
			return true
		}
	}
	return false
}

// best is the language with the most points. Names alone look like anything,
// so without a word of a language it must lead by much.
func (r ranking) best() string {
	if len(r.points) == 0 {
		return ""
	}
	best, en := argmax(r.points), slices.Index(r.languages, "en")
	if r.words[best] == 0 && r.points[best]-r.points[en] < wordlessLead {
		best = en
	}
	return r.languages[best]
}

// refutes reports whether a text is so clearly in another language that a
// declaration of language d is a mistake, as in feeds whose software declares
// "en-us" until somebody changes it.
func (r ranking) refutes(d string) bool {
	i := slices.Index(r.languages, d)
	if i < 0 {
		return false
	}
	best := argmax(r.words)
	return best != i && r.words[best]-r.words[i] > refuteMargin
}

func argmax(points []float64) int {
	best := 0
	for i, p := range points {
		if p > points[best] {
			best = i
		}
	}
	return best
}
