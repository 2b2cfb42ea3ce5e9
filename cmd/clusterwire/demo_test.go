package main

import (
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"clusterwire/cmd/clusterwire/demo"
	"clusterwire/feeds"
	"clusterwire/feeds/news"
)

// demoEvents are the events of the demo that several publishers report: who
// does, by the beginning of the address of each report.
var demoEvents = map[string][]string{
	"Fairwater runs":                {"plain-release/fairwater-operational", "meridian-wire/fairwater-all-halls", "rack-trade/fairwater-complete", "tensor-post/fairwater-fully-operational", "il-calcolo/fairwater-completo", "rechenwerk/fairwater-laeuft"},
	"Reflection rents Colossus 2":   {"meridian-wire/reflection-rents-colossus-2", "tensor-post/reflection-spacex", "lettre-des-octets/reflection-colossus", "suanli-daily/reflection-colossus-2", "yeonsan-news/reflection-colossus2"},
	"the government sides with xAI": {"meridian-wire/justice-department-xai", "delta-courier/washington-sides-with-xai", "bayou-ledger/justice-department-xai-southaven", "nube-y-red/justicia-xai-turbinas", "rekenkracht/justitie-xai"},
	"SoftBank in France":            {"plain-release/softbank-france", "rack-trade/softbank-hauts-de-france", "lettre-des-octets/softbank-hauts-de-france", "rechenwerk/softbank-frankreich", "denryoku-keisan/softbank-furansu"},
	"Hyperion at $200 billion":      {"meridian-wire/hyperion-200-billion", "tensor-post/hyperion-bloomberg", "bayou-ledger/two-hundred-billion-asked-here", "nuvem-hoje/hyperion-200-bilhoes", "megawatt-brief/entergy-ten-plants"},
	"Anthropic rents Colossus 1":    {"plain-release/colossus-1-for-anthropic", "meridian-wire/anthropic-rents-colossus-1", "delta-courier/anthropic-moves-in", "il-calcolo/colossus-anthropic", "suanli-daily/anthropic-colossus-1", "denryoku-keisan/anthropic-colossus-1"},
	"Meta sells most of Hyperion":   {"meridian-wire/richland-27-billion", "rack-trade/hyperion-billions", "il-calcolo/hyperion-luisiana"},
	"OpenAI rents from Amazon":      {"tensor-post/openai-38-billion-aws", "denryoku-keisan/openai-aws"},
	"Colossus goes into operation":  {"delta-courier/colossus-online", "suanli-daily/colossus-10wanka"},
}

// TestFrontPageOfTheDemo collects the demo as the command does and reads its
// front page: it leads with events that several publishers report, of which
// none is taken for another.
func TestFrontPageOfTheDemo(t *testing.T) {
	stories := demoStories(t)
	told, languages, echoes := 0, map[string]bool{}, 0
	for i, s := range stories {
		held := map[string][]string{}
		for _, a := range s.Timeline {
			if event := eventOf(a.URL); event != "" || s.Articles > 1 {
				held[event] = append(held[event], a.URL)
			}
			if i < 10 && a.Origin != 0 {
				echoes++
			}
		}
		if len(held) > 1 {
			t.Errorf("%q holds several events: %v", s.Lead.Title, held)
		}
		if i < 10 && s.Independent > 1 {
			told++
			for _, l := range s.Languages {
				languages[l] = true
			}
		}
	}
	if stories[0].Articles < 5 || stories[0].Independent < 3 {
		t.Errorf("the page leads with %q: %d articles, %d independent sources", stories[0].Lead.Title, stories[0].Articles, stories[0].Independent)
	}
	if told < 5 || echoes < 4 || len(languages) < 6 {
		t.Errorf("of ten stories %d have several independent sources, with %d echoes, in languages %v", told, echoes, languages)
	}
	for event, reports := range demoEvents {
		if most := together(stories, reports); len(reports) > 3 && most < len(reports)-1 {
			t.Errorf("%s: of %d reports at most %d are together", event, len(reports), most)
		}
	}
}

// demoStories are the first forty stories of the demo, by rank.
func demoStories(t *testing.T) []news.StoryEntry {
	t.Helper()
	publishers, err := demo.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer publishers.Close()
	var c demoCmd
	r, err := c.rooms(&env{ctx: t.Context(), err: io.Discard}, publishers, filepath.Join(t.TempDir(), "demo.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	if _, err := r.line(feeds.Config{}).Collect(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := r.db.Stories(t.Context(), news.StoryQuery{Query: news.Query{Limit: 100}})
	if err != nil {
		t.Fatal(err)
	}
	var out []news.StoryEntry
	for _, s := range list.Stories {
		entry, err := r.db.Story(t.Context(), s.ID)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, entry)
	}
	return out
}

// eventOf is the event that an address of the demo reports, "" if none of the list.
func eventOf(address string) string {
	for event, reports := range demoEvents {
		if slices.ContainsFunc(reports, func(report string) bool { return reportsAt(address, report) }) {
			return event
		}
	}
	return ""
}

// reportsAt reports whether an address is that of publisher/slug.
func reportsAt(address, report string) bool {
	publisher, slug, _ := strings.Cut(report, "/")
	_, rest, found := strings.Cut(address, "://"+publisher+".example/")
	if !found {
		return false
	}
	return slices.Contains(strings.FieldsFunc(rest, func(r rune) bool { return r == '/' || r == '.' }), slug)
}

// together is how many of some reports stand in one story at most.
func together(stories []news.StoryEntry, reports []string) int {
	most := 0
	for _, s := range stories {
		n := 0
		for _, a := range s.Timeline {
			if slices.ContainsFunc(reports, func(report string) bool { return reportsAt(a.URL, report) }) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}
