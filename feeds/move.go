package feeds

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"clusterwire/feeds/news"
)

// A permanent redirect is believed when it was seen three times over three days.
const (
	moveSeen  = 3
	moveAfter = 72 * time.Hour
)

// followMove takes over the address that a feed has permanently moved to. It is
// called after a success, so what stands there was read as a feed.
//
// A move to another site is followed too, with a note for a person: a lapsed
// domain is bought for its readers. One to a feed that we follow already ends
// this one in its favour.
func followMove(f news.Feed, got outcome, now time.Time) news.Feed {
	f.Moved.Note = suggested(f, got)
	if got.Permanent == "" || got.Permanent == f.URL {
		f.Moved = news.Move{Note: f.Moved.Note}
		return f
	}
	secure, kept := upgraded(f.URL, got.Permanent)
	if !kept {
		f.Moved = news.Move{Note: f.Moved.Note}
		return f
	}
	if f.Moved.To != got.Permanent {
		f.Moved = news.Move{To: got.Permanent, Since: now, Was: f.Title, Note: f.Moved.Note}
	}
	f.Moved.Seen++
	f.Moved.Site = cmp.Or(got.Link, f.Moved.Site)
	if !secure && (f.Moved.Seen < moveSeen || now.Sub(f.Moved.Since) < moveAfter) {
		return f
	}
	if got.Subscribed {
		f.State = news.FeedGone
		f.Moved.Note = "merged: it has moved to " + got.Permanent + ", which is followed already"
		return f
	}
	note := ""
	if site(f.URL) != site(got.Permanent) {
		note = fmt.Sprintf("needs review: moved from %s to %s; calls itself %q of %q, was %q",
			f.URL, got.Permanent, cmp.Or(got.Title, f.Title), f.Moved.Site, f.Moved.Was)
	}
	f.URL, f.Aliases = got.Permanent, withAlias(f.Aliases, f.URL)
	f.Moved = news.Move{Note: note}
	f.Validators, f.BodyHash, f.Hub = news.Validators{}, "", news.Hub{} // they were the old address's
	return f
}

// suggests begins a note that is renewed with every body that was read. Other
// notes stay until a person has seen to them.
const suggests = "suggests "

// suggested is the note of a feed that gives another address as its own: worth
// a person's look, and no more, since many feeds are wrong about themselves.
func suggested(f news.Feed, got outcome) string {
	if !got.Changed || f.Moved.Note != "" && !strings.HasPrefix(f.Moved.Note, suggests) {
		return f.Moved.Note
	}
	if got.Self == "" || bare(got.Self) == bare(f.URL) || bare(got.Self) == bare(got.Permanent) {
		return ""
	}
	return suggests + got.Self + ": the feed calls this its own address"
}

// bare is an address without what rarely matters: scheme, www and a last slash.
func bare(raw string) string {
	_, rest, _ := strings.Cut(raw, "://")
	return strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(rest), "www."), "/")
}

// upgraded says of a move whether it only turns http into https, and whether it
// may be followed at all: never from https to http.
func upgraded(from, to string) (secure, allowed bool) {
	a, err := url.Parse(from)
	if err != nil {
		return false, false
	}
	b, err := url.Parse(to)
	if err != nil || a.Scheme == "https" && b.Scheme == "http" {
		return false, false
	}
	same := strings.EqualFold(a.Host, b.Host) && a.EscapedPath() == b.EscapedPath() && a.RawQuery == b.RawQuery
	return same && a.Scheme == "http" && b.Scheme == "https", true
}

// site is the registrable domain of an address, else its host.
func site(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	host := strings.ToLower(u.Hostname())
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return domain
	}
	return host
}

// withAlias adds an old address to those that a feed is known by.
func withAlias(aliases []string, old string) []string {
	for _, a := range aliases {
		if a == old {
			return aliases
		}
	}
	return append(append([]string(nil), aliases...), old)
}
