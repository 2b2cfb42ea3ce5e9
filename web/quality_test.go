package web

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"clusterwire/feeds/news"
)

// sampleQuality has a figure of each kind.
func sampleQuality() news.Quality {
	figure := func(by, key string) news.QualityFigure {
		return news.QualityFigure{By: by, Key: key, Precision: .9253, Recall: .9999, F1: 1, Right: 1204, Wrong: 2, Missed: 3}
	}
	return news.Quality{Rules: "1+1", Sets: []news.QualitySet{
		{ID: "companies", Question: "Which companies does the text name?", Labels: "labelled by " + hostile, Texts: 702, Negative: 300, Figures: []news.QualityFigure{
			figure("all", ""), figure("part", "names that are also words"), figure("company", "xai"), figure("company", "nobody"),
			figure("language", "ko"), figure("metric", "power_mw"), figure("topic", "power")}},
		{ID: "stories", Question: "Which headlines belong together?", Labels: "labelled by others", Texts: 9,
			Figures: []news.QualityFigure{{By: "all", Precision: .8, Recall: .8, F1: .8}}},
	}}
}

func TestQualityPage(t *testing.T) {
	h := testSite(t, archive(t, 0), nil)
	w := get(t, h, "/quality")
	body := w.Body.String()
	if w.Code != http.StatusOK {
		t.Fatal(w.Code, body)
	}
	for _, want := range []string{"How right are we?", "702 texts, to 300 of which nothing is the right answer", "92.5 %", "99.9 %", "100 %", "1,204 right, 2 wrong, 3 missed",
		`<a href="/company/xai">xAI</a>`, "nobody", "Korean", ">Power<", `<a href="/topic/power">power</a>`, "Names that are also words", "CC BY 4.0", "rules 1&#43;1"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Contains(body, "<script>alert") || strings.Count(body, "0 right") > 0 {
		t.Error("markup of a label passed, or a figure without counts shows them")
	}
	if front := get(t, h, "/about").Body.String(); !strings.Contains(front, `href="/quality"`) {
		t.Error("no page leads to /quality")
	}
}

func TestQualityPageWithoutFigures(t *testing.T) {
	h := testSite(t, archive(t, 0), func(c *Config) { c.Quality = news.Quality{} })
	if body := get(t, h, "/quality").Body.String(); !strings.Contains(body, "No figures") {
		t.Error("nothing says that there are none")
	}
	if body := get(t, h, "/api/v1/quality").Body.String(); !strings.Contains(body, `"sets": []`) {
		t.Errorf("got %s", body)
	}
}

func TestQualityAPI(t *testing.T) {
	var got news.Quality
	body := get(t, testSite(t, archive(t, 0), nil), "/api/v1/quality").Body.Bytes()
	if err := json.Unmarshal(body, &got); err != nil || !reflect.DeepEqual(got, sampleQuality()) {
		t.Errorf("%v: %s", err, body)
	}
}
