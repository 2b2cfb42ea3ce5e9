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
	Kind  string `json:"kind"` // company, cluster, topic or source
	Query string `json:"query"`
	Page  string `json:"page"`
}

// suggestions are the names that begin with what was typed, or have a word
// that does.
func (st *stand) suggestions(typed string) []suggestion {
	typed = strings.ToLower(strings.TrimSpace(typed))
	var first, second []suggestion
	if typed == "" {
		return nil
	}
	offer := func(s suggestion) {
		name := strings.ToLower(s.Text)
		switch {
		case strings.HasPrefix(name, typed):
			first = append(first, s)
		case strings.Contains(name, " "+typed):
			second = append(second, s)
		}
	}
	for _, c := range st.Companies {
		offer(suggestion{c.Company.Name, "company", "company:" + c.Company.Slug, companyPath(c.Company.Slug)})
	}
	for _, c := range st.Clusters {
		offer(suggestion{c.Name, "cluster", "cluster:" + c.Slug, clusterPath(c.Slug)})
	}
	for _, t := range news.Topics() {
		offer(suggestion{string(t), "topic", "topic:" + string(t), topicPath(t)})
	}
	for _, h := range st.Sources {
		offer(suggestion{h.Source.Name, "source", "source:" + h.Source.Slug, sourcePath(h.Source.Slug)})
	}
	all := append(first, second...)
	return all[:min(len(all), mostSuggestions)]
}

// apiSuggest answers /suggest of the API.
func (s *site) apiSuggest(r *http.Request) (reply, error) {
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	items := st.suggestions(r.URL.Query().Get("q"))
	return s.jsonReply(listOf(items, news.Results{Total: len(items)}), st)
}

// browserSuggest answers browsers in the form of OpenSearch Suggestions 1.0.
func (s *site) browserSuggest(r *http.Request) (reply, error) {
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	typed := printable(r.URL.Query().Get("q"), longestQuery)
	texts := []string{}
	for _, sg := range st.suggestions(typed) {
		texts = append(texts, sg.Text)
	}
	body, err := marshal([]any{typed, texts})
	return reply{contentType: "application/x-suggestions+json", body: body}, err
}
