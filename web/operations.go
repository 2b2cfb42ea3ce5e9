package web

import (
	"net/http"
	"net/url"

	"clusterwire/feeds/news"
)

// operation is one address of the API. The table of operations is both what
// is served and what the reference describes.
type operation struct {
	Path    string
	ID      string
	Summary string
	Params  []param
	Answer  any // a zero value of what it answers
	Example string
	run     handler
}

// root is where version 1 of the API stands.
const root = "/api/v1"

func (s *site) operations() []operation {
	articles := append(filterParams(), pageParams()...)
	return []operation{
		{Path: root + "/articles", ID: "listArticles", Summary: "Articles, newest first", Params: articles, Answer: listJSON[articleJSON]{}, Example: "?company=xai&limit=2", run: s.apiList},
		{Path: root + "/articles/{id}", ID: "getArticle", Summary: "One article with everything concluded from it, each tag with its evidence", Answer: entryJSON{}, run: s.apiArticle},
		{Path: root + "/search", ID: "search", Summary: "Articles that match a query, with the place in the text", Params: articles, Answer: listJSON[articleJSON]{}, Example: "?q=gas+turbines", run: s.apiList},
		{Path: root + "/companies", ID: "listCompanies", Summary: "Every company, most articles first", Answer: listJSON[companyJSON]{}, run: s.apiCompanies},
		{Path: root + "/companies/{slug}", ID: "getCompany", Summary: "One company", Answer: companyJSON{}, run: s.apiCompany},
		{Path: root + "/sources", ID: "listSources", Summary: "Every publisher with the health of its feeds", Answer: listJSON[sourceJSON]{}, run: s.apiSources},
	}
}

// operation wraps what all operations share: an unknown parameter is an error.
func (s *site) operation(op operation) handler {
	return func(r *http.Request) (reply, error) {
		values, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return reply{}, badInput("", "the query is not well-formed")
		}
		if err := strict(values, op.Params); err != nil {
			return reply{}, err
		}
		return op.run(r)
	}
}

func (s *site) jsonReply(v any, st *stand) (reply, error) {
	body, err := marshal(v)
	rep := reply{contentType: formatJSON.mime, body: body}
	if st != nil {
		rep.modified = st.Stats.Changed
	}
	return rep, err
}

// apiList answers /articles and /search.
func (s *site) apiList(r *http.Request) (reply, error) {
	values := r.URL.Query()
	q, err := decodeQuery(values)
	if err != nil {
		return reply{}, err
	}
	l, err := s.ask(r.Context(), r, r.URL.Path, "", canonical(values), q)
	if err != nil {
		return reply{}, err
	}
	rep, err := s.jsonReply(l.wire(), l.Stand)
	rep.link = l.linkHeader(formatHTML)
	return rep, err
}

func (s *site) apiArticle(r *http.Request) (reply, error) {
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
	return s.jsonReply(st.entryJSON(entry, s.base(r)), st)
}

func (s *site) apiCompanies(r *http.Request) (reply, error) {
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	items := make([]companyJSON, len(st.Companies))
	for i, c := range st.Companies {
		items[i] = companyWire(c, s.base(r))
	}
	return s.jsonReply(listOf(items, news.Results{Total: len(items)}), st)
}

func (s *site) apiCompany(r *http.Request) (reply, error) {
	c, err := s.store.Company(r.Context(), r.PathValue("slug"))
	if err != nil {
		return reply{}, err
	}
	return s.jsonReply(companyWire(c, s.base(r)), nil)
}

func (s *site) apiSources(r *http.Request) (reply, error) {
	all, err := s.store.Sources(r.Context())
	if err != nil {
		return reply{}, err
	}
	items := make([]sourceJSON, len(all))
	for i, h := range all {
		items[i] = sourceWire(h)
	}
	return s.jsonReply(listOf(items, news.Results{Total: len(items)}), nil)
}
