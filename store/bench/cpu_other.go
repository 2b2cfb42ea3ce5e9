//go:build !unix

package bench

import "time"

const cpuKind = "wall time"

var start = time.Now()

// cpuTime is the wall time, where CPU time is not known.
func cpuTime() time.Duration { return time.Since(start) }

func peakMemory() string { return "unknown" }
