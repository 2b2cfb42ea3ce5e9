package bench

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// Corpus makes articles of invented words whose numbers are those of a real
// archive, the same for the same seed:
//
//   - 400 words each, drawn from 60,000 invented words by Zipf's law (exponent
//     1.2), the frequent ones shorter. So 400 words are 2.6 KB and about 210
//     of them differ, as in the news articles that the figures were taken from;
//     and a headline of nine;
//   - marker words with a known share of the articles: "half" in 50 %, "fifth"
//     in 20 %, "twentieth" in 5 %, "hundredth" in 1 %, "thousandth" in 0.1 %,
//     and the phrase "grid connection" in 10 %;
//   - 135 sources, 100 companies and 12 languages by Zipf's law, 12 topics of
//     which two an article has;
//   - publication over ten years, growing, at whole seconds, one in twenty at
//     midnight, as feeds without a time of day give it; one in twenty comes
//     late, up to a year;
//   - one claim in five articles; one article in ten is judged irrelevant.
type Corpus struct {
	rng    *rand.Rand
	words  []string
	zipf   *rand.Zipf
	source *rand.Zipf
	total  int
	made   int
}

const vocabulary = 60_000

// NewCorpus prepares a corpus of n articles.
func NewCorpus(n int) *Corpus {
	rng := rand.New(rand.NewPCG(20240902, uint64(n)))
	c := &Corpus{rng: rng, total: n, words: make([]string, 0, vocabulary)}
	seen := map[string]bool{}
	for len(c.words) < vocabulary {
		var b strings.Builder
		for range 1 + rng.IntN(2) + min(4, len(c.words)/60) {
			b.WriteByte("bcdfghklmnprstvz"[rng.IntN(16)])
			b.WriteByte("aeiou"[rng.IntN(5)])
		}
		if w := b.String(); !seen[w] {
			seen[w] = true
			c.words = append(c.words, w)
		}
	}
	c.zipf = rand.NewZipf(rng, 1.2, 2.4, vocabulary-1)
	c.source = rand.NewZipf(rng, 1.2, 4, 134)
	return c
}

// Word is the word of a rank, 0 the most frequent.
func (c *Corpus) Word(rank int) string { return c.words[rank] }

// Prefix is the first three letters of the i-th most frequent word that has
// more.
func (c *Corpus) Prefix(i int) string {
	for _, w := range c.words {
		if len(w) > 3 {
			if i == 0 {
				return w[:3]
			}
			i--
		}
	}
	return ""
}

// markers are the words with a known share.
var markers = []struct {
	word  string
	share float64
}{{"half", 0.5}, {"fifth", 0.2}, {"twentieth", 0.05}, {"hundredth", 0.01}, {"thousandth", 0.001}, {"grid connection", 0.1}}

const span = 10 * 365 * 24 * time.Hour

var epoch = time.Date(2016, 9, 1, 0, 0, 0, 0, time.UTC)

// Sources are the sources of the corpus.
func Sources() []news.Source {
	list := make([]news.Source, 135)
	kinds := news.SourceKinds()
	for i := range list {
		list[i] = news.Source{Slug: fmt.Sprintf("source-%d", i), Name: fmt.Sprintf("Source %d", i), Site: fmt.Sprintf("https://s%d.example/", i),
			Kind: kinds[i%len(kinds)], Language: language(i % 12), Trust: news.TrustReports}
	}
	return list
}

// Companies are the companies of the corpus.
func Companies() []news.Company {
	list := make([]news.Company, 100)
	for i := range list {
		list[i] = news.Company{Slug: fmt.Sprintf("company-%d", i), Name: fmt.Sprintf("Company %d", i), Kind: "other"}
	}
	return list
}

func language(i int) string {
	return []string{"en", "zh", "de", "fr", "es", "it", "nl", "ja", "ko", "pt", "sv", "pl"}[i]
}

// Next makes the next articles.
func (c *Corpus) Next(n int) []news.Opened {
	out := make([]news.Opened, n)
	for i := range out {
		out[i] = c.article()
	}
	return out
}

func (c *Corpus) article() news.Opened {
	i := c.made
	c.made++
	r := c.rng
	seen := epoch.Add(time.Duration(math.Sqrt(float64(i+1)/float64(c.total)) * float64(span))).Truncate(time.Second)
	at := seen.Add(-time.Duration(r.IntN(3600)) * time.Second)
	switch r.IntN(20) {
	case 0:
		at = at.Add(-time.Duration(r.IntN(365*24)) * time.Hour)
	case 1:
		at = at.Truncate(24 * time.Hour)
	}
	s := int(c.source.Uint64())
	url := fmt.Sprintf("https://s%d.example/%d", s, i)
	companies, reading := c.reading()
	var o news.Opened
	o.Reading = reading
	o.Article = news.Article{
		Source: fmt.Sprintf("source-%d", s), URL: url, Canonical: url, Title: c.title(companies), Published: at, Dated: news.DatedPage,
		Language: language(min(11, int(r.ExpFloat64()*1.5))), Text: c.text(), Method: "vote", FirstSeen: seen, Revision: 1,
	}
	o.Article.Summary = o.Article.Text[:min(200, len(o.Article.Text))]
	o.Reading.Language = o.Article.Language
	return o
}

func (c *Corpus) title(companies []string) string {
	words := append([]string{}, companies[:min(1, len(companies))]...)
	for len(words) < 9 {
		words = append(words, c.words[c.zipf.Uint64()])
	}
	return strings.ReplaceAll(strings.Join(words, " "), "-", " ")
}

// text is 400 words in paragraphs of fifty.
func (c *Corpus) text() string {
	words := make([]string, 0, 400)
	for _, m := range markers {
		if c.rng.Float64() < m.share {
			words = append(words, m.word)
		}
	}
	for len(words) < 400 {
		words = append(words, c.words[c.zipf.Uint64()])
	}
	c.rng.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
	var b strings.Builder
	for i, w := range words {
		switch {
		case i == 0:
		case i%50 == 0:
			b.WriteString(".\n\n")
		case i%13 == 0:
			b.WriteString(", ")
		default:
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

func (c *Corpus) reading() (companies []string, r news.Reading) {
	r.Rules = "bench"
	r.Verdict = news.Verdict{Relevant: c.rng.IntN(10) > 0, Score: 0.8, Reason: "made so"}
	seen := map[int]bool{}
	for range 1 + c.rng.IntN(3) {
		n := min(99, int(c.rng.ExpFloat64()*12))
		if seen[n] {
			continue
		}
		seen[n] = true
		role := news.RoleMentioned
		if len(companies) == 0 {
			role = news.RoleSubject
		}
		slug := fmt.Sprintf("company-%d", n)
		companies = append(companies, slug)
		r.Mentions = append(r.Mentions, news.Mention{Company: slug, Role: role, Rule: "name", Evidence: []news.Evidence{{Start: 0, End: 4, Quote: "name"}}})
	}
	topics := news.Topics()
	first := c.rng.IntN(len(topics))
	r.Topics = []news.TopicTag{{Topic: topics[first]}, {Topic: topics[(first+1+c.rng.IntN(11))%len(topics)]}}
	if c.rng.IntN(5) == 0 {
		v := math.Round(math.Exp(c.rng.Float64()*8)) + 1
		r.Claims = []news.Claim{{Metric: news.MetricPower, ValueLo: &v, ValueHi: &v, Qualifier: news.Exact, Unit: "MW", Cluster: "colossus"}}
	}
	return companies, r
}
