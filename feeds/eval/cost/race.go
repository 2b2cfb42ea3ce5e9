//go:build race

package cost

// Fewer is how often a test repeats something: a tenth of n under the race
// detector, which is that much slower and looks for other things.
func Fewer(n int) int { return n / 10 }
