//go:build browser

// The tests of this file drive a real browser. They run with
//
//	go test -tags browser ./web/
//
// and need chromium on the path; where it is missing they skip. With
// CLUSTERWIRE_SHOTS=folder they leave a picture of every page there, and with
// AXE_JS=axe.min.js they look for what keeps people out (WCAG 2.2 AA).
package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// tab is one tab of a browser in front of a site over a real archive.
type tab struct {
	t    testing.TB
	ctx  context.Context
	base string
	db   Store

	mu       sync.Mutex
	ahead    []string // paths that the browser fetched ahead
	problems []string // console errors, failed loads, requests to other hosts
}

// look is a width and a theme.
type look struct {
	width int64
	theme string
}

func looks() []look {
	return []look{{320, "light"}, {320, "dark"}, {1280, "light"}, {1280, "dark"}}
}

func newTab(t testing.TB) *tab {
	t.Helper()
	return tabOver(t, archive(t, 60))
}

// tabOfStories is a tab in front of an archive whose articles are in stories.
func tabOfStories(t *testing.T) (b *tab, story int64) {
	t.Helper()
	db := archive(t, 60)
	story, _ = placed(t, db)
	return tabOver(t, db), story
}

func tabOver(t testing.TB, db Store) *tab {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("SKIPPED, NOT PASSED: there is no chromium on the path")
	}
	b := &tab{t: t, db: db}
	dir := t.TempDir()
	dumped(t, db, dir)
	site := testSite(t, db, func(c *Config) { c.BaseURL, c.Dumps = "", dir })
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.Header.Get("Sec-Purpose"), "prefetch") {
			b.mu.Lock()
			b.ahead = append(b.ahead, r.URL.Path)
			b.mu.Unlock()
		}
		site.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.Flag("no-sandbox", true), chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(t.TempDir()))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b.ctx, b.base = ctx, server.URL
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	b.call(func(ctx context.Context, s *chromedp.Target) error {
		_, err := cdp.Call(ctx, s, log.Enable, cdp.Empty{})
		return err
	})
	return b
}

// hear notes what must never happen on a page.
func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		b.problems = append(b.problems, "console: "+string(e.Type))
	case *runtime.EventExceptionThrown:
		b.problems = append(b.problems, "exception: "+e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		if !strings.Contains(e.Entry.Text, "status of 4") { // an error page is meant to have its status
			b.problems = append(b.problems, "log: "+e.Entry.Text)
		}
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err == nil && u.Scheme != "data" && !strings.HasPrefix(e.Request.URL, b.base) {
			b.problems = append(b.problems, "request to "+e.Request.URL)
		}
	}
}

// clean fails the test if anything was noted since the last call.
func (b *tab) clean(where string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.problems {
		b.t.Errorf("%s: %s", where, p)
	}
	b.problems = nil
}

func (b *tab) call(f func(context.Context, *chromedp.Target) error) {
	b.t.Helper()
	b.do(chromedp.Func(f))
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.base + path))
}

// js evaluates an expression in the page.
func js[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

func (b *tab) look(l look) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(l.width, 900))
	b.call(func(ctx context.Context, s *chromedp.Target) error {
		_, err := cdp.Call(ctx, s, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: l.theme}}})
		return err
	})
}

func (b *tab) scripts(on bool) {
	b.t.Helper()
	b.call(func(ctx context.Context, s *chromedp.Target) error {
		_, err := cdp.Call(ctx, s, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}

// waitFor polls until an expression is true.
func (b *tab) waitFor(expression string) {
	b.t.Helper()
	for range 100 {
		if v, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](expression)); err == nil && v {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatalf("never came true: %s (at %s)", expression, js[string](b, "location.href"))
}

// Every page, at both widths and in both themes: no error in the console, no
// request to another host, nothing wider than the window, and a picture.
func TestPagesInBrowser(t *testing.T) {
	b, story := tabOfStories(t)
	shots := os.Getenv("CLUSTERWIRE_SHOTS")
	if shots != "" {
		if err := os.MkdirAll(shots, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for i, l := range looks() {
		paths := append(kindsOfPages(t, b.db), storyPath(story), "/search?from=never", "/search?q=zzzz")
		if i == 0 {
			paths = append(paths, pagesOf(t, b.db)...) // the narrowest is the hardest
		}
		b.look(l)
		for _, path := range paths {
			b.open(path)
			where := fmt.Sprintf("%s at %d %s", path, l.width, l.theme)
			if over := js[int](b, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
				t.Errorf("%s is %d px wider than the window", where, over)
			}
			b.clean(where)
			if shots != "" {
				b.shoot(filepath.Join(shots, fmt.Sprintf("%s-%d-%s.png", shotName(path), l.width, l.theme)))
			}
		}
	}
}

func shotName(path string) string {
	name := strings.Trim(strings.NewReplacer("/", "-", "?", "-", "&", "-", "=", "-", ":", "-").Replace(path), "-")
	if name == "" {
		return "front"
	}
	return name
}

func (b *tab) shoot(file string) {
	b.t.Helper()
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(file, png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// WCAG 2.2 AA, as far as axe-core can tell.
func TestAccessibility(t *testing.T) {
	path := os.Getenv("AXE_JS")
	if path == "" {
		t.Skip("SKIPPED, NOT PASSED: AXE_JS does not name axe.min.js (npm pack axe-core@4.14.1)")
	}
	axe, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b, story := tabOfStories(t)
	b.open("/about")
	if seeded := b.axe(string(axe), `document.querySelector("h1").insertAdjacentHTML("afterend", "<img src='x'><p style='color:#ccc;background:#fff'>pale</p>")`); len(seeded) == 0 {
		t.Fatal("axe finds nothing on a page with faults: it does not run")
	}
	for _, l := range looks() {
		b.look(l)
		for _, page := range append(kindsOfPages(t, b.db), storyPath(story)) {
			b.open(page)
			for _, v := range b.axe(string(axe), "") {
				t.Errorf("%s at %d %s: %s", page, l.width, l.theme, v)
			}
		}
	}
}

// kindsOfPages are one address for each template, and the hardest articles.
func kindsOfPages(t testing.TB, db Store) []string {
	t.Helper()
	rtl, hard := articleWithTitle(t, db, "מעבדת מחקר ענקית נבנית בצפון"), articleWithTitle(t, db, hostile)
	return []string{"/", "/search?q=turbines&company=xai", "/companies", "/company/xai", "/clusters", "/cluster/colossus", "/claims", "/dumps", "/disputes", "/topics", "/topic/power", "/archive",
		"/compare?company=xai,meta", "/sources", "/about", "/help", "/quality", "/api", "/newest", "/nowhere", articlePath(rtl.ID), articlePath(hard.ID)}
}

// axe runs axe-core on the page, after a change to it, and lists violations.
func (b *tab) axe(source, change string) []string {
	b.t.Helper()
	js[bool](b, "(() => {"+source+";"+change+"; return true })()")
	js[bool](b, `(() => { window.axeDone = ""; axe.run(document, {runOnly: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]}).then(r => { window.axeDone = JSON.stringify(r.violations.map(v => v.id + ": " + v.help + ": " + v.nodes.slice(0,2).map(n => n.html.slice(0,160) + " " + (n.any[0]||{}).message).join(" | "))) }); return true })()`)
	b.waitFor(`window.axeDone !== ""`)
	var out []string
	if err := json.Unmarshal([]byte(js[string](b, "window.axeDone")), &out); err != nil {
		b.t.Fatal(err)
	}
	return out
}
