package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"clusterwire/cmd/clusterwire/demo"
	"clusterwire/feeds"
	"clusterwire/feeds/news"
)

type evalCmd struct {
	Corpora string `type:"existingdir" placeholder:"DIR" help:"Folder with sets that others labelled (epoch/gold.jsonl, stories/pairs.jsonl, stories/uci_news_aggregator.tsv); those it lacks are left out."`
	JSON    bool   `help:"Print the figures as JSON."`
}

// Help shows an example.
func (evalCmd) Help() string {
	return `Measures how right the rules are: precision, recall and F1 of the verdict, companies, topics, languages, claims and stories on the labelled texts that are part of the program. The same figures stand at /quality.

Example:

    clusterwire eval --corpora ../corpora`
}

// Run measures.
func (c *evalCmd) Run(e *env) error {
	reader, err := feeds.NewReader()
	if err != nil {
		return err
	}
	q, err := feeds.Judge(reader)
	if err != nil {
		return err
	}
	articles, err := feeds.JudgeArticles(reader, "demo", demo.Articles())
	if err != nil {
		return err
	}
	q.Sets = append(q.Sets, articles)
	if c.Corpora != "" {
		sets, err := feeds.JudgeCorpora(reader, os.DirFS(c.Corpora))
		if err != nil {
			return &badDataError{err}
		}
		if len(sets) == 0 {
			return &usageError{fmt.Errorf("%s holds none of the sets: see clusterwire eval --help", c.Corpora)}
		}
		q.Sets = append(q.Sets, sets...)
	}
	if c.JSON {
		return json.NewEncoder(e.out).Encode(q)
	}
	table := tabwriter.NewWriter(e.out, 0, 4, 2, ' ', 0)
	for i, set := range q.Sets {
		if i > 0 {
			fmt.Fprintln(table)
		}
		printSet(table, set)
	}
	return table.Flush()
}

func printSet(table *tabwriter.Writer, set news.QualitySet) {
	fmt.Fprintf(table, "%s: %s %d texts, %d of them without an answer; %s\n", set.ID, set.Question, set.Texts, set.Negative, set.Labels)
	fmt.Fprintln(table, "OF\tP\tR\tF1\tRIGHT\tWRONG\tMISSED")
	for _, f := range set.Figures {
		fmt.Fprintf(table, "%s\t%.3f\t%.3f\t%.3f\t%d\t%d\t%d\n", strings.TrimSpace(f.By+" "+f.Key), f.Precision, f.Recall, f.F1, f.Right, f.Wrong, f.Missed)
	}
}
