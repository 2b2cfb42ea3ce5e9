package claim

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"clusterwire/feeds/news"
	"clusterwire/feeds/tag"
)

// TestGates reads a text for each rule that tells the figures of sites from
// others, and the dates of figures.
func TestGates(t *testing.T) {
	tagger, err := tag.New()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		lang, text string
		want       []string // metric, value, date and cluster of each claim
	}{
		// A year is not the lower end of a range.
		{"en", "The cluster went from 122,000 GPUs in September 2024 to 230,000 GPUs in July 2025.", []string{"chips 122000 2024-09", "chips 230000 2025-07"}},
		{"fr", "Le cluster est passé de 122 000 GPU en septembre 2024 à 230 000 GPU en juillet 2025.", []string{"chips 122000 2024-09", "chips 230000 2025-07"}},
		{"es", "El clúster pasó de 122.000 GPU en septiembre de 2024 a 230.000 GPU en julio de 2025.", []string{"chips 122000 2024-09", "chips 230000 2025-07"}},
		{"en", "The cluster will hold from 2,000 to 5,000 GPUs.", []string{"chips 2000..5000"}},
		{"en", "The cluster will hold from 2000 to 5000 GPUs.", []string{"chips 2000..5000"}},
		{"en", "The data center campus will draw around 2000 to 2500 MW.", []string{"power_mw 2000..2500"}},

		// Of two dates a figure has the one right after it.
		{"en", "In September 2024 the cluster had 122,000 GPUs and 230,000 GPUs in July 2025.", []string{"chips 122000 2024-09", "chips 230000 2025-07"}},
		{"fr", "En septembre 2024 le cluster comptait 122 000 GPU et 230 000 GPU en juillet 2025.", []string{"chips 122000 2024-09", "chips 230000 2025-07"}},
		{"es", "En septiembre de 2024 el clúster tenía 122.000 GPU y 230.000 GPU en julio de 2025.", []string{"chips 122000 2024-09", "chips 230000 2025-07"}},
		{"en", "In June 2024 the cluster had 20,000 GPUs and in July 2025 twice as many.", []string{"chips 20000 2024-06"}},
		{"fr", "En juin 2024 le cluster comptait 20 000 GPU et en juillet 2025 le double.", []string{"chips 20000 2024-06"}},
		{"es", "En junio de 2024 el clúster tenía 20.000 GPU y en julio de 2025 el doble.", []string{"chips 20000 2024-06"}},
		{"nl", "In juni 2024 telde het cluster 20.000 gpu's en in juli 2025 het dubbele.", []string{"chips 20000 2024-06"}},

		// What a building, a rack or a server has is not the site's.
		{"en", "Each building of the data center will draw 60 MW.", nil},
		{"en", "Every rack in the data center needs 300 gallons of cooling water per day.", nil},
		{"en", "The data center uses 30 gallons of water a day per server.", nil},
		{"en", "The data center draws 300,000 gallons of water a day.", []string{"water_m3_day 1135.623535"}},
		{"en", "Colossus has 100,000 H100 GPUs, each rack holding 64 of them.", []string{"chips 100000 colossus"}},

		// Two years are how long a site takes; a fiscal year has a budget.
		{"ja", "データセンターを開設した。同社は2年間で施設に500億円を投じる。", []string{"cost 5e+10"}},
		{"ja", "データセンターを開設した。同社は来年度に施設へ500億円を投じる。", nil},

		// Money for a company, small sums and the chips of a country.
		{"ja", "ソフトバンクはデータセンターを運営するOpenAIに400億ドルを投資した。", nil},
		{"en", "The data center stands near Tulsa. A new road to the site will cost $5 million.", []string{"location Tulsa"}},
		{"en", "The data center stands near Tulsa. A new wing of the site will cost $50 million.", []string{"location Tulsa", "cost 50000000"}},
		{"en", "India will have 34,000 GPUs in its data centers by 2026.", nil},

		// The sentence right before names the site.
		{"en", "The data center in Ohio holds 20,000 GPUs. Construction took just 122 days.", []string{"chips 20000", "location Ohio", "build_days 122"}},

		// A site's figures place it in the only town that the text begins with.
		{"de", "Equinix baut in Hanau\n\nDas Rechenzentrum bekommt 40 Megawatt.", []string{"power_mw 40", "location Hanau"}},
		{"nl", "Bij Delfzijl komt een fabriek. Het datacenter ernaast krijgt 60 megawatt.", []string{"power_mw 60"}},
		{"fr", "La machine du CEA compte 1 908 GPU.", []string{"chips 1908"}},
		{"ja", "東京科学大学のスパコンはGPU3000基を積む。", []string{"chips 3000"}},

		{"en", "A startup wants to run data centers in LEO.", nil},
		{"en", "A startup wants to run data centers in Tulsa.", []string{"location Tulsa"}},
	}
	for _, test := range tests {
		text := news.Text{Body: test.text, Language: test.lang}
		_, claims := reader(t).Read(text, tagger.Read(text).Mentions)
		var got []string
		for _, c := range claims {
			value := c.ValueText
			if c.ValueLo != nil {
				value = fmt.Sprintf("%.10g", *c.ValueLo)
				if *c.ValueHi != *c.ValueLo {
					value += fmt.Sprintf("..%.10g", *c.ValueHi)
				}
			}
			got = append(got, strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %s", c.Metric, value, c.Date, c.Cluster)), " "))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s:\n got %q\nwant %q", test.text, got, test.want)
		}
	}
}
