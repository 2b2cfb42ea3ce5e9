package web

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"time"
)

// robots lets everyone read everything but the endless combinations of
// filters, which hold nothing that other pages do not. Content-Signal
// (contentsignals.org) says what may be made of it: an index and answers that
// cite it, but no model, since headlines and excerpts belong to others.
func (s *site) robots(r *http.Request) (reply, error) {
	body := "User-agent: *\nContent-Signal: search=yes, ai-input=yes, ai-train=no\nDisallow: /search?\nDisallow: /compare?\nAllow: /\n\nSitemap: " + s.base(r) + "/sitemap.xml\n"
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
