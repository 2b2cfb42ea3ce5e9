package web

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// robots lets everyone read everything but the endless combinations of
// filters, which hold nothing that other pages do not.
func (s *site) robots(r *http.Request) (reply, error) {
	body := "User-agent: *\nDisallow: /search?\nDisallow: /compare?\nAllow: /\n\nSitemap: " + s.base(r) + "/sitemap.xml\n"
	return reply{contentType: "text/plain; charset=utf-8", body: []byte(body)}, nil
}

// securityTxt is RFC 9116, where the operator has given a contact.
func (s *site) securityTxt(r *http.Request) (reply, error) {
	if s.contact == "" {
		return reply{}, errNowhere
	}
	expires := s.now().UTC().AddDate(0, 6, 0).Truncate(24 * time.Hour)
	body := fmt.Sprintf("Contact: %s\nExpires: %s\nPreferred-Languages: en\nCanonical: %s/.well-known/security.txt\n", printable(s.contact, 200), rfc3339(expires), s.base(r))
	return reply{contentType: "text/plain; charset=utf-8", body: []byte(body)}, nil
}

// openSearch tells browsers how to search here (OpenSearch 1.1).
func (s *site) openSearch(r *http.Request) (reply, error) {
	type address struct {
		Type     string `xml:"type,attr"`
		Rel      string `xml:"rel,attr,omitempty"`
		Template string `xml:"template,attr"`
	}
	base := s.base(r)
	body, err := marshalXML(struct {
		XMLName     xml.Name  `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
		ShortName   string    `xml:"ShortName"`
		Description string    `xml:"Description"`
		Encoding    string    `xml:"InputEncoding"`
		Image       string    `xml:"Image"`
		URLs        []address `xml:"Url"`
	}{ShortName: siteName, Description: "Search the news of AI infrastructure", Encoding: "UTF-8", Image: base + "/static/icon.svg", URLs: []address{
		{"text/html", "", base + "/search?q={searchTerms}"},
		{"application/atom+xml", "", base + "/search.atom?q={searchTerms}"},
		{"application/x-suggestions+json", "suggestions", base + "/suggest?q={searchTerms}"},
		{"application/opensearchdescription+xml", "self", base + "/opensearch.xml"},
	}})
	return reply{contentType: "application/opensearchdescription+xml; charset=utf-8", body: body}, err
}

// opml is a list of every company's feed, to be taken into a reader at once.
func (s *site) opml(r *http.Request) (reply, error) {
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	type outline struct {
		Type string `xml:"type,attr"`
		Text string `xml:"text,attr"`
		Feed string `xml:"xmlUrl,attr"`
		Page string `xml:"htmlUrl,attr"`
	}
	doc := struct {
		XMLName  xml.Name  `xml:"opml"`
		Version  string    `xml:"version,attr"`
		Title    string    `xml:"head>title"`
		Outlines []outline `xml:"body>outline"`
	}{Version: "2.0", Title: siteName + ": companies"}
	for _, c := range st.Companies {
		page := s.base(r) + companyPath(c.Company.Slug)
		doc.Outlines = append(doc.Outlines, outline{"rss", c.Company.Name, page + ".atom", page})
	}
	body, err := marshalXML(doc)
	return reply{contentType: "text/x-opml; charset=utf-8", body: body, modified: st.Stats.Changed, filename: "clusterwire.opml"}, err
}

// sitemapNS is the namespace of the sitemap protocol 0.9.
const sitemapNS = "http://www.sitemaps.org/schemas/sitemap/0.9"

// sitemapIndex points at one sitemap of pages and one for each month of
// articles, so that none grows beyond the 50,000 addresses of the protocol.
func (s *site) sitemapIndex(r *http.Request) (reply, error) {
	counts, err := s.store.Facets(r.Context(), news.Query{})
	if err != nil {
		return reply{}, err
	}
	var b strings.Builder
	b.WriteString(xml.Header + `<sitemapindex xmlns="` + sitemapNS + `">` + "\n")
	fmt.Fprintf(&b, "<sitemap><loc>%s/sitemap/pages.xml</loc></sitemap>\n", s.base(r))
	for _, m := range counts.Months {
		if m.N > 0 {
			fmt.Fprintf(&b, "<sitemap><loc>%s/sitemap/%s.xml</loc></sitemap>\n", s.base(r), escapeText(m.Key))
		}
	}
	b.WriteString("</sitemapindex>\n")
	return reply{contentType: "application/xml; charset=utf-8", body: []byte(b.String())}, nil
}

// mostLocations is the limit of the sitemap protocol.
const mostLocations = 50_000

// sitemap answers /sitemap/pages.xml and /sitemap/2024-09.xml.
func (s *site) sitemap(r *http.Request) (reply, error) {
	name, found := strings.CutSuffix(r.PathValue("name"), ".xml")
	if !found {
		return reply{}, errNowhere
	}
	if name == "pages" {
		return s.sitemapPages(r)
	}
	month, err := time.Parse("2006-01", name)
	if err != nil {
		return reply{}, errNowhere
	}
	q := news.Query{Since: month, Until: month.AddDate(0, 1, 0), Limit: greatestPage}
	base := s.base(r)
	return reply{contentType: "application/xml; charset=utf-8", stream: func(w io.Writer) error {
		if _, err := io.WriteString(w, xml.Header+`<urlset xmlns="`+sitemapNS+`">`+"\n"); err != nil {
			return err
		}
		err := s.walk(r.Context(), q, mostLocations, func(h news.Hit) error {
			_, err := fmt.Fprintf(w, "<url><loc>%s%s</loc></url>\n", base, articlePath(h.ID))
			return err
		})
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, "</urlset>\n")
		return err
	}}, nil
}

func (s *site) sitemapPages(r *http.Request) (reply, error) {
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	paths := []string{"/", "/companies", "/clusters", "/disputes", "/topics", "/archive", "/sources", "/api", "/quality", "/about"}
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
	return reply{contentType: "application/xml; charset=utf-8", body: []byte(b.String()), modified: st.Stats.Changed}, nil
}

// linked describes a list to machines (schema.org): a collection of articles,
// each by the publisher who wrote it.
func (l *list) linked(title string) any {
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
	for i, h := range l.Results.Hits {
		a := article{Type: "NewsArticle", Headline: titleOf(h.Title, h.URL), URL: h.URL, Language: h.Language, Publisher: org{"Organization", l.Stand.named(h.Source)}}
		if !h.Published.IsZero() {
			a.Published = rfc3339(h.Published)
		}
		entries = append(entries, entry{"ListItem", i + 1, a})
	}
	return map[string]any{"@context": "https://schema.org", "@type": "CollectionPage", "name": title, "url": l.Base + l.page(),
		"mainEntity": map[string]any{"@type": "ItemList", "itemListElement": entries}}
}
