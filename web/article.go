package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// articlePage is the struct of templates/article.html.
type articlePage struct {
	frame
	ID        string
	Headline  string
	URL       string
	Host      string
	Source    news.Source
	Byline    string
	Published time.Time
	Seen      bool
	Modified  time.Time
	FirstSeen time.Time
	Language  string
	Summary   string
	Revision  int
	Hidden    bool // judged to be off the topic
	Verdict   news.Verdict
	Companies []tagRow
	Clusters  []tagRow
	Topics    []tagRow
	Claims    []claimRow
	Story     string // address of the page of its story, "" if it has none yet
	Via       []news.Via
	More      []card // other articles about its first company
	MoreOf    link
}

// tagRow is a tag with why it was given.
type tagRow struct {
	chip
	Role  news.Role
	Rule  string
	Quote []quote
}

// quote is a piece of the article that a tag or claim rests on.
type quote struct {
	Before, Match, After string
	Lang                 string
	InTitle              bool
}

// claimRow is a claim as a page shows it.
type claimRow struct {
	ID       string // of the claim; on pages that name it
	Metric   string
	Value    string
	What     string // basis, chip, phase
	Modality news.Modality
	Who      link
	Named    bool // the row says of whom it is
	Quote    quote
	Speaker  string
	Date     string

	Said      statement // where it stands; on pages about more than one article
	Withdrawn bool      // its sentence has gone from the article
}

func (s *site) article(r *http.Request) (reply, error) {
	id, err := articleID(r.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	entry, err := s.store.Article(r.Context(), id)
	if err != nil {
		return reply{}, err
	}
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	page := s.articlePage(r, st, entry)
	if err := s.addMore(r, st, entry, &page); err != nil {
		return reply{}, err
	}
	rep, err := s.page("article", page)
	rep.modified, rep.noIndex = st.Stats.Changed, page.Hidden
	return rep, err
}

func (s *site) articlePage(r *http.Request, st *stand, e news.Entry) articlePage {
	a, title := e.Article, titleOf(e.Article.Title, e.Article.URL)
	page := articlePage{frame: s.frame(r, st, title, articlePath(a.ID)), ID: strconv.FormatInt(a.ID, 10), Headline: title, URL: st.open(a.URL), Host: hostOf(a.URL),
		Source: e.Source, Published: a.Published, Seen: a.Dated == news.DatedSeen,
		FirstSeen: a.FirstSeen, Language: a.Language, Summary: a.Summary, Revision: a.Revision,
		Hidden: !e.Reading.Verdict.Relevant, Verdict: e.Reading.Verdict, Via: otherVia(e)}
	page.Source.Name = st.named(e.Source)
	if !strings.EqualFold(a.Byline, page.Source.Name) { // who signs as the house need not be named twice
		page.Byline = a.Byline
	}
	if a.Modified.After(a.Published) {
		page.Modified = a.Modified
	}
	if page.Language == "" {
		page.Language = e.Reading.Language
	}
	if e.Story != 0 {
		page.Story = storyPath(e.Story)
	}
	page.Description, page.NoIndex = a.Summary, page.Hidden
	for _, m := range subjectsFirst(e.Reading.Mentions) {
		page.Companies = append(page.Companies, tagRow{chip: chip{Href: companyPath(m.Company), Text: st.companyName(m.Company)},
			Role: m.Role, Rule: m.Rule, Quote: quotesOf(a, m.Evidence)})
	}
	for _, c := range e.Reading.Clusters {
		page.Clusters = append(page.Clusters, tagRow{chip: chip{Href: clusterPath(c.Cluster), Text: st.clusterName(c.Cluster)}, Quote: quotesOf(a, c.Evidence)})
	}
	for _, t := range e.Reading.Topics {
		page.Topics = append(page.Topics, tagRow{chip: chip{Href: topicPath(t.Topic), Text: string(t.Topic), Class: "topic"}, Quote: quotesOf(a, t.Evidence)})
	}
	for _, c := range e.Reading.Claims {
		page.Claims = append(page.Claims, st.claimRow(c, quoteOf(a, c.Evidence)))
	}
	return page
}

// otherVia are the items that led here, but for the article's own source at its own address.
func otherVia(e news.Entry) []news.Via {
	return slices.DeleteFunc(slices.Clone(e.Via), func(v news.Via) bool {
		return v.Source.Slug == e.Source.Slug && (v.URL == e.Article.URL || v.URL == e.Article.Canonical)
	})
}

// mostQuotes is how many pieces of evidence stand beside one tag.
const mostQuotes = 2

func quotesOf(a news.Article, evidence []news.Evidence) []quote {
	var out []quote
	for _, e := range evidence[:min(len(evidence), mostQuotes)] {
		out = append(out, quoteOf(a, e))
	}
	return out
}

// around is how many bytes of text are shown on each side of a quote.
const around = 70

// quoteOf cuts a quote with some words around it out of the article. Where the
// offsets do not hold, the quote stands alone.
func quoteOf(a news.Article, e news.Evidence) quote {
	text := a.Text
	if e.In == news.InTitle {
		text = a.Title
	}
	q := quote{Match: e.Quote, Lang: a.Language, InTitle: e.In == news.InTitle}
	if e.Start < 0 || e.End > len(text) || e.Start > e.End || text[e.Start:e.End] != e.Quote {
		return q
	}
	q.Before = tailWords(text[:e.Start], around)
	q.After = headWords(text[e.End:], around)
	return q
}

// tailWords is the end of s, at most n bytes from a word's beginning, within
// one paragraph.
func tailWords(s string, n int) string {
	if i := strings.LastIndexByte(s, '\n'); i >= 0 {
		s = s[i+1:]
	}
	if len(s) <= n {
		return s
	}
	s = strings.ToValidUTF8(s[len(s)-n:], "")
	if i := strings.IndexByte(s, ' '); i >= 0 {
		s = s[i:]
	}
	return "…" + s
}

// headWords is the beginning of s in the same way.
func headWords(s string, n int) string {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		s = s[:i]
	}
	if len(s) <= n {
		return s
	}
	s = strings.ToValidUTF8(s[:n], "")
	if i := strings.LastIndexByte(s, ' '); i >= 0 {
		s = s[:i]
	}
	return s + "…"
}

// addMore adds what else the wire has about the article's first company.
func (s *site) addMore(r *http.Request, st *stand, e news.Entry, page *articlePage) error {
	mentions := subjectsFirst(e.Reading.Mentions)
	if len(mentions) == 0 {
		return nil
	}
	first := mentions[0].Company
	res, err := s.store.Search(r.Context(), news.Query{Companies: []string{first}, Limit: 6})
	if err != nil {
		return err
	}
	page.MoreOf = link{companyPath(first), st.companyName(first)}
	own := strconv.FormatInt(e.Article.ID, 10)
	for _, c := range st.cards(res.Hits) {
		if c.ID != own && len(page.More) < 5 {
			page.More = append(page.More, c)
		}
	}
	return nil
}
