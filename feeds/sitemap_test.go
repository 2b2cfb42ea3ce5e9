package feeds

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestSitemapIndex polls an index: the two sitemaps that changed last are
// read, one that fails costs nothing but itself, and the next poll reads them
// again though the index is the same.
func TestSitemapIndex(t *testing.T) { synctest.Test(t, testSitemapIndex) }

func testSitemapIndex(t *testing.T) {
	page := "1"
	w := newWorld(t, func(r *http.Request, _ int) reply {
		switch r.URL.Path {
		case "/feed":
			return reply{header: map[string]string{"ETag": `"1"`}, body: `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` +
				`<sitemap><loc>/old.xml</loc><lastmod>1998-01-01</lastmod></sitemap><sitemap><loc>/undated.xml</loc></sitemap>` +
				`<sitemap><loc>/gone.xml</loc><lastmod>1999-12-30</lastmod></sitemap><sitemap><loc>/new.xml</loc><lastmod>1999-12-31</lastmod></sitemap></sitemapindex>`}
		case "/new.xml":
			return reply{body: fmt.Sprintf(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>/page-%s</loc></url></urlset>`, page)}
		}
		return reply{status: 404}
	})
	w.config.Store = keeping{w.db, w}
	w.line = New(w.config)
	w.pass()
	w.expect(w.feed().Attempt.Failures == 0 && len(w.items) == 1 && strings.HasSuffix(w.items[0].URL, "/page-1"), "%+v, %+v", w.feed().Attempt, w.items)
	page = "2"
	w.run(48 * time.Hour)
	last := w.items[len(w.items)-1]
	w.expect(strings.HasSuffix(last.URL, "/page-2"), "%+v", last)
	w.expect(len(w.origin.all("news.example/old.xml"))+len(w.origin.all("news.example/undated.xml")) == 0, "more than two sitemaps were read")
}
