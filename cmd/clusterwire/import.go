package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"clusterwire/feeds"
	"clusterwire/feeds/claim"
	"clusterwire/feeds/news"
)

type importCmd struct {
	Epoch importEpochCmd `cmd:"" help:"Take in a database of Epoch AI, beside what the news says."`
}

type importEpochCmd struct {
	File   string `arg:"" help:"gpu_clusters.csv, data_centers.csv, data_center_timelines.csv or data_center_chip_quantities.csv, as Epoch AI offers them."`
	Report bool   `help:"Import nothing: say where the news and the file differ, and what each knows that the other lacks."`
	JSON   bool   `help:"Print what was done, or the report, as JSON."`
}

// Help shows an example.
func (importEpochCmd) Help() string {
	return `Stores what the file says of clusters as claims with the method "import". What an earlier import of the same table said and this one does not is withdrawn. Pages that show such figures credit Epoch AI, as its licence (CC BY 4.0) asks; the files are at epoch.ai/data.

Example:

    clusterwire import epoch gpu_clusters.csv
    clusterwire import epoch gpu_clusters.csv --report`
}

// Run imports the file, or reports on it.
func (c *importEpochCmd) Run(e *env) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	if c.Report {
		return c.report(e, file)
	}
	r, err := openRooms(e)
	if err != nil {
		return err
	}
	defer r.close()
	clusters, statements, err := c.read(r.reader, file)
	if err != nil {
		return err
	}
	if err := r.db.ImportStatements(e.ctx, claim.EpochSource(), clusters, statements); err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(e.out).Encode(map[string]int{"statements": len(statements), "new_clusters": len(clusters)})
	}
	_, err = fmt.Fprintf(e.out, "%d statements imported, %d clusters are not in the registry\n", len(statements), len(clusters))
	return err
}

// read reads the file with the clusters that the archive knows, those that a
// person confirmed included.
func (c *importEpochCmd) read(reader *feeds.Reader, file io.Reader) ([]news.Cluster, []news.Statement, error) {
	clusters, statements, err := reader.Epoch(file, time.Now())
	if err == nil && len(statements) == 0 {
		err = fmt.Errorf("no row of it says anything about a cluster")
	}
	if err != nil {
		return nil, nil, &badDataError{fmt.Errorf("%s: %w", c.File, err)}
	}
	return clusters, statements, nil
}

// gapLine is a gap in JSON.
type gapLine struct {
	claim.Gap
	News     *gapSide `json:"news"`
	Database *gapSide `json:"database"`
}

// gapSide is what one side says.
type gapSide struct {
	Value    string        `json:"value"`
	Modality news.Modality `json:"modality,omitempty"`
	Date     string        `json:"date,omitempty"`
	Source   string        `json:"source"`
	Title    string        `json:"title"`
	URL      string        `json:"url"`
	Article  int64         `json:"article,omitempty"`
	shown    string        // the value for a person
}

// report sets the file beside the news in the archive.
func (c *importEpochCmd) report(e *env, file io.Reader) error {
	db, err := openArchive(e)
	if err != nil {
		return err
	}
	defer closeArchive(db, e.err)
	confirmed, err := db.Confirmed(e.ctx)
	if err != nil {
		return err
	}
	reader, err := feeds.NewReader(confirmed...)
	if err != nil {
		return err
	}
	_, statements, err := c.read(reader, file)
	if err != nil {
		return err
	}
	stored, _, err := db.Statements(e.ctx, "", math.MaxInt)
	if err != nil {
		return err
	}
	var fromNews []news.Statement
	for _, s := range stored {
		if s.Claim.Method != "import" {
			fromNews = append(fromNews, s)
		}
	}
	gaps := claim.Gaps(fromNews, statements)
	if c.JSON {
		out := json.NewEncoder(e.out)
		for _, g := range gaps {
			if err := out.Encode(gapLine{g, sideOf(g.News), sideOf(g.Database)}); err != nil {
				return err
			}
		}
		return nil
	}
	return printGaps(e.out, gaps)
}

func sideOf(s *news.Statement) *gapSide {
	if s == nil {
		return nil
	}
	side := &gapSide{Value: plain(s.Claim), shown: figureOf(s.Claim), Modality: s.Claim.Modality, Date: s.Claim.Date, Source: s.Source.Slug, Title: s.Title, URL: s.URL, Article: s.Article}
	if side.Date == "" && !s.Published.IsZero() {
		side.Date = s.Published.UTC().Format("2006-01-02")
	}
	return side
}

// plain writes a claim's value for scripts: 100000, 150 to 200, Memphis.
func plain(c news.Claim) string {
	write := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	switch {
	case c.ValueLo == nil:
		return c.ValueText
	case c.ValueHi != nil && *c.ValueHi != *c.ValueLo:
		return write(*c.ValueLo) + " to " + write(*c.ValueHi)
	}
	return write(*c.ValueLo)
}

// figureOf writes a claim's value with its unit: 100,000; 2,200 MW; 27bn USD.
func figureOf(c news.Claim) string {
	switch {
	case c.ValueLo == nil:
		return c.ValueText
	case c.ValueHi != nil && *c.ValueHi != *c.ValueLo:
		return amount(c, *c.ValueLo) + " to " + amount(c, *c.ValueHi)
	}
	return amount(c, *c.ValueLo)
}

func amount(c news.Claim, v float64) string {
	unit := c.Unit
	switch c.Metric {
	case news.MetricChips, news.MetricH100e, news.MetricJobs:
		unit = ""
	case news.MetricCost:
		for _, step := range []struct {
			size float64
			name string
		}{{1e12, "tn"}, {1e9, "bn"}, {1e6, "m"}} {
			if v >= step.size {
				return decimal(v/step.size) + step.name + " " + c.Currency
			}
		}
	}
	return strings.TrimSpace(decimal(v) + " " + unit)
}

// decimal writes a number with up to two decimals and its thousands apart.
func decimal(v float64) string {
	whole, rest, _ := strings.Cut(strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		return whole + "." + rest
	}
	return whole
}

// widest is how many characters of a place the report's table shows.
const widest = 36

func printGaps(w io.Writer, gaps []claim.Gap) error {
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "GAP\tCLUSTER\tMETRIC\tOF\tNEWS\tEPOCH AI")
	var both, newsOnly, databaseOnly int
	for _, g := range gaps {
		what := ""
		switch {
		case g.Database == nil:
			what, newsOnly = "Epoch AI lacks it", newsOnly+1
		case g.News == nil:
			what, databaseOnly = "the news lacks it", databaseOnly+1
		default:
			both++
			what = map[[2]bool]string{{true, true}: "newer, differs", {true, false}: "newer", {false, true}: "differs"}[[2]bool{g.Newer, g.Differs}]
		}
		of := fmt.Sprintf("%s %s %s", g.Chip, g.Basis, g.Phase)
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", what, short(g.Cluster), g.Metric, strings.Join(strings.Fields(of), " "), dated(sideOf(g.News)), dated(sideOf(g.Database)))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%d figures differ or are newer in the news, %d are in the news alone, %d in the file alone\n", both, newsOnly, databaseOnly)
	return err
}

// short cuts what would make the whole table too wide to read; JSON has all.
func short(s string) string {
	if r := []rune(s); len(r) > widest {
		return string(r[:widest-1]) + "…"
	}
	return s
}

func dated(s *gapSide) string {
	switch {
	case s == nil:
		return "-"
	case s.Date == "":
		return short(s.shown)
	}
	return short(s.shown) + " (" + s.Date + ")"
}
