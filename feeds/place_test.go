package feeds_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"clusterwire/feeds"
	"clusterwire/feeds/eval"
	"clusterwire/feeds/news"
	"clusterwire/store"
	"clusterwire/store/storetest"
)

// told is an article as these tests write it.
type told struct {
	event, source, day, lang, title, text string
}

const release = "Kestrel Cloud said today that it will build a campus of 400 megawatts near Reims. The first hall will open in the spring of 2027 and hold 60,000 GPUs. The company expects to spend 4.2 billion euros on the site and to create 300 permanent jobs. Power comes from the grid."

// tellings are some events of one week, with neighbours that are easily taken
// for them.
var tellings = []told{
	{"reims", "kestrel", "2026-03-02T08:00:00Z", "en", "Kestrel Cloud to build a 400 MW AI campus near Reims", release},
	{"reims", "rack-letter", "2026-03-02T10:00:00Z", "en", "Kestrel Cloud plans 400 MW campus near Reims with 60,000 GPUs", release + " Shares rose."},
	{"reims", "netzblick", "2026-03-02T12:00:00Z", "de", "Kestrel baut Rechenzentrum mit 400 Megawatt bei Reims", "Kestrel Cloud investiert 4,2 Milliarden Euro in ein Rechenzentrum bei Reims. Die Stadt hat zugestimmt, und 60.000 GPU sollen 2027 laufen."},
	{"reims", "filo", "2026-03-03T07:00:00Z", "it", "Kestrel, un data center da 400 megawatt vicino a Reims", "Il campus costerà 4,2 miliardi di euro e avrà 60.000 GPU."},
	{"reims-suit", "rack-letter", "2026-03-06T10:00:00Z", "en", "Residents near Reims sue over noise of planned data center", "A group of forty households asks the court to stop the work."},
	{"memphis", "rack-letter", "2026-03-02T11:00:00Z", "en", "xAI switches on gas turbines for Colossus in Memphis", "The utility said the turbines add 150 MW."},
	{"memphis", "netzblick", "2026-03-02T16:00:00Z", "de", "xAI nimmt Gasturbinen für Colossus in Memphis in Betrieb", "Die Turbinen liefern 150 Megawatt."},
}

// saved stores tellings in an order, each in a transaction of its own, and
// finds their stories as they come.
func saved(t *testing.T, order []int) (*store.DB, []news.Opened) {
	t.Helper()
	db := storetest.Open(t)
	storetest.Registry(t, db)
	line := bareLine(t, db)
	opened := make([]news.Opened, len(tellings))
	for _, i := range order {
		x := tellings[i]
		at, err := time.Parse(time.RFC3339, x.day)
		if err != nil {
			t.Fatal(err)
		}
		o := storetest.Article(i)
		url := fmt.Sprintf("https://%s.example/%d", x.source, i)
		o.Item = news.Item{}
		o.Article = news.Article{Source: x.source, URL: url, Canonical: url, Title: x.title, Text: x.text, Language: x.lang, Published: at, FirstSeen: at, Method: "vote"}
		o.Reading.Language, o.Reading.Claims, o.Reading.Mentions, o.Reading.Clusters = x.lang, nil, nil, nil
		opened[i] = o
		if _, err := db.SaveArticles(t.Context(), opened[i:i+1]); err != nil {
			t.Fatal(err)
		}
		if _, err := line.Collect(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return db, opened
}

// found is the story of each telling.
func found(t *testing.T, db *store.DB, opened []news.Opened) []int64 {
	t.Helper()
	out := make([]int64, len(opened))
	all, err := db.Stories(t.Context(), news.StoryQuery{Query: news.Query{Limit: 100}})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all.Stories {
		e, err := db.Story(t.Context(), s.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range e.Timeline {
			i := slices.IndexFunc(opened, func(o news.Opened) bool { return o.Article.ID == a.ID })
			out[i] = s.ID
		}
	}
	return out
}

// TestStoriesWhateverTheOrder stores the articles in many orders, as a late
// feed or a walk through an archive would.
func TestStoriesWhateverTheOrder(t *testing.T) {
	var want []string
	for _, x := range tellings {
		want = append(want, x.event)
	}
	for seed := range uint64(8) {
		order := rand.New(rand.NewPCG(seed, 7)).Perm(len(tellings))
		db, opened := saved(t, order)
		got := found(t, db, opened)
		if _, _, f1 := eval.BCubed(want, got); f1 < 1 {
			for i, x := range tellings {
				t.Logf("%d %s: %s", got[i], x.event, x.title)
			}
			t.Errorf("in order %v the stories are not the events", order)
		}
	}
}

func TestStoryEntry(t *testing.T) {
	db, opened := saved(t, []int{0, 1, 2, 3, 4, 5, 6})
	id := found(t, db, opened)[0]
	e, err := db.Story(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if e.Articles != 4 || len(e.Timeline) != 4 || len(e.Log) < 4 || e.Lead.ID == 0 || e.LeadRule == "" || e.Reason == "" {
		t.Errorf("the story is %+v", e)
	}
	copied := e.Timeline[1]
	if copied.Source.Slug != "rack-letter" || copied.Origin != opened[0].Article.ID {
		t.Errorf("the copy of the release is taken for a report of its own: %+v", copied)
	}
	if e.Independent != 3 {
		t.Errorf("%d independent sources, want 3", e.Independent)
	}
	filtered, err := db.Stories(t.Context(), news.StoryQuery{Query: news.Query{Languages: []string{"it"}}})
	if err != nil || len(filtered.Stories) != 1 || filtered.Stories[0].ID != id {
		t.Errorf("stories with an Italian article: %+v, %v", filtered, err)
	}
	if _, err := db.Story(t.Context(), 1<<40); err == nil {
		t.Error("a story that is not there is found")
	}
}

// TestStoryPages walks all stories in pages of two, by rank, by date and by filter.
func TestStoryPages(t *testing.T) {
	db, opened := saved(t, []int{0, 1, 2, 3, 4, 5, 6})
	want := map[int64]int{}
	for _, s := range found(t, db, opened) {
		want[s] = 1
	}
	for _, q := range []news.StoryQuery{{}, {Order: news.StoriesNewest}, {Query: news.Query{Languages: []string{"en", "de", "it"}}}} {
		q.Limit = 2
		got := map[int64]int{}
		for {
			page, err := db.Stories(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range page.Stories {
				got[s.ID]++
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				break
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("%+v gives the stories %v, want each of %v once", q, got, want)
		}
	}
}

// TestArticleLeavesItsStory hides an article, and revises another into a
// different event.
func TestArticleLeavesItsStory(t *testing.T) {
	db, opened := saved(t, []int{0, 1, 2, 3, 4, 5, 6})
	before := found(t, db, opened)
	line := bareLine(t, db)
	opened[5].Reading.Verdict.Relevant = false
	if err := db.SaveReadings(t.Context(), []news.Reading{opened[5].Reading}); err != nil {
		t.Fatal(err)
	}
	revised := opened[3]
	revised.Article.Title, revised.Article.Text = "xAI, turbine a gas per Colossus a Memphis", "Le turbine danno 150 megawatt."
	if _, err := db.SaveArticles(t.Context(), []news.Opened{revised}); err != nil {
		t.Fatal(err)
	}
	if _, err := line.Collect(t.Context()); err != nil {
		t.Fatal(err)
	}
	after := found(t, db, opened)
	if after[5] != 0 || after[3] != before[6] || after[0] != before[0] {
		t.Errorf("the stories were %v and are %v", before, after)
	}
	e, err := db.Story(t.Context(), before[0])
	if err != nil || !slices.ContainsFunc(e.Log, func(j news.Joining) bool { return j.Left && j.Article == opened[3].Article.ID }) {
		t.Errorf("the log does not say that the article left: %+v, %v", e.Log, err)
	}
}

// TestStoryOfOneKeepsItsID edits the only article of a story, first into
// something else that is alone too, then into another event: the id goes on, and
// then leads to that story.
func TestStoryOfOneKeepsItsID(t *testing.T) {
	db, opened := saved(t, []int{0, 1, 5})
	before := found(t, db, opened)
	revise := func(title, text string) news.StoryEntry {
		t.Helper()
		o := opened[5]
		o.Article.Title, o.Article.Text = title, text
		if _, err := db.SaveArticles(t.Context(), []news.Opened{o}); err != nil {
			t.Fatal(err)
		}
		if _, err := bareLine(t, db).Collect(t.Context()); err != nil {
			t.Fatal(err)
		}
		e, err := db.Story(t.Context(), before[5])
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	if e := revise("Norway counts its fjords anew", "There are more than a thousand of them."); e.Articles != 1 || e.Into != 0 || e.Lead.Title != "Norway counts its fjords anew" {
		t.Errorf("the story that is alone still: %+v", e.Story)
	}
	if e := revise(opened[0].Article.Title, opened[0].Article.Text); e.Into != before[0] {
		t.Errorf("the story that became another: %+v, want one that leads to %d", e.Story, before[0])
	}
}

// TestPlacedByTwo has two placers at work on the same articles, as serve and a
// rereading are.
func TestPlacedByTwo(t *testing.T) {
	db := storetest.Open(t)
	storetest.Registry(t, db)
	line := bareLine(t, db)
	var opened []news.Opened
	for i := range 120 {
		opened = append(opened, storetest.Article(i))
	}
	if _, err := db.SaveArticles(t.Context(), opened); err != nil {
		t.Fatal(err)
	}
	var g errgroup.Group
	for range 2 {
		g.Go(func() error { return line.Place(t.Context()) })
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	joined := 0
	for q := (news.StoryQuery{Query: news.Query{Limit: 100}}); ; {
		page, err := db.Stories(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range page.Stories {
			e, err := db.Story(t.Context(), s.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, j := range e.Log {
				if joined++; j.Left {
					t.Errorf("story %d: %+v, though nothing changed", s.ID, j)
				}
			}
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	if joined < len(opened)*8/10 { // one in ten is off the topic
		t.Errorf("%d of %d articles are in a story", joined, len(opened))
	}
}

// TestStoryComesApart puts the articles of two events into one story, as an
// article would that is gone now, and has them weighed.
func TestStoryComesApart(t *testing.T) {
	db, opened := saved(t, []int{0, 1, 2, 3, 5, 6})
	before := found(t, db, opened)
	arrivals := []news.Arrival{{Article: opened[5].Article.ID}, {Article: opened[6].Article.ID}}
	features := map[int64][]byte{}
	members, _, err := db.Members(t.Context(), before[5], 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range members {
		features[m.Article] = m.Features
	}
	for i := range arrivals {
		arrivals[i].Revision, arrivals[i].Features = 1, features[arrivals[i].Article]
	}
	err = db.Place(t.Context(), arrivals, 10, func(int, []news.Neighbour) (news.Placement, error) {
		return news.Placement{Story: before[0], Reason: "put there by this test"}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := bareLine(t, db).Place(t.Context()); err != nil {
		t.Fatal(err)
	}
	after := found(t, db, opened)
	if after[0] != before[0] || after[3] != before[0] || after[5] == before[0] || after[5] == 0 || after[5] != after[6] {
		t.Fatalf("the stories were %v and are %v", before, after)
	}
	e, err := db.Story(t.Context(), after[5])
	if err != nil || e.Articles != 2 || e.Lead.ID == 0 || !strings.Contains(e.Log[0].Reason, "two events") {
		t.Errorf("the story that left is %+v, %v", e, err)
	}
}

var _ feeds.Store = (*store.DB)(nil)
