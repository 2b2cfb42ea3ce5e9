package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"text/tabwriter"

	"clusterwire/feeds"
	"clusterwire/feeds/claim"
	"clusterwire/feeds/news"
)

type importCmd struct {
	Epoch importEpochCmd `cmd:"" help:"Take in a database of Epoch AI, beside what the news says."`
}

type importEpochCmd struct {
	File   string `arg:"" help:"gpu_clusters.csv or data_centers.csv, as Epoch AI offers them."`
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
	clusters, statements, err := reader.Epoch(file)
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
	side := &gapSide{Value: figureOf(s.Claim), Modality: s.Claim.Modality, Date: s.Claim.Date, Source: s.Source.Slug, Title: s.Title, URL: s.URL, Article: s.Article}
	if side.Date == "" && !s.Published.IsZero() {
		side.Date = s.Published.UTC().Format("2006-01-02")
	}
	return side
}

// figureOf writes a claim's value.
func figureOf(c news.Claim) string {
	switch {
	case c.ValueLo == nil:
		return c.ValueText
	case c.ValueHi != nil && *c.ValueHi != *c.ValueLo:
		return fmt.Sprintf("%.6g to %.6g", *c.ValueLo, *c.ValueHi)
	}
	return fmt.Sprintf("%.6g", *c.ValueLo)
}

func printGaps(w io.Writer, gaps []claim.Gap) error {
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "CLUSTER\tMETRIC\tOF\tNEWS\tEPOCH AI\tGAP")
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
		of := fmt.Sprintf("%s %s %s %s", g.Chip, g.Currency, g.Basis, g.Phase)
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", g.Cluster, g.Metric, strings.Join(strings.Fields(of), " "), dated(sideOf(g.News)), dated(sideOf(g.Database)), what)
	}
	fmt.Fprintf(table, "%d figures differ or are newer in the news, %d are in the news alone, %d in the file alone\n", both, newsOnly, databaseOnly)
	return table.Flush()
}

func dated(s *gapSide) string {
	switch {
	case s == nil:
		return "-"
	case s.Date == "":
		return s.Value
	}
	return s.Value + " (" + s.Date + ")"
}
