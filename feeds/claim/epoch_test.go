package claim

import (
	"os"
	"strings"
	"testing"

	"clusterwire/feeds/eval/corpus"
	"clusterwire/feeds/news"
)

const epochFixture = `Name,Status,Certainty,H100 equivalents,Chip type (primary),Chip quantity (primary),Chip type (secondary),Chip quantity (secondary),Location,First Operational Date,Reported Power Capacity (MW),Reported Cost
xAI Colossus Memphis Phase 2,Existing,Likely,200000,NVIDIA H100 SXM5 80GB,150000,NVIDIA H200 SXM,50000,"3231 Riverport Rd,
Memphis",2025-02-18,,
Little Known Cluster Phase 1,Planned,Unlikely,,,,,,,,300,1000000
Anonymized Chinese System,Existing,Confirmed,5,NVIDIA A100,16,,,,,,
`

func TestEpochFixture(t *testing.T) {
	candidates, statements, err := reader(t).Epoch(strings.NewReader(epochFixture))
	if err != nil {
		t.Fatal(err)
	}
	if len(candidates) != 1 || candidates[0].Slug != "little-known-cluster" {
		t.Errorf("candidates %+v, want the little known cluster", candidates)
	}
	want := []string{
		"colossus chips installed H100 Phase 2 150000", "colossus chips installed H200 Phase 2 50000",
		"colossus h100e derived  Phase 2 200000", "colossus location   Phase 2 3231 Riverport Rd, Memphis",
		"colossus online_date   Phase 2 2025-02-18", "little-known-cluster power_mw   Phase 1 300",
		"little-known-cluster cost   Phase 1 1e+06",
	}
	if len(statements) != len(want) {
		t.Fatalf("%d statements, want %d: %+v", len(statements), len(want), statements)
	}
	for i, s := range statements {
		c := s.Claim
		got := strings.Join([]string{c.Cluster, string(c.Metric), string(c.Basis), c.Chip, c.Phase, strings.Fields(valueOf(c) + " ")[0]}, " ")
		if c.ValueLo == nil {
			got = strings.TrimSuffix(got, strings.Fields(c.ValueText)[0]) + c.ValueText
		}
		if got != want[i] {
			t.Errorf("statement %d is %q, want %q", i, got, want[i])
		}
		if c.Method != "import" || s.Source.Slug != "epoch-ai" {
			t.Errorf("statement %d is no import: %+v", i, s)
		}
	}
	if statements[5].Claim.Modality != news.Rumored {
		t.Error("what Epoch AI holds for unlikely is a rumor")
	}
}

func TestEpochRefusesOtherFiles(t *testing.T) {
	for _, file := range []string{"", "a,b\n1,2\n", "Name,Chip type (primary)\n\"broken"} {
		if _, _, err := reader(t).Epoch(strings.NewReader(file)); err == nil {
			t.Errorf("no error for %q", file)
		}
	}
}

func TestEpochFiles(t *testing.T) {
	for name, least := range map[string]int{"gpu_clusters.csv": 1500, "data_centers.csv": 150} {
		f, err := os.Open(corpus.Path(t, "epoch/"+name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		candidates, statements, err := reader(t).Epoch(f)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d statements, %d clusters that the registry lacks", name, len(statements), len(candidates))
		if len(statements) < least {
			t.Errorf("%s: %d statements, want %d", name, len(statements), least)
		}
	}
}
