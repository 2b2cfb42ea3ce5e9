package claim

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/eval/corpus"
	"clusterwire/feeds/news"
)

const epochFixture = `Name,Status,Certainty,H100 equivalents,Chip type (primary),Chip quantity (primary),Chip type (secondary),Chip quantity (secondary),Location,First Operational Date,Reported Power Capacity (MW),Reported Cost
xAI Colossus Memphis Phase 2,Existing,Likely,200000,NVIDIA H100 SXM5 80GB,150000,NVIDIA H200 SXM,50000,"3231 Riverport Rd,
Memphis",2025-02-18,,
Little Known Cluster Phase 1,Planned,Unlikely,,,,,,,,300,1000000
Anonymized Chinese System,Existing,Confirmed,5,NVIDIA A100,16,,,,,,
`

// epochDay divides what is from what is to come.
var epochDay = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

func TestEpochFixture(t *testing.T) {
	candidates, statements, err := reader(t).Epoch(strings.NewReader(epochFixture), epochDay)
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

// The tables with a date say what a site came to on a day, and what it is to
// come to.
func TestEpochDated(t *testing.T) {
	const moments = `Data center,Date,Construction status,IT power (MW),Power (MW),H100 equivalents,Total capital cost (2025 USD billions),Water use (MGD)
Colossus 2,2025-02-28,Land is cleared,0.0,0.0,0.0,0.0,
Colossus 2,2026-07-01,Two halls,946.0,1276.0,1111672.56,35.836372,0.5
Colossus 2,2027-06-01,,,1500,,,
Colossus 2,soon,,,9,,,
`
	const chips = `Handle,Data center,Date,Chip type,Number of Units,Chip type source,Number of Units source
a,Colossus 1,2025-07-22,H100,150000,Company disclosure,Company disclosure
b,Colossus 2,2028-01-01,B300,220000,Estimate,Estimate
c,Colossus 2,2028-01-01,B300,,Estimate,Estimate
`
	var got []string
	for _, file := range []string{moments, chips} {
		candidates, statements, err := reader(t).Epoch(strings.NewReader(file), epochDay)
		if err != nil || len(candidates) > 0 {
			t.Fatal(err, candidates)
		}
		for _, s := range statements {
			c := s.Claim
			got = append(got, strings.Join(strings.Fields(strings.Join([]string{c.Cluster, string(c.Metric), string(c.Basis), c.Chip, c.Currency, strconv.FormatFloat(*c.ValueLo, 'f', -1, 64), c.Unit, string(c.Qualifier), string(c.Modality), c.Date}, " ")), " "))
		}
	}
	want := []string{
		"colossus-2 power_mw it 946 MW approx operational 2026-07-01",
		"colossus-2 power_mw facility 1276 MW approx operational 2026-07-01",
		"colossus-2 h100e derived 1111672.56 H100e approx operational 2026-07-01",
		"colossus-2 cost total USD 35836372000 USD approx operational 2026-07-01",
		"colossus-2 water_m3_day use 1892.705892 m³/day approx operational 2026-07-01",
		"colossus-2 power_mw facility 1500 MW approx planned 2027-06-01",
		"colossus chips installed H100 150000 count exact operational 2025-07-22",
		"colossus-2 chips planned B300 220000 count approx planned 2028-01-01",
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
}

func TestEpochRefusesOtherFiles(t *testing.T) {
	for _, file := range []string{"", "a,b\n1,2\n", "Name,Chip type (primary)\n\"broken"} {
		if _, _, err := reader(t).Epoch(strings.NewReader(file), epochDay); err == nil {
			t.Errorf("no error for %q", file)
		}
	}
}

func TestEpochFiles(t *testing.T) {
	for name, least := range map[string]int{"gpu_clusters.csv": 1500, "data_centers.csv": 150, "data_center_timelines.csv": 800, "data_center_chip_quantities.csv": 150} {
		f, err := os.Open(corpus.Path(t, "epoch/"+name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		candidates, statements, err := reader(t).Epoch(f, epochDay)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d statements, %d clusters that the registry lacks", name, len(statements), len(candidates))
		if len(statements) < least {
			t.Errorf("%s: %d statements, want %d", name, len(statements), least)
		}
	}
}
