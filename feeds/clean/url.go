package clean

import (
	"cmp"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxURL is the longest address that is kept, in bytes.
const maxURL = 2048

// URL returns raw as an absolute http or https address, resolved against base
// (which may be nil) by RFC 3986, or "". White space around it and line ends
// inside it are taken out, as browsers do. Refused are other schemes, user
// names and passwords, control characters, hosts that are none, and addresses
// over 2,048 bytes.
func URL(raw string, base *url.URL) string {
	u := parseURL(raw, base)
	if u == nil {
		return ""
	}
	out := u.String()
	if len(out) > maxURL {
		return ""
	}
	return out
}

var lineEnds = strings.NewReplacer("\r", "", "\n", "", "\t", "")

// parseURL does the work of URL; nil is a refusal.
func parseURL(raw string, base *url.URL) *url.URL {
	if len(raw) > 2*maxURL {
		return nil
	}
	raw = strings.TrimSpace(lineEnds.Replace(strings.TrimSpace(raw)))
	if raw == "" {
		return nil // a reference to the document itself is nobody's link
	}
	for i := range len(raw) {
		if raw[i] < ' ' || raw[i] == 0x7F {
			return nil
		}
	}
	if i := strings.IndexAny(raw, `\?#`); i >= 0 && raw[i] == '\\' {
		return nil // browsers read it as a slash, others do not: two hosts in one address
	}
	u, err := url.Parse(escapeStray(raw))
	if err != nil {
		return nil
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme != "http" && u.Scheme != "https" || u.Opaque != "" || u.User != nil || !fixHost(u) {
		return nil
	}
	return u
}

// escapeStray escapes percent signs that escape nothing, and spaces.
func escapeStray(raw string) string {
	if !strings.ContainsAny(raw, "% ") {
		return raw
	}
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		switch {
		case raw[i] == ' ':
			b.WriteString("%20")
		case raw[i] == '%' && (i+2 >= len(raw) || !isHex(raw[i+1]) || !isHex(raw[i+2])):
			b.WriteString("%25")
		default:
			b.WriteByte(raw[i])
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

// fixHost lower-cases the host and writes it in ASCII; false if it is none.
func fixHost(u *url.URL) bool {
	bracketed, host, port := u.Host, u.Hostname(), u.Port()
	if host == "" || len(host) > 253 {
		return false
	}
	if port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return false
		}
		port = ":" + port
	}
	if strings.Contains(host, ":") {
		ip, err := netip.ParseAddr(host)
		u.Host = "[" + strings.ToLower(host) + "]" + port
		return err == nil && ip.Is6() && ip.Zone() == "" && strings.HasPrefix(bracketed, "[")
	}
	ascii := strings.ToLower(host)
	if strings.ContainsFunc(host, func(r rune) bool { return r >= utf8.RuneSelf }) {
		var err error
		if ascii, err = idna.Lookup.ToASCII(host); err != nil {
			return false
		}
	}
	for i := range len(ascii) {
		if c := ascii[i]; !isAlnum(c) && c != '-' && c != '.' && c != '_' {
			return false
		}
	}
	u.Host = ascii + port
	return strings.Trim(ascii, ".") != "" && !strings.Contains(ascii, "..")
}

// Canonical returns the form of an address under which an article is known:
// host in lower case, default port, fragment and tracking parameters dropped,
// escapes normalised, AMP addresses led back to the page. Parameters that may
// choose the page are kept in their order. "" if raw is no address.
func Canonical(raw string) string {
	u := parseURL(raw, nil)
	if u == nil {
		return ""
	}
	for range 3 {
		inner := unwrapAMP(u)
		if inner == nil {
			break
		}
		u = inner
	}
	if u.Scheme == "http" && u.Port() == "80" || u.Scheme == "https" && u.Port() == "443" {
		u.Host = strings.TrimSuffix(u.Host, ":"+u.Port())
	}
	u.Host = strings.TrimSuffix(u.Host, ".")
	if !strings.HasPrefix(u.Fragment, "!") && !strings.HasPrefix(u.Fragment, "/") { // the routes of pages made by script
		u.Fragment, u.RawFragment = "", ""
	}
	u.RawQuery, u.ForceQuery = meaningful(u.RawQuery, u.Hostname()), false
	setPath(u, normalPath(u.EscapedPath()))
	out := u.String()
	if len(out) > maxURL {
		return ""
	}
	return out
}

// Key is what two canonical addresses are compared by: scheme, "www." and a
// slash at the end do not count. "" stands for no address and equals nothing.
func Key(canonical string) string {
	_, rest, ok := strings.Cut(canonical, "://")
	if !ok {
		return ""
	}
	address, query, has := strings.Cut(rest, "?")
	address = strings.TrimRight(strings.TrimPrefix(address, "www."), "/")
	if has {
		return address + "?" + query
	}
	return address
}

// setPath sets a path that is already escaped.
func setPath(u *url.URL, escaped string) {
	path, err := url.PathUnescape(escaped)
	if err != nil {
		return
	}
	u.Path, u.RawPath = path, escaped
}

// normalPath writes escapes in capitals, undoes those of unreserved
// characters (RFC 3986 section 6.2.2), and drops the marks of AMP, session
// ids and empty segments at the end.
func normalPath(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		if path[i] != '%' || i+2 >= len(path) || !isHex(path[i+1]) || !isHex(path[i+2]) {
			b.WriteByte(path[i])
			continue
		}
		n, _ := strconv.ParseUint(path[i+1:i+3], 16, 8)
		if c := byte(n); isAlnum(c) || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.WriteString("%" + strings.ToUpper(path[i+1:i+3]))
		}
		i += 2
	}
	out := b.String()
	if i := strings.Index(strings.ToLower(out), ";jsessionid="); i >= 0 {
		out = out[:i]
	}
	for {
		shorter := trimPath(out)
		if shorter == out {
			return cmp.Or(out, "/")
		}
		out = shorter // what is behind one mark may be another
	}
}

// trimPath drops one mark of AMP, or one empty segment, at the end of a path.
func trimPath(path string) string {
	for _, end := range []string{"/amp/", "/amp", "/amp.html"} {
		if rest, ok := strings.CutSuffix(path, end); ok && len(rest) > 1 {
			return rest + strings.Repeat("/", strings.Count(end, "/")-1)
		}
	}
	if rest, ok := strings.CutSuffix(path, ".amp.html"); ok {
		return rest + ".html"
	}
	if rest, ok := strings.CutSuffix(path, ".amp"); ok {
		return rest
	}
	if strings.HasSuffix(path, "//") {
		return path[:len(path)-1]
	}
	return path
}

// unwrapAMP returns the page behind an AMP cache or host, nil if u is neither.
func unwrapAMP(u *url.URL) *url.URL {
	host, path := u.Hostname(), u.EscapedPath()
	inCache := strings.HasSuffix(host, ".cdn.ampproject.org") || host == "cdn.ampproject.org"
	inGoogle := strings.HasPrefix(host, "www.google.") && strings.HasPrefix(path, "/amp/")
	switch {
	case inCache || inGoogle:
		scheme := "http"
		path = strings.TrimPrefix(path, "/")
		_, path, _ = strings.Cut(path, "/") // c, v, i or amp: what is cached
		if rest, ok := strings.CutPrefix(path, "s/"); ok {
			scheme, path = "https", rest
		}
		target := scheme + "://" + path
		if u.RawQuery != "" {
			target += "?" + u.RawQuery
		}
		inner := parseURL(target, nil)
		if inner == nil || !strings.Contains(inner.Hostname(), ".") {
			return nil
		}
		return inner
	case strings.HasPrefix(host, "amp.") && strings.Count(host, ".") >= 2:
		page := *u
		page.Host = strings.TrimPrefix(u.Host, "amp.")
		return &page
	}
	return nil
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
