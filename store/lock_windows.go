package store

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// Lock takes the advisory lock of an archive, or of anything else that one
// process at a time may write: a file beside it. The system releases it when
// the process ends, however it ends. hint says what to do where another has it.
func Lock(path, hint string) (unlock func() error, err error) {
	f, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	err = windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, new(windows.Overlapped))
	if err != nil {
		f.Close()
		if !errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
			return nil, fmt.Errorf("lock %s.lock: %w", path, err)
		}
		return nil, &OpenError{Path: path, Reason: "is in use by another process", Hint: hint}
	}
	return f.Close, nil
}
