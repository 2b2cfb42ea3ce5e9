package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// storyCard is one story in a list.
type storyCard struct {
	card
	Key    string // id of the story
	Story  string // address of its page, "" for a story of one article
	Counts string // 12 articles, 3 independent sources
	Also   []link // other sources, each to its article
	Since  string // first and last seen
	Why    string
}

// storyCards are the cards of a list of stories.
func (st *stand) storyCards(stories []news.Story, now time.Time) []storyCard {
	out := make([]storyCard, len(stories))
	for i, x := range stories {
		c := storyCard{card: st.card(x.Lead), Key: strconv.FormatInt(x.ID, 10)}
		c.At = lately(now, x.Lead.Published)
		if x.Articles > 1 {
			c.Story = storyPath(x.ID)
			if x.Reason != "" {
				c.Why = "together because " + x.Reason
			}
			c.Path = c.Story
			c.Counts = plural(x.Articles, "article", "articles") + ", " + plural(x.Independent, "independent source", "independent sources")
			c.Since = "First report " + stamp(x.First) + ", last " + stamp(x.Last)
			c.Claims = x.Claims
		}
		for _, h := range x.Also {
			c.Also = append(c.Also, link{articlePath(h.ID), st.named(h.Source)})
		}
		c.Companies, c.More = nil, max(len(x.Companies)-mostChips, 0)
		for _, slug := range x.Companies[:min(mostChips, len(x.Companies))] {
			c.Companies = append(c.Companies, chip{Href: companyPath(slug), Text: st.companyName(slug)})
		}
		out[i] = c
	}
	return out
}

func storyPath(id int64) string { return "/story/" + strconv.FormatInt(id, 10) }

// storyPage is the struct of templates/story.html.
type storyPage struct {
	frame
	ID       string
	Headline string
	Language string
	Counts   string
	Why      string
	Rule     string
	From, To string
	Timeline []storyRow
	Sources  []sourceStanding
	Disputes []dispute // among its own claims
	Claims   []claimRow
	Related  []storyCard
	Log      []logRow
}

// storyRow is one article of a story's timeline.
type storyRow struct {
	card
	IsLead   bool
	Echo     link   // what it repeats
	Standing string // why it is taken for a report or a repetition
	Joined   string // why it belongs here
	Score    string
}

// sourceStanding is a source with what it gave a story.
type sourceStanding struct {
	link
	Articles int
	Own      int // that repeat no other
}

type logRow struct {
	At      string
	Article link
	Left    bool
	Reason  string
	Score   string
}

// scoreOf writes how near an article is, "" for one that nothing was near to.
func scoreOf(score float64) string {
	if score <= 0 {
		return ""
	}
	return strconv.FormatFloat(score, 'f', 2, 64)
}

// ofStory makes a handler of the story that an address names; of one that was
// merged away it sends on to the survivor, which stands at path.
func (s *site) ofStory(path func(id int64) string, answer func(*http.Request, *stand, news.StoryEntry) (reply, error)) handler {
	return func(r *http.Request) (reply, error) {
		id, err := articleID(r.PathValue("id"))
		if err != nil {
			return reply{}, err
		}
		e, err := s.store.Story(r.Context(), id)
		if err != nil {
			return reply{}, err
		}
		if e.Into != 0 {
			return moved(path(e.Into)), nil
		}
		if e.Articles == 0 {
			return reply{}, errMissing
		}
		st, err := s.shelf.read(r.Context())
		if err != nil {
			return reply{}, err
		}
		return answer(r, st, e)
	}
}

// story answers /story/{id}.
func (s *site) story(r *http.Request, st *stand, e news.StoryEntry) (reply, error) {
	headline := titleOf(e.Lead.Title, e.Lead.URL)
	page := storyPage{frame: s.frame(r, st, "Story: "+headline, storyPath(e.ID)), ID: strconv.FormatInt(e.ID, 10),
		Headline: headline, Language: e.Lead.Language, Why: e.Reason, Rule: e.LeadRule, From: stamp(e.First), To: stamp(e.Last),
		Counts: plural(e.Articles, "article", "articles") + ", " + plural(e.Independent, "independent source", "independent sources")}
	page.Description = page.Headline + ": " + page.Counts + "."
	page.Timeline, page.Sources = st.timelineOf(e), st.standingsOf(e)
	page.Claims, page.Disputes = st.sideBySide(e.Claims), st.disputesAmong(s.ledger.weigh(e.Claims))
	page.Related = st.storyCards(e.Related, page.Today)
	hits := make([]news.Hit, len(e.Timeline))
	for i, a := range e.Timeline {
		hits[i] = a.Hit
	}
	page.Linked = st.linkedArticles(page.Headline, page.Canonical, hits)
	page.Log = logOf(e)
	rep, err := s.page("story", page)
	rep.modified = st.Stats.Changed
	return rep, err
}

// moved sends a reader on for good, to an address of this site alone.
func moved(path string) reply {
	return reply{status: http.StatusMovedPermanently, location: path, contentType: formatHTML.mime, cacheControl: pageCache, noIndex: true}
}

// sideBySide puts the claims of a story that are about one thing next to one
// another, and says of whom each is.
func (st *stand) sideBySide(claims []news.Statement) []claimRow {
	order := news.Metrics()
	claims = slices.Clone(claims)
	slices.SortStableFunc(claims, func(a, b news.Statement) int {
		x, y := a.Claim, b.Claim
		return cmp.Or(strings.Compare(x.Cluster, y.Cluster), cmp.Compare(slices.Index(order, x.Metric), slices.Index(order, y.Metric)),
			strings.Compare(string(x.Basis), string(y.Basis)), strings.Compare(x.Chip, y.Chip), strings.Compare(x.Phase, y.Phase))
	})
	rows := make([]claimRow, len(claims))
	for i, c := range claims {
		rows[i] = st.saidRow(c)
		rows[i].Named = rows[i].Who.Text != ""
	}
	return rows
}

func (st *stand) timelineOf(e news.StoryEntry) []storyRow {
	titles := map[int64]string{}
	for _, a := range e.Timeline {
		titles[a.ID] = st.named(a.Source)
	}
	out := make([]storyRow, len(e.Timeline))
	for i, a := range e.Timeline {
		row := storyRow{card: st.card(a.Hit), IsLead: a.ID == e.Lead.ID, Standing: a.Standing, Joined: a.Why}
		row.At = dayMonth(a.Published)
		if len(e.Log) > 0 && e.Log[0].Article == a.ID && a.Score == 0 {
			row.Joined = "the story began with it" // when nothing else was near
		}
		if a.Origin != 0 {
			row.Echo = link{articlePath(a.Origin), titles[a.Origin]}
		}
		row.Score = scoreOf(a.Score)
		out[i] = row
	}
	return out
}

// standingsOf lists the sources of a story, those with most reports of their
// own first.
func (st *stand) standingsOf(e news.StoryEntry) []sourceStanding {
	var out []sourceStanding
	for _, a := range e.Timeline {
		at := slices.IndexFunc(out, func(s sourceStanding) bool { return s.Href == sourcePath(a.Source.Slug) })
		if at < 0 {
			at = len(out)
			out = append(out, sourceStanding{link: link{sourcePath(a.Source.Slug), st.named(a.Source)}})
		}
		out[at].Articles++
		if a.Origin == 0 {
			out[at].Own++
		}
	}
	slices.SortStableFunc(out, func(a, b sourceStanding) int { return b.Own - a.Own })
	return out
}

func logOf(e news.StoryEntry) []logRow {
	titles := map[int64]string{}
	for _, a := range e.Timeline {
		titles[a.ID] = titleOf(a.Title, a.URL)
	}
	var out []logRow
	for _, j := range e.Log {
		title := titles[j.Article]
		if title == "" {
			title = "article " + strconv.FormatInt(j.Article, 10)
		}
		out = append(out, logRow{stamp(j.At), link{articlePath(j.Article), title}, j.Left, j.Reason, scoreOf(j.Score)})
	}
	return out
}

// storyOrder takes the order of a list of stories out of its parameters.
func storyOrder(values url.Values) (news.StoryOrder, error) {
	order, err := enum(values, "sort", []news.StoryOrder{news.StoriesTop, news.StoriesNewest})
	values.Del("sort")
	if len(order) == 0 {
		return news.StoriesTop, err
	}
	return order[0], err
}

// askStories runs a query for stories.
func (s *site) askStories(r *http.Request, values url.Values, order news.StoryOrder) (news.StoryResults, news.StoryQuery, error) {
	q, err := decodeQuery(values)
	if err != nil {
		return news.StoryResults{}, news.StoryQuery{}, err
	}
	sq := news.StoryQuery{Query: q, Order: order}
	sq.Query.Order = ""
	if sq.Changed, err = instant(values, "changed", "", false); err != nil {
		return news.StoryResults{}, sq, err
	}
	seal := sq.Query // the order and the moment belong to the list
	seal.Order = news.Order("stories " + string(order) + rfc3339(sq.Changed))
	if sq.Cursor, err = s.sealer.open(q.Cursor, seal); err != nil {
		return news.StoryResults{}, sq, err
	}
	res, err := s.store.Stories(r.Context(), sq)
	res.Next = s.sealer.seal(res.Next, seal)
	return res, sq, err
}

// storyList makes a list of stories: its entries are their leads.
func (s *site) storyList(r *http.Request, st *stand, res news.StoryResults, values url.Values) *list {
	l := &list{Title: "Stories", Path: "/stories", Values: values, Stand: st, Base: s.base(r), stories: map[int64]news.Story{}}
	l.Results = news.Results{Total: len(res.Stories), AtLeast: res.Next != "", Next: res.Next, Warnings: res.Warnings}
	for _, x := range res.Stories {
		l.Results.Hits = append(l.Results.Hits, x.Lead)
		l.stories[x.Lead.ID] = x
	}
	return l
}

// storyItems are the stories of a list in the form of the API.
func (l *list) storyItems() []storyJSON {
	out := []storyJSON{}
	for _, h := range l.Results.Hits {
		out = append(out, l.Stand.storyJSON(l.stories[h.ID], l.Base))
	}
	return out
}

// storiesAs answers /stories.atom and its kin: the stories of the front page in
// its order, or those that match filters.
func (s *site) storiesAs(f format) handler {
	return func(r *http.Request) (reply, error) {
		st, err := s.shelf.read(r.Context())
		if err != nil {
			return reply{}, err
		}
		values := r.URL.Query()
		order, err := storyOrder(values)
		if err != nil {
			return reply{}, err
		}
		res, _, err := s.askStories(r, values, order)
		if err != nil {
			return reply{}, err
		}
		own := canonical(r.URL.Query())
		if changed := r.URL.Query().Get("changed"); changed != "" {
			own.Set("changed", changed)
		}
		return s.listReply(s.storyList(r, st, res, own), f)
	}
}
