package tag

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed testdata/labelled
var labelledFiles embed.FS

// Labelled is the set of texts that the rules of this package are judged by, in
// the form of eval.ReadTexts: a file for each language, named by it, and some of
// several languages, which tell that of each text.
func Labelled() fs.FS {
	sub, err := fs.Sub(labelledFiles, "testdata/labelled")
	if err != nil {
		panic(err) // the path is a constant of the program
	}
	return sub
}

// Ambiguous lists companies whose names are words of some language, or names of
// something else, and which the labelled set tries hardest.
func Ambiguous() []string {
	return strings.Fields("meta apple oracle amazon lambda crusoe mistral xai x-corp groq openai google intel dell arm switch vantage galaxy tesla")
}
