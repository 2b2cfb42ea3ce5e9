//go:build !race

package cost

// Fewer is how often a test repeats something: n, where nothing slows it.
func Fewer(n int) int { return n }
