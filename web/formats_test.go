package web

import (
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"clusterwire/feeds/news"
)

// size is a number that may be set from outside, for a longer run.
func size(t testing.TB, variable string, usual int) int {
	t.Helper()
	raw := os.Getenv(variable)
	if raw == "" {
		return usual
	}
	n, err := strconv.Atoi(raw)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}

// randomQuery puts a selection together from everything that a list takes.
func randomQuery(random *rand.Rand) url.Values {
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	words := []string{"turbines", "report", "phase -part", `"first phase"`, "xyzzy", "racks OR centomila", "title:part", "company:xai", "power:>=150MW", "NVIDIA delivers", "expand*", "after:2024-09-03 grid", "-report", "電", "((", `"`}
	values := url.Values{}
	for key, value := range map[string]string{"q": pick(append(words, "", "", "", "")...), "company": pick("", "", "xai", "meta", "xai,meta", "nobody"), "topic": pick("", "", "power", "water"),
		"source": pick("", "", "", "rack-letter", "netzblick,xai"), "kind": pick("", "", "", "energy"), "country": pick("", "", "", "us"), "cluster": pick("", "", "", "colossus"),
		"lang": pick("", "", "de", "en"), "since": pick("", "", "2024-09-03"), "until": pick("", "", "2024-09-04T12:00:00Z", "2026"), "limit": pick("", "5", "50", "200"), "sort": pick("", "newest", "oldest", "relevance")} {
		if value != "" {
			values.Set(key, value)
		}
	}
	return values
}

// Any query gives the same articles in the same order in every format, on its
// first page and on the next. CLUSTERWIRE_QUERIES asks more of them.
func TestFormatsAgree(t *testing.T) {
	h := testSite(t, archive(t, 120), nil)
	random := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range size(t, "CLUSTERWIRE_QUERIES", 60) {
		values := randomQuery(random)
		first := sameEverywhere(t, h, values)
		found += len(first.Items)
		if first.Next != nil {
			values.Set("cursor", *first.Next)
			sameEverywhere(t, h, values)
		}
	}
	if found == 0 {
		t.Error("no query finds anything")
	}
}

func sameEverywhere(t *testing.T, h http.Handler, values url.Values) listJSON[articleJSON] {
	t.Helper()
	query := values.Encode()
	body := get(t, h, "/api/v1/search?"+query).Body.String()
	list := decode[listJSON[articleJSON]](t, strings.NewReader(body))
	want := idsOf(t, "json", body)
	for _, suffix := range []string{"json", "feed.json", "atom", "rss", "csv", "ndjson"} {
		w := get(t, h, "/search."+suffix+"?"+query)
		if got := idsOf(t, suffix, w.Body.String()); w.Code != 200 || !slices.Equal(got, want) {
			t.Errorf("%s.%s: %d\n got %v\nwant %v", query, suffix, w.Code, got, want)
		}
	}
	if got := idsOf(t, "html", get(t, h, "/search?"+query).Body.String()); !slices.Equal(got, want) {
		t.Errorf("%s, the page:\n got %v\nwant %v", query, got, want)
	}
	return list
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

// Lists that are not of articles have a row for each entry in every format
// that they have.
func TestTablesAgree(t *testing.T) {
	h := testSite(t, archive(t, 40), nil)
	for _, path := range []string{"/companies", "/clusters", "/sources"} {
		items := decode[struct{ Items []struct{ Slug string } }](t, get(t, h, path+".json").Body).Items
		rows := csvRows(t, get(t, h, path+".csv").Body)[1:]
		lines := strings.Split(strings.TrimSpace(get(t, h, path+".ndjson").Body.String()), "\n")
		if len(items) == 0 || len(rows) != len(items) || len(lines) != len(items) {
			t.Fatalf("%s: %d items, %d rows, %d lines", path, len(items), len(rows), len(lines))
		}
		for i, item := range items {
			if line := decode[struct{ Slug string }](t, strings.NewReader(lines[i])); rows[i][0] != item.Slug || line.Slug != item.Slug {
				t.Errorf("%s: %s in JSON, %s in CSV, %s in NDJSON", path, item.Slug, rows[i][0], line.Slug)
			}
		}
		if w := get(t, h, path, "Accept", "application/atom+xml"); w.Code != 404 || get(t, h, path+".atom").Code != 404 {
			t.Errorf("%s as Atom: %d", path, w.Code)
		}
	}
}

// Figures and disputes, which arrive, are the same in the formats of feeds too,
// and in the order of the API.
func TestFiguresAgree(t *testing.T) {
	db := filled(t)
	h := testSite(t, db, nil)
	for path, api := range map[string]string{"/claims": "/claims?", "/claims?cluster=colossus&limit=7": "/claims?cluster=colossus&limit=7", "/claims?metric=power_mw": "/claims?metric=power_mw", "/claims?company=nobody": "/claims?company=nobody", "/disputes": "/disputes?"} {
		stem, query, _ := strings.Cut(path, "?")
		for cursor, page := "", 0; page < 3; page++ {
			asked := strings.Trim(query+cursor, "&")
			body := get(t, h, root+strings.TrimSuffix(api+cursor, "?")).Body.String()
			want := idsOf(t, "json", body)
			if page == 0 && len(want) == 0 && !strings.Contains(path, "nobody") {
				t.Fatalf("%s: the API has none", path)
			}
			for _, suffix := range []string{"json", "feed.json", "atom", "rss", "csv", "ndjson", "html"} {
				address := stem + "." + suffix
				if suffix == "html" {
					address = stem
				}
				w := get(t, h, strings.TrimSuffix(address+"?"+asked, "?"))
				got := idsOf(t, suffix, w.Body.String())
				if stem == "/disputes" && suffix == "csv" {
					got = slices.Compact(got) // a row for each statement
				}
				for i := range got {
					_, anchor, found := strings.Cut(got[i], "#")
					if found && stem == "/claims" {
						anchor = strings.TrimPrefix(anchor, "c")
					}
					if found {
						got[i] = anchor
					}
				}
				if w.Code != 200 || !slices.Equal(got, want) {
					t.Errorf("%s?%s: %d\n got %v\nwant %v", address, asked, w.Code, got, want)
				}
				if link := w.Header().Get("Link"); suffix != "html" && strings.Contains(link, `rel="next"`) != strings.Contains(body, `"next": "`) || link != "" && !strings.Contains(link, "https://wire.example"+address) {
					t.Errorf("%s?%s: what follows is said to be %q", address, asked, link)
				}
			}
			next := decode[listJSON[any]](t, strings.NewReader(body)).Next
			if next == nil {
				break
			}
			cursor = "&cursor=" + url.QueryEscape(*next)
		}
	}
	for _, path := range []string{"/claims?metric=weight", "/claims?cursor=x", "/claims.atom?limit=0"} {
		if w := get(t, h, path); w.Code != 400 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	for _, path := range []string{root + "/claims?limit=1", "/claims.csv?limit=1&metric=power_mw"} {
		_, link, _ := strings.Cut(get(t, h, path).Header().Get("Link"), `, <https://wire.example`)
		next, _, _ := strings.Cut(link, `>; rel="next"`)
		if w := get(t, h, next); w.Code != 200 || !strings.Contains(next, "cursor=") || w.Body.String() == get(t, h, path).Body.String() {
			t.Errorf("%s leads on to %q: %d", path, next, w.Code)
		}
	}
	for _, page := range []string{"/claims", "/clusters"} {
		if !strings.Contains(get(t, h, page).Body.String(), ` href="/claims.atom" title=`) {
			t.Errorf("%s does not say where its feed is", page)
		}
	}
}
