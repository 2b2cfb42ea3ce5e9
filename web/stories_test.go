package web

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
	"clusterwire/store"
)

// placed puts the articles of an archive into stories: the first two into one
// that another was merged into, each of some others into one of its own.
func placed(t testing.TB, db *store.DB) (story, merged int64) {
	t.Helper()
	res, err := db.Search(t.Context(), news.Query{Limit: 12})
	if err != nil {
		t.Fatal(err)
	}
	place := func(article int64, p news.Placement, terms ...string) {
		err := db.Place(t.Context(), []news.Arrival{{Article: article, Revision: 1, Terms: terms}}, 10,
			func(int, []news.Neighbour) (news.Placement, error) { return p, nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	storyOf := func(article int64) int64 {
		res, err := db.Search(t.Context(), news.Query{Limit: 12})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(res.Hits, func(h news.Hit) bool { return h.ID == article })
		return res.Hits[i].Story
	}
	h := res.Hits
	place(h[1].ID, news.Placement{Reason: "first " + hostile}, "turbines")
	place(h[0].ID, news.Placement{Reason: "alone"})
	a, b := storyOf(h[1].ID), storyOf(h[0].ID)
	place(h[2].ID, news.Placement{Story: a, Merge: []int64{b}, Score: 0.5, Reason: "shares turbines"}, "turbines")
	story = storyOf(h[2].ID)
	for _, x := range h[3:] {
		place(x.ID, news.Placement{Reason: "no other article is near enough"})
	}
	due, err := db.Unweighed(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range due {
		members, at, err := db.Members(t.Context(), id, 10)
		if err != nil {
			t.Fatal(err)
		}
		w := news.Weighing{Story: id, Changed: at, Lead: members[0].Article, LeadRule: "the first", Independent: 1, Rank: float64(members[0].Published.Unix()), Reason: "all name " + hostile}
		for _, m := range members[1:] {
			w.Standings = append(w.Standings, news.Standing{Article: m.Article, Origin: members[0].Article, Why: "has its words"})
		}
		if err := db.Weigh(t.Context(), []news.Weighing{w}); err != nil {
			t.Fatal(err)
		}
	}
	merged = a + b - story
	return story, merged
}

func TestFrontPageOfStories(t *testing.T) {
	db := archive(t, 40)
	story, _ := placed(t, db)
	h := testSite(t, db, nil)
	body := get(t, h, "/").Body.String()
	for _, want := range []string{"/story/" + strconv.FormatInt(story, 10), "3 articles, 1 independent source", "Newest articles", `href="/newest"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the front page has no %q", want)
		}
	}
	if strings.Contains(body, "<script>alert") {
		t.Error("a publisher's markup reaches the front page")
	}
	newest := get(t, h, "/newest").Body.String()
	if n := strings.Count(newest, "<article"); n != defaultLimit {
		t.Errorf("the newest articles are %d", n)
	}
	if !strings.Contains(newest, "<title>Newest articles · clusterwire</title>") || !strings.Contains(newest, "<h1>Newest articles</h1>") || strings.Contains(newest, `<h1 class="name">`) {
		t.Error("the page of the newest articles has the name of the front page")
	}
}

// The front page holds the same stories in the same order in every format, and
// so does a selection of stories.
func TestStoriesInEveryFormat(t *testing.T) {
	db := archive(t, 40)
	placed(t, db)
	h := testSite(t, db, nil)
	want := idsOf(t, "html", get(t, h, "/").Body.String())
	if len(want) != 10 {
		t.Fatalf("the front page has %d stories", len(want))
	}
	for _, query := range []string{"", "?company=xai", "?sort=newest&limit=3", "?changed=1990&limit=4"} {
		if query != "" {
			want = idsOf(t, "json", get(t, h, root+"/stories"+query).Body.String())
		}
		for suffix, mime := range map[string]string{"json": "application/json", "feed.json": "application/feed+json", "atom": "application/atom+xml", "rss": "application/rss+xml", "csv": "text/csv", "ndjson": "application/x-ndjson"} {
			w := get(t, h, "/stories."+suffix+query)
			if got := idsOf(t, suffix, w.Body.String()); w.Code != 200 || !slices.Equal(got, want) {
				t.Errorf("/stories.%s%s: %d\n got %v\nwant %v", suffix, query, w.Code, got, want)
			}
			if query == "" {
				if got := idsOf(t, suffix, get(t, h, "/", "Accept", mime).Body.String()); !slices.Equal(got, want) {
					t.Errorf("/ as %s:\n got %v\nwant %v", mime, got, want)
				}
			}
		}
	}
	for suffix, check := range map[string]func(*testing.T, string, []byte){"atom": checkAtom, "rss": checkRSS, "feed.json": checkJSONFeed} {
		path := "/stories." + suffix + "?limit=3"
		check(t, path, get(t, h, path).Body.Bytes())
	}
	if next := decode[listJSON[storyJSON]](t, get(t, h, "/stories.json?limit=3").Body).Next; next == nil {
		t.Error("no next page")
	} else if w := get(t, h, "/stories.atom?limit=3&cursor="+url.QueryEscape(*next)); w.Code != 200 || !strings.Contains(w.Body.String(), "<entry") {
		t.Errorf("the next page: %d", w.Code)
	}
}

// The page that a feed of stories belongs to has what the feed was narrowed by.
func TestPageOfStories(t *testing.T) {
	db := archive(t, 40)
	placed(t, db)
	h := testSite(t, db, nil)
	for query, want := range map[string]string{"": "/", "?sort=newest&limit=3": "/", "?changed=1990": "/", "?company=xai": "/search?company=xai",
		"?q=gas+turbines&company=xai&sort=newest&changed=1990&limit=3": "/search?company=xai&q=gas+turbines"} {
		want = "https://wire.example" + want
		atom := get(t, h, "/stories.atom"+query).Body.String()
		if !strings.Contains(atom, `<link rel="alternate" type="text/html" href="`+strings.ReplaceAll(want, "&", "&amp;")+`"></link>`) {
			t.Errorf("/stories.atom%s does not belong to %s:\n%.900s", query, want, atom)
		}
		if feed := decode[jsonFeed](t, get(t, h, "/stories.feed.json"+query).Body); feed.HomePage != want {
			t.Errorf("/stories.feed.json%s belongs to %s, want %s", query, feed.HomePage, want)
		}
	}
}

// asked counts what a site asks of its archive.
type asked struct {
	Store
	searches, stories, companies int
}

func (a *asked) Search(ctx context.Context, q news.Query) (news.Results, error) {
	a.searches++
	return a.Store.Search(ctx, q)
}

func (a *asked) Stories(ctx context.Context, q news.StoryQuery) (news.StoryResults, error) {
	a.stories++
	return a.Store.Stories(ctx, q)
}

func (a *asked) Company(ctx context.Context, slug string) (news.CompanyCount, error) {
	a.companies++
	return a.Store.Company(ctx, slug)
}

// A page asks for each thing once, and for nothing that it does not show.
func TestNothingIsAskedTwice(t *testing.T) {
	db := archive(t, 40)
	placed(t, db)
	for _, c := range []struct {
		path, accept                 string
		searches, stories, companies int
	}{
		{"/", "text/html", 0, 1, 0},
		{"/", "application/atom+xml", 0, 1, 0},
		{"/", "application/json", 0, 1, 0},
		{"/?limit=3", "application/json", 0, 1, 0},
		{"/newest", "text/html", 1, 0, 0},
		{"/company/xai", "text/html", 1, 0, 1},
		{"/company/xai.atom", "", 1, 0, 1},
		{"/compare?company=xai,meta", "text/html", 2, 0, 2},
	} {
		a := &asked{Store: db}
		h := testSite(t, a, nil)
		if w := get(t, h, c.path, "Accept", c.accept); w.Code != 200 {
			t.Errorf("%s: %d", c.path, w.Code)
		}
		if a.searches != c.searches || a.stories != c.stories || a.companies != c.companies {
			t.Errorf("%s as %s asks for %d searches, %d lists of stories and %d companies, want %d, %d and %d",
				c.path, c.accept, a.searches, a.stories, a.companies, c.searches, c.stories, c.companies)
		}
	}
}

func TestStoryPage(t *testing.T) {
	db := archive(t, 40)
	story, merged := placed(t, db)
	h := testSite(t, db, nil)
	w := get(t, h, storyPath(story))
	if w.Code != 200 {
		t.Fatal(w.Code)
	}
	body := w.Body.String()
	for _, want := range []string{"Timeline", "repeats", "Sources, by independence", "is the same event as", "shares turbines"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if strings.Contains(body, "<script>alert") {
		t.Error("a publisher's markup reaches the page")
	}
	for path, want := range map[string]string{storyPath(merged): storyPath(story), root + "/stories/" + strconv.FormatInt(merged, 10): root + "/stories/" + strconv.FormatInt(story, 10)} {
		if w := get(t, h, path); w.Code != 301 || w.Header().Get("Location") != want {
			t.Errorf("%s: %d to %q, want 301 to %s", path, w.Code, w.Header().Get("Location"), want)
		}
	}
	for _, path := range []string{"/story/999999", "/story/x", "/story/-1"} {
		if w := get(t, h, path); w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestStoriesOfTheAPI(t *testing.T) {
	db := archive(t, 40)
	story, _ := placed(t, db)
	h := testSite(t, db, nil)
	walk := func(params url.Values) (n int, found bool) {
		for range 20 {
			page := decode[listJSON[storyJSON]](t, get(t, h, root+"/stories?"+params.Encode()).Body)
			for _, x := range page.Items {
				n++
				found = found || x.ID == strconv.FormatInt(story, 10)
			}
			if page.Next == nil {
				return n, found
			}
			params.Set("cursor", *page.Next)
		}
		t.Fatal("the walk does not end")
		return 0, false
	}
	for _, params := range []url.Values{{"limit": {"3"}}, {"limit": {"3"}, "sort": {"newest"}}, {"limit": {"3"}, "since": {"1990"}}, {"changed": {"1990"}}} {
		if n, found := walk(params); n != 10 || !found {
			t.Errorf("%v gives %d stories, want 10 with the one of three articles: %v", params, n, found)
		}
	}
	if n, _ := walk(url.Values{"changed": {time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}}); n != 0 {
		t.Errorf("%d stories changed in time to come", n)
	}
	for _, bad := range []string{"sort=loudest", "cursor=abc", "nosuch=1", "changed=yesterday"} {
		if w := get(t, h, root+"/stories?"+bad); w.Code != 400 {
			t.Errorf("%s: %d", bad, w.Code)
		}
	}
}

// Claims on one thing stand side by side, each with whom it is about.
func TestStoryClaimsSideBySide(t *testing.T) {
	st, _ := leagueStand()
	say := func(source, cluster string, metric news.Metric, basis news.Basis) news.Statement {
		return news.Statement{Source: news.Source{Slug: source, Name: source}, Claim: news.Claim{Cluster: cluster, Metric: metric, Basis: basis}}
	}
	rows := st.sideBySide([]news.Statement{
		say("first", "ulsan", news.MetricPower, ""), say("first", "colossus", news.MetricPower, news.BasisGrid), say("first", "colossus", news.MetricChips, ""),
		say("second", "colossus", news.MetricPower, news.BasisOnsite), say("second", "colossus", news.MetricChips, ""), say("second", "ulsan", news.MetricPower, ""),
	})
	var got []string
	for _, r := range rows {
		got = append(got, strings.Join(nonEmpty(r.Who.Text, r.Metric, r.What, r.Said.Source), " "))
		if !r.Named {
			t.Errorf("%+v does not say whom it is about", r)
		}
	}
	want := "Colossus Chips first; Colossus Chips second; Colossus Power grid first; Colossus Power onsite second; Ulsan Power first; Ulsan Power second"
	if g := strings.Join(got, "; "); g != want {
		t.Errorf("%s\nwant %s", g, want)
	}
}

// What the sources of one story say differently of one figure stands above its claims.
func TestStoryNamesItsDisputes(t *testing.T) {
	st, _ := leagueStand()
	said := func(v float64, source string) news.Statement {
		return news.Statement{Claim: news.Claim{Metric: news.MetricCost, Currency: "USD", ValueLo: &v, ValueHi: &v, Cluster: "abilene"}, Source: news.Source{Slug: source, Name: source}}
	}
	a, b := said(27e9, "ledger"), said(200e9, "wire")
	agreed := news.Fact{Cluster: "colossus", Metric: news.MetricCost, Best: a, History: []news.Statement{a}}
	differ := news.Fact{Cluster: "abilene", Metric: news.MetricCost, Currency: "USD", Best: b, History: []news.Statement{b, a},
		Dispute: &news.Dispute{Lo: 27e9, Hi: 200e9, Statements: []news.Statement{a, b}}}
	got := st.disputesAmong([]news.Fact{agreed, differ})
	if len(got) != 1 || got[0].Cluster.Text != "Abilene" || got[0].Lo != "$27bn" || got[0].Hi != "$200bn" || len(got[0].Rows) != 2 || got[0].Rows[1].Said.Source != "wire" {
		t.Errorf("%+v", got)
	}
}
