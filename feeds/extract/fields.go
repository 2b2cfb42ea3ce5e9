package extract

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"clusterwire/feeds/clean"
	"clusterwire/feeds/news"
)

// fill weighs the facts into the fields of a page. JSON-LD comes first, then
// OpenGraph, Dublin Core and other metas, then microdata and text. base is
// the page's address, links the one that its relative links start from.
func (f *facts) fill(page *news.Page, base, links *url.URL) {
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
		o.image, f.first("image", "thumbnailurl")), links)
	page.NoArchive = f.asks("noarchive", "nosnippet", "noindex", "none")
	page.NoAI = f.asks("noai", "noimageai")
	page.Canonical = f.canonicalURL(o, base, links, page)
}

func (f *facts) site(o *object, base *url.URL) string {
	site := firstOf(f.first("og:site_name", "application-name", "al:ios:app_name", "dc.publisher"), o.publisher)
	site, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimSpace(site), "@"), " | ")
	if site = clean.Line(clean.Text(site), 100); site != "" {
		return site
	}
	return strings.TrimPrefix(base.Hostname(), "www.")
}

func (f *facts) byline(o *object, site string) string {
	candidates := []string{strings.Join(unique(o.authors), ", ")}
	for _, name := range []string{"author", "article:author", "dc.creator", "dcterms.creator", "dc:creator", "parsely-author",
		"sailthru.author", "byl", "twitter:creator:name"} {
		candidates = append(candidates, strings.Join(unique(f.meta[name]), ", "))
	}
	candidates = append(append(candidates, f.bylines...), f.writtenBylines()...)
	for _, c := range candidates {
		by := byPrefix.ReplaceAllString(strings.TrimSpace(clean.Text(c)), "")
		if at := afterName.FindStringIndex(by); at != nil {
			by = by[:at[0]]
		}
		by = strings.Trim(clean.Line(by, 200), " ,;|–—-•·")
		if strings.EqualFold(by, site) || strings.Contains(by, "://") || strings.HasPrefix(by, "@") || !wordy(by) || strings.HasSuffix(by, "*") || nobody.MatchString(by) {
			continue
		}
		return by
	}
	return ""
}

// writtenBylines are the lines around the heading that read "By Some Name".
func (f *facts) writtenBylines() []string {
	var out []string
	for _, line := range append(slices.Clone(f.below), f.above...) {
		if name := byLine.FindStringSubmatch(line); name != nil {
			out = append(out, name[1])
		}
	}
	return out
}

// byLine is a line that is a byline by its words: a preposition and two to
// four capitalised ones.
var byLine = regexp.MustCompile(`^(?:By|BY|by|Von|von|Par|par|Por|por|Di|di|Door|door|Av|av|Af|af|Text|Autor|Author|Автор)\s*:?\s+((?:\p{Lu}[\p{L}.'’-]+ ){1,3}\p{Lu}[\p{L}'’-]+)\s*(?:[,|•·–—-].*)?$`)

func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

var (
	// byPrefix is the word before a name in a byline, in the languages whose
	// press we read.
	byPrefix = regexp.MustCompile(`(?i)^(written by|posted by|story by|by|von|par|por|di|da|door|av|af|przez|автор|от|文|作者|記者|撰文)\s*[:：]?\s+`)
	// afterName is what pages put behind a name: a date, a title, a button.
	afterName = regexp.MustCompile(`(?i)\s*([|•·]|\n|,?\s(mon|tues|wednes|thurs|fri|satur|sun)day,|\s(sagt|says|said|schrieb|wrote)\b|,?\s(jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*\.? \d|\d{1,2}[ ./:]|follow\b|published\b|updated\b|posted\b)`)
	nobody    = regexp.MustCompile(`(?i)^(admin|administrator|editor|root|webmaster|guest|гость|redazione|redaktion|user|staff|no author|unknown|anonymous|link|author|autor)$`)
)

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

// asks reports whether the page asks robots for one of some things.
func (f *facts) asks(wishes ...string) bool {
	for _, name := range []string{"robots", "clusterwire", "googlebot", "googlebot-news"} {
		for _, content := range f.meta[name] {
			for _, w := range strings.FieldsFunc(strings.ToLower(content), func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
				if slices.Contains(wishes, w) {
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
		f.first("dc.date.issued", "dcterms.issued", "citation_online_date", "datepublished", "date.published", "published_time", "pubdate", "publishdate", "publish-date", "publish_date",
			"parsely-pub-date", "sailthru.date", "dcterms.created", "dc.date.created",
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
	if t := urlDate(base); !t.IsZero() {
		return t
	}
	return f.writtenDate()
}

// writtenDate looks for a date in the lines below and above the heading.
func (f *facts) writtenDate() time.Time {
	if len(f.headings) == 0 {
		return time.Time{}
	}
	lines := slices.Clone(f.above)
	slices.Reverse(lines)
	for _, line := range append(slices.Clone(f.below), lines...) {
		if m := dateText.FindString(line); m != "" {
			if t := firstDate(m); !t.IsZero() {
				return t
			}
		}
	}
	return time.Time{}
}

// dateText finds a full date within a line: 25. September 2018, Nov. 18th,
// 2019, 19 de outubro de 2010, 2018年9月1日, 2019-11-20.
var dateText = regexp.MustCompile(`\d{1,2}(?:\.|st|nd|rd|th|er|º)?(?: de)? \p{L}{3,12}\.?(?: de)?,? (?:19|20)\d\d|\p{L}{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d|(?:19|20)\d\d(?:-|/|\.|年|년) ?\d{1,2}(?:-|/|\.|月|월) ?\d{1,2}`)

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
