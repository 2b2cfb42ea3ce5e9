package claim

import (
	"testing"

	"clusterwire/feeds/news"
	"clusterwire/feeds/tag"
)

func TestCandidates(t *testing.T) {
	tagger, err := tag.New()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ lang, text, name, company string }{
		{"en", "CoreWeave broke ground on its Marigold campus, a 2 GW data center in West Texas.", "Marigold", "coreweave"},
		{"en", "The university will run a supercomputer named Quetzal with 4,000 H200 GPUs.", "Quetzal", ""},
		{"en", "Oracle will build the data center, which documents call Project Peppercorn, near Tulsa.", "Project Peppercorn", "oracle"},
		{"es", "La UNAM tendrá un supercomputador llamado Tlaloc con 2.000 GPU.", "Tlaloc", ""},
		{"it", "Il nuovo supercalcolatore, battezzato Galvani, avrà 3.000 GPU H200.", "Galvani", ""},
		{"fr", "Le supercalculateur baptisé « Vercors » comptera 5 000 puces H200.", "Vercors", ""},
		{"pt", "O supercomputador batizado Iguana terá 1.000 GPUs.", "Iguana", ""},
		{"nl", "De supercomputer, genaamd Spinoza, krijgt 2.000 H200-gpu's.", "Spinoza", ""},

		{"en", "xAI's Colossus supercomputer in Memphis runs 200,000 GPUs.", "", ""},
		{"en", "Meta's Louisiana campus, a 2 GW data center, will open in 2027.", "", ""},
		{"en", "The Abilene campus is a data center with 400,000 GB200 chips.", "", ""},
		{"en", "A data center in Texas will use Nvidia clusters and Google machines.", "", ""},
		{"en", "Microsoft Plans Quicksilver Campus With 2 GW Data Center", "", ""},
		{"en", "The school named Quetzal opened its campus on Monday.", "", ""},
		{"de", "Im Rechenzentrum läuft seit gestern der Kunden Supercomputer mit 2.000 H200 wieder.", "", ""},
		{"en", "Project managers said the data center was on time.", "", ""},
	}
	for _, test := range tests {
		text := news.Text{Body: test.text, Language: test.lang}
		found := reader(t).ReadAll(text, tagger.Read(text).Mentions).Candidates
		if test.name == "" {
			if len(found) != 0 {
				t.Errorf("%s: candidates %+v", test.text, found)
			}
			continue
		}
		if len(found) != 1 || found[0].Name != test.name || found[0].Company != test.company {
			t.Errorf("%s: candidates %+v, want %s of %q", test.text, found, test.name, test.company)
			continue
		}
		if e := found[0].Evidence; text.Body[e.Start:e.End] != e.Quote {
			t.Errorf("%q is not what stands at %d", e.Quote, e.Start)
		}
	}
}

// TestConfirmed reads with a cluster that a person confirmed.
func TestConfirmed(t *testing.T) {
	marigold := news.Cluster{Slug: "marigold", Name: "Marigold", Operator: "coreweave", Place: "West Texas"}
	r, err := New(marigold, news.Cluster{Slug: "colossus", Name: "Another Colossus"})
	if err != nil {
		t.Fatal(err)
	}
	if r.Version() == reader(t).Version() {
		t.Errorf("the version %s does not tell that a cluster was confirmed", r.Version())
	}
	if n := len(r.Clusters()) - len(reader(t).Clusters()); n != 1 {
		t.Errorf("%d clusters more, want 1: one of the registry stays as it is", n)
	}
	text := news.Text{Body: "CoreWeave said the Marigold data center runs 40,000 H200 GPUs. The marigold flowers in May.", Language: "en"}
	found := r.ReadAll(text, nil)
	if len(found.Clusters) != 1 || len(found.Clusters[0].Evidence) != 1 || len(found.Claims) != 1 || found.Claims[0].Cluster != "marigold" || len(found.Candidates) != 0 {
		t.Errorf("read %+v", found)
	}
	if err := r.Verify(text, found.Claims[0]); err != nil {
		t.Error(err)
	}
}
