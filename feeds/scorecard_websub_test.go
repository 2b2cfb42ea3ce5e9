package feeds

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

// publicSite is where hubs reach the line of a check.
const publicSite = "https://wire.example"

// hubbed makes a world with a public address whose feed names a hub.
func hubbed(t *testing.T, header map[string]string, body string) *world {
	t.Helper()
	w := newWorld(t, func(r *http.Request, _ int) reply {
		switch {
		case r.Host == "hub.example":
			return reply{status: 202}
		case r.URL.Path == "/robots.txt":
			return reply{status: 404}
		}
		return reply{header: header, body: body}
	})
	w.config.Public = publicSite
	w.restart()
	return w
}

const hubLinks = `<atom:link rel="hub" href="http://hub.example/"/><atom:link rel="self" href="http://news.example/topic"/>`

// toHub are the forms that the hub was sent in one mode.
func (w *world) toHub(mode string) []url.Values {
	var all []url.Values
	for _, a := range w.origin.all("hub.example/") {
		if a.method == http.MethodPost && a.form.Get("hub.mode") == mode {
			all = append(all, a.form)
		}
	}
	return all
}

// call is what a hub gets that calls the line back.
func (w *world) call(method, callback string, header map[string]string, body string) *httptest.ResponseRecorder {
	w.Helper()
	u, err := url.Parse(callback)
	if err != nil {
		w.Fatal(err)
	}
	r := httptest.NewRequest(method, u.RequestURI(), strings.NewReader(body))
	for name, value := range header {
		r.Header.Set(name, value)
	}
	answer := httptest.NewRecorder()
	w.line.HubHandler().ServeHTTP(answer, r)
	return answer
}

// confirm plays the hub's check of our intent.
func (w *world) confirm(form url.Values, lease string) *httptest.ResponseRecorder {
	w.Helper()
	q := url.Values{"hub.mode": {form.Get("hub.mode")}, "hub.topic": {form.Get("hub.topic")}, "hub.challenge": {"c-42"}, "hub.lease_seconds": {lease}}
	return w.call(http.MethodGet, form.Get("hub.callback")+"?"+q.Encode(), nil, "")
}

// subscribed makes a world whose subscription stands for a lease in seconds.
func subscribed(t *testing.T, lease string) (*world, url.Values) {
	t.Helper()
	w := hubbed(t, map[string]string{"ETag": `"a"`}, rss(hubLinks))
	w.pass()
	forms := w.toHub("subscribe")
	if len(forms) != 1 {
		t.Fatalf("%d subscriptions", len(forms))
	}
	if answer := w.confirm(forms[0], lease); answer.Code != http.StatusOK || answer.Body.String() != "c-42" {
		t.Fatalf("intent: %d %q", answer.Code, answer.Body)
	}
	return w, forms[0]
}

// sign is the signature of a body by one method.
func sign(method string, secret, body string) string {
	methods := map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}
	mac := hmac.New(methods[method], []byte(secret))
	mac.Write([]byte(body))
	return method + "=" + hex.EncodeToString(mac.Sum(nil))
}

var websubChecks = []check{
	{67, "hub and self found in the Link header, then in the body; off without a public address", func(t *testing.T) {
		w := hubbed(t, nil, rss(hubLinks))
		w.pass()
		forms := w.toHub("subscribe")
		w.expect(len(forms) == 1 && forms[0].Get("hub.topic") == "http://news.example/topic", "by the body: %v", forms)
		w = hubbed(t, map[string]string{"Link": `<http://hub.example/>; rel="hub", </headed>; rel=self`}, rss(`<atom:link rel="hub" href="http://wrong.example/"/>`))
		w.pass()
		forms = w.toHub("subscribe")
		w.expect(len(forms) == 1 && forms[0].Get("hub.topic") == "http://news.example/headed", "by the header: %v", forms)
		w.config.Public = ""
		w = hubbed(t, nil, rss(hubLinks))
		w.config.Public = ""
		w.restart()
		w.run(3 * day)
		w.expect(len(w.origin.all("hub.example/")) == 0, "asked a hub without a public address")
	}},
	{68, "an unguessable callback for each feed; topic, mode and challenge checked, else 404", func(t *testing.T) {
		w, form := subscribed(t, "864000")
		callback, topic := form.Get("hub.callback"), form.Get("hub.topic")
		w.expect(strings.HasPrefix(callback, publicSite+HubPath) && len(strings.TrimPrefix(callback, publicSite+HubPath)) >= 26, "%q", callback)
		other, otherForm := subscribed(t, "864000")
		w.expect(otherForm.Get("hub.callback") != callback && otherForm.Get("hub.secret") != form.Get("hub.secret"), "two feeds share %q", callback)
		_ = other
		for name, target := range map[string]string{
			"another callback": publicSite + HubPath + "AAAAAAAAAAAAAAAAAAAAAAAAAA?hub.mode=subscribe&hub.challenge=x&hub.topic=" + url.QueryEscape(topic),
			"another topic":    callback + "?hub.mode=subscribe&hub.challenge=x&hub.topic=" + url.QueryEscape(topic+"/"),
			"another mode":     callback + "?hub.mode=publish&hub.challenge=x&hub.topic=" + url.QueryEscape(topic),
			"not asked for":    callback + "?hub.mode=unsubscribe&hub.challenge=x&hub.topic=" + url.QueryEscape(topic),
			"no challenge":     callback + "?hub.mode=subscribe&hub.topic=" + url.QueryEscape(topic),
			"nothing":          callback,
		} {
			answer := w.call(http.MethodGet, target, nil, "")
			w.expect(answer.Code == http.StatusNotFound, "%s: %d %q", name, answer.Code, answer.Body)
		}
		answer := w.call(http.MethodGet, callback+"?hub.mode=subscribe&hub.challenge=%3Cscript%3E&hub.lease_seconds=864000&hub.topic="+url.QueryEscape(topic), nil, "")
		w.expect(answer.Code == 200 && answer.Body.String() == "<script>" && strings.HasPrefix(answer.Header().Get("Content-Type"), "text/plain") && answer.Header().Get("X-Content-Type-Options") == "nosniff", "%v", answer)
		w.restart() // what was asked before a restart is known after it
		again := w.confirm(form, "864000")
		w.expect(again.Code == 200, "after a restart: %d", again.Code)
	}},
	{69, "signatures: SHA-2 and SHA-1 taken, a wrong one answered 2xx and dropped", func(t *testing.T) {
		w, form := subscribed(t, "864000")
		body, secret := rss("", time.Now()), form.Get("hub.secret")
		push := func(signature string, fetched bool) {
			t.Helper()
			time.Sleep(time.Hour)
			before := len(w.toFeed())
			header := map[string]string{"Content-Type": "application/rss+xml"}
			if signature != "" {
				header["X-Hub-Signature"] = signature
			}
			answer := w.call(http.MethodPost, form.Get("hub.callback"), header, body)
			w.pass()
			w.expect(answer.Code/100 == 2 && (len(w.toFeed()) > before) == fetched, "%q: %d, asked %d times", signature, answer.Code, len(w.toFeed())-before)
		}
		w.run(2 * time.Hour) // the poll that sees the lease
		for _, method := range []string{"sha1", "sha256", "sha384", "sha512"} {
			push(sign(method, secret, body), true)
			push(sign(method, secret+"x", body), false)
			push(sign(method, secret, body+"x"), false)
		}
		for _, wrong := range []string{"", "sha256=", "sha256=zz", "md5=" + hex.EncodeToString([]byte("0123456789abcdef")), sign("sha256", "", body), strings.Replace(sign("sha256", secret, body), "sha256", "sha512", 1)} {
			push(wrong, false)
		}
		w.expect(w.call(http.MethodPost, publicSite+HubPath+"AAAA", map[string]string{"X-Hub-Signature": sign("sha256", secret, body)}, body).Code == http.StatusGone, "an unknown callback")
	}},
	{70, "renewed at 80 % of the lease; a poll a day while it lasts, as before when it ends", func(t *testing.T) {
		w, _ := subscribed(t, "864000") // ten days
		begin := time.Now()
		w.run(2 * time.Hour)
		quiet := len(w.toFeed())
		w.run(7 * day)
		polls := len(w.toFeed()) - quiet
		w.expect(polls >= 6 && polls <= 8, "%d polls in seven days of lease", polls)
		w.expect(len(w.toHub("subscribe")) == 1, "renewed early")
		w.run(2 * day)
		forms := w.toHub("subscribe")
		w.expect(len(forms) >= 2 && forms[1].Get("hub.callback") == forms[0].Get("hub.callback"), "%d subscriptions after nine days", len(forms))
		renewed := w.origin.all("hub.example/")[1].at.Sub(begin)
		w.expect(renewed >= 8*day && renewed < 9*day, "renewed after %v", renewed)
		w.run(2 * day) // the hub does not confirm: the lease ends
		before := len(w.toFeed())
		w.run(2 * day)
		w.expect(len(w.toFeed())-before >= 4, "%d polls in two days after the lease", len(w.toFeed())-before)
		w.confirm(forms[1], "864000")
		w.run(day)
		before = len(w.toFeed())
		w.run(5 * day)
		w.expect(len(w.toFeed())-before <= 6, "%d polls in five days of the new lease", len(w.toFeed())-before)
	}},
	{71, "a push is a ping: the feed is asked, conditionally, and nothing of the body is taken", func(t *testing.T) {
		w, form := subscribed(t, "864000")
		w.run(2 * time.Hour)
		body := rss("", time.Now().Add(-time.Minute))
		header := map[string]string{"X-Hub-Signature": sign("sha256", form.Get("hub.secret"), body)}
		before := len(w.toFeed())
		w.call(http.MethodPost, form.Get("hub.callback"), header, body)
		w.call(http.MethodPost, form.Get("hub.callback"), header, body)
		w.pass()
		all := w.toFeed()
		w.expect(len(all) == before+1 && all[before].header.Get("If-None-Match") == `"a"`, "%d requests, %v", len(all)-before, all[len(all)-1].header)
		w.expect(w.feed().Items == 0 && w.articles() == 0, "%d items came with the push", w.feed().Items)
		w.call(http.MethodPost, form.Get("hub.callback"), header, body)
		w.pass()
		w.expect(len(w.toFeed()) == before+1, "asked again within a minute")
		large := strings.Repeat("x", pushedMost+1)
		answer := w.call(http.MethodPost, form.Get("hub.callback"), map[string]string{"X-Hub-Signature": sign("sha256", form.Get("hub.secret"), large)}, large)
		time.Sleep(2 * time.Minute)
		w.expect(answer.Code/100 == 2, "%d for a body over the limit", answer.Code)
	}},
	{72, "the hub is left when a feed is removed, gone or moved", func(t *testing.T) {
		w, form := subscribed(t, "864000")
		w.line.Unsubscribe(w.Context(), w.feeds())
		if err := w.db.RemoveSource(w.Context(), "source0"); err != nil {
			t.Fatal(err)
		}
		left := w.toHub("unsubscribe")
		w.expect(len(left) == 1 && left[0].Get("hub.callback") == form.Get("hub.callback") && left[0].Get("hub.topic") == form.Get("hub.topic"), "%v", left)
		answer := w.confirm(left[0], "")
		w.expect(answer.Code == 200 && answer.Body.String() == "c-42", "%d %q", answer.Code, answer.Body)
		w.expect(w.confirm(left[0], "").Code == http.StatusNotFound, "confirmed twice")
		for _, end := range []reply{{status: 410}, to(301, "https://news.example/feed")} {
			w := newWorld(t, func(r *http.Request, n int) reply {
				switch {
				case r.Host == "hub.example":
					return reply{status: 202}
				case r.URL.Scheme == "http" && n > 0:
					return end
				case r.URL.Scheme == "https":
					return reply{body: rss("")}
				}
				return reply{body: rss(hubLinks)}
			})
			w.config.Public = publicSite
			w.restart()
			w.run(5 * day)
			w.expect(len(w.toHub("unsubscribe")) == 1, "%d: left %d times; %+v", end.status, len(w.toHub("unsubscribe")), w.feed())
			w.expect(end.status == 410 || w.feed().Hub == news.Hub{}, "%+v", w.feed().Hub)
		}
	}},
}
