package query

import (
	"strings"
	"testing"
)

func BenchmarkIndexText(b *testing.B) {
	text := strings.Repeat("The data center in Memphis draws 150 MW from the grid, and NVIDIA's H100s arrive; costs reach $10 billion this year. ", 20)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		IndexText(text)
	}
}
