package demo

import (
	"html/template"
	"time"
)

// related is how many other articles a page points at.
const related = 5

// frame is what stands around every page of a publisher.
type frame struct {
	*publisher
	Title     string
	URL       string // of this page
	Canonical string
	FeedURL   string
	FeedType  string
	Sections  []string
}

// pageData is what the templates of articles are filled from.
type pageData struct {
	frame
	Byline, Summary string
	Tags            []string
	Image           string
	Body            template.HTML
	Published       time.Time
	Updated         time.Time // zero if never
	Date, Changed   string    // as the publisher prints times; Changed "" if never
	AMP             string    // address of the AMP page
	Related         []teaser
	LD              map[string]any // schema.org, as JSON-LD
}

// listingData is what the front page and the sections are filled from.
type listingData struct {
	frame
	Teasers []teaser
}

// teaser points at an article.
type teaser struct{ Title, URL, Summary, Date, ISO string }

func pageTemplates() (*template.Template, error) {
	return template.New("").Funcs(template.FuncMap{
		"rfc3339": func(t time.Time) string { return t.Format(time.RFC3339) },
	}).ParseFS(templates, "templates/*.html")
}

func (s *site) frame(title, path string) frame {
	p := s.pub
	f := frame{publisher: p, Title: title, URL: p.base() + path, Canonical: p.base() + path, Sections: p.Nav}
	if kind := feedTypes[p.Format]; kind != "" && p.Format != "sitemap" {
		f.FeedURL, f.FeedType = p.base()+p.Feed, kind
	}
	return f
}

// date prints a time as the publisher does.
func (s *site) date(t time.Time) string { return t.In(s.pub.Zone).Format(s.pub.Dates) }

// page gathers what an article's page shows.
func (s *site) page(a *article, revised bool) pageData {
	heading, text, updated := a.present(revised)
	d := pageData{
		frame: s.frame(heading, a.path()), Byline: a.By, Summary: a.Summary, Tags: a.Tags,
		Image: s.pub.base() + "/img/" + a.Slug + ".svg", Body: template.HTML(bodyHTML(text)),
		Published: a.Date.In(s.pub.Zone), Updated: updated, Date: s.date(a.Date), AMP: s.pub.base() + "/amp" + a.path(),
	}
	if a.Canonical != "" {
		d.Canonical = a.Canonical
	}
	if !updated.IsZero() {
		d.Updated, d.Changed = updated.In(s.pub.Zone), s.date(updated)
	}
	for _, other := range s.pub.Articles {
		if other != a && len(d.Related) < related {
			d.Related = append(d.Related, teaser{Title: other.Title, URL: other.path(), Summary: other.Summary, Date: s.date(other.Date)})
		}
	}
	d.LD = map[string]any{
		"@context": "https://schema.org", "@type": "NewsArticle", "headline": heading, "description": a.Summary,
		"datePublished": d.Published.Format(time.RFC3339), "dateModified": latest(d.Published, d.Updated).In(s.pub.Zone).Format(time.RFC3339),
		"inLanguage": s.pub.Language, "mainEntityOfPage": d.Canonical, "image": []string{d.Image},
		"author":    map[string]any{"@type": "Organization", "name": a.By},
		"publisher": map[string]any{"@type": "Organization", "name": s.pub.Name},
	}
	return d
}
