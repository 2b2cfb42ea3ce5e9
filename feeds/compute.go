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
