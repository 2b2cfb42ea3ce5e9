package parse

import (
	"slices"
	"time"

	"clusterwire/feeds/clean"
	"clusterwire/feeds/news"
)

// sitemap reads a sitemap, a news sitemap or an index of them. Only a news
// sitemap states when a page was published; lastmod says when it changed and
// is not taken for more.
func (d *document) sitemap(in Input) news.Document {
	base := in.base()
	out := news.Document{Kind: news.FeedSitemap}
	type file struct {
		n       *node
		changed time.Time
	}
	var files []file
	for _, n := range d.root.all("sitemap") {
		files = append(files, file{n, fields{node: n}.date("lastmod")})
	}
	slices.SortStableFunc(files, func(a, b file) int { return b.changed.Compare(a.changed) })
	for _, file := range files[:min(len(files), maxSitemaps)] {
		if u := clean.URL(file.n.trimmed("loc"), base); u != "" {
			out.Sitemaps = append(out.Sitemaps, u)
		}
	}
	for _, n := range d.items {
		f := fields{node: n, base: base}
		item := news.Item{
			URL:     clean.URL(n.trimmed("loc"), base),
			Updated: f.date("lastmod"),
		}
		if item.URL == "" {
			continue
		}
		if about := n.first("news:news"); about != nil {
			a := fields{node: about, base: base}
			item.Title = a.title("news:title")
			item.Published = a.date("news:publication_date")
			item.Categories = categories(a.subjects())
			if p := about.first("news:publication"); p != nil {
				item.Language = language(p.trimmed("news:language"))
				if out.Title == "" {
					out.Title = clean.Line(clean.Title(p.trimmed("news:name")), maxTitle)
				}
			}
		}
		if out.Updated.Before(item.Updated) {
			out.Updated = item.Updated
		}
		out.Items = append(out.Items, item)
	}
	return out
}
