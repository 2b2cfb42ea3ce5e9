package store

import (
	"strings"

	"clusterwire/feeds/news"
	"clusterwire/store/query"
)

// indexText returns title and body as the index takes them. A summary that
// the text begins with says nothing new.
func indexText(title, summary, text string) (string, string) {
	if summary != "" && !strings.Contains(text, strings.TrimSuffix(summary, "…")) {
		text = summary + "\n\n" + text
	}
	return query.IndexText(title), query.IndexText(text)
}

// filterTokens returns what an article can be filtered by, as index tokens.
// The kind and country of its source are not among them: they are looked up
// when asked, since an operator may change them.
func filterTokens(source, language, image string, r *news.Reading) string {
	tokens := make([]string, 0, 8+2*len(r.Mentions)+len(r.Topics))
	add := func(kind, value string) {
		if value != "" {
			tokens = append(tokens, query.FilterToken(kind, value))
		}
	}
	if r.Verdict.Relevant {
		add(query.FilterVisible, "1")
	} else {
		add(query.FilterVisible, "0")
	}
	add(query.FilterSource, source)
	add(query.FilterLanguage, language)
	subject := false
	for _, m := range r.Mentions {
		add(query.FilterCompany, m.Company)
		if m.Role == news.RoleSubject {
			add(query.FilterSubject, m.Company)
			subject = true
		}
	}
	for _, t := range r.Topics {
		add(query.FilterTopic, string(t.Topic))
	}
	for _, c := range r.Clusters {
		add(query.FilterCluster, c.Cluster)
	}
	has := func(value string, yes bool) {
		if yes {
			add(query.FilterHas, value)
		}
	}
	has("claims", len(r.Claims) > 0)
	has("image", image != "")
	has("cluster", len(r.Clusters) > 0)
	has("company", len(r.Mentions) > 0)
	has("subject", subject)
	return strings.Join(tokens, " ")
}

// index writes an article's index row.
func (t *tx) index(id int64, title, body, tags string, replace bool) error {
	text := "INSERT INTO search (rowid, body, title, tags) VALUES (?, ?, ?, ?)"
	if replace {
		text = "INSERT OR REPLACE INTO search (rowid, body, title, tags) VALUES (?, ?, ?, ?)"
	}
	if t.keep && t.number != 0 {
		t.ids, t.rows = append(t.ids, id), append(t.rows, newIndexRow(body, title, tags))
	}
	_, err := t.exec(text, id, body, title, tags)
	return err
}
