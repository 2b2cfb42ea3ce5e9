package extract

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"clusterwire/feeds/clean"
	"clusterwire/feeds/news"
)

// fill weighs the facts into the fields of a page. JSON-LD comes first, then
// OpenGraph, Dublin Core and other metas, then microdata and text.
func (f *facts) fill(page *news.Page, base *url.URL) {
	o := f.article()
	if o == nil {
		o = &object{}
	}
	page.Site = f.site(o, base)
	page.Title = clean.Title(f.bestTitle(o, page.Site, base))
	page.Byline = f.byline(o, page.Site)
	page.Published = f.published(o, base)
	page.Modified = f.modified(o)
	if page.Modified.Before(page.Published) {
		page.Modified = time.Time{}
	}
	page.Language = f.language(o)
	page.Summary = clean.Line(firstOf(f.first("og:description", "description", "twitter:description", "dc.description",
		"dcterms.description", "dc:description"), o.summary), news.SummaryRunes)
	page.Image = clean.URL(firstOf(f.first("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"),
		o.image, f.first("image", "thumbnailurl")), base)
	page.NoArchive = f.noArchive()
	page.Canonical = f.canonicalURL(o, base, page)
}

func (f *facts) site(o *object, base *url.URL) string {
	site := firstOf(f.first("og:site_name", "application-name", "al:ios:app_name", "dc.publisher"), o.publisher)
	if site = clean.Line(site, 100); site != "" {
		return site
	}
	return strings.TrimPrefix(base.Hostname(), "www.")
}

func (f *facts) byline(o *object, site string) string {
	candidates := []string{strings.Join(o.authors, ", ")}
	for _, name := range []string{"author", "article:author", "dc.creator", "dcterms.creator", "dc:creator", "parsely-author",
		"sailthru.author", "byl", "twitter:creator:name"} {
		candidates = append(candidates, strings.Join(f.meta[name], ", "))
	}
	candidates = append(candidates, f.bylines...)
	for _, c := range candidates {
		by := clean.Line(byPrefix.ReplaceAllString(strings.TrimSpace(clean.Text(c)), ""), 200)
		if by == "" || strings.EqualFold(by, site) || strings.Contains(by, "://") || strings.HasPrefix(by, "@") || !wordy(by) {
			continue
		}
		return by
	}
	return ""
}

// byPrefix is the word before a name in a byline, in the languages whose
// press we read.
var byPrefix = regexp.MustCompile(`(?i)^(written by|posted by|story by|by|von|par|por|di|da|door|av|af|przez|автор|от|文|作者|記者|撰文)\s*[:：]?\s+`)

func wordy(s string) bool { return countWords(s) > 0 }

func (f *facts) language(o *object) string {
	for _, raw := range []string{f.lang, o.language, f.first("content-language"), f.first("og:locale"), f.first("dc.language", "dcterms.language", "language", "inlanguage")} {
		if lang := primary(raw); lang != "" {
			return lang
		}
	}
	return ""
}

// primary is the primary subtag of a language tag, "" if it is none.
func primary(tag string) string {
	tag = strings.ToLower(strings.TrimSpace(tag))
	if i := strings.IndexAny(tag, "-_,; "); i >= 0 {
		tag = tag[:i]
	}
	if len(tag) < 2 || len(tag) > 3 || tag == "und" || tag == "mul" || tag == "zxx" {
		return ""
	}
	for i := range len(tag) {
		if tag[i] < 'a' || tag[i] > 'z' {
			return ""
		}
	}
	return tag
}

// noArchive reports whether the page asks that its text is not kept.
func (f *facts) noArchive() bool {
	for _, name := range []string{"robots", "clusterwire", "googlebot", "googlebot-news"} {
		for _, content := range f.meta[name] {
			for _, w := range strings.FieldsFunc(strings.ToLower(content), func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
				switch w {
				case "noarchive", "nosnippet", "noindex", "none":
					return true
				}
			}
		}
	}
	return false
}

func firstOf(values ...string) string {
	for _, v := range values {
		if strings.TrimSpace(v) != "" {
			return v
		}
	}
	return ""
}

func (f *facts) published(o *object, base *url.URL) time.Time {
	t := firstDate(o.published,
		f.first("article:published_time", "og:published_time", "og:article:published_time", "article:published"),
		f.first("datepublished", "date.published", "published_time", "pubdate", "publishdate", "publish-date", "publish_date",
			"parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created",
			"dc.date", "dcterms.date", "dc:date", "article.published", "cxenseparse:recs:publishtime", "pdate", "ptime",
			"citation_publication_date", "weibo:article:create_at", "release_date", "originalpublicationdate", "date"))
	if !t.IsZero() {
		return t
	}
	for rank := range 2 {
		for _, m := range f.times {
			if m.rank == rank && !m.mod {
				if t := firstDate(m.value); !t.IsZero() {
					return t
				}
			}
		}
	}
	return urlDate(base)
}

func (f *facts) modified(o *object) time.Time {
	t := firstDate(o.modified,
		f.first("article:modified_time", "og:updated_time", "og:modified_time", "datemodified", "dcterms.modified",
			"dc.date.modified", "last-modified", "lastmod", "article:modified", "og:article:modified_time"))
	if !t.IsZero() {
		return t
	}
	for _, m := range f.times {
		if m.mod {
			if t := firstDate(m.value); !t.IsZero() {
				return t
			}
		}
	}
	return time.Time{}
}

// inPath finds a full date in the path of an address.
var inPath = regexp.MustCompile(`/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?:[/-]|\.|$)`)

func urlDate(u *url.URL) time.Time {
	m := inPath.FindStringSubmatch(u.Path)
	if m == nil {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, m[1]+"-"+m[2]+"-"+m[3])
	if err != nil {
		return time.Time{}
	}
	return t
}
