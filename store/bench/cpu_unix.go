//go:build unix

package bench

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"
)

const cpuKind = "CPU time"

// CPUTime is the CPU time that the process has used.
func CPUTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // the only cause is a wrong argument
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peakMemory is the greatest memory that the process has held, as the system
// tells it.
func peakMemory() string {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "unknown"
	}
	var now, peak string
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		switch name {
		case "VmRSS":
			now = strings.TrimSpace(value)
		case "VmHWM":
			peak = strings.TrimSpace(value)
		}
	}
	return fmt.Sprintf("%s (peak %s)", now, peak)
}
