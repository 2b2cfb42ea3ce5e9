package feeds

import (
	"context"
	"slices"
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

// gapHosts rests each host for a gap after its last job, as the client does.
type gapHosts struct {
	gap   time.Duration
	mu    sync.Mutex
	ended map[string]time.Time
}

func (g *gapHosts) Host(address string) string { return address }

func (g *gapHosts) Rest(address string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ended[address].IsZero() {
		return 0
	}
	return max(time.Until(g.ended[address].Add(g.gap)), 0)
}

// perHost has a queue do jobs, and then nothing more.
func perHost(ctx context.Context, jobs []hostJob, gap time.Duration, workers int, until time.Time, work func(context.Context, hostJob) bool) {
	hosts := &gapHosts{gap: gap, ended: map[string]time.Time{}}
	q := newHostQueue(func(j hostJob) string { return j.host }, hosts, nil)
	q.add(jobs)
	q.close()
	q.run(ctx, workers, until, func(ctx context.Context, j hostJob) bool {
		defer func() {
			hosts.mu.Lock()
			defer hosts.mu.Unlock()
			hosts.ended[j.host] = time.Now()
		}()
		return work(ctx, j)
	})
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
		perHost(t.Context(), jobsOf(map[string]int{"busy": 30, "a": 2, "b": 2, "c": 2}), time.Second, 2, time.Time{}, func(_ context.Context, j hostJob) bool {
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
		perHost(t.Context(), jobsOf(map[string]int{"a": 100}), time.Second, 4, start.Add(10*time.Second), func(context.Context, hostJob) bool {
			done++
			return false
		})
		if done < 9 || done > 11 || time.Since(start) > 12*time.Second {
			t.Errorf("%d jobs in %v, want about ten in ten seconds", done, time.Since(start))
		}

		ctx, cancel := context.WithCancel(t.Context())
		done = 0
		perHost(ctx, jobsOf(map[string]int{"a": 100}), 0, 4, time.Time{},
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
		perHost(t.Context(), []hostJob{{"a", 0}, {"b", 0}, {"a", 1}}, time.Second, 1, time.Time{},
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

// TestJobsAreAddedWhileOthersRun has a worker that calls for more when it has
// little left, and a host that is added to while one of its jobs is under way.
func TestJobsAreAddedWhileOthersRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hungry := make(chan struct{}, 1)
		q := newHostQueue(func(j hostJob) string { return j.host }, &gapHosts{ended: map[string]time.Time{}}, hungry)
		go func() {
			for n := range 3 {
				<-hungry
				time.Sleep(time.Second) // the first job of the last round is under way
				q.add([]hostJob{{"a", 2 * n}, {"a", 2*n + 1}, {"b", n}})
			}
			q.close()
		}()
		var order []int
		others := 0
		q.run(t.Context(), 2, time.Time{}, func(_ context.Context, j hostJob) bool {
			time.Sleep(1500 * time.Millisecond)
			if j.host == "a" {
				order = append(order, j.n)
			} else {
				others++
			}
			return false
		})
		if !slices.Equal(order, []int{0, 1, 2, 3, 4, 5}) || others != 3 {
			t.Errorf("one host's jobs ran as %v, and %d of the other", order, others)
		}
	})
}
