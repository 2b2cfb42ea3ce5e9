package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"clusterwire/feeds"
)

// every is how often progress is printed where there is no terminal.
const every = 10 * time.Second

// meter shows how far long work has come: a bar on a terminal, a plain line
// now and then elsewhere. Stages may run side by side: one has the bar, and the
// others stand beside it. Its methods may be called from many goroutines.
type meter struct {
	mu     sync.Mutex
	w      io.Writer
	tty    bool
	bar    *progressbar.ProgressBar
	stage  string           // whose bar it is
	stages []feeds.Progress // as far as each has come, in the order in which they began
	last   time.Time
}

// newMeter returns a meter that writes to w.
func newMeter(w io.Writer) *meter {
	file, ok := w.(*os.File)
	return &meter{w: w, tty: ok && term.IsTerminal(int(file.Fd())), last: time.Now()}
}

// show takes note of progress.
func (m *meter) show(p feeds.Progress) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := slices.IndexFunc(m.stages, func(s feeds.Progress) bool { return s.Stage == p.Stage })
	if i < 0 {
		i = len(m.stages)
		m.stages = append(m.stages, p)
	}
	m.stages[i] = p
	if !m.tty {
		if time.Since(m.last) >= every {
			m.last = time.Now()
			fmt.Fprintln(m.w, line(m.stages, func(s feeds.Progress) bool { return s.Stage == p.Stage || s.Done < s.Total }))
		}
		return
	}
	shown := m.shown()
	if m.bar == nil || m.stage != shown.Stage {
		m.close()
		m.stage = shown.Stage
		m.bar = progressbar.NewOptions(p.Total, progressbar.OptionSetWriter(m.w),
			progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(),
			progressbar.OptionSetPredictTime(true), progressbar.OptionFullWidth())
	}
	others := line(m.stages, func(s feeds.Progress) bool { return s.Stage != shown.Stage && s.Done < s.Total })
	m.bar.Describe(strings.TrimPrefix(others+", "+shown.Stage, ", "))
	m.bar.ChangeMax(shown.Total)
	_ = m.bar.Set(shown.Done) // a bar that can't be drawn is no reason to stop
}

// shown is the stage that has the bar: of those that have more to do, the one
// that began last.
func (m *meter) shown() feeds.Progress {
	for _, s := range slices.Backward(m.stages) {
		if s.Done < s.Total {
			return s
		}
	}
	return m.stages[len(m.stages)-1]
}

// line says how far those stages have come that are wanted: "poll: 12 of 40,
// open: 3 of 90".
func line(stages []feeds.Progress, wanted func(feeds.Progress) bool) string {
	var parts []string
	for _, s := range stages {
		if wanted(s) {
			parts = append(parts, fmt.Sprintf("%s: %d of %d", s.Stage, s.Done, s.Total))
		}
	}
	return strings.Join(parts, ", ")
}

// done removes the bar.
func (m *meter) done() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.close()
}

func (m *meter) close() {
	if m.bar != nil {
		_ = m.bar.Finish()
		m.bar = nil
	}
}
