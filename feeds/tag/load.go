package tag

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"clusterwire/feeds/news"
)

// company is a news.Company as an owner of patterns.
type company struct {
	news.Company
	site bool // words of sites and machines speak for its ambiguous names
}

// class is a group of words that the verdict weighs together.
type class struct {
	name      string
	weight    weight
	companies []string // slugs whose mention counts as one of its words
	kinds     []string // the same of every company of these kinds
}

// pair is what two classes say together, beyond what each says alone.
type pair struct {
	a, b   int // indices of classes
	weight weight
}

// weight is what a class or a pair adds to the verdict, and what was expected
// before it was fitted to the labelled texts.
type weight struct {
	expected, points float64
}

// load reads one data file; its place says of what kind it is.
func (t *Tagger) load(path, file string) error {
	var line func(string) error
	switch {
	case strings.HasPrefix(path, "data/companies/"):
		line = t.companyLine
	case path == "data/context.txt":
		line = t.contextLine
	case path == "data/topics.txt":
		line = t.topicLine
	case path == "data/verdict.txt":
		line = t.verdictLine
	default:
		return fmt.Errorf("no such data file is known")
	}
	n := 0
	for text := range strings.Lines(file) {
		n++
		text, _, _ = strings.Cut(text, "# ")
		if text = strings.TrimSpace(text); text == "" || text == "#" {
			continue
		}
		if err := line(text); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return nil
}

// aliasRules are the keys under a company that prove it, and what each is
// called for a person.
var aliasRules = []string{"name", "product", "person", "ticker"}

// companyLine reads "slug: Name, seat, kind, site", which opens a company, or
// "key pattern | pattern" under it.
func (t *Tagger) companyLine(text string) error {
	key, rest, _ := strings.Cut(text, " ")
	if slug, ok := strings.CutSuffix(key, ":"); ok {
		return t.openCompany(slug, rest)
	}
	if len(t.companies) == 0 {
		return fmt.Errorf("%q stands under no company", key)
	}
	owner := len(t.companies) - 1
	base := strings.TrimRight(key, "?+")
	p := pattern{owner: owner, rule: base}
	switch {
	case key == "for":
		p.use = useFor
		words := strings.Split(rest, "|")
		own := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return strings.TrimSpace(w) == siteWords })
		t.companies[owner].site = t.companies[owner].site || len(own) < len(words)
		if len(own) == 0 {
			return nil
		}
		rest = strings.Join(own, "|")
	case key == "against":
		p.use = useAgainst
	case slices.Contains(aliasRules, base):
		p.use = useAlias
		mark, ok := map[string]strength{"": certain, "+": likely, "?": weak, "??": vague}[key[len(base):]]
		if !ok {
			return fmt.Errorf("unknown mark in key %q", key)
		}
		p.strength = mark
	default:
		return fmt.Errorf("unknown key %q", key)
	}
	return t.addPatterns(p, rest)
}

// siteWords, among what speaks for a company, stands for the words of sites in
// context.txt.
const siteWords = "@site"

func (t *Tagger) openCompany(slug, rest string) error {
	fields := strings.Split(rest, ",")
	if len(fields) != 4 {
		return fmt.Errorf("%s: want name, seat, kind, site; got %q", slug, rest)
	}
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	if slices.ContainsFunc(t.companies, func(c company) bool { return c.Slug == slug }) {
		return fmt.Errorf("company %s stands twice", slug)
	}
	t.kinds[slug] = fields[2]
	t.companies = append(t.companies, company{Company: news.Company{
		Slug: slug, Name: fields[0], Country: fields[1], Kind: fields[2], Site: fields[3]}})
	return nil
}

// addPatterns adds each of "a | b | c" with the meaning of like.
func (t *Tagger) addPatterns(like pattern, list string) error {
	for text := range strings.SplitSeq(list, "|") {
		spellings, err := parsePattern(text)
		if err != nil {
			return err
		}
		for _, p := range spellings {
			p.use, p.owner, p.strength, p.rule = like.use, like.owner, like.strength, like.rule
			if p.langs == "" {
				p.langs = like.langs
			}
			if len(p.low) > maxPattern {
				return fmt.Errorf("pattern %q is longer than %d bytes", p.written, maxPattern)
			}
			p.exact = p.exact || shortCapitals(p.written)
			if p.use == useAlias {
				p.setCase()
			}
			t.patterns = append(t.patterns, p)
		}
	}
	return nil
}

// shortCapitals reports an abbreviation ("AI", "GPU", "H20"): in lower case it
// may be another word ("ai" is Italian for "to the").
func shortCapitals(s string) bool {
	for i := range len(s) {
		if !(s[i] >= 'A' && s[i] <= 'Z' || s[i] >= '0' && s[i] <= '9') {
			return false
		}
	}
	return len(s) <= 3
}

// maxPattern is the greatest length of a pattern in bytes.
const maxPattern = 90

// setCase decides how the case of a company's alias matters: a short name
// must be written exactly, and an ambiguous one with its capital.
func (p *pattern) setCase() {
	first := p.written[0]
	upper := first >= 'A' && first <= 'Z'
	switch {
	case p.exact:
	case p.rule == "ticker", upper && len(p.written) <= 3:
		p.exact = true
	case upper && (p.strength < certain || len(p.written) <= 4):
		p.capital = true
	}
}

// contextLine reads "verb de: a | b", "context de: a | b" or "site de: a | b".
func (t *Tagger) contextLine(text string) error {
	key, language, list, err := cutLine(text)
	if err != nil {
		return err
	}
	use, ok := map[string]use{"context": useContext, "verb": useVerb, "site": useSite}[key]
	if !ok {
		return fmt.Errorf("unknown key %q", key)
	}
	return t.addPatterns(pattern{use: use, langs: language}, list)
}

// topicLine reads "power de: a | b".
func (t *Tagger) topicLine(text string) error {
	key, language, list, err := cutLine(text)
	if err != nil {
		return err
	}
	base := strings.TrimSuffix(key, "+")
	owner := slices.Index(news.Topics(), news.Topic(base))
	if owner < 0 {
		return fmt.Errorf("unknown topic %q", key)
	}
	p := pattern{use: useTopic, owner: owner, langs: language, strength: weak}
	if key != base {
		p.strength = certain
	}
	return t.addPatterns(p, list)
}

// verdictLine reads "bias -2 -3.1", "class ai 0.8 1.1", "pair ai power 1 1.2",
// each with the expected weight and the fitted one, or, under a class,
// "companies: a b", "kinds: a b" or "de: a | b".
func (t *Tagger) verdictLine(text string) error {
	fields := strings.Fields(text)
	switch fields[0] {
	case "bias":
		return parseWeight(fields[1:], &t.bias)
	case "class":
		c := class{name: fields[1]}
		if err := parseWeight(fields[2:], &c.weight); err != nil {
			return err
		}
		t.classes = append(t.classes, c)
		return nil
	case "pair":
		p := pair{a: t.class(fields[1]), b: t.class(fields[2])}
		if p.a < 0 || p.b < 0 {
			return fmt.Errorf("pair of an unknown class: %q", text)
		}
		if err := parseWeight(fields[3:], &p.weight); err != nil {
			return err
		}
		t.pairs = append(t.pairs, p)
		return nil
	case "companies:":
		c := &t.classes[len(t.classes)-1]
		c.companies = append(c.companies, fields[1:]...)
		return nil
	case "kinds:":
		c := &t.classes[len(t.classes)-1]
		c.kinds = append(c.kinds, fields[1:]...)
		return nil
	}
	language, list, ok := strings.Cut(text, ":")
	if !ok || len(t.classes) == 0 {
		return fmt.Errorf("can't read %q", text)
	}
	return t.addPatterns(pattern{use: useClass, owner: len(t.classes) - 1, langs: languages(language)}, list)
}

func (t *Tagger) class(name string) int {
	return slices.IndexFunc(t.classes, func(c class) bool { return c.name == name })
}

func parseWeight(fields []string, to *weight) error {
	if len(fields) != 2 {
		return fmt.Errorf("want an expected and a fitted weight, got %q", fields)
	}
	expected, err := strconv.ParseFloat(fields[0], 64)
	if err != nil {
		return err
	}
	points, err := strconv.ParseFloat(fields[1], 64)
	*to = weight{expected, points}
	return err
}

// cutLine splits "key language: list".
func cutLine(text string) (key, language, list string, err error) {
	head, list, ok := strings.Cut(text, ":")
	key, language, _ = strings.Cut(head, " ")
	if !ok || key == "" {
		return "", "", "", fmt.Errorf("want \"key language: pattern | pattern\", got %q", text)
	}
	return key, languages(language), list, nil
}

// languages turns "de nl" into the form of pattern.langs. English words, and
// those given as "all", are tried in every language.
func languages(list string) string {
	for _, l := range strings.Fields(list) {
		if l == "en" || l == "all" {
			return ""
		}
	}
	return " " + strings.TrimSpace(list) + " "
}
