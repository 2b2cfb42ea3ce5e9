package web

import (
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"clusterwire/feeds/news"
)

// link is a word that leads somewhere.
type link struct {
	Href string
	Text string
}

// chip is the one shape for company, topic, source and language.
type chip struct {
	Href  string
	Text  string
	Class string // "", "topic", "lang"
	Count int    // shown where it is greater than 0
	On    bool
}

// HTML writes a chip. A page has hundreds, and a template takes five times as
// long. Href is an address of ours, made of escaped parts.
func (c chip) HTML() template.HTML {
	class := "chip"
	if c.Class != "" {
		class += " " + c.Class
	}
	if c.On {
		class += " on"
	}
	count := ""
	if c.Count > 0 {
		count = ` <span class="count">` + thousands(c.Count) + `</span>`
	}
	return template.HTML(`<a class="` + class + `" href="` + template.HTMLEscapeString(c.Href) + `">` + template.HTMLEscapeString(c.Text) + count + `</a>`)
}

// card is one article in a list.
type card struct {
	ID        string
	Path      string
	Title     string
	URL       string // where a browser finds it
	Host      string // of its publisher
	Source    link
	Byline    string
	Published time.Time
	At        string // its time within the day or month that it stands under
	FirstSeen time.Time
	Seen      bool // Published is only when we first saw it
	Language  string
	Summary   string
	Snippet   []news.Fragment
	Companies []chip
	More      int // companies beyond those shown
	Topics    []chip
	Claims    int
	Gist      gist // the figures that matter most, where the list shows them
	Lead      bool
}

// dayCards are the articles of one day.
type dayCards struct {
	Day     time.Time
	Cards   []card
	Month   bool // Day is the first of a month that they all belong to
	Undated bool // the list is not in order of days, so this is all of it
}

// mostChips is how many companies a card shows before it counts the rest.
const mostChips = 6

func (st *stand) card(h news.Hit) card {
	c := card{
		ID: strconv.FormatInt(h.ID, 10), Path: articlePath(h.ID), Title: titleOf(h.Title, h.URL), URL: st.open(h.URL), Host: hostOf(h.URL),
		Source: link{sourcePath(h.Source.Slug), st.named(h.Source)}, Byline: h.Byline,
		Published: h.Published, FirstSeen: h.FirstSeen, Seen: h.Dated == news.DatedSeen, Language: h.Language,
		Summary: h.Summary, Snippet: h.Snippet, Claims: h.Claims,
	}
	for i, m := range subjectsFirst(h.Mentions) {
		if i == mostChips {
			c.More = len(h.Mentions) - mostChips
			break
		}
		c.Companies = append(c.Companies, chip{Href: companyPath(m.Company), Text: st.companyName(m.Company)})
	}
	for _, t := range h.Topics {
		c.Topics = append(c.Topics, chip{Href: topicPath(t), Text: string(t), Class: "topic"})
	}
	return c
}

func (st *stand) named(s news.Source) string {
	if s.Name != "" {
		return s.Name
	}
	return st.sourceName(s.Slug)
}

func (st *stand) cards(hits []news.Hit) []card {
	out := make([]card, len(hits))
	for i, h := range hits {
		out[i] = st.card(h)
	}
	return out
}

// byDay cuts a list where the day changes (UTC), keeping its order. Where most
// days would have a single article, it is cut by months.
func byDay(cards []card) []dayCards {
	out := cut(cards, clock, func(t time.Time) time.Time { return t.Truncate(24 * time.Hour) })
	if len(cards) > 3 && len(out) > len(cards)/2 {
		out = cut(cards, dayMonth, func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC) })
		for i := range out {
			out[i].Month = true
		}
	}
	return out
}

// cut splits cards where the time that they belong to changes, and marks each
// with its own time within that.
func cut(cards []card, mark func(time.Time) string, to func(time.Time) time.Time) []dayCards {
	var out []dayCards
	for _, c := range cards {
		day := c.Published
		if !day.IsZero() {
			day = to(day.UTC())
		}
		if len(out) == 0 || !out[len(out)-1].Day.Equal(day) {
			out = append(out, dayCards{Day: day})
		}
		c.At = mark(c.Published)
		last := &out[len(out)-1]
		last.Cards = append(last.Cards, c)
	}
	return out
}

// undated is a list that is not in the order of time.
func undated(cards []card) []dayCards {
	for i := range cards {
		cards[i].At = dayMonth(cards[i].Published)
	}
	return []dayCards{{Cards: cards, Undated: true}}
}

// Heading names the time that a group of articles belongs to.
func (d dayCards) Heading() string {
	if d.Month && !d.Day.IsZero() {
		return d.Day.Format("January 2006")
	}
	return longDay(d.Day)
}

func subjectsFirst(mentions []news.Mention) []news.Mention {
	out := make([]news.Mention, 0, len(mentions))
	for _, role := range []news.Role{news.RoleSubject, news.RoleMentioned} {
		for _, m := range mentions {
			if m.Role == role {
				out = append(out, m)
			}
		}
	}
	return out
}

// titleOf gives an article without a title its address to go by.
func titleOf(title, address string) string {
	if strings.TrimSpace(title) != "" {
		return title
	}
	return strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://")
}

func articlePath(id int64) string         { return "/article/" + strconv.FormatInt(id, 10) }
func companyPath(slug string) string      { return "/company/" + url.PathEscape(slug) }
func clusterPath(slug string) string      { return "/cluster/" + url.PathEscape(slug) }
func topicPath(t news.Topic) string       { return "/topic/" + url.PathEscape(string(t)) }
func sourcePath(slug string) string       { return "/source/" + url.PathEscape(slug) }
func searchPath(key, value string) string { return "/search?" + url.Values{key: {value}}.Encode() }

// plural writes a count with its noun.
func plural(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + more
}

// thousands writes a whole number with commas.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// stamp writes an instant for people, in UTC. Where the time of day is exactly
// midnight the article gave a day only, and no time is made up for it.
func stamp(t time.Time) string {
	switch t = t.UTC(); {
	case t.IsZero():
		return "no date"
	case t.Equal(t.Truncate(24 * time.Hour)):
		return t.Format("2 Jan 2006")
	}
	return t.Format("2 Jan 2006, 15:04") + " UTC"
}

func clock(t time.Time) string {
	if t = t.UTC(); t.IsZero() || t.Equal(t.Truncate(24*time.Hour)) {
		return ""
	}
	return t.Format("15:04")
}

// dayMonth is a day without its year.
func dayMonth(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 Jan")
}

// lately is the time of day of what is of today, the day of what is of this
// year, and the month of what is older.
func lately(now, t time.Time) string {
	if c := clock(t); c != "" && t.UTC().Format(time.DateOnly) == now.UTC().Format(time.DateOnly) {
		return c
	}
	if !t.IsZero() && t.UTC().Year() != now.UTC().Year() {
		return t.UTC().Format("Jan 2006")
	}
	return dayMonth(t)
}

func longDay(t time.Time) string {
	if t.IsZero() {
		return "Without a date"
	}
	return t.UTC().Format("Monday, 2 January 2006")
}

func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// ago says roughly how long before now t was.
func ago(now, t time.Time) string {
	d := now.Sub(t)
	switch {
	case t.IsZero():
		return "never"
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	}
	return fmt.Sprintf("%d days ago", int(d.Hours()/24))
}

// in says roughly how far off a moment is.
func in(d time.Duration) string {
	switch {
	case d < 90*time.Second:
		return "in a minute"
	case d < 90*time.Minute:
		return fmt.Sprintf("in %d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("in %d h", int(d.Hours()))
	}
	return fmt.Sprintf("in %d days", int(d.Hours()/24))
}

// languageName is the English name of a language.
func languageName(tag string) string {
	t, err := language.Parse(tag)
	if tag == "" || err != nil {
		return "unknown language"
	}
	return display.English.Languages().Name(t)
}

// direction is the dir attribute of text in a language.
func direction(tag string) string {
	switch tag {
	case "ar", "fa", "he", "ur", "ps", "yi", "dv", "ckb", "sd", "ug":
		return "rtl"
	case "":
		return "auto"
	}
	return "ltr"
}

// kindName heads the companies of one kind.
func kindName(kind string) string {
	switch kind {
	case "lab":
		return "Labs and model makers"
	case "cloud":
		return "Clouds"
	case "chips":
		return "Chips"
	case "developer":
		return "Developers and operators"
	case "utility":
		return "Power and utilities"
	case "investor":
		return "Investors"
	case "systems":
		return "Systems and servers"
	case "network":
		return "Networks"
	}
	return "Others"
}
