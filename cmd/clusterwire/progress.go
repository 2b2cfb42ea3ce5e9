package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"clusterwire/feeds"
)

// every is how often progress is printed where there is no terminal.
const every = 10 * time.Second

// meter shows how far long work has come: a bar on a terminal, a plain line
// now and then elsewhere. Its methods may be called from many goroutines.
type meter struct {
	mu    sync.Mutex
	w     io.Writer
	tty   bool
	bar   *progressbar.ProgressBar
	stage string
	last  time.Time
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
	if !m.tty {
		if time.Since(m.last) >= every {
			m.last = time.Now()
			fmt.Fprintf(m.w, "%s: %d of %d\n", p.Stage, p.Done, p.Total)
		}
		return
	}
	if m.bar == nil || m.stage != p.Stage {
		m.close()
		m.stage = p.Stage
		m.bar = progressbar.NewOptions(p.Total, progressbar.OptionSetWriter(m.w), progressbar.OptionSetDescription(p.Stage),
			progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(),
			progressbar.OptionSetPredictTime(true), progressbar.OptionFullWidth())
	}
	m.bar.ChangeMax(p.Total)
	_ = m.bar.Set(p.Done) // a bar that can't be drawn is no reason to stop
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
