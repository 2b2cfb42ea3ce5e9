package query

import (
	"strings"
	"testing"
)

func TestComplete(t *testing.T) {
	names := []Name{{"company", "core-scientific", "Core Scientific"}, {"company", "meta", "Meta"}, {"cluster", "colossus", "Colossus"}, {"company", "deutsche-telekom", "Deutsche Telekom"}}
	for _, c := range []struct{ text, want string }{
		{"co", "company: company.role: cost: country: company:core-scientific cluster:colossus"},
		{"power company:me", "power company:meta"},
		{"company:meta,co", "company:meta,core-scientific"},
		{"-comp", "-company: -company.role:"},
		{"telek", "company:deutsche-telekom"},
		{"topic:wa", "topic:water"},
		{"company.role:s", "company.role:subject"},
		{`"grid co`, ""},
		{"grid ", ""},
	} {
		var got []string
		for _, x := range Complete(c.text, names, 10) {
			got = append(got, x.Query)
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%q: %q, want %q", c.text, g, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	list := []string{"xai", "meta", "nvidia", "oracle"}
	for word, want := range map[string]string{"nvida": "nvidia", "xia": "xai", "nvdiia": "nvidia", "orcale": "oracle", "banana": "", "x": ""} {
		if got := Nearest(word, list); got != want {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
}
