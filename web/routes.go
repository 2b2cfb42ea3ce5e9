package web

import (
	"context"
	"net/http"
	"path"
	"strings"
)

// A handler answers one GET: a value goes back, nothing is written.
type handler func(r *http.Request) (reply, error)

// routes is the map of the house: every address that the site answers.
func (s *site) routes() http.Handler {
	mux := http.NewServeMux()
	page := func(pattern string, h handler) { mux.Handle(pattern, s.serve(h, false)) }

	page("/{$}", s.cached(s.front))
	page("/newest", s.cached(s.newest))
	page("/story/{id}", s.ofStory(storyPath, s.story))
	page("/companies", s.cached(s.companies))
	page("/article/{id}", s.article)
	page("/clusters", s.cached(s.clusters))
	page("/cluster/{slug}", s.cached(s.cluster))
	page("/claims", s.cached(s.claims))
	page("/disputes", s.cached(s.disputes))
	page("/topics", s.cached(s.topics))
	page("/topic/{topic}", s.topic)
	page("/archive", s.cached(s.archive))
	page("/day/{date}", s.day)
	page("/compare", s.compare)
	page("/sources", s.sources)
	page("/source/{slug}", s.source)
	page("/about", s.about)
	page("/help", s.help)
	page("/quality", s.qualityPage)
	if s.dumpDir != "" {
		page("/dumps", s.dumps)
		page("/dumps/{$}", s.dumps)
	}
	page("/static/{name}", s.static)
	page("/favicon.ico", s.favicon)
	page("/", s.nowhere)

	s.exportRoutes(page)
	page("/search", s.search)
	page("/company/{slug}", s.company)
	page("/company/{slug}/{feed}", s.companyFeed)

	page("/api", s.apiReference)
	page("/openapi.json", s.openAPI)
	page("/openapi.yaml", s.openAPI) // JSON is YAML, too
	for _, op := range s.operations() {
		mux.Handle(op.Path, s.serve(s.operation(op), op.long))
	}
	page("/api/", s.nowhere)

	page("/suggest", s.browserSuggest)
	page("/opensearch.xml", s.openSearch)
	page("/companies.opml", s.opml)
	page("/robots.txt", s.robots)
	page("/healthz", s.healthz)
	page("/readyz", s.readyz)
	page("/.well-known/security.txt", s.securityTxt)
	page("/sitemap.xml", s.sitemapIndex)
	mux.Handle("/sitemap/{name}", s.serve(s.sitemap, true))
	return mux
}

// exportRoutes are the lists with a fixed address in their other formats; the
// handlers of lists with a name in their address cut the suffix themselves.
func (s *site) exportRoutes(page func(string, handler)) {
	for _, f := range exports() {
		page("/index."+f.suffix, s.export(f))
		page("/newest."+f.suffix, s.export(f))
		page("/search."+f.suffix, s.export(f))
		page("/stories."+f.suffix, s.storiesAs(f))
		page("/claims."+f.suffix, s.claims)
		page("/disputes."+f.suffix, s.disputes)
	}
	for _, f := range tableFormats() {
		page("/topics."+f.suffix, s.topics)
		page("/companies."+f.suffix, s.companies)
		page("/clusters."+f.suffix, s.clusters)
		page("/sources."+f.suffix, s.sources)
	}
	page("/feed.atom", s.export(formatAtom)) // names that readers of feeds look for
	page("/feed.rss", s.export(formatRSS))
	page("/feed.json", s.export(formatJSONFeed))

}

// serve is where handlers meet HTTP: methods, time limit, errors and writing
// are the same for all.
func (s *site) serve(h handler, long bool) http.Handler {
	limit := requestTime
	if long {
		limit = streamTime
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions {
			s.options(w, r)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), limit)
		defer cancel()
		r = r.WithContext(ctx)
		rep, err := s.answer(h, w, r)
		if err != nil {
			rep = s.fail(r, err)
		}
		if rep.done != nil {
			defer rep.done()
		}
		s.send(w, r, rep)
	})
}

// answer refuses what no handler should see, then asks the handler.
func (s *site) answer(h handler, w http.ResponseWriter, r *http.Request) (reply, error) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return reply{}, errMethod
	}
	if !strings.HasPrefix(r.URL.Path, "/static/") {
		if err := s.limiter.allow(w.Header(), r, s.now()); err != nil {
			return reply{}, err
		}
	}
	return h(r)
}

// nowhere answers every address that is not on the map.
func (s *site) nowhere(*http.Request) (reply, error) { return reply{}, errNowhere }

// secure is the outermost layer: headers that every response carries, panics
// caught, and no address that is not in its plain form. The router would
// redirect those; this site sends on from a merged story to its survivor alone,
// so that no request can choose where a reader is sent.
func (s *site) secure(next http.Handler) http.Handler {
	lost := s.serve(s.nowhere, false)
	misled := s.serve(func(*http.Request) (reply, error) { return reply{}, errMisled }, false)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secureHeaders(w.Header())
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.log.Error("handler panicked", "path", r.URL.Path, "panic", p)
				s.send(w, r, s.fail(r, errPanic))
			}
		}()
		if s.host != "" && !strings.EqualFold(r.Host, s.host) {
			misled.ServeHTTP(w, r)
			return
		}
		if !plainPath(r.URL.Path) {
			lost.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func plainPath(p string) bool {
	return p == "/" || strings.HasPrefix(p, "/") && path.Clean(p) == strings.TrimSuffix(p, "/") && path.Clean(p) != "/"
}

// policy lets a page load its own style and script and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func secureHeaders(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()")
}

// options answers what may be asked of an address.
func (s *site) options(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Allow", allowed)
	if shared(r.URL.Path) {
		crossOrigin(h)
		h.Set("Access-Control-Allow-Methods", allowed)
		h.Set("Access-Control-Allow-Headers", "Accept, If-None-Match, If-Modified-Since, If-Range, Range")
		h.Set("Access-Control-Max-Age", "86400")
	}
	w.WriteHeader(http.StatusNoContent)
}

const allowed = "GET, HEAD, OPTIONS"

// shared reports whether scripts of other sites may read what stands at path:
// all that is data, no page.
func shared(path string) bool {
	if strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/dumps/") && path != "/dumps/" || path == "/openapi.json" || path == "/openapi.yaml" {
		return true
	}
	_, f := cutFormat(path)
	return f != formatHTML
}

func crossOrigin(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "ETag, Last-Modified, Link, RateLimit, RateLimit-Policy, Retry-After, Accept-Ranges, Content-Range, Repr-Digest")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}
