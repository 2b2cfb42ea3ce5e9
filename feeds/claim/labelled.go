package claim

import (
	"embed"
	"io/fs"
)

//go:embed testdata/claims
var labelledFiles embed.FS

// Labelled is the set of texts that the rules of this package are judged by:
// files named by language ("it.txt", "it-news.txt"), in the form of
// eval.ReadClaims.
func Labelled() fs.FS {
	sub, err := fs.Sub(labelledFiles, "testdata/claims")
	if err != nil {
		panic(err) // the path is a constant of the program
	}
	return sub
}
