package web

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// The wire types: what the API says, apart from what the house calls things
// inside, so that either can change without the other. A field is always
// there; what is not known is null, or "" where a text is empty.

// listJSON is a page of any list.
type listJSON[T any] struct {
	Items    []T      `json:"items"`
	Total    int      `json:"total"`
	AtLeast  bool     `json:"total_is_lower_bound"`
	Next     *string  `json:"next"` // cursor of the next page
	Warnings []string `json:"warnings"`
}

// articleJSON is one article in a list.
type articleJSON struct {
	ID        string           `json:"id"`
	Title     string           `json:"title"`
	URL       string           `json:"url"`
	Page      string           `json:"page"` // address of its page here
	Source    sourceRefJSON    `json:"source"`
	Byline    string           `json:"byline"`
	Published *time.Time       `json:"published"`
	Dated     string           `json:"dated"` // page, feed or seen: where published comes from
	Modified  *time.Time       `json:"modified"`
	FirstSeen *time.Time       `json:"first_seen"`
	Language  string           `json:"language"`
	Companies []companyRefJSON `json:"companies"`
	Topics    []string         `json:"topics"`
	Summary   string           `json:"summary"`
	Snippet   *string          `json:"snippet,omitempty" parquet:"-"`   // where the text matches; in a search only
	Highlight []fragmentJSON   `json:"highlight,omitempty" parquet:"-"` // the snippet in pieces, matches marked
	Claims    int              `json:"claims"`
	Story     *string          `json:"story"`
}

type sourceRefJSON struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
}

type companyRefJSON struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
	Role string `json:"role"`
}

type fragmentJSON struct {
	Text  string `json:"text"`
	Match bool   `json:"match"`
}

// entryJSON is one article whole.
type entryJSON struct {
	articleJSON
	Canonical string            `json:"canonical"`
	Revision  int               `json:"revision"`
	Verdict   news.Verdict      `json:"verdict"`
	Mentions  []mentionJSON     `json:"mentions"`
	TopicTags []news.TopicTag   `json:"topic_tags"`
	Clusters  []news.ClusterTag `json:"clusters"`
	ClaimList []claimJSON       `json:"claim_list"`
	Via       []viaJSON         `json:"via"`
}

type mentionJSON struct {
	Slug     string          `json:"slug"`
	Name     string          `json:"name"`
	Role     string          `json:"role"`
	Rule     string          `json:"rule"`
	Evidence []news.Evidence `json:"evidence"`
}

type viaJSON struct {
	Source sourceRefJSON `json:"source"`
	URL    string        `json:"url"`
	Title  string        `json:"title"`
	Seen   *time.Time    `json:"seen"`
}

// companyJSON is a company with how often it is in the news.
type companyJSON struct {
	Slug     string     `json:"slug"`
	Name     string     `json:"name"`
	Country  string     `json:"country"`
	Kind     string     `json:"kind"`
	Site     string     `json:"site"`
	Page     string     `json:"page"`
	Articles int        `json:"articles"`
	Subject  int        `json:"subject"`
	Recent   int        `json:"recent"` // of the newest 30 days
	Newest   *time.Time `json:"newest"`
}

// sourceJSON is a source with the health of its feeds.
type sourceJSON struct {
	Slug     string     `json:"slug"`
	Name     string     `json:"name"`
	Site     string     `json:"site"`
	Kind     string     `json:"kind"`
	Language string     `json:"language"`
	Country  string     `json:"country"`
	Trust    int        `json:"trust"`
	State    string     `json:"state"`
	Articles int        `json:"articles"`
	Newest   *time.Time `json:"newest"`
	Feeds    []feedJSON `json:"feeds"`
}

type feedJSON struct {
	URL      string     `json:"url"`
	Kind     string     `json:"kind"`
	Title    string     `json:"title"`
	State    string     `json:"state"`
	Checked  *time.Time `json:"checked"`
	Read     *time.Time `json:"read"`
	Changed  *time.Time `json:"changed"`
	Next     *time.Time `json:"next"`
	Failures int        `json:"failures"`
	Class    string     `json:"error_class"`
	Error    string     `json:"error"`
	Items    int        `json:"items"`
}

// timeOf is null for what is not stated.
func timeOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Second)
	return &t
}

func textOf(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func listOf[T any](items []T, res news.Results) listJSON[T] {
	return listJSON[T]{Items: full(items), Total: res.Total, AtLeast: res.AtLeast, Next: textOf(res.Next), Warnings: full(res.Warnings)}
}

// full makes an empty list out of none: [] on the wire, not null.
func full[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// wire is a list in the form of the API.
func (l *list) wire() listJSON[articleJSON] {
	res := l.Results
	if res.Meant != "" {
		res.Warnings = append(slices.Clone(res.Warnings), "nothing was found: did you mean "+res.Meant+"?")
	}
	return listOf(l.articles(), res)
}

func (l *list) articles() []articleJSON {
	out := make([]articleJSON, len(l.Results.Hits))
	for i, h := range l.Results.Hits {
		out[i] = l.Stand.articleJSON(h, l.Base)
	}
	return out
}

func (st *stand) articleJSON(h news.Hit, base string) articleJSON {
	a := articleJSON{
		ID: strconv.FormatInt(h.ID, 10), Title: h.Title, URL: h.URL, Page: base + articlePath(h.ID),
		Source: sourceRefJSON{h.Source.Slug, st.named(h.Source)}, Byline: h.Byline,
		Published: timeOf(h.Published), Dated: string(h.Dated), Modified: timeOf(h.Modified), FirstSeen: timeOf(h.FirstSeen),
		Language: h.Language, Companies: []companyRefJSON{}, Topics: full(names(h.Topics)), Summary: h.Summary, Claims: h.Claims,
	}
	for _, m := range h.Mentions {
		a.Companies = append(a.Companies, companyRefJSON{m.Company, st.companyName(m.Company), string(m.Role)})
	}
	if h.Story != 0 {
		a.Story = textOf(strconv.FormatInt(h.Story, 10))
	}
	if h.Snippet != nil {
		text := snippetText(h.Snippet)
		a.Snippet = &text
		for _, f := range h.Snippet {
			a.Highlight = append(a.Highlight, fragmentJSON(f))
		}
	}
	return a
}

func snippetText(fragments []news.Fragment) string {
	var b strings.Builder
	for _, f := range fragments {
		b.WriteString(f.Text)
	}
	return b.String()
}

func (st *stand) entryJSON(e news.Entry, base string) entryJSON {
	a := e.Article
	hit := news.Hit{ID: a.ID, URL: a.URL, Title: a.Title, Byline: a.Byline, Source: e.Source, Published: a.Published, Dated: a.Dated,
		Modified: a.Modified, FirstSeen: a.FirstSeen, Language: a.Language, Summary: a.Summary, Mentions: e.Reading.Mentions, Claims: len(e.Reading.Claims), Story: e.Story}
	if hit.Language == "" {
		hit.Language = e.Reading.Language
	}
	for _, t := range e.Reading.Topics {
		hit.Topics = append(hit.Topics, t.Topic)
	}
	out := entryJSON{articleJSON: st.articleJSON(hit, base), Canonical: a.Canonical, Revision: a.Revision, Verdict: e.Reading.Verdict,
		TopicTags: full(e.Reading.Topics), Clusters: full(e.Reading.Clusters), ClaimList: claimsWire(e.Reading.Claims), Mentions: []mentionJSON{}, Via: []viaJSON{}}
	for _, m := range e.Reading.Mentions {
		out.Mentions = append(out.Mentions, mentionJSON{m.Company, st.companyName(m.Company), string(m.Role), m.Rule, full(m.Evidence)})
	}
	for _, v := range e.Via {
		out.Via = append(out.Via, viaJSON{sourceRefJSON{v.Source.Slug, st.named(v.Source)}, v.URL, v.Title, timeOf(v.Seen)})
	}
	return out
}

func companyWire(c news.CompanyCount, base string) companyJSON {
	return companyJSON{Slug: c.Company.Slug, Name: c.Company.Name, Country: c.Company.Country, Kind: c.Company.Kind, Site: c.Company.Site,
		Page: base + companyPath(c.Company.Slug), Articles: c.Articles, Subject: c.Subject, Recent: c.Recent, Newest: timeOf(c.Newest)}
}

func sourceWire(h news.SourceHealth) sourceJSON {
	out := sourceJSON{Slug: h.Source.Slug, Name: h.Source.Name, Site: h.Source.Site, Kind: string(h.Source.Kind), Language: h.Source.Language,
		Country: h.Source.Country, Trust: int(h.Source.Trust), State: health(h), Articles: h.Articles, Newest: timeOf(h.Newest), Feeds: []feedJSON{}}
	for _, f := range h.Feeds {
		out.Feeds = append(out.Feeds, feedJSON{URL: f.URL, Kind: string(f.Kind), Title: f.Title, State: string(f.State), Checked: timeOf(f.Checked),
			Read: timeOf(f.Read), Changed: timeOf(f.Changed), Next: timeOf(f.Attempt.Next), Failures: f.Attempt.Failures,
			Class: f.Attempt.Class, Error: f.Attempt.Error, Items: f.Items})
	}
	return out
}

// marshal writes JSON that a person can read. < > & are escaped, so that it
// stays data wherever it is put.
func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetIndent("", "  ")
	err := enc.Encode(v)
	return buf.Bytes(), err
}
