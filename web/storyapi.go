package web

import (
	"net/http"
	"strconv"
	"time"

	"clusterwire/feeds/news"
)

// storyJSON is one story in a list.
type storyJSON struct {
	ID          string           `json:"id"`
	Page        string           `json:"page"`
	Headline    string           `json:"headline"`
	Lead        articleJSON      `json:"lead"`
	LeadRule    string           `json:"lead_rule"`
	Articles    int              `json:"articles"`
	Independent int              `json:"independent_sources"`
	First       *time.Time       `json:"first"`
	Last        *time.Time       `json:"last"`
	Companies   []companyRefJSON `json:"companies"`
	Languages   []string         `json:"languages"`
	Also        []articleJSON    `json:"also"` // one article of each other source, those that repeat no other first
	Reason      string           `json:"reason"`
	Claims      int              `json:"claims"`
	Rank        float64          `json:"rank"`
	Changed     *time.Time       `json:"changed"`
}

// storyEntryJSON is one story whole.
type storyEntryJSON struct {
	storyJSON
	Timeline []storyArticleJSON `json:"timeline"`
	Said     []statementJSON    `json:"claim_list"`
	Related  []storyJSON        `json:"related"`
	Log      []joiningJSON      `json:"log"`
}

// storyArticleJSON is an article of a story, and why it is one.
type storyArticleJSON struct {
	articleJSON
	Score    float64 `json:"score"`
	Why      string  `json:"why"`
	Repeats  *string `json:"repeats"` // id of the article that it repeats
	Standing string  `json:"standing"`
}

// joiningJSON is one line of a story's log.
type joiningJSON struct {
	Article string     `json:"article"`
	Left    bool       `json:"left"`
	Score   float64    `json:"score"`
	Reason  string     `json:"reason"`
	At      *time.Time `json:"at"`
}

func (st *stand) storyJSON(x news.Story, base string) storyJSON {
	id := strconv.FormatInt(x.ID, 10)
	out := storyJSON{ID: id, Page: base + storyPath(x.ID), Headline: x.Lead.Title, Lead: st.articleJSON(x.Lead, base), LeadRule: x.LeadRule,
		Articles: x.Articles, Independent: x.Independent, First: timeOf(x.First), Last: timeOf(x.Last), Companies: []companyRefJSON{},
		Languages: full(x.Languages), Also: []articleJSON{}, Reason: x.Reason, Claims: x.Claims, Rank: x.Rank, Changed: timeOf(x.Changed)}
	for _, slug := range x.Companies {
		out.Companies = append(out.Companies, companyRefJSON{Slug: slug, Name: st.companyName(slug)})
	}
	for _, h := range x.Also {
		out.Also = append(out.Also, st.articleJSON(h, base))
	}
	return out
}

// apiStories answers /stories.
func (s *site) apiStories(r *http.Request) (reply, error) {
	values := r.URL.Query()
	order, err := storyOrder(values)
	if err != nil {
		return reply{}, err
	}
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	res, _, err := s.askStories(r, values, order)
	if err != nil {
		return reply{}, err
	}
	items := []storyJSON{}
	for _, x := range res.Stories {
		items = append(items, st.storyJSON(x, s.base(r)))
	}
	return s.jsonReply(listOf(items, news.Results{Total: len(items), AtLeast: res.Next != "", Next: res.Next, Warnings: res.Warnings}), st)
}

func apiStoryPath(id int64) string { return root + "/stories/" + strconv.FormatInt(id, 10) }

// apiStory answers /stories/{id}.
func (s *site) apiStory(r *http.Request, st *stand, e news.StoryEntry) (reply, error) {
	base := s.base(r)
	out := storyEntryJSON{storyJSON: st.storyJSON(e.Story, base), Timeline: []storyArticleJSON{}, Said: []statementJSON{}, Related: []storyJSON{}, Log: []joiningJSON{}}
	for _, a := range e.Timeline {
		row := storyArticleJSON{articleJSON: st.articleJSON(a.Hit, base), Score: a.Score, Why: a.Why, Standing: a.Standing}
		if a.Origin != 0 {
			row.Repeats = textOf(strconv.FormatInt(a.Origin, 10))
		}
		out.Timeline = append(out.Timeline, row)
	}
	for _, c := range e.Claims {
		out.Said = append(out.Said, st.statementJSON(c))
	}
	for _, x := range e.Related {
		out.Related = append(out.Related, st.storyJSON(x, base))
	}
	for _, j := range e.Log {
		out.Log = append(out.Log, joiningJSON{strconv.FormatInt(j.Article, 10), j.Left, j.Score, j.Reason, timeOf(j.At)})
	}
	return s.jsonReply(out, st)
}
