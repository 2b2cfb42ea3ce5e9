package web

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"

	"clusterwire/feeds/news"
)

// walk gives every article of a query to f, a page at a time, so that memory
// does not grow with the result; at most most of them, 0 for all.
func (s *site) walk(ctx context.Context, q news.Query, most int, f func(news.Hit) error) error {
	for n := 0; ; {
		res, err := s.store.Search(ctx, q)
		if err != nil {
			return err
		}
		for _, h := range res.Hits {
			if err := f(h); err != nil {
				return err
			}
			if n++; n == most {
				return nil
			}
		}
		if res.Next == "" {
			return nil
		}
		q.Cursor = res.Next
	}
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
		return s.walk(r.Context(), q, 0, func(h news.Hit) error { return enc.Encode(st.articleJSON(h, base)) })
	}}, nil
}

func (s *site) streamCSV(ctx context.Context, w io.Writer, q news.Query, st *stand, base string) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(csvHead()); err != nil {
		return err
	}
	err := s.walk(ctx, q, 0, func(h news.Hit) error { return out.Write(csvRow(st.articleJSON(h, base))) })
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}
