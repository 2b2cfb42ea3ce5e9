package story

import (
	"testing"

	"clusterwire/feeds/news"
)

func TestOutletOf(t *testing.T) {
	m := matcher(t)
	for _, c := range []struct{ slug, name, want string }{
		{"reuters", "Reuters", "reuters"},
		{"mine", "The Wall Street Journal", "wsj"},
		{"mine", "Il Corriere della Sera", "corriere"},
		{"mine", "DER SPIEGEL", "spiegel"},
		{"mine", "El País, Tecnología", "el-pais"},
		{"mine", "Les Échos", "les-echos"},
		{"mine", "The Information", "the-information"},
		{"mine", "日本経済新聞", "nikkei"},
		{"guardian-technology", "The Guardian, Technology", "guardian"},
		{"bbc-technology", "BBC News, Technology", "bbc"},
		{"data-center-dynamics-es", "DCD en español", "dcd"},
		{"lemonde-fr", "Le Monde.fr - Actualités", "le-monde"},
		{"le-monde-informatique", "Le Monde Informatique", ""},
		{"kansas-reflector", "Kansas Reflector", ""},
		{"corriere-comunicazioni", "Corriere Comunicazioni", ""},
		{"guardian-nigeria", "Guardian Nigeria", ""},
		{"mine", "Information", ""},
		{"mine", "Capital", ""},
		{"mine", "The", ""},
		{"mine", "", ""},
	} {
		if got := m.cites.outletOf(news.Source{Slug: c.slug, Name: c.name}); got != c.want {
			t.Errorf("%q, %s is %q, want %q", c.name, c.slug, got, c.want)
		}
	}
}
