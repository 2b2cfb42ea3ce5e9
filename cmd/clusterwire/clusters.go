package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"
)

type clustersCmd struct {
	List       clustersListCmd       `cmd:"" default:"withargs" help:"List the clusters that the archive knows."`
	Candidates clustersCandidatesCmd `cmd:"" help:"List the sites that articles name and the registry lacks."`
	Confirm    clustersConfirmCmd    `cmd:"" help:"Take a candidate into the registry."`
	Reject     clustersRejectCmd     `cmd:"" help:"Leave candidates out, or take back that one was confirmed."`
}

type clustersListCmd struct {
	JSON bool `help:"Print JSON, one cluster a line."`
}

// Help shows an example.
func (clustersListCmd) Help() string {
	return `Lists the clusters that the archive knows: those of the registry, those that an import brought, and those that a person confirmed.

Example:

    clusterwire clusters --json`
}

// clusterLine is one cluster in JSON.
type clusterLine struct {
	Slug     string   `json:"slug"`
	Name     string   `json:"name"`
	Aliases  []string `json:"aliases"`
	Operator string   `json:"operator"`
	Owner    string   `json:"owner"`
	Place    string   `json:"place"`
	Country  string   `json:"country"`
	Note     string   `json:"note,omitempty"`
	Claims   int      `json:"claims"` // that stand, of articles and imports
}

// Run lists the clusters.
func (c *clustersListCmd) Run(e *env) error {
	db, err := openArchive(e)
	if err != nil {
		return err
	}
	defer closeArchive(db, e.err)
	clusters, err := db.Clusters(e.ctx)
	if err != nil {
		return err
	}
	claims, err := db.ClaimCounts(e.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		out := json.NewEncoder(e.out)
		for _, cl := range clusters {
			line := clusterLine{cl.Slug, cl.Name, append([]string{}, cl.Aliases...), cl.Operator, cl.Owner, cl.Place, cl.Country, cl.Note, claims[cl.Slug]}
			if err := out.Encode(line); err != nil {
				return err
			}
		}
		return nil
	}
	table := tabwriter.NewWriter(e.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "CLUSTER\tNAME\tOPERATOR\tCLAIMS\tPLACE")
	for _, cl := range clusters {
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\n", cl.Slug, cl.Name, cl.Operator, claims[cl.Slug], cl.Place)
	}
	return table.Flush()
}
