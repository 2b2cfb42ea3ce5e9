package feeds

import (
	"fmt"
	"net/http"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

// posting answers as a publisher who posts once in a while: the feed is asked
// four times as often.
func posting(every time.Duration) reply {
	var posts []time.Time
	for i := range 6 {
		posts = append(posts, time.Now().Add(-time.Minute-time.Duration(i)*every))
	}
	return reply{body: rss("", posts...)}
}

// L3 of the catalogue: after seven days off, feeds are asked at the pace of
// every other hour.
func TestStartAfterDaysOff(t *testing.T) {
	if _, err := emptyStore(); err != nil { // outside of the bubble, whose clock is another
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		const hourly, slow = 60, 40 // feeds asked every hour, and every two hours
		urls := make([]string, hourly+slow)
		for i := range urls {
			urls[i] = fmt.Sprintf("http://h%d.example/feed", i)
		}
		w := newWorld(t, func(r *http.Request, _ int) reply {
			var i int
			_, _ = fmt.Sscanf(r.Host, "h%d.", &i)
			if i < hourly {
				return posting(4 * time.Hour)
			}
			return posting(8 * time.Hour)
		}, urls...)
		w.pass()
		time.Sleep(7 * day)
		w.restart()
		start := time.Now()
		before := len(w.origin.all(""))
		if err := w.line.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.run(2*time.Hour + 20*time.Minute)
		const window = 20 * time.Minute
		steady := (hourly + slow/2.0) * window.Hours()
		count, first := map[int]float64{}, map[string]time.Duration{}
		for _, a := range w.origin.all("")[before:] {
			at := a.at.Sub(start)
			count[int(at/window)]++
			if _, asked := first[a.host]; !asked {
				first[a.host] = at
			}
		}
		for i, n := range count {
			if n > 1.5*steady {
				t.Errorf("%v after the start: %v requests in %v, where %.0f are usual", time.Duration(i)*window, n, window, steady)
			}
		}
		for i, u := range urls {
			host, limit := fmt.Sprintf("h%d.example", i), time.Hour
			if i >= hourly {
				limit = 2 * time.Hour
			}
			if at, asked := first[host]; !asked || at > limit+time.Minute {
				t.Errorf("%s is asked after %v, %v", u, at, asked)
			}
		}
		if len(count) < 7 {
			t.Errorf("requests in %d of 7 spans: %v", len(count), count)
		}
		t.Logf("usual %.0f in %v, after the start %v", steady, window, count)
	})
}

// A short pause delays nobody for long.
func TestStartAfterMinutesOff(t *testing.T) {
	if _, err := emptyStore(); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(*http.Request, int) reply { return posting(96 * time.Hour) })
		w.pass()
		time.Sleep(time.Until(w.next()) + 30*time.Minute)
		if err := w.line.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		if wait := time.Until(w.next()); wait > time.Hour {
			t.Errorf("a feed that is late by half an hour waits %v more", wait)
		}
	})
}

// L5 of the catalogue, in virtual time: a day of polling leaves no memory and no
// goroutine behind. The first hours fill caches and are not counted.
func TestDayLeavesNothingBehind(t *testing.T) {
	if testing.Short() {
		t.Skip("a day of polling takes some seconds")
	}
	if _, err := emptyStore(); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		urls := make([]string, 8)
		for i := range urls {
			urls[i] = fmt.Sprintf("http://h%d.example/feed", i)
		}
		w := newWorld(t, func(r *http.Request, n int) reply {
			switch {
			case n%5 == 3:
				return reply{status: 503}
			case n%7 == 4:
				return reply{cut: true}
			case n%2 == 1 && r.Header.Get("If-None-Match") != "":
				return reply{status: 304}
			}
			answer := posting(time.Hour)
			answer.header = map[string]string{"ETag": fmt.Sprintf("%q", fmt.Sprint(n))}
			return answer
		}, urls...)
		var heap, goroutines []float64
		for range 24 {
			w.run(time.Hour)
			w.origin.forget()
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			heap, goroutines = append(heap, float64(m.HeapAlloc)), append(goroutines, float64(runtime.NumGoroutine()))
		}
		perHour := slope(heap[6:])
		t.Logf("%d requests; heap %.1f MB, %+.0f KB an hour; goroutines %v to %v", w.origin.conns, heap[23]/1e6, perHour/1e3, goroutines[6], goroutines[23])
		if perHour > 50e3 { // a day would add 1.2 MB
			t.Errorf("heap grows by %.0f bytes an hour: %v", perHour, heap)
		}
		if goroutines[23] > goroutines[6]+3 {
			t.Errorf("goroutines: %v", goroutines)
		}
	})
}

// forget drops what the origin has logged.
func (o *origin) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.log = nil
}

// slope is how much a series grows from one value to the next, by least squares.
func slope(ys []float64) float64 {
	var sx, sy, sxx, sxy float64
	for i, y := range ys {
		x := float64(i)
		sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	n := float64(len(ys))
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}
