package web

import (
	"net/http"
	"strings"

	"clusterwire/feeds/news"
)

// mostSuggestions is how many a search field offers.
const mostSuggestions = 8

// suggestion is one offer to somebody who types.
type suggestion struct {
	Text  string `json:"text"`
	Kind  string `json:"kind"`
	Query string `json:"query"`
	Page  string `json:"page"`
}

// suggestions are ways to go on with what was typed.
func (s *site) suggestions(r *http.Request) (typed string, out []suggestion, err error) {
	typed = printable(strings.TrimLeft(r.URL.Query().Get("q"), " "), longestQuery)
	list, err := s.store.Complete(r.Context(), typed, mostSuggestions)
	for _, c := range list {
		x := suggestion{Text: c.Label, Kind: c.Field, Query: c.Query}
		switch c.Field {
		case "":
			x.Kind = "field"
		case "company":
			x.Page = companyPath(c.Value)
		case "cluster":
			x.Page = clusterPath(c.Value)
		case "topic":
			x.Page = topicPath(news.Topic(c.Value))
		case "source":
			x.Page = sourcePath(c.Value)
		}
		out = append(out, x)
	}
	return typed, out, err
}

// apiSuggest answers /suggest of the API.
func (s *site) apiSuggest(r *http.Request) (reply, error) {
	_, items, err := s.suggestions(r)
	if err != nil {
		return reply{}, err
	}
	return s.jsonReply(listOf(items, news.Results{Total: len(items)}), nil)
}

// browserSuggest answers browsers in the form of OpenSearch Suggestions 1.0.
func (s *site) browserSuggest(r *http.Request) (reply, error) {
	typed, items, err := s.suggestions(r)
	if err != nil {
		return reply{}, err
	}
	texts := []string{}
	for _, x := range items {
		texts = append(texts, x.Query)
	}
	body, err := marshal([]any{typed, texts})
	return reply{contentType: "application/x-suggestions+json", body: body}, err
}
