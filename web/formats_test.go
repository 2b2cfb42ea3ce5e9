package web

import (
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"clusterwire/feeds/news"
)

// Any query gives the same articles in the same order in every format.
func TestFormatsAgree(t *testing.T) {
	db := archive(t, 120)
	h := testSite(t, db, nil)
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	for range 60 {
		values := url.Values{}
		for key, value := range map[string]string{"q": pick("", "", "turbines", "report", "phase -part", `"first phase"`, "xyzzy"), "company": pick("", "xai", "meta", "xai,meta"), "topic": pick("", "power"),
			"lang": pick("", "", "de", "en"), "since": pick("", "2024-09-03"), "limit": pick("", "5", "50"), "sort": pick("", "newest", "oldest")} {
			if value != "" {
				values.Set(key, value)
			}
		}
		query := values.Encode()
		want := idsOf(t, "json", get(t, h, "/api/v1/search?"+query).Body.String())
		for _, suffix := range []string{"json", "feed.json", "atom", "rss", "csv", "ndjson"} {
			w := get(t, h, "/search."+suffix+"?"+query)
			if got := idsOf(t, suffix, w.Body.String()); w.Code != 200 || !slices.Equal(got, want) {
				t.Errorf("%s.%s: %d\n got %v\nwant %v", query, suffix, w.Code, got, want)
			}
		}
		if got := idsOf(t, "html", get(t, h, "/search?"+query).Body.String()); !slices.Equal(got, want) {
			t.Errorf("%s, the page:\n got %v\nwant %v", query, got, want)
		}
	}
}

func TestAcceptChoosesTheFormat(t *testing.T) {
	h := testSite(t, archive(t, 10), nil)
	for accept, kind := range map[string]string{"application/json": "application/json", "application/atom+xml": "application/atom+xml", "text/csv": "text/csv", "*/*": "text/html"} {
		for _, path := range []string{"/", "/search?q=report", "/company/xai", "/topic/power", "/cluster/colossus"} {
			w := get(t, h, path, "Accept", accept)
			if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), kind) || !strings.Contains(w.Header().Get("Vary"), "Accept") {
				t.Errorf("%s as %s: %d %s", path, accept, w.Code, w.Header().Get("Content-Type"))
			}
		}
	}
}

// idsOf reads the ids of a list out of any format.
func idsOf(t *testing.T, suffix, body string) []string {
	t.Helper()
	ids := []string{}
	switch suffix {
	case "json", "feed.json":
		list := decode[struct{ Items []struct{ ID string } }](t, strings.NewReader(body))
		for _, item := range list.Items {
			ids = append(ids, item.ID)
		}
	case "ndjson":
		for _, line := range strings.Split(strings.TrimSpace(body), "\n") {
			if line != "" {
				ids = append(ids, decode[struct{ ID string }](t, strings.NewReader(line)).ID)
			}
		}
	case "csv":
		for _, row := range csvRows(t, strings.NewReader(body))[1:] {
			ids = append(ids, row[0])
		}
	case "html":
		for _, part := range strings.Split(body, `data-id="`)[1:] {
			id, _, _ := strings.Cut(part, `"`)
			ids = append(ids, id)
		}
	default:
		feed, err := gofeed.NewParser().ParseString(body)
		if err != nil {
			t.Fatalf("%s: %v", suffix, err)
		}
		for _, item := range feed.Items {
			ids = append(ids, item.GUID[strings.LastIndexByte(item.GUID, '/')+1:])
		}
	}
	return ids
}

// X4's way out: a feed gives back what the archive holds, through a reader of
// feeds that knows nothing of us.
func TestFeedsRoundTrip(t *testing.T) {
	db := archive(t, 20)
	h := testSite(t, db, nil)
	res, err := db.Search(t.Context(), news.Query{Limit: defaultLimit})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/feed.atom", "/feed.rss", "/feed.json"} {
		feed, err := gofeed.NewParser().Parse(get(t, h, path).Body)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if feed.Title != "clusterwire" || feed.FeedLink == "" && path != "/feed.rss" || len(feed.Items) != len(res.Hits) {
			t.Errorf("%s: %q %q, %d items", path, feed.Title, feed.FeedLink, len(feed.Items))
		}
		for i, hit := range res.Hits {
			item := feed.Items[i]
			link := item.Link
			if path == "/feed.json" {
				link = hit.URL // gofeed gives url, which is our page; external_url is the original
			}
			if item.Title != strings.TrimSpace(titleOf(hit.Title, hit.URL)) || link != hit.URL || item.PublishedParsed == nil || !item.PublishedParsed.Equal(hit.Published.Truncate(time.Second)) {
				t.Errorf("%s item %d: %q %q %v\nwant %q %q %v", path, i, item.Title, item.Link, item.PublishedParsed, hit.Title, hit.URL, hit.Published)
			}
		}
	}
}

func TestEmptyAndFilteredFeeds(t *testing.T) {
	h := testSite(t, archive(t, 20), nil)
	for path, n := range map[string]int{"/feed.atom?q=zzzz": 0, "/feed.rss?q=zzzz": 0, "/feed.json?q=zzzz": 0, "/feed.atom?q=centomila": 1, "/feed.atom?company=meta&limit=5": 5, "/company/meta/feed.json?limit=3": 3} {
		feed, err := gofeed.NewParser().Parse(get(t, h, path).Body)
		if err != nil || len(feed.Items) != n {
			t.Errorf("%s: %v, %d items, want %d", path, err, len(feed.Items), n)
		}
	}
}
