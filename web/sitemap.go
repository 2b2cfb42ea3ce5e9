package web

import (
	"cmp"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// The namespaces of the sitemap protocol 0.9 and of its extension for news.
const (
	sitemapNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
	newsNS    = "http://www.google.com/schemas/sitemap-news/0.9"
)

// The limits of the protocol, in addresses, and of the extension for news.
const (
	mostLocations = 50_000
	mostNews      = 1_000
	newsDays      = 2
)

const xmlType = "application/xml; charset=utf-8"

// sitemapIndex points at one sitemap of pages, one of the stories of the last
// days, and for each month one of its stories and one of its articles; or for
// each day, where a month has more articles than the protocol allows.
func (s *site) sitemapIndex(r *http.Request) (reply, error) {
	counts, err := s.store.Facets(r.Context(), news.Query{})
	if err != nil {
		return reply{}, err
	}
	var b strings.Builder
	b.WriteString(xml.Header + `<sitemapindex xmlns="` + sitemapNS + `">` + "\n")
	add := func(name string) {
		fmt.Fprintf(&b, "<sitemap><loc>%s/sitemap/%s.xml</loc></sitemap>\n", s.base(r), name)
	}
	add("pages")
	add("news")
	for _, m := range counts.Months {
		month, err := time.Parse("2006-01", m.Key)
		if m.N == 0 || err != nil {
			continue
		}
		add("stories-" + m.Key)
		if m.N <= mostLocations {
			add(m.Key)
			continue
		}
		for day := month; day.Month() == month.Month(); day = day.AddDate(0, 0, 1) {
			add(day.Format(time.DateOnly))
		}
	}
	b.WriteString("</sitemapindex>\n")
	return reply{contentType: xmlType, body: []byte(b.String())}, nil
}

// sitemap answers /sitemap/pages.xml, news.xml, 2024-09.xml, 2024-09-02.xml and
// stories-2024-09.xml.
func (s *site) sitemap(r *http.Request) (reply, error) {
	name, found := strings.CutSuffix(r.PathValue("name"), ".xml")
	if !found {
		return reply{}, errNowhere
	}
	switch name {
	case "pages":
		return s.sitemapPages(r)
	case "news":
		return s.sitemapNews(r)
	}
	name, stories := strings.CutPrefix(name, "stories-")
	since, err := time.Parse("2006-01", name)
	until := since.AddDate(0, 1, 0)
	if err != nil && !stories {
		since, err = time.Parse(time.DateOnly, name)
		until = since.AddDate(0, 0, 1)
	}
	if err != nil {
		return reply{}, errNowhere
	}
	q := news.Query{Since: since, Until: until, Limit: greatestPage}
	base := s.base(r)
	return urlset("", func(w io.Writer) error {
		if stories {
			return s.storyLocations(r.Context(), w, base, q, mostLocations)
		}
		return s.articleLocations(r.Context(), w, base, q, mostLocations)
	}), nil
}

func (s *site) articleLocations(ctx context.Context, w io.Writer, base string, q news.Query, most int) error {
	n := 0
	for h, err := range s.everyArticle(ctx, q) {
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "<url><loc>%s%s</loc></url>\n", base, articlePath(h.ID)); err != nil {
			return err
		}
		if n++; n == most {
			break
		}
	}
	return nil
}

// storyLocations lists the stories whose latest article is of the time that q
// asks for, so that each stands in one sitemap. It leaves out a story of one
// article, whose own page says as much.
func (s *site) storyLocations(ctx context.Context, w io.Writer, base string, q news.Query, most int) error {
	n := 0
	for x, err := range s.everyStory(ctx, news.StoryQuery{Query: q}) {
		if err != nil {
			return err
		}
		if x.Articles < 2 || x.Last.Before(q.Since) || !x.Last.Before(q.Until) {
			continue
		}
		if _, err := fmt.Fprintf(w, "<url><loc>%s%s</loc><lastmod>%s</lastmod></url>\n", base, storyPath(x.ID), rfc3339(x.Changed)); err != nil {
			return err
		}
		if n++; n == most {
			break
		}
	}
	return nil
}

// urlset is a stream of one sitemap; attributes declare further namespaces.
func urlset(attributes string, fill func(w io.Writer) error) reply {
	return reply{contentType: xmlType, stream: func(w *outlet) error {
		if _, err := fmt.Fprintf(w, "%s<urlset xmlns=\"%s\"%s>\n", xml.Header, sitemapNS, attributes); err != nil {
			return err
		}
		if err := fill(w); err != nil {
			return err
		}
		_, err := io.WriteString(w, "</urlset>\n")
		return err
	}}
}

// sitemapNews lists the stories whose leads are of the last two days.
func (s *site) sitemapNews(r *http.Request) (reply, error) {
	base, since := s.base(r), s.now().AddDate(0, 0, -newsDays)
	return urlset(` xmlns:news="`+newsNS+`"`, func(w io.Writer) error {
		return s.newsLocations(r.Context(), w, base, since, mostNews)
	}), nil
}

func (s *site) newsLocations(ctx context.Context, w io.Writer, base string, since time.Time, most int) error {
	n := 0
	for x, err := range s.everyStory(ctx, news.StoryQuery{Query: news.Query{Since: since, Limit: greatestPage}}) {
		if err != nil {
			return err
		}
		if x.Lead.Published.Before(since) { // it is another article of the story that is new
			continue
		}
		_, err := fmt.Fprintf(w, "<url><loc>%s%s</loc><news:news><news:publication><news:name>%s</news:name><news:language>%s</news:language></news:publication>"+
			"<news:publication_date>%s</news:publication_date><news:title>%s</news:title></news:news></url>\n", base, storyPath(x.ID), siteName, escapeText(cmp.Or(x.Lead.Language, "en")),
			rfc3339(x.Lead.Published), escapeText(titleOf(x.Lead.Title, x.Lead.URL)))
		if err != nil {
			return err
		}
		if n++; n == most {
			break
		}
	}
	return nil
}

func (s *site) sitemapPages(r *http.Request) (reply, error) {
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	paths := []string{"/", "/newest", "/companies", "/clusters", "/claims", "/disputes", "/topics", "/archive", "/sources", "/api", "/quality", "/help", "/about"}
	if s.dumpDir != "" {
		paths = append(paths, "/dumps")
	}
	for _, c := range st.Companies {
		if c.Articles > 0 {
			paths = append(paths, companyPath(c.Company.Slug))
		}
	}
	for _, c := range st.Clusters {
		paths = append(paths, clusterPath(c.Slug))
	}
	for _, t := range news.Topics() {
		paths = append(paths, topicPath(t))
	}
	var b strings.Builder
	b.WriteString(xml.Header + `<urlset xmlns="` + sitemapNS + `">` + "\n")
	for _, p := range paths {
		fmt.Fprintf(&b, "<url><loc>%s%s</loc></url>\n", s.base(r), escapeText(p))
	}
	b.WriteString("</urlset>\n")
	return reply{contentType: xmlType, body: []byte(b.String()), modified: st.Stats.Changed}, nil
}
