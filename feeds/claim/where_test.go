package claim

import (
	"slices"
	"testing"

	"clusterwire/feeds/news"
)

// placesRead returns the places that a text is read to put its sites in.
func placesRead(t *testing.T, language, title, body string) []string {
	t.Helper()
	text := news.Text{Title: title, Body: body, Language: language}
	r := reader(t)
	_, claims := r.Read(text, nil)
	found := []string{}
	for _, c := range claims {
		if err := r.Verify(text, c); err != nil {
			t.Errorf("%s: %v", body, err)
		}
		if c.Metric == news.MetricLocation {
			found = append(found, c.ValueText)
		}
	}
	return found
}

// TestWhere: what a text as a whole tells of where its site is.
func TestWhere(t *testing.T) {
	for _, c := range []struct {
		language, body string
		want           []string
	}{
		// A town is nearer than its province, whichever stands first.
		{"pt", "Ceará terá data center\n\nO complexo ficará em Fortaleza e terá 200 MW, disse a empresa do data center.", []string{"Fortaleza"}},
		{"de", "In Hessen entsteht bei Hanau ein Rechenzentrum mit 40 Megawatt.", []string{"Hanau"}},
		// Listed with a town, a province is a place of its own.
		{"en", "Meta will build a data center in Dallas and Ohio with 300 megawatts.", []string{"Dallas", "Ohio"}},
		// What a preposition adds after a comma is no part of the name.
		{"fr", "Le centre de données de 60 MW ouvrira à Wissous, en Essonne.", []string{"Wissous"}},
		{"it", "Un data center da 60 MW sorgerà a Lacchiarella, alle porte di Milano.", []string{"Lacchiarella"}},
		{"de", "In Grünow bei Prenzlau entsteht ein Rechenzentrum mit 60 Megawatt.", []string{"Grünow bei Prenzlau"}},
		// The fullest name that the text has.
		{"ja", "日野市の計画に反対\n\n東京都日野市で計画されるデータセンターは72メガワットを使う。", []string{"東京都日野市"}},
		{"zh", "数据中心落户\n\n得克萨斯州埃尔帕索的数据中心容量为300兆瓦。", []string{"得克萨斯州埃尔帕索"}},
		{"ko", "인천 서구 청라에 40MW 데이터센터를 짓는다.", []string{"인천 서구 청라"}},
		// The only town of a text with figures of a site.
		{"de", "Nierstein: Streit um Serverhallen\n\nDer Investor will ein Rechenzentrum mit 70 Megawatt errichten.", []string{"Nierstein"}},
		{"nl", "De TU Eindhoven kreeg een cluster met 64 H100-kaarten.", []string{"Eindhoven"}},
		// Whose body acts, and what stands elsewhere, says nothing.
		{"es", "Un juzgado de Toledo paralizó el centro de datos de 60 MW.", []string{}},
		{"en", "The deal for the 60 MW data center was signed in Geneva.", []string{}},
	} {
		if got := placesRead(t, c.language, "", c.body); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.body, got, c.want)
		}
	}
}

// TestHeadlines: a title says the same whether it stands in its own field or begins
// the text.
func TestHeadlines(t *testing.T) {
	for _, c := range []struct{ language, title, body string }{
		{"nl", "Google steekt 600 miljoen euro in Winschoten", "Het datacenter in Winschoten is open en telt 125 vaste banen."},
		{"zh", "总投资120亿元！佛山智算基地开工", "项目规划IT负荷180兆瓦，预计2028年第二季度交付。"},
		{"en", "Crusoe breaks ground in Abilene", "The data center will draw 300 megawatts and open in 2027."},
	} {
		r := reader(t)
		apart := news.Text{Title: c.title, Body: c.body, Language: c.language}
		joined := news.Text{Body: c.title + "\n\n" + c.body, Language: c.language}
		_, a := r.Read(apart, nil)
		_, b := r.Read(joined, nil)
		if len(a) != len(b) || len(a) == 0 {
			t.Fatalf("%s: %d claims with a title apart, %d with one", c.title, len(a), len(b))
		}
		for _, one := range a {
			if !slices.ContainsFunc(b, func(o news.Claim) bool { return sameFigure(one, o) && one.Modality == o.Modality }) {
				t.Errorf("%s: only with a title apart: %+v", c.title, one)
			}
			if err := r.Verify(apart, one); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestFormer: what stood somewhere before is no plant and no factory of today.
func TestFormer(t *testing.T) {
	for _, c := range []struct{ language, body string }{
		{"de", "Auf dem früheren Kraftwerksgelände in Lübbenau entsteht ein Rechenzentrum. Es soll 200 Megawatt ziehen."},
		{"it", "Nell'ex zuccherificio nascerà un data center da 30 MW."},
		{"en", "The former steel mill becomes a data center with 90 megawatts."},
	} {
		_, claims := reader(t).Read(news.Text{Body: c.body, Language: c.language}, nil)
		if !slices.ContainsFunc(claims, func(c news.Claim) bool { return c.Metric == news.MetricPower }) {
			t.Errorf("%s: no power in %+v", c.body, claims)
		}
	}
}
