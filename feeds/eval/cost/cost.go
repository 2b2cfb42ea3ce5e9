// Package cost helps tests of what hostile bytes cost. Fewer makes them
// smaller where everything is slow; Measure times them and takes the memory of
// the process in a benchmark. Nothing is constructed, and nothing is stored.
package cost

import (
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
)

// Measure runs read as a benchmark, and reports beside its time peak-MB: the
// greatest size of the process in MB, the test itself with it. It is known on
// Linux alone.
func Measure(b *testing.B, read func() error) {
	b.ReportAllocs()
	debug.FreeOSMemory()
	forgotten := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) == nil
	for b.Loop() {
		if err := read(); err != nil {
			b.Fatal(err)
		}
	}
	if forgotten {
		b.ReportMetric(peak(b), "peak-MB")
	}
}

// peak is the greatest size of the process since it was forgotten.
func peak(b *testing.B) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	if err != nil {
		b.Fatal(err)
	}
	return kb / 1000
}
