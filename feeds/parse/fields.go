package parse

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"clusterwire/feeds/clean"
	"clusterwire/feeds/news"
)

// fields reads the fields of a feed or entry from its element.
type fields struct {
	node *node
	base *url.URL // of the element
	atom bool     // the texts are Atom's, which say of what type they are
	old  bool     // Atom 0.3
}

// title is the first title among keys that says something, as plain text.
func (f fields) title(keys ...string) string {
	for _, key := range keys {
		for _, n := range f.node.all(key) {
			html, plain := f.construct(n)
			if plain == "" {
				plain = clean.Title(html)
			}
			if line := clean.Line(plain, maxTitle); line != "" {
				return line
			}
		}
	}
	return ""
}

// plain is the first text among keys, as plain text of at most runes.
func (f fields) plain(runes int, keys ...string) string {
	_, text := f.html(keys...)
	return cutText(text, runes)
}

// html is the first text among keys that says something, as clean HTML and as
// plain text. The keys are tried in their order.
func (f fields) html(keys ...string) (html, text string) {
	for _, key := range keys {
		for _, n := range f.node.all(key) {
			raw, plain := f.construct(n)
			if plain != "" {
				raw = escapeMarkup.Replace(plain)
			}
			base := rebase(f.base, n.attr("xml:base"))
			html, text = clean.HTMLText(raw, base)
			if plain == "" && escapedTwice(html, text) {
				html, text = clean.HTMLText(text, base)
			}
			if html = strings.TrimSpace(html); html != "" {
				return html, text
			}
		}
	}
	return "", ""
}

// escapedTwice reports whether a text is HTML that was escaped once too often:
// no markup of its own, and it begins with what would be markup.
func escapedTwice(html, text string) bool {
	return strings.HasPrefix(text, "<") && !strings.Contains(html, "<") && clean.IsHTML(text)
}

// construct reads a text: either its HTML or, where it is known to be none,
// its plain text. Both are empty for what is no text.
func (f fields) construct(n *node) (html, plain string) {
	kind := strings.ToLower(strings.TrimSpace(n.attr("type")))
	mode := strings.ToLower(n.attr("mode"))
	base := rebase(f.base, n.attr("xml:base"))
	if n.hasMarkup() {
		return n.markup(base), ""
	}
	text := n.text()
	isHTML := strings.Contains(kind, "html")
	isText := kind == "" || kind == "text" || strings.HasPrefix(kind, "text/") || isHTML || strings.Contains(kind, "xml")
	if mode == "base64" || !isText {
		decoded, ok := fromBase64(text)
		if !ok && mode == "base64" || isMedia(kind) {
			return "", ""
		}
		if ok {
			text = decoded
		}
	}
	switch {
	case isHTML && kind == "xhtml" && f.atom:
		return escapeMarkup.Replace(text), ""
	case isHTML:
		return text, ""
	case f.atom && n.key != "content:encoded" && (kind == "" && !f.old && !clean.IsHTML(text) || kind == "text" || kind == "text/plain"):
		return "", text // without a type it is plain text by the book, and HTML in many real feeds
	}
	return text, ""
}

// fromBase64 decodes text if it is base64 of text.
func fromBase64(text string) (string, bool) {
	packed := strings.Map(func(r rune) rune {
		if isSpace(r) {
			return -1
		}
		return r
	}, text)
	raw, err := base64.StdEncoding.DecodeString(packed)
	if err != nil || len(raw) == 0 {
		return "", false
	}
	decoded, _ := clean.UTF8(raw, "")
	return string(decoded), true
}

// isMedia reports whether a type is of what can't be read.
func isMedia(kind string) bool {
	for _, prefix := range []string{"image/", "audio/", "video/", "font/", "application/pdf", "application/zip"} {
		if strings.HasPrefix(kind, prefix) {
			return true
		}
	}
	return false
}

// date is the first date among keys that is one. Of one key two are tried.
func (f fields) date(keys ...string) time.Time {
	for _, key := range keys {
		found := f.node.all(key)
		for _, n := range found[:min(len(found), 2)] {
			if t, ok := clean.Date(n.text()); ok {
				return t
			}
		}
	}
	return time.Time{}
}

// cutText shortens a text to at most n runes.
func cutText(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:n-1])) + "…"
}

var (
	languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(?:$|[-_])`)
	mailAddress = regexp.MustCompile(`[^\s()<>,;:"]+@[^\s()<>,;:"]+`)
)

// language is the primary subtag of the first language among tags that is one.
func language(tags ...string) string {
	for _, tag := range tags {
		if tag = strings.TrimSpace(tag); languageTag.MatchString(tag) {
			tag = strings.ToLower(tag)
			return tag[:strings.IndexAny(tag+"-", "-_")]
		}
	}
	return ""
}

// authors are the people of an entry, by name where one is given.
func (f fields) authors() []string {
	var found []string
	for _, n := range f.node.all("author", "dc:creator", "dc:author", "itunes:author", "managingeditor", "media:credit") {
		if n.key == "media:credit" && n.attr("role") != "author" || n.key == "itunes:author" && len(found) > 0 {
			continue
		}
		name := n.text()
		if n.hasMarkup() {
			name = firstOf(n.trimmed("name", "foaf:name"), n.trimmed("email"), name)
		}
		found = addPerson(found, name)
	}
	return found
}

// addPerson adds a person unless the name is empty or known. Of "a@b (Name)"
// and "Name <a@b>" the name is kept.
func addPerson(people []string, raw string) []string {
	name := clean.Title(raw)
	if mail := mailAddress.FindString(name); mail != "" {
		if rest := strings.Trim(strings.Replace(name, mail, "", 1), " ()<>[],;\"'"); rest != "" && rest != "mailto:" {
			name = rest
		}
	}
	name = clean.Line(name, maxName)
	if name == "" || len(people) >= maxPeople || slices.Contains(people, name) {
		return people
	}
	return append(people, name)
}

// categories are the subjects of an entry, as its feed words them.
func (f fields) categories() []string {
	var found []string
	for _, n := range f.node.all("category", "dc:subject", "itunes:category", "media:keywords", "itunes:keywords", "keywords", "news:keywords") {
		texts := []string{firstOf(n.attr("label"), n.attr("term"), strings.TrimSpace(n.text()), n.attr("text"))}
		if strings.HasSuffix(n.key, "keywords") {
			texts = strings.Split(texts[0], ",")
		}
		for _, text := range texts {
			name := clean.Line(clean.Title(text), maxName)
			if name != "" && len(found) < maxCategories && !slices.Contains(found, name) {
				found = append(found, name)
			}
		}
	}
	return found
}

// periods are the words of sy:updatePeriod.
var periods = map[string]time.Duration{
	"hourly": time.Hour, "daily": 24 * time.Hour, "weekly": 7 * 24 * time.Hour,
	"monthly": 30 * 24 * time.Hour, "yearly": 365 * 24 * time.Hour,
}

// weekdayNames are the words of skipDays.
var weekdayNames = map[string]time.Weekday{
	"sunday": time.Sunday, "monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday,
	"thursday": time.Thursday, "friday": time.Friday, "saturday": time.Saturday,
}

// maxPace is the longest interval that is read; longer ones are errors.
const maxPace = 366 * 24 * time.Hour

// pace is how often a feed asks to be polled: the longer of ttl and sy.
func pace(head *node) news.Pace {
	var p news.Pace
	if minutes, err := strconv.Atoi(head.trimmed("ttl")); err == nil && minutes > 0 && minutes <= int(maxPace/time.Minute) {
		p.Every = time.Duration(minutes) * time.Minute
	}
	if period, ok := periods[strings.ToLower(head.trimmed("sy:updateperiod"))]; ok {
		frequency, err := strconv.Atoi(head.trimmed("sy:updatefrequency"))
		if err != nil || frequency < 1 {
			frequency = 1
		}
		p.Every = max(p.Every, period/time.Duration(frequency))
	}
	if skip := head.first("skiphours"); skip != nil {
		for _, n := range skip.all("hour") {
			hour, err := strconv.Atoi(strings.TrimSpace(n.text()))
			if err == nil && hour >= 0 && hour <= 24 && !slices.Contains(p.SkipHours, hour%24) {
				p.SkipHours = append(p.SkipHours, hour%24)
			}
		}
	}
	if skip := head.first("skipdays"); skip != nil {
		for _, n := range skip.all("day") {
			day, ok := weekdayNames[strings.ToLower(strings.TrimSpace(n.text()))]
			if ok && !slices.Contains(p.SkipDays, day) {
				p.SkipDays = append(p.SkipDays, day)
			}
		}
	}
	return p
}
