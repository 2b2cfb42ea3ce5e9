//go:build !unix

package bench

import "time"

const cpuKind = "wall time"

var start = time.Now()

// CPUTime is the wall time, where CPU time is not known.
func CPUTime() time.Duration { return time.Since(start) }

func peakMemory() string { return "unknown" }
