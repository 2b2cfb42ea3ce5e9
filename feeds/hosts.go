package feeds

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// hosts knows at which host an address is, and how long that host is still to
// be left alone. The client that asks them is one.
type hosts interface {
	Host(address string) string
	Rest(address string) time.Duration
}

// lane is the jobs of one host, and when to look whether the next may start.
type lane[T any] struct {
	jobs  []T
	ready time.Time
	busy  bool // in the queue, or a worker has it
}

// hostQueue has jobs done so that those of one host never run at once, and the
// host rests between them. Hosts take turns, the one that waits longest first: a
// host with many jobs holds up nobody but itself. A host's jobs keep their order.
//
// Construct it with newHostQueue. Jobs may be added while it runs.
type hostQueue[T any] struct {
	address func(T) string
	hosts   hosts
	hungry  chan<- struct{} // told when a worker finds nothing to do: time for more jobs; may be nil

	mu     sync.Mutex
	lanes  map[string]*lane[T] // by host
	ready  laneHeap[T]
	out    int // lanes that workers have
	closed bool
	moved  chan struct{} // closed and replaced when there may be something to hand out
}

func newHostQueue[T any](address func(T) string, h hosts, hungry chan<- struct{}) *hostQueue[T] {
	return &hostQueue[T]{address: address, hosts: h, hungry: hungry, lanes: map[string]*lane[T]{}, moved: make(chan struct{})}
}

// add takes jobs, each behind those of its host.
func (q *hostQueue[T]) add(jobs []T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	for _, job := range jobs {
		key := q.hosts.Host(q.address(job))
		l := q.lanes[key]
		if l == nil {
			l = &lane[T]{}
			q.lanes[key] = l
		}
		if l.jobs = append(l.jobs, job); !l.busy {
			q.push(l, now)
		}
	}
	q.move()
}

// close says that nothing will be added.
func (q *hostQueue[T]) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.move()
}

// run has workers do the jobs. A job that is to be done again is, after its host
// has rested. run returns when all are done and the queue is closed, when ctx
// ends, or when the moment until has passed (zero: none); jobs that were not
// started by then are left undone.
func (q *hostQueue[T]) run(ctx context.Context, workers int, until time.Time, work func(context.Context, T) (again bool)) {
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				lane, job, ok := q.take(ctx, until)
				if !ok {
					return
				}
				q.give(lane, work(ctx, job))
			}
		})
	}
	wg.Wait()
}

// take waits for a lane whose host may be asked, and gives it with its first job.
// It reports false when there is nothing left to hand out, now or later.
func (q *hostQueue[T]) take(ctx context.Context, until time.Time) (l *lane[T], job T, ok bool) {
	for {
		q.mu.Lock()
		if ctx.Err() != nil || q.closed && len(q.ready) == 0 && q.out == 0 || !until.IsZero() && !time.Now().Before(until) {
			q.mu.Unlock()
			return nil, job, false
		}
		l, wait := q.first(time.Now())
		if l != nil {
			job = l.jobs[0]
		} else {
			tell(q.hungry)
		}
		moved := q.moved
		q.mu.Unlock()
		if l != nil {
			return l, job, true
		}
		if left := time.Until(until); !until.IsZero() && (wait < 0 || wait > left) {
			wait = max(left, 0) // a host may rest for longer
		}
		pause(ctx, wait, moved)
	}
}

// first is a lane whose host may be asked, or else how long until there may be
// one, negative where only a lane that is out or added can bring it. The lock
// is held.
func (q *hostQueue[T]) first(now time.Time) (*lane[T], time.Duration) {
	for len(q.ready) > 0 {
		l := q.ready[0]
		if wait := l.ready.Sub(now); wait > 0 {
			return nil, wait
		}
		if rest := q.hosts.Rest(q.address(l.jobs[0])); rest > 0 {
			l.ready = now.Add(rest)
			heap.Fix(&q.ready, 0)
			continue
		}
		heap.Pop(&q.ready)
		q.out++
		return l, 0
	}
	return nil, -1
}

// give returns a lane whose first job was done, or is to be done again.
func (q *hostQueue[T]) give(l *lane[T], again bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.out--
	if !again {
		var none T
		l.jobs[0] = none // let go of what it holds
		l.jobs = l.jobs[1:]
	}
	if l.busy = len(l.jobs) > 0; l.busy {
		q.push(l, time.Now())
	}
	q.move()
}

// push queues a lane. The lock is held.
func (q *hostQueue[T]) push(l *lane[T], ready time.Time) {
	l.ready, l.busy = ready, true
	heap.Push(&q.ready, l)
}

// move wakes the workers that wait. The lock is held.
func (q *hostQueue[T]) move() {
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
