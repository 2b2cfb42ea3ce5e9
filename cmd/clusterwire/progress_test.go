package main

import (
	"bytes"
	"testing"
	"time"

	"clusterwire/feeds"
)

// TestMeterOfStagesSideBySide: where there is no terminal a line names the stage
// that goes on, also one whose end nobody knows, and those that have more to do.
func TestMeterOfStagesSideBySide(t *testing.T) {
	var out bytes.Buffer
	m := newMeter(&out)
	for _, p := range []feeds.Progress{{Stage: "poll", Done: 1, Total: 4}, {Stage: "open", Done: 3, Total: 3}, {Stage: "place", Done: 7, Total: 7}, {Stage: "poll", Done: 4, Total: 4}} {
		m.show(p) // too soon after the last to be told of
		m.last = time.Now().Add(-every)
		m.show(p)
	}
	if want := "poll: 1 of 4\npoll: 1 of 4, open: 3 of 3\npoll: 1 of 4, place: 7 of 7\npoll: 4 of 4\n"; out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}
