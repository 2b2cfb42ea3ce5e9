package feeds

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"clusterwire/feeds/clean"
	"clusterwire/feeds/extract"
	"clusterwire/feeds/fetch"
	"clusterwire/feeds/news"
)

// open fetches the page behind an item, makes an article of it and reads it. A
// page that can't be had is recorded as a failed attempt, and then there is no
// article; or, where trying again is pointless, it is replaced by what the feed
// itself said. The error is the store's alone.
func (l *Line) open(ctx context.Context, it news.Item, s *summary) (*news.Opened, error) {
	page, raw, err := l.page(ctx, it)
	if ctx.Err() != nil {
		return nil, nil // interrupted: the item stays due, and its attempt is not counted
	}
	now := l.now()
	if err != nil {
		attempt := nextOpen(it, err, openClass(err), now)
		if !fallback(it, attempt) {
			s.itemFailed()
			return nil, l.store.SaveAttempt(context.WithoutCancel(ctx), it.ID, attempt)
		}
		page = pageOfFeed(it)
		page.Warnings = append(page.Warnings, attempt.Error)
	}
	opened := &news.Opened{Item: it}
	err = l.compute(func() error {
		opened.Article = compose(it, page, raw, now)
		opened.Reading = l.reader.Read(textOf(opened.Article))
		opened.Article.Language = opened.Reading.Language
		if opened.Reading.Verdict.Relevant {
			opened.Features = l.reader.Features(opened.Article, opened.Reading).Pack()
		}
		return nil
	})
	if err != nil {
		s.itemFailed()
		return nil, l.store.SaveAttempt(context.WithoutCancel(ctx), it.ID, nextOpen(it, err, openClass(err), now))
	}
	return opened, nil
}

// page fetches and extracts the page of an item; for an item without a page it
// is what the feed said.
func (l *Line) page(ctx context.Context, it news.Item) (news.Page, []byte, error) {
	if it.URL == "" {
		return pageOfFeed(it), nil, nil
	}
	res, err := l.follow(ctx, it.URL)
	if err != nil {
		return news.Page{}, nil, err
	}
	var page news.Page
	err = l.compute(func() (err error) {
		page, err = extract.Page(res.Body, extract.Input{URL: res.URL, ContentType: res.ContentType})
		return err
	})
	if err != nil {
		return news.Page{}, nil, err
	}
	if page.Refused != "" {
		return news.Page{}, nil, &refusedError{page.Refused}
	}
	page.NoAI = page.NoAI || res.Robots.NoAI
	if r := res.Robots; page.NoArchive || r.NoArchive || r.NoSnippet || r.NoIndex {
		return pageWithoutText(page), nil, nil
	}
	return page, res.Body, nil
}

// follow fetches the page at an address. A link of Google News is followed to
// the publisher's own page, where the link or the page behind it reveals it.
func (l *Line) follow(ctx context.Context, address string) (fetch.Response, error) {
	if target, ok := extract.NewsTarget(nil, extract.Input{URL: address}); ok {
		address = target
	}
	res, err := l.fetch.Get(ctx, fetch.Request{URL: address, For: fetch.ForPage})
	if err != nil {
		return res, err
	}
	if target, ok := extract.NewsTarget(res.Body, extract.Input{URL: res.URL, ContentType: res.ContentType}); ok && target != res.URL {
		return l.fetch.Get(ctx, fetch.Request{URL: target, For: fetch.ForPage})
	}
	return res, nil
}

// refusedError says that a page answered but is no article.
type refusedError struct{ class string }

func (e *refusedError) Error() string { return "the page is no article: " + e.class }

// pageOfFeed makes a page of what a feed said of it.
func pageOfFeed(it news.Item) news.Page {
	text := it.ContentText
	if text == "" {
		text = it.Summary
	}
	return news.Page{
		URL: it.URL, Canonical: clean.Canonical(it.URL), Title: it.Title, Byline: strings.Join(it.Authors, ", "),
		Published: it.Published, Modified: it.Updated, Language: it.Language, Summary: it.Summary,
		Text: text, HTML: it.ContentHTML, Method: "feed",
	}
}

// pageWithoutText is a page whose publisher asks that its text is not kept.
func pageWithoutText(p news.Page) news.Page {
	p.Text, p.HTML, p.Summary, p.Links, p.Method = "", "", "", nil, "title"
	return p
}

// patience is how often an item's page may fail before the feed's own words
// stand in for it.
const patience = 4

// fallback reports whether the feed's own words should stand in for the page
// now: when the publisher refuses us, or after some failures, and only if the
// feed said something.
func fallback(it news.Item, a news.Attempt) bool {
	if it.Title == "" || it.Summary == "" && it.ContentText == "" {
		return false
	}
	return refuses(a.Class) || a.Failures >= patience
}

// refuses reports whether a class of failure is a publisher's decision, which
// asking again would not change.
func refuses(class string) bool {
	switch class {
	case "robots", "http_401", "http_402", "http_403", "http_451", "challenge", "paywall", "cookiewall", "login", "not_html":
		return true
	}
	return false
}

// early is how far a date may lie ahead of our clock and still be believed.
const early = 15 * time.Minute

// compose makes an article of an item and its page.
func compose(it news.Item, p news.Page, raw []byte, now time.Time) news.Article {
	a := news.Article{
		Source: it.Source, URL: p.URL, Canonical: p.Canonical, Title: p.Title, Byline: p.Byline, Modified: p.Modified,
		Language: p.Language, Summary: p.Summary, Image: p.Image, Text: p.Text, HTML: p.HTML, Method: p.Method,
		Links: p.Links, FirstSeen: now, Raw: raw, NoAI: p.NoAI,
	}
	if !it.Seen.IsZero() {
		a.FirstSeen = it.Seen
	}
	if a.Title == "" || p.Method == "title" {
		a.Title = it.Title
	}
	if a.Title == "" {
		a.Title = clean.Line(a.Text, 120)
	}
	if p.Method != "title" && utf8.RuneCountInString(it.ContentText) > 2*utf8.RuneCountInString(a.Text) {
		// The feed carried the whole article and the page did not.
		a.Text, a.HTML, a.Method = it.ContentText, it.ContentHTML, "feed"
	}
	if a.Canonical == "" {
		a.Canonical = clean.Canonical(it.URL)
	}
	if a.Canonical == "" {
		a.Canonical = "urn:clusterwire:" + it.Source + ":" + it.Key
	}
	if a.Language == "" {
		a.Language = it.Language
	}
	if a.Byline == "" {
		a.Byline = strings.Join(it.Authors, ", ")
	}
	a.Summary = summaryOf(a, it)
	a.Published, a.Dated = dateOf(p.Published, it.Published, a.FirstSeen)
	return a
}

// summaryOf is what a list shows of an article: what the feed said, else what
// the page says of itself, else how the text begins.
func summaryOf(a news.Article, it news.Item) string {
	for _, s := range []string{it.Summary, a.Summary, a.Text} {
		if s = clean.Line(s, news.SummaryRunes); s != "" && s != a.Title {
			return s
		}
	}
	return ""
}

// dateOf is an article's date and where it comes from. The feed's date is
// preferred over the page's where the page has only a day, or a date ahead of
// the clock, since a feed's date has a time more often.
func dateOf(page, feed, seen time.Time) (time.Time, news.Dated) {
	believed := func(t time.Time) bool { return !t.IsZero() && t.Year() > 1990 && t.Before(seen.Add(early)) }
	sameDay := func(a, b time.Time) bool { return a.Sub(b).Abs() < 36*time.Hour }
	onlyDay := page.Equal(page.Truncate(24 * time.Hour))
	switch {
	case believed(page) && !(onlyDay && believed(feed) && sameDay(page, feed)):
		return page.UTC(), news.DatedPage
	case believed(feed):
		return feed.UTC(), news.DatedFeed
	default:
		return seen.UTC(), news.DatedSeen
	}
}

// textOf is the input of reading for an article.
func textOf(a news.Article) news.Text {
	return news.Text{Title: a.Title, Body: a.Text, Language: a.Language, URL: a.Canonical, Published: a.Published}
}

// openClass is the class of an error of opening a page, where it is none of
// package fetch, which brings its own.
func openClass(err error) string {
	var xe *extract.Error
	var re *refusedError
	var de *defectError
	switch {
	case errors.As(err, &de):
		return "defect"
	case errors.As(err, &xe):
		return xe.Class
	case errors.As(err, &re):
		return re.class
	default:
		return "error"
	}
}
