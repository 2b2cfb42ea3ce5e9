package story

import (
	"strings"
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

// TestCitedWithArticles has a text in each language say that an outlet is its
// source, with the article or the contraction that the language puts there, and
// some that name one without repeating it.
func TestCitedWithArticles(t *testing.T) {
	m := matcher(t)
	for _, c := range []struct{ text, want string }{
		{"The plan was dropped, according to the Wall Street Journal.", "wsj"},
		{"The sale was first reported by Reuters.", "reuters"},
		{"Il progetto, secondo il Financial Times, è fermo.", "financial-times"},
		{"Secondo l'ANSA il cantiere è fermo.", "ansa"},
		{"Lo stop è stato riportato dalla Reuters.", "reuters"},
		{"Stando a quanto riporta Bloomberg il cantiere è fermo.", "bloomberg"},
		{"Laut der Nachrichtenagentur ruht der Bau, laut dem „Handelsblatt“ noch lange.", "handelsblatt"},
		{"Der Bau ruht, unter Berufung auf die Financial Times.", "financial-times"},
		{"Selon le Wall Street Journal, le chantier est à l'arrêt.", "wsj"},
		{"Selon l’AFP, le chantier est à l'arrêt.", "afp"},
		{"D'après les Echos, le chantier est à l'arrêt.", "les-echos"},
		{"Según el Financial Times, la obra está parada.", "financial-times"},
		{"La obra está parada, según la BBC.", "bbc"},
		{"A obra está parada, segundo a Bloomberg.", "bloomberg"},
		{"A obra está parada, segundo o Wall Street Journal.", "wsj"},
		{"De acordo com a Reuters, a obra está parada.", "reuters"},
		{"Volgens de Financial Times ligt de bouw stil.", "financial-times"},
		{"Volgens het Handelsblatt ligt de bouw stil.", "handelsblatt"},
		{"据《华尔街日报》报道，工程已停。", "wsj"},
		{"ロイターによると、工事は止まっている。", "reuters"},
		{"블룸버그 통신에 따르면 공사가 멈췄다.", "bloomberg"},
		{"Bloomberg opened an office in Porto.", ""},
		{"A Bloomberg comprou um prédio em Lisboa.", ""},
		{"Il Financial Times ha cambiato sede.", ""},
		{"The segundo plan of Reuters", ""},
	} {
		if got := strings.Join(m.cites.cited(plain(c.text)), " "); got != c.want {
			t.Errorf("%q cites %q, want %q", c.text, got, c.want)
		}
	}
}
