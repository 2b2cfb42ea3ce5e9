package claim

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"clusterwire/feeds/eval"
	"clusterwire/feeds/tag"
)

// freshBatches are texts that were written before anybody looked at what the
// rules make of them, newest last. The first run says how well the rules did on
// texts never seen; the floors, just below what is measured, keep what has been
// mended since. Labels that were wrong or missing were mended as well: in batches
// 1 and 2 two figures of power plants and a cost of wind turbines went, as they
// are no site's, and a place became longer; 3 and 15 gained what had been left
// out, 2, 13, 16 and 17 places, jobs and a cost; an amount without its currency is
// none, and what opens early in a year opens in that year (19, 20). A place is its name:
// what a preposition adds after a comma is not ("Caucaia, no Ceará" in 1, 3, 6, 11, 14
// and 16); 1, 2, 3, 10, 15 and 17 gained places and dates that their texts state.
// Since weights decide on figures instead of gates, two sums of several sites in
// batch 9 are not read: its floor of F1 was .99.
var freshBatches = []struct {
	dir                                string
	f1, invented, modality, clusterHit float64
}{
	// First run: F1 .747, invented 5.4 %, modality .750, cluster .663; by
	// language de .741, en .725, es .822, fr .737, it .611, ja .784, ko .775,
	// nl .750, pt .775, zh .750.
	{"testdata/fresh/1", 0.94, 0.02, 0.93, 0.87},
	// First run: F1 .856, invented 6.8 % (three of the twelve were true and
	// missing from the labels), modality .759, cluster .821; by language de .850,
	// en .718, es .800, fr .842, it .800, ja 1.00, ko .857, nl .878, pt .955,
	// zh .850.
	{"testdata/fresh/2", 0.95, 0.01, 0.93, 0.92},
	// First run: F1 .887, invented 5.4 % (two of the six were true and missing
	// from the labels), modality .824, cluster .300 of ten; by language de .917,
	// en .812, es .846, fr .917, it .909, ja .909, ko .957, nl .818, pt .857,
	// zh .957.
	{"testdata/fresh/3", 0.98, 0.01, 0.97, 0.90},
	// First run, of 29 texts: F1 .872, invented 7.3 % (four of 55, of which three
	// were true and missing from the labels), modality .867.
	{"testdata/fresh/4", 0.96, 0.01, 0.99, 0.90},
	// First run, of 31 texts: F1 .942, invented 7.5 % (four of 53, of which one
	// was true and missing from the labels and one a part of the place).
	{"testdata/fresh/5", 0.98, 0.02, 0.99, 0.90},
	// Half of batches 6 to 10 are figures of news about infrastructure that are no
	// site's: of companies, countries, contracts, plants, racks.
	//
	// First run, of 120 texts: F1 .846, invented 12.8 % (15 of 117, of which two
	// were true and missing from the labels), modality .789; by language de .909,
	// en .818, es .923, fr .889, it .870, ja .818, ko .640, nl .783, pt 1.00,
	// zh .815.
	{"testdata/fresh/6", 0.99, 0.02, 0.95, 0.90},
	// First run, of 80 texts: F1 .840, invented 13.4 % (eleven of 82, of which
	// three were a part of the place), modality .875; by language de .526,
	// en .625, es 1.00, fr .923, it .875, ja 1.00, ko .737, nl .941, pt 1.00,
	// zh .824.
	{"testdata/fresh/7", 0.96, 0.02, 0.97, 0.65},
	// First run, of 51 texts: F1 .844, invented 15.6 % (seven of 45, of which one
	// was true and missing from the labels), modality .739.
	{"testdata/fresh/8", 0.97, 0.01, 0.91, 0.90},
	// First run, of 30 texts of which 19 make no claim: F1 .759, invented 35.3 %
	// (twelve of 34, of which three were true and missing from the labels),
	// modality .909.
	{"testdata/fresh/9", 0.96, 0.01, 0.95, 0.90},
	// First run, of 30 texts: F1 .886, invented 10.3 % (four of 39: two sums of a
	// country or of several companies, two countries for places).
	{"testdata/fresh/10", 0.99, 0.01, 0.99, 0.90},
	// First run, of 60 texts: F1 .844, invented 19.0 % (19 of 100: sixteen figures
	// of power that were a plant's, a queue's or a country's, two places, a cost).
	// What a figure of power is of has to be a site since then, by the words
	// around it.
	{"testdata/fresh/11", 0.96, 0.01, 0.90, 0.65},
	// First run, of 60 texts: F1 .761, invented 17.3 % (14 of 81, of which six were
	// true and missing from the labels), modality .705.
	{"testdata/fresh/12", 0.91, 0.03, 0.80, 0.90},
	// First run, of 61 texts: F1 .778, invented 12.5 % (ten of 80, of which three
	// were true and missing from the labels), modality .667.
	{"testdata/fresh/13", 0.92, 0.03, 0.84, 0.00},
	// First run, of 60 texts: F1 .894, invented 7.9 % (eight of 101, of which three
	// numbers; the others were places, three of them true and missing from the
	// labels or cut short), modality .820.
	{"testdata/fresh/14", 0.96, 0.02, 0.84, 0.90},
	// First run, of 60 texts: F1 .814, invented 12.2 % (ten of 82, of which five
	// numbers; the others were places, three of them cut short), modality .886.
	{"testdata/fresh/15", 0.95, 0.03, 0.92, 0.90},
	// First run, of 60 texts: F1 .807, invented 15.1 % (13 of 86, of which two
	// numbers and a place were true and missing from the labels; of the other
	// ten six were numbers), modality .870.
	{"testdata/fresh/16", 0.92, 0.05, 0.95, 0.74},
	// First run, of 60 texts: F1 .798, invented 12.3 % (ten of 81, of which two
	// places were true and missing from the labels or cut short there; six were
	// numbers), modality .722.
	{"testdata/fresh/17", 0.94, 0.02, 0.74, 0.90},
	// First run, of 60 texts: F1 .809, invented 9.1 % (seven of 77: three numbers,
	// four places, one of them cut short), modality .717.
	{"testdata/fresh/18", 0.90, 0.03, 0.75, 0.90},
	// From batch 19 on texts are as readers of news meet them, a third of them without
	// a claim, not made to mislead.
	//
	// First run, of 60 texts: F1 .726, invented 9.9 % (eight of 81: two numbers of a
	// country, one of what a maker sells, five places, four of them true but nearer or
	// farther than the label), modality .704; 22 of the 47 missed were places.
	{"testdata/fresh/19", 0.90, 0.05, 0.78, 0.90},
	// First run, of 60 texts: F1 .739, invented 12.8 % (eleven of 86: three numbers of a
	// country or of cables, two of jobs that hang on a site, two dates of which one had a
	// wrong label, four places), modality .732; 18 of the 42 missed were places, ten
	// amounts.
	{"testdata/fresh/20", 0.91, 0.02, 0.72, 0.90},
	// First run, of 60 texts: F1 .842, invented 12.4 % (twelve of 97, of which one a
	// number, a country's; one a date, and ten places, seven of them true but nearer or
	// farther than the label), modality .792.
	{"testdata/fresh/21", 0.98, 0.03, 0.83, 0.90},
	// First run, of 60 texts: F1 .813, invented 7.1 % (six of 84, of which two numbers:
	// taxes, and energy for power; four places, two of them true), modality .816.
	{"testdata/fresh/22", 0.94, 0.03, 0.82, 0.90},
	// First run, of 60 texts: F1 .803, invented 10.9 % (twelve of 110, of which one a
	// number, a maker's jobs; eleven places, all but one true but nearer or farther than
	// the label), modality .746; 13 of the 36 missed were places.
	{"testdata/fresh/23", 0.97, 0.01, 0.83, 0.90},
	// First run, of 60 texts: F1 .807, invented 8.6 % (nine of 105, of which two numbers:
	// an order book, and a plant of hydrogen; seven places, five of them true but nearer
	// or farther than the label), modality .750; 12 of the 37 missed were places.
	{"testdata/fresh/24", 0.93, 0.02, 0.85, 0.90},
	// First run, of 60 texts: F1 .654, invented 23.9 % (22 of 92, of which twelve
	// numbers: three counts of H100 that were equivalents, an order and a figure of a
	// whole company each twice, sums of a country, of a fund and of a tower of flats, and
	// three misread; ten places, seven of them true but nearer or farther than the
	// label), modality .694; half of what was missed stood in texts that name no data
	// center.
	{"testdata/fresh/25", 0.91, 0.05, 0.70, 0.90},
	// First run, of 60 texts: F1 .705, invented 7.6 % (six of 79, of which two numbers:
	// what two machines cost together, and an equivalent read as a count; four places,
	// all of them true but nearer or farther than the label), modality .896; most of
	// what was missed stood in texts that name no data center.
	{"testdata/fresh/26", 0.93, 0.05, 0.80, 0.90},
	// By another author, who has not seen the rules either: news as agencies write it.
	// First run, of 60 texts: F1 .961, invented 3.6 % (five of 139, of which three
	// numbers: cost and jobs of a factory, and what a country has; its date, and a wind
	// farm's place), modality .802.
	{"testdata/fresh/27", 0.97, 0.03, 0.80, 0.90},
	// Ordinary and oblique news by two more authors, the first that weights decided on
	// whose fit had seen neither. First run, of 60 texts: F1 .895, invented 8.0 %
	// (13 of 162, of which five numbers: an equivalent, a chip whose label wasn't
	// spelled as in the registry, a country's order, a maker's investment, jobs; of the
	// places three had their province in brackets in the label, which went). What the
	// gates made of it before the weights: .885 (146 right, 13 wrong, 25 missed).
	{"testdata/fresh/28", 0.94, 0.04, 0.60, 0.90},
	// First run, of 60 texts: F1 .891, invented 6.5 % (ten of 153, of which five
	// numbers: a country's order, a chip spelled otherwise in its label, megawatts read
	// as a count, thousands as decimals, a country's investment; four of the places had
	// their province in brackets in the label). The gates: .853 (133, 11, 35).
	{"testdata/fresh/29", 0.93, 0.02, 0.67, 0.90},
	// By the same authors, the first that were read by the weights that are in force.
	// First run, of 60 texts: F1 .931, invented 2.1 % (three of 144, of which one
	// number), modality .602. The gates: .913 (137 right, 4 wrong, 22 missed).
	{"testdata/fresh/30", 0.93, 0.02, 0.59, 0.90},
	// First run, of 60 texts: F1 .874, invented 7.7 % (13 of 169, of which three
	// numbers), modality .865. The gates: .853 (151, 15, 37).
	{"testdata/fresh/31", 0.89, 0.06, 0.84, 0.90},
	// By the same authors. First run, of 60 texts: F1 .893, invented 8.1 % (twelve of
	// 149, of which five numbers), modality .573.
	{"testdata/fresh/32", 0.89, 0.08, 0.57, 0.90},
	// First run, of 60 texts: F1 .819, invented 12.8 % (20 of 156, of which five
	// numbers), modality .625.
	{"testdata/fresh/33", 0.82, 0.12, 0.61, 0.90},
	// By an author who has seen no more than the two batches before. First run, of 60
	// texts: F1 .827, invented 9.9 % (15 of 151, of which three numbers; most of the
	// places lack the province or the description that the label has), modality .773.
	{"testdata/fresh/34", 0.86, 0.09, 0.76, 0.90},
}

// TestFresh judges the reader as the line uses it, with the companies of
// feeds/tag, on the batches of fresh texts.
func TestFresh(t *testing.T) {
	tagger, err := tag.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, batch := range freshBatches {
		tally := readFresh(t, tagger, batch.dir)
		all := tally.Micro()
		invented, modality, cluster := 1-all.Precision(), tally.Modality.Accuracy(), tally.Cluster.Accuracy()
		t.Logf("%s: %v, invented %.3f, modality %.3f, basis %.3f, cluster %.3f", batch.dir, all, invented, modality, tally.Basis.Accuracy(), cluster)
		for language, score := range tally.ByLanguage {
			t.Logf("%s: language %s: %v", batch.dir, language, score)
		}
		for metric, score := range tally.ByMetric {
			t.Logf("%s: metric %s: %v", batch.dir, metric, score)
		}
		if all.F1() < batch.f1 || invented > batch.invented || modality < batch.modality || cluster < batch.clusterHit {
			t.Errorf("%s: F1 %.3f, invented %.3f, modality %.3f, cluster %.3f: want %v", batch.dir, all.F1(), invented, modality, cluster, batch)
		}
	}
}

// TestFreshIsWhole: each batch has its floors, and the figures of its first run.
func TestFreshIsWhole(t *testing.T) {
	folders, err := fs.Glob(Fresh(), "[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	f, err := Fresh().Open("first.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	runs, err := eval.ReadFirstRuns(f)
	if err != nil {
		t.Fatal(err)
	}
	var judged, noted []string
	for _, b := range freshBatches {
		judged = append(judged, filepath.Base(b.dir))
	}
	for _, run := range runs {
		noted = append(noted, run.Batch)
	}
	slices.Sort(judged)
	slices.Sort(noted)
	if !slices.Equal(folders, judged) || !slices.Equal(folders, noted) {
		t.Errorf("batches %v, with floors %v, in first.tsv %v", folders, judged, noted)
	}
}

func readFresh(t *testing.T, tagger *tag.Tagger, dir string) *eval.ClaimTally {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files of ten languages in %s: %v", len(files), dir, err)
	}
	r, tally := reader(t), &eval.ClaimTally{}
	for _, file := range files {
		for _, l := range labelledIn(t, file) {
			_, claims := r.Read(l.Text, tagger.Read(l.Text).Mentions)
			for _, c := range claims {
				if err := r.Verify(l.Text, c); err != nil {
					t.Errorf("%s:%d: %v", file, l.Line, err)
				}
			}
			if wrong := tally.Add(l, claims); len(wrong) > 0 && testing.Verbose() {
				t.Logf("%s:%d:\n  %s", file, l.Line, strings.Join(wrong, "\n  "))
			}
		}
	}
	return tally
}

// labelledIn reads a file of labelled texts, whose name begins with its language.
func labelledIn(t *testing.T, file string) []eval.LabelledClaims {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	texts, err := eval.ReadClaims(f, filepath.Base(file)[:2])
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return texts
}
