package feeds

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"clusterwire/feeds/news"
)

// Scripts find every field of every claim: null is what the text doesn't say.
func TestInspectTextSaysEveryFieldOfAClaim(t *testing.T) {
	reader, err := NewReader()
	if err != nil {
		t.Fatal(err)
	}
	view := reader.InspectText(news.Text{Language: "en", Body: "xAI's Colossus in Memphis runs 100,000 H100 GPUs. It cost about $3 billion."})
	body, err := json.Marshal(view)
	if err != nil {
		t.Fatal(err)
	}
	var seen struct{ Claims []map[string]any }
	if err := json.Unmarshal(body, &seen); err != nil {
		t.Fatal(err)
	}
	fields := []string{"basis", "chip", "cluster", "currency", "date", "end", "metric", "modality", "org", "org_role", "phase", "qualifier", "quote", "speaker", "start", "unit", "value_hi", "value_lo"}
	metrics := map[any]bool{}
	for _, c := range seen.Claims {
		want := fields
		if metrics[c["metric"]] = true; c["metric"] == "location" {
			want = slices.Sorted(slices.Values(append([]string{"value_text"}, fields...)))
			if c["value_lo"] != nil || c["value_text"] != "Memphis" {
				t.Errorf("a place has value %v, text %v", c["value_lo"], c["value_text"])
			}
		}
		if got := slices.Sorted(maps.Keys(c)); !slices.Equal(got, want) {
			t.Errorf("a claim has the fields %v, want %v", got, want)
		}
		if c["phase"] != nil || c["speaker"] != nil {
			t.Errorf("phase %v and speaker %v, want null", c["phase"], c["speaker"])
		}
		if (c["currency"] != nil) != (c["metric"] == "cost") || (c["chip"] != nil) != (c["metric"] == "chips") {
			t.Errorf("%v has currency %v and chip %v", c["metric"], c["currency"], c["chip"])
		}
	}
	if view.Refused != nil {
		t.Errorf("a batch names what was refused: %+v", view.Refused)
	}
	for _, m := range []string{"chips", "cost", "location"} {
		if !metrics[m] {
			t.Errorf("no claim of %s: %s", m, body)
		}
	}
}

// A person who asks about one text is told why a figure in it is no claim.
func TestInspectWholeTextSaysWhatWasRefused(t *testing.T) {
	reader, err := NewReader()
	if err != nil {
		t.Fatal(err)
	}
	view := reader.InspectWholeText(news.Text{Body: "The data center near Tulsa will draw 300 MW. Wind farms of the state have a capacity of 900 MW."})
	if len(view.Refused) != 1 || *view.Refused[0].ValueLo != 900 || view.Refused[0].Score >= 0.5 || view.Refused[0].Reason == "" {
		t.Errorf("refused %+v, want the 900 MW with a reason", view.Refused)
	}
	for _, c := range view.Claims {
		if c.ValueLo != nil && *c.ValueLo == 900 {
			t.Errorf("a wind farm's power is a claim: %+v", c)
		}
	}
}
