package claim

import (
	"testing"

	"clusterwire/feeds/news"
	"clusterwire/feeds/tag"
)

// TestLicense gives, for the last figure of power or money in a text, what it is
// of and what tells so.
func TestLicense(t *testing.T) {
	tests := []struct {
		language, body string
		of             carrier
		why            string
	}{
		{"en", "The utility said it will burn 2 GW of peat near the data center.", ofAlien, byLink},
		{"en", "QTS paid $61 million for 1,100 acres beside the data center.", ofAlien, byLink},
		{"de", "Das Rechenzentrum bringt der Stadt 40 Millionen Euro Gewerbesteuer.", ofAlien, byLink},
		{"en", "They want a 300-megawatt data center.", ofSite, byWords},
		{"it", "Ha vinto una commessa da 500 milioni di dollari per i cavi dei data center.", ofAlien, byWords},
		{"pt", "A Ascenty ergue dois prédios em Sumaré. Os data centers somam 50 MW.", ofSite, byWords},
		{"ja", "電力需要は増える。データセンターで715万キロワット増えるという。", ofMany, byBefore},
		{"en", "The data center employs 90 people and the county keeps $4 million.", ofNone, byMoney},
		{"en", "Germany plans 20 GW; data centers need most of it.", ofMany, byLand},
		{"de", "Google steckt fünf Milliarden Euro in Deutschland und baut in Hanau ein Rechenzentrum.", ofAlien, byLand},
		{"es", "El centro de datos de Getafe, junto a un río, pedirá 90 MW.", ofSite, byBefore},
		{"en", "The company opened a data center. A new road to the site will cost $5 million.", ofAlien, byHead},
		{"fr", "Le centre de données ouvre en mai. La salle atteindra 30 MW.", ofSite, byPart},
		{"it", "Il data center è pronto. La segheria accanto chiede 5 MW.", ofAlien, byRival},
		{"de", "Das Rechenzentrum ist fertig. Das Sägewerk nebenan braucht 5 MW.", ofAlien, byRival},
		{"ja", "データセンターを建てる。隣の製材所は5メガワットを使う。", ofAlien, byRival},
		{"ko", "데이터센터를 짓는다. 옆 제재소는 5MW를 쓴다.", ofAlien, byRival},
		{"pt", "A empresa investe R$ 3 bilhões para erguer na cidade de Sumaré um data center.", ofSite, byAfter},
		{"nl", "Er komt 40 MW bij, waarvoor een datacenter wordt gebouwd.", ofSite, byFurther},
		{"en", "Colossus runs in Memphis. By spring it was 150 MW.", ofSite, byTopic},
		{"en", "The data center opens in May. By spring it needs 150 MW.", ofSite, byCarrying},
		{"en", "The data center opens in May. Microsoft spends $80 billion.", ofNone, byCompany},
		{"nl", "Equinix nam in Amsterdam 14 megawatt in gebruik.", ofSite, byBuilder},
		{"en", "It will take 14 megawatts.", ofNone, ""},
	}
	tagger, err := tag.New()
	if err != nil {
		t.Fatal(err)
	}
	r := reader(t)
	for _, test := range tests {
		text := news.Text{Body: test.body, Language: test.language}
		d := r.newDoc(text, test.body, "", tagger.Read(text).Mentions)
		title := r.newDoc(news.Text{Language: test.language}, "", news.InTitle, nil)
		d.findClusters(title)
		d.topic = r.topicOf(title, d)
		var got license
		for _, s := range d.sentences {
			qs := s.quantities()
			for i := range qs {
				if qs[i].currency != "" || qs[i].metric == string(news.MetricPower) {
					got = d.license(s, &qs[i])
				}
			}
		}
		if want := (license{test.of, test.why}); got != want {
			t.Errorf("%s: got %v, want %v", test.body, got, want)
		}
	}
}
