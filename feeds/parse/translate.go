package parse

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"clusterwire/feeds/clean"
	"clusterwire/feeds/news"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"
)

// translate makes a news.Document of what gofeed read in a normal form, and
// cleans every field of it.
func translate(feed *gofeed.Feed, base *url.URL) news.Document {
	doc := news.Document{
		Kind:        news.FeedKind(feed.FeedType),
		Title:       clean.Line(feed.Title, maxTitle),
		Description: cutText(clean.Text(feed.Description), maxSummary),
		Link:        clean.URL(feed.Link, base),
		Self:        clean.URL(feed.FeedLink, base),
		Language:    language(feed.Language),
		Updated:     instant(feed.UpdatedParsed),
		Complete:    extension(feed.Extensions, "fh", "complete") != "",
		Pace:        pace(feed),
	}
	if moved := clean.URL(extension(feed.Extensions, "itunes", "new-feed-url"), base); moved != "" {
		doc.Self = moved
		doc.Warnings = append(doc.Warnings, "the feed names a new address: "+moved)
	}
	left := maxContent
	for _, from := range feed.Items {
		item := translateItem(from, base, doc.Language)
		if left > 0 {
			readTexts(&item, from, base)
			if left -= len(item.ContentHTML); left <= 0 {
				doc.Warnings = append(doc.Warnings, "the last items are without their texts, for their length")
			}
		}
		doc.Items = append(doc.Items, item)
	}
	switch original := feed.OriginalFeed().(type) {
	case *rss.Feed:
		rel := func(relation string) string {
			for _, l := range original.Extensions["atom"]["link"] {
				if l.Attrs["rel"] == relation {
					return clean.URL(l.Attrs["href"], base)
				}
			}
			return ""
		}
		doc.Hub, doc.Next = rel("hub"), cmp.Or(rel("next"), rel("prev-archive"))
	case *atom.Feed:
		rel := func(relation string) string {
			for _, l := range original.Links {
				if l.Rel == relation {
					return clean.URL(l.Href, base)
				}
			}
			return ""
		}
		doc.Hub, doc.Next = rel("hub"), cmp.Or(rel("next"), rel("prev-archive"))
	case *json.Feed:
		translateJSON(&doc, original, base)
	}
	return doc
}

// translateJSON adds what gofeed's universal feed does not hold of JSON Feed:
// it splits names of authors at brackets, and has no languages of items.
func translateJSON(doc *news.Document, original *json.Feed, base *url.URL) {
	doc.Next = clean.URL(original.NextURL, base)
	doc.Expired = original.Expired
	doc.Updated = time.Time{}
	authors := func(list []*json.Author) (found []string) {
		for _, author := range list {
			found = addPerson(found, cmp.Or(author.Name, author.URL))
		}
		return found
	}
	everywhere := authors(original.Authors)
	for i, o := range original.Items {
		item := &doc.Items[i]
		if item.Authors = authors(o.Authors); len(item.Authors) == 0 {
			item.Authors = everywhere
		}
		item.Language = language(o.Language, doc.Language)
		item.URL = cmp.Or(item.URL, clean.URL(o.ExternalURL, base))
		if item.URL == "" && strings.HasPrefix(item.GUID, "http") {
			item.URL = clean.URL(item.GUID, nil)
		}
		if doc.Updated.Before(item.Updated) {
			doc.Updated = item.Updated
		}
	}
}

// translateItem makes a news.Item of one item. Published is the date of
// publication. Where an entry states none, it is that of creation, else
// Updated: RSS 1.0 and many Atom feeds have no other.
func translateItem(from *gofeed.Item, base *url.URL, feedLanguage string) news.Item {
	item := news.Item{
		GUID:      boundGUID(cmp.Or(from.GUID, extension(from.Extensions, "dc", "identifier"))),
		URL:       clean.URL(from.Link, base),
		Title:     clean.Line(from.Title, maxTitle),
		Published: instant(from.PublishedParsed),
		Updated:   instant(from.UpdatedParsed),
		Language:  cmp.Or(language(extension(from.Extensions, "dc", "language")), feedLanguage),
	}
	if item.Published.IsZero() {
		item.Published = item.Updated
	}
	for _, creator := range from.Extensions["dc"]["creator"] { // RSS
		item.Authors = addPerson(item.Authors, creator.Value)
	}
	if len(item.Authors) == 0 {
		for _, author := range from.Authors {
			item.Authors = addPerson(item.Authors, cmp.Or(author.Name, author.Email))
		}
	}
	item.Categories = categories(from.Categories)
	for _, file := range from.Enclosures {
		item.Enclosures = addEnclosure(item.Enclosures, file, base)
	}
	return item
}

// readTexts cleans the content of an item and its summary. Either stands in
// for the other where it is missing.
func readTexts(item *news.Item, from *gofeed.Item, base *url.URL) {
	html, summary := clean.HTMLText(from.Description, textBase(from, "summary", base))
	item.Summary = cutText(summary, maxSummary)
	item.ContentHTML, item.ContentText = clean.HTMLText(from.Content, textBase(from, "content", base))
	if item.ContentHTML = strings.TrimSpace(item.ContentHTML); item.ContentHTML == "" {
		item.ContentHTML, item.ContentText = strings.TrimSpace(html), summary
	}
}

// textBase is what the links of a text are resolved against.
func textBase(item *gofeed.Item, which string, document *url.URL) *url.URL {
	return rebase(document, extension(item.Extensions, "base", which))
}

// categories cleans the names of categories and drops repetitions.
func categories(raw []string) []string {
	var found []string
	for _, name := range raw {
		name = clean.Line(clean.Title(name), maxName)
		if name != "" && len(found) < maxCategories && !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	return found
}

// addEnclosure adds a file unless it is known or one too many.
func addEnclosure(list []news.Enclosure, file *gofeed.Enclosure, base *url.URL) []news.Enclosure {
	u := clean.URL(file.URL, base)
	if u == "" || len(list) >= maxEnclosures || slices.ContainsFunc(list, func(e news.Enclosure) bool { return e.URL == u }) {
		return list
	}
	length, err := strconv.ParseInt(strings.TrimSpace(file.Length), 10, 64)
	if err != nil || length < 0 {
		length = 0
	}
	return append(list, news.Enclosure{URL: u, Type: clean.Line(file.Type, maxName), Length: length})
}

// extension is the first text of an element with a prefix.
func extension(all ext.Extensions, prefix, name string) string {
	if found := all[prefix][name]; len(found) > 0 {
		return found[0].Value
	}
	return ""
}

func instant(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
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
func pace(feed *gofeed.Feed) news.Pace {
	var p news.Pace
	if period, ok := periods[strings.ToLower(extension(feed.Extensions, "sy", "updateperiod"))]; ok {
		frequency, err := strconv.Atoi(extension(feed.Extensions, "sy", "updatefrequency"))
		if err != nil || frequency < 1 {
			frequency = 1
		}
		p.Every = period / time.Duration(frequency)
	}
	ttl := extension(feed.Extensions, "rss", "ttl") // Atom that mixes formats
	original, ok := feed.OriginalFeed().(*rss.Feed)
	if ok {
		ttl = original.TTL
	}
	if minutes, err := strconv.Atoi(ttl); err == nil && minutes > 0 && minutes <= int(maxPace/time.Minute) {
		p.Every = max(p.Every, time.Duration(minutes)*time.Minute)
	}
	if !ok {
		return p
	}
	for _, word := range original.SkipHours {
		hour, err := strconv.Atoi(word)
		if err == nil && hour >= 0 && hour <= 24 && !slices.Contains(p.SkipHours, hour%24) {
			p.SkipHours = append(p.SkipHours, hour%24)
		}
	}
	for _, word := range original.SkipDays {
		day, ok := weekdayNames[strings.ToLower(word)]
		if ok && !slices.Contains(p.SkipDays, day) {
			p.SkipDays = append(p.SkipDays, day)
		}
	}
	return p
}
