//go:build browser

package web

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// reached tells of the element that has the focus: nothing of the page, one
// that was there before, one that can't be seen, or one without an outline.
const reached = `(() => {
	const e = document.activeElement
	if (!e || e === document.body) return "end"
	window.been ??= new Set()
	if (window.been.has(e)) return e.type === "date" && window.last === e ? "" : "again" // day, month and year of one field
	window.last = e
	window.been.add(e)
	const what = e.outerHTML.slice(0, 100), box = e.getBoundingClientRect(), style = getComputedStyle(e)
	if (box.width < 2 || box.height < 2 || box.right <= 0 || box.bottom <= 0 || box.top >= innerHeight) return "out of sight: " + what
	if (!e.matches(":focus-visible") || style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) return "without an outline: " + what
	return ""
})()`

// passed lists what a keyboard must reach and did not: whatever can be clicked
// or is wider than its box, unless it is folded away.
const passed = `[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary, .scroll")]
	.filter(e => e.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true}) && !window.been.has(e))
	.filter(e => !e.matches(".scroll") || e.scrollWidth > e.clientWidth)
	.map(e => e.outerHTML.slice(0, 100)).join("\n")`

// With nothing but the Tab key one gets through every kind of page: the first
// stop is the link past the header, each stop is seen and outlined, none is
// met twice, what can be clicked or scrolled is among them, and the last leads
// out of the page.
func TestTabThroughPages(t *testing.T) {
	b, story := tabOfStories(t)
	for _, width := range []int64{320, 1280} {
		b.look(look{width, "light"})
		for _, path := range []string{"/", "/search?q=turbines&company=xai", "/clusters", "/cluster/colossus", storyPath(story), "/compare?company=xai,meta"} {
			b.open(path)
			where := fmt.Sprintf("%s at %d", path, width)
			stops := 0
			for ; stops < 600; stops++ {
				b.do(chromedp.KeyEvent("\t"))
				if stops == 0 && !js[bool](b, `document.activeElement.className === "skip"`) {
					t.Errorf("%s: the first stop is not the link to the news", where)
				}
				fault := js[string](b, reached)
				if fault == "end" {
					break
				}
				if fault != "" {
					t.Errorf("%s, stop %d: %s", where, stops+1, fault)
				}
				if fault == "again" {
					break
				}
			}
			if stops < 10 || stops == 600 {
				t.Errorf("%s: %d stops", where, stops)
			}
			if left := js[string](b, passed); left != "" {
				t.Errorf("%s: the keyboard does not reach\n%s", where, left)
			}
			b.clean(where)
		}
	}
}

// A folded form opens by the keyboard, and shows the first cluster without it.
func TestFoldedForm(t *testing.T) {
	b := newTab(t)
	b.look(look{320, "light"})
	b.open("/clusters")
	if top := js[float64](b, `document.querySelector(".league tbody tr").getBoundingClientRect().top`); top > 900 {
		t.Errorf("the first cluster is %.0f px below the top of a screen of 900", top)
	}
	shown := `document.querySelector(".fold select").checkVisibility({contentVisibilityAuto: true})`
	if js[bool](b, shown) {
		t.Error("the form is unfolded where there is no room")
	}
	js[bool](b, `(document.querySelector(".fold summary").focus(), true)`)
	b.do(chromedp.KeyEvent("\r"))
	b.waitFor(shown)
	b.look(look{1280, "light"})
	b.open("/clusters")
	b.waitFor(shown)
}
