package extract

import (
	"net/url"
	"slices"
	"strings"

	"clusterwire/feeds/clean"
)

// bestTitle chooses among the titles that a page gives itself, and takes the
// site's name off it.
func (f *facts) bestTitle(o *object, site string, base *url.URL) string {
	if len(f.headings) == 1 && sameTitle(f.headings[0], f.title) && fold(f.headings[0]) != fold(site) {
		return f.headings[0]
	}
	for _, t := range []string{o.headline, f.first("og:title"), f.first("twitter:title", "dc.title", "dcterms.title", "headline", "parsely-title", "sailthru.title")} {
		if t = clean.Title(t); wordy(t) && !strings.EqualFold(t, site) {
			return withoutSite(t, site, base)
		}
	}
	for _, h := range append(slices.Clone(f.headings), f.subheads...) {
		if (sameTitle(h, f.title) || isSegment(h, f.title)) && fold(h) != fold(site) && !isSite(h, site, base) {
			return h
		}
	}
	if t := withoutSite(clean.Title(f.title), site, base); t != "" {
		return t
	}
	return firstOf(f.headings...)
}

// sameTitle reports whether <title> says what the heading says, perhaps with
// the site's name around it.
func sameTitle(heading, title string) bool {
	return countWords(heading) >= 3 && strings.Contains(fold(title), fold(heading))
}

// isSegment reports whether the heading is one of the parts of <title>.
func isSegment(heading, title string) bool {
	for _, sep := range titleSeparators {
		for part := range strings.SplitSeq(title, sep) {
			if part != title && fold(part) == fold(heading) && wordy(heading) {
				return true
			}
		}
	}
	return false
}

// fold makes titles comparable: lower case words alone.
func fold(s string) string {
	var b strings.Builder
	eachWord(strings.ToLower(s), func(w string) { b.WriteString(w); b.WriteByte(' ') })
	return b.String()
}

var titleSeparators = []string{" | ", " - ", " – ", " — ", " :: ", " » ", " · ", " • ", "｜", "_", " / ", " ‹ ", " « "}

// withoutSite cuts the site's name, or its host's, off either end of a title.
func withoutSite(title, site string, base *url.URL) string {
	for range 2 {
		cut := cutSite(title, site, base)
		if cut == title {
			break
		}
		title = cut
	}
	return title
}

func cutSite(title, site string, base *url.URL) string {
	for _, sep := range titleSeparators {
		if i := strings.LastIndex(title, sep); i > 0 && isSite(title[i+len(sep):], site, base) && wordy(title[:i]) {
			return strings.TrimSpace(title[:i])
		}
		if i := strings.Index(title, sep); i > 0 && isSite(title[:i], site, base) && wordy(title[i+len(sep):]) {
			return strings.TrimSpace(title[i+len(sep):])
		}
	}
	return title
}

// isSite reports whether part is the name of the site: as the page states it
// or as its host spells it.
func isSite(part, site string, base *url.URL) bool {
	p := strings.ReplaceAll(fold(part), " ", "")
	if p == "" {
		return false
	}
	s := strings.ReplaceAll(fold(site), " ", "")
	host := strings.ReplaceAll(fold(registrable(base.Hostname())), " ", "")
	label, _, _ := strings.Cut(registrable(base.Hostname()), ".")
	label = strings.ReplaceAll(fold(label), " ", "")
	return p == s || p == host || p == label || "the"+p == label || p == "the"+label || "the"+s == p || "the"+p == s
}
