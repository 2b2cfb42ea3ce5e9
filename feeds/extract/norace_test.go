//go:build !race

package extract

// fewer is how often a test repeats something: n, where nothing slows it.
func fewer(n int) int { return n }
