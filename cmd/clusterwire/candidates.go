package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"clusterwire/feeds/news"
)

type clustersCandidatesCmd struct {
	Rejected bool `help:"Those that were rejected instead."`
	JSON     bool `help:"Print JSON, one candidate a line."`
}

// Help shows an example.
func (clustersCandidatesCmd) Help() string {
	return `Lists the sites and machines that articles name and the registry of clusters lacks, those that most sources name first, with the words of the newest article. "clusters confirm" takes one in, "clusters reject" leaves it out.

Example:

    clusterwire clusters candidates`
}

// candidateLine is one candidate in JSON.
type candidateLine struct {
	Slug     string     `json:"slug"`
	Name     string     `json:"name"`
	Company  string     `json:"company"`
	Articles int        `json:"articles"`
	Sources  int        `json:"sources"`
	Quote    string     `json:"quote"`
	URL      string     `json:"url"`
	Date     *time.Time `json:"published"`
}

// Run lists the candidates.
func (c *clustersCandidatesCmd) Run(e *env) error {
	db, err := openArchive(e)
	if err != nil {
		return err
	}
	defer closeArchive(db, e.err)
	list, err := db.Candidates(e.ctx, c.Rejected)
	if err != nil {
		return err
	}
	if c.JSON {
		out := json.NewEncoder(e.out)
		for _, x := range list {
			line := candidateLine{x.Slug, x.Name, x.Company, x.Articles, x.Sources, x.Newest.Claim.Quote, x.Newest.URL, orNull(x.Newest.Published)}
			if err := out.Encode(line); err != nil {
				return err
			}
		}
		return nil
	}
	table := tabwriter.NewWriter(e.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tNAME\tWITH\tARTICLES\tSOURCES\tQUOTE")
	for _, x := range list {
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%s\n", x.Slug, x.Name, x.Company, x.Articles, x.Sources, strings.Join(strings.Fields(x.Newest.Claim.Quote), " "))
	}
	return table.Flush()
}

type clustersConfirmCmd struct {
	Candidate string   `arg:"" help:"Name or id of the candidate."`
	Name      string   `help:"What to call it, if not as articles do."`
	Alias     []string `help:"Another name of it; may be given more than once." sep:"none"`
	Operator  string   `help:"Company that runs it, by slug. The one that articles name with it unless given; \"-\" for none."`
	Owner     string   `help:"Company that owns it, by slug."`
	Place     string   `help:"Where it stands: \"Abilene, Texas\"."`
	Country   string   `help:"ISO 3166-1 alpha-2."`
	Note      string   `help:"What it is confused with."`
}

// Help shows an example.
func (clustersConfirmCmd) Help() string {
	return `Takes a candidate into the registry of clusters of this archive. Articles are read with it from then on; those that are stored are read again by "reread", or by "serve" in the background.

Example:

    clusterwire clusters confirm horizon --operator coreweave --place "West Texas" --country US`
}

// Run confirms a candidate.
func (c *clustersConfirmCmd) Run(e *env) error {
	r, err := openRooms(e)
	if err != nil {
		return err
	}
	defer r.close()
	found, err := findCandidate(e, r, c.Candidate)
	if err != nil {
		return err
	}
	cluster := news.Cluster{Slug: found.Slug, Name: found.Name, Aliases: c.Alias, Operator: c.Operator, Owner: c.Owner, Place: c.Place, Country: c.Country, Note: c.Note}
	if c.Name != "" {
		cluster.Name, cluster.Aliases = c.Name, append(cluster.Aliases, found.Name)
	}
	switch c.Operator {
	case "":
		cluster.Operator = found.Company
	case "-":
		cluster.Operator = ""
	}
	for _, slug := range []string{cluster.Operator, cluster.Owner} {
		known := slices.ContainsFunc(r.reader.Companies(), func(o news.Company) bool { return o.Slug == slug })
		if slug != "" && !known {
			return &news.BadInputError{Field: slug, Reason: "is no company that clusterwire knows: see the list at /companies"}
		}
	}
	if err := r.db.ConfirmCluster(e.ctx, cluster); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%s is a cluster now; articles that name it: %d; \"clusterwire reread\" reads them with it\n", cluster.Name, found.Articles)
	return nil
}

// findCandidate finds a candidate by its name or id, rejected ones too.
func findCandidate(e *env, r *rooms, name string) (news.CandidateCount, error) {
	for _, rejected := range []bool{false, true} {
		list, err := r.db.Candidates(e.ctx, rejected)
		if err != nil {
			return news.CandidateCount{}, err
		}
		for _, x := range list {
			if x.Slug == name || strings.EqualFold(x.Name, name) {
				return x, nil
			}
		}
	}
	return news.CandidateCount{}, &news.BadInputError{Field: name, Reason: "is no candidate: see \"clusterwire clusters candidates\""}
}

type clustersRejectCmd struct {
	Candidates []string `arg:"" help:"Names or ids of candidates, or of confirmed clusters."`
}

// Help shows an example.
func (clustersRejectCmd) Help() string {
	return `Leaves candidates out of the list for good, or takes back that one was confirmed.

Example:

    clusterwire clusters reject project-kuiper`
}

// Run rejects candidates.
func (c *clustersRejectCmd) Run(e *env) error {
	r, err := openRooms(e)
	if err != nil {
		return err
	}
	defer r.close()
	confirmed, err := r.db.Confirmed(e.ctx)
	if err != nil {
		return err
	}
	for _, name := range c.Candidates {
		i := slices.IndexFunc(confirmed, func(x news.Cluster) bool { return x.Slug == name || strings.EqualFold(x.Name, name) })
		slug := ""
		if i >= 0 {
			slug = confirmed[i].Slug
		} else {
			found, err := findCandidate(e, r, name)
			if err != nil {
				return err
			}
			slug = found.Slug
		}
		if err := r.db.RejectCluster(e.ctx, slug); err != nil {
			return err
		}
		fmt.Fprintf(e.out, "%s is left out\n", slug)
	}
	return nil
}
