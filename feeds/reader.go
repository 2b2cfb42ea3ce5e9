package feeds

import (
	"fmt"
	"io"
	"time"

	"clusterwire/feeds/claim"
	"clusterwire/feeds/lang"
	"clusterwire/feeds/news"
	matching "clusterwire/feeds/story"
	"clusterwire/feeds/tag"
)

// Reader concludes a Reading from a text: verdict, companies, topics,
// clusters and claims. It is pure and safe for concurrent use. Construct it
// with NewReader.
type Reader struct {
	tagger  *tag.Tagger
	claims  *claim.Reader
	stories *matching.Matcher
	rules   string
}

// NewReader loads the rules, which are part of the program: an error is a
// mistake in the data files. The registry of clusters grows by those given,
// which a person confirmed.
func NewReader(confirmed ...news.Cluster) (*Reader, error) {
	tagger, err := tag.New()
	if err != nil {
		return nil, fmt.Errorf("rules of companies and topics: %w", err)
	}
	claims, err := claim.New(confirmed...)
	if err != nil {
		return nil, fmt.Errorf("rules of claims: %w", err)
	}
	stories, err := matching.New()
	if err != nil {
		return nil, fmt.Errorf("rules of stories: %w", err)
	}
	return &Reader{tagger: tagger, claims: claims, stories: stories, rules: tagger.Version() + "+" + claims.Version()}, nil
}

// Rules is the version of the rules; a Reading by other rules is out of date.
func (r *Reader) Rules() string { return r.rules }

// Companies is the registry of companies.
func (r *Reader) Companies() []news.Company { return r.tagger.Companies() }

// Clusters is the registry of clusters.
func (r *Reader) Clusters() []news.Cluster { return r.claims.Clusters() }

// Epoch reads a database of Epoch AI: statements about clusters, and the
// clusters that the registry lacks. See claim.Reader.Epoch.
func (r *Reader) Epoch(file io.Reader, today time.Time) ([]news.Cluster, []news.Statement, error) {
	return r.claims.Epoch(file, today)
}

// Read reads one text. Text.Language is what was declared, and is settled
// here; Reading.Article is left for the store to fill in.
func (r *Reader) Read(t news.Text) news.Reading {
	t.Language = lang.Of(t.Title+"\n"+t.Body, t.Language)
	tags := r.tagger.Read(t)
	found := r.claims.ReadAll(t, tags.Mentions)
	return news.Reading{
		Language: t.Language,
		Rules:    r.rules,
		Verdict:  tags.Verdict,
		Mentions: tags.Mentions,
		Topics:   tags.Topics,
		Clusters: found.Clusters,
		Claims:   found.Claims,

		Candidates: found.Candidates,
	}
}
