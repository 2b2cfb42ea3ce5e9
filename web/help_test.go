package web

import (
	"html"
	"net/url"
	"strings"
	"testing"

	"clusterwire/store/query"
)

// The help page has every field, and each of its examples is understood.
func TestHelp(t *testing.T) {
	h := testSite(t, archive(t, 60), nil)
	page := html.UnescapeString(get(t, h, "/help").Body.String())
	all := ""
	for _, part := range queryHelp() {
		for _, row := range part.Rows {
			all += row.Query + " " + row.Doc + "\n"
			if !strings.Contains(page, `href="/search?`+url.Values{"q": {row.Query}}.Encode()+`"`) {
				t.Errorf("no link to what %s finds", row.Query)
			}
			if _, warnings := query.Parse(row.Query); len(warnings) > 0 {
				t.Errorf("%s: %v", row.Query, warnings)
			}
		}
	}
	for _, field := range query.Fields() {
		switch field {
		case "headline", "language", "site", "publisher", "type", "org":
			continue // other names of fields that are there
		}
		if !strings.Contains(all, field+":") {
			t.Errorf("the help has nothing on %s:", field)
		}
	}
	if !strings.Contains(get(t, h, "/search").Body.String(), `href="/help"`) {
		t.Error("the search page does not lead to the help")
	}
}

// A name that was mistyped is offered as the registry spells it; what is found
// is left alone, and an archive without articles says so.
func TestDidYouMean(t *testing.T) {
	h := testSite(t, archive(t, 60), nil)
	for q, want := range map[string]string{
		"colosus":          "Colossus",
		"nvida turbines":   "NVIDIA turbines",
		`(clossus) fox`:    "(Colossus) fox",
		"turbines":         "",
		"zzzzzzzz":         "",
		`"colosus"`:        "",
		"company:colosus":  "",
		"turbines -nvidia": "",
	} {
		body := html.UnescapeString(get(t, h, "/search?"+url.Values{"q": {q}}.Encode()).Body.String())
		link := `Did you mean <a href="/search?` + url.Values{"q": {want}}.Encode() + `">` + want + `</a>?`
		if want == "" && strings.Contains(body, "Did you mean") || want != "" && !strings.Contains(body, link) {
			_, said, _ := strings.Cut(body, "Did you mean")
			t.Errorf("%s: want %q; %.120s", q, want, said)
		}
		list := decode[listJSON[articleJSON]](t, get(t, h, "/api/v1/search?"+url.Values{"q": {q}}.Encode()).Body)
		if said := strings.Join(list.Warnings, " "); want != "" && !strings.Contains(said, "did you mean "+want+"?") {
			t.Errorf("%s: the API says %q", q, said)
		}
	}
	_, empty := emptyArchive(t)
	body := get(t, testSite(t, empty, nil), "/search?q=x").Body.String()
	if !strings.Contains(body, "The archive is empty") || strings.Contains(body, "Fewer words") {
		t.Error("a search in an empty archive does not say that it is empty")
	}
}
