package eval

import (
	"fmt"
	"slices"
	"strings"
)

// Golden gathers every mismatch of a labelled set as lines of a file that is
// kept beside the set, so that a change of rules shows as a diff of what it
// mends and what it breaks. Its zero value is ready.
type Golden struct {
	lines []string
}

// Add notes what is missing and what is extra in one text; nothing if both
// are empty. Where names the text ("en:12"), about is the text itself.
func (g *Golden) Add(where, what string, missing, extra []string, about string) {
	if len(missing)+len(extra) > 0 {
		g.Note(where, "%s missing %v extra %v: %s", what, missing, extra, about)
	}
}

// Note notes any other mismatch.
func (g *Golden) Note(where, format string, args ...any) {
	line := where + " " + fmt.Sprintf(format, args...)
	g.lines = append(g.lines, strings.ReplaceAll(line, "\n", " "))
}

// String gives a line per mismatch, in the order in which they were noted.
func (g *Golden) String() string {
	if len(g.lines) == 0 {
		return ""
	}
	return strings.Join(g.lines, "\n") + "\n"
}

// Diff lists the lines that only one of two golden files has: "-" what the
// old one says, "+" what is new. It is empty if they say the same.
func Diff(old, new string) string {
	a, b := strings.Split(old, "\n"), strings.Split(new, "\n")
	var out []string
	for _, l := range a {
		if !slices.Contains(b, l) {
			out = append(out, "- "+l)
		}
	}
	for _, l := range b {
		if !slices.Contains(a, l) {
			out = append(out, "+ "+l)
		}
	}
	return strings.Join(out, "\n")
}
