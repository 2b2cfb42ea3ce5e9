package claim

import (
	"slices"
	"strings"

	"clusterwire/feeds/news"
)

// span is a stretch of a sentence's tokens; to is past the last.
type span struct{ from, to int }

// doc is one text while it is read: its sentences and what they share.
type doc struct {
	reader    *Reader
	text      news.Text
	body      string
	in        string // news.InTitle for a title
	sentences []*sentence
	mentions  []named
	clusters  []clusterHit
	counts    int    // chip claims found so far: what "double to 200k" refers to
	countedIn int    // the number, from 1, of the sentence with the last of them
	titled    bool   // the title names infrastructure: the article is about it
	about     bool   // the title or the first sentences do
	main      string // the only cluster with a place that the text names
	topic     string // the cluster that the text is about, "" if there is none
	strong    bool   // the text speaks of data centers, or of clusters by name
	claims    []news.Claim
	wide      []string           // countries and provinces among their places
	kinds     evidence           // what it speaks of, nil if nobody asked: see kindsOfText
	judge     func(Weighed) bool // decides for the weights where somebody asks: see Reader.Figures
}

// named is a company named at a place of the text.
type named struct {
	slug       string
	start, end int
}

// Read returns the clusters that a text names and the claims it makes. The
// mentions are those of the same text; they give claims their organization.
// Offsets point into t.Body, or into t.Title where In says so; a claim of the
// title is kept only if the body doesn't make it.
func (r *Reader) Read(t news.Text, mentions []news.Mention) ([]news.ClusterTag, []news.Claim) {
	found := r.ReadAll(t, mentions)
	return found.Clusters, found.Claims
}

// Found is all that is read from a text.
type Found struct {
	Clusters   []news.ClusterTag
	Claims     []news.Claim
	Candidates []news.Candidate
}

// ReadAll is Read, with the sites that a text names and the registry lacks.
func (r *Reader) ReadAll(t news.Text, mentions []news.Mention) Found {
	return r.readWith(t, mentions, nil)
}

// readWith is ReadAll, with a judge who decides which figures are published, unless
// it is nil.
func (r *Reader) readWith(t news.Text, mentions []news.Mention, judge func(Weighed) bool) Found {
	body := r.newDoc(t, t.Body, "", mentions)
	title := r.newDoc(t, t.Title, news.InTitle, mentions)
	body.strong = body.strong || title.strong
	title.strong = body.strong
	body.titled = slices.ContainsFunc(title.sentences, (*sentence).infrastructure)
	body.about = body.titled || slices.ContainsFunc(body.sentences[:min(leadSentences, len(body.sentences))], body.infrastructure)
	body.findClusters(title)
	title.findClusters(body)
	body.titled = body.titled || len(title.clusters) > 0
	body.about = body.about || body.titled || len(body.clustersIn(0, leadSentences-1)) > 0
	body.main = r.onlyPlaced(body, title)
	body.topic = r.topicOf(title, body)
	whole := body
	if t.Title != "" {
		whole = r.wholeOf(t, mentions, body, title)
	}
	whole.judge = judge
	whole.read()
	claims := apart(whole.saidOnce(), t.Title)
	settle(claims, t.Published)
	if whole.headsBuilding() {
		build(claims)
	}
	claims = unique(claims)
	claims = nearest(r.onePlace(claims), whole.wide)
	return Found{clusterTags(body, title), claims, body.candidates()}
}

// leadSentences is how many sentences make the beginning that says what a
// text is about.
const leadSentences = 3

// sameFigure reports whether two claims say the same, however exactly.
func sameFigure(a, b news.Claim) bool {
	if a.Metric != b.Metric || a.ValueText != b.ValueText || a.Currency != b.Currency {
		return false
	}
	if a.ValueLo == nil || b.ValueLo == nil {
		return a.ValueLo == nil && b.ValueLo == nil
	}
	return *a.ValueLo == *b.ValueLo && *a.ValueHi == *b.ValueHi && (a.Chip == b.Chip || a.Chip == "" || b.Chip == "")
}

// newDoc cuts body into sentences and finds the lexicon's words in them.
func (r *Reader) newDoc(t news.Text, body, in string, mentions []news.Mention) *doc {
	d := &doc{reader: r, text: t, body: body, in: in}
	toks := tokenize(body, make([]token, 0, len(body)/5+8))
	lang := r.languageOf(t, toks)
	split(body, toks, func(part []token) {
		s := r.newSentence(body, part, r.sentenceLanguage(part, lang), len(d.sentences))
		d.strong = d.strong || s.any(0, len(s.toks), "strong")
		d.sentences = append(d.sentences, s)
	})
	for _, m := range mentions {
		for _, e := range m.Evidence {
			if e.In == in && e.Start >= 0 && e.Start < e.End && e.End <= len(body) {
				d.mentions = append(d.mentions, named{m.Company, e.Start, e.End})
			}
		}
	}
	slices.SortFunc(d.mentions, func(a, b named) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return strings.Compare(a.slug, b.slug)
	})
	return d
}

// read reads every sentence.
func (d *doc) read() {
	for _, s := range d.sentences {
		if len(s.hits) == 0 {
			continue
		}
		made := len(d.claims)
		qs := s.quantities()
		for i := range qs {
			d.readQuantity(s, &qs[i])
		}
		d.readDates(s)
		d.readPlaces(s, made)
	}
	d.readLead()
	d.fullestPlaces()
	d.signTweets()
	d.claims = unique(d.claims)
}

// readQuantity makes a claim of q if it is one.
func (d *doc) readQuantity(s *sentence, q *quantity) {
	c, at, ok := d.claimOf(s, q)
	if !ok {
		return
	}
	d.finish(s, q, at, &c)
	s.claimed = true
	if c.Metric == news.MetricChips {
		d.counts++
		d.countedIn = s.index + 1
	}
	d.claims = append(d.claims, c)
}

// claimOf reads q by its unit.
func (d *doc) claimOf(s *sentence, q *quantity) (news.Claim, span, bool) {
	if s.superseded(q) {
		return news.Claim{}, span{}, false
	}
	if q.currency != "" {
		return d.costClaim(s, q)
	}
	switch news.Metric(q.metric) {
	case news.MetricPower:
		return d.powerClaim(s, q)
	case news.MetricExaflops:
		return d.computeClaim(s, q)
	case "petap": // 算力5000P
		if !s.any(q.from-6, q.to+4, "compute") {
			break
		}
		return d.computeClaim(s, q)
	case news.MetricArea:
		return d.areaClaim(s, q)
	case news.MetricWater:
		return d.waterClaim(s, q)
	case news.MetricBuildDays:
		return d.daysClaim(s, q)
	case news.MetricJobs:
		return d.jobsClaim(s, q)
	case "labour": // people count as jobs where they work on the site alone
		lo, hi := s.clause(q.from, q.to)
		if len(d.mentionsIn(s, lo, q.from)) > 0 && !s.infrastructure() {
			break // a company employs them
		}
		if _, builds := s.firstIn(lo, hi, "mod", string(news.UnderConstruction)); builds || s.any(lo, hi, "onsite") {
			return d.jobsClaim(s, q)
		}
	case "":
		return d.chipClaim(s, q)
	}
	return news.Claim{}, span{}, false
}

// superseded reports whether a figure is what was before, or is compared
// with: "up from 100,000", "originally 1 GW".
func (s *sentence) superseded(q *quantity) bool {
	for i := q.from; i > 0 && i > q.from-5; i-- {
		if t := s.text(i - 1); t == "," || t == ";" {
			return s.ends(i-1, "swap")
		}
		if s.ends(i, "swap") {
			return true
		}
	}
	return false
}

// finish fills what every claim has: who, what, when, how sure, and the quote.
func (d *doc) finish(s *sentence, q *quantity, at span, c *news.Claim) {
	if c.Modality = s.modality(q); q.elided && c.Modality == news.Operational {
		c.Modality = news.Planned
	}
	switch {
	case c.Metric == news.MetricBuildDays:
		c.Modality = s.built(q)
	case c.Metric == news.MetricJobs && c.Modality == news.UnderConstruction: // "es entstehen 150 Stellen"
		c.Modality = news.Planned
	}
	if c.Metric == news.MetricChips && c.Basis == "" {
		c.Basis = s.chipBasis(q, c.Modality)
	}
	c.Phase = s.phase(q)
	c.Cluster = d.clusterAt(s, at)
	c.Cluster = d.siteOfProject(s, c)
	d.keepApart(s, q, c)
	d.setOrg(s, at, c)
	d.setSpeaker(s, c)
	if c.Date == "" {
		c.Date = s.dateOf(q)
	}
	c.Evidence = d.quote(s, at)
}

// chipBasis returns what is counted where the sentence states it.
func (s *sentence) chipBasis(q *quantity, m news.Modality) news.Basis {
	lo, hi := s.clause(q.from, q.to)
	if _, ok := s.firstIn(lo, hi, "basis", "chips ordered"); ok {
		return news.BasisOrdered
	}
	if _, ok := s.firstIn(lo, hi, "basis", "chips permitted"); ok {
		return news.BasisPermitted
	}
	return basisByState(m)
}

// basisByState returns what a count of chips is when its state is said.
func basisByState(m news.Modality) news.Basis {
	switch m {
	case news.Operational:
		return news.BasisInstalled
	case news.Planned, news.UnderConstruction:
		return news.BasisPlanned
	}
	return news.BasisNone
}

// unique drops claims that repeat an earlier one in all but the quote.
func unique(claims []news.Claim) []news.Claim {
	type key struct {
		metric               news.Metric
		lo, hi               float64
		text, currency, chip string
		basis                news.Basis
		modality             news.Modality
		cluster, phase, by   string
	}
	seen := map[key]bool{}
	kept := claims[:0]
	for _, c := range claims {
		k := key{metric: c.Metric, text: c.ValueText, currency: c.Currency, chip: c.Chip, basis: c.Basis,
			modality: c.Modality, cluster: c.Cluster, phase: c.Phase, by: c.Speaker}
		if c.ValueLo != nil {
			k.lo, k.hi = *c.ValueLo, *c.ValueHi
		}
		if !seen[k] {
			seen[k] = true
			kept = append(kept, c)
		}
	}
	return kept
}
