//go:build browser

// The test of this file drives a real browser. It runs with
//
//	go test -tags browser -run Browser -v ./feeds/clean/
//
// and needs chromium on the path; where it is missing it skips. It takes some
// four hundred payloads of each set, or all with CLUSTERWIRE_XSS=all.
package clean

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

const (
	atOnce     = 25  // clean payloads on one page
	stratified = 400 // payloads of each set, evenly spaced, unless all are asked for
	controls   = 100 // raw payloads that show that the harness sees scripts run
)

// hooked is the head of every page: whatever a payload runs ends here. No
// policy of content is sent, so nothing but the sanitiser stands in its way.
const hooked = `<!doctype html><meta charset=utf-8><script>window.fired=[];for(const f of ["alert","confirm","prompt","print"])window[f]=function(){window.fired.push(f);return false}</script><body>`

// driven focuses, clicks and hovers every node, and sends it every event that
// has a handler. Links to other pages are not followed.
const driven = `(() => {
	const stay = e => { const a = e.target.closest && e.target.closest("a,area"); if (a && a.protocol !== "javascript:") e.preventDefault() };
	addEventListener("click", stay); addEventListener("submit", e => { if (!/^javascript:/i.test(e.target.action)) e.preventDefault() });
	let nodes = 0;
	for (const n of document.querySelectorAll("*")) {
		nodes++;
		try { n.focus && n.focus() } catch (e) {}
		for (const type of %s) n.dispatchEvent(/^(mouse|pointer)/.test(type) ? new MouseEvent(type, {bubbles: true}) : new Event(type));
		try { n.click && n.click() } catch (e) {}
	}
	return nodes
})()`

// harness is a browser before pages of payloads.
type harness struct {
	t       *testing.T
	ctx     context.Context
	base    string
	pages   []string
	dialogs atomic.Int64
	drive   string
}

func newHarness(t *testing.T) *harness {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("SKIPPED, NOT PASSED: there is no chromium on the path")
	}
	h := &harness{t: t, drive: fmt.Sprintf(driven, `["`+strings.Join(strings.Fields(eventNames), `","`)+`"]`)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
		if err != nil || n >= len(h.pages) {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(hooked + h.pages[n]))
	}))
	t.Cleanup(server.Close)
	h.base = server.URL
	h.start(path)
	return h
}

// start opens a tab. Other hosts do not exist for it, and dialogs that a frame
// of its own opens are counted and closed.
func (h *harness) start(path string) {
	h.t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.Flag("no-sandbox", true), chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
		chromedp.Flag("block-new-web-contents", true), chromedp.UserDataDir(h.t.TempDir()))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	h.t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	h.t.Cleanup(cancel)
	h.ctx = ctx
	if err := chromedp.Listen(ctx, func(event any) {
		if _, ok := event.(*page.EventJavascriptDialogOpening); ok {
			h.dialogs.Add(1)
			go func() {
				_ = chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, s *chromedp.Target) error {
					_, err := cdp.Call(ctx, s, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: false})
					return err
				}))
			}()
		}
	}); err != nil {
		h.t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		h.t.Fatal(err)
	}
}

// fires loads page n, drives it, and says how often script ran; judged is false
// if the page could not be driven to its end.
func (h *harness) fires(n int) (fired int, judged bool) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.ctx, 20*time.Second)
	defer cancel()
	before := h.dialogs.Load()
	_ = chromedp.Do(ctx, chromedp.Navigate(h.base+"/"+strconv.Itoa(n))) // a raw payload may leave the page at once
	_, err := chromedp.Run(ctx, chromedp.Evaluate[int](h.drive))
	time.Sleep(30 * time.Millisecond) // for what runs behind a timer or a failed image
	fired, counted := chromedp.Run(ctx, chromedp.Evaluate[int]("window.fired ? window.fired.length : -1"))
	dialogs := int(h.dialogs.Load() - before)
	if err != nil || counted != nil || fired < 0 {
		h.t.Logf("page %d: %v, %v", n, err, counted)
		return dialogs, false
	}
	return fired + dialogs, true
}

// X5: of all payloads that went through the sanitiser none runs, and raw ones do.
func TestPayloadsInBrowser(t *testing.T) {
	h := newHarness(t)
	sets := map[string][]string{"own": generated()}
	t.Run("corpora", func(t *testing.T) { sets["published"] = published(t) })
	for name, set := range sets {
		if os.Getenv("CLUSTERWIRE_XSS") != "all" {
			set = every(set, stratified)
		}
		h.judgeClean(name, set)
	}
	h.pages = nil
	h.pages = every(generated(), controls)
	ran := 0
	for n := range h.pages {
		if fired, _ := h.fires(n); fired > 0 {
			ran++
		}
	}
	t.Logf("control: of %d raw payloads %d run", len(h.pages), ran)
	if ran < len(h.pages)/10 {
		t.Errorf("only %d of %d raw payloads run: the harness is blind", ran, len(h.pages))
	}
}

// judgeClean cleans payloads, puts many on a page, and where script runs finds
// the one that did it.
func (h *harness) judgeClean(name string, payloads []string) {
	h.t.Helper()
	h.pages = nil
	for at := 0; at < len(payloads); at += atOnce {
		var b strings.Builder
		for _, payload := range payloads[at:min(at+atOnce, len(payloads))] {
			b.WriteString("<div>" + HTML(payload, testBase) + "</div><p title=\"" + html.EscapeString(Title(payload)) + "\">" + html.EscapeString(Title(payload)) + "</p>")
		}
		h.pages = append(h.pages, b.String())
	}
	unjudged := 0
	for n, many := 0, len(h.pages); n < many; n++ {
		fired, judged := h.fires(n)
		if !judged {
			unjudged++
			h.t.Errorf("%s: page %d could not be driven", name, n)
		}
		if fired == 0 {
			continue
		}
		for _, payload := range payloads[n*atOnce : min((n+1)*atOnce, len(payloads))] {
			h.pages = append(h.pages, "<div>"+HTML(payload, testBase)+"</div>")
			if alone, _ := h.fires(len(h.pages) - 1); alone > 0 {
				h.t.Errorf("%s: %q runs %d times as %q", name, payload, alone, HTML(payload, testBase))
			}
		}
		h.t.Errorf("%s: script ran %d times on page %d", name, fired, n)
	}
	h.t.Logf("%s: %d payloads on %d pages, %d pages not judged", name, len(payloads), (len(payloads)+atOnce-1)/atOnce, unjudged)
}

// every takes n of a list, evenly spaced.
func every(list []string, n int) []string {
	if len(list) <= n {
		return list
	}
	out := make([]string, n)
	for i := range out {
		out[i] = list[i*len(list)/n]
	}
	return out
}
