package feeds_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"clusterwire/feeds"
	"clusterwire/feeds/fetch"
	"clusterwire/feeds/news"
	"clusterwire/store/storetest"
)

// month is the first of a month, counted back from December 2024.
func month(back int) time.Time { return time.Date(2024, time.Month(12-back), 1, 12, 0, 0, 0, time.UTC) }

// archived serves an Atom feed of twelve pages, one item a month, each page
// naming the one before it.
func archived(w http.ResponseWriter, r *http.Request) {
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	fmt.Fprintf(w, `<feed xmlns="http://www.w3.org/2005/Atom"><title>Delta Courier</title><id>urn:delta</id><updated>2024-12-01T00:00:00Z</updated>`)
	if page < 11 {
		fmt.Fprintf(w, `<link rel="prev-archive" href="http://%s/feed.xml?page=%d"/>`, r.Host, page+1)
	}
	fmt.Fprintf(w, `<entry><id>urn:delta:%d</id><title>xAI in month %d</title><link href="http://%s/story?n=%d"/><published>%s</published></entry></feed>`,
		page, page, r.Host, page, month(page).Format(time.RFC3339))
}

func TestBackfillGoesOnWhereItStopped(t *testing.T) {
	var asked atomic.Int32
	ctx, cancel := context.WithCancel(t.Context())
	server := publish(t, map[string]http.HandlerFunc{
		"/feed.xml": func(w http.ResponseWriter, r *http.Request) {
			if asked.Add(1) == 3 {
				cancel()
			}
			archived(w, r)
		},
		"/story": func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, `<html lang="en"><head><title>xAI in month %s</title></head><body><article><p>%s</p><p>%s</p></article></body></html>`,
				r.URL.Query().Get("n"), paragraph, paragraph)
		},
	})
	line, db, _ := newLine(t)
	follow(t, db, "delta-courier", server.URL+"/feed.xml")

	if _, err := line.Backfill(ctx, "delta-courier", month(8)); !errors.Is(err, context.Canceled) {
		t.Fatalf("an interrupted backfill ends with %v", err)
	}
	before := asked.Load()
	summary, err := line.Backfill(t.Context(), "delta-courier", month(8))
	if err != nil {
		t.Fatal(err)
	}
	// Pages 0 to 8 hold what was asked for and page 9 shows that it ends; the
	// third was being read when the first call was stopped.
	if all := asked.Load(); before != 3 || all != 11 {
		t.Errorf("%d pages were read before the stop and %d in all, want 3 and 11", before, all)
	}
	if got := total(t, db, news.Query{}); got != 9 {
		t.Errorf("%d articles, want 9; the second call did %s", got, summary)
	}
	if _, err := line.Backfill(t.Context(), "delta-courier", month(8)); err != nil || asked.Load() != 11 {
		t.Errorf("a third call asked again: %d pages, error %v", asked.Load(), err)
	}
	if _, err := line.Backfill(t.Context(), "nobody", month(8)); !errors.Is(err, news.ErrNotFound) {
		t.Errorf("an unknown source: %v", err)
	}
}

func TestBackfillOfSitemapsAndNumberedPages(t *testing.T) {
	server := publish(t, map[string]http.HandlerFunc{
		"/sitemap.xml": func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>http://%[1]s/map-1.xml</loc></sitemap><sitemap><loc>http://%[1]s/map-2.xml</loc></sitemap></sitemapindex>`, r.Host)
		},
		"/map-1.xml": func(w http.ResponseWriter, r *http.Request) { siteMap(w, r, "a", "2024-11-01") },
		"/map-2.xml": func(w http.ResponseWriter, r *http.Request) { siteMap(w, r, "b", "2023-11-01") },
		"/feed/": func(w http.ResponseWriter, r *http.Request) {
			page := r.URL.Query().Get("paged")
			if page == "3" {
				http.NotFound(w, r)
				return
			}
			fmt.Fprintf(w, `<rss version="2.0"><channel><title>WordPress</title><item><title>Page %[2]s</title><link>http://%[1]s/wp-%[2]s</link><guid>%[2]s</guid></item></channel></rss>`, r.Host, page)
		},
		"/": storyPage,
	})
	db := storetest.Open(t)
	line := bareLine(t, db)
	source := news.Source{Slug: "paper", Name: "Paper", Kind: news.KindLocal, Trust: news.TrustReports}
	err := db.AddSource(t.Context(), source, []news.Feed{
		{Source: "paper", URL: server.URL + "/sitemap.xml", Kind: news.FeedSitemap},
		{Source: "paper", URL: server.URL + "/feed/", Kind: news.FeedRSS},
	})
	if err != nil {
		t.Fatal(err)
	}
	summary, err := line.Backfill(t.Context(), "paper", month(11))
	if err != nil {
		t.Fatal(err)
	}
	if summary.Items.New != 3 {
		t.Errorf("%s; want one item of the sitemaps, which is young enough, and two of the numbered pages", summary)
	}
}

func siteMap(w http.ResponseWriter, r *http.Request, name, day string) {
	fmt.Fprintf(w, `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://%s/%s</loc><lastmod>%s</lastmod></url></urlset>`, r.Host, name, day)
}

// bareLine is a line over db without a clock of its own.
func bareLine(t *testing.T, db feeds.Store) *feeds.Line {
	t.Helper()
	reader, err := feeds.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	client, err := fetch.New(fetch.Config{UserAgent: "clusterwire/test (feed fetcher)", Allow: loopback, Gap: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return feeds.New(feeds.Config{Store: db, Fetch: client, Reader: reader})
}
