package fetch

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// robotsRules are what one robots.txt says to us. Source: RFC 9309.
type robotsRules struct {
	rules    []robotsRule
	delay    time.Duration // Crawl-delay, 0 if none
	noAI     bool          // Content-Signal: ai-input=no
	sitemaps []string
}

// robotsRule allows or disallows the paths that match a pattern.
type robotsRule struct {
	allow   bool
	pattern string // normalised; may hold *
	end     bool   // the pattern ended in $
}

// parseRobots reads the groups of robots.txt that speak to token, else those
// that speak to all.
func parseRobots(text []byte, token string) robotsRules {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	var ours, others robotsRules
	var sitemaps []string
	named := false              // a group names us
	toUs, toAll := false, false // whom the current group speaks to
	heading := false            // the last line named an agent
	apply := func(f func(*robotsRules)) {
		if toUs {
			f(&ours)
		}
		if toAll {
			f(&others)
		}
	}
	for line := range bytes.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		key, value, ok := robotsLine(string(line))
		if !ok {
			continue
		}
		switch key {
		case "user-agent", "useragent", "user agent":
			if !heading {
				toUs, toAll = false, false
			}
			heading = true
			name := productToken(value)
			toUs = toUs || strings.EqualFold(name, token)
			toAll = toAll || value == "*" || strings.HasPrefix(value, "* ")
			named = named || toUs
		case "allow", "disallow":
			heading = false
			if value != "" {
				apply(func(r *robotsRules) { r.rules = append(r.rules, newRobotsRule(key == "allow", value)) })
			}
		case "crawl-delay":
			// No rule of RFC 9309, but its writers mean it as one: a name below
			// begins another group.
			heading = false
			if n, err := strconv.ParseFloat(value, 64); err == nil && n > 0 && n < 1e6 {
				apply(func(r *robotsRules) { r.delay = max(r.delay, time.Duration(n*float64(time.Second))) })
			}
		case "content-signal":
			apply(func(r *robotsRules) { r.noAI = r.noAI || signalsNoAI(value) })
		case "sitemap":
			sitemaps = append(sitemaps, value)
		}
	}
	if !named {
		ours = others
	}
	ours.sitemaps = sitemaps
	return ours
}

// robotsLine reads "key: value", without comment.
func robotsLine(line string) (key, value string, ok bool) {
	line, _, _ = strings.Cut(line, "#")
	key, value, ok = strings.Cut(line, ":")
	return strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value), ok
}

// productToken is the leading name of what stands after user-agent.
func productToken(value string) string {
	i := strings.IndexFunc(value, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || r == '-')
	})
	if i < 0 {
		return value
	}
	return value[:i]
}

func newRobotsRule(allow bool, pattern string) robotsRule {
	r := robotsRule{allow: allow}
	pattern, r.end = strings.CutSuffix(pattern, "$")
	r.pattern = normalPath(pattern, true)
	return r
}

// allows reports whether an address may be read: the longest rule that matches
// decides, and allow wins a tie.
func (r robotsRules) allows(u *url.URL) bool {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if path == "/robots.txt" {
		return true
	}
	if u.RawQuery != "" || u.ForceQuery {
		path += "?" + u.RawQuery
	}
	path = normalPath(path, false)
	allowed, longest := true, -1
	for _, rule := range r.rules {
		length := len(rule.pattern)
		if length < longest || length == longest && !rule.allow || !rule.matches(path) {
			continue
		}
		allowed, longest = rule.allow, length
	}
	return allowed
}

// matches reports whether a normalised path begins with the pattern, or is all
// of it where the pattern ended in $. Each star takes as little as it can, which
// is enough, as what follows is looked for in the rest.
func (r robotsRule) matches(path string) bool {
	parts := strings.Split(r.pattern, "*")
	rest, ok := strings.CutPrefix(path, parts[0])
	if !ok {
		return false
	}
	for i, part := range parts[1:] {
		if r.end && i == len(parts)-2 {
			return strings.HasSuffix(rest, part)
		}
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return !r.end || rest == ""
}

// normalPath writes a path in one of its equal forms: what needs no escape is
// not escaped, everything else is, in upper case. A star is kept in a pattern.
func normalPath(path string, pattern bool) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c := path[i]
		switch {
		case c == '%' && i+2 < len(path) && unhex(path[i+1]) >= 0 && unhex(path[i+2]) >= 0:
			decoded := byte(unhex(path[i+1])<<4 | unhex(path[i+2]))
			if unreserved(decoded) {
				b.WriteByte(decoded)
			} else {
				writeEscaped(&b, decoded)
			}
			i += 2
		case c == '*' && pattern, c != '*' && c != '$' && c > ' ' && c < 0x7f:
			b.WriteByte(c)
		default:
			writeEscaped(&b, c)
		}
	}
	return b.String()
}

func writeEscaped(b *strings.Builder, c byte) {
	const digits = "0123456789ABCDEF"
	b.WriteByte('%')
	b.WriteByte(digits[c>>4])
	b.WriteByte(digits[c&15])
}

// unreserved reports whether a byte means the same with and without escape.
func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// unhex gives the value of a hexadecimal digit, -1 if it is none.
func unhex(c byte) int {
	return strings.IndexByte("0123456789abcdef", toLower(c))
}

func toLower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
