package feeds

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"clusterwire/feeds/claim"
	"clusterwire/feeds/eval"
	"clusterwire/feeds/news"
)

// judgeUnseen says what the rules made of each batch of fresh texts when they
// were first run on it, and what they make of all batches today.
func judgeUnseen(r *Reader, files fs.FS) (news.QualitySet, error) {
	first, err := readFirstRuns(files, "first.tsv")
	if err != nil {
		return news.QualitySet{}, err
	}
	var sum eval.Score
	var today eval.ClaimTally
	var batches []news.QualityFigure
	texts, negative := 0, 0
	for _, run := range first {
		batch, err := fs.Sub(files, run.Batch)
		if err != nil {
			return news.QualitySet{}, err
		}
		labelled, err := readSet(batch, eval.ReadClaims)
		if err != nil {
			return news.QualitySet{}, fmt.Errorf("batch %s: %w", run.Batch, err)
		}
		for _, l := range labelled {
			today.Add(l, r.Read(l.Text).Claims)
			negative += count(len(l.Claims) == 0)
		}
		texts += len(labelled)
		sum = sum.Plus(run.Score)
		batches = append(batches, figureOf("batch", run.Batch, run.Score))
	}
	set := newSet("unseen", "What does a text claim about clusters that the rules have never seen?",
		"written and labelled for clusterwire in batches, in ten languages and full of figures that are no claims, before the rules were first run on them; the figures are those of that first run, by which the rules were mended afterwards", texts, negative, sum)
	set.Figures = append(set.Figures, figureOf("part", "the same texts today, when the rules know them", today.Micro()))
	set.Figures = append(set.Figures, batches...)
	return set, nil
}

// readFirstRuns reads a file of first runs.
func readFirstRuns(files fs.FS, name string) ([]eval.FirstRun, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	runs, err := eval.ReadFirstRuns(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return runs, nil
}

// articleSets says of each set of articles with labels what its texts are.
var articleSets = map[string]string{
	"held": "whole articles in ten languages, written and labelled for clusterwire before the rules were first run on them, when precision was .824 and recall .765; mended by them since",
	"demo": "the articles that the demo shows, labelled before the rules were first run on them, when precision was .727 and recall .542; mended by them since; of those of May and June 2026 the labels and the wording were gone over after the first run",
}

// JudgeArticles asks what whole articles claim about clusters of the registry:
// set names those of the package claim that the labels are of, "held" or "demo".
func JudgeArticles(r *Reader, set string, articles fs.FS) (news.QualitySet, error) {
	texts, err := eval.ReadArticles(articles)
	if err != nil {
		return news.QualitySet{}, fmt.Errorf("articles %s: %w", set, err)
	}
	f, err := claim.Articles().Open(set + ".labels")
	if err != nil {
		return news.QualitySet{}, err
	}
	defer f.Close()
	labels, err := eval.ReadArticleLabels(f)
	if err != nil {
		return news.QualitySet{}, fmt.Errorf("labels of the articles %s: %w", set, err)
	}
	var tally eval.ArticleTally
	negative := 0
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		tally.Add(r.Read(texts[key]).Claims, labels[key])
		negative += count(len(labels[key]) == 0)
	}
	all := ratesOf("all", "", tally.All())
	all.Right, all.Wrong, all.Missed = tally.Right, tally.Read-tally.Right, tally.Wanted-tally.Found
	return news.QualitySet{ID: "articles-" + set, Question: "What does a whole article claim, and of which cluster?",
		Labels: articleSets[set], Texts: len(texts), Negative: negative, Figures: []news.QualityFigure{all,
			ratesOf("part", "running, planned, rumored or denied right as well", tally.Modality()),
			ratesOf("part", "what is counted (installed, ordered; grid, on site) right as well", tally.Basis())}}, nil
}

func ratesOf(by, key string, r eval.Rates) news.QualityFigure {
	return news.QualityFigure{By: by, Key: key, Precision: digits(r.Precision), Recall: digits(r.Recall), F1: digits(r.F1())}
}
