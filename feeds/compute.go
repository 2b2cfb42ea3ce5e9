package feeds

import (
	"fmt"
	"runtime/debug"
)

// defectError says that a stage of ours panicked on what a stranger sent. It
// is a mistake in clusterwire; it must not end a program that is meant to run
// for years, nor be lost.
type defectError struct {
	cause any
}

func (e *defectError) Error() string { return fmt.Sprintf("defect in clusterwire: %v", e.cause) }

// largeBody is from which size on a body waits for the large ones before it.
const largeBody = 1 << 20

// computeBody is compute for a stage whose cost grows with a body of a size: of
// large bodies one is read at a time, so that however many arrive at once they
// leave the other cores, and the memory, to the rest.
func (l *Line) computeBody(size int, stage func() error) error {
	if size >= largeBody {
		l.large <- struct{}{}
		defer func() { <-l.large }()
	}
	return l.compute(stage)
}

// compute runs a pure stage on a core of its own: no more at once than there
// are cores, so that memory stays bounded however many publishers answer. A
// panic becomes an error, and a line in the log with its stack.
func (l *Line) compute(stage func() error) (err error) {
	l.cpu <- struct{}{}
	defer func() {
		if cause := recover(); cause != nil {
			l.log.Error("a stage panicked", "cause", cause, "stack", string(debug.Stack()))
			err = &defectError{cause}
		}
		<-l.cpu
	}()
	return stage()
}
