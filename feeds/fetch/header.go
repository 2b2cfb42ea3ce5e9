package fetch

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// httpDate reads a date in any of the three forms of HTTP; zero if it is none.
func httpDate(s string) time.Time {
	t, err := http.ParseTime(strings.TrimSpace(s))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// maxAge is Response.MaxAge. Source: RFC 9111, 4.2 and 5.2.2; s-maxage speaks
// to shared caches, not to us.
func maxAge(h http.Header) time.Duration {
	age, _ := seconds(h.Get("Age"))
	stated := false
	var fresh time.Duration
	for _, directive := range splitQuoted(strings.Join(h.Values("Cache-Control"), ","), ',') {
		name, value, _ := strings.Cut(directive, "=")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "no-cache", "no-store":
			return 0
		case "max-age":
			if !stated { // the first counts
				fresh, _ = seconds(value)
				stated = true
			}
		}
	}
	if !stated {
		fresh = untilExpiry(h)
	}
	return max(fresh-age, 0)
}

// untilExpiry is Expires as a duration, by the server's own clock where it
// gives that.
func untilExpiry(h http.Header) time.Duration {
	expires := httpDate(h.Get("Expires"))
	if expires.IsZero() {
		return 0
	}
	now := httpDate(h.Get("Date"))
	if now.IsZero() {
		now = time.Now()
	}
	return max(expires.Sub(now), 0)
}

// maxSeconds is more than any wait that we grant: greater values are nonsense.
const maxSeconds = 10 * 365 * 24 * 60 * 60

// seconds reads a number of seconds; false if it is none, or no sane one.
func seconds(s string) (time.Duration, bool) {
	s = strings.TrimSpace(s)
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n > maxSeconds {
		return 0, false
	}
	return time.Duration(n) * time.Second, true
}

// retryAfter reads Retry-After, in seconds or as a date; 0 if it is absent,
// past or no sane one. The longest wait is for who schedules to set.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := h.Get("Retry-After")
	if d, ok := seconds(value); ok {
		return d
	}
	if value = strings.TrimSpace(value); value != "" && strings.Trim(value, "0123456789") == "" {
		return maxSeconds * time.Second // a number too great: as long as is granted
	}
	if t := httpDate(value); !t.IsZero() {
		return max(t.Sub(now), 0)
	}
	return 0
}

// links reads the Link headers. Source: RFC 8288; anchors other than the
// document itself are passed over.
func links(h http.Header, base *url.URL) []Link {
	var all []Link
	for _, entry := range splitQuoted(strings.Join(h.Values("Link"), ","), ',') {
		parts := splitQuoted(entry, ';')
		target := strings.TrimSpace(parts[0])
		if !strings.HasPrefix(target, "<") || !strings.HasSuffix(target, ">") {
			continue
		}
		u, err := base.Parse(strings.TrimSpace(target[1 : len(target)-1]))
		if err != nil {
			continue
		}
		params := map[string]string{}
		for _, part := range parts[1:] {
			name, value, _ := strings.Cut(part, "=")
			name = strings.ToLower(strings.TrimSpace(name))
			if _, twice := params[name]; !twice {
				params[name] = strings.Trim(strings.TrimSpace(value), `"`)
			}
		}
		if _, elsewhere := params["anchor"]; elsewhere {
			continue
		}
		for _, rel := range strings.Fields(strings.ToLower(params["rel"])) {
			all = append(all, Link{URL: u.String(), Rel: rel, Type: params["type"]})
		}
	}
	return all
}

// splitQuoted splits at sep outside of quotes and angle brackets.
func splitQuoted(s string, sep byte) []string {
	var parts []string
	quoted, angled, start := false, false, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"' && !angled:
			quoted = !quoted
		case c == '<' && !quoted:
			angled = true
		case c == '>' && !quoted:
			angled = false
		case c == sep && !quoted && !angled:
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	return append(parts, s[start:])
}

// robotsTag reads X-Robots-Tag: what is said to all, or to us by name.
func robotsTag(h http.Header, token string) Robots {
	var r Robots
	for _, value := range h.Values("X-Robots-Tag") {
		ours := true
		for _, word := range strings.Split(value, ",") {
			word = strings.ToLower(strings.TrimSpace(word))
			// "otherbot: noindex, nofollow" speaks to that bot until the next name.
			if name, rest, named := strings.Cut(word, ":"); named && !valued[strings.TrimSpace(name)] {
				name = strings.TrimSpace(name)
				ours = name == "*" || name == strings.ToLower(token)
				word = strings.TrimSpace(rest)
			}
			if ours {
				r.add(word)
			}
		}
	}
	for _, value := range h.Values("Content-Signal") {
		r.NoAI = r.NoAI || signalsNoAI(value)
	}
	return r
}

// valued are the rules of X-Robots-Tag that hold a colon themselves.
var valued = map[string]bool{"unavailable_after": true, "max-snippet": true, "max-image-preview": true, "max-video-preview": true}

// add sets what one rule asks for.
func (r *Robots) add(rule string) {
	switch rule {
	case "none", "noindex":
		r.NoIndex = true
	case "nosnippet":
		r.NoSnippet = true
	case "noarchive":
		r.NoArchive = true
	case "noai", "noimageai":
		r.NoAI = true
	}
}

// signalsNoAI reports whether a Content-Signal says ai-input=no.
// Source: contentsignals.org.
func signalsNoAI(value string) bool {
	for _, signal := range strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		name, answer, _ := strings.Cut(strings.ToLower(signal), "=")
		if name == "ai-input" && answer == "no" {
			return true
		}
	}
	return false
}
