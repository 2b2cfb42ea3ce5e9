package web

import "net/http"

// healthz answers that the process runs, for whoever restarts it if not.
func (s *site) healthz(*http.Request) (reply, error) { return plainly(http.StatusOK, "ok"), nil }

// readyz answers whether the archive can be read and takes what comes in. On a
// full disk the site goes on and the intake doesn't, which is for the operator
// to know: the reason is in the log and at the command line, not here.
func (s *site) readyz(r *http.Request) (reply, error) {
	if err := s.store.Ready(r.Context()); err != nil {
		s.log.Warn("not ready", "error", err)
		return plainly(http.StatusServiceUnavailable, "the archive does not take what comes in; the log says why"), nil
	}
	return plainly(http.StatusOK, "ready"), nil
}

func plainly(status int, text string) reply {
	return reply{status: status, contentType: "text/plain; charset=utf-8", cacheControl: "no-store", noIndex: true, body: []byte(text + "\n")}
}
