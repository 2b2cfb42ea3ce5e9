package story

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// When two articles, or an article and a story, are one event. Chosen and
// checked on halves of labelled headlines like the weights of features.
const (
	halfLife  = 12 * time.Hour // of likeness, by the distance of dates
	slack     = 12 * time.Hour // of distance that counts for nothing where a date is a day without a time, or the language another: news crosses languages a day later
	joinAlone = 0.20           // likeness that an article needs to join a story
	mergeAt   = 0.35           // likeness at which two stories are one, of which the articles near to one are known
	others    = 0.7            // of likeness is left where the titles name companies, and none in common
)

// vector is the features of an article with terms as numbers of a vocabulary.
type vector struct {
	ids       []int32
	weights   []float64
	neutral   float64 // length of the neutral part
	date      float64 // seconds since 1970
	dated     bool
	dayOnly   bool // the date has no time of day
	lang      string
	companies []string
}

// vocabulary numbers the terms of one comparison.
type vocabulary struct {
	ids     map[string]int32
	keys    []string
	neutral []bool
	words   map[int32]string // of which terms are stems, as a reader knows them
}

func newVocabulary() *vocabulary {
	return &vocabulary{ids: map[string]int32{}, words: map[int32]string{}}
}

// spell has the terms of an article shown as it writes them, but for those
// that another was said to write.
func (v *vocabulary) spell(f Features, x vector) {
	endings := strings.Split(f.Endings, " ")
	if len(endings) != len(x.ids) {
		return
	}
	for i, id := range x.ids {
		if endings[i] != "" && v.words[id] == "" {
			v.words[id] = v.keys[id] + endings[i]
		}
	}
}

// word is a term's key, or the word of which that is the stem.
func (v *vocabulary) word(id int32) string { return cmp.Or(v.words[id], v.keys[id]) }

func (v *vocabulary) vector(f Features) vector {
	x := vector{ids: make([]int32, len(f.Terms)), weights: make([]float64, len(f.Terms)), neutral: length(f.Terms, true), lang: f.Language, companies: f.Companies}
	if x.dated = !f.Published.IsZero(); x.dated {
		x.date = float64(f.Published.Unix())
		x.dayOnly = f.Published.Equal(f.Published.Truncate(24 * time.Hour))
	}
	for i, t := range f.Terms {
		id, known := v.ids[t.Key]
		if !known {
			id = int32(len(v.keys))
			v.ids[t.Key] = id
			v.keys, v.neutral = append(v.keys, t.Key), append(v.neutral, false)
		}
		v.neutral[id] = v.neutral[id] || t.Neutral
		x.ids[i], x.weights[i] = id, t.Weight
	}
	return x
}

// profile is a story as the sum of its articles.
type profile struct {
	words     *vocabulary
	sum       map[int32]float64
	square    float64 // of the length of sum
	neutral   float64 // square of the length of its neutral part
	n         int
	date      float64 // sum of the dates that are stated
	dated     int
	days      int // how many of them are days without a time
	langs     map[string]int
	companies map[string]int
}

// newProfile is a story without articles. All vectors that it will meet must
// have been made by then: a term may turn out to be neutral in any of them.
func newProfile(v *vocabulary) *profile {
	return &profile{words: v, sum: map[int32]float64{}, langs: map[string]int{}, companies: map[string]int{}}
}

// set gives a term of the story its weight.
func (p *profile) set(id int32, now float64) {
	old := p.sum[id]
	p.square += now*now - old*old
	if p.words.neutral[id] {
		p.neutral += now*now - old*old
	}
	if math.Abs(now) < 1e-9 {
		delete(p.sum, id)
	} else {
		p.sum[id] = now
	}
}

// story is the story of some of the vectors.
func (v *vocabulary) story(vectors []vector, of []int) *profile {
	p := newProfile(v)
	for _, i := range of {
		p.add(vectors[i], 1)
	}
	return p
}

// outline is the score of x with the story of some of the vectors, for much
// less than making the story costs. sums is scratch: a zero for each term.
func (v *vocabulary) outline(vectors []vector, of []int, x vector, sums []float64) float64 {
	p := newProfile(v)
	for _, i := range of {
		y := vectors[i]
		p.count(y, 1)
		for k, id := range y.ids {
			sums[id] += y.weights[k]
		}
	}
	var all, neutral float64
	for i, id := range x.ids {
		product := x.weights[i] * sums[id]
		all += product
		if v.neutral[id] {
			neutral += product
		}
	}
	for _, i := range of {
		for _, id := range vectors[i].ids {
			square := sums[id] * sums[id]
			p.square += square
			if v.neutral[id] {
				p.neutral += square
			}
			sums[id] = 0
		}
	}
	return p.rounded(x, all, neutral)
}

// add adds an article, or with by = -1 takes it away.
func (p *profile) add(x vector, by int) {
	for i, id := range x.ids {
		p.set(id, p.sum[id]+float64(by)*x.weights[i])
	}
	p.count(x, by)
}

// count is add but for the terms.
func (p *profile) count(x vector, by int) {
	p.n += by
	count(p.langs, x.lang, by)
	for _, c := range x.companies {
		count(p.companies, c, by)
	}
	if x.dated {
		p.date += float64(by) * x.date
		p.dated += by
		if x.dayOnly {
			p.days += by
		}
	}
}

func count(m map[string]int, key string, by int) {
	if m[key] += by; m[key] == 0 {
		delete(m, key)
	}
}

// absorb adds another story.
func (p *profile) absorb(q *profile) {
	for _, id := range q.ids() {
		p.set(id, p.sum[id]+q.sum[id])
	}
	p.n += q.n
	p.date += q.date
	p.dated += q.dated
	p.days += q.days
	for l, n := range q.langs {
		p.langs[l] += n
	}
	for c, n := range q.companies {
		p.companies[c] += n
	}
}

// ids are the terms of a story in a fixed order, so that sums come out alike.
func (p *profile) ids() []int32 {
	out := make([]int32, 0, len(p.sum))
	for id := range p.sum {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// vector is the direction of a story, to be compared with other stories.
func (p *profile) vector() vector {
	x := vector{ids: p.ids()}
	long := math.Sqrt(math.Max(p.square, tiny))
	x.neutral = math.Sqrt(math.Max(p.neutral, 0)) / long
	for _, id := range x.ids {
		x.weights = append(x.weights, p.sum[id]/long)
	}
	if x.dated = p.dated > 0; x.dated {
		x.date = p.date / float64(p.dated)
		x.dayOnly = p.days > 0
	}
	for l, n := range p.langs {
		if best := p.langs[x.lang]; n > best || n == best && l < x.lang {
			x.lang = l
		}
	}
	for c := range p.companies {
		x.companies = append(x.companies, c)
	}
	return x
}

// near is the share of likeness that is left by the distance of dates.
func (p *profile) near(x vector) float64 {
	if !x.dated || p.dated == 0 {
		return 1
	}
	return nearness(x.date-p.date/float64(p.dated), x.dayOnly || p.days > 0 || p.abroad(x))
}

// nearness is the same for two articles.
func (x vector) nearness(y vector) float64 {
	if !x.dated || !y.dated {
		return 1
	}
	return nearness(x.date-y.date, x.dayOnly || y.dayOnly || x.lang != y.lang && x.lang != "" && y.lang != "")
}

// nearness is the share of likeness that a gap of seconds leaves.
func nearness(gap float64, forgiven bool) float64 {
	gap = math.Abs(gap)
	if forgiven {
		gap = math.Max(0, gap-slack.Seconds())
	}
	return math.Exp2(-gap / halfLife.Seconds())
}

// tiny is a square that is as good as none: what rounding leaves of a story
// whose last article was taken away.
const tiny = 1e-9

// likeness is how near an article is to a story by what they say and by
// their dates. all and neutral are the sums of products of their terms, see
// products.
func (p *profile) likeness(x vector, all, neutral float64) float64 {
	return p.near(x) * p.timeless(x, all, neutral)
}

// timeless is likeness but for the dates: the cosine, less where the titles
// name companies and none in common. The terms that need no translation are
// compared alone too where no article of the story is in the article's
// language.
func (p *profile) timeless(x vector, all, neutral float64) float64 {
	if p.square < tiny || all <= 0 {
		return 0
	}
	like := all / math.Sqrt(p.square)
	if p.abroad(x) && neutral > 0 && p.neutral > tiny && x.neutral > 0 {
		like = math.Max(like, neutral/(x.neutral*math.Sqrt(p.neutral)))
	}
	if p.ofOthers(x) {
		like *= others
	}
	return math.Min(1, like)
}

// products are the sums of products of the terms that an article and a story
// share: of all, and of those that need no translation.
func (p *profile) products(x vector) (all, neutral float64) {
	for i, id := range x.ids {
		product := x.weights[i] * p.sum[id]
		all += product
		if p.words.neutral[id] {
			neutral += product
		}
	}
	return all, neutral
}

// breadth is the share of likeness that is left to two stories, the smaller of
// n articles, by how many words make it. Two events share a word that both are
// about (a town, a festival, gas), and the more articles there are, the more
// other words reports of one event would share as well: what one word makes of
// the likeness beyond half counts for less with each e-fold of n.
func (p *profile) breadth(x vector, n int) float64 {
	if n < 2 {
		return 1
	}
	var sum, most float64
	for i, id := range x.ids {
		product := x.weights[i] * p.sum[id]
		sum, most = sum+product, math.Max(most, product)
	}
	return 1 - oneWord*math.Max(0, most/sum-0.5)*math.Log(float64(n))
}

// promises reports whether an article may be as like a story as least, given
// the sums of products of its telling terms alone: these must make up a
// quarter of it. It costs little.
func (p *profile) promises(x vector, all, neutral, least float64) bool {
	if p.square < tiny {
		return false
	}
	return 4*all >= least*math.Sqrt(p.square) ||
		4*neutral >= least*x.neutral*math.Sqrt(math.Max(p.neutral, 0)) && p.abroad(x)
}

// ofOthers reports whether both titles name companies, and none in common.
func (p *profile) ofOthers(x vector) bool {
	for _, c := range x.companies {
		if p.companies[c] > 0 {
			return false
		}
	}
	return len(x.companies) > 0 && len(p.companies) > 0
}

// abroad reports whether an article is in a language that the story has none in.
func (p *profile) abroad(x vector) bool {
	return x.lang != "" && p.langs[""] == 0 && p.langs[x.lang] == 0
}
