package claim

import (
	"strings"
	"sync"
	"testing"

	"clusterwire/feeds/news"
	"clusterwire/feeds/tag"
)

func TestRegistry(t *testing.T) {
	tagger, err := tag.New()
	if err != nil {
		t.Fatal(err)
	}
	companies := map[string]bool{"": true}
	for _, c := range tagger.Companies() {
		companies[c.Slug] = true
	}
	clusters := reader(t).Clusters()
	if len(clusters) < 80 {
		t.Errorf("%d clusters, want 80", len(clusters))
	}
	for i, c := range clusters {
		if i > 0 && clusters[i-1].Slug >= c.Slug {
			t.Errorf("%s stands after %s", c.Slug, clusters[i-1].Slug)
		}
		if !companies[c.Operator] || !companies[c.Owner] {
			t.Errorf("%s is run by %q and owned by %q: one is no company of feeds/tag", c.Slug, c.Operator, c.Owner)
		}
		if c.Name == "" || len(c.Aliases) == 0 || len(c.Country) != 2 || strings.ToLower(c.Slug) != c.Slug {
			t.Errorf("cluster %+v is incomplete", c)
		}
	}
}

// TestAliasesStandOnce: an alias of two clusters would give each the claims of
// the other, one that stands twice is shown twice.
func TestAliasesStandOnce(t *testing.T) {
	owner := map[string]string{}
	for _, c := range reader(t).Clusters() {
		for _, alias := range c.Aliases {
			alias = strings.ToLower(alias)
			if other, twice := owner[alias]; twice {
				t.Errorf("%q is an alias of %s and of %s", alias, other, c.Slug)
			}
			owner[alias] = c.Slug
		}
	}
	for _, c := range reader(t).Clusters() {
		if other := owner[strings.ToLower(c.Name)]; other != "" && other != c.Slug {
			t.Errorf("the name of %s is an alias of %s", c.Slug, other)
		}
	}
}

// TestNames: a name that means other things too needs evidence close by.
func TestNames(t *testing.T) {
	tests := []struct {
		text     string
		clusters string
	}{
		{"xAI expands Colossus, its supercomputer in Memphis.", "colossus"},
		{"The Colossus of Rhodes fell in an earthquake.", ""},
		{"The film Colossus opens in March.", ""},
		{"Colossus 2 will hold 550,000 GB200s, more than Colossus 1.", "colossus colossus-2"},
		{"Colossus draws 150 MW. The supercomputer is cooled by air.", "colossus"},
		{"Jupiter is the largest planet; Frontier Airlines flies from Aurora.", ""},
		{"Jülich opens the JUPITER supercomputer.", "jupiter"},
		{"A data center is planned in the town of Aurora, Illinois.", ""},
		{"Argonne's Aurora supercomputer has 63,744 GPUs.", "aurora"},
		{"Prometheus stole the fire.", ""},
		{"Meta's Prometheus cluster goes live in New Albany.", "prometheus"},
		{"The eagle landed on the summit.", ""},
		{"A bald eagle nests near the data center.", ""},
		{"Stargate Abilene runs GB200 racks.", "stargate-abilene"},
		{"Stargate SG-1 ran for ten seasons.", ""},
		{"The frontier models of OpenAI need more GPUs.", ""},
		{"The ancient titan rose.", ""},
		{"Il supercomputer Leonardo del Cineca è a Bologna.", "leonardo"},
		{"Leonardo da Vinci dipinse la Gioconda.", ""},
		{"富岳スーパーコンピューターは神戸にある。", "fugaku"},
		{"xAI的Colossus超级计算机已上线。", "colossus"},
		{"Dojo opened a karate school.", ""},
		{"Tesla's Dojo is gone.", "dojo"},
	}
	r := reader(t)
	for _, test := range tests {
		tags, _ := r.Read(news.Text{Body: test.text}, nil)
		seen := map[string]bool{}
		for _, tag := range tags {
			seen[tag.Cluster] = true
		}
		for _, want := range strings.Fields(test.clusters) {
			if !seen[want] {
				t.Errorf("%s: %s is not read", test.text, want)
			}
			delete(seen, want)
		}
		for slug := range seen {
			t.Errorf("%s: read as %s", test.text, slug)
		}
	}
}

// TestOrganizations: mentions give a claim its organization and role.
func TestOrganizations(t *testing.T) {
	tests := []struct {
		text string
		org  string
		role news.OrgRole
	}{
		{"Oracle will lease 400 MW at the data center.", "oracle", news.OrgTenant},
		{"CoreWeave operates a data center with 250,000 Nvidia GPUs.", "coreweave", news.OrgOperator},
		{"Microsoft will build a 500 MW data center.", "microsoft", news.OrgDeveloper},
		{"Nvidia H100 chips, 16,000 of them, fill the data center of Meta.", "meta", ""},
		{"The data center has 20,000 Nvidia H100 GPUs.", "", ""},
	}
	r := reader(t)
	for _, test := range tests {
		var mentions []news.Mention
		for _, name := range []string{"Oracle", "CoreWeave", "Microsoft", "Nvidia", "Meta"} {
			if i := strings.Index(test.text, name); i >= 0 {
				mentions = append(mentions, news.Mention{Company: strings.ToLower(name), Evidence: []news.Evidence{{Start: i, End: i + len(name), Quote: name}}})
			}
		}
		_, claims := r.Read(news.Text{Body: test.text}, mentions)
		if len(claims) != 1 || claims[0].Org != test.org || claims[0].OrgRole != test.role {
			t.Errorf("%s: claims %+v, want one of %q as %q", test.text, claims, test.org, test.role)
		}
	}
}

func TestVerifyRefuses(t *testing.T) {
	r := reader(t)
	text := news.Text{Body: "The data center has 20,000 Nvidia H100 GPUs and costs $3 billion."}
	_, claims := r.Read(text, nil)
	if len(claims) != 2 {
		t.Fatalf("claims %+v, want two", claims)
	}
	breaks := map[string]func(*news.Claim){
		"another quote":  func(c *news.Claim) { c.Quote += "!" },
		"other offsets":  func(c *news.Claim) { c.Start++ },
		"offsets beyond": func(c *news.Claim) { c.End = 1000 },
		"another value":  func(c *news.Claim) { setRange(c, 21000, 21000) },
		"another metric": func(c *news.Claim) { c.Metric = news.MetricPower },
		"in the title":   func(c *news.Claim) { c.In = news.InTitle },
	}
	for name, change := range breaks {
		c := claims[0]
		change(&c)
		if r.Verify(text, c) == nil {
			t.Errorf("%s: verifies", name)
		}
	}
	euros := claims[1]
	euros.Currency = "EUR"
	if r.Verify(text, euros) == nil {
		t.Error("3 billion dollars verify as euros")
	}
}

// TestTitle: a claim of the title counts where the text doesn't make it.
func TestTitle(t *testing.T) {
	r := reader(t)
	text := news.Text{Title: "Firm opens $3 billion data center with 20,000 GPUs", Body: "The data center holds 20,000 Nvidia H100 GPUs."}
	_, claims := r.Read(text, nil)
	if len(claims) != 2 || claims[0].In != "" || claims[1].In != news.InTitle || claims[1].Metric != news.MetricCost {
		t.Errorf("claims %+v, want the count from the text and the cost from the title", claims)
	}
}

func TestConcurrentReads(t *testing.T) {
	r := reader(t)
	text := news.Text{Body: "The data center has 20,000 Nvidia H100 GPUs and costs $3 billion."}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, claims := r.Read(text, nil); len(claims) != 2 {
				t.Errorf("%d claims", len(claims))
			}
		})
	}
	wg.Wait()
}
