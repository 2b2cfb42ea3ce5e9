package feeds

import (
	"cmp"
	"io"
	"slices"
	"strconv"

	"clusterwire/feeds/fetch"
	"clusterwire/feeds/news"
	"clusterwire/feeds/parse"
)

// ImportOPML reads a list of subscriptions, as other readers export it and as
// ExportOPML writes it. Feeds of one site are one source. The error is
// parse's; where the list is too long, its first part is returned beside it.
func ImportOPML(body []byte) ([]CatalogEntry, error) {
	list, err := parse.OPML(body)
	var entries []CatalogEntry
	at := map[string]int{} // slug to index in entries
	for _, o := range list {
		source, feed := fromOPML(o)
		i, known := at[source.Slug]
		if !known {
			i = len(entries)
			at[source.Slug] = i
			entries = append(entries, CatalogEntry{Source: source})
		}
		entries[i].Feeds = append(entries[i].Feeds, feed)
	}
	return entries, err
}

// fromOPML is the source and the feed that an outline describes. What only
// clusterwire knows stands in attributes of our namespace.
func fromOPML(o parse.OPMLFeed) (news.Source, news.Feed) {
	site := cmp.Or(o.Site, o.URL)
	s := news.Source{
		Slug: cmp.Or(o.Ours["source"], slugOf(fetch.Host(site))), Name: cmp.Or(o.Ours["name"], o.Title, o.Text, fetch.Host(site)), Site: site,
		Kind: news.SourceKind(o.Ours["kind"]), Language: o.Language, Country: o.Ours["country"], Note: o.Ours["note"], Trust: news.TrustReports,
	}
	if !slices.Contains(news.SourceKinds(), s.Kind) {
		s.Kind = news.KindGeneral
	}
	if trust, err := strconv.Atoi(o.Ours["trust"]); err == nil && trust >= int(news.TrustRepeats) && trust <= int(news.TrustOriginal) {
		s.Trust = news.Trust(trust)
	}
	f := news.Feed{Source: s.Slug, URL: o.URL, State: news.FeedActive, Title: cmp.Or(o.Title, o.Text), Kind: news.FeedKind(o.Ours["feed"]), Selector: o.Ours["selector"]}
	return s, f
}

// ExportOPML writes every feed with all that ImportOPML needs to restore it,
// and the names that other readers show.
func ExportOPML(w io.Writer, sources []news.SourceHealth) error {
	var list []parse.OPMLFeed
	for _, s := range sources {
		for _, f := range s.Feeds {
			list = append(list, toOPML(s.Source, f))
		}
	}
	return parse.WriteOPML(w, "clusterwire", list)
}

func toOPML(s news.Source, f news.Feed) parse.OPMLFeed {
	ours := map[string]string{"trust": strconv.Itoa(int(s.Trust))}
	for name, value := range map[string]string{
		"source": s.Slug, "name": s.Name, "kind": string(s.Kind), "country": s.Country, "note": s.Note, "feed": string(f.Kind), "selector": f.Selector,
	} {
		if value != "" {
			ours[name] = value
		}
	}
	name := cmp.Or(f.Title, s.Name)
	return parse.OPMLFeed{URL: f.URL, Title: name, Text: name, Site: s.Site, Type: "rss", Language: s.Language, Ours: ours}
}
