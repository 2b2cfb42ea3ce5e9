package claim

import (
	"testing"

	"clusterwire/feeds/news"
	"clusterwire/feeds/tag"
)

// TestCarrier gives the power and the money that a text states of a site, in
// MW and in the currency; 0 for none.
func TestCarrier(t *testing.T) {
	tests := []struct {
		name, language, body string
		metric               news.Metric
		want                 float64
	}{
		{"right after", "en", "Google buys from the 615-megawatt Duane Arnold nuclear plant for its data centers.", news.MetricPower, 0},
		{"right before", "de", "Neben dem Kraftwerk entsteht in Hanau ein Rechenzentrum mit 90 Megawatt.", news.MetricPower, 90},
		{"an apposition", "it", "La centrale di Entracque, 1.065 MW, pompa acqua e non alimenta il data center.", news.MetricPower, 0},
		{"nearest before", "fr", "Le centre de données de Cambrai, voisin d'un champ, atteindra 700 MW.", news.MetricPower, 700},
		{"data centers at large", "es", "Los centros de datos pedirán 1.492 MW en 2029.", news.MetricPower, 0},
		{"those of somebody", "en", "CoreWeave says that its data centers draw 470 MW.", news.MetricPower, 470},
		{"requests", "de", "Dem Netzbetreiber liegen Anträge von Rechenzentren über 60 Gigawatt vor.", news.MetricPower, 0},
		{"a sentence that goes on about requests", "de", "Es gibt Anträge von Rechenzentren über 60 Gigawatt. Vor fünf Jahren waren es 2 Gigawatt.", news.MetricPower, 0},
		{"a bracket", "ja", "石狩のデータセンターは隣の太陽光発電所（出力2.3メガワット）から電気を買う。", news.MetricPower, 0},
		{"a utility's plants", "en", "Entergy builds three gas plants with 2,262 MW for Meta's Hyperion data center.", news.MetricPower, 0},
		{"and what the next sentence says of them", "en", "Entergy builds three gas plants for Meta's Hyperion data center. They have a capacity of 2,262 MW.", news.MetricPower, 0},
		{"they are data centers", "en", "Meta has two data centers in Ohio. They will draw 900 MW.", news.MetricPower, 900},
		{"a plant that stands by", "en", "The data center opens in May. A 360-megawatt gas plant will supply backup power.", news.MetricPower, 360},
		{"a measure", "en", "Quebec's aluminium works take 900 MW, as much as ten data centers.", news.MetricPower, 0},
		{"a measure in halves", "es", "El pueblo bebe 300.000 litros de agua al día, tanto como medio centro de datos.", news.MetricWater, 0},
		{"what was before", "en", "The data center campus drew 150 MW. It will draw 300 MW, up from 150 MW.", news.MetricPower, 300},
		{"a comparison", "de", "Anders als der Ort, der 40 MW braucht, will das Rechenzentrum in Hanau 90 MW.", news.MetricPower, 90},
		{"another part of the sentence", "en", "The army buys tanks for $1 billion; a data center may follow.", news.MetricCost, 0},
		{"a developer's", "nl", "Equinix nam in Amsterdam een gebouw met 14 megawatt in gebruik.", news.MetricPower, 14},
		{"pipelines", "it", "Snam investirà 12,4 miliardi di euro in quattro anni per i gasdotti, anche per alimentare i data center.", news.MetricCost, 0},
		{"a school", "de", "Das Rechenzentrum ging in Betrieb. Der Bau der Schule nebenan kostete 48 Millionen Euro.", news.MetricCost, 0},
		{"a substation", "zh", "国网为庆阳数据中心建成两座变电站，投资8.6亿元。", news.MetricCost, 0},
		{"a site's cost", "nl", "Het datacenter in Winschoten kost 600 miljoen euro.", news.MetricCost, 6e8},
		{"what is sold", "fr", "Le groupe a cédé pour 1,2 milliard d'euros ses tours à un fonds, qui possède aussi huit centres de données.", news.MetricCost, 0},
		{"turbines", "en", "The company spends $2.8 billion to buy gas turbines for its AI data centers.", news.MetricCost, 0},
	}
	tagger, err := tag.New()
	if err != nil {
		t.Fatal(err)
	}
	r := reader(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := news.Text{Body: test.body, Language: test.language}
			_, claims := r.Read(text, tagger.Read(text).Mentions)
			got := 0.0
			for _, c := range claims {
				if c.Metric == test.metric {
					got = *c.ValueLo
				}
			}
			if got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// TestDevelopers keeps the companies whose business is data centers those that
// feeds/tag calls developers.
func TestDevelopers(t *testing.T) {
	tagger, err := tag.New()
	if err != nil {
		t.Fatal(err)
	}
	r, n := reader(t), 0
	for _, c := range tagger.Companies() {
		if c.Kind == "developer" {
			n++
			if !r.develop[c.Slug] {
				t.Errorf("data/developers.txt lacks %s", c.Slug)
			}
		}
	}
	if n != len(r.develop) {
		t.Errorf("data/developers.txt has %d companies, %d are developers", len(r.develop), n)
	}
}
