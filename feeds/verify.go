package feeds

import (
	"context"

	"clusterwire/feeds/news"
)

// Archive is what Verify reads of a database.
type Archive interface {
	// Unread with rules "" returns every article, see Store.
	Unread(ctx context.Context, rules string, before int64, limit int) ([]news.Article, error)
	// Article returns one article with the claims that stand.
	Article(ctx context.Context, id int64) (news.Entry, error)
}

// Verified counts what Verify did.
type Verified struct {
	Articles int      `json:"articles"`
	Claims   int      `json:"claims"`
	Broken   []Broken `json:"broken"`
}

// Broken is a published claim that its article does not bear out.
type Broken struct {
	Article int64  `json:"article"`
	Quote   string `json:"quote"`
	Reason  string `json:"reason"`
}

// Verify checks every published claim: its quote stands in the article at its
// offsets, and its value parses again from the quote.
func (r *Reader) Verify(ctx context.Context, a Archive, progress func(Progress)) (Verified, error) {
	v := Verified{Broken: []Broken{}}
	before := int64(0)
	for ctx.Err() == nil {
		articles, err := a.Unread(ctx, "", before, rereadBatch)
		if err != nil || len(articles) == 0 {
			return v, err
		}
		for _, article := range articles {
			entry, err := a.Article(ctx, article.ID)
			if err != nil {
				return v, err
			}
			r.verifyEntry(&v, entry)
		}
		before = articles[len(articles)-1].ID
		progress(Progress{Stage: "verify", Done: v.Articles})
	}
	return v, ctx.Err()
}

func (r *Reader) verifyEntry(v *Verified, e news.Entry) {
	v.Articles++
	text := textOf(e.Article)
	text.Language = e.Reading.Language
	for _, c := range e.Reading.Claims {
		v.Claims++
		if err := r.claims.Verify(text, c); err != nil {
			v.Broken = append(v.Broken, Broken{Article: e.Article.ID, Quote: c.Quote, Reason: err.Error()})
		}
	}
}
