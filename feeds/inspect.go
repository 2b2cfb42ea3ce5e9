package feeds

import (
	"time"

	"clusterwire/feeds/extract"
	"clusterwire/feeds/news"
	"clusterwire/feeds/parse"
)

// What each stage makes of one input, in the shape that `clusterwire inspect`
// prints. Lists are never null, so that scripts can walk them.

// FeedView is what parsing makes of a feed.
type FeedView struct {
	Kind        news.FeedKind `json:"kind"`
	Title       string        `json:"title"`
	Description string        `json:"description"`
	Link        string        `json:"link"`
	Language    string        `json:"language"`
	Updated     *time.Time    `json:"updated"`
	Damaged     bool          `json:"damaged"`
	Items       []ItemView    `json:"items"`
	Warnings    []string      `json:"warnings"`
}

// ItemView is one entry of a FeedView.
type ItemView struct {
	ID          string           `json:"id"`
	URL         string           `json:"url"`
	Title       string           `json:"title"`
	Published   *time.Time       `json:"published"`
	Updated     *time.Time       `json:"updated"`
	Authors     []string         `json:"authors"`
	Categories  []string         `json:"categories"`
	Summary     string           `json:"summary"`
	ContentHTML string           `json:"content_html"`
	ContentText string           `json:"content_text"`
	Enclosures  []news.Enclosure `json:"enclosures"`
}

// InspectFeed parses a feed's body as a poll would.
func InspectFeed(body []byte, address, contentType string) (FeedView, error) {
	doc, err := parse.Feed(body, parse.Input{URL: address, ContentType: contentType})
	if err != nil {
		return FeedView{}, err
	}
	v := FeedView{
		Kind: doc.Kind, Title: doc.Title, Description: doc.Description, Link: doc.Link, Language: doc.Language,
		Updated: stated(doc.Updated), Damaged: doc.Damaged, Items: make([]ItemView, len(doc.Items)), Warnings: list(doc.Warnings),
	}
	for i, it := range doc.Items {
		v.Items[i] = ItemView{
			ID: it.GUID, URL: it.URL, Title: it.Title, Published: stated(it.Published), Updated: stated(it.Updated),
			Authors: list(it.Authors), Categories: list(it.Categories), Summary: it.Summary,
			ContentHTML: it.ContentHTML, ContentText: it.ContentText, Enclosures: list(it.Enclosures),
		}
	}
	return v, nil
}

// PageView is what extraction makes of a page.
type PageView struct {
	URL       string     `json:"url"`
	Canonical string     `json:"canonical"`
	Title     string     `json:"title"`
	Byline    string     `json:"byline"`
	Published *time.Time `json:"published"`
	Modified  *time.Time `json:"modified"`
	Language  string     `json:"language"`
	Image     string     `json:"image"`
	Text      string     `json:"text"`
	HTML      string     `json:"html"`
	Method    string     `json:"method"`
	Refused   string     `json:"refused,omitempty"`
	Warnings  []string   `json:"warnings"`
}

// InspectPage extracts an article from a page as opening it would.
func InspectPage(body []byte, address, contentType string) (PageView, error) {
	p, err := extract.Page(body, extract.Input{URL: address, ContentType: contentType})
	if err != nil {
		return PageView{}, err
	}
	return PageView{
		URL: p.URL, Canonical: p.Canonical, Title: p.Title, Byline: p.Byline, Published: stated(p.Published), Modified: stated(p.Modified),
		Language: p.Language, Image: p.Image, Text: p.Text, HTML: p.HTML, Method: p.Method, Refused: p.Refused, Warnings: list(p.Warnings),
	}, nil
}

// TextView is what reading makes of a text.
type TextView struct {
	Language  string            `json:"lang"`
	Verdict   news.Verdict      `json:"verdict"`
	Companies []news.Mention    `json:"companies"`
	Topics    []news.TopicTag   `json:"topics"`
	Clusters  []news.ClusterTag `json:"clusters"`
	Claims    []ClaimView       `json:"claims"`
	Refused   []RefusedView     `json:"refused,omitempty"`
}

// RefusedView is a figure that was weighed and is not published, and why.
type RefusedView struct {
	Metric   news.Metric `json:"metric"`
	ValueLo  *float64    `json:"value_lo"`
	ValueHi  *float64    `json:"value_hi"`
	Unit     *string     `json:"unit"`
	Currency *string     `json:"currency"`
	Score    float64     `json:"score"`  // the probability that it is a claim about a site or cluster
	Reason   string      `json:"reason"` // the strongest evidence, with its weight
}

// ClaimView is a claim with every field of it, null where the text doesn't
// state it. A place or a date stands in value_text, which numbers don't have.
type ClaimView struct {
	Metric    news.Metric     `json:"metric"`
	ValueLo   *float64        `json:"value_lo"`
	ValueHi   *float64        `json:"value_hi"`
	ValueText *string         `json:"value_text,omitempty"`
	Qualifier *news.Qualifier `json:"qualifier"`
	Unit      *string         `json:"unit"`
	Currency  *string         `json:"currency"`
	Chip      *string         `json:"chip"`
	Basis     *news.Basis     `json:"basis"`
	Modality  *news.Modality  `json:"modality"`
	Cluster   *string         `json:"cluster"`
	Phase     *string         `json:"phase"`
	Org       *string         `json:"org"`
	OrgRole   *news.OrgRole   `json:"org_role"`
	Speaker   *string         `json:"speaker"`
	Date      *string         `json:"date"`
	Quote     string          `json:"quote"`
	Start     int             `json:"start"`
	End       int             `json:"end"`
	In        string          `json:"in,omitempty"` // "" for the text, "title" for the title
}

func claimViews(claims []news.Claim) []ClaimView {
	out := make([]ClaimView, len(claims))
	for i, c := range claims {
		out[i] = ClaimView{
			Metric: c.Metric, ValueLo: c.ValueLo, ValueHi: c.ValueHi, ValueText: given(c.ValueText), Qualifier: given(c.Qualifier),
			Unit: given(c.Unit), Currency: given(c.Currency), Chip: given(c.Chip), Basis: given(c.Basis), Modality: given(c.Modality),
			Cluster: given(c.Cluster), Phase: given(c.Phase), Org: given(c.Org), OrgRole: given(c.OrgRole), Speaker: given(c.Speaker),
			Date: given(c.Date), Quote: c.Quote, Start: c.Start, End: c.End, In: c.In,
		}
	}
	return out
}

// given is nil for a word that the text doesn't give.
func given[S ~string](s S) *S {
	if s == "" {
		return nil
	}
	return &s
}

// InspectText reads a text as the line would.
func (r *Reader) InspectText(t news.Text) TextView {
	reading := r.Read(t)
	return TextView{
		Language: reading.Language, Verdict: reading.Verdict, Companies: list(reading.Mentions), Topics: list(reading.Topics),
		Clusters: list(reading.Clusters), Claims: claimViews(reading.Claims),
	}
}

// InspectWholeText reads a text as InspectText does, and a second time for the
// figures that were weighed and refused.
func (r *Reader) InspectWholeText(t news.Text) TextView {
	v := r.InspectText(t)
	t.Language = v.Language
	for _, w := range r.claims.Figures(t, v.Companies) {
		if c := w.Claim; !w.Published {
			v.Refused = append(v.Refused, RefusedView{c.Metric, c.ValueLo, c.ValueHi, given(c.Unit), given(c.Currency), w.Score, w.Reason})
		}
	}
	return v
}

// stated is nil for a time that was not stated, so that JSON says null.
func stated(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// list is s, or an empty list in place of nil.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
