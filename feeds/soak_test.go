//go:build load

package feeds_test

import (
	"flag"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"clusterwire/store/storetest"
)

var soak = flag.Duration("soak", 20*time.Second, "how long the soak test polls; ten minutes tell more")

// usage is what a process holds when nothing is under way.
type usage struct {
	heap       uint64 // bytes that are reachable
	goroutines int
	files      int // open descriptors
}

func used(t *testing.T) usage {
	t.Helper()
	runtime.GC()
	runtime.GC() // what finalizers let go of in the first
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return usage{m.HeapAlloc, runtime.NumGoroutine(), len(open)}
}

// L5 of the catalogue: whoever polls for years must hold no more at the end of
// a day than at its beginning. Three in ten publishers are ill all the time,
// one in ten has a new item at each pass; passes are a day apart for the line.
func TestLoadSoak(t *testing.T) {
	c := newCrowd(t, min(*publishers, 100), 3, 30)
	c.loud = true
	db := storetest.Open(t)
	c.follow(t, db)
	clock := newClock()
	line := loadLine(t, db, clock)
	var seen []usage
	stored := 0
	for end := time.Now().Add(*soak); time.Now().Before(end) || len(seen) < 8; {
		stored += collect(t, line).Articles.Stored
		seen = append(seen, used(t))
		c.edition.Add(1)
		clock.pass(25 * time.Hour)
	}
	early, late := typical(seen[len(seen)/4:len(seen)/2]), typical(seen[3*len(seen)/4:])
	t.Logf("%d passes, %d articles; in the second quarter %d KB of heap, %d goroutines, %d files; in the last %d, %d, %d",
		len(seen), stored, early.heap>>10, early.goroutines, early.files, late.heap>>10, late.goroutines, late.files)
	if late.heap > early.heap+early.heap/20+1<<20 {
		t.Errorf("the heap grows: %d KB, then %d KB", early.heap>>10, late.heap>>10)
	}
	if late.goroutines > early.goroutines+10 || late.files > early.files+10 {
		t.Errorf("%d goroutines and %d files, then %d and %d", early.goroutines, early.files, late.goroutines, late.files)
	}
	if stored < len(seen) {
		t.Errorf("%d articles in %d passes: the publishers' new items are not read", stored, len(seen))
	}
	c.politely(t)
}

// typical is the median of each measure.
func typical(all []usage) usage {
	median := func(of func(usage) int) int {
		var values []int
		for _, u := range all {
			values = append(values, of(u))
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	return usage{
		heap:       uint64(median(func(u usage) int { return int(u.heap) })),
		goroutines: median(func(u usage) int { return u.goroutines }),
		files:      median(func(u usage) int { return u.files }),
	}
}
