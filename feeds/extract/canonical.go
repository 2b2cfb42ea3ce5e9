package extract

import (
	"net"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"

	"clusterwire/feeds/clean"
	"clusterwire/feeds/news"
)

// canonicalURL is the address that identifies the article.
//
// A page may rename itself within its own registrable domain alone: else
// anybody's page could claim to be another publisher's article and take its
// place. An address on another domain is recorded as a warning. Two readers
// of other people's pages are an exception, because their own address names
// the publisher: a copy in an AMP cache, see ampOrigin, and Google News, see
// NewsTarget.
func (f *facts) canonicalURL(o *object, base, links *url.URL, page *news.Page) string {
	own := clean.Canonical(base.String())
	for _, raw := range []string{f.canonical, f.first("og:url"), o.url} {
		declared := clean.URL(strings.TrimSpace(raw), links)
		if declared == "" {
			continue
		}
		u, err := url.Parse(declared)
		if err != nil {
			continue
		}
		if isHome(u) && !isHome(base) {
			continue // a template that names the site's front page everywhere
		}
		if sameSite(u.Hostname(), base.Hostname()) || ampOrigin(base, u) {
			return clean.Canonical(declared)
		}
		page.Warnings = append(page.Warnings, "canonical address on another site ignored: "+clean.Line(declared, 200))
		break
	}
	return own
}

func isHome(u *url.URL) bool { return strings.Trim(u.Path, "/") == "" && u.RawQuery == "" }

// ampOrigin reports whether base is a copy of a page of u's host in an AMP
// cache. The cache's address carries the origin's host: /c/s/example.com/...
func ampOrigin(base, u *url.URL) bool {
	host := base.Hostname()
	if !strings.HasSuffix(host, ".cdn.ampproject.org") && host != "cdn.ampproject.org" &&
		!(registrable(host) == "google.com" && strings.HasPrefix(base.Path, "/amp/")) {
		return false
	}
	for _, seg := range strings.Split(base.Path, "/") {
		if strings.Contains(seg, ".") {
			return sameSite(seg, u.Hostname())
		}
	}
	return false
}

// sameSite reports whether two hosts belong to one registrable domain.
func sameSite(a, b string) bool {
	return strings.EqualFold(a, b) || registrable(a) == registrable(b)
}

// registrable is the domain that somebody registered: example.co.uk of
// news.example.co.uk. An address of numbers is its own.
func registrable(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if net.ParseIP(host) != nil {
		return host
	}
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}
