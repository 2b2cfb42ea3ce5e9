package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"clusterwire/feeds/news"
)

// list is one page of a list of articles: what each of its formats is made
// from, so that all of them hold the same articles in the same order.
type list struct {
	Title   string
	Path    string     // without suffix: "/search", "/company/xai"
	Values  url.Values // the parameters that name it, without cursor
	Query   news.Query
	Results news.Results
	Stand   *stand
	Base    string

	stories map[int64]news.Story // of a list of stories: by their leads, which are the hits
}

// entryPath is the page of an entry: of the article, or of the story that it leads.
func (l *list) entryPath(h news.Hit) string {
	if x, found := l.stories[h.ID]; found {
		return storyPath(x.ID)
	}
	return articlePath(h.ID)
}

// entryID is the number of an entry.
func (l *list) entryID(h news.Hit) string {
	if x, found := l.stories[h.ID]; found {
		return strconv.FormatInt(x.ID, 10)
	}
	return strconv.FormatInt(h.ID, 10)
}

// ask runs a query and gives its list.
func (s *site) ask(ctx context.Context, r *http.Request, path, title string, values url.Values, q news.Query) (*list, error) {
	st, err := s.shelf.read(ctx)
	if err != nil {
		return nil, err
	}
	if q.Cursor, err = s.sealer.open(q.Cursor, q); err != nil {
		return nil, err
	}
	results, err := s.store.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	results.Warnings = append(results.Warnings, st.unknown(q)...)
	results.Next, results.Prev = s.sealer.seal(results.Next, q), s.sealer.seal(results.Prev, q)
	return &list{Title: title, Path: path, Values: values, Query: q, Results: results, Stand: st, Base: s.base(r)}, nil
}

// unknown warns of filters that name nothing in the registry: a slip there
// would else look like an archive without news.
func (st *stand) unknown(q news.Query) []string {
	var out []string
	for _, slug := range q.Companies {
		if _, known := st.company[slug]; !known {
			out = append(out, "there is no company "+printable(slug, 64))
		}
	}
	for _, slug := range q.Sources {
		if _, known := st.source[slug]; !known {
			out = append(out, "there is no source "+printable(slug, 64))
		}
	}
	for _, slug := range q.Clusters {
		if _, known := st.cluster[slug]; !known {
			out = append(out, "there is no cluster "+printable(slug, 64))
		}
	}
	return out
}

// href is the address of this list in a format, from its beginning.
func (l *list) href(f format) string { return address(l.Path, f.suffix, l.Values) }

// next is the address of what follows in a format, "" at the end.
func (l *list) next(f format) string {
	if l.Results.Next == "" {
		return ""
	}
	return address(l.Path, f.suffix, with(l.Values, "cursor", l.Results.Next))
}

// prev is the address of the page before, "" where there is none.
func (l *list) prev(f format) string {
	if l.Results.Prev == "" {
		return ""
	}
	return address(l.Path, f.suffix, with(l.Values, "cursor", l.Results.Prev))
}

// formats are links to this list in every other format.
func (l *list) formats() []link {
	return formatLinks(l.Path, l.Values, append(feedFormats(), formatJSON, formatCSV)...)
}

// feeds are the links that a page gives in its head.
func (l *list) feeds() []link { return feedLinks(l.Path, l.Values) }

// reply writes a list in any format but the page.
func (s *site) listReply(l *list, f format) (reply, error) {
	rep := reply{contentType: f.mime, modified: l.Stand.Stats.Changed, link: l.linkHeader(f)}
	var err error
	switch {
	case f.syndicated():
		rep.body, err = l.feed().write(f)
	case f == formatCSV:
		rep.body, err = l.csv()
		rep.filename = "clusterwire.csv"
	case f == formatNDJSON:
		rep.body, err = l.ndjson()
	default:
		if l.stories != nil {
			rep.body, err = marshal(listOf(l.storyItems(), l.Results))
		} else {
			rep.body, err = marshal(l.wire())
		}
	}
	return rep, err
}

// linkHeader is RFC 8288: the pages beside this one.
func (l *list) linkHeader(f format) string {
	return linkHeader(l.Base, l.href(f), l.next(f), l.prev(f))
}

// linkHeader leads to the pages of a list; next and prev are "" at its ends.
func linkHeader(base, first, next, prev string) string {
	header := "<" + base + first + `>; rel="first"`
	if next != "" {
		header += ", <" + base + next + `>; rel="next"`
	}
	if prev != "" {
		header += ", <" + base + prev + `>; rel="prev"`
	}
	return header
}

// export answers /index.*, /search.* and /feed.*: any selection of articles.
func (s *site) export(f format) handler {
	return func(r *http.Request) (reply, error) {
		values := r.URL.Query()
		q, err := decodeQuery(values)
		if err != nil {
			return reply{}, err
		}
		path, _ := cutFormat(r.URL.Path)
		q.Uncounted = !f.counted()
		l, err := s.ask(r.Context(), r, path, listTitle(values), canonical(values), q)
		if err != nil {
			return reply{}, err
		}
		return s.listReply(l, f)
	}
}

// listTitle names a selection for a list of feeds.
func listTitle(values url.Values) string {
	if q := values.Get("q"); q != "" {
		return "Search: " + printable(q, 80)
	}
	return ""
}
