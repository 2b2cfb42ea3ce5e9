package claim

import (
	"embed"
	"io/fs"
)

//go:embed testdata/claims testdata/fresh testdata/long
var labelledFiles embed.FS

// Labelled is the set of texts that the rules of this package are judged by:
// files named by language ("it.txt", "it-news.txt"), in the form of
// eval.ReadClaims.
func Labelled() fs.FS { return labelled("claims") }

// Fresh are batches of texts that were written and labelled before the rules
// were first run on them: folders named by number, each with files as Labelled
// has them. The file first.tsv says what that first run made of each.
func Fresh() fs.FS { return labelled("fresh") }

// Articles are whole articles, in the folder articles in the form of
// eval.ReadArticles, with their labels in held.labels, and in demo.labels those
// of the articles that the demo shows, in the form of eval.ReadArticleLabels.
func Articles() fs.FS { return labelled("long") }

func labelled(set string) fs.FS {
	sub, err := fs.Sub(labelledFiles, "testdata/"+set)
	if err != nil {
		panic(err) // the path is a constant of the program
	}
	return sub
}
