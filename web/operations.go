package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"clusterwire/feeds/news"
	"clusterwire/web/dump"
)

// operation is one address of the API. The table of operations is both what
// is served and what the reference describes, so that they can't differ.
type operation struct {
	Path    string
	ID      string
	Summary string
	Params  []param // in the query; those in the path are read from Path
	Answer  any     // a zero value of what it answers, nil for a stream
	Example string  // the query of an example
	run     handler
	long    bool     // a stream, which may take as long as it takes
	Media   []string // of a stream
}

// root is where version 1 of the API stands.
const root = "/api/v1"

func (s *site) operations() []operation {
	filters := filterParams()
	list := slices.Concat(filters, pageParams(), []param{{Name: "fields", Doc: "Which fields of an item to give; all if absent.", Example: "id,title,url", Many: true}})
	export := append(slices.Clone(filters), param{Name: "sort", Doc: "Order of the stream.", Enum: []string{string(news.OrderNewest), string(news.OrderOldest)}}, param{Name: "format", Doc: "Format of the stream.", Enum: []string{"ndjson", "csv"}})
	stories := slices.Concat(filters, []param{{Name: "sort", Doc: "Order of a list without filters; with filters stories come by their newest article that matches.", Enum: []string{string(news.StoriesTop), string(news.StoriesNewest)}},
		pageParams()[1], pageParams()[2], {Name: "changed", Doc: "Changed at or after: an RFC 3339 instant, or a day, month or year (from its beginning, UTC).", Example: "2024-09-01"}})
	ops := []operation{
		{Path: root + "/articles", ID: "listArticles", Summary: "Articles, newest first", Params: list, Answer: listJSON[articleJSON]{}, Example: "?company=xai&limit=2", run: s.apiList},
		{Path: root + "/articles/{id}", ID: "getArticle", Summary: "One article with everything concluded from it, each tag with its evidence", Answer: entryJSON{}, run: s.apiArticle},
		{Path: root + "/stories", ID: "listStories", Summary: "Stories: each event once, with everyone who reports it", Params: stories, Answer: listJSON[storyJSON]{}, Example: "?company=xai&limit=2", run: s.apiStories},
		{Path: root + "/stories/{id}", ID: "getStory", Summary: "One story with its articles, who reported and who repeated, its claims and its log", Answer: storyEntryJSON{}, run: s.ofStory(apiStoryPath, s.apiStory)},
		{Path: root + "/search", ID: "search", Summary: "Articles that match a query, with the place in the text", Params: list, Answer: listJSON[articleJSON]{}, Example: "?q=gas+turbines&limit=2", run: s.apiList},
		{Path: root + "/facets", ID: "getFacets", Summary: "Exact counts of what matches, by company, topic, source and language", Params: filters, Answer: facetsJSON{}, Example: "?topic=power", run: s.apiFacets},
		{Path: root + "/histogram", ID: "getHistogram", Summary: "What matches, counted by month of publication", Params: filters, Answer: listJSON[countJSON]{}, Example: "?company=meta", run: s.apiHistogram},
		{Path: root + "/export", ID: "export", Summary: "Everything that matches, as a stream of NDJSON or CSV", Params: export, Example: "?topic=water&format=csv", run: s.apiExport, long: true, Media: []string{formatNDJSON.mime, formatCSV.accept}},
		{Path: root + "/changes", ID: "listChanges", Summary: "Articles in the order of the writes that last changed them: a copy that follows next misses nothing", Params: changesParams(), Answer: changesJSON{}, Example: "?limit=2", run: s.apiChanges},
		{Path: root + "/stream", ID: "stream", Summary: "The same as server-sent events, as they happen", Params: changesParams()[:1], run: s.apiStream, long: true, Media: []string{"text/event-stream"}},
		{Path: root + "/companies", ID: "listCompanies", Summary: "Every company, most articles first", Answer: listJSON[companyJSON]{}, run: s.apiCompanies},
		{Path: root + "/companies/{slug}", ID: "getCompany", Summary: "One company", Answer: companyJSON{}, run: s.apiCompany},
		{Path: root + "/clusters", ID: "listClusters", Summary: "Every cluster with its figures, or those that filters leave", Params: leagueParams(), Answer: listJSON[clusterJSON]{}, Example: "?company=xai&by=chips", run: s.apiClusters},
		{Path: root + "/clusters/{slug}", ID: "getCluster", Summary: "One cluster with its figures", Answer: clusterJSON{}, run: s.apiCluster},
		{Path: root + "/claims", ID: "listClaims", Summary: "What was said, newest first: each claim with its verbatim quote", Params: claimParams(), Answer: listJSON[statementJSON]{}, Example: "?cluster=colossus&metric=power_mw", run: s.apiClaims},
		{Path: root + "/disputes", ID: "listDisputes", Summary: "Figures on which sources differ by a quarter or more, those with the newest statement first", Answer: listJSON[factJSON]{}, run: s.apiDisputes},
		{Path: root + "/topics", ID: "listTopics", Summary: "Topics with how many articles are about them", Answer: listJSON[countJSON]{}, run: s.apiTopics},
		{Path: root + "/sources", ID: "listSources", Summary: "Every publisher with the health of its feeds", Answer: listJSON[sourceJSON]{}, run: s.apiSources},
		{Path: root + "/stats", ID: "getStats", Summary: "The archive as a whole", Answer: statsJSON{}, run: s.apiStats},
		{Path: root + "/quality", ID: "getQuality", Summary: "How right the rules are: precision, recall and F1 on labelled texts", Answer: news.Quality{}, run: s.apiQuality},
		{Path: root + "/suggest", ID: "suggest", Summary: "Ways to complete the last word of a query: companies, clusters, topics, sources, fields and their values", Params: []param{{Name: "q", Doc: "What was typed.", Example: "col"}}, Answer: listJSON[suggestion]{}, Example: "?q=co", run: s.apiSuggest},
	}
	if s.dumpDir == "" {
		return ops
	}
	return append(ops,
		operation{Path: "/dumps/manifest.json", ID: "getDumps", Summary: "The files of the daily dumps, each with its rows, bytes and SHA-256, and the cursor from which to follow changes", Answer: dump.Manifest{}, run: s.dumpManifest},
		operation{Path: "/dumps/{name}", ID: "getDump", Summary: "One file of the dumps, whole or a range of it", run: s.dumpedFile, long: true, Media: []string{dumpTypes()[dump.NDJSON], dumpTypes()[dump.Parquet]}})
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
	fields, err := articleFields(values)
	if err != nil {
		return reply{}, err
	}
	own := canonical(values)
	if len(fields) > 0 {
		own.Set("fields", strings.Join(fields, ","))
	}
	l, err := s.ask(r.Context(), r, r.URL.Path, "", own, q)
	if err != nil {
		return reply{}, err
	}
	var wire any = l.wire()
	if len(fields) > 0 {
		if wire, err = only(l.wire(), fields); err != nil {
			return reply{}, err
		}
	}
	rep, err := s.jsonReply(wire, l.Stand)
	rep.link = l.linkHeader(formatHTML)
	return rep, err
}

// articleFields are the fields that were asked for; id is always among them.
func articleFields(values url.Values) ([]string, error) {
	fields := many(values, "fields")
	known := jsonNames(reflect.TypeFor[articleJSON]())
	for _, f := range fields {
		if !slices.Contains(known, f) {
			return nil, badInput("fields", "must be among "+strings.Join(known, ", "))
		}
	}
	if len(fields) > 0 && !slices.Contains(fields, "id") {
		fields = append([]string{"id"}, fields...)
	}
	return fields, nil
}

// jsonNames lists the fields of a wire type.
func jsonNames(t reflect.Type) []string {
	var out []string
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			out = append(out, name)
		}
	}
	return out
}

// only leaves the wanted fields of each item.
func only(l listJSON[articleJSON], fields []string) (listJSON[map[string]json.RawMessage], error) {
	out := listJSON[map[string]json.RawMessage]{Items: []map[string]json.RawMessage{}, Total: l.Total, AtLeast: l.AtLeast, Next: l.Next, Warnings: l.Warnings}
	for _, item := range l.Items {
		body, err := json.Marshal(item)
		if err != nil {
			return out, err
		}
		var all map[string]json.RawMessage
		if err := json.Unmarshal(body, &all); err != nil {
			return out, err
		}
		for name := range all {
			if !slices.Contains(fields, name) {
				delete(all, name)
			}
		}
		out.Items = append(out.Items, all)
	}
	return out, nil
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

// countJSON is one row of counts.
type countJSON struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	N    int    `json:"n"`
}

// facetsJSON are the counts of a result by each dimension.
type facetsJSON struct {
	Total     int         `json:"total"`
	Companies []countJSON `json:"companies"`
	Topics    []countJSON `json:"topics"`
	Sources   []countJSON `json:"sources"`
	Languages []countJSON `json:"languages"`
}

func countsJSON(counts []news.Count, name func(string) string) []countJSON {
	out := []countJSON{}
	for _, c := range counts {
		out = append(out, countJSON{c.Key, name(c.Key), c.N})
	}
	return out
}

func same(s string) string { return s }

func (s *site) apiCounts(r *http.Request) (news.Facets, *stand, error) {
	q, err := decodeQuery(r.URL.Query())
	if err != nil {
		return news.Facets{}, nil, err
	}
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return news.Facets{}, nil, err
	}
	f, err := s.store.Facets(r.Context(), q)
	return f, st, err
}

func (s *site) apiFacets(r *http.Request) (reply, error) {
	f, st, err := s.apiCounts(r)
	if err != nil {
		return reply{}, err
	}
	return s.jsonReply(facetsJSON{f.Total, countsJSON(f.Companies, st.companyName), countsJSON(f.Topics, same), countsJSON(f.Sources, st.sourceName), countsJSON(f.Languages, languageName)}, st)
}

func (s *site) apiHistogram(r *http.Request) (reply, error) {
	f, st, err := s.apiCounts(r)
	if err != nil {
		return reply{}, err
	}
	return s.jsonReply(listOf(countsJSON(f.Months, monthName), news.Results{Total: len(f.Months)}), st)
}

func (s *site) apiTopics(r *http.Request) (reply, error) {
	f, st, err := s.apiCounts(r)
	if err != nil {
		return reply{}, err
	}
	return topicTable(st, f.Topics, formatJSON)
}

func (s *site) apiCompanies(r *http.Request) (reply, error) {
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	return s.companyTable(r, st, formatJSON)
}

func (s *site) apiCompany(r *http.Request) (reply, error) {
	c, err := s.store.Company(r.Context(), r.PathValue("slug"))
	if err != nil {
		return reply{}, err
	}
	return s.jsonReply(companyWire(c, s.base(r)), nil)
}

func (s *site) apiClusters(r *http.Request) (reply, error) {
	st, facts, err := s.standFacts(r)
	if err != nil {
		return reply{}, err
	}
	return s.clusterTable(r, st, facts, formatJSON)
}

func (s *site) apiCluster(r *http.Request) (reply, error) {
	st, facts, err := s.standFacts(r)
	if err != nil {
		return reply{}, err
	}
	c, found := st.cluster[r.PathValue("slug")]
	if !found {
		return reply{}, errMissing
	}
	return s.jsonReply(st.clusterJSON(c, byCluster(facts)[c.Slug], s.base(r)), st)
}

func (s *site) apiDisputes(r *http.Request) (reply, error) {
	st, facts, err := s.standFacts(r)
	if err != nil {
		return reply{}, err
	}
	return s.disputeTable(st, st.openDisputes(facts), formatJSON)
}

func (s *site) apiSources(r *http.Request) (reply, error) {
	all, err := s.store.Sources(r.Context())
	if err != nil {
		return reply{}, err
	}
	return s.sourceTable(all, formatJSON)
}

// statsJSON describes the archive as a whole.
type statsJSON struct {
	Articles  int        `json:"articles"`
	Hidden    int        `json:"off_topic"`
	ToOpen    int        `json:"to_open"`
	Sources   int        `json:"sources"`
	Feeds     int        `json:"feeds"`
	Failing   int        `json:"feeds_failing"`
	Companies int        `json:"companies"`
	Languages int        `json:"languages"`
	Newest    *time.Time `json:"newest"`
	Changed   *time.Time `json:"changed"`
	Version   string     `json:"version"`
}

func (s *site) apiStats(r *http.Request) (reply, error) {
	st, err := s.store.Stats(r.Context())
	if err != nil {
		return reply{}, err
	}
	return s.jsonReply(statsJSON{st.Articles, st.Hidden, st.ToOpen, st.Sources, st.Feeds, st.Failing, st.Companies, st.Languages, timeOf(st.Newest), timeOf(st.Changed), s.version}, nil)
}
