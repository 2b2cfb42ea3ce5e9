package claim

import (
	"testing"

	"clusterwire/feeds/news"
	"clusterwire/feeds/tag"
)

// TestClusterOfFigure gives for the first claim of a metric in a text the
// cluster that it must have, "" for none, and its basis.
func TestClusterOfFigure(t *testing.T) {
	tests := []struct {
		name, body    string
		metric        news.Metric
		value         float64
		cluster, base string
	}{
		{"the clause before the sentence", "xAI's Colossus has 230,000 GPUs, while Meta's Hyperion data center is to reach 2 GW.", news.MetricPower, 2000, "hyperion", ""},
		{"the paragraph goes on", "Meta builds the Hyperion data center in Richland Parish. The campus will need 2 GW.", news.MetricPower, 2000, "hyperion", ""},
		{"another company comes between", "Meta builds the Hyperion data center. Microsoft opened a campus in Georgia. The data center will need 300 MW.", news.MetricPower, 300, "", ""},
		{"a second one is the next of the family", "xAI runs the supercomputer Colossus in Memphis. The second cluster is to hold 550,000 GB200 chips.", news.MetricChips, 550000, "colossus-2", ""},
		{"a second one of no family is none", "Meta builds the Hyperion data center. A second site will need 300 MW for its data center.", news.MetricPower, 300, "", ""},
		{"两座", "xAI的Colossus集群有10万张H100。第二座集群将部署55万张GB200。", news.MetricChips, 550000, "colossus-2", ""},
		{"a sum over two", "Colossus 1 and 2 have more than 780,000 Nvidia GPUs, xAI says of its data centers.", news.MetricChips, 780000, "", ""},
		{"a programme's site", "The data center of Stargate in Saline Township is to reach 1.4 GW.", news.MetricPower, 1400, "stargate-michigan", ""},
		{"turbines on the site", "xAI's supercomputer Colossus stands beside 35 turbines with 421 MW.", news.MetricPower, 421, "colossus", "onsite"},
		{"the grid and the turbines", "Il data center Colossus di xAI riceve 150 megawatt dalla rete; intorno ha turbine per 421 megawatt.", news.MetricPower, 150, "colossus", "grid"},
		{"a likeness", "「富岳NEXT」は新しいスーパーコンピューターだ。消費電力は「富岳」と同じ約40メガワットに収める。", news.MetricPower, 40, "fugakunext", ""},
	}
	tagger, err := tag.New()
	if err != nil {
		t.Fatal(err)
	}
	r := reader(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := news.Text{Body: test.body}
			_, claims := r.Read(text, tagger.Read(text).Mentions)
			for _, c := range claims {
				if c.Metric != test.metric || *c.ValueLo != test.value {
					continue
				}
				if c.Cluster != test.cluster || test.base != "" && string(c.Basis) != test.base {
					t.Errorf("cluster %q, basis %q: want %q, %q", c.Cluster, c.Basis, test.cluster, test.base)
				}
				return
			}
			t.Errorf("no such claim among %v", claims)
		})
	}
}
