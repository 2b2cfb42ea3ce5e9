package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"clusterwire/feeds"
	"clusterwire/feeds/news"
)

// While serve has the archive open nobody else may write to it. So that
// sources can be added and removed meanwhile, serve keeps a door beside the
// archive: a socket of the operating system, for the same user alone, that
// speaks HTTP and is no part of the site.

// keeper takes in sources and lets them go: the archive itself, or the serve
// that has it open.
type keeper interface {
	addSources(ctx context.Context, sources []news.SourceHealth) error
	removeSource(ctx context.Context, slug string) error
	close()
}

// openKeeper finds the serve that has the archive open, else opens the archive
// by open.
func openKeeper(e *env, open func(*env) (*rooms, error)) (keeper, error) {
	path, err := e.common.database()
	if err != nil {
		return nil, err
	}
	if d, there := knock(e.ctx, doorOf(path)); there {
		return d, nil
	}
	return open(e)
}

func (r *rooms) addSources(ctx context.Context, sources []news.SourceHealth) error {
	return r.db.AddSources(ctx, sources)
}

func (r *rooms) removeSource(ctx context.Context, slug string) error {
	return r.removeFrom(ctx, r.line(feeds.Config{}), slug)
}

// removeFrom also tells hubs that the source's feeds are no longer followed.
// line is the one whose hub handler runs, if one does: hubs ask there whether
// it is so.
func (r *rooms) removeFrom(ctx context.Context, line *feeds.Line, slug string) error {
	if err := leaveHubs(ctx, r.db, line, slug); err != nil {
		return err
	}
	return r.db.RemoveSource(ctx, slug)
}

// doorOf is the path of the socket of an archive.
func doorOf(db string) string {
	if real, err := filepath.EvalSymlinks(db); err == nil {
		db = real
	}
	return db + ".sock"
}

// sourcesPath is where the door takes and drops sources.
const sourcesPath = "/sources"

// openDoor listens at the door of an archive. Without one everything else
// works, so that a folder that can't hold a socket is only worth a note; the
// listener is then nil.
func openDoor(ctx context.Context, r *rooms) net.Listener {
	path := doorOf(r.db.Path())
	// The archive is locked: a socket that is there was left by a serve that died.
	err := os.Remove(path)
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	var ln net.Listener
	if err == nil {
		ln, err = new(net.ListenConfig).Listen(ctx, "unix", path)
	}
	if err == nil {
		err = os.Chmod(path, 0o600)
	}
	if err != nil {
		r.log.Warn("sources can't be added while this runs: no socket beside the database", "error", err)
		return nil
	}
	return ln
}

// serveDoor takes and drops sources until ctx ends.
func serveDoor(ctx context.Context, ln net.Listener, r *rooms, line *feeds.Line) error {
	if ln == nil {
		return nil
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+sourcesPath, func(w http.ResponseWriter, req *http.Request) {
		var sources []news.SourceHealth
		err := json.NewDecoder(io.LimitReader(req.Body, remoteLimit)).Decode(&sources)
		if err == nil {
			err = r.addSources(req.Context(), sources)
		}
		answerDoor(w, err)
	})
	mux.HandleFunc("DELETE "+sourcesPath, func(w http.ResponseWriter, req *http.Request) {
		answerDoor(w, r.removeFrom(req.Context(), line, req.URL.Query().Get("slug")))
	})
	return serveSite(ctx, ln, mux, r.log)
}

// answerDoor says how it went: the error of the archive is for whoever called.
func answerDoor(w http.ResponseWriter, err error) {
	var bad *news.BadInputError
	status := http.StatusInternalServerError
	switch {
	case err == nil:
		w.WriteHeader(http.StatusNoContent)
		return
	case errors.Is(err, news.ErrNotFound):
		status = http.StatusNotFound
	case errors.As(err, &bad):
		status = http.StatusBadRequest
	}
	http.Error(w, err.Error(), status)
}
