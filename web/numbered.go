package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// numbered says which part of a list stands on a page: lists that are made
// whole, such as a table in order of size, are cut by number.
type numbered struct {
	Page, Of   int
	Prev, Next string
}

// cutPage gives the part of rows that the parameter page asks for. values are
// the other parameters of the address.
func cutPage[T any](r *http.Request, rows []T, size int, path string, values url.Values) ([]T, numbered, error) {
	n := numbered{Page: 1, Of: max((len(rows)+size-1)/size, 1)}
	if raw := r.URL.Query().Get("page"); raw != "" {
		page, err := strconv.Atoi(raw)
		if err != nil || page < 1 || page > n.Of {
			return nil, n, badInput("page", "must be a number from 1 to "+strconv.Itoa(n.Of))
		}
		n.Page = page
	}
	at := func(page int) string {
		if page == 1 {
			return address(path, "", values)
		}
		return address(path, "", with(values, "page", strconv.Itoa(page)))
	}
	if n.Page > 1 {
		n.Prev = at(n.Page - 1)
	}
	if n.Page < n.Of {
		n.Next = at(n.Page + 1)
	}
	from := (n.Page - 1) * size
	return slices.Clone(rows[from:min(from+size, len(rows))]), n, nil
}
