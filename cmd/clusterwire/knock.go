package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"clusterwire/feeds/news"
)

// door is the other side: a client of a serve that runs.
type door struct{ client *http.Client }

// knock reports whether somebody answers at a socket.
func knock(ctx context.Context, path string) (*door, bool) {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}
	conn, err := dial(ctx, "", "")
	if err != nil {
		return nil, false
	}
	conn.Close()
	return &door{&http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DialContext: dial}}}, true
}

func (d *door) addSources(ctx context.Context, sources []news.SourceHealth) error {
	body, err := json.Marshal(sources)
	if err != nil {
		return err
	}
	return d.call(ctx, http.MethodPost, sourcesPath, body)
}

func (d *door) removeSource(ctx context.Context, slug string) error {
	return d.call(ctx, http.MethodDelete, sourcesPath+"?"+url.Values{"slug": {slug}}.Encode(), nil)
}

func (d *door) close() { d.client.CloseIdleConnections() }

func (d *door) call(ctx context.Context, method, path string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, method, "http://serve"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	answer, err := d.client.Do(req)
	if err != nil {
		return fmt.Errorf("the serve that has the archive open: %w", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 4096))
	switch {
	case answer.StatusCode == http.StatusNoContent:
		return nil
	case answer.StatusCode == http.StatusNotFound:
		return news.ErrNotFound
	case err != nil:
		return err
	}
	err = errors.New(string(bytes.TrimSpace(text)))
	if answer.StatusCode == http.StatusBadRequest {
		return &usageError{err}
	}
	return err
}
