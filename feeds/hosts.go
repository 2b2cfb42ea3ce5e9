package feeds

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// perHost runs work over jobs with the given number of workers, so that jobs
// of one host never run at once and lie at least gap apart. Hosts take
// turns: a host with many jobs holds up nobody but itself.
//
// Where work reports that a job is to be done again, it is, after the gap.
//
// It returns when all jobs are done, when ctx ends, or when no job could be
// started before the deadline until (zero: none); jobs not started by then
// are left undone. A host's jobs keep their order.
func perHost[T any](ctx context.Context, jobs []T, host func(T) string, p pace, work func(context.Context, T) (again bool)) {
	q := newHostQueue(jobs, host)
	var wg sync.WaitGroup
	for range min(p.workers, len(q.ready)) {
		wg.Go(func() {
			for {
				lane, ok := q.take(ctx, p.until)
				if !ok {
					return
				}
				if again := work(ctx, lane.jobs[lane.next]); !again {
					lane.next++
				}
				q.give(lane, time.Now().Add(p.gap))
			}
		})
	}
	wg.Wait()
}

// pace says how perHost goes about its jobs.
type pace struct {
	workers int
	gap     time.Duration
	until   time.Time
}

// lane is the jobs of one host, and when the next may start.
type lane[T any] struct {
	jobs  []T
	next  int
	ready time.Time
}

// hostQueue hands out lanes, the one that is ready first before the others. A
// lane that is handed out is in nobody else's reach until it is given back.
type hostQueue[T any] struct {
	mu    sync.Mutex
	ready laneHeap[T]
	out   int           // lanes handed out
	moved chan struct{} // closed and replaced when a lane is given back
}

func newHostQueue[T any](jobs []T, host func(T) string) *hostQueue[T] {
	q := &hostQueue[T]{moved: make(chan struct{})}
	lanes := map[string]*lane[T]{}
	for _, job := range jobs {
		key := host(job)
		if lanes[key] == nil {
			lanes[key] = &lane[T]{}
			q.ready = append(q.ready, lanes[key])
		}
		lanes[key].jobs = append(lanes[key].jobs, job)
	}
	heap.Init(&q.ready)
	return q
}

// take waits for a lane to be ready. It reports false when there is nothing
// left to hand out, now or later.
func (q *hostQueue[T]) take(ctx context.Context, until time.Time) (*lane[T], bool) {
	for {
		q.mu.Lock()
		if ctx.Err() != nil || len(q.ready) == 0 && q.out == 0 || !until.IsZero() && time.Now().After(until) {
			q.mu.Unlock()
			return nil, false
		}
		moved := q.moved
		wait := time.Duration(-1)
		if len(q.ready) > 0 {
			if wait = time.Until(q.ready[0].ready); wait <= 0 {
				l := heap.Pop(&q.ready).(*lane[T])
				q.out++
				q.mu.Unlock()
				return l, true
			}
		}
		q.mu.Unlock()
		pause(ctx, wait, moved)
	}
}

// give returns a lane whose next job may start at ready.
func (q *hostQueue[T]) give(l *lane[T], ready time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.out--
	if l.ready = ready; l.next < len(l.jobs) {
		heap.Push(&q.ready, l)
	}
	close(q.moved)
	q.moved = make(chan struct{})
}

// pause waits for d (for ever if negative), for wake, or for the end of ctx.
func pause(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	var timer <-chan time.Time
	if d >= 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-ctx.Done():
	case <-wake:
	case <-timer:
	}
}

// laneHeap orders lanes by when they are ready.
type laneHeap[T any] []*lane[T]

func (h laneHeap[T]) Len() int           { return len(h) }
func (h laneHeap[T]) Less(i, j int) bool { return h[i].ready.Before(h[j].ready) }
func (h laneHeap[T]) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push and Pop are for container/heap.
func (h *laneHeap[T]) Push(x any) { *h = append(*h, x.(*lane[T])) }

// Pop removes the last lane.
func (h *laneHeap[T]) Pop() any {
	old := *h
	l := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return l
}
