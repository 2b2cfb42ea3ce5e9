package web

import "clusterwire/feeds/news"

// linked describes a list to machines, see linkedArticles.
func (l *list) linked(title string) any {
	return l.Stand.linkedArticles(title, l.Base+l.page(), l.Results.Hits)
}

// linkedArticles describes articles in JSON-LD (schema.org): a collection, each
// of its articles by the publisher who wrote it.
func (st *stand) linkedArticles(title, page string, hits []news.Hit) any {
	type org struct {
		Type string `json:"@type"`
		Name string `json:"name"`
	}
	type article struct {
		Type      string `json:"@type"`
		Headline  string `json:"headline"`
		URL       string `json:"url"`
		Published string `json:"datePublished,omitempty"`
		Language  string `json:"inLanguage,omitempty"`
		Publisher org    `json:"publisher"`
	}
	type entry struct {
		Type     string  `json:"@type"`
		Position int     `json:"position"`
		Item     article `json:"item"`
	}
	entries := []entry{}
	for i, h := range hits {
		a := article{Type: "NewsArticle", Headline: titleOf(h.Title, h.URL), URL: h.URL, Language: h.Language, Publisher: org{"Organization", st.named(h.Source)}}
		if !h.Published.IsZero() {
			a.Published = rfc3339(h.Published)
		}
		entries = append(entries, entry{"ListItem", i + 1, a})
	}
	return map[string]any{"@context": "https://schema.org", "@type": "CollectionPage", "name": title, "url": page,
		"mainEntity": map[string]any{"@type": "ItemList", "itemListElement": entries}}
}
