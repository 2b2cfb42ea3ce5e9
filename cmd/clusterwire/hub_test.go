package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"
)

// TestRemovedWhileServing removes a source whose feed a hub tells of. The hub
// asks back whether that is so, and serve says yes.
func TestRemovedWhileServing(t *testing.T) {
	answers := make(chan [2]string, 10) // mode, status of the answer to the question
	hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		mode := r.Form.Get("hub.mode")
		ask := r.Form.Get("hub.callback") + "?" + url.Values{"hub.mode": {mode}, "hub.topic": {r.Form.Get("hub.topic")}, "hub.challenge": {"c"}, "hub.lease_seconds": {"86400"}}.Encode()
		w.WriteHeader(http.StatusAccepted)
		go func() {
			res, err := http.Get(ask)
			if err != nil {
				answers <- [2]string{mode, err.Error()}
				return
			}
			res.Body.Close()
			answers <- [2]string{mode, res.Status}
		}()
	}))
	defer hub.Close()
	feed := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Link", "<"+hub.URL+`>; rel="hub"`)
		w.Header().Add("Link", "<http://"+r.Host+`/feed.xml>; rel="self"`)
		_, _ = w.Write([]byte(`<rss version="2.0"><channel><title>Courier</title></channel></rss>`))
	}))
	defer feed.Close()
	site := &url.URL{}
	ready := make(chan struct{}) // site is written before it is closed and read after
	public := httptest.NewServer(waiting(ready, &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(site) }}))
	defer public.Close()

	path := newDatabase(t, feed.URL+"/feed.xml")
	base, err := url.Parse(serving(t, program(t, "serve", "--listen", "127.0.0.1:0", "--base-url", public.URL, "--db", path)))
	if err != nil {
		t.Fatal(err)
	}
	*site = *base
	close(ready)
	expect := func(mode string) {
		t.Helper()
		select {
		case got := <-answers:
			if got != [2]string{mode, "200 OK"} {
				t.Fatalf("the hub got %v when it asked, want yes to %s", got, mode)
			}
		case <-time.After(time.Minute):
			t.Fatalf("the hub was never told to %s", mode)
		}
	}
	expect("subscribe")
	if code, _, said := call(t, "", "sources", "remove", "delta-courier-0", "--db", path); code != exitOK {
		t.Fatalf("code %d: %s", code, said)
	}
	expect("unsubscribe")
}

// waiting holds requests back until ready is closed.
func waiting(ready <-chan struct{}, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		<-ready
		h.ServeHTTP(w, r)
	})
}
