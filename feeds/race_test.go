//go:build race

package feeds_test

// sampled is of how many feeds of the corpora one is taken: the race detector
// makes each ten times as slow, and needs many goroutines, not many feeds.
const sampled = 10
