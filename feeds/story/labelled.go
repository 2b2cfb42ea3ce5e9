package story

import (
	"bytes"
	_ "embed"
	"io"
)

//go:embed testdata/events.txt
var labelledEvents []byte

// Labelled is the set of articles that the rules of this package are judged
// by, in the form of eval.ReadEvents.
func Labelled() io.Reader { return bytes.NewReader(labelledEvents) }
