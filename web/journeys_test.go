//go:build browser

package web

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// journey is one thing that a reader does, told by what stands in the window.
type journey struct {
	name string
	do   func(b *tab)
}

// click follows the first element that a selector finds.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// at waits until the window shows an address, and its heading holds a text.
func (b *tab) at(path, heading string) {
	b.t.Helper()
	b.waitFor(`location.pathname + location.search === ` + quoted(path))
	b.waitFor(`document.readyState !== "loading" && document.querySelector("h1") !== null && document.querySelector("h1").innerText.includes(` + quoted(heading) + `)`)
}

// has waits for a text on the page.
func (b *tab) has(text string) {
	b.t.Helper()
	b.waitFor(`document.body !== null && document.body.textContent.includes(` + quoted(text) + `)`)
}

// journeys work without scripts.
func journeys() []journey {
	return []journey{
		{"reads the newest headline", func(b *tab) { b.open("/"); b.click(".story h3 a"); b.has("Companies, and why") }},
		{"sees the way to the original first", func(b *tab) {
			b.open("/")
			b.click(".story h3 a")
			b.waitFor(`document.querySelector("a.go").getBoundingClientRect().top < 700`)
		}},
		{"goes to a company by its chip", func(b *tab) { b.open("/"); b.click(`.strip a[href="/company/xai"]`); b.at("/company/xai", "xAI") }},
		{"goes from an article to a company", func(b *tab) {
			b.open("/")
			b.click(".story h3 a")
			b.click("table.why a.chip")
			b.has("Articles a month")
		}},
		{"searches from the front page", func(b *tab) {
			b.open("/")
			b.search("turbines")
			b.at("/search?q=turbines", "turbines")
			b.has("turbines")
		}},
		{"searches a phrase", func(b *tab) {
			b.open("/about")
			b.search(`"first phase"`)
			b.at("/search?q=%22first+phase%22", "first phase")
		}},
		{"finds nothing, and is told", func(b *tab) { b.open("/"); b.search("zzzz"); b.has("Nothing found") }},
		{"searches in Italian", func(b *tab) { b.open("/"); b.search("centomila"); b.has("Colossus è acceso") }},
		{"narrows a search by a facet", func(b *tab) { b.open("/search?q=report"); b.click(`.rail section a.chip`); b.has("take away") }},
		{"takes a filter away", func(b *tab) {
			b.open("/search?q=report&company=xai")
			b.click("a.chip.on")
			b.at("/search?q=report", "report")
		}},
		{"filters by the form", func(b *tab) {
			b.open("/search")
			b.do(chromedp.SetValue(chromedp.CSS(`select[name=company]`), "meta"))
			b.click(".filters button")
			b.has("company: Meta")
		}},
		{"filters by dates", func(b *tab) {
			b.open("/search")
			b.do(chromedp.SetValue(chromedp.CSS(`input[name=from]`), "2024-09-02"), chromedp.SetValue(chromedp.CSS(`input[name=to]`), "2024-09-02"))
			b.click(".filters button")
			b.has("Monday, 2 September 2024")
		}},
		{"is told of a bad date", func(b *tab) {
			b.open("/search?from=soon")
			b.has("That can't be asked")
			b.click(".prose a")
			b.at("/search", "Search the archive")
		}},
		{"turns the page", func(b *tab) {
			b.open("/")
			b.click(`a[rel=next]`)
			b.waitFor(`location.search.startsWith("?cursor=")`)
			b.has("September 2024")
		}},
		{"turns back", func(b *tab) {
			b.open("/")
			b.click(`a[rel=next]`)
			b.waitFor(`location.search !== ""`)
			b.click(`a[rel=prev]`)
			b.waitFor(`document.querySelector("a[rel=next]") !== null`)
		}},
		{"browses companies", func(b *tab) {
			b.open("/")
			b.click(`nav a[href="/companies"]`)
			b.at("/companies", "Companies")
			b.click(`th a[href="/company/meta"]`)
			b.at("/company/meta", "Meta")
		}},
		{"puts companies side by side", func(b *tab) {
			b.open("/compare")
			b.click(`input[value=xai]`)
			b.click(`input[value=meta]`)
			b.click(".across button")
			b.waitFor(`document.querySelectorAll(".sides > section").length === 2`)
		}},
		{"browses clusters", func(b *tab) {
			b.open("/")
			b.click(`nav a[href="/clusters"]`)
			b.click(`th a[href="/cluster/colossus"]`)
			b.at("/cluster/colossus", "Colossus")
		}},
		{"orders clusters by power", func(b *tab) {
			b.open("/clusters")
			b.click(`a[href="/clusters?by=power_mw"]`)
			b.at("/clusters?by=power_mw", "Clusters")
		}},
		{"opens the quote behind a figure", func(b *tab) {
			b.open("/cluster/colossus")
			b.click(".tile summary")
			b.waitFor(`document.querySelector(".tile details[open] blockquote").innerText.includes("MW")`)
		}},
		{"goes from a claim to its article", func(b *tab) { b.open("/cluster/colossus"); b.click("table.why td a"); b.has("Figures in this article") }},
		{"reads a chart as a table", func(b *tab) {
			b.open("/company/xai")
			b.click(".chart summary")
			b.waitFor(`document.querySelector(".chart details[open] td") !== null`)
		}},
		{"goes from a month to its articles", func(b *tab) {
			b.open("/company/xai")
			b.click(".chart summary")
			b.click(".chart th a")
			b.has("since: 2024-09")
		}},
		{"browses topics", func(b *tab) { b.open("/topics"); b.click(`a[href="/topic/power"]`); b.at("/topic/power", "Power") }},
		{"browses the archive", func(b *tab) { b.open("/archive"); b.click(".columns th a"); b.has("since: ") }},
		{"reads a day, and the day after", func(b *tab) {
			b.open("/day/2024-09-02")
			b.click(`a[href="/day/2024-09-03"]`)
			b.at("/day/2024-09-03", "Tuesday, 3 September 2024")
		}},
		{"sees how a source is", func(b *tab) {
			b.open("/sources")
			b.click(`th a[href="/source/rack-letter"]`)
			b.at("/source/rack-letter", "Rack Letter")
		}},
		{"looks at disputes", func(b *tab) { b.open("/"); b.click(`nav a[href="/disputes"]`); b.at("/disputes", "Disputed figures") }},
		{"reads how to use the API", func(b *tab) {
			b.open("/")
			b.click(`nav a[href="/api"]`)
			b.has("curl")
			b.click("#listArticles summary")
			b.has("Slug of a company")
		}},
		{"is lost, and finds back", func(b *tab) {
			b.open("/no/such/page")
			b.has("No such page")
			b.click(`.prose a[href="/"]`)
			b.waitFor(`document.querySelector(".story") !== null`)
		}},
		{"skips to the news by keyboard", func(b *tab) {
			b.open("/")
			b.do(chromedp.KeyEvent("\t"))
			b.waitFor(`document.activeElement.className === "skip"`)
		}},
	}
}

func (b *tab) search(words string) {
	b.t.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS("#q"), words+"\r"))
}

func TestJourneys(t *testing.T) {
	b := newTab(t)
	for _, scripts := range []bool{false, true} {
		b.scripts(scripts)
		for i, j := range journeys() {
			b.look(looks()[i%4])
			name := j.name + " without scripts"
			if scripts {
				name = j.name
			}
			t.Run(name, func(t *testing.T) {
				outer := b.t
				b.t = t
				defer func() { b.t = outer }()
				j.do(b)
				b.clean(name)
			})
		}
	}
}

// What the script adds.
func TestKeys(t *testing.T) {
	b := newTab(t)
	b.look(look{1280, "light"})
	b.open("/")
	key := func(k string) { b.do(chromedp.KeyEvent(k)) }
	focused := `[...document.querySelectorAll(".story")].findIndex(s => s.contains(document.activeElement))`
	key("j")
	key("j")
	if n := js[int](b, focused); n != 1 {
		t.Errorf("after j j the focus is on story %d", n)
	}
	key("k")
	want := js[string](b, `document.querySelector(".story h3 a").pathname`)
	key("o")
	b.waitFor(`location.pathname === ` + quoted(want) + ` && document.readyState === "complete"`)
	key("g")
	key("c")
	b.at("/companies", "Companies")
	b.waitFor(`document.readyState === "complete"`)
	key("/")
	b.waitFor(`document.activeElement.id === "q"`)
	key("j")
	// The driver sends "/" as a key and as a character; people's browsers do not.
	if v := js[string](b, `document.getElementById("q").value`); strings.TrimPrefix(v, "/") != "j" {
		t.Errorf("a key in the search field wrote %q", v)
	}
	b.open("/")
	key("?")
	b.waitFor(`document.querySelector("dialog.keys").open`)
	b.click("#keys-off")
	b.click("dialog.keys button")
	key("j")
	if n := js[int](b, focused); n != -1 {
		t.Errorf("keys are off, and j moved to story %d", n)
	}
	b.open("/")
	key("j")
	if n := js[int](b, focused); n != -1 {
		t.Error("keys came back with the next page")
	}
	b.clean("keys")
}

func TestSuggestionsAndVisits(t *testing.T) {
	b := newTab(t)
	b.look(look{1280, "light"})
	b.open("/")
	if n := js[int](b, `document.querySelectorAll(".fresh").length`); n != 0 {
		t.Errorf("%d articles are new to a first visitor", n)
	}
	b.do(chromedp.SendKeys(chromedp.CSS("#q"), "col"))
	b.waitFor(`[...document.querySelectorAll("#names option")].some(o => o.value === "cluster:colossus")`)
	js[bool](b, `(localStorage.setItem("wire.page", String(Date.parse("2026-11-20T00:00:00Z"))), true)`)
	b.open("/")
	b.waitFor(`document.querySelectorAll(".fresh").length > 1 && document.querySelectorAll(".fresh").length < 8`)
	b.has("new on this page since your last visit")
	b.clean("suggestions")
}

func quoted(s string) string {
	out := []byte{'"'}
	for _, c := range []byte(s) {
		if c == '"' || c == '\\' {
			out = append(out, '\\')
		}
		out = append(out, c)
	}
	return string(append(out, '"'))
}

// Where a browser knows speculation rules, a page is there before the click.
func TestFetchAhead(t *testing.T) {
	b := newTab(t)
	b.look(look{1280, "light"})
	b.open("/")
	b.waitFor(`document.readyState === "complete"`)
	at := js[[]float64](b, `(() => { const r = document.querySelector('nav a[href="/companies"]').getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()`)
	b.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at[0], at[1]))
	for range 60 {
		b.mu.Lock()
		ahead := slices.Clone(b.ahead)
		b.mu.Unlock()
		if slices.Contains(ahead, "/companies") {
			b.clean("fetching ahead")
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Error("the page under the pointer was not fetched ahead")
}
