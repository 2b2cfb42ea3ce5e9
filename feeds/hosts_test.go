package feeds

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// hostJob is a job of TestPerHost: the n-th of its host.
type hostJob struct {
	host string
	n    int
}

func jobsOf(hosts map[string]int) []hostJob {
	var jobs []hostJob
	for host, n := range hosts {
		for i := range n {
			jobs = append(jobs, hostJob{host, i})
		}
	}
	return jobs
}

func TestPerHostIsPoliteAndFair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		busy := map[string]bool{}
		ended := map[string]time.Time{}
		order := map[string]int{}
		start := time.Now()
		var small time.Duration
		perHost(t.Context(), jobsOf(map[string]int{"busy": 30, "a": 2, "b": 2, "c": 2}), func(j hostJob) string { return j.host },
			pace{workers: 2, gap: time.Second}, func(_ context.Context, j hostJob) bool {
				mu.Lock()
				if busy[j.host] {
					t.Errorf("two jobs of %s at once", j.host)
				}
				if gap := time.Since(ended[j.host]); !ended[j.host].IsZero() && gap < time.Second {
					t.Errorf("only %v between two jobs of %s", gap, j.host)
				}
				if order[j.host] != j.n {
					t.Errorf("job %d of %s ran as number %d", j.n, j.host, order[j.host])
				}
				order[j.host]++
				busy[j.host] = true
				mu.Unlock()
				time.Sleep(100 * time.Millisecond)
				mu.Lock()
				busy[j.host], ended[j.host] = false, time.Now()
				if j.host != "busy" {
					small = time.Since(start)
				}
				mu.Unlock()
				return false
			})
		for host, n := range map[string]int{"busy": 30, "a": 2, "b": 2, "c": 2} {
			if order[host] != n {
				t.Errorf("%d jobs of %s were done, want %d", order[host], host, n)
			}
		}
		if small > 2*time.Second {
			t.Errorf("the small hosts waited %v for the busy one", small)
		}
	})
}

func TestPerHostStopsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		done := 0
		start := time.Now()
		perHost(t.Context(), jobsOf(map[string]int{"a": 100}), func(j hostJob) string { return j.host },
			pace{workers: 4, gap: time.Second, until: start.Add(10 * time.Second)}, func(context.Context, hostJob) bool {
				done++
				return false
			})
		if done < 9 || done > 11 || time.Since(start) > 12*time.Second {
			t.Errorf("%d jobs in %v, want about ten in ten seconds", done, time.Since(start))
		}

		ctx, cancel := context.WithCancel(t.Context())
		done = 0
		perHost(ctx, jobsOf(map[string]int{"a": 100}), func(j hostJob) string { return j.host }, pace{workers: 4},
			func(context.Context, hostJob) bool {
				if done++; done == 3 {
					cancel()
				}
				return false
			})
		if done != 3 {
			t.Errorf("%d jobs after the context ended with the third", done)
		}
	})
}

// TestPerHostDoesAgain has every job done twice, the second time after the gap,
// with one worker that meanwhile does the first of another host.
func TestPerHostDoesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order []string
		seen := map[hostJob]bool{}
		start := time.Now()
		perHost(t.Context(), []hostJob{{"a", 0}, {"b", 0}, {"a", 1}}, func(j hostJob) string { return j.host }, pace{workers: 1, gap: time.Second},
			func(_ context.Context, j hostJob) bool {
				order = append(order, j.host)
				again := !seen[j]
				seen[j] = true
				return again
			})
		if took := time.Since(start); len(order) != 6 || order[0] == order[1] || took != 3*time.Second {
			t.Errorf("done in the order %v in %v", order, took)
		}
	})
}
