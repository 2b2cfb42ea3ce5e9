package web

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// unready is an archive on a full disk.
type unready struct{ Store }

func (unready) Ready(context.Context) error { return errors.New("no room on /dev/secret") }

func TestHealth(t *testing.T) {
	db := archive(t, 3)
	for _, c := range []struct {
		path string
		db   Store
		code int
	}{{"/healthz", db, 200}, {"/readyz", db, 200}, {"/healthz", unready{db}, 200}, {"/readyz", unready{db}, 503}, {"/", unready{db}, 200}} {
		w := get(t, testSite(t, c.db, nil), c.path)
		if w.Code != c.code || strings.Contains(w.Body.String(), "/dev/secret") {
			t.Errorf("%s: %d, want %d: %.80s", c.path, w.Code, c.code, w.Body)
		}
		if c.path != "/" && w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept: %s", c.path, w.Header().Get("Cache-Control"))
		}
	}
}
