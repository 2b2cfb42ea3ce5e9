//go:build !race

package feeds_test

// sampled is of how many feeds of the corpora one is taken: all.
const sampled = 1
