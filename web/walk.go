package web

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"iter"
	"net/http"

	"clusterwire/feeds/news"
)

// walk gives everything in a list, a page at a time, so that memory does not
// grow with it. page gives the items behind a cursor, and the next cursor. An
// error is the last that it gives.
func walk[T any](page func(cursor string) (items []T, next string, err error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for cursor := ""; ; {
			items, next, err := page(cursor)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, x := range items {
				if !yield(x, nil) {
					return
				}
			}
			if next == "" {
				return
			}
			cursor = next
		}
	}
}

// everyArticle walks the articles of a query.
func (s *site) everyArticle(ctx context.Context, q news.Query) iter.Seq2[news.Hit, error] {
	return walk(func(cursor string) ([]news.Hit, string, error) {
		q.Cursor = cursor
		res, err := s.store.Search(ctx, q)
		return res.Hits, res.Next, err
	})
}

// everyStory walks the stories of a query.
func (s *site) everyStory(ctx context.Context, q news.StoryQuery) iter.Seq2[news.Story, error] {
	return walk(func(cursor string) ([]news.Story, string, error) {
		q.Cursor = cursor
		res, err := s.store.Stories(ctx, q)
		return res.Stories, res.Next, err
	})
}

// apiExport answers /export: everything that a query finds, as a stream.
func (s *site) apiExport(r *http.Request) (reply, error) {
	values := r.URL.Query()
	q, err := decodeQuery(values)
	if err != nil {
		return reply{}, err
	}
	formats, err := enum(values, "format", []string{formatNDJSON.suffix, formatCSV.suffix})
	if err != nil {
		return reply{}, err
	}
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	q.Limit = greatestPage
	if _, err := s.store.Search(r.Context(), news.Query{Text: q.Text, Order: q.Order, Limit: 1}); err != nil {
		return reply{}, err // while a status can still say so
	}
	f := formatNDJSON
	if len(formats) > 0 && formats[0] == formatCSV.suffix {
		f = formatCSV
	}
	base := s.base(r)
	return reply{contentType: f.mime, filename: "clusterwire." + f.suffix, cacheControl: "no-store", stream: func(w *outlet) error {
		if f.suffix == formatCSV.suffix {
			return s.streamCSV(r.Context(), w, q, st, base)
		}
		enc := json.NewEncoder(w)
		for h, err := range s.everyArticle(r.Context(), q) {
			if err != nil {
				return err
			}
			if err := enc.Encode(st.articleJSON(h, base)); err != nil {
				return err
			}
		}
		return nil
	}}, nil
}

func (s *site) streamCSV(ctx context.Context, w io.Writer, q news.Query, st *stand, base string) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(csvHead()); err != nil {
		return err
	}
	for h, err := range s.everyArticle(ctx, q) {
		if err != nil {
			return err
		}
		if err := out.Write(csvRow(st.articleJSON(h, base))); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
