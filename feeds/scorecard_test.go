package feeds

import (
	"fmt"
	"testing"
	"testing/synctest"
)

// check is one of the 72 of the model fetcher. It passes if it reports no error.
type check struct {
	number int
	what   string
	run    func(t *testing.T)
}

// TestScorecard plays months of polling against an origin in memory and counts
// what a model fetcher would do. Each check runs the line as it runs for real:
// its client, parsers and database, with a network and a clock of its own.
func TestScorecard(t *testing.T) {
	groups := [][]check{conditionalChecks, scheduleChecks, errorChecks, moveChecks, requestChecks, robotsChecks, formatChecks, websubChecks}
	passed, seen := 0, map[int]bool{}
	for _, group := range groups {
		for _, c := range group {
			if seen[c.number] {
				t.Errorf("check %d stands twice", c.number)
			}
			seen[c.number] = true
			if t.Run(fmt.Sprintf("%02d %s", c.number, c.what), func(t *testing.T) { synctest.Test(t, c.run) }) {
				passed++
			}
		}
	}
	for n := 1; n <= 72; n++ {
		if !seen[n] {
			t.Errorf("check %d is missing", n)
		}
	}
	t.Logf("%d/72 model-fetcher checks", passed)
}
