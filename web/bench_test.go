package web

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"clusterwire/store/storetest"
)

// go test -run '^$' -bench . ./web/
func BenchmarkPages(b *testing.B) {
	db, _ := storetest.Filled(b, 5000)
	h := testSite(b, db, nil)
	for _, path := range []string{"/", "/search?q=turbines", "/search?q=report&company=xai", "/company/xai", "/cluster/colossus", "/api/v1/articles", "/api/v1/search?q=racks", "/feed.atom"} {
		b.Run(path, func(b *testing.B) {
			get(b, h, path) // the first of all weighs every claim
			for b.Loop() {
				r := httptest.NewRequest(http.MethodGet, path, nil)
				r.Header.Set("Accept-Encoding", "gzip")
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
		})
	}
}
